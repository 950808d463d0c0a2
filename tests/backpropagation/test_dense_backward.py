"""dense_vjp: agrees with its three sums, and averages over a batch just once."""

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from derivations.backpropagation import dense_backward as spec
from derivations.engine import evaluate
from reference.conformance.compare import assert_close, assert_equal
from reference.conformance.strategies import reals
from reference.conformance.tables import TABLES, pattern


def layers(elements=None, *, least=1, most=5):
    """Draw G (n, m), x (n, d), W (d, m) and b (m,) that fit together."""
    elements = reals(1e3) if elements is None else elements

    def drawn(shape):
        n, d, m = shape
        shapes = [(n, m), (n, d), (d, m), (m,)]
        return st.tuples(
            *[hnp.arrays(np.float64, s, elements=elements) for s in shapes]
        )

    return st.tuples(*[st.integers(least, most)] * 3).flatmap(drawn)


def whole_layers(*, most=5):
    """Draw layers of small whole numbers: every sum is exact, even in float16."""
    return layers(st.integers(-7, 7).map(float), most=most)


SQUARE = (
    np.array([[1.0, 0.0], [2.0, -1.0]]),
    np.array([[1.0, 2.0], [3.0, 4.0]]),
    np.array([[0.0, 1.0], [5.0, 7.0]]),
    np.array([0.0, 1.0]),
)


def pairing(G, x, W, b):
    """Return what the gradients are those of: the scores, each times its cotangent."""
    return (G * (x @ W + b)).sum()


# ------------------------------------------------------ agreement with the derivation


@given(layer=layers())
@example(layer=SQUARE)
def test_a_weight_collects_over_the_samples(impl, layer):
    G, x, W, b = layer
    want = np.array(evaluate(spec.weights.end, {spec.x: x, spec.g: G}))
    scale = np.abs(x).T @ np.abs(G)
    got = impl.dense_vjp(G, x, W, b)[1]
    assert_close(got, want, condition=len(x), scale=scale)


@given(layer=layers())
@example(layer=SQUARE)
def test_a_bias_adds_up_over_the_samples(impl, layer):
    G, x, W, b = layer
    want = np.array(evaluate(spec.bias.end, {spec.g: G}))
    got = impl.dense_vjp(G, x, W, b)[2]
    assert_close(got, want, condition=len(x), scale=np.abs(G).sum(axis=0))


@pytest.mark.claim("A3-059", "A3-064")
@given(layer=layers())
@example(layer=SQUARE)
def test_an_input_collects_over_the_units(impl, layer):
    G, x, W, b = layer
    want = np.array(evaluate(spec.inputs.end, {spec.w: W, spec.g: G}))
    scale = np.abs(G) @ np.abs(W).T
    got = impl.dense_vjp(G, x, W, b)[0]
    assert_close(got, want, condition=len(b), scale=scale)


# ------------------------------------------------------------------------------ laws


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
@given(layer=whole_layers())
@example(layer=SQUARE)
def test_sums_of_small_whole_numbers_are_exact_on_the_way_back(impl, dtype, layer):
    G, x, W, b = (np.asarray(a, dtype=dtype) for a in layer)
    g, s, v = G.astype(int), x.astype(int), W.astype(int)
    got = impl.dense_vjp(G, x, W, b)
    assert_equal(got[0], g @ v.T)
    assert_equal(got[1], s.T @ g)
    assert_equal(got[2], g.sum(axis=0))


@pytest.mark.parametrize("shape", TABLES)
def test_large_sums_of_whole_numbers_are_exact_on_the_way_back(impl, shape):
    n, m = shape
    g, s, v = (pattern(size, 7) - 3 for size in (shape, (n, 20), (20, m)))
    got = impl.dense_vjp(*(a.astype(float) for a in (g, s, v)), np.zeros(m))
    assert_equal(got[0], g @ v.T)
    assert_equal(got[1], s.T @ g)
    assert_equal(got[2], g.sum(axis=0))


@given(layer=whole_layers(most=4))
@example(layer=SQUARE)
def test_a_step_of_one_changes_the_pairing_by_the_gradient(impl, layer):
    # The scores are linear in each argument alone: the difference is exact.
    got = impl.dense_vjp(*layer)
    for place, gradient in zip((1, 2, 3), got, strict=True):
        for entry in np.ndindex(layer[place].shape):
            moved = [a.copy() for a in layer]
            moved[place][entry] += 1
            assert_equal(pairing(*moved) - pairing(*layer), np.asarray(gradient)[entry])


@given(layer=whole_layers())
def test_gradients_have_the_shapes_of_what_they_belong_to(impl, layer):
    for gradient, value in zip(impl.dense_vjp(*layer), layer[1:], strict=True):
        assert np.shape(gradient) == value.shape


@given(layer=whole_layers(), other=st.integers(0, 99), factor=st.integers(-3, 3))
def test_gradients_are_linear_in_the_cotangent(impl, layer, other, factor):
    G, *rest = layer
    H = np.random.default_rng(other).integers(-7, 8, G.shape).astype(float)
    both = impl.dense_vjp(factor * G + H, *rest)
    one, two = impl.dense_vjp(G, *rest), impl.dense_vjp(H, *rest)
    for sum_, a, b in zip(both, one, two, strict=True):
        assert_equal(sum_, factor * np.asarray(a) + np.asarray(b))


@given(layer=whole_layers())
def test_samples_as_columns_give_the_transposed_gradients(impl, layer):
    G, x, W, b = layer
    gradients = impl.dense_vjp(G, x, W, b)
    dZ, A, by_unit = G.T, x.T, W.T
    assert_equal(np.asarray(gradients[1]).T, dZ @ A.T)
    assert_equal(np.asarray(gradients[0]).T, by_unit.T @ dZ)
    assert_equal(gradients[2], dZ.sum(axis=1))


@given(layer=whole_layers(), shift=st.integers(-9, 9))
def test_the_value_of_the_bias_does_not_matter(impl, layer, shift):
    *rest, b = layer
    for one, two in zip(
        impl.dense_vjp(*rest, b), impl.dense_vjp(*rest, b + shift), strict=True
    ):
        assert_equal(one, two)


@given(layer=whole_layers())
def test_the_gradient_of_a_batch_is_the_sum_over_its_samples(impl, layer):
    G, x, W, b = layer
    whole = impl.dense_vjp(G, x, W, b)
    parts = [impl.dense_vjp(G[[i]], x[[i]], W, b) for i in range(len(x))]
    assert_equal(whole[0], np.concatenate([part[0] for part in parts]))
    assert_equal(whole[1], sum(part[1] for part in parts))
    assert_equal(whole[2], sum(part[2] for part in parts))


@given(layer=whole_layers(), seed=st.integers(0, 99))
def test_the_order_of_the_samples_does_not_matter(impl, layer, seed):
    G, x, W, b = layer
    order = np.random.default_rng(seed).permutation(len(x))
    mixed, straight = impl.dense_vjp(G[order], x[order], W, b), impl.dense_vjp(*layer)
    assert_equal(mixed[0], np.asarray(straight[0])[order])
    assert_equal(mixed[1], straight[1])
    assert_equal(mixed[2], straight[2])


@given(layer=whole_layers())
def test_no_gradient_behind_means_none_in_front(impl, layer):
    G, *rest = layer
    for gradient in impl.dense_vjp(np.zeros_like(G), *rest):
        assert_equal(gradient, np.zeros_like(gradient))


@given(layer=whole_layers())
def test_one_sample_goes_back_alone(impl, layer):
    G, x, W, b = layer
    alone = impl.dense_vjp(G[0], x[0], W, b)
    batch = impl.dense_vjp(G[:1], x[:1], W, b)
    assert_equal(alone[0], batch[0][0])
    assert_equal(alone[1], batch[1])
    assert_equal(alone[2], batch[2])


# -------------------------------------------------------------- what the articles say


@pytest.mark.claim("A3-062", "A3-063")
@given(layer=whole_layers(), doublings=st.integers(1, 3))
def test_the_mean_over_a_batch_is_divided_once(impl, layer, doublings):
    _, x, W, b = layer
    # A power of two of samples: dividing by it is exact.
    n = 2**doublings
    rng = np.random.default_rng(doublings)
    x = rng.integers(-7, 8, (n, x.shape[1])).astype(float)
    own = rng.integers(-7, 8, (n, len(b))).astype(float)
    # The gradient of the mean loss at the scores is each sample's own, over n.
    got = impl.dense_vjp(own / n, x, W, b)
    each = [impl.dense_vjp(own[[i]], x[[i]], W, b) for i in range(n)]
    assert_equal(got[1], sum(one[1] for one in each) / n)
    assert_equal(got[2], sum(one[2] for one in each) / n)
    # The printed 1/m is right for per-sample gradients, and one too many for these.
    assert_equal(got[1], (own.T @ x).T / n)
    twice = ((own / n).T @ x).T / n
    assert_equal(twice * n, got[1])
    assert (twice == got[1]).all() == (not np.any(got[1]))


@pytest.mark.claim("A3-058", "A3-083")
@given(layer=whole_layers())
@example(layer=SQUARE)
def test_what_goes_back_is_the_gradient_of_the_loss_in_the_input(impl, layer):
    G, x, W, b = layer
    back = np.asarray(impl.dense_vjp(G, x, W, b)[0])
    assert back.shape == x.shape
    # The input does not depend on the weights: its derivative by them would be 0, of
    # shape (n, d, d, m); what is handed back is neither.
    assert back.ndim == x.ndim
    moved = x.copy()
    moved[0, 0] += 1
    assert_equal(pairing(G, moved, W, b) - pairing(G, x, W, b), back[0, 0])


# -------------------------------------------------------------------- error contract


@pytest.mark.contract
@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
def test_dtype_of_the_gradients_is_kept(impl, dtype):
    ones = np.ones((2, 2), dtype)
    for gradient in impl.dense_vjp(ones, ones, ones, ones[0]):
        assert gradient.dtype == dtype
    for gradient in impl.dense_vjp(ones, ones, ones, np.ones(2)):
        assert gradient.dtype == np.float64


@pytest.mark.contract
def test_half_precision_gradients_are_rounded_once(impl):
    # In float16 a running sum of ones stops at 2048.
    G, x = np.ones((4096, 1), np.float16), np.ones((4096, 1), np.float16)
    W, b = np.ones((1, 1), np.float16), np.zeros(1, np.float16)
    _, weights, bias = impl.dense_vjp(G, x, W, b)
    assert_equal(weights, np.array([[4096.0]]))
    assert_equal(bias, np.array([4096.0]))


@pytest.mark.contract
def test_gradients_come_by_name(impl):
    grads = impl.dense_vjp(*SQUARE)
    assert grads._fields == ("x", "weights", "bias")
    assert grads.weights is grads[1]


@pytest.mark.contract
def test_without_samples_there_is_nothing_to_learn(impl):
    none = impl.dense_vjp(np.zeros((0, 2)), np.zeros((0, 3)), np.ones((3, 2)), [0, 0])
    assert_equal(none[0], np.zeros((0, 3)))
    assert_equal(none[1], np.zeros((3, 2)))
    assert_equal(none[2], np.zeros(2))


@pytest.mark.contract
def test_cotangents_that_do_not_fit_are_named(impl):
    G, x, W, b = np.ones((2, 4)), np.ones((2, 3)), np.ones((3, 4)), np.ones(4)
    message = r"^cotangent must have shape \(2, 4\), one a score, got \(4, 2\)$"
    with pytest.raises(ValueError, match=message):
        impl.dense_vjp(G.T, x, W, b)
    with pytest.raises(ValueError, match=r"^weights must have 3 rows, one a feature"):
        impl.dense_vjp(G, x, W.T, b)
    with pytest.raises(ValueError, match=r"^bias must have shape \(4,\), one a column"):
        impl.dense_vjp(G, x, W, b[:1])
    with pytest.raises(TypeError, match=r"^cotangent must hold real numbers"):
        impl.dense_vjp("a", x, W, b)

"""dense: agrees with its definition, in either layout; and counts its parameters."""

import timeit
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from derivations.engine import evaluate
from derivations.layers import dense as spec
from reference.conformance.compare import assert_close, assert_equal
from reference.conformance.strategies import reals


def layers(elements=None, *, least=1, most=5):
    """Draw x (n, d), W (d, m) and b (m,) that fit together."""
    elements = reals(1e3) if elements is None else elements

    def drawn(shape):
        n, d, m = shape
        return st.tuples(
            hnp.arrays(np.float64, (n, d), elements=elements),
            hnp.arrays(np.float64, (d, m), elements=elements),
            hnp.arrays(np.float64, m, elements=elements),
        )

    return st.tuples(*[st.integers(least, most)] * 3).flatmap(drawn)


def whole_layers(*, most=5):
    """Draw layers of small whole numbers: every sum is exact, even in float16."""
    return layers(st.integers(-7, 7).map(float), most=most)


def sizes(*, least=2, most=6):
    return st.lists(st.integers(1, 1000), min_size=least, max_size=most)


def terms(x, W, b):
    """Return the sum of the sizes of all terms of each output."""
    return np.abs(x) @ np.abs(W) + np.abs(b)


# ------------------------------------------------------ agreement with the derivation


@pytest.mark.claim("A3-010", "A3-018")
@given(layer=layers())
@example(layer=(np.array([[1e16, 1.0, -1e16]]), np.ones((3, 1)), np.zeros(1)))
@example(layer=(np.array([[0.1, 0.2]]), np.array([[3.0], [-1.5]]), np.array([1e-20])))
def test_every_output_is_a_weighted_sum_plus_a_bias(impl, layer):
    x, W, b = layer
    want = np.array(evaluate(spec.output, {spec.x: x, spec.w: W, spec.b: b}))
    assert want.shape == (len(x), len(b))  # all units of all samples at once
    assert_close(impl.dense(x, W, b), want, condition=len(W), scale=terms(x, W, b))


@given(counts=sizes())
@example(counts=[784, 100, 10])
def test_count_is_the_sum_over_the_layers(impl, counts):
    ins, outs = counts[:-1], counts[1:]
    want = evaluate(
        spec.network_count.end,
        {spec.T: len(ins), spec.fan_in: ins, spec.fan_out: outs},
    )
    assert_equal(impl.parameter_count(counts), int(want))


# ------------------------------------------------------------------------------ laws


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
@given(layer=whole_layers())
def test_sums_of_small_whole_numbers_are_exact(impl, dtype, layer):
    x, W, b = (np.asarray(a, dtype=dtype) for a in layer)
    want = x.astype(int) @ W.astype(int) + b.astype(int)
    assert_equal(impl.dense(x, W, b), want)


@given(layer=whole_layers())
def test_column_layout_is_the_transpose_of_the_row_layout(impl, layer):
    x, W, b = layer
    columns = W.T @ x.T + b[:, np.newaxis]
    assert_equal(impl.dense(x, W, b), columns.T)


@given(layer=whole_layers())
def test_a_batch_is_its_samples_one_by_one(impl, layer):
    x, W, b = layer
    singles = [impl.dense(row[np.newaxis], W, b)[0] for row in x]
    assert_equal(impl.dense(x, W, b), np.stack(singles))


@given(layer=whole_layers(), seed=st.integers(0, 99))
def test_shuffled_samples_give_shuffled_outputs(impl, layer, seed):
    x, W, b = layer
    order = np.random.default_rng(seed).permutation(len(x))
    assert_equal(impl.dense(x[order], W, b), impl.dense(x, W, b)[order])


@given(layer=whole_layers(), seed=st.integers(0, 99))
def test_shuffled_units_give_shuffled_columns(impl, layer, seed):
    x, W, b = layer
    order = np.random.default_rng(seed).permutation(len(b))
    got = impl.dense(x, W[:, order], b[order])
    assert_equal(got, impl.dense(x, W, b)[:, order])


@given(layer=whole_layers(), seed=st.integers(0, 99))
def test_features_may_change_places_with_their_weights(impl, layer, seed):
    x, W, b = layer
    order = np.random.default_rng(seed).permutation(len(W))
    assert_equal(impl.dense(x[:, order], W[order], b), impl.dense(x, W, b))


@given(layer=whole_layers(), data=st.data())
def test_features_may_be_taken_in_two_blocks_that_add_up(impl, layer, data):
    x, W, b = layer
    cut = data.draw(st.integers(0, len(W)), label="cut")
    first = impl.dense(x[:, :cut], W[:cut], b)
    rest = impl.dense(x[:, cut:], W[cut:], np.zeros_like(b))
    assert_equal(np.asarray(first) + np.asarray(rest), impl.dense(x, W, b))


@given(layer=whole_layers(), shift=st.integers(-9, 9))
def test_bias_is_added_once_to_every_row(impl, layer, shift):
    x, W, b = layer
    assert_equal(impl.dense(x, W, b + shift), impl.dense(x, W, b) + shift)
    assert_equal(impl.dense(np.zeros_like(x), W, b), np.tile(b, (len(x), 1)))


@given(layer=whole_layers(), other=st.integers(0, 99), exponent=st.integers(-3, 3))
def test_mixtures_of_inputs_give_mixtures_of_outputs(impl, layer, other, exponent):
    x, W, b = layer
    u = np.random.default_rng(other).integers(-7, 8, x.shape).astype(float)
    s = 2.0**exponent
    mixed = impl.dense(s * x + (1 - s) * u, W, b)
    assert_equal(mixed, s * impl.dense(x, W, b) + (1 - s) * impl.dense(u, W, b))


@given(layer=whole_layers())
def test_one_sample_may_stand_alone(impl, layer):
    x, W, b = layer
    assert_equal(impl.dense(x[0], W, b), impl.dense(x, W, b)[0])


def test_no_samples_give_no_outputs(impl):
    got = impl.dense(np.zeros((0, 3)), np.ones((3, 2)), np.ones(2))
    assert_equal(got, np.zeros((0, 2)))


@given(counts=sizes(least=3), data=st.data())
def test_counts_of_both_parts_of_a_network_add_up(impl, counts, data):
    cut = data.draw(st.integers(1, len(counts) - 2), label="cut")
    parts = [counts[: cut + 1], counts[cut:]]
    whole = impl.parameter_count(counts)
    assert_equal(sum(impl.parameter_count(part) for part in parts), whole)


@pytest.mark.needs("option:bias")
@given(counts=sizes())
def test_without_biases_one_parameter_a_unit_is_missing(impl, counts):
    less = impl.parameter_count(counts, bias=False)
    assert_equal(less, impl.parameter_count(counts) - sum(counts[1:]))


def test_counts_are_exact_however_large(impl):
    assert impl.parameter_count([10**10, 10**10]) == 10**20 + 10**10


# -------------------------------------------------------------- what the articles say


@pytest.mark.claim("A0-037")
@given(counts=st.lists(st.integers(1, 9), min_size=2, max_size=5))
def test_the_count_is_that_of_the_arrays_themselves(impl, counts):
    weights = [np.zeros(shape) for shape in pairwise(counts)]
    biases = [np.zeros(size) for size in counts[1:]]
    assert_equal(impl.parameter_count(counts), sum(a.size for a in weights + biases))
    # A layer with a third of its connections missing has fewer weights: they are not
    # a matter of layers and units alone.
    kept = np.arange(counts[0] * counts[1]) % 3 > 0
    assert kept.sum() < counts[0] * counts[1]


@pytest.mark.claim("A0-038", "A1-005")
@pytest.mark.needs("option:bias")
@given(n=st.integers(1, 50), m=st.integers(1, 50))
@example(n=2, m=3)
def test_a_dense_layer_is_no_tree(impl, n, m):
    edges = impl.parameter_count([n, m], bias=False)
    assert_equal(edges, n * m)
    tree = n + m - 1
    beyond = evaluate(spec.not_a_tree.end, {spec.D: n, spec.K: m})
    assert_equal(edges - tree, int(beyond))
    assert (edges == tree) == (min(n, m) == 1)


@pytest.mark.claim("A3-012")
@given(layer=whole_layers())
@example(layer=(np.ones((112, 4)), np.ones((4, 10)), np.zeros(10)))
def test_weights_stored_by_unit_do_not_fit_samples_stored_as_rows(impl, layer):
    x, W, b = layer
    rows = impl.dense(x, W, b)
    assert_equal(rows, (W.T @ x.T).T + b)
    # The article's product: weights (d_out, d_in) from the left, samples as rows.
    if len(x) != len(W):
        with pytest.raises(ValueError, match="mismatch"):
            W.T @ x
    else:  # it runs, and mixes features of different samples
        assert (W.T @ x).shape == (len(b), x.shape[1])


@pytest.mark.claim("A3-013")
def test_a_method_that_does_not_name_its_layer_cannot_be_called():
    class Layer:
        def forward(x):  # noqa: N805 -- this is the slip
            return x

    with pytest.raises(TypeError, match="takes 1 positional argument but 2 were"):
        Layer().forward(np.ones((1, 4)))


@pytest.mark.claim("A3-014")
def test_one_sample_does_not_fit_weights_that_lie_down(impl):
    for line in ("if name = 'main': run()", "print((1 + 1)"):
        with pytest.raises(SyntaxError):
            compile(line, "example", "exec")
    sample, weights = np.ones((1, 4)), np.ones((1, 4))
    with pytest.raises(ValueError, match="mismatch"):
        sample @ weights
    assert_equal(impl.dense(sample, weights.T, np.zeros(1)), [[4.0]])


@pytest.mark.claim("A3-016")
def test_loops_give_the_same_sums_and_take_longer(impl):
    rng = np.random.default_rng(0)
    A, B = rng.integers(-9, 10, (2, 60, 60)).astype(float)

    def by_loops():
        rows, columns = A.tolist(), B.T.tolist()
        return [
            [sum(a * b for a, b in zip(row, column, strict=True)) for column in columns]
            for row in rows
        ]

    assert_equal(impl.dense(A, B, np.zeros(60)), np.array(by_loops()))
    loops = min(timeit.repeat(by_loops, number=1, repeat=3))
    product = min(timeit.repeat(lambda: A @ B, number=1, repeat=3))
    assert product < loops


@pytest.mark.claim("A3-009")
def test_no_machine_multiplies_large_matrices_in_the_time_of_one_operation(impl):
    side = 4096
    work = evaluate(spec.operations.end, {spec.n: side, spec.D: side, spec.K: side})
    # At 10^15 operations a second, all of them useful, it takes 10^5 times as long as
    # one operation at 10^9 a second. And it is work that has to be done:
    assert float(work) / 1e15 > 1e5 * 1e-9
    got = impl.dense(np.ones((2, 3)), np.ones((3, 4)), np.zeros(4))
    assert_equal(got, np.full((2, 4), 3.0))


@pytest.mark.claim("A3-017")
def test_factors_may_not_change_places_and_floats_not_be_added_in_any_order(impl):
    up, down, none = np.eye(2, k=1), np.eye(2, k=-1), np.zeros(2)
    assert_equal(impl.dense(up, down, none), np.diag([1.0, 0.0]))
    assert_equal(impl.dense(down, up, none), np.diag([0.0, 1.0]))
    large, small = 1e16, 1.0
    assert (large + small) - large == 0
    assert (large - large) + small == 1


@pytest.mark.claim("A3-007")
def test_an_image_of_eight_million_pixels_needs_a_weight_for_each(impl):
    assert_equal(impl.parameter_count([4000 * 2000, 1]), 8_000_001)
    assert_equal(impl.parameter_count([4000 * 2000 * 3, 1]), 24_000_001)  # in color


@pytest.mark.claim("A0-036")
@given(
    x=hnp.arrays(np.float64, 6, elements=st.integers(-7, 7).map(float)),
    kernel=hnp.arrays(np.float64, 3, elements=st.integers(1, 7).map(float)),
)
def test_connections_may_share_a_weight(impl, x, kernel):
    slid = [np.pad(kernel, (k, 3 - k)) for k in range(4)]
    W = np.stack(slid, axis=1)
    assert_equal(impl.dense(x, W, np.zeros(4)), np.correlate(x, kernel))
    assert np.count_nonzero(W) == 12
    assert len(kernel) == 3


# -------------------------------------------------------------------- error contract


@pytest.mark.contract
@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
def test_dtype_of_a_layer_is_kept(impl, dtype):
    ones = np.ones((2, 2), dtype)
    assert impl.dense(ones, ones, ones[0]).dtype == dtype
    assert impl.dense(ones, ones, np.ones(2)).dtype == np.float64


@pytest.mark.contract
def test_half_precision_sums_are_rounded_once(impl):
    # In float16 a running sum of ones stops at 2048.
    x, W = np.ones((1, 4096), np.float16), np.ones((4096, 1), np.float16)
    assert_equal(impl.dense(x, W, np.zeros(1, np.float16)), np.array([[4096.0]]))


@pytest.mark.contract
def test_layers_that_do_not_fit_are_named(impl):
    x, W, b = np.ones((2, 3)), np.ones((3, 4)), np.ones(4)
    message = r"^weights must have 2 rows, one a feature of x; got shapes x \(3, 2\)"
    with pytest.raises(ValueError, match=message):
        impl.dense(x.T, W, b)
    message = r"^bias must have shape \(4,\), one a column of weights, got \(1, 4\)$"
    with pytest.raises(ValueError, match=message):
        impl.dense(x, W, b[np.newaxis])
    with pytest.raises(ValueError, match=r"^weights must have 2 axes, got shape \(3,"):
        impl.dense(x, W[:, 0], b)
    with pytest.raises(ValueError, match=r"^x must have at least one axis, got shape"):
        impl.dense(1.0, W, b)
    with pytest.raises(TypeError, match=r"^bias must hold real numbers"):
        impl.dense(x, W, ["a"] * 4)


@pytest.mark.contract
def test_sizes_that_count_nothing_are_named(impl):
    with pytest.raises(ValueError, match=r"^sizes must have 1 axes, got shape \(\)$"):
        impl.parameter_count(3)
    with pytest.raises(ValueError, match=r"^sizes must name the inputs and at least"):
        impl.parameter_count([3])
    with pytest.raises(ValueError, match=r"^sizes\[1\] must be at least 1, got "):
        impl.parameter_count([3, 0])
    with pytest.raises(TypeError, match=r"^sizes must hold integers, got dtype float"):
        impl.parameter_count([3.0, 1])
    with pytest.raises(TypeError, match=r"^bias must be True or False, got 1$"):
        impl.parameter_count([3, 1], bias=1)

"""mlp: agrees with its layers written out, at any depth, and keeps its symmetries."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from derivations.activations import softmax as softmax_spec
from derivations.activations.sigmoid import x as sigmoid_argument
from derivations.activations.sigmoid import σ
from derivations.engine import evaluate
from derivations.layers import mlp as spec
from reference.conformance.compare import assert_close, assert_equal
from reference.conformance.strategies import reals, rows, vectors
from reference.conformance.tables import TABLES, pattern

WHOLE = st.integers(-3, 3).map(float)
KINKED = ("relu", "identity")


def networks(elements=WHOLE, *, layers=(1, 4), samples=(1, 4), widest=4, names=KINKED):
    """Draw x, weights, biases and activations; whole numbers keep every sum exact."""

    def drawn(shape):
        n, *widths = shape
        matrices = [
            hnp.arrays(np.float64, s, elements=elements) for s in pairwise(widths)
        ]
        offsets = [hnp.arrays(np.float64, w, elements=elements) for w in widths[1:]]
        return st.tuples(
            hnp.arrays(np.float64, (n, widths[0]), elements=elements),
            st.tuples(*matrices).map(list),
            st.tuples(*offsets).map(list),
            st.tuples(*[st.sampled_from(names)] * len(offsets)).map(list),
        )

    widths = st.lists(
        st.integers(1, widest), min_size=layers[0] + 1, max_size=layers[1] + 1
    )
    return st.tuples(st.integers(*samples), widths).flatmap(
        lambda pair: drawn((pair[0], *pair[1]))
    )


def by_whole_numbers(x, weights, biases, activations):
    """Run the layers in Python's own integers."""
    a = x.astype(int)
    for W, b, activation in zip(weights, biases, activations, strict=True):
        z = a @ W.astype(int) + b.astype(int)
        a = np.maximum(z, 0) if activation == "relu" else z
    return a


def output(impl, network):
    x, weights, biases, activations = network
    return impl.mlp(x, weights, biases, activations=activations)


# ------------------------------------------------------ agreement with the derivation


@pytest.mark.claim("A1-006")
@given(network=networks(reals(3.0), layers=(2, 2), samples=(1, 1)))
@example(
    network=(
        np.array([[1.0, -2.0]]),
        [np.array([[0.5, -1.0], [2.0, 1.0]]), np.array([[3.0, 1.0], [-2.0, 0.25]])],
        [np.array([0.1, -0.2]), np.array([0.0, 1.0])],
        ["relu", "relu"],
    )
)
def test_a_hidden_layer_of_sigmoids_is_its_formula(impl, network):
    x, (W, V), (b, c), _ = network
    values = {spec.x: x[0], spec.W: W, spec.b: b, spec.V: V, spec.c: c}
    want = np.array([evaluate(spec.squashed, values)])
    # What rounding at the size of each score moves the sigmoid by, at slope 1/4.
    sizes = 1 + (np.abs(x) @ np.abs(W) + np.abs(b)) / 4
    scale = sizes @ np.abs(V) + np.abs(c)
    got = impl.mlp(x, [W, V], [b, c], activations=["sigmoid", "identity"])
    assert_close(got, want, condition=len(W) + len(V), scale=scale)


@given(x=vectors(magnitude=20.0))
def test_each_activation_is_the_one_it_is_named_for(impl, x):
    straight = np.eye(len(x)), np.zeros(len(x))

    def alone(name):
        return impl.mlp(x[np.newaxis], [straight[0]], [straight[1]], activations=[name])

    assert_equal(alone("identity"), x[np.newaxis])
    assert_equal(alone("relu"), np.where(x > 0, x, 0.0)[np.newaxis])
    sigmoids = evaluate(σ(sigmoid_argument), {sigmoid_argument: x})
    assert_close(alone("sigmoid")[0], sigmoids, condition=np.abs(x))
    # tanh x = 2 σ(2x) - 1, in 50 digits
    double = evaluate(2 * σ(2 * sigmoid_argument) - 1, {sigmoid_argument: x})
    assert_close(alone("tanh")[0], double)
    shares = evaluate(softmax_spec.share(softmax_spec.i), {softmax_spec.z: x})
    assert_close(alone("softmax")[0], shares, condition=np.ptp(x) + np.abs(x).max())


# ------------------------------------------------------------------------------ laws


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
@given(network=networks(layers=(1, 2), widest=3))
def test_whole_numbers_go_through_shallow_networks_exactly(impl, dtype, network):
    x, weights, biases, activations = network
    want = by_whole_numbers(*network)
    got = impl.mlp(
        x.astype(dtype),
        [W.astype(dtype) for W in weights],
        [b.astype(dtype) for b in biases],
        activations=activations,
    )
    assert_equal(got, want)


@given(network=networks(layers=(3, 8)))
def test_whole_numbers_go_through_deep_networks_exactly(impl, network):
    assert_equal(output(impl, network), by_whole_numbers(*network))


@pytest.mark.parametrize("shape", TABLES)
def test_whole_numbers_go_through_wide_networks_exactly(impl, shape):
    x, *weights = (
        (pattern(size, 5) - 2).astype(float)
        for size in (shape, (shape[1], 20), (20, 20), (20, 30))
    )
    biases = [np.arange(W.shape[1]) - 9.0 for W in weights]
    network = x, weights, biases, ["relu", "identity", "relu"]
    assert_equal(output(impl, network), by_whole_numbers(*network))


@given(network=networks(layers=(2, 4)), data=st.data())
def test_a_network_is_its_front_followed_by_its_back(impl, network, data):
    x, weights, biases, activations = network
    cut = data.draw(st.integers(1, len(weights) - 1), label="cut")
    front = output(impl, (x, weights[:cut], biases[:cut], activations[:cut]))
    back = output(impl, (front, weights[cut:], biases[cut:], activations[cut:]))
    assert_equal(output(impl, network), back)


@given(network=networks())
def test_a_batch_goes_through_like_its_samples_one_by_one(impl, network):
    x, *rest = network
    singles = [output(impl, (row[np.newaxis], *rest))[0] for row in x]
    assert_equal(output(impl, network), np.stack(singles))


@given(network=networks())
def test_one_sample_may_go_through_alone(impl, network):
    x, *rest = network
    assert_equal(output(impl, (x[0], *rest)), output(impl, network)[0])


@given(x=rows())
def test_a_network_without_layers_passes_its_input_on(impl, x):
    assert_equal(impl.mlp(x, [], [], activations=[]), x)


@given(network=networks(layers=(2, 2)), seed=st.integers(0, 99))
def test_hidden_units_may_change_places(impl, network, seed):
    x, (W, V), (b, c), activations = network
    order = np.random.default_rng(seed).permutation(len(b))
    moved = (x, [W[:, order], V[order]], [b[order], c], activations)
    assert_equal(output(impl, moved), output(impl, network))


@given(network=networks(layers=(2, 2)), exponent=st.integers(-4, 4))
def test_what_a_rectifier_gets_larger_the_next_weights_may_get_smaller(
    impl, network, exponent
):
    x, (W, V), (b, c), _ = network
    s = 2.0**exponent
    scaled = impl.mlp(x, [s * W, V / s], [s * b, c], activations=KINKED)
    assert_equal(scaled, impl.mlp(x, [W, V], [b, c], activations=KINKED))


@given(network=networks(reals(3.0), layers=(2, 2)))
def test_a_sigmoid_unit_may_change_its_signs(impl, network):
    x, (W, V), (b, c), _ = network
    names = ["sigmoid", "identity"]
    flipped = impl.mlp(x, [-W, -V], [-b, c + V.sum(axis=0)], activations=names)
    # Both sums round at the size of their terms; the flipped bias is one more.
    scale = 2 * np.abs(V).sum(axis=0) + np.abs(c) + np.zeros((len(x), 1))
    straight = impl.mlp(x, [W, V], [b, c], activations=names)
    assert_close(flipped, straight, condition=len(V), scale=scale)


@given(network=networks(layers=(2, 2), names=("tanh",)))
def test_a_tanh_unit_may_change_its_signs_and_needs_no_correction(impl, network):
    x, (W, V), (b, c), _ = network
    names = ["tanh", "identity"]
    flipped = impl.mlp(x, [-W, -V], [-b, c], activations=names)
    scale = np.abs(V).sum(axis=0) + np.abs(c) + np.zeros((len(x), 1))
    straight = impl.mlp(x, [W, V], [b, c], activations=names)
    assert_close(flipped, straight, condition=len(V), scale=scale)


@given(network=networks(layers=(2, 2)), copies=st.integers(1, 4))
def test_units_with_the_same_weights_act_as_one(impl, network, copies):
    x, (W, V), (b, c), activations = network
    many = np.repeat(W[:, :1], copies, axis=1), np.repeat(b[:1], copies)
    heads = np.repeat(V[:1], copies, axis=0)
    apart = impl.mlp(x, [many[0], heads], [many[1], c], activations=activations)
    joined = impl.mlp(
        x,
        [W[:, :1], heads.sum(axis=0)[np.newaxis]],
        [b[:1], c],
        activations=activations,
    )
    assert_equal(apart, joined)


@given(network=networks(reals(3.0), names=("sigmoid", "tanh", "relu")))
def test_a_last_softmax_gives_a_distribution_a_sample(impl, network):
    x, weights, biases, activations = network
    last = impl.mlp(x, weights, biases, activations=[*activations[:-1], "softmax"])
    assert (np.asarray(last) >= 0).all()
    assert_close(last.sum(axis=-1), np.ones(len(x)), condition=last.shape[-1])


# -------------------------------------------------------------- what the articles say


@pytest.mark.claim("A1-007")
@given(network=networks(layers=(2, 2)))
def test_a_network_may_have_two_output_layers(impl, network):
    x, (W, V), (b, c), _ = network
    hidden = impl.mlp(x, [W], [b], activations=["relu"])
    heads = [impl.mlp(hidden, [V], [c], activations=[f]) for f in KINKED]
    # One hidden layer, shared; two output layers, with activations of their own.
    for head, activation in zip(heads, KINKED, strict=True):
        assert_equal(head, output(impl, (x, [W, V], [b, c], ["relu", activation])))
    assert_equal(heads[0], np.maximum(heads[1], 0))


@pytest.mark.claim("A2-001")
@given(network=networks(layers=(2, 4), widest=3))
def test_layers_differ_in_their_numbers_not_in_their_kind(impl, network):
    x, weights, biases, _ = network
    a = x
    for W, b in zip(weights, biases, strict=True):
        a = impl.mlp(a, [W], [b], activations=["relu"])  # the same function each time
    whole = impl.mlp(x, weights, biases, activations=["relu"] * len(weights))
    assert_equal(whole, a)


@pytest.mark.claim("A1-047")
@given(network=networks(layers=(2, 2), names=("sigmoid",)))
def test_with_samples_as_columns_the_weights_stand_on_the_left(impl, network):
    x, (W, V), (b, c), names = network

    def squash(z):
        flat = evaluate(σ(sigmoid_argument), {sigmoid_argument: z.ravel()})
        return np.array(flat, dtype=np.float64).reshape(z.shape)

    a = squash(W.T @ x.T + b[:, np.newaxis])
    columns = squash(V.T @ a + c[:, np.newaxis])
    # A score that is rounded at the size of its terms moves the sigmoid by as much.
    terms = np.abs(V).sum(axis=0) + np.abs(c) + np.zeros((len(x), 1))
    got = impl.mlp(x, [W, V], [b, c], activations=names)
    assert_close(got, columns.T, condition=terms * len(V))


@pytest.mark.claim("A1-048")
def test_a_matrix_named_for_one_layer_does_not_fit_the_equation_of_the_next(impl):
    x = np.array([1.0, -2.0])
    into = {2: np.array([[3.0, 1.0], [0.0, 2.0], [1.0, 1.0]]), 3: np.ones((1, 3))}
    hidden = into[2] @ x
    with pytest.raises(ValueError, match="mismatch"):
        into[2] @ hidden  # z3 = W2 a2, if W2 is what leads into layer 2
    got = impl.mlp(
        x,
        [into[2].T, into[3].T],
        [np.zeros(3), np.zeros(1)],
        activations=["identity"] * 2,
    )
    assert_equal(got, into[3] @ hidden)


@pytest.mark.claim("A1-045")
@given(network=networks(layers=(1, 3)))
def test_the_forward_pass_sets_no_weight(impl, network):
    _, weights, biases, _ = network
    before = [parameter.tobytes() for parameter in (*weights, *biases)]
    output(impl, network)
    assert [parameter.tobytes() for parameter in (*weights, *biases)] == before


@pytest.mark.claim("A0-040")
@given(network=networks(layers=(1, 3)), seed=st.integers(0, 99))
def test_a_network_remembers_no_input_unless_it_is_fed_its_output(impl, network, seed):
    x, weights, biases, activations = network
    first = np.array(output(impl, network))
    other = np.random.default_rng(seed).integers(-9, 10, x.shape).astype(float)
    output(impl, (other, weights, biases, activations))
    assert_equal(output(impl, network), first)

    def recurrent(inputs):
        state = 0.0
        for value in inputs:
            row = np.array([[value, state]])
            unit = [np.ones((2, 1))], [np.zeros(1)]
            state = np.asarray(impl.mlp(row, *unit, activations=["tanh"])).item()
        return state

    assert recurrent([0.0, 0.0]) == 0
    assert recurrent([1.0, 0.0]) > 0.6  # the same last input, another past


@pytest.mark.claim("A1-003", "A3-008")
def test_a_network_may_have_any_number_of_units(impl):
    units = 2**14
    got = impl.mlp(
        np.ones((1, 1)),
        [np.ones((1, units)), np.ones((units, 1))],
        [np.zeros(units), np.zeros(1)],
        activations=["relu", "identity"],
    )
    assert_equal(got, np.array([[float(units)]]))


# -------------------------------------------------------------------- error contract


@pytest.mark.contract
@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
def test_dtype_of_a_network_is_kept(impl, dtype):
    ones = np.ones((2, 2), dtype)
    got = impl.mlp(ones, [ones, ones], [ones[0], ones[0]], activations=["tanh", "relu"])
    assert got.dtype == dtype
    wider = impl.mlp(ones, [ones], [np.ones(2)], activations=["softmax"])
    assert wider.dtype == np.float64


@pytest.mark.contract
def test_layers_that_do_not_chain_are_named(impl):
    x, W = np.ones((2, 3)), np.ones((3, 4))
    names = ["relu", "relu"]
    message = r"^weights\[1\] must have 4 rows, one a feature of layer 0; got shapes"
    with pytest.raises(ValueError, match=message):
        impl.mlp(x, [W, W], [np.ones(4)] * 2, activations=names)
    with pytest.raises(ValueError, match=r"^weights\[0\] must have 3 rows, one a feat"):
        impl.mlp(x, [W.T], [np.ones(3)], activations=names[:1])
    with pytest.raises(ValueError, match=r"^biases\[0\] must have shape \(4,\), one a"):
        impl.mlp(x, [W], [np.ones(3)], activations=names[:1])
    message = r"^weights, biases and activations must be as many as there are layers, "
    with pytest.raises(ValueError, match=message):
        impl.mlp(x, [W], [np.ones(4)], activations=names)


@pytest.mark.contract
def test_what_is_no_network_is_named(impl):
    x, W, b = np.ones((2, 3)), np.ones((3, 4)), np.ones(4)
    with pytest.raises(
        ValueError, match=r"^activations\[0\] must be one of 'identity'"
    ):
        impl.mlp(x, [W], [b], activations=["swish"])
    with pytest.raises(
        TypeError, match=r"^activations must be a list of names, got 'r"
    ):
        impl.mlp(x, [W], [b], activations="relu")
    with pytest.raises(TypeError, match=r"^activations\[0\] must be a string, got 1"):
        impl.mlp(x, [W], [b], activations=[1])
    with pytest.raises(
        TypeError, match=r"^weights must be a sequence of arrays, got 1"
    ):
        impl.mlp(x, 1.0, [b], activations=["relu"])
    with pytest.raises(TypeError, match=r"^biases\[0\] must hold real numbers"):
        impl.mlp(x, [W], [["a"] * 4], activations=["relu"])

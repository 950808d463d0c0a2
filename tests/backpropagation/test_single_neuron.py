"""neuron_vjp: slope times input, slope times weight, and a rectifier that is off."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from derivations.activations.sigmoid import derivative as sigmoid_slope
from derivations.activations.sigmoid import x as argument
from derivations.engine import evaluate
from reference.conformance.compare import assert_close, assert_equal
from reference.conformance.strategies import reals
from reference.conformance.tables import TABLES, pattern

KINKED = ("relu", "identity")


def neurons(elements=None, *, samples=(1, 4)):
    """Draw a cotangent (n,), x (n, d), weights (d,) and a bias."""
    elements = reals(3.0) if elements is None else elements

    def drawn(shape):
        n, d = shape
        return st.tuples(
            hnp.arrays(np.float64, n, elements=elements),
            hnp.arrays(np.float64, (n, d), elements=elements),
            hnp.arrays(np.float64, d, elements=elements),
            elements,
        )

    return st.tuples(st.integers(*samples), st.integers(1, 4)).flatmap(drawn)


def whole_neurons(**options):
    """Draw neurons of small whole numbers: every sum is exact, even in float16."""
    return neurons(st.integers(-7, 7).map(float), **options)


def slope_at(z, activation):
    """Return the slope at exact scores: tanh has 4 times the sigmoid's at 2 z."""
    twice = 2 if activation == "tanh" else 1
    values = [evaluate(sigmoid_slope.end, {argument: twice * u}) for u in z]
    return np.array([twice**2 * v for v in values], dtype=object)


def off(z, activation):
    """Return where a rectifier passes nothing on."""
    return np.where((z > 0) | (activation == "identity"), 1.0, 0.0)


# ------------------------------------------------------ agreement with the derivation


@pytest.mark.parametrize("activation", ["sigmoid", "tanh"])
@given(neuron=neurons())
@example(neuron=(np.ones(1), np.array([[1.0, 2.0]]), np.array([0.5, -0.25]), 0.1))
def test_each_gradient_is_the_slope_times_what_was_met(impl, activation, neuron):
    g, x, w, b = neuron
    exact = np.vectorize(Fraction, otypes=[object])
    z = exact(x) @ exact(w) + Fraction(b)
    delta = exact(g) * slope_at(z, activation)
    got = impl.neuron_vjp(g, x, w, b, activation=activation)
    # The score is off by a few units of the size of its terms; its slope then by
    # twice that, relatively. A slope 1 - a² is off by a unit of 1.
    terms = np.abs(x) @ np.abs(w) + abs(b)
    size = np.abs(g) * (1 + 4 * len(w) * (1 + terms))
    assert_close(got[0], np.outer(delta, exact(w)), scale=np.outer(size, np.abs(w)))
    assert_close(got[1], delta @ exact(x), scale=size @ np.abs(x), condition=len(x))
    bias = np.array([delta.sum()], dtype=object)
    assert_close(np.array([got[2]]), bias, scale=size.sum(), condition=len(x))


# ------------------------------------------------------------------------------ laws


@pytest.mark.claim("A2-116", "A2-118")
@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
@pytest.mark.parametrize("activation", KINKED)
@given(neuron=whole_neurons())
def test_a_rectifier_passes_all_or_nothing(impl, dtype, activation, neuron):
    g, x, w, b = neuron
    b = b + 0.5  # away from the kink
    delta = g * off(x @ w + b, activation)
    cast = [np.asarray(a, dtype=dtype) for a in (g, x, w, b)]
    got = impl.neuron_vjp(*cast, activation=activation)
    assert_equal(got[0], np.outer(delta, w))
    assert_equal(got[1], delta @ x)
    assert_equal(got[2], delta.sum())


@given(neuron=whole_neurons(samples=(1, 1)))
def test_weights_times_their_gradients_give_the_output_of_a_rectifier(impl, neuron):
    _, x, w, b = neuron
    b = b + 0.5
    got = impl.neuron_vjp(np.ones(1), x, w, b, activation="relu")
    # Euler's identity, for a function that grows in proportion to its parameters.
    assert_equal(w @ np.asarray(got[1]) + b * got[2], max(0.0, (x @ w).item() + b))


@given(neuron=whole_neurons(), activation=st.sampled_from(KINKED))
def test_samples_add_up(impl, neuron, activation):
    g, x, w, b = neuron
    whole = impl.neuron_vjp(g, x, w, b + 0.5, activation=activation)
    parts = [
        impl.neuron_vjp(g[[i]], x[[i]], w, b + 0.5, activation=activation)
        for i in range(len(g))
    ]
    assert_equal(whole[0], np.concatenate([part[0] for part in parts]))
    assert_equal(whole[1], sum(part[1] for part in parts))
    assert_equal(whole[2], sum(part[2] for part in parts))


@pytest.mark.parametrize("shape", TABLES)
@pytest.mark.parametrize("activation", ["sigmoid", "tanh", *KINKED])
def test_large_batches_and_many_inputs_add_up_like_small_ones(impl, activation, shape):
    n, d = shape
    # Three samples over and over, and sums that are exact: multiples of 1/64.
    kinds, where = (pattern((3, d), 5) - 2) / 8, np.arange(n) % 3
    w, g = (np.arange(d) % 4 - 1) / 8, np.array([1.0, -0.5, 2.0])
    slopes = [
        impl.neuron_vjp(1.0, [row @ w], [1.0], 0.5, activation=activation)[2]
        for row in kinds
    ]
    delta = (g * slopes)[where]
    got = impl.neuron_vjp(g[where], kinds[where], w, 0.5, activation=activation)
    # Slopes at the same sums by other instructions: rounding at size 1, in each term.
    size = np.abs(g[where])
    assert_close(got[0], np.outer(delta, w), scale=np.outer(size, np.abs(w)))
    along = size @ np.abs(kinds[where])
    assert_close(got[1], delta @ kinds[where], scale=along, condition=n)
    assert_close(got[2], delta.sum(), scale=size.sum(), condition=n)


@given(
    # Far from underflow, where doubling would not be exact.
    neuron=neurons(st.integers(-192, 192).map(lambda count: count / 64)),
    activation=st.sampled_from(["sigmoid", "tanh", *KINKED]),
)
def test_doubling_what_comes_back_doubles_the_gradients(impl, neuron, activation):
    g, *rest = neuron
    once = impl.neuron_vjp(g, *rest, activation=activation)
    twice = impl.neuron_vjp(2 * g, *rest, activation=activation)
    for one, two in zip(once, twice, strict=True):
        assert_equal(two, 2 * np.asarray(one))


@given(neuron=whole_neurons(samples=(1, 1)), activation=st.sampled_from(KINKED))
def test_the_gradient_of_the_weights_points_along_the_input(impl, neuron, activation):
    g, x, w, b = neuron
    along = np.asarray(impl.neuron_vjp(g, x, w, b, activation=activation)[1])
    assert_equal(np.outer(along, x[0]), np.outer(x[0], along))


@given(neuron=whole_neurons(), activation=st.sampled_from(KINKED))
def test_gradients_have_the_shapes_of_what_a_neuron_is_given(impl, neuron, activation):
    got = impl.neuron_vjp(*neuron, activation=activation)
    assert [np.shape(a) for a in got] == [np.shape(a) for a in neuron[1:]]


@given(neuron=whole_neurons(), activation=st.sampled_from(KINKED))
def test_one_sample_of_a_neuron_may_stand_alone(impl, neuron, activation):
    g, x, w, b = neuron
    alone = impl.neuron_vjp(g[0], x[0], w, b, activation=activation)
    batch = impl.neuron_vjp(g[:1], x[:1], w, b, activation=activation)
    assert_equal(alone[0], batch[0][0])
    assert_equal(alone[1], batch[1])
    assert_equal(alone[2], batch[2])


@given(neuron=whole_neurons(samples=(1, 1)), exponent=st.integers(-3, 3))
def test_a_scaled_rectifier_has_the_same_gradient(impl, neuron, exponent):
    g, x, w, b = neuron
    s = 2.0**exponent
    here = impl.neuron_vjp(g, x, w, b + 0.5, activation="relu")
    there = impl.neuron_vjp(g, x, s * w, s * (b + 0.5), activation="relu")
    assert_equal(there[1], here[1])
    assert_equal(there[2], here[2])


# -------------------------------------------------------------------- error contract


@pytest.mark.contract
@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
def test_dtype_of_a_neurons_gradients_is_kept(impl, dtype):
    ones = np.ones((2, 3), dtype)
    got = impl.neuron_vjp(ones[:, 0], ones, ones[0], ones[0, 0], activation="tanh")
    assert [np.asarray(a).dtype for a in got] == [dtype] * 3
    assert got._fields == ("x", "weights", "bias")


@pytest.mark.contract
def test_at_its_kink_a_rectified_neuron_passes_nothing(impl):
    for gradient in impl.neuron_vjp(1.0, [1.0], [0.0], 0.0, activation="relu"):
        assert_equal(gradient, np.zeros_like(gradient))


@pytest.mark.contract
def test_what_is_no_neuron_is_named(impl):
    g, x, w = np.ones(2), np.ones((2, 3)), np.ones(3)
    message = r"^cotangent must have shape \(2,\), one a sample, got \(3,\)$"
    with pytest.raises(ValueError, match=message):
        impl.neuron_vjp(w, x, w, 0.0, activation="relu")
    message = r"^cotangent must have shape \(\), one a sample, got \(2,\)$"
    with pytest.raises(ValueError, match=message):
        impl.neuron_vjp(g, w, w, 0.0, activation="relu")
    message = r"^x must have one column for each of 2 weights, got shape \(2, 3\)$"
    with pytest.raises(ValueError, match=message):
        impl.neuron_vjp(g, x, g, 0.0, activation="relu")
    with pytest.raises(
        ValueError, match=r"^activation must be one of 'identity', 'sig"
    ):
        impl.neuron_vjp(g, x, w, 0.0, activation="softmax")
    with pytest.raises(ValueError, match=r"^bias must have 0 axes, got shape \(3,\)$"):
        impl.neuron_vjp(g, x, w, w, activation="relu")
    with pytest.raises(TypeError, match=r"^weights must hold real numbers"):
        impl.neuron_vjp(g, x, "a", 0.0, activation="relu")

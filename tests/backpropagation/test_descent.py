"""mlp_step: against the gradient at the old parameters, and what is no gradient."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from derivations.backpropagation import descent as spec
from derivations.engine import evaluate
from reference.conformance.compare import assert_close, assert_equal
from reference.conformance.strategies import seeds


def linear(seed, depth, *, samples=2):
    """Return a network without bends and with small whole numbers."""
    rng = np.random.default_rng(seed)
    widths = [*rng.integers(1, 4, depth), rng.choice([1, 2])]
    weights = [rng.integers(-3, 4, s).astype(float) for s in pairwise(widths)]
    biases = [rng.integers(-3, 4, w).astype(float) for w in widths[1:]]
    x, t = (rng.integers(-3, 4, (samples, widths[i])).astype(float) for i in (0, -1))
    return x, t, weights, biases


def mean_squares(x, t, weights, biases):
    a = x
    for W, b in zip(weights, biases, strict=True):
        a = a @ W + b
    return ((a - t) ** 2).mean()


def slopes(network):
    """Differentiate by each parameter: the loss is a parabola in each one alone.

    So central differences are exact at any step, and whole numbers keep them so.
    """
    x, t, weights, biases = network
    found = []
    for place in range(2 * len(weights)):
        values = [value.copy() for value in (*weights, *biases)]
        slope = np.zeros(values[place].shape)
        for entry in np.ndindex(slope.shape):
            ends = []
            for step in (1, -2):
                values[place][entry] += step
                ends.append(mean_squares(x, t, *split(values)))
            values[place][entry] += 1
            slope[entry] = (ends[0] - ends[1]) / 2
        found.append(slope)
    return split(found)


def split(values):
    depth = len(values) // 2
    return values[:depth], values[depth:]


def stepped(impl, network, rate, *, activations=None, loss="mse"):
    x, t, weights, biases = network
    names = ["identity"] * len(weights) if activations is None else activations
    return impl.mlp_step(
        x, t, weights, biases, activations=names, loss=loss, learning_rate=rate
    )


# ------------------------------------------------------ agreement with the derivation


@pytest.mark.claim("A1-052", "A1-091", "A3-066")
@given(
    seed=seeds(),
    depth=st.integers(1, 3),
    exponent=st.integers(-6, 2),
    samples=st.sampled_from([1, 2, 4]),  # halves and fourths are exact
)
@example(seed=0, depth=2, exponent=0, samples=2)
@example(seed=0, depth=2, exponent=0, samples=1)
def test_every_parameter_goes_against_its_own_slope(
    impl, seed, depth, exponent, samples
):
    network, rate = linear(seed, depth, samples=samples), 2.0**exponent
    new = stepped(impl, network, rate)
    for values, old, gradients in zip(new, network[2:], slopes(network), strict=True):
        for value, before, gradient in zip(values, old, gradients, strict=True):
            assert_equal(value, before - rate * gradient)


# ------------------------------------------------------------------------------ laws


@given(seed=seeds(), depth=st.integers(1, 4), f=st.sampled_from(["tanh", "sigmoid"]))
def test_without_a_rate_nothing_moves(impl, seed, depth, f):
    network = linear(seed, depth)
    new = stepped(impl, network, 0.0, activations=[f] * depth)
    for values, old in zip(new, network[2:], strict=True):
        for value, before in zip(values, old, strict=True):
            assert_equal(value, before)


@pytest.mark.claim("A1-091")
@given(seed=seeds(), f=st.sampled_from(["tanh", "sigmoid"]))
def test_twice_the_rate_goes_twice_as_far(impl, seed, f):
    network = linear(seed, 2)
    once = stepped(impl, network, 0.5, activations=[f, "identity"])
    twice = stepped(impl, network, 1.0, activations=[f, "identity"])
    for part in range(2):
        for near, far, old in zip(
            once[part], twice[part], network[2 + part], strict=True
        ):
            scale = np.abs(old) + np.abs(far)
            assert_close(far - old, 2 * (near - old), scale=scale)


@given(seed=seeds())
@example(seed=0)
def test_up_to_one_over_the_curvature_a_step_gains_half_the_square(impl, seed):
    x, t, *_ = network = linear(seed, 1)
    # The curvature of the mean of squares is at most this, the trace.
    curvature = 2 * ((x**2).sum() + len(x)) / t.size
    rate = 2.0 ** np.floor(np.log2(1 / curvature))
    new = stepped(impl, network, rate)
    square = sum((g**2).sum() for part in slopes(network) for g in part)
    before, after = mean_squares(*network), mean_squares(x, t, *new)
    assert after <= before - rate / 2 * square + 1e-12 * (1 + before)


@given(seed=seeds(), depth=st.integers(1, 3))
def test_steps_have_the_shapes_of_the_parameters(impl, seed, depth):
    network = linear(seed, depth)
    new = stepped(impl, network, 0.25)
    for values, old in zip(new, network[2:], strict=True):
        assert [np.shape(v) for v in values] == [v.shape for v in old]


@given(seed=seeds())
def test_the_same_samples_twice_make_the_same_step(impl, seed):
    x, t, weights, biases = linear(seed, 2)
    doubled = np.concatenate([x, x]), np.concatenate([t, t])
    once = stepped(impl, (x, t, weights, biases), 0.5)
    twice = stepped(impl, (*doubled, weights, biases), 0.5)
    for part in range(2):
        for one, two in zip(once[part], twice[part], strict=True):
            assert_equal(one, two)


# -------------------------------------------------------------- what the articles say


@pytest.mark.claim("A3-060")
@given(seed=seeds())
def test_descent_needs_no_backpropagation(impl, seed):
    network = linear(seed, 2)
    new = stepped(impl, network, 0.125)
    # The same step from difference quotients alone: nothing was propagated back.
    by_differences = [
        [value - 0.125 * g for value, g in zip(values, gradients, strict=True)]
        for values, gradients in zip(network[2:], slopes(network), strict=True)
    ]
    for mine, theirs in zip(new, by_differences, strict=True):
        for one, two in zip(mine, theirs, strict=True):
            assert_equal(one, two)


@pytest.mark.claim("A1-046", "A3-061")
@given(seed=seeds(), depth=st.integers(1, 3))
@example(seed=0, depth=2)
def test_backpropagation_updates_nothing(impl, seed, depth):
    x, t, weights, biases = linear(seed, depth)
    kept = [value.copy() for value in (*weights, *biases)]
    names = ["tanh"] * depth
    options = {"activations": names, "loss": "mse"}
    first = impl.mlp_grads(x, t, weights, biases, **options)
    again = impl.mlp_grads(x, t, weights, biases, **options)
    for value, copy in zip((*weights, *biases), kept, strict=True):
        assert_equal(value, copy)
    # So a second pass finds what the first one found.
    for one, two in zip(first[0], again[0], strict=True):
        assert_equal(one, two)


@pytest.mark.claim("A1-053")
def test_the_gradient_of_the_output_leads_astray(impl):
    # Prediction w, target 0, w = -1: the output grows with w at rate 1.
    w, slope_of_the_output = -1.0, 1.0
    assert (w - slope_of_the_output) ** 2 == 4.0 > w**2
    one, none = np.ones((1, 1)), np.zeros(1)
    new = stepped(impl, (one, 0 * one, [w * one], [none]), 0.25)
    # One step against the gradient of the loss, in weight and bias.
    assert mean_squares(one, 0 * one, *new) < w**2


@pytest.mark.claim("A4-010")
def test_an_update_may_raise_the_loss(impl):
    # A parabola of curvature 2 in the weight alone: the input is 1, and a second sample
    # of input -1 keeps the bias out of it. The bound for the rate is 1.
    x = np.array([[1.0], [-1.0]])
    for rate, wanted in ((0.5, 0.0), (1.0, 1.0), (1.25, 2.25)):
        new = stepped(impl, (x, 0 * x, [np.ones((1, 1))], [np.zeros(1)]), rate)
        assert_equal(mean_squares(x, 0 * x, *new), wanted)


@pytest.mark.claim("A3-071")
@given(seed=seeds(), classes=st.sampled_from([2, 4]))
def test_a_right_prediction_has_a_loss_and_no_gradient(impl, seed, classes):
    rng = np.random.default_rng(seed)
    x = rng.integers(-3, 4, (2, 2)).astype(float)
    targets = np.full((2, classes), 1 / classes)
    weights, biases = [np.zeros((2, classes))], [np.zeros(classes)]
    # All scores are 0, so all probabilities are those of the target. The loss is the
    # entropy of the target, and there is nothing to gain.
    entropy = np.log(classes)
    assert entropy > 0
    new = stepped(
        impl,
        (x, targets, weights, biases),
        1.0,
        activations=["softmax"],
        loss="categorical_cross_entropy",
    )
    assert_close(new[0][0], weights[0], scale=np.abs(x).sum())
    assert_close(new[1][0], biases[0], scale=1.0)


@given(seed=seeds())
def test_the_seed_of_the_way_back_is_the_miss(impl, seed):
    rng = np.random.default_rng(seed)
    t = rng.integers(-3, 4, (1, 2)).astype(float)
    output = rng.integers(-3, 4, 2).astype(float)
    network = (np.zeros((1, 1)), t, [np.zeros((1, 2))], [output])
    new = stepped(impl, network, 1.0)
    # With two outputs the mean of the squares is the half sum of the derivation.
    want = np.array(
        evaluate(spec.seed.end, {spec.p: output, spec.y: t[0]}), dtype=float
    )
    assert_equal(output - np.asarray(new[1][0]), want)


# -------------------------------------------------------------------- error contract


@pytest.mark.contract
@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
def test_dtype_of_the_parameters_is_kept(impl, dtype):
    a = np.ones((2, 2), dtype)
    new = stepped(impl, (a, a, [a], [a[0]]), 0.5)
    assert new._fields == ("weights", "biases")
    assert new.weights[0].dtype == new.biases[0].dtype == dtype
    wide = a.astype(np.float64)
    for network in ((a, wide, [a], [a[0]]), (a, a, [wide], [a[0]])):
        new = stepped(impl, network, 0.5)
        assert new.weights[0].dtype == new.biases[0].dtype == np.float64


@pytest.mark.contract
def test_rates_that_are_none_are_named(impl):
    network = linear(0, 1)
    with pytest.raises(ValueError, match=r"^learning_rate must be at least 0, got -1"):
        stepped(impl, network, -1.0)
    with pytest.raises(ValueError, match=r"^learning_rate must be finite, got inf$"):
        stepped(impl, network, float("inf"))
    with pytest.raises(TypeError, match=r"^learning_rate must be a real number, got"):
        stepped(impl, network, "0.1")
    with pytest.raises(ValueError, match=r"^loss must be one of 'mse'"):
        stepped(impl, network, 0.1, loss="mae")

"""he: weights have the shape, the variance and the law that the page derives."""

import math

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from derivations.engine import evaluate
from derivations.initialization import he as spec
from reference.conformance.compare import assert_close, assert_equal
from reference.conformance.statistics import (
    distance_from_normal,
    distance_from_uniform,
    hoeffding,
    reach,
)
from reference.conformance.strategies import reals, seeds

fans = st.integers(1, 10**6)
WIDTHS = [(300, 100), (100, 300), (200, 200)]


def rng(seed=0):
    return np.random.default_rng(seed)


# ------------------------------------------------------ agreement with the derivation


@given(fan_in=fans)
@example(fan_in=1)
def test_variance_restores_the_mean_square_behind_a_relu(impl, fan_in):
    variance = np.asarray(impl.he_variance(fan_in))
    values = {spec.n: fan_in, spec.v: variance, spec.s: 1.0}
    kept = evaluate(spec.variance.steps[1].to, values)  # n v s^2 / 2
    assert_close(np.array([float(kept)]), np.array([1.0]))


@given(fan_in=fans, slope=reals(50.0))
@example(fan_in=10, slope=0.01)
def test_variance_restores_the_mean_square_behind_a_leaky_relu(impl, fan_in, slope):
    variance = np.asarray(impl.he_variance(fan_in, negative_slope=slope))
    values = {spec.n: fan_in, spec.v: variance, spec.s: 1.0, spec.c: slope}
    kept = evaluate(spec.leaky_variance.start, values)
    assert_close(np.array([float(kept)]), np.array([1.0]))


@pytest.mark.parametrize(("fan_in", "fan_out"), WIDTHS)
def test_normal_weights_follow_their_law(impl, fan_in, fan_out):
    """False alarm at most 1e-13; a variance off by 20 % is found but for 1e-9."""
    W = np.asarray(impl.he_normal(fan_in, fan_out, rng=rng(1)))
    assert W.shape == (fan_in, fan_out)
    std = math.sqrt(2 / fan_in)
    assert distance_from_normal(W, mean=0.0, std=std) <= hoeffding(W.size)


@pytest.mark.parametrize(("fan_in", "fan_out"), WIDTHS)
def test_uniform_weights_follow_their_law(impl, fan_in, fan_out):
    """False alarm at most 1e-13; a limit off by 10 % is found but for 1e-9."""
    W = np.asarray(impl.he_uniform(fan_in, fan_out, rng=rng(2)))
    assert W.shape == (fan_in, fan_out)
    limit = math.sqrt(6 / fan_in)
    distance = distance_from_uniform(W, low=-limit, high=limit)
    assert distance <= hoeffding(W.size)
    assert np.abs(W).max() <= limit


@pytest.mark.parametrize(("fan_in", "fan_out"), WIDTHS)
def test_the_longest_uniform_weight_almost_has_the_length_of_the_limit(
    impl, fan_in, fan_out
):
    """False alarm at most 1e-13; a limit too small by a thousandth is always found."""
    W = np.asarray(impl.he_uniform(fan_in, fan_out, rng=rng(6)))
    limit = math.sqrt(6 / fan_in)
    assert np.abs(W).max() >= limit * reach(W.size)


# ------------------------------------------------------------------------------ laws


@given(fan_in=fans)
def test_identity_needs_half_the_variance_of_a_relu(impl, fan_in):
    half = impl.he_variance(fan_in, negative_slope=1.0)
    assert_equal(2 * half, impl.he_variance(fan_in))


@given(fan_in=fans, slope=reals(50.0))
def test_sign_of_the_slope_does_not_matter(impl, fan_in, slope):
    got = impl.he_variance(fan_in, negative_slope=-slope)
    assert_equal(got, impl.he_variance(fan_in, negative_slope=slope))


@pytest.mark.needs("option:negative_slope")
@given(seed=seeds(), slope=reals(50.0))
def test_slope_scales_normal_weights(impl, seed, slope):
    got = impl.he_normal(3, 4, rng=rng(seed), negative_slope=slope)
    plain = np.asarray(impl.he_normal(3, 4, rng=rng(seed)))
    assert_close(got, plain / math.sqrt(1 + slope * slope))


@pytest.mark.needs("option:negative_slope")
@given(seed=seeds(), slope=reals(50.0))
def test_slope_scales_uniform_weights(impl, seed, slope):
    got = impl.he_uniform(3, 4, rng=rng(seed), negative_slope=slope)
    plain = np.asarray(impl.he_uniform(3, 4, rng=rng(seed)))
    scale = 1 / math.sqrt(1 + slope * slope)
    # The limits are rounded, and so is low + (high - low) * u near 0.
    assert_close(got, plain * scale, scale=scale)


def test_each_normal_weight_is_drawn_anew(impl):
    """False alarm 0 up to equal floats among 30 draws."""
    W = np.asarray(impl.he_normal(5, 6, rng=rng(3)))
    assert len(np.unique(W)) == 30


def test_each_uniform_weight_is_drawn_anew(impl):
    """False alarm 0 up to equal floats among 30 draws."""
    W = np.asarray(impl.he_uniform(5, 6, rng=rng(4)))
    assert len(np.unique(W)) == 30


def test_the_next_layer_of_normal_weights_is_drawn_anew(impl):
    """False alarm 0 up to equal floats among 60 draws."""
    source = rng(7)
    layers = [impl.he_normal(5, 6, rng=source) for _ in range(2)]
    assert len(np.unique(layers)) == 60


def test_the_next_layer_of_uniform_weights_is_drawn_anew(impl):
    """False alarm 0 up to equal floats among 60 draws."""
    source = rng(7)
    layers = [impl.he_uniform(5, 6, rng=source) for _ in range(2)]
    assert len(np.unique(layers)) == 60


# -------------------------------------------------------------- what the articles say


@pytest.mark.claim("A1-087")
def test_two_over_fan_in_undoes_the_half_that_a_relu_keeps(impl):
    kept = float(evaluate(spec.half_the_mean_square.end, {spec.s: 1.0}))
    assert kept == 0.5
    assert float(impl.he_variance(128)) * 128 * kept == 1.0


@pytest.mark.claim("A1-088")
def test_half_of_the_units_can_be_dead_before_training_starts(impl):
    """False alarm at most 1e-13.

    With one positive input a unit is dead where its weight is negative: half of them.
    """
    W = np.asarray(impl.he_normal(1, 40_000, rng=rng(5)))
    inputs = np.array([[0.5], [1.0], [2.0]])
    dead = (np.maximum(inputs @ W, 0) == 0).all(axis=0)
    assert abs(dead.mean() - 0.5) <= hoeffding(40_000)


@pytest.mark.claim("A1-089", "A1-090")
def test_relu_and_leaky_relu_have_a_kink_and_are_what_the_variance_is_for(impl):
    step = 1e-3
    left, right = (0 - max(-step, 0)) / step, (max(step, 0) - 0) / step
    assert (left, right) == (0.0, 1.0)  # not differentiable at 0
    for slope in (0.0, 0.01):
        kept = (1 + slope**2) / 2
        gain = float(impl.he_variance(64, negative_slope=slope)) * 64 * kept
        assert_close(np.array([gain]), np.array([1.0]))


# -------------------------------------------------------------------- error contract


@pytest.mark.contract
def test_normal_weights_are_float64(impl):
    assert np.asarray(impl.he_normal(2, 2, rng=rng())).dtype == np.float64


@pytest.mark.contract
def test_uniform_weights_are_float64(impl):
    assert np.asarray(impl.he_uniform(2, 2, rng=rng())).dtype == np.float64


CALLS = {
    "he_variance": lambda f, *fans, **options: f(fans[0], **options),
    "he_normal": lambda f, *fans, **options: f(*fans, rng=rng(), **options),
    "he_uniform": lambda f, *fans, **options: f(*fans, rng=rng(), **options),
}


@pytest.mark.contract
@pytest.mark.parametrize("name", CALLS)
def test_wrong_fans_and_slopes_are_named(impl, name):
    call, f = CALLS[name], getattr(impl, name)
    with pytest.raises(ValueError, match=r"^fan_in must be at least 1, got 0$"):
        call(f, 0, 1)
    with pytest.raises(TypeError, match=r"^fan_in must be an integer, got 1.5$"):
        call(f, 1.5, 1)
    with pytest.raises(ValueError, match=r"^negative_slope must be finite, got inf$"):
        call(f, 1, 1, negative_slope=math.inf)
    with pytest.raises(TypeError, match=r"^negative_slope must be a real number"):
        call(f, 1, 1, negative_slope="a")


@pytest.mark.contract
@pytest.mark.parametrize("name", ["he_normal", "he_uniform"])
def test_what_is_not_a_fan_or_a_generator_is_named(impl, name):
    f = getattr(impl, name)
    with pytest.raises(ValueError, match=r"^fan_out must be at least 1, got 0$"):
        f(1, 0, rng=rng())
    with pytest.raises(
        TypeError, match=r"^rng must be a numpy.random.Generator, got 1$"
    ):
        f(2, 2, rng=1)

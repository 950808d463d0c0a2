"""xavier: weights have the shape, the variance and the law that the page derives."""

import math

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from derivations.engine import evaluate
from derivations.initialization import xavier as spec
from reference.conformance.compare import assert_close, assert_equal
from reference.conformance.statistics import (
    distance_from_normal,
    distance_from_uniform,
    hoeffding,
    reach,
)
from reference.conformance.strategies import seeds

fans = st.integers(1, 10**6)
WIDTHS = [(300, 100), (100, 300), (200, 200)]


def rng(seed=0):
    return np.random.default_rng(seed)


# ------------------------------------------------------ agreement with the derivation


@given(fan_in=fans, fan_out=fans)
@example(fan_in=1, fan_out=1)
def test_variance_is_two_over_the_sum_of_the_fans(impl, fan_in, fan_out):
    want = evaluate(spec.uniform_limit.end, {spec.m: fan_in, spec.n: fan_out})
    got = np.array([impl.xavier_variance(fan_in, fan_out)])
    assert_close(got, np.array([want], dtype=object))


@pytest.mark.parametrize(("fan_in", "fan_out"), WIDTHS)
def test_normal_weights_follow_their_law(impl, fan_in, fan_out):
    """False alarm at most 1e-13; a variance off by 20 % is found but for 1e-9."""
    W = np.asarray(impl.xavier_normal(fan_in, fan_out, rng=rng(1)))
    assert W.shape == (fan_in, fan_out)
    std = math.sqrt(2 / (fan_in + fan_out))
    assert distance_from_normal(W, mean=0.0, std=std) <= hoeffding(W.size)


@pytest.mark.parametrize(("fan_in", "fan_out"), WIDTHS)
def test_uniform_weights_follow_their_law(impl, fan_in, fan_out):
    """False alarm at most 1e-13; a limit off by 10 % is found but for 1e-9."""
    W = np.asarray(impl.xavier_uniform(fan_in, fan_out, rng=rng(2)))
    assert W.shape == (fan_in, fan_out)
    limit = math.sqrt(6 / (fan_in + fan_out))
    distance = distance_from_uniform(W, low=-limit, high=limit)
    assert distance <= hoeffding(W.size)
    assert np.abs(W).max() <= limit


@pytest.mark.parametrize(("fan_in", "fan_out"), WIDTHS)
def test_the_longest_uniform_weight_almost_has_the_length_of_the_limit(
    impl, fan_in, fan_out
):
    """False alarm at most 1e-13; a limit too small by a thousandth is always found."""
    W = np.asarray(impl.xavier_uniform(fan_in, fan_out, rng=rng(6)))
    limit = math.sqrt(6 / (fan_in + fan_out))
    assert np.abs(W).max() >= limit * reach(W.size)


# ------------------------------------------------------------------------------ laws


@given(fan_in=fans, fan_out=fans)
def test_variance_does_not_care_which_fan_is_which(impl, fan_in, fan_out):
    got = impl.xavier_variance(fan_in, fan_out)
    assert_equal(got, impl.xavier_variance(fan_out, fan_in))


@given(n=fans)
def test_a_square_layer_gets_one_over_its_width(impl, n):
    got = np.array([impl.xavier_variance(n, n)])
    assert_close(got, np.array([1 / n]))


@pytest.mark.needs("option:gain")
@given(fan_in=fans, fan_out=fans, gain=st.floats(0.01, 100))
def test_gain_multiplies_the_variance_twice(impl, fan_in, fan_out, gain):
    got = np.array([impl.xavier_variance(fan_in, fan_out, gain=gain)])
    want = gain**2 * np.array([impl.xavier_variance(fan_in, fan_out)])
    assert_close(got, want)


@pytest.mark.needs("option:gain")
@given(seed=seeds())
def test_gain_scales_normal_weights(impl, seed):
    got = impl.xavier_normal(3, 4, rng=rng(seed), gain=4.0)
    assert_close(got, 4.0 * np.asarray(impl.xavier_normal(3, 4, rng=rng(seed))))


@pytest.mark.needs("option:gain")
@given(seed=seeds())
def test_gain_scales_uniform_weights(impl, seed):
    got = np.asarray(impl.xavier_uniform(3, 4, rng=rng(seed), gain=4.0))
    want = 4.0 * np.asarray(impl.xavier_uniform(3, 4, rng=rng(seed)))
    # The limits are rounded, and so is low + (high - low) * u near 0.
    assert_close(got, want, scale=4.0)


def test_each_normal_weight_is_drawn_anew(impl):
    """False alarm 0 up to equal floats among 30 draws."""
    W = np.asarray(impl.xavier_normal(5, 6, rng=rng(3)))
    assert len(np.unique(W)) == 30


def test_each_uniform_weight_is_drawn_anew(impl):
    """False alarm 0 up to equal floats among 30 draws."""
    W = np.asarray(impl.xavier_uniform(5, 6, rng=rng(4)))
    assert len(np.unique(W)) == 30


def test_the_next_layer_of_normal_weights_is_drawn_anew(impl):
    """False alarm 0 up to equal floats among 60 draws."""
    source = rng(7)
    layers = [impl.xavier_normal(5, 6, rng=source) for _ in range(2)]
    assert len(np.unique(layers)) == 60


def test_the_next_layer_of_uniform_weights_is_drawn_anew(impl):
    """False alarm 0 up to equal floats among 60 draws."""
    source = rng(7)
    layers = [impl.xavier_uniform(5, 6, rng=source) for _ in range(2)]
    assert len(np.unique(layers)) == 60


# -------------------------------------------------------------- what the articles say


def gain_of(variance, width, mean_square):
    """Return the factor of one layer on the mean square: n v E f(Z)^2."""
    return float(variance) * width * mean_square


@pytest.mark.claim("A1-083")
def test_behind_sigmoids_the_error_falls_sixteenfold_a_layer(impl):
    n = 256
    steepest = 0.25
    backward = gain_of(impl.xavier_variance(n, n), n, steepest**2)
    assert backward == 1 / 16
    assert backward**20 < 1e-24


@pytest.mark.claim("A1-084")
def test_gain_is_one_for_linear_layers_and_below_it_for_relu(impl):
    n = 256
    variance = impl.xavier_variance(n, n)
    assert gain_of(variance, n, 1.0) == 1.0
    assert gain_of(variance, n, 0.5) ** 20 == 2.0**-20
    wide = impl.xavier_variance(300, 100)
    assert gain_of(wide, 300, 1.0) == 1.5  # exact only where the fans agree
    assert gain_of(wide, 100, 1.0) == 0.5


@pytest.mark.claim("A1-085")
def test_an_absolute_value_keeps_the_size_although_it_has_a_kink(impl):
    n = 256
    z = np.array([-1.5, -0.25, 0.25, 1.5])
    assert np.mean(np.abs(z) ** 2) == np.mean(
        z**2
    )  # so its gain is 1, as the identity's
    assert gain_of(impl.xavier_variance(n, n), n, 1.0) == 1.0


@pytest.mark.claim("A1-086")
def test_one_large_step_kills_a_unit_whatever_its_first_weight(impl):
    x = np.array([1.0, 2.0, 3.0])
    w = abs(float(np.asarray(impl.xavier_normal(1, 1, rng=rng(5)))[0, 0]))
    assert (np.maximum(w * x, 0) > 0).all()
    gradient = np.mean(np.maximum(w * x, 0) * x) + 1.0  # pull the outputs down
    w -= 10.0 * gradient
    assert (np.maximum(w * x, 0) == 0).all()


# -------------------------------------------------------------------- error contract


@pytest.mark.contract
def test_normal_weights_are_float64(impl):
    assert np.asarray(impl.xavier_normal(2, 2, rng=rng())).dtype == np.float64


@pytest.mark.contract
def test_uniform_weights_are_float64(impl):
    assert np.asarray(impl.xavier_uniform(2, 2, rng=rng())).dtype == np.float64


CALLS = {
    "xavier_variance": lambda f, *fans, **options: f(*fans, **options),
    "xavier_normal": lambda f, *fans, **options: f(*fans, rng=rng(), **options),
    "xavier_uniform": lambda f, *fans, **options: f(*fans, rng=rng(), **options),
}


@pytest.mark.contract
@pytest.mark.parametrize("name", CALLS)
def test_wrong_fans_and_gains_are_named(impl, name):
    call, f = CALLS[name], getattr(impl, name)
    with pytest.raises(ValueError, match=r"^fan_in must be at least 1, got 0$"):
        call(f, 0, 1)
    with pytest.raises(ValueError, match=r"^fan_out must be at least 1, got -1$"):
        call(f, 1, -1)
    with pytest.raises(TypeError, match=r"^fan_out must be an integer, got 1.5$"):
        call(f, 1, 1.5)
    with pytest.raises(ValueError, match=r"^gain must be positive, got 0$"):
        call(f, 1, 1, gain=0)
    with pytest.raises(TypeError, match=r"^gain must be a real number, got 'a'$"):
        call(f, 1, 1, gain="a")


@pytest.mark.contract
@pytest.mark.parametrize("name", ["xavier_normal", "xavier_uniform"])
def test_what_is_not_a_generator_is_named(impl, name):
    with pytest.raises(
        TypeError, match=r"^rng must be a numpy.random.Generator, got 1$"
    ):
        getattr(impl, name)(2, 2, rng=1)

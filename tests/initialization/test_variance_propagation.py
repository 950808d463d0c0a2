"""variance_propagation: gains are Gaussian integrals, and they multiply over depth."""

import math

import mpmath
import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from derivations.engine import evaluate
from derivations.initialization import he as he_spec
from derivations.initialization import variance_propagation as spec
from reference.conformance.compare import assert_close, assert_equal, assert_ulps
from reference.conformance.strategies import reals

DEFINITIONS = {
    "identity": lambda z: z,
    "linear": lambda z: z,
    "binary_step": lambda z: mpmath.mpf(z > 0),
    "relu": lambda z: max(z, 0),
    "elu": lambda z: z if z > 0 else mpmath.exp(z) - 1,
    "gelu": lambda z: z * mpmath.ncdf(z),
    "silu": lambda z: z / (1 + mpmath.exp(-z)),
    "sigmoid": lambda z: 1 / (1 + mpmath.exp(-z)),
    "tanh": lambda z: (
        (mpmath.exp(z) - mpmath.exp(-z)) / (mpmath.exp(z) + mpmath.exp(-z))
    ),
    "softplus": lambda z: mpmath.log(1 + mpmath.exp(z)),
}


def gaussian_mean_square(function):
    """Integrate f(z)^2 against the normal density, 30 digits."""
    with mpmath.workdps(30):
        density = mpmath.npdf
        pieces = [-40, -12, -6, -3, 0, 3, 6, 12, 40]
        return mpmath.quad(lambda z: function(z) ** 2 * density(z), pieces)


# ------------------------------------------------------ agreement with the derivation


@pytest.mark.parametrize("name", DEFINITIONS)
def test_gain_is_the_mean_square_over_a_normal_input(impl, name):
    want = gaussian_mean_square(DEFINITIONS[name])
    got = np.array([impl.second_moment_gain(name)])
    assert_close(got, np.array([want], dtype=object))


@given(slope=reals(50.0))
@example(slope=0.01)
@example(slope=-1.0)
def test_gain_of_the_leaky_relu_is_the_derived_one(impl, slope):
    want = evaluate(he_spec.leaky.end, {he_spec.c: slope, he_spec.s: 1.0})
    got = np.array([impl.second_moment_gain("leaky_relu", negative_slope=slope)])
    assert_close(got, np.array([want], dtype=object))


# ------------------------------------------------------------------------------ laws


def test_leaky_relu_without_a_slope_is_the_relu(impl):
    got = impl.second_moment_gain("leaky_relu", negative_slope=0.0)
    assert_equal(got, impl.second_moment_gain("relu"))


@pytest.mark.contract
def test_leaky_relu_has_a_slope_of_one_hundredth_by_default(impl):
    want = impl.second_moment_gain("leaky_relu", negative_slope=0.01)
    assert impl.second_moment_gain("leaky_relu") == want


def test_leaky_relu_of_slope_one_is_the_identity(impl):
    got = impl.second_moment_gain("leaky_relu", negative_slope=1.0)
    assert_equal(got, impl.second_moment_gain("identity"))


def test_squashing_loses_more_than_cutting_off_half(impl):
    tanh = float(impl.second_moment_gain("tanh"))
    sigmoid = float(impl.second_moment_gain("sigmoid"))
    assert sigmoid < tanh < 0.5


@given(
    gain=st.sampled_from(["identity", "relu", "tanh"]),
    depth=st.integers(0, 40),
    start=st.floats(0.1, 10),
)
def test_layers_multiply_their_gains(impl, gain, depth, start):
    factor = float(impl.second_moment_gain(gain))
    values = {spec.g: factor, spec.t: depth, spec.q_0: start}
    want = evaluate(spec.depth.end, values)
    got = start
    for _ in range(depth):
        got *= factor
    assert_close(np.array([got]), np.array([want], dtype=object), condition=depth)


# -------------------------------------------------------------- what the articles say


@pytest.mark.claim("A1-076")
def test_forward_and_backward_gains_ask_for_different_variances(impl):
    n_in, n_out, gain = 300, 100, float(impl.second_moment_gain("relu"))
    forward = 1 / (n_in * gain)
    backward = 1 / (n_out * 0.5)  # half of the slopes of a ReLU are 1
    assert_close(np.array([3 * forward]), np.array([backward]))


@pytest.mark.claim("A1-080")
def test_one_variance_does_not_suit_every_width(impl):
    gain = float(impl.second_moment_gain("identity"))
    per_layer = {n: n * 0.01 * gain for n in (25, 100, 400)}
    assert per_layer[25] ** 20 < 1e-11
    assert per_layer[100] ** 20 == 1.0
    assert per_layer[400] ** 20 > 1e11


@pytest.mark.claim("A1-081", "A1-082")
def test_fans_are_rows_and_columns_of_the_weight_matrix(impl):
    fan_in, fan_out = 3, 2
    W = np.arange(6.0).reshape(fan_in, fan_out)
    x, errors = np.ones((1, fan_in)), np.ones((1, fan_out))
    assert (x @ W).shape == (1, fan_out)  # fan_in numbers enter each of fan_out units
    assert (errors @ W.T).shape == (1, fan_in)  # each number enters fan_out units
    assert_equal(impl.second_moment_gain("identity"), 1.0)


# -------------------------------------------------------------------- error contract


@pytest.mark.contract
@pytest.mark.parametrize("name", ["elu", "gelu", "sigmoid", "silu", "softplus", "tanh"])
def test_gain_is_within_four_ulp(impl, name):
    want = gaussian_mean_square(DEFINITIONS[name])
    got = np.array([impl.second_moment_gain(name)])
    assert_ulps(got, np.array([want], dtype=object), ulps=4)


@pytest.mark.contract
def test_unknown_activations_are_named(impl):
    message = r"^activation must be one of 'identity', .*; got 'step'$"
    with pytest.raises(ValueError, match=message):
        impl.second_moment_gain("step")
    with pytest.raises(TypeError, match=r"^activation must be a string, got 1$"):
        impl.second_moment_gain(1)


@pytest.mark.contract
def test_wrong_slopes_of_the_gain_are_named(impl):
    with pytest.raises(ValueError, match=r"^negative_slope must be finite, got inf$"):
        impl.second_moment_gain("relu", negative_slope=math.inf)
    with pytest.raises(TypeError, match=r"^negative_slope must be a real number, got"):
        impl.second_moment_gain("relu", negative_slope="0")

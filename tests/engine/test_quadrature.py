"""Integrals: known values are enclosed, what has no value has none."""

import pytest
from flint import arb
from mpmath import mp
from sympy import (
    Abs,
    Derivative,
    E,
    Heaviside,
    Integral,
    Max,
    Min,
    Piecewise,
    Rational,
    S,
    cos,
    erf,
    erfc,
    exp,
    log,
    oo,
    pi,
    sign,
    sin,
    sqrt,
    tanh,
)

from derivations.engine.interpreter import (
    Problem,
    UndefinedError,
    evaluate,
    make_worlds,
    refute,
)
from derivations.engine.language import Eq, d, function, positive, real, unknown

u, v, x, m = real("u v x m")
s, a = positive("s a")
density = exp(-(u**2) / (2 * s**2)) / (sqrt(2 * pi) * s)
σ = function(r"\sigma", lambda z: 1 / (1 + exp(-z)))


def value(expression, *given):
    """Return the ball of an expression in the first world that satisfies `given`."""
    world = make_worlds(Problem((expression,), given), count=1)[0]
    return evaluate(expression, world)


def both(left, right, *given):
    """Return the balls of two expressions in one and the same world."""
    world = make_worlds(Problem((left, right), given), count=1)[0]
    return evaluate(left, world), evaluate(right, world)


def assert_equal(left, right, *given):
    a, b = both(left, right, *given)
    assert a.overlaps(b)
    assert (a - b).rad() < (abs(a) + arb(2) ** -20) * arb(2) ** -60


BOUNDED = {
    "a polynomial": (Integral(u**2, (u, -1, 3)), Rational(28, 3)),
    "reversed ends": (Integral(u**2, (u, 3, -1)), -Rational(28, 3)),
    "no width": (Integral(exp(u), (u, x, x)), S(0)),
    "symbolic ends": (Integral(2 * u, (u, x, m)), m**2 - x**2),
    "a kink": (Integral(Abs(u) + Max(u, 0), (u, -1, 2)), Rational(9, 2)),
    "the lesser": (Integral(Min(u, 1), (u, 0, 3)), Rational(5, 2)),
    "a jump": (Integral(Piecewise((1, u < 1), (2, True)), (u, 0, 3)), S(5)),
    "a root": (Integral(sqrt(u), (u, 1, 4)), Rational(14, 3)),
    "two variables": (Integral(u * v, (u, 0, v), (v, 0, 2)), S(2)),
    "a defined function": (Integral(σ(u), (u, 0, 1)), log((1 + E) / 2)),
}


@pytest.mark.parametrize("name", BOUNDED)
def test_a_bounded_integral_has_its_value(name):
    assert_equal(*BOUNDED[name])


def test_a_bounded_integral_agrees_with_another_quadrature():
    mp.dps = 30
    expected = mp.quad(lambda t: mp.erf(t) * mp.cos(t) / (1 + mp.exp(t)), [-1, 2])
    found = value(Integral(erf(u) * cos(u) / (1 + exp(u)), (u, -1, 2)))
    assert found.overlaps(arb(str(expected)))
    assert found.rad() < arb(2) ** -60


IMPROPER = {
    "half a Gaussian": (Integral(density, (u, 0, oo)), Rational(1, 2)),
    "a whole Gaussian": (Integral(density, (u, -oo, oo)), S(1)),
    "backwards": (Integral(density, (u, oo, 0)), -Rational(1, 2)),
    "a fourth moment": (Integral(u**4 * density, (u, -oo, oo)), 3 * s**4),
    "shifted": (Integral(exp(-((u - m) ** 2)), (u, -oo, oo)), sqrt(pi)),
    "rectified": (Integral(Max(u, 0) ** 2 * density, (u, -oo, oo)), s**2 / 2),
    "a tail": (Integral(density, (u, s, oo)), erfc(1 / sqrt(2)) / 2),
    "exponential": (Integral(u * a * exp(-a * u), (u, 0, oo)), 1 / a),
    "Laplace": (Integral(exp(-Abs(u)), (u, -oo, oo)), S(2)),
    "Pareto": (Integral(a / u ** (a + 1), (u, 1, oo)), S(1)),
    "a slow power": (Integral(1 / u ** Rational(3, 2), (u, 4, oo)), S(1)),
    "logistic": (Integral(exp(-u) / (1 + exp(-u)) ** 2, (u, -oo, oo)), S(1)),
    "a function": (Integral(σ(u) * exp(-u), (u, 0, oo)), log(2)),
    "bounded factors": (
        Integral(exp(-u) * (tanh(0) + sign(u) + Heaviside(u)) * cos(u), (u, 0, oo)),
        S(1),
    ),
    "a steep decay": (
        Integral(60 * u**59 * exp(-(u**60)) / (1 + exp(-(u**60))), (u, 0, oo)),
        log(2),
    ),
    "oscillating": (Integral(exp(-u) * sin(u) ** 2, (u, 0, oo)), Rational(2, 5)),
    "a piecewise tail": (
        Integral(Piecewise((exp(-u), u > 1), (0, True)), (u, 0, oo)),
        exp(-1),
    ),
    "root of a decay": (Integral(sqrt(exp(-u)), (u, 0, oo)), S(2)),
    "root of a bound": (Integral(sqrt(Max(u, 0)) * exp(-u), (u, 0, oo)), sqrt(pi) / 2),
    "root of a sum": (Integral((1 + u**2) ** Rational(-3, 2), (u, 0, oo)), S(1)),
    "on the left": (Integral(1 / u**3, (u, -oo, -1)), -Rational(1, 2)),
    "far from zero": (Integral(exp(-((u - 30) ** 2)), (u, -oo, oo)), sqrt(pi)),
    "a vanishing rate": (Integral(exp(1 / u) / u**2, (u, 1, oo)), E - 1),
    "a distance": (Integral(Abs(u - 1) * exp(-u), (u, 0, oo)), 2 / E),
    "a falling rate": (Integral(exp(-1 / u) / u**2, (u, 1, oo)), 1 - 1 / E),
    "logarithm of a sum": (
        Integral(exp(-u) * log(1 + exp(-u)), (u, 0, oo)),
        2 * log(2) - 1,
    ),
    "logarithm of a decay": (Integral(log(exp(-u)) * exp(-u), (u, 0, oo)), -S(1)),
}


@pytest.mark.parametrize("name", IMPROPER)
def test_an_improper_integral_has_its_value(name):
    assert_equal(*IMPROPER[name])


@pytest.mark.parametrize("name", IMPROPER)
def test_a_slightly_wrong_value_is_refuted(name):
    left, right = IMPROPER[name]
    a, b = both(left, right * (1 + Rational(1, 10**15)))
    assert not a.overlaps(b)


SINGULAR = {
    "a logarithm": (Integral(log(u), (u, 0, 1)), -S(1)),
    "an inverse root at the lower end": (Integral(1 / sqrt(u), (u, 0, 4)), S(4)),
    "at the upper end": (Integral(1 / sqrt(1 - u), (u, 0, 1)), S(2)),
    "far away": (Integral(1 / sqrt(u - 10), (u, 10, 19)), S(6)),
}


@pytest.mark.parametrize("name", SINGULAR)
def test_an_integrable_singularity_at_an_end_is_handled(name):
    assert_equal(*SINGULAR[name])


UNDEFINED = {
    "a pole inside": Integral(1 / u**2, (u, -1, 1)),
    "a pole at an end": Integral(1 / u, (u, 0, 1)),
    "a tail too heavy": Integral(1 / u, (u, 1, oo)),
    "a constant tail": Integral(S(1) + u * 0 + tanh(u), (u, 0, oo)),
    "a growing tail": Integral(exp(u), (u, 0, oo)),
    "an oscillation": Integral(sin(u), (u, 0, oo)),
    "too slow a tail": Integral(u ** (-1 - Rational(1, 2**30)), (u, 1, oo)),
    "a tower": Integral(exp(-u * exp(u)), (u, 0, oo)),
    "a function of what has no form": Integral(σ(tanh(u)) * exp(-u), (u, 0, oo)),
    "a power that moves": d(Integral(u ** (-s - 1), (u, 1, oo)), s),
    "a bound that moves": d(Integral(tanh(s * u) * exp(-u), (u, 0, oo)), s),
    "a singular end that moves": d(Integral(1 / sqrt(u), (u, 0, s)), s),
    "an unknown tail": Integral(unknown("f")(u) * exp(-u), (u, 0, oo)),
    "a root of what is negative": Integral(sqrt(u), (u, -1, 1)),
    "no limits": Integral(u, u),
    "a zero of a denominator": Integral(exp(-u) / (2 - exp(-u) * 3), (u, 0, oo)),
    "a zero in a tail": Integral(exp(-u) / cos(u), (u, 0, oo)),
    "an exponential of a logarithm": Integral(exp(-(log(1 + u) ** 2)), (u, 0, oo)),
    "a power with moving exponent": Integral(Max(u, 2) ** (-u), (u, 0, oo)),
    "a power of a sum": Integral((u + Max(u, 1)) ** Rational(5, 2), (u, 0, oo)),
}


@pytest.mark.parametrize("name", UNDEFINED)
def test_what_has_no_proven_value_is_undefined(name):
    with pytest.raises(UndefinedError):
        value(UNDEFINED[name])


DERIVATIVES = {
    "by a shift": (d(Integral(u * exp(-((u - m) ** 2)), (u, -oo, oo)), m), sqrt(pi)),
    "by a parameter": (d(Integral(u**2 * density, (u, 0, oo)), s), s),
    "by an end": (d(Integral(exp(-(u**2)), (u, x, m)), x), -exp(-(x**2))),
    "by an end of a tail": (d(Integral(exp(-u), (u, x, oo)), x), -exp(-x)),
    "by both": (d(Integral(u * x, (u, 0, x)), x), 3 * x**2 / 2),
    "twice": (d(Integral(exp(-a * u), (u, 0, oo)), a, 2), 2 / a**3),
    "across a jump": (
        d(Integral(Piecewise((x * u, u < 1), (x**2, True)), (u, 0, 2)), x),
        Rational(1, 2) + 2 * x,
    ),
    "inside": (Integral(Derivative(sin(u), u), (u, 0, x)), sin(x)),
}


@pytest.mark.parametrize("name", DERIVATIVES)
def test_an_integral_is_differentiated(name):
    assert_equal(*DERIVATIVES[name])


def test_a_small_integral_is_compared_relative_to_its_size():
    left, right = Integral(exp(-u), (u, x, oo)), exp(-x)
    given = (Eq(x, 100),)
    worlds = make_worlds(Problem((left, right, 2 * right), given), count=4)
    assert refute(left, right, "=", worlds) is None
    assert "is said to equal" in refute(left, 2 * right, "=", worlds)


def test_an_integral_without_parameters_is_evaluated_once():
    left = Integral(exp(-(u**2)), (u, -oo, oo))
    worlds = make_worlds(Problem((left, sqrt(pi) + x - x)))
    assert refute(left, sqrt(pi), "=", worlds) is None
    assert [world.effort > 0 for world in worlds] == [True] + [False] * 7

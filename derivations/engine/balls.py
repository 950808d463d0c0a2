"""Numbers of the refuter: real and complex balls, and infinitesimals added to them.

A *ball* is a python-flint ``arb`` or ``acb``: a midpoint with an error bound that every
operation keeps rigorous. A `Jet` adds infinitesimals to a ball,

    a + b ε₁ + c ε₂ + d ε₁ε₂ + …,      εᵢ² = 0,   εᵢ εⱼ = εⱼ εᵢ,

so that evaluating f at x + ε₁ + ε₂ yields f''(x) as the coefficient of ε₁ε₂. Each
differentiation owns one ε, hence nested and mixed derivatives never get confused. A
function acts on a jet through its Taylor coefficients at the ball, which python-flint
computes; no table of derivatives is written here.

A real ball must lie inside the domain of a function, or an exception says why not. A
complex ball (the variable of an integral) outside it yields a non-finite ball, which is
what the quadrature expects.

One module, because every function must say what it does with a real ball, a complex one
and a jet.
"""

from __future__ import annotations

from fractions import Fraction
from math import factorial
from typing import Any

from flint import acb, acb_series, arb, arb_series

from derivations.engine.effort import spend

__all__ = [
    "IndeterminateError",
    "Jet",
    "KinkError",
    "Number",
    "UndefinedError",
    "absolute",
    "apply",
    "between_zero_and",
    "derivative_part",
    "heaviside",
    "hull",
    "infinitesimal",
    "inverse",
    "log",
    "maximum",
    "power",
    "rational",
    "rational_power",
    "sign",
    "sign_of",
    "sqrt",
    "value_of",
    "whole_power",
]

Number = Any  # arb | acb | Jet: python-flint is untyped


class UndefinedError(Exception):
    """An expression has no value here."""


class IndeterminateError(UndefinedError):
    """The balls are too wide to tell; more precision may help."""


class KinkError(UndefinedError):
    """A derivative is asked for at a point where the function has none."""


class Jet:
    """A ball with infinitesimals: ``parts[mask]`` belongs to the product of some ε.

    Bit i of ``mask`` says whether εᵢ is in the product; ``parts[0]`` always exists.
    """

    __slots__ = ("parts",)

    def __init__(self, parts: dict[int, Number]) -> None:
        self.parts = parts

    def __add__(self, other: Number) -> Jet:
        parts = dict(self.parts)
        if isinstance(other, Jet):
            for mask, part in other.parts.items():
                parts[mask] = parts[mask] + part if mask in parts else part
        else:
            parts[0] = parts[0] + other
        return Jet(parts)

    __radd__ = __add__

    def __neg__(self) -> Jet:
        return Jet({mask: -part for mask, part in self.parts.items()})

    def __sub__(self, other: Number) -> Jet:
        return self + (-other)

    def __rsub__(self, other: Number) -> Jet:
        return (-self) + other

    def __mul__(self, other: Number) -> Jet:
        if isinstance(other, Jet):
            return Jet(_product(self.parts, other.parts))
        return Jet({mask: part * other for mask, part in self.parts.items()})

    __rmul__ = __mul__

    def __truediv__(self, other: Number) -> Jet:
        return self * inverse(other)

    @property
    def order(self) -> int:
        """The highest power of the infinitesimal part that may differ from zero."""
        union = 0
        for mask in self.parts:
            union |= mask
        return union.bit_count()

    def is_constant_zero(self) -> bool:
        """Tell whether every part is exactly zero."""
        return all(part.is_zero() for part in self.parts.values())

    def compose(self, coefficients: list[Number]) -> Jet:
        """Return Σ cₖ Nᵏ for the infinitesimal part N."""
        nil = {mask: part for mask, part in self.parts.items() if mask}
        out, powers = {0: coefficients[0]}, nil
        for coefficient in coefficients[1:]:
            for mask, part in powers.items():
                term = part * coefficient
                out[mask] = out[mask] + term if mask in out else term
            powers = _product(powers, nil)
        return Jet(out)


def _product(left: dict[int, Number], right: dict[int, Number]) -> dict[int, Number]:
    """Multiply the parts of two jets: ε² = 0, so masks must not overlap."""
    number = len(left) * len(right)
    if number > 16:  # else it is no more than looking at a node
        spend(number, "products of infinitesimals")
    parts: dict[int, Number] = {}
    for mask, part in left.items():
        for another, factor in right.items():
            if not mask & another:
                both, term = mask | another, part * factor
                parts[both] = parts[both] + term if both in parts else term
    return parts


def infinitesimal(tag: int) -> Jet:
    """Return the infinitesimal of one tag (a power of two)."""
    return Jet({0: arb(0), tag: arb(1)})


def derivative_part(u: Number, mask: int) -> Number:
    """Return the coefficient of the product of ε in `mask`, itself a number."""
    if not isinstance(u, Jet):
        return arb(0)
    parts = {m ^ mask: part for m, part in u.parts.items() if m & mask == mask}
    parts.setdefault(0, arb(0))
    return Jet(parts) if len(parts) > 1 else parts[0]


def value_of(u: Number) -> Number:
    """Drop the infinitesimals."""
    return u.parts[0] if isinstance(u, Jet) else u


def rational(q: Fraction) -> Number:
    """Return the ball of a rational number."""
    return arb(q.numerator) / q.denominator if q.denominator != 1 else arb(q.numerator)


def _nowhere(u: Number) -> Number:
    """Return a non-finite complex number with the same infinitesimals as u."""
    nothing = acb(arb.nan())
    return Jet(dict.fromkeys(u.parts, nothing)) if isinstance(u, Jet) else nothing


def _off_the_cut(z: Any) -> bool:
    """Tell whether a complex ball avoids the branch cut (-∞, 0]."""
    return bool(z.real > 0) or not z.imag.contains(0)


def sign_of(u: Number) -> int:
    """Return the sign of the (real part of the) value: -1, 0 or 1."""
    v = value_of(u)
    v = v.real if isinstance(v, acb) else v
    if v > 0:
        return 1
    if v < 0:
        return -1
    if v.is_zero():
        return 0
    msg = f"the sign of {v.str(5)} cannot be told"
    raise IndeterminateError(msg)


# -------------------------------------------------------------- analytic functions


def _hyperbolic(v: Number, order: int, names: tuple[str, str]) -> list[Number]:
    pair = [getattr(v, name)() for name in names]
    return [pair[k % 2] / factorial(k) for k in range(order + 1)]


def _tanh_coefficients(v: Number, order: int) -> list[Number]:
    # y' = 1 - y², coefficient by coefficient
    c = [v.tanh()]
    for k in range(order):
        square = sum((c[j] * c[k - j] for j in range(k + 1)), 0 * v)
        c.append((int(k == 0) - square) / (k + 1))
    return c


def _taylor(name: str, v: Number, order: int) -> list[Number]:
    """Return the Taylor coefficients of a named function at a ball."""
    if name == "sinh":
        return _hyperbolic(v, order, ("sinh", "cosh"))
    if name == "cosh":
        return _hyperbolic(v, order, ("cosh", "sinh"))
    if name == "tanh":
        return _tanh_coefficients(v, order)
    series = (acb_series if isinstance(v, acb) else arb_series)([v, 1], order + 1)
    return [getattr(series, name)()[k] for k in range(order + 1)]


def apply(name: str, u: Number) -> Number:
    """Apply a function that is analytic where u lies: exp, sin, erf, ….

    Parameters
    ----------
    name : str
        The name of a method of ``arb``, ``acb`` and their series.
    u : Number
        The argument.
    """
    if isinstance(u, Jet):
        return u.compose(_taylor(name, u.parts[0], u.order))
    return getattr(u, name)()


def inverse(u: Number) -> Number:
    """Return 1/u; u must not contain zero."""
    v = value_of(u)
    if isinstance(v, int):
        return arb(1) / v
    if v.contains(0) and not isinstance(v, acb):
        if v.is_zero():
            msg = "division by zero"
            raise UndefinedError(msg)
        msg = f"a denominator, {v.str(5)}, cannot be told from zero"
        raise IndeterminateError(msg)
    if not isinstance(u, Jet):
        return 1 / u
    w, c = 1 / v, [1 / v]
    for _ in range(u.order):
        c.append(-c[-1] * w)
    return u.compose(c)


def log(u: Number, *, analytic: bool = False) -> Number:
    """Return the natural logarithm; u must be positive (or complex, off the cut)."""
    v = value_of(u)
    if isinstance(v, acb):
        off = not analytic and not isinstance(u, Jet)
        return apply("log", u) if off or _off_the_cut(v) else _nowhere(u)
    if not v > 0:
        if v <= 0:
            msg = f"logarithm of {v.str(5)}"
            raise UndefinedError(msg)
        msg = f"the argument of a logarithm, {v.str(5)}, cannot be told from zero"
        raise IndeterminateError(msg)
    return apply("log", u)


def sqrt(u: Number, *, analytic: bool = False) -> Number:
    """Return the square root; u must be nonnegative (or complex, off the cut)."""
    v = value_of(u)
    if isinstance(v, acb):
        off = not analytic and not isinstance(u, Jet)
        return apply("sqrt", u) if off or _off_the_cut(v) else _nowhere(u)
    if v < 0:
        msg = f"square root of {v.str(5)}"
        raise UndefinedError(msg)
    if v.is_zero():
        return _power_at_zero(u, "a square root")
    if not v >= 0 or (isinstance(u, Jet) and not v > 0):
        msg = f"the argument of a square root, {v.str(5)}, cannot be told from zero"
        raise IndeterminateError(msg)
    return apply("sqrt", u)


def _power_at_zero(u: Number, what: str) -> Number:
    """Return 0 for 0**q, q > 0, unless u moves: then there is no derivative."""
    if isinstance(u, Jet) and not u.is_constant_zero():
        msg = f"{what} has no derivative at 0"
        raise KinkError(msg)
    return u


def whole_power(u: Number, k: int) -> Number:
    """Return u**k for an integer k; 0**0 is 1."""
    if k < 0:
        return inverse(whole_power(u, -k))
    out, square, n = arb(1), u, k
    while n:
        out = out * square if n & 1 else out
        n >>= 1
        square = square * square if n else square
    if k and k % 2 == 0 and type(out) is arb and not out >= 0:
        return between_zero_and(out.upper())
    return out


def between_zero_and(upper: Number) -> Number:
    """Return a ball whose lower end is exactly 0."""
    around = arb(0, upper / 2)
    return around + around.rad()  # exact: the radius stays what it is


def rational_power(u: Number, q: Fraction, *, analytic: bool = False) -> Number:
    """Return u**q for a rational number q; whole and half exponents exactly so."""
    if q.denominator == 1:
        return whole_power(u, q.numerator)
    if q.denominator == 2:
        return whole_power(sqrt(u, analytic=analytic), q.numerator)
    return power(u, rational(q), analytic=analytic)


def power(u: Number, p: Number, *, analytic: bool = False) -> Number:
    """Return u**p = exp(p log u) for a positive u, and 0**p = 0 for a positive p."""
    if not isinstance(value_of(u), acb) and value_of(u).is_zero() and sign_of(p) > 0:
        return _power_at_zero(u, "a power")
    return apply("exp", p * log(u, analytic=analytic))


# -------------------------------------------------------------- functions with kinks


def _choose(u: Number, positive: Number, negative: Number, what: str) -> Number:
    """Return one of two numbers by the sign of u; equal ones where u vanishes."""
    s = sign_of(u)
    if s:
        return positive if s > 0 else negative
    if isinstance(u, Jet) and not u.is_constant_zero():
        msg = f"{what} has no derivative at its kink"
        raise KinkError(msg)
    return positive


def absolute(u: Number, *, analytic: bool = False) -> Number:
    """Return |u|."""
    if isinstance(u, Jet):
        return _choose(u, u, -u, "the absolute value")
    return u.real_abs(analytic=analytic) if isinstance(u, acb) else abs(u)


def maximum(a: Number, b: Number, *, analytic: bool = False) -> Number:
    """Return the greater of two numbers."""
    if isinstance(a, Jet) or isinstance(b, Jet):
        return _choose(a - b, a, b, "the maximum")
    if isinstance(a, acb) or isinstance(b, acb):
        return acb(a).real_max(acb(b), analytic=analytic)
    return a.max(b)


def hull(a: Number, b: Number) -> Number:
    """Return a number that contains both."""
    if isinstance(a, Jet) or isinstance(b, Jet):
        left, right = (u.parts if isinstance(u, Jet) else {0: u} for u in (a, b))
        masks = left.keys() | right.keys()
        return Jet({m: hull(left.get(m, arb(0)), right.get(m, arb(0))) for m in masks})
    if isinstance(a, acb) or isinstance(b, acb):
        return acb(a).union(acb(b))
    return a.union(b)


def _step(u: Number, levels: tuple[Number, Number, Number], what: str) -> Number:
    """Return a level by the sign of u, locally constant away from zero."""
    s = sign_of(u)
    if s == 0 and isinstance(u, Jet) and not u.is_constant_zero():
        msg = f"{what} has no derivative at 0"
        raise KinkError(msg)
    return levels[s + 1]


def sign(u: Number) -> Number:
    """Return -1, 0 or 1."""
    return _step(u, (arb(-1), arb(0), arb(1)), "the sign")


def heaviside(u: Number) -> Number:
    """Return 0 below zero, 1/2 at zero, 1 above."""
    return _step(u, (arb(0), arb(1) / 2, arb(1)), "the unit step")

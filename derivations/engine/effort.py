"""What a verdict may cost: work is counted, never timed.

A *unit* is about the work of looking at one node of an expression; to make one term
with SymPy costs about `TERM` of them. Every step of a derivation has a budget of
`BUDGET` units, which lasts for a few seconds; so have the choice of worlds and the
audit. Prover, refuter and audit spend from the one that is open. When it is used up,
`TooLarge` says on what, and the derivation is refused: a verdict never depends on how
fast a machine is, and nothing is accepted on less evidence because work ran out.

Where SymPy does much in one call, the size of that is predicted and paid for before:
by `expand`, `together`, `factor` and `factorized`, which are SymPy's but for that, and
by `pay_for_numbers` wherever numbers are put into powers and factorials.

Outside of any budget, work is counted without a limit.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache
from math import comb, inf, prod
from typing import Any

import sympy
from sympy import Expr, Integer, Pow, Rational, binomial, factorial

from derivations.engine.language import Defined

__all__ = [
    "BUDGET",
    "DEPTH",
    "HIGHEST",
    "NODES",
    "TERM",
    "TooLarge",
    "admit",
    "budget",
    "counted",
    "expand",
    "factor",
    "factorized",
    "nodes",
    "pay_for_numbers",
    "spend",
    "together",
]

#: What a step may cost, in units (usual: some thousands).
BUDGET = 4_000_000
#: What it costs to make one term with SymPy, in units.
TERM = 500
#: How large an expression may be when it is written, in nodes (usual: dozens).
NODES = 5_000
#: How deep it may be nested.
DEPTH = 200

#: How large the exponent of a number may be that is no fraction.
HIGHEST = 10**6

_TERMS = "terms multiplied out"
_TOWERS = (sympy.exp, sympy.cosh, sympy.sinh, Pow)
_LOOPS = (sympy.Sum, sympy.Product, sympy.Integral, sympy.Derivative, Defined)


class TooLarge(Exception):  # noqa: N818 - an answer: not decided
    """A question takes more work than a verdict may cost; the message says what."""


class _Meter:
    """What is left of a budget, and what the rest went into."""

    def __init__(self, units: float) -> None:
        self.left = units
        self.counts: Counter[str] = Counter()
        self.costs: Counter[str] = Counter()


_METER: ContextVar[_Meter] = ContextVar("effort")
_UNLIMITED = _Meter(inf)


@contextmanager
def budget() -> Iterator[None]:
    """Open a budget for all that is done inside, apart from any that is open."""
    token = _METER.set(_Meter(BUDGET))
    try:
        yield
    finally:
        _METER.reset(token)


def spend(number: int, what: str, *, each: int = 1) -> None:
    """Pay for work before it is done.

    Parameters
    ----------
    number : int
        How many things are to be made, or looked at.
    what : str
        What they are, in the plural.
    each : int
        How many units one of them costs.

    Raises
    ------
    TooLarge
        If the budget does not last.
    """
    meter = _METER.get(_UNLIMITED)
    meter.counts[what] += number
    meter.costs[what] += number * each
    meter.left -= number * each
    if meter.left < 0:
        ((most, _),) = meter.costs.most_common(1)
        msg = f"too large: this takes {_short(meter.counts[most])} {most} or more"
        raise TooLarge(msg)


def counted(what: str) -> int:
    """Return how many things of a kind have been paid for, from what is open now."""
    return _METER.get(_UNLIMITED).counts[what]


def admit(e: Any) -> None:
    """Refuse an expression that is too large to be looked at.

    Raises
    ------
    TooLarge
        If it has more than `NODES` nodes, is nested more than `DEPTH` deep, or has a
        number beyond exp(`HIGHEST`).
    """
    try:
        number, depth = _measure(e)
    except RecursionError:
        number, depth = 0, DEPTH + 1
    if depth > DEPTH:
        msg = f"too large: an expression nested more than {DEPTH} deep"
        raise TooLarge(msg)
    if number > NODES:
        msg = f"too large: an expression of {_short(number)} parts, at most {NODES}"
        raise TooLarge(msg)
    # The inner ones first: what stands in an exponent has been found small enough.
    for tower in sorted(e.atoms(*_TOWERS), key=nodes):
        exponent = tower.args[-1]
        if exponent.is_Rational or not exponent.is_number or exponent.has(*_LOOPS):
            continue
        value = abs(exponent.n(3))
        if value.is_comparable and value > HIGHEST:
            msg = f"too large: a number with an exponent of {value}"
            raise TooLarge(msg)


def _short(number: int) -> str:
    return str(number) if number < 10**12 else f"2**{number.bit_length() - 1}"


# ------------------------------------------------------------------------- sizes


def nodes(e: Any) -> int:
    """Return the size of an expression, with the definitions it uses.

    Long numbers and high powers count for more than one.
    """
    return _measure(e)[0]


@lru_cache(maxsize=100_000)
def _measure(e: Any) -> tuple[int, int]:
    """Return how many nodes an expression has, and how deep they are nested."""
    if isinstance(e, Rational):
        bits = int(e.p).bit_length() + int(e.q).bit_length()
        return max(1, bits // 2 - 2), 1
    size, depth = 1, 0
    for part in (*e.args, type(e).body) if isinstance(e, Defined) else e.args:
        number, height = _measure(part)
        size, depth = size + number, max(depth, height)
    if isinstance(e, Pow) and isinstance(e.exp, Rational):
        size += abs(int(e.exp)) // 4
    return size, depth + 1


@lru_cache(maxsize=100_000)
def _expansion(e: Any) -> tuple[int, int]:
    """Return how many terms e has when multiplied out, and how many are made for it.

    Like terms count apart: SymPy gathers them after it has made them.
    """
    if not e.args:
        return 1, 0
    parts = [_expansion(a) for a in e.args]
    made = sum(inside for _, inside in parts)
    if e.is_Add:
        return sum(terms for terms, _ in parts), made
    if e.is_Mul:
        terms = prod(terms for terms, _ in parts)
        return terms, made + (terms if terms > 1 else 0)
    if e.is_Pow and e.exp.is_Rational and parts[0][0] > 1:
        times = abs(int(e.exp))
        terms = comb(parts[0][0] + times - 1, times)
        # The coefficients are long numbers.
        return (terms if e.exp > 0 else 1), made + terms * (1 + times // 100)
    return 1, made


def expand(e: Any, **hints: bool) -> Any:
    """Multiply out, with SymPy's `expand`."""
    spend(nodes(e), "parts of what is multiplied out", each=10)
    spend(_expansion(e)[1], _TERMS, each=TERM)
    return sympy.expand(e, **hints)


def together(e: Expr) -> Expr:
    """Write over one denominator, with SymPy's `together`."""
    spend(_fractions(e), "factors over one denominator", each=150)
    return sympy.together(e)


def _fractions(e: Any) -> int:
    """Bound the factors over one denominator: each term takes those of all others."""
    inside = sum(map(_fractions, e.args))
    if not e.is_Add:
        return inside
    factors = {f for term in e.args for f in sympy.Mul.make_args(term)}
    under = [f for f in factors if f.is_Pow and f.exp.as_coeff_Mul()[0].is_negative]
    return inside + len(e.args) * (1 + len(under))


def factor(e: Expr) -> Expr:
    """Factor a polynomial, with SymPy's `factor`: its cost grows with the degree."""
    degrees = _degrees(e)
    degree = sum(degrees.values())
    cost = degree**2 if len(degrees) < 2 else 20 * degree**3
    spend(_expansion(e)[1], _TERMS, each=TERM)
    spend(degree, "degrees of a polynomial to factor", each=cost // max(1, degree))
    return sympy.factor(e)


def _degrees(e: Any) -> dict[Any, int]:
    """Bound the degree of e in each of its generators."""
    if e.is_Add or e.is_Mul:
        found: dict[Any, int] = {}
        for part in map(_degrees, e.args):
            for generator, degree in part.items():
                before = found.get(generator, 0)
                found[generator] = before + degree if e.is_Mul else max(before, degree)
        return found
    if e.is_Number:
        return {}
    base, exponent = e.as_base_exp()
    times, kernel = exponent.as_coeff_Mul()
    times = max(1, abs(int(times)))
    if kernel != 1 or not base.is_Add:
        return {(base, kernel): times}
    return {g: times * degree for g, degree in _degrees(base).items()}


def factorized(number: Rational) -> dict[Any, int]:
    """Return factors and their exponents: primes, but for what has only large ones."""
    bits = int(number.p).bit_length() + int(number.q).bit_length()
    spend(bits, "bits of a number to factor", each=4 * bits)
    return dict(sympy.factorrat(number, limit=2**15))


def pay_for_numbers(e: Any, values: Mapping[Any, Any]) -> None:
    """Pay for the powers and factorials of numbers that appear when they are put in.

    SymPy works them out as soon as they are written.
    """
    numbers = [int(abs(v)) for v in values.values() if isinstance(v, Integer)]
    largest = max(numbers, default=0)
    for q in e.atoms(Pow, factorial, binomial) if largest > 1 else ():
        if not isinstance(q, Pow):
            spend(largest, "factors of one number", each=20)
        elif q.exp.is_Rational:
            bits = abs(int(q.exp)) * largest.bit_length()
            spend(bits, "digits of one number")
        elif not q.exp.is_number:
            spend(largest, "digits of one number")

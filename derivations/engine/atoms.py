"""Numbers that stand in for atoms: exact, reproducible, of widely different sizes.

Everything drawn is a pure function of names and counters, never of the order in which
things are visited, so that a refusal can be reproduced.
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from hashlib import blake2b
from typing import Any

from sympy import IndexedBase

from derivations.engine.balls import Number, value_of
from derivations.engine.evaluation import Key
from derivations.engine.language import Probability

__all__ = ["SCALES", "allowed", "in_order", "number_for", "random_bits", "stretch"]

# numerators from..to (made odd) over a power of two
_RANGES = {
    "small": (1, 255, 2**14),
    "moderate": (129, 4095, 2**10),
    "large": (513, 2559, 2**6),
    "huge": (801, 4001, 2**3),
}
# "mixed" decides for each atom; "zeros" is moderate, with zeros in between.
SCALES = (*_RANGES, "mixed", "zeros")


def random_bits(*parts: object) -> int:
    """Return 64 bits that depend on the parts and on nothing else."""
    text = repr(parts).encode()
    return int.from_bytes(blake2b(text, digest_size=8).digest(), "big")


def in_order(keys: Iterable[Key]) -> list[Key]:
    """Return atoms in alphabetical order."""
    return sorted(keys, key=lambda key: (str(key[0]), key[1:]))


def _declaration(key: Key) -> Any:
    """Return the symbol that carries the assumptions of an atom."""
    return key[0].args[0] if isinstance(key[0], IndexedBase) else key[0]


def _fraction(scale: str, bits: int) -> Fraction:
    lo, hi, denominator = _RANGES[scale]
    return Fraction(lo + bits % (hi - lo) | 1, denominator)


def _probability(scale: str, bits: int) -> Fraction:
    if scale in ("moderate", "zeros"):
        return Fraction(bits % 820 + 102, 1024)
    edge = _fraction("small", bits) / 2
    return edge if scale == "small" else 1 - edge


def number_for(key: Key, scale: str, bits: int) -> Fraction:
    """Return a number of about the given scale that an atom may take.

    Parameters
    ----------
    key : tuple
        The atom.
    scale : str
        One of `SCALES`.
    bits : int
        Randomness.
    """
    symbol = _declaration(key)
    bits, flip = divmod(bits, 2)
    bits, pick = divmod(bits, 12)
    if scale == "mixed":
        scale = ("small", "moderate", "large")[pick % 3]
    if isinstance(symbol, Probability):
        return _probability(scale, bits)
    if scale == "zeros":
        if pick % 4 == 0 and not (symbol.is_positive or symbol.is_negative):
            return Fraction(0)
        scale = "moderate"
    size = _fraction(scale, bits)
    if symbol.is_nonnegative:
        return size
    return -size if flip or symbol.is_nonpositive else size


def allowed(key: Key, number: Number) -> bool:
    """Tell whether an atom may take a value, by its declaration."""
    symbol = _declaration(key)
    if isinstance(symbol, Probability):
        return bool(number > 0) and bool(number < 1)
    wanted = (
        (symbol.is_positive, number > 0),
        (symbol.is_negative, number < 0),
        (symbol.is_nonnegative, number >= 0),
        (symbol.is_nonpositive, number <= 0),
        (symbol.is_nonzero, not number.contains(0)),
    )
    return all(holds for declared, holds in wanted if declared)


def stretch(key: Key, number: Number) -> Number:
    """Return how far an atom may move: in proportion to itself if it keeps a sign."""
    symbol = _declaration(key)
    if isinstance(symbol, Probability):
        return number * (1 - number)
    if symbol.is_nonnegative or symbol.is_nonpositive:
        return abs(number)
    return 0 * value_of(number) + 1

"""Inputs on which accuracy is measured: every float16, all kinds of others."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from reference.conformance.accuracy_truth import UNARY, Unary

__all__ = ["BLOCKS", "LENGTHS", "block", "families", "inputs", "of_domain"]

Array = NDArray[Any]

# All float32 patterns are swept in so many blocks, each in pieces of one binade.
BLOCKS = 256
_PIECE = 1 << 16

# Rows of so many scores, and how many rows of each kind.
LENGTHS = {2: 24, 10: 12, 1000: 1}

# Where formulas change hands, or their terms do.
_HARD = (
    *(np.log(2), 0.5, 1.0, 1.5, 2.0, 8.0, 20.0, 36.7368005696771, 37.42994775023705),
    *(88.7228, 103.97, 708.3964185322641, 709.782712893384, 744.44, 745.1332191019411),
    *(5.5, 8.375, 38.5, 16.6, 0.2784645427610738, 1.2784645427610738, 0.7517915241),
)


def of_domain(function: Unary, x: Array) -> Array:
    """Keep the finite inputs that a function has a value at, which is no choice."""
    low, high = function.domain
    inside = np.isfinite(x)
    if np.isfinite(low):  # the function is infinite at these ends
        inside &= (x > low) & (x < high)
    if function.free_at_zero:
        inside &= x != 0
    return x[inside]


def inputs(name: str, dtype: Any) -> Array:
    """Return inputs of one function in one dtype, always the same ones."""
    function = UNARY[name]
    if np.dtype(dtype) == np.float16:
        return of_domain(function, np.arange(1 << 16, dtype=np.uint16).view(np.float16))
    single = np.dtype(dtype) == np.float32
    x = _float32() if single else _float64()
    if np.isfinite(function.domain[0]):
        unit = np.random.default_rng(3).random(1 << (16 if single else 10))
        x = np.concatenate([x, unit.astype(dtype)])
    return of_domain(function, np.concatenate([x, _around_hard(x.dtype)]))


def _float32() -> Array:
    """Return inputs of every binade, more of those where functions bend."""
    random = np.random.default_rng(1)
    binades = np.arange(255, dtype=np.uint32)
    few = (binades[:, None] << 23) | _mantissas(random, (255, 1 << 10), 23)
    bent = binades[100:136]
    many = (bent[:, None] << 23) | _mantissas(random, (36, 1 << 14), 23)
    bits = np.concatenate([few.ravel(), many.ravel()]).astype(np.uint32)
    bits[:2] = 0, 1
    x = bits.view(np.float32)
    return np.concatenate([x, -x])


def _float64() -> Array:
    """Return inputs of every fourth binade, and many where functions bend."""
    random = np.random.default_rng(2)
    binades = np.arange(0, 2047, 4, dtype=np.uint64)
    few = (binades << np.uint64(52)) | _mantissas(random, 512, 52)
    bent = np.arange(983, 1034, dtype=np.uint64)[:, None] << np.uint64(52)
    many = bent | _mantissas(random, (51, 20), 52)
    x = np.concatenate([few, many.ravel()]).view(np.float64)
    plain = [random.uniform(0, 40, 300), random.uniform(0, 746, 200)]
    x = np.concatenate([x, [0.0, 5e-324, 2.0**-1022], *plain])
    return np.concatenate([x, -x])


def _mantissas(random: np.random.Generator, shape: Any, bits: int) -> Array:
    kind = np.uint32 if bits == 23 else np.uint64
    return random.integers(0, 1 << bits, shape, dtype=kind)


def _around_hard(dtype: Any) -> Array:
    """Return neighbors of the places where formulas change hands."""
    center = np.array(_HARD).astype(dtype)
    steps = np.arange(-4, 5)[:, None] * np.spacing(center)
    x = (center + steps.astype(dtype)).ravel()
    return np.concatenate([x, -x])


def block(function: Unary, number: int) -> list[tuple[Array, int]]:
    """Return one block of all float32 patterns, in pieces of one binade.

    Returns
    -------
    list of (x, first pattern)
    """
    size = (1 << 32) // BLOCKS
    pieces = []
    for first in range(number * size, (number + 1) * size, _PIECE):
        bits = np.arange(first, first + _PIECE, dtype=np.int64).astype(np.uint32)
        x = bits.view(np.float32)
        whole = not np.isfinite(function.domain[0]) and not function.free_at_zero
        if not whole or first >> 23 & 255 == 255:
            x = of_domain(function, x)
        if len(x):
            pieces.append((x, first))
    return pieces


def families(length: int, dtype: Any) -> dict[str, Array]:
    """Return rows of scores by kind: what a trained network, or a bug, produces."""
    count = LENGTHS[length]
    random = np.random.default_rng(length)
    normal = random.normal(size=(count, length))
    shares = random.dirichlet(np.ones(length), count)
    first = np.arange(length) == 0
    wide = 10.0 if np.dtype(dtype) == np.float16 else 100.0
    kinds = {
        "normal": normal,
        "normal times 10": 10 * normal,
        "far apart": random.uniform(-wide, wide, (count, length)),
        "offset 10000": 1e4 + normal,
        "log-probabilities": np.log(shares + 1e-30),
        "one dominant": np.where(first, 30.0, normal),
        "largest 0, others -10 to -50": np.where(
            first, 0.0, random.uniform(-50, -10, (count, length))
        ),
        "almost equal": 1 + 1e-3 * normal,
        "deep tail": np.where(first, 0.0, -random.uniform(50, 700, (count, length))),
    }
    return {kind: rows.astype(dtype) for kind, rows in kinds.items()}

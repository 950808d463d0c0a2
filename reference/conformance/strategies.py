"""Inputs worth trying: the ordinary ones, and the ones where formulas go wrong.

Hypothesis already prefers simple numbers. What it cannot know is where floating
point runs out: the exponentials overflow or vanish at 11.1, 17, 37, 88.7, 104, 709.8
and 745.1, and a difference of nearly equal numbers loses its digits near zero. Those
places are mixed into every strategy that draws numbers.
"""

from collections.abc import Callable
from functools import lru_cache
from typing import Any, TypeVar, cast

import numpy as np
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

__all__ = [
    "bits",
    "distributions",
    "float_arrays",
    "generators",
    "labels",
    "probabilities",
    "reals",
    "rows",
    "same_shape",
    "seeds",
    "shapes",
    "vectors",
]

Strategy = st.SearchStrategy[Any]

Maker = TypeVar("Maker", bound=Callable[..., Any])


def kept(maker: Maker) -> Maker:
    """Make each strategy once: a law asks for the same one in every example."""
    return cast("Maker", lru_cache(maxsize=1024)(maker))


# Just past the places where float16, float32 and float64 exponentials run out.
_EDGES = (1e-300, 1e-20, 1e-8, 1e-3, 11.5, 17.0, 20.5, 40.0, 89.0, 105.0, 710.0, 745.2)


@kept
def shapes(*, min_dims: int = 0, max_dims: int = 2, max_side: int = 4) -> Strategy:
    """Shapes without empty axes; a scalar's shape is ``()``."""
    return hnp.array_shapes(min_dims=1, max_dims=max_dims, max_side=max_side) | (
        st.just(()) if min_dims == 0 else st.nothing()
    )


@kept
def reals(magnitude: float = 1e3) -> Strategy:
    """Finite floats up to ``magnitude`` in size, none of them subnormal."""
    edges = [sign * x for x in _EDGES if x <= magnitude for sign in (1.0, -1.0)]
    anything = st.floats(-magnitude, magnitude, allow_subnormal=False)
    return anything | st.sampled_from([0.0, *edges])


@kept
def vectors(*, k: int | None = None, max_size: int = 6, magnitude: float = 1e3) -> Any:
    """Float64 arrays of shape (k,), or of any length from 1 to ``max_size``."""
    length = st.just(k) if k is not None else st.integers(1, max_size)
    return hnp.arrays(np.float64, length, elements=reals(magnitude))


@kept
def rows(
    *, k: int | None = None, n: int | None = None, magnitude: float = 1e3
) -> Strategy:
    """Float64 arrays of shape (n, k): samples are rows."""
    samples = st.just(n) if n is not None else st.integers(1, 4)
    width = st.just(k) if k is not None else st.integers(1, 6)
    shape = st.tuples(samples, width)
    return hnp.arrays(np.float64, shape, elements=reals(magnitude))


@kept
def same_shape(count: int, *, magnitude: float = 1e3, max_dims: int = 2) -> Strategy:
    """Tuples of ``count`` float64 arrays that share one shape."""

    @kept
    def arrays(shape: tuple[int, ...]) -> Strategy:
        one = hnp.arrays(np.float64, shape, elements=reals(magnitude))
        return st.tuples(*[one] * count)

    return shapes(min_dims=1, max_dims=max_dims).flatmap(arrays)


@kept
def probabilities(
    *, shape: Any = None, open_ended: bool = False, smallest: float = 1e-300
) -> Strategy:
    """Float64 arrays with entries in [0, 1], or in (0, 1) when ``open_ended``.

    No entry lies nearer to 0 than ``smallest`` without being 0.
    """
    near_one = float(np.nextafter(1.0, 0.0))
    inside = (
        st.floats(smallest, near_one)
        | st.floats(-0.25, 0.25).map(lambda h: 0.5 + h)  # also within 1e-16 of 1/2
        | st.sampled_from([0.5, 1e-3, 0.999, max(1e-20, smallest), near_one])
    )
    ends = st.nothing() if open_ended else st.sampled_from([0.0, 1.0])
    where = shapes(min_dims=1, max_dims=1) if shape is None else shape
    return hnp.arrays(np.float64, where, elements=inside | ends)


@kept
def distributions(
    k: int | None = None, *, n: int | None = None, positive: bool = False
) -> Strategy:
    """Rows of k numbers in [0, 1] that sum to 1, in shape (n, k).

    One-hot rows are among them; with ``positive`` no entry is 0.
    """
    low = 1 if positive else 0

    def normalized(counts: Any) -> Any:
        total = counts.sum(axis=1, keepdims=True)
        counts = counts + (total == 0)  # a row of zeros becomes the uniform one
        return counts / counts.sum(axis=1, keepdims=True)

    samples = st.just(n) if n is not None else st.integers(1, 4)
    width = st.just(k) if k is not None else st.integers(1, 6)
    weight = st.integers(low, 9) | st.sampled_from([low, 1, 1000])
    counts = hnp.arrays(np.float64, st.tuples(samples, width), elements=weight)
    return counts.map(normalized)


@kept
def labels(n: int, k: int) -> Strategy:
    """Arrays of n class labels below k."""
    return hnp.arrays(np.int64, n, elements=st.integers(0, k - 1))


@kept
def bits(shape: Any = 4) -> Strategy:
    """Float64 arrays of zeros and ones."""
    return hnp.arrays(np.float64, shape, elements=st.sampled_from([0.0, 1.0]))


@kept
def float_arrays(
    dtype: Any = np.float64,
    *,
    shape: Any = None,
    magnitude: float = 1e3,
    special: bool = False,
) -> Strategy:
    """Arrays of one floating dtype; ``special`` adds NaN, infinities and subnormals."""
    limits = np.finfo(dtype)
    most = float(min(np.float64(magnitude), limits.max))
    tiny = float(limits.tiny)
    elements = reals(most).map(
        lambda x: float(np.asarray(x if abs(x) >= tiny else 0.0, dtype=dtype))
    )
    if special:
        lowest = float(limits.smallest_subnormal)
        elements |= st.sampled_from([np.nan, np.inf, -np.inf, lowest, -lowest, -0.0])
    where = shapes(min_dims=1) if shape is None else shape
    return hnp.arrays(dtype, where, elements=elements)


@kept
def seeds() -> Strategy:
    """Seeds of random generators."""
    return st.integers(0, 2**32 - 1)


@kept
def generators() -> Strategy:
    """NumPy random generators, freshly seeded."""
    return seeds().map(np.random.default_rng)

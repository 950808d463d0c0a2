"""Walk with an optimizer that one knows nothing about but its two functions.

The steps to walk are drawn here too: what the laws of several optimizers share.
"""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

import numpy as np
import pytest
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from numpy.typing import NDArray

from reference.conformance.strategies import shapes

__all__ = [
    "GRADIENTS",
    "HALVES",
    "NARROW",
    "NONZERO",
    "RATES",
    "SIZES",
    "descend",
    "each_twice",
    "episodes",
    "misfits_are_named",
    "sequences",
    "steps",
    "walk",
    "with_rates",
]

# Whole gradients, and rates and momenta that are halves: all sums are exact.
RATES = st.sampled_from([1.0, 0.5, 0.125])
HALVES = st.sampled_from([0.5, 0.25, 0.75])

# A law for each narrow dtype that the target keeps.
NARROW = pytest.mark.parametrize(
    "dtype",
    [
        pytest.param(np.float16, marks=pytest.mark.needs("float16")),
        pytest.param(np.float32, marks=pytest.mark.needs("float32")),
    ],
)

# Gradients that are far above most epsilons, or zero.
SIZES = st.floats(1e-3, 1e3) | st.sampled_from([1e-3, 1.0])
NONZERO = SIZES | SIZES.map(lambda x: -x)
GRADIENTS = st.just(0.0) | NONZERO


# ------------------------------------------------------------------- what is walked


@st.composite
def episodes(
    draw: st.DrawFn, *, max_steps: int = 6
) -> tuple[NDArray[Any], list[NDArray[Any]]]:
    """Draw parameters and gradients of one shape, all of small whole numbers."""
    shape = draw(shapes())
    whole = hnp.arrays(np.float64, shape, elements=st.integers(-8, 8).map(float))
    return draw(whole), draw(st.lists(whole, min_size=1, max_size=max_steps))


@st.composite
def sequences(
    draw: st.DrawFn,
    *,
    elements: st.SearchStrategy[float] = GRADIENTS,
    max_steps: int = 5,
) -> NDArray[np.float64]:
    """Draw some gradients of one to three parameters, a row for each step."""
    shape = draw(st.tuples(st.integers(1, max_steps), st.integers(1, 3)))
    return draw(hnp.arrays(np.float64, shape, elements=elements))


# --------------------------------------------------------------------------- walkers


def walk(
    init: Callable[..., Any],
    step: Callable[..., Any],
    start: NDArray[Any],
    gradients: Iterable[NDArray[Any]],
    **options: float,
) -> list[NDArray[Any]]:
    """Return where an optimizer stands after each of these gradients."""
    params, state, path = start, init(start), []
    for gradient in gradients:
        params, state = step(params, gradient, state, **options)
        path.append(np.asarray(params))
    return path


def descend(
    init: Callable[..., Any],
    step: Callable[..., Any],
    start: NDArray[Any],
    gradient: Callable[[NDArray[Any]], NDArray[Any]],
    steps: int,
    **options: float,
) -> list[NDArray[Any]]:
    """Return where an optimizer stands after each step down a loss."""
    params, state, path = start, init(start), []
    for _ in range(steps):
        params, state = step(params, gradient(params), state, **options)
        path.append(np.asarray(params))
    return path


def steps(
    init: Callable[..., Any],
    step: Callable[..., Any],
    gradients: Iterable[NDArray[Any]],
    **options: float,
) -> NDArray[Any]:
    """Return the step taken at each of these gradients: what is subtracted.

    The parameters are put back to 0 before each one, so that nothing is lost against
    them.
    """
    taken: list[NDArray[Any]] = []
    state: Any = None
    for gradient in gradients:
        origin = np.zeros(np.shape(gradient), np.asarray(gradient).dtype)
        state = state if taken else init(origin)
        params, state = step(origin, gradient, state, **options)
        taken.append(-np.asarray(params))
    return np.array(taken)


def each_twice(
    init: Callable[..., Any],
    step: Callable[..., Any],
    start: NDArray[Any],
    gradients: Iterable[NDArray[Any]],
    **options: float,
) -> Iterator[tuple[NDArray[Any], NDArray[Any]]]:
    """Take every step of a walk twice, from the same state; both lead to one place."""
    params, state = start, init(start)
    for gradient in gradients:
        first, after = step(params, gradient, state, **options)
        again, _ = step(params, gradient, state, **options)
        yield np.asarray(first), np.asarray(again)
        params, state = first, after


def with_rates(
    init: Callable[..., Any],
    step: Callable[..., Any],
    gradients: NDArray[Any],
    rates: tuple[float, float],
) -> Iterator[tuple[NDArray[Any], ...]]:
    """Take every step from 0 with either rate; the walk goes on with the second."""
    origin = 0 * gradients[0]
    state = init(origin)
    for gradient in gradients:
        ends = [step(origin, gradient, state, learning_rate=rate) for rate in rates]
        yield tuple(np.asarray(params) for params, _ in ends)
        state = ends[-1][1]


# ---------------------------------------------------------------------- the contract


def misfits_are_named(
    init: Callable[..., Any], step: Callable[..., Any], kind: str, **options: float
) -> None:
    """Require an error that names the argument where shapes or a state do not fit."""
    two, three = np.ones(2), np.ones(3)
    state = init(two)
    message = r"^shapes must be equal: params \(2,\), grad \(3,\)$"
    with pytest.raises(ValueError, match=message):
        step(two, three, state, **options)
    message = r"^state must be made for params \(3,\), got one for \(2,\)$"
    with pytest.raises(ValueError, match=message):
        step(three, three, state, **options)
    message = rf"^state must be a {kind} from init or step, got None$"
    with pytest.raises(TypeError, match=message):
        step(two, two, None, **options)
    with pytest.raises(TypeError, match=r"^grad must hold real numbers"):
        step(two, ["a", "b"], state, **options)
    with pytest.raises(TypeError, match=r"^params must hold real numbers"):
        init(["a"])

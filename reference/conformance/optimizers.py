"""Walk with an optimizer that one knows nothing about but its two functions."""

from collections.abc import Callable, Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["descend", "steps", "walk"]


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

"""From one loss a sample to the number that is minimized, and back to its gradient.

A gradient is always that of the *reduced* loss: a mean divides it by the number of
losses averaged; a sum, or no reduction, leaves it as it is.
"""

from typing import Any, Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from reference._validate import REDUCTIONS, FloatArray, as_option, check_not_empty

__all__ = ["Loss", "Reduction", "check_reduction", "reduce_grad", "reduce_losses"]

Reduction: TypeAlias = Literal["mean", "sum", "none"]
Loss: TypeAlias = np.floating[Any] | FloatArray


def check_reduction(name: str, array: FloatArray, reduction: str) -> str:
    """Return ``reduction`` if it is known; an empty batch has no mean."""
    reduction = as_option("reduction", reduction, REDUCTIONS)
    if reduction == "mean":
        check_not_empty(name, array)
    return reduction


def reduce_losses(losses: NDArray[np.float64], reduction: str) -> Any:
    """Average the losses, add them up, or leave them alone."""
    if reduction == "mean":
        return losses.mean()
    return losses.sum() if reduction == "sum" else losses


def reduce_grad(grad: NDArray[np.float64], reduction: str, count: int) -> Any:
    """Turn the gradients of ``count`` losses into that of the reduced loss."""
    return grad / count if reduction == "mean" else grad

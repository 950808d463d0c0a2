"""The canonical link: one loss for several kinds of target, and its one gradient."""

import math
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from reference._rounding import narrow, widen
from reference._validate import (
    FloatArray,
    as_float,
    as_floats,
    as_option,
    check_not_empty,
    check_rank,
    check_same_shape,
)
from reference.activations.softmax import logsumexp
from reference.activations.softplus import softplus
from reference.losses._reduction import Reduction, check_reduction, reduce_grad
from reference.losses.binary_cross_entropy import binary_cross_entropy_with_logits_grad
from reference.losses.cross_entropy import softmax_cross_entropy_grad

__all__ = ["canonical_loss_grad", "log_partition"]


def log_partition(scores: ArrayLike, /, *, link: str) -> FloatArray:
    r"""Return for every row the function whose gradient is the prediction.

    $A(z) = \tfrac12 \sum_k z_k^2$ for the identity, $\sum_k \log(1 + e^{z_k})$ for the
    sigmoid, $\log \sum_k e^{z_k}$ for the softmax; the loss of a row with target $y$ is
    $A(z) - \sum_k z_k y_k$.

    Parameters
    ----------
    scores : array_like, shape (n, k) or (k,)
        Scores $z$ as rows: what goes into the link.
    link : {"identity", "sigmoid", "softmax"}
        What turns scores into predictions.

    Returns
    -------
    ndarray of shape (n,), or a scalar for one row
        One number a row, in nats where the targets are classes.

    Raises
    ------
    TypeError
        ``scores`` does not hold real numbers, or ``link`` is no string.
    ValueError
        ``scores`` has not one or two axes or no columns, or ``link`` is unknown.

    Notes
    -----
    Special cases: NaN propagates; a square that does not fit is ``inf``.

    The sums run over terms of one sign, and the exponentials never overflow. Why the
    gradient is the prediction: `losses.canonical_link.gradient`.

    References
    ----------
    P. McCullagh and J. A. Nelder, *Generalized Linear Models*, 2nd edition (1989).

    Examples
    --------
    >>> log_partition([[0.0, 0.0], [3.0, 4.0]], link="identity")
    array([ 0. , 12.5])
    """
    z = as_float("scores", scores)
    _check_rows(z)
    function = _LOG_PARTITION[as_option("link", link, _LOG_PARTITION)]
    with np.errstate(over="ignore", under="ignore"):
        return narrow(np.asarray(function(widen(z))), z.dtype)[()]


def canonical_loss_grad(
    scores: ArrayLike,
    targets: ArrayLike,
    /,
    *,
    link: str,
    reduction: Reduction = "mean",
) -> FloatArray:
    r"""Return prediction minus truth: the gradient of the canonical loss in the scores.

    $\dfrac{\partial}{\partial z_k} \left( A(z) - \sum_j z_j y_j \right) =
    \nabla A(z)_k - y_k$

    Parameters
    ----------
    scores : array_like, shape (n, k) or (k,)
        Scores $z$ as rows.
    targets : array_like, shape of ``scores``
        The truth $y$ as rows: real numbers for the identity, numbers in [0, 1] for the
        sigmoid, distributions for the softmax.
    link : {"identity", "sigmoid", "softmax"}
        What turns scores into predictions, and so which loss is meant: half the sum of
        squared errors, the sum of binary cross-entropies, or cross-entropy.
    reduction : {"mean", "sum", "none"}, default "mean"
        Which loss is differentiated. The mean is over **rows**, whatever the link.

    Returns
    -------
    ndarray, shape of ``scores``
        Predictions minus targets, for the mean divided by the number of rows.

    Raises
    ------
    TypeError
        An argument does not hold real numbers, or an option is no string.
    ValueError
        The targets are not what the link can predict, the shapes differ or have not one
        or two axes, there is no row to average over, or an option is unknown.

    Notes
    -----
    Special cases: those of the link.

    Nothing is lost where a prediction rounds to 1: sigmoid and softmax use the forms
    that do not cancel (`losses.binary_cross_entropy.gradient_without_cancellation`,
    `losses.cross_entropy.gradient_without_cancellation`).

    Error: correctly rounded for the identity and ``"none"``; else at most 8 ulp in
    float64 for targets of zeros and ones.

    References
    ----------
    C. M. Bishop, *Pattern Recognition and Machine Learning* (2006), section 4.3.6.

    Examples
    --------
    >>> canonical_loss_grad([[2.0, 0.5]], [[1.0, 0.0]], link="identity")
    array([[1. , 0.5]])
    >>> canonical_loss_grad([[40.0, 0.0]], [[1.0, 0.0]], link="softmax")
    array([[-4.24835426e-18,  4.24835426e-18]])
    """
    z, y = as_floats(scores=scores, targets=targets)
    check_same_shape(scores=z, targets=y)
    _check_rows(z)
    link = as_option("link", link, _GRADIENT)
    mode = check_reduction("scores", z, reduction)
    with np.errstate(over="ignore"):
        grad = _GRADIENT[link](widen(z), widen(y))
    return narrow(reduce_grad(grad, mode, math.prod(z.shape[:-1])), z.dtype)


def _check_rows(z: FloatArray) -> None:
    check_rank("scores", z, 1, 2)
    check_not_empty("scores", z, axis=-1)


_LOG_PARTITION: Mapping[str, Callable[[Any], Any]] = MappingProxyType(
    {
        "identity": lambda z: (z * z / 2).sum(axis=-1),
        "sigmoid": lambda z: softplus(z).sum(axis=-1),
        "softmax": logsumexp,
    }
)

_GRADIENT: Mapping[str, Callable[[Any, Any], Any]] = MappingProxyType(
    {
        "identity": np.subtract,
        "sigmoid": lambda z, y: binary_cross_entropy_with_logits_grad(
            z, y, reduction="none"
        ),
        "softmax": lambda z, y: softmax_cross_entropy_grad(z, y, reduction="none"),
    }
)

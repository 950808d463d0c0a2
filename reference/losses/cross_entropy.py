"""Cross-entropy: the surprise at the true class, given a distribution over classes."""

# The file is longer than most because of the docstrings of its five functions; the code
# of all five is about sixty lines.

import math

import numpy as np
from numpy.typing import ArrayLike

from reference._rounding import narrow, widen
from reference._validate import (
    FloatArray,
    as_float,
    as_floats,
    as_labels,
    check_distributions,
    check_not_empty,
    check_rank,
    check_same_shape,
)
from reference.activations.softmax import log_softmax, softmax
from reference.losses._reduction import (
    Loss,
    Reduction,
    check_reduction,
    reduce_grad,
    reduce_losses,
)

__all__ = [
    "categorical_cross_entropy",
    "categorical_cross_entropy_grad",
    "softmax_cross_entropy",
    "softmax_cross_entropy_grad",
    "sparse_categorical_cross_entropy",
]


def categorical_cross_entropy(
    probabilities: ArrayLike, targets: ArrayLike, /, *, reduction: Reduction = "mean"
) -> Loss:
    r"""Average over rows the surprise at the target under the predicted distribution.

    $\ell = -\sum_k t_k \log p_k$

    Parameters
    ----------
    probabilities : array_like, shape (n, k) or (k,)
        Predicted distributions $p$ as rows: in [0, 1], summing to 1.
    targets : array_like, shape of ``probabilities``
        True distributions $t$ as rows, one-hot or soft.
    reduction : {"mean", "sum", "none"}, default "mean"
        Average over rows, add them up, or leave one loss a row.

    Returns
    -------
    scalar, or ndarray of shape (n,) for ``"none"``
        Nats. At least the entropy of the target, which it is at $p = t$.

    Raises
    ------
    TypeError
        An argument does not hold real numbers.
    ValueError
        A row is not a distribution (its sum may be off by 1e-6 times its length, in
        float16 by as many units of rounding), the shapes differ or have more than two
        axes, there is no row to average over, or ``reduction`` is unknown.

    Notes
    -----
    Special cases: $0 \log 0 = 0$; a probability 0 where the target is not gives
    ``inf``.

    Rows are neither rescaled nor clipped, and the arguments stay as they are. Keras
    divides rows by their sum, which turns any positive scores into a distribution.

    Error: at most 2 ulp of each term in float64, and all terms have one sign.

    References
    ----------
    T. M. Cover and J. A. Thomas, *Elements of Information Theory*, 2nd edition (2006),
    section 2.6.

    Examples
    --------
    >>> categorical_cross_entropy([0.25, 0.25, 0.5], [0.0, 0.0, 1.0])
    np.float64(0.6931471805599453)
    """
    p, t = as_floats(probabilities=probabilities, targets=targets)
    _check_rows("probabilities", p, t)
    check_distributions("probabilities", p)
    mode = check_reduction("probabilities", p, reduction)
    dtype, p, t = p.dtype, widen(p), widen(t)
    with np.errstate(divide="ignore", invalid="ignore"):  # 0 log 0 = 0
        terms = np.where(t == 0, 0, -t * np.log(p))
    return narrow(reduce_losses(terms.sum(axis=-1), mode), dtype)


def categorical_cross_entropy_grad(
    probabilities: ArrayLike, targets: ArrayLike, /, *, reduction: Reduction = "mean"
) -> FloatArray:
    r"""Return the gradient of categorical cross-entropy in the probabilities.

    $\partial \ell / \partial p_k = -t_k / p_k$

    Parameters
    ----------
    probabilities : array_like, shape (n, k) or (k,)
        Predicted distributions as rows.
    targets : array_like, shape of ``probabilities``
        True distributions as rows.
    reduction : {"mean", "sum", "none"}, default "mean"
        Which loss is differentiated; the mean divides by the number of rows.

    Returns
    -------
    ndarray, shape of ``probabilities``
        Nats per unit of probability, each entry moved on its own: that the row then no
        longer sums to 1 is left to whoever pulls the gradient further back.

    Raises
    ------
    TypeError
        An argument does not hold real numbers.
    ValueError
        A row is not a distribution, the shapes differ or have more than two axes,
        there is no row to average over, or ``reduction`` is unknown.

    Notes
    -----
    Special cases: 0 wherever the target is 0; ``-inf`` where only the probability is.

    Error: at most 1 ulp in float64; correctly rounded but for near-ties in float16 and
    float32.

    Examples
    --------
    >>> categorical_cross_entropy_grad([0.25, 0.25, 0.5], [0.0, 0.0, 1.0])
    array([ 0.,  0., -2.])
    """
    p, t = as_floats(probabilities=probabilities, targets=targets)
    _check_rows("probabilities", p, t)
    check_distributions("probabilities", p)
    mode = check_reduction("probabilities", p, reduction)
    dtype, p, t = p.dtype, np.abs(widen(p)), widen(t)  # abs: -0.0 is 0
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        grad = np.where(t == 0, 0, -t / p)
    return narrow(reduce_grad(grad, mode, math.prod(p.shape[:-1])), dtype)


def sparse_categorical_cross_entropy(
    probabilities: ArrayLike, labels: ArrayLike, /, *, reduction: Reduction = "mean"
) -> Loss:
    r"""Average over rows the surprise at the true class, given by its number.

    $\ell = -\log p_y$

    Parameters
    ----------
    probabilities : array_like, shape (n, k) or (k,)
        Predicted distributions $p$ as rows.
    labels : array_like of int, shape (n,) or ()
        The true class $y$ of each row, from 0 to k - 1.
    reduction : {"mean", "sum", "none"}, default "mean"
        Average over rows, add them up, or leave one loss a row.

    Returns
    -------
    scalar, or ndarray of shape (n,) for ``"none"``
        Nats; the cross-entropy with the one-hot row of each label.

    Raises
    ------
    TypeError
        ``probabilities`` does not hold real numbers, or ``labels`` no integers.
    ValueError
        A row is not a distribution, there is not one label a row, a label is out of
        range, there is no row to average over, or ``reduction`` is unknown.

    Notes
    -----
    Special cases: a true class of probability 0 costs ``inf``.

    Scores that do not sum to 1, such as ten sigmoids, are refused: their logarithms are
    no cross-entropy. Divide the rows by their sums first, if that is what you mean
    (`losses.cross_entropy.renormalized_scores`).

    Error: at most 1 ulp a row in float64; correctly rounded but for near-ties in
    float16 and float32.

    Examples
    --------
    >>> sparse_categorical_cross_entropy([[0.25, 0.75], [0.5, 0.5]], [0, 1])
    np.float64(1.0397207708399179)
    """
    p, y = as_float("probabilities", probabilities), as_labels("labels", labels)
    check_rank("probabilities", p, 1, 2)
    check_not_empty("probabilities", p, axis=-1)
    if y.shape != p.shape[:-1]:
        msg = f"labels must have shape {p.shape[:-1]}, one a row, got {y.shape}"
        raise ValueError(msg)
    check_distributions("probabilities", p)
    wrong = (y < 0) | (y >= p.shape[-1])
    if wrong.any():
        msg = f"labels must lie in [0, {p.shape[-1]}), got {y[wrong].flat[0]}"
        raise ValueError(msg)
    mode = check_reduction("probabilities", p, reduction)
    chosen = np.take_along_axis(p, y[..., np.newaxis], axis=-1)[..., 0]
    with np.errstate(divide="ignore"):  # log 0 = -inf is right
        losses = 0 - np.log(widen(chosen))
    return narrow(reduce_losses(losses, mode), p.dtype)


def softmax_cross_entropy(
    logits: ArrayLike, targets: ArrayLike, /, *, reduction: Reduction = "mean"
) -> Loss:
    r"""Average over rows the cross-entropy of the softmax of the scores.

    $\ell = -\sum_k t_k \log \operatorname{softmax}(z)_k
    = \operatorname{LSE}(z) - \sum_k t_k z_k$

    Parameters
    ----------
    logits : array_like, shape (n, k) or (k,)
        Scores $z$ as rows; any real numbers.
    targets : array_like, shape of ``logits``
        True distributions $t$ as rows, one-hot or soft.
    reduction : {"mean", "sum", "none"}, default "mean"
        Average over rows, add them up, or leave one loss a row.

    Returns
    -------
    scalar, or ndarray of shape (n,) for ``"none"``
        Nats.

    Raises
    ------
    TypeError
        An argument does not hold real numbers.
    ValueError
        A row of the targets is not a distribution, the shapes differ or have more than
        two axes, there is no row to average over, or ``reduction`` is unknown.

    Notes
    -----
    Special cases: a score of ``-inf`` costs ``inf`` if its class is possible and
    nothing if it is not; one ``inf`` costs nothing if its class is certain.

    The code never takes the logarithm of a softmax, which underflows to 0, nor a
    difference of log-sum-exp and score, which is 0 for a confident right prediction.
    `log_softmax` keeps both ends (`losses.cross_entropy.from_scores`).

    Error: at most 6 ulp of each term in float64, and all terms have one sign;
    correctly rounded but for near-ties in float16 and float32.

    References
    ----------
    I. Goodfellow, Y. Bengio and A. Courville, *Deep Learning* (2016), section 6.2.2.3.

    Examples
    --------
    >>> softmax_cross_entropy([40.0, 0.0], [1.0, 0.0])
    np.float64(4.248354255291589e-18)
    """
    z, t = as_floats(logits=logits, targets=targets)
    _check_rows("logits", z, t)
    mode = check_reduction("logits", z, reduction)
    dtype, z, t = z.dtype, widen(z), widen(t)
    # Terms of one sign; where the target is 0, 0 * inf is not the answer.
    with np.errstate(invalid="ignore", over="ignore"):
        terms = np.where(t == 0, 0, -t * log_softmax(z))
        return narrow(reduce_losses(terms.sum(axis=-1), mode), dtype)


def softmax_cross_entropy_grad(
    logits: ArrayLike, targets: ArrayLike, /, *, reduction: Reduction = "mean"
) -> FloatArray:
    r"""Return the gradient of softmax cross-entropy in the scores.

    $\partial \ell / \partial z_k = \operatorname{softmax}(z)_k - t_k$

    Parameters
    ----------
    logits : array_like, shape (n, k) or (k,)
        Scores as rows.
    targets : array_like, shape of ``logits``
        True distributions as rows.
    reduction : {"mean", "sum", "none"}, default "mean"
        Which loss is differentiated; the mean divides by the number of rows.

    Returns
    -------
    ndarray, shape of ``logits``
        Nats per unit of score, each between -1 and 1 before the mean; a row sums to 0.

    Raises
    ------
    TypeError
        An argument does not hold real numbers.
    ValueError
        A row of the targets is not a distribution, the shapes differ or have more than
        two axes, there is no row to average over, or ``reduction`` is unknown.

    Notes
    -----
    Special cases: those of the softmax.

    $p_k - 1$ loses everything once $p_k$ rounds to 1. The code takes
    $(1 - t_k)\,p_k - t_k\,(1 - p_k)$, with $1 - p_k$ of the likeliest class as the sum
    of the other probabilities
    (`losses.cross_entropy.gradient_without_cancellation`).

    Error: at most 8 ulp in float64 for one-hot targets on rows of up to 1,000 classes.
    For soft targets the two terms cancel where $p_k = t_k$: 8 ulp of the larger of
    $t_k$ and the result.

    References
    ----------
    J. S. Bridle, "Probabilistic Interpretation of Feedforward Classification Network
    Outputs, with Relationships to Statistical Pattern Recognition", in
    *Neurocomputing* (1990).

    Examples
    --------
    >>> softmax_cross_entropy_grad([40.0, 0.0], [1.0, 0.0])
    array([-4.24835426e-18,  4.24835426e-18])
    """
    z, t = as_floats(logits=logits, targets=targets)
    _check_rows("logits", z, t)
    mode = check_reduction("logits", z, reduction)
    dtype, t = z.dtype, widen(t)
    p = softmax(widen(z))
    # 1 - p of the likeliest class is the sum of the others: nothing cancels.
    likeliest = p.argmax(axis=-1)[..., np.newaxis]
    others = p.copy()
    np.put_along_axis(others, likeliest, 0, axis=-1)
    rest = 1 - p
    np.put_along_axis(rest, likeliest, others.sum(axis=-1, keepdims=True), axis=-1)
    grad = (1 - t) * p - t * rest
    return narrow(reduce_grad(grad, mode, math.prod(z.shape[:-1])), dtype)


def _check_rows(name: str, first: FloatArray, targets: FloatArray) -> None:
    check_same_shape(**{name: first, "targets": targets})
    check_rank(name, first, 1, 2)
    check_not_empty(name, first, axis=-1)
    check_distributions("targets", targets)

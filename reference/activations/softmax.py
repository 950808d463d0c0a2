"""Softmax, its logarithm and log-sum-exp: from scores to a probability distribution."""

# The file is longer than others because five functions share the two exact sums at its
# top, and most of its lines are their documentation.

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from reference._rounding import added, narrow, widen
from reference._validate import (
    FloatArray,
    as_float,
    as_floats,
    check_axis,
    check_not_empty,
    check_same_shape,
)

__all__ = ["log_softmax", "logsumexp", "softmax", "softmax_jacobian", "softmax_vjp"]


def _shift(x: FloatArray, axis: int) -> tuple[NDArray[Any], NDArray[Any]]:
    """Return x - max(x) in float64, and what rounding that difference left out.

    The two add up to the difference exactly (Knuth's two-sum), so a score far below
    the largest does not lose its last digits to the subtraction.
    """
    wide = widen(x)
    largest = wide.max(axis=axis, keepdims=True)
    # One infinite score outweighs every finite one; several have no common limit.
    infinite = (wide == largest) & np.isposinf(largest)
    alone = infinite & (np.count_nonzero(infinite, axis=axis, keepdims=True) == 1)
    with np.errstate(over="ignore", invalid="ignore"):
        difference = np.where(alone, 0, wide - largest)
        back = difference - wide
        lost = (wide - (difference - back)) - (largest + back)
    return difference, np.where(np.isfinite(lost), lost, 0)


def _weights(difference: NDArray[Any], lost: NDArray[Any]) -> NDArray[Any]:
    """Return e^(difference + lost), which is e^difference (1 + lost) for tiny lost."""
    weights = np.exp(difference)
    weights += weights * lost
    return weights


def _total(weights: NDArray[Any], axis: int) -> NDArray[Any]:
    """Add up weights that are not negative, with a single rounding in any order.

    With the largest below 2^e, adding and subtracting 2^(e + 13) rounds each weight to
    a multiple of 2^(e - 39). Up to 16,384 such multiples add up exactly, and what the
    rounding left of each weight is too small for the order of its sum to matter.
    """
    _, exponent = np.frexp(weights.max(axis=axis, keepdims=True))
    anchor = np.ldexp(1.0, exponent + 13)
    coarse = (weights + anchor) - anchor
    fine = (weights - coarse).sum(axis=axis, keepdims=True)
    return coarse.sum(axis=axis, keepdims=True) + fine


def _log_rest(
    x: FloatArray, axis: int
) -> tuple[NDArray[Any], NDArray[Any], NDArray[Any]]:
    """Return the shift, what it lost, and log(1 + rest).

    ``rest`` adds up e^(x - max) over all scores but one of the largest, which is the
    1: so a sum close to 1 keeps its digits.
    """
    difference, lost = _shift(x, axis)
    weights = _weights(difference, lost)
    first = np.expand_dims(difference.argmax(axis=axis), axis)
    np.put_along_axis(weights, first, 0, axis=axis)
    return difference, lost, np.log1p(_total(weights, axis))


def softmax(x: ArrayLike, /, *, axis: int = -1) -> FloatArray:
    r"""Turn scores into probabilities that sum to one along ``axis``.

    $p_i = e^{x_i} / \sum_j e^{x_j}$

    Parameters
    ----------
    x : array_like, shape (..., k, ...)
        Scores, also called logits: any real numbers.
    axis : int, default -1
        The axis on which the k scores of one sample lie; samples are rows.

    Returns
    -------
    ndarray, shape of ``x``
        Probabilities; 0 appears only where rounding reaches it.

    Raises
    ------
    TypeError
        ``x`` does not hold real numbers, or ``axis`` is not an integer.
    ValueError
        ``x`` is empty along ``axis``.
    numpy.exceptions.AxisError
        ``axis`` is out of range.

    Notes
    -----
    Special cases: ``-inf`` beside a finite score gets probability 0; one ``inf`` gets
    probability 1; several ``inf``, only ``-inf``, or a NaN make the whole row NaN.

    The code subtracts the largest score, which changes nothing
    (`activations.softmax.shift_invariance`) and keeps every exponential at or below 1.
    The digits that this subtraction rounds away are multiplied back in:
    $e^{d + r} = e^d (1 + r)$ for a tiny $r$.

    Error: at most 5 ulp in float64, for up to 16,384 scores; in float16 and float32
    correctly rounded but for near-ties.

    References
    ----------
    J. S. Bridle, "Probabilistic Interpretation of Feedforward Classification Network
    Outputs, with Relationships to Statistical Pattern Recognition", in
    *Neurocomputing* (1990).

    Examples
    --------
    >>> softmax([[0.0, 0.0], [1000.0, 0.0]])
    array([[0.5, 0.5],
           [1. , 0. ]])
    """
    x = as_float("x", x)
    axis = check_axis("x", x, axis)
    check_not_empty("x", x, axis)
    weights = _weights(*_shift(x, axis))
    return narrow(weights / _total(weights, axis), x.dtype)


def log_softmax(x: ArrayLike, /, *, axis: int = -1) -> FloatArray:
    r"""Return the logarithm of the softmax along ``axis``.

    $\log p_i = x_i - \log \sum_j e^{x_j}$

    Parameters
    ----------
    x : array_like, shape (..., k, ...)
        Scores, also called logits: any real numbers.
    axis : int, default -1
        The axis on which the k scores of one sample lie; samples are rows.

    Returns
    -------
    ndarray, shape of ``x``
        Log-probabilities, all negative or zero.

    Raises
    ------
    TypeError
        ``x`` does not hold real numbers, or ``axis`` is not an integer.
    ValueError
        ``x`` is empty along ``axis``.
    numpy.exceptions.AxisError
        ``axis`` is out of range.

    Notes
    -----
    Special cases: ``-inf`` beside a finite score gives ``-inf``; one ``inf`` gives 0
    and the others ``-inf``; several ``inf``, only ``-inf``, or a NaN make the row NaN.

    The code uses $(x_i - m) - \log(1 + \text{rest})$ where $m$ is the largest score
    and the rest excludes it: two terms of one sign, so that a confident prediction
    keeps its small loss (`activations.softmax.log_softmax_shifted`).

    Error: at most 4 ulp in float64, for up to 16,384 scores; in float16 and float32
    correctly rounded but for near-ties.

    References
    ----------
    P. Blanchard, D. J. Higham and N. J. Higham, "Accurately computing the log-sum-exp
    and softmax functions", *IMA Journal of Numerical Analysis* 41 (2021), 2311-2330.

    Examples
    --------
    >>> log_softmax([40.0, 0.0])
    array([-4.24835426e-18, -4.00000000e+01])
    """
    x = as_float("x", x)
    axis = check_axis("x", x, axis)
    check_not_empty("x", x, axis)
    difference, lost, log_rest = _log_rest(x, axis)
    return narrow(added(difference, lost - log_rest, x.dtype), x.dtype)


def logsumexp(x: ArrayLike, /, *, axis: int = -1) -> FloatArray:
    r"""Return the logarithm of the sum of exponentials along ``axis``.

    $\operatorname{LSE}(x) = \log \sum_j e^{x_j}$

    Parameters
    ----------
    x : array_like, shape (..., k, ...)
        Scores, also called logits: any real numbers.
    axis : int, default -1
        The axis to add up.

    Returns
    -------
    ndarray, shape of ``x`` without ``axis``
        The smooth maximum: between the largest score and $\log k$ above it.

    Raises
    ------
    TypeError
        ``x`` does not hold real numbers, or ``axis`` is not an integer.
    numpy.exceptions.AxisError
        ``axis`` is out of range.

    Notes
    -----
    Special cases: nothing to add gives ``-inf``, and so do scores that are all
    ``-inf``; an ``inf`` gives ``inf``; NaN gives NaN.

    The code uses $m + \log(1 + \text{rest})$ where $m$ is the largest score and the
    rest excludes it (`activations.softmax.logsumexp_shifted`).

    Error: in float64 at most 4 ulp of the larger of $|m|$ and the result; where $m$
    is negative the two terms may cancel, which magnifies it relatively.

    References
    ----------
    P. Blanchard, D. J. Higham and N. J. Higham, "Accurately computing the log-sum-exp
    and softmax functions", *IMA Journal of Numerical Analysis* 41 (2021), 2311-2330.

    Examples
    --------
    >>> logsumexp([1000.0, 1000.0])
    np.float64(1000.6931471805599)
    """
    x = as_float("x", x)
    axis = check_axis("x", x, axis)
    largest = x.max(axis=axis, initial=-np.inf)
    if x.shape[axis] == 0:
        return largest
    _, _, log_rest = _log_rest(x, axis)
    total = widen(largest) + log_rest.squeeze(axis=axis)
    return narrow(np.where(np.isinf(largest), largest, total)[()], x.dtype)


def softmax_jacobian(x: ArrayLike, /) -> FloatArray:
    r"""Return the matrix of partial derivatives of the softmax of each row.

    $J_{ij} = \partial p_i / \partial x_j = p_i (\delta_{ij} - p_j)$

    Parameters
    ----------
    x : array_like, shape (..., k)
        Scores; the last axis holds the k scores of one sample.

    Returns
    -------
    ndarray, shape (..., k, k)
        One symmetric matrix a row; each of its rows and columns sums to zero.

    Raises
    ------
    TypeError
        ``x`` does not hold real numbers.
    ValueError
        ``x`` is empty along its last axis.
    numpy.exceptions.AxisError
        ``x`` has no axis.

    Notes
    -----
    Special cases: a row for which the softmax is NaN gives a matrix of NaN; one
    ``inf`` gives zeros.

    The diagonal $p_i (1 - p_i)$ loses everything once $p_i$ rounds to 1. Its row sums
    to zero (`activations.softmax.rows_sum_to_zero`), so the code takes minus the sum
    of the other entries: they have one sign, and nothing cancels.

    Error: at most 12 ulp an entry in float64.

    References
    ----------
    B. Gao and L. Pavel, "On the Properties of the Softmax Function with Application in
    Game Theory and Reinforcement Learning" (2017), arXiv 1704.00805.

    Examples
    --------
    >>> softmax_jacobian([0.0, 0.0])
    array([[ 0.25, -0.25],
           [-0.25,  0.25]])
    """
    x = as_float("x", x)
    p = softmax(widen(x))
    jacobian = -p[..., :, np.newaxis] * p[..., np.newaxis, :]
    diagonal = np.arange(p.shape[-1])
    jacobian[..., diagonal, diagonal] *= 0
    jacobian[..., diagonal, diagonal] -= jacobian.sum(axis=-1)
    return narrow(jacobian, x.dtype)


def softmax_vjp(cotangent: ArrayLike, x: ArrayLike, /, *, axis: int = -1) -> FloatArray:
    r"""Pull a gradient at the probabilities back to the scores.

    $\bar x_i = \sum_j g_j\, \partial p_j / \partial x_i
    = p_i \bigl(g_i - \sum_j g_j p_j\bigr)$

    Parameters
    ----------
    cotangent : array_like, shape of ``x``
        $g$: the gradient of a loss with respect to the probabilities.
    x : array_like, shape (..., k, ...)
        The scores that the softmax was given.
    axis : int, default -1
        The axis along which the softmax ran.

    Returns
    -------
    ndarray, shape of ``x``
        The gradient with respect to the scores; it sums to zero along ``axis``.

    Raises
    ------
    TypeError
        An argument does not hold real numbers, or ``axis`` is not an integer.
    ValueError
        The shapes differ, or ``x`` is empty along ``axis``.
    numpy.exceptions.AxisError
        ``axis`` is out of range.

    Notes
    -----
    Special cases: a NaN in a row of either argument makes the row NaN; so does an
    infinite cotangent, or a difference of two that overflows.

    Only differences of cotangents matter, since a row of the Jacobian sums to zero
    (`activations.softmax.vjp_ignores_a_constant`). So the code first subtracts the
    cotangent of the likeliest class: where $p_i$ is almost 1,
    $g_i - \sum_j g_j p_j$ would cancel. The k × k matrix is never built.

    Examples
    --------
    >>> softmax_vjp([1.0, 0.0], [40.0, 0.0])
    array([ 4.24835426e-18, -4.24835426e-18])
    """
    g, x = as_floats(cotangent=cotangent, x=x)
    check_same_shape(cotangent=g, x=x)
    axis = check_axis("x", x, axis)
    p = softmax(widen(x), axis=axis)
    likeliest = np.expand_dims(p.argmax(axis=axis), axis)
    with np.errstate(over="ignore", invalid="ignore"):
        g = widen(g)
        g = g - np.take_along_axis(g, likeliest, axis=axis)
        pulled = p * (g - (g * p).sum(axis=axis, keepdims=True))
    return narrow(pulled, x.dtype)

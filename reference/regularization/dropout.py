"""Dropout: switch units off at random while training."""

from __future__ import annotations  # numpy.random is loaded on first use

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from reference._rounding import narrow, widen
from reference._validate import (
    FloatArray,
    as_float,
    as_floats,
    as_generator,
    as_rate,
    as_shape,
    check_rank,
    check_same_shape,
)

__all__ = [
    "dropout",
    "dropout_expected_grad",
    "dropout_expected_loss",
    "dropout_mask",
    "gaussian_dropout",
]


def dropout_mask(
    shape: int | Sequence[int], /, *, p: float, rng: np.random.Generator
) -> NDArray[np.bool_]:
    r"""Draw which units are kept: each one with probability $1 - p$, independently.

    Parameters
    ----------
    shape : int or sequence of int
        Shape of the mask.
    p : float in [0, 1)
        Probability of **dropping** a unit.
    rng : numpy.random.Generator
        Source of randomness; one uniform number is drawn for each unit.

    Returns
    -------
    ndarray of bool, shape ``shape``
        True where the unit is kept.

    Raises
    ------
    TypeError
        ``shape`` does not hold integers, ``p`` is not a real number, or ``rng`` is
        not a generator.
    ValueError
        ``p`` lies outside [0, 1), or a length is negative.

    References
    ----------
    N. Srivastava, G. Hinton, A. Krizhevsky, I. Sutskever and R. Salakhutdinov,
    "Dropout: A Simple Way to Prevent Neural Networks from Overfitting", *Journal of
    Machine Learning Research* 15 (2014), 1929-1958.

    Examples
    --------
    >>> dropout_mask((2, 3), p=0.0, rng=np.random.default_rng(0)).all()
    np.True_
    """
    shape, p = as_shape("shape", shape), as_rate("p", p)
    return as_generator("rng", rng).random(shape) >= p


def dropout(x: ArrayLike, /, *, p: float, rng: np.random.Generator) -> FloatArray:
    r"""Drop entries at random and scale up the others, so that the mean is kept.

    $y_i = \delta_i x_i / (1 - p)$ with $\delta_i = 1$ with probability $1 - p$, else 0

    Parameters
    ----------
    x : array_like, any shape
        Activations.
    p : float in [0, 1)
        Probability of **dropping** an entry.
    rng : numpy.random.Generator
        Source of randomness, used as `dropout_mask` uses it.

    Returns
    -------
    ndarray, shape of ``x``
        Kept entries divided by $1 - p$, 0 elsewhere. At prediction time nothing is
        dropped and nothing scaled: call it with nothing, or with ``p=0``.

    Raises
    ------
    TypeError
        ``x`` does not hold real numbers, ``p`` is not a real number, or ``rng`` is
        not a generator.
    ValueError
        ``p`` lies outside [0, 1).

    Notes
    -----
    Special cases: a dropped NaN or infinity is 0, a kept one stays.

    The expected value of every entry is the entry
    (`regularization.dropout.inverted_mean`).

    Error: correctly rounded in float16 and float32 up to ties, 0.5 ulp in float64
    beyond the rounding of $1 - p$.

    References
    ----------
    N. Srivastava and others, "Dropout: A Simple Way to Prevent Neural Networks from
    Overfitting", *Journal of Machine Learning Research* 15 (2014), 1929-1958.

    Examples
    --------
    >>> dropout([1.0, 2.0, 3.0], p=0.5, rng=np.random.default_rng(1))
    array([2., 4., 0.])
    """
    x, p = as_float("x", x), as_rate("p", p)
    kept = dropout_mask(x.shape, p=p, rng=rng)
    with np.errstate(over="ignore"):
        return narrow(np.where(kept, widen(x) / (1 - p), 0.0), x.dtype)


def gaussian_dropout(
    x: ArrayLike, /, *, p: float, rng: np.random.Generator
) -> FloatArray:
    r"""Multiply every entry by Gaussian noise with the two moments of dropout's.

    $y_i = \xi_i x_i$ with $\xi_i \sim N\!\left(1, \frac{p}{1 - p}\right)$

    Parameters
    ----------
    x : array_like, any shape
        Activations.
    p : float in [0, 1)
        Probability of dropping in the dropout that this noise imitates.
    rng : numpy.random.Generator
        Source of randomness.

    Returns
    -------
    ndarray, shape of ``x``
        Noisy activations.

    Raises
    ------
    TypeError
        ``x`` does not hold real numbers, ``p`` is not a real number, or ``rng`` is
        not a generator.
    ValueError
        ``p`` lies outside [0, 1).

    Notes
    -----
    Mean and variance are those of `dropout`
    (`regularization.dropout.gaussian_variance`).

    References
    ----------
    N. Srivastava and others, "Dropout: A Simple Way to Prevent Neural Networks from
    Overfitting", *Journal of Machine Learning Research* 15 (2014), 1929-1958.

    Examples
    --------
    >>> gaussian_dropout([1.0, 2.0], p=0.0, rng=np.random.default_rng(0))
    array([1., 2.])
    """
    x, p = as_float("x", x), as_rate("p", p)
    noise = as_generator("rng", rng).normal(1.0, np.sqrt(p / (1 - p)), x.shape)
    with np.errstate(over="ignore"):
        return narrow(widen(x) * noise, x.dtype)


def dropout_expected_loss(
    weights: ArrayLike, x: ArrayLike, target: ArrayLike, /, *, p: float
) -> np.floating:
    r"""Average a linear unit's squared loss over all its dropout masks.

    $\mathbb E\,\tfrac12 \bigl(t - \sum_i \delta_i w_i x_i\bigr)^2 = \tfrac12
    \bigl(t - q \sum_i w_i x_i\bigr)^2 + \tfrac12 q\,(1 - q) \sum_i w_i^2 x_i^2$
    with $q = 1 - p$: the scaled unit's loss, and a ridge penalty.

    Parameters
    ----------
    weights : array_like, shape (n,)
        $w$.
    x : array_like, shape (n,)
        The inputs, not scaled up.
    target : array_like, shape ()
        $t$.
    p : float in [0, 1)
        Probability of **dropping** an input.

    Returns
    -------
    scalar
        The expected loss.

    Raises
    ------
    TypeError
        An argument does not hold real numbers.
    ValueError
        The lengths differ, ``target`` is not a scalar, or ``p`` lies outside [0, 1).

    Notes
    -----
    Special cases: NaN propagates; without inputs the loss is $t^2/2$.

    References
    ----------
    P. Baldi and P. Sadowski, "Understanding Dropout", *Advances in Neural
    Information Processing Systems* 26 (2013).

    Examples
    --------
    >>> dropout_expected_loss([1.0, 2.0, -1.0], [1.0, 1.0, 3.0], 1.0, p=0.5)
    np.float64(2.25)
    """
    q, w, x, t, dtype = _linear_unit(weights, x, target, p)
    with np.errstate(over="ignore", invalid="ignore"):
        ridge = q * (1 - q) * np.sum((w * x) ** 2)
        return narrow(((t - q * np.sum(w * x)) ** 2 + ridge) / 2, dtype)


def dropout_expected_grad(
    weights: ArrayLike, x: ArrayLike, target: ArrayLike, /, *, p: float
) -> FloatArray:
    r"""Differentiate `dropout_expected_loss` by the weights.

    $-q\,x_i \bigl(t - q \sum_j w_j x_j\bigr) + q\,(1 - q)\, w_i x_i^2$ with
    $q = 1 - p$

    Parameters
    ----------
    weights : array_like, shape (n,)
        $w$.
    x : array_like, shape (n,)
        The inputs, not scaled up.
    target : array_like, shape ()
        $t$.
    p : float in [0, 1)
        Probability of **dropping** an input.

    Returns
    -------
    ndarray, shape (n,)
        The expected gradient.

    Raises
    ------
    TypeError
        An argument does not hold real numbers.
    ValueError
        The lengths differ, ``target`` is not a scalar, or ``p`` lies outside [0, 1).

    Notes
    -----
    Special cases: NaN propagates.

    References
    ----------
    P. Baldi and P. Sadowski, "Understanding Dropout", *Advances in Neural
    Information Processing Systems* 26 (2013).

    Examples
    --------
    >>> dropout_expected_grad([1.0, 2.0, -1.0], [1.0, 1.0, 3.0], 1.0, p=0.5)
    array([-0.25,  0.  , -3.75])
    """
    q, w, x, t, dtype = _linear_unit(weights, x, target, p)
    with np.errstate(over="ignore", invalid="ignore"):
        residual = t - q * np.sum(w * x)
        return narrow(-q * x * residual + q * (1 - q) * w * x**2, dtype)


def _linear_unit(
    weights: ArrayLike, x: ArrayLike, target: ArrayLike, p: float
) -> tuple[float, FloatArray, FloatArray, FloatArray, np.dtype[np.floating]]:
    """Validate a linear unit's loss; return the keep rate and wide arrays."""
    w, x, t = as_floats(weights=weights, x=x, target=target)
    check_rank("weights", w, 1)
    check_same_shape(weights=w, x=x)
    check_rank("target", t, 0)
    return 1 - as_rate("p", p), widen(w), widen(x), widen(t), w.dtype

"""Binary cross-entropy: the surprise at a yes or no, given a probability of yes."""

import numpy as np
from numpy.typing import ArrayLike

from reference._rounding import narrow, widen
from reference._validate import (
    FloatArray,
    as_floats,
    check_probabilities,
    check_same_shape,
)
from reference.activations.sigmoid import sigmoid
from reference.activations.softplus import softplus
from reference.losses._reduction import (
    Loss,
    Reduction,
    check_reduction,
    reduce_grad,
    reduce_losses,
)

__all__ = [
    "binary_cross_entropy",
    "binary_cross_entropy_grad",
    "binary_cross_entropy_with_logits",
    "binary_cross_entropy_with_logits_grad",
]


def binary_cross_entropy(
    probabilities: ArrayLike, targets: ArrayLike, /, *, reduction: Reduction = "mean"
) -> Loss:
    r"""Average the surprise at the targets under the predicted probabilities.

    $\ell = -y \log p - (1 - y) \log(1 - p)$

    Parameters
    ----------
    probabilities : array_like, any shape
        Predicted probabilities of class 1, $p$, in [0, 1].
    targets : array_like, shape of ``probabilities``
        The classes 0 and 1, or probabilities in between, $y$.
    reduction : {"mean", "sum", "none"}, default "mean"
        Average over all entries, add them up, or leave one loss an entry.

    Returns
    -------
    scalar, or ndarray of the shape of ``probabilities`` for ``"none"``
        Nats. At least the entropy of the target, which it is at $p = y$.

    Raises
    ------
    TypeError
        An argument does not hold real numbers.
    ValueError
        An entry lies outside [0, 1], the shapes differ, the batch is empty and has no
        mean, or ``reduction`` is unknown.

    Notes
    -----
    Special cases: $0 \log 0 = 0$, so a certain and right prediction costs 0; a certain
    and wrong one costs ``inf``. Nothing is clamped: PyTorch stops the logarithm at
    -100 and Keras clips $p$ to [1e-7, 1 - 1e-7], which hides such a prediction.

    $\log(1 - p)$ is `log1p`, which keeps the digits of a small $p$.

    Error: at most 2 ulp of each term in float64, and the terms share their sign;
    correctly rounded but for near-ties in float16 and float32.

    References
    ----------
    I. J. Good, "Rational Decisions", *Journal of the Royal Statistical Society, Series
    B* 14 (1952), 107-114.
    I. Goodfellow, Y. Bengio and A. Courville, *Deep Learning* (2016), section 6.2.2.2.

    Examples
    --------
    >>> binary_cross_entropy([0.5, 1.0], [1.0, 1.0], reduction="none")
    array([0.69314718, 0.        ])
    """
    p, y = as_floats(probabilities=probabilities, targets=targets)
    _check(p, y)
    mode = check_reduction("probabilities", p, reduction)
    dtype, p, y = p.dtype, widen(p), widen(y)
    # 0 log 0 = 0, and log1p keeps the digits of a small p.
    with np.errstate(divide="ignore", invalid="ignore"):
        yes = np.where(y == 0, 0, -y * np.log(p))
        no = np.where(y == 1, 0, (y - 1) * np.log1p(-p))
    return narrow(reduce_losses(yes + no, mode), dtype)


def binary_cross_entropy_grad(
    probabilities: ArrayLike, targets: ArrayLike, /, *, reduction: Reduction = "mean"
) -> FloatArray:
    r"""Return the gradient of binary cross-entropy in the probabilities.

    $\dfrac{\partial \ell}{\partial p} = \dfrac{p - y}{p\,(1 - p)}$

    Parameters
    ----------
    probabilities : array_like, any shape
        Predicted probabilities of class 1, in [0, 1].
    targets : array_like, shape of ``probabilities``
        The classes 0 and 1, or probabilities in between.
    reduction : {"mean", "sum", "none"}, default "mean"
        Which loss is differentiated; the mean divides by the number of entries.

    Returns
    -------
    ndarray, shape of ``probabilities``
        Nats per unit of probability.

    Raises
    ------
    TypeError
        An argument does not hold real numbers.
    ValueError
        An entry lies outside [0, 1], the shapes differ, the batch is empty and has no
        mean, or ``reduction`` is unknown.

    Notes
    -----
    Special cases: at $p = y = 0$ the gradient is 1 and at $p = y = 1$ it is -1, the
    one-sided derivatives; $p = 0$ with $y > 0$ gives ``-inf``, $p = 1$ with $y < 1$
    gives ``inf``.

    For $y = 0$ the fraction is $1/(1 - p)$, for $y = 1$ it is $-1/p$: the common factor
    is cancelled before it can be 0/0.

    Error: at most 3 ulp in float64; correctly rounded but for near-ties in float16 and
    float32.

    Examples
    --------
    >>> binary_cross_entropy_grad([0.0, 0.25, 1.0], [0.0, 0.5, 1.0], reduction="none")
    array([ 1.        , -1.33333333, -1.        ])
    """
    p, y = as_floats(probabilities=probabilities, targets=targets)
    _check(p, y)
    mode = check_reduction("probabilities", p, reduction)
    dtype, p, y = p.dtype, np.abs(widen(p)), widen(y)  # abs: -0.0 is 0
    # For a class the common factor is cancelled before it can be 0/0.
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        grad = np.select(
            [y == 0, y == 1], [1 / (1 - p), -1 / p], (p - y) / (p * (1 - p))
        )
        return narrow(reduce_grad(grad, mode, p.size), dtype)


def binary_cross_entropy_with_logits(
    logits: ArrayLike, targets: ArrayLike, /, *, reduction: Reduction = "mean"
) -> Loss:
    r"""Average the surprise at the targets when the model predicts log-odds.

    $\ell = \log(1 + e^{z}) - y z$, which is binary cross-entropy at $p = \sigma(z)$

    Parameters
    ----------
    logits : array_like, any shape
        Predicted log-odds of class 1, $z$; any real numbers.
    targets : array_like, shape of ``logits``
        The classes 0 and 1, or probabilities in between, $y$.
    reduction : {"mean", "sum", "none"}, default "mean"
        Average over all entries, add them up, or leave one loss an entry.

    Returns
    -------
    scalar, or ndarray of the shape of ``logits`` for ``"none"``
        Nats.

    Raises
    ------
    TypeError
        An argument does not hold real numbers.
    ValueError
        A target lies outside [0, 1], the shapes differ, the batch is empty and has no
        mean, or ``reduction`` is unknown.

    Notes
    -----
    Special cases: a logit of ``inf`` gives 0 for $y = 1$, else ``inf``; mirrored for
    ``-inf``.

    The code adds $y \log(1 + e^{-z})$ and $(1 - y) \log(1 + e^{z})$, two terms of one
    sign. The usual $\max(z, 0) - yz + \log(1 + e^{-|z|})$ subtracts: at $z = -40$ and
    $y = 0$ it, too, is right, but PyTorch's $(1 - y) z - \log \sigma(z)$ gives 0 there
    (`losses.binary_cross_entropy.two_softplus_terms`).

    Error: at most 3 ulp in float64; correctly rounded but for near-ties in float16 and
    float32.

    References
    ----------
    I. Goodfellow, Y. Bengio and A. Courville, *Deep Learning* (2016), section 6.2.2.2.

    Examples
    --------
    >>> binary_cross_entropy_with_logits([-800.0, 40.0], [1.0, 1.0], reduction="none")
    array([8.00000000e+02, 4.24835426e-18])
    """
    z, y = as_floats(logits=logits, targets=targets)
    check_same_shape(logits=z, targets=y)
    check_probabilities("targets", y)
    mode = check_reduction("logits", z, reduction)
    dtype, z, y = z.dtype, widen(z), widen(y)
    # Two terms of one sign; where the target is a class, 0 * inf is not the answer.
    with np.errstate(invalid="ignore", over="ignore"):
        yes = np.where(y == 0, 0, y * softplus(-z))
        no = np.where(y == 1, 0, (1 - y) * softplus(z))
        return narrow(reduce_losses(yes + no, mode), dtype)


def binary_cross_entropy_with_logits_grad(
    logits: ArrayLike, targets: ArrayLike, /, *, reduction: Reduction = "mean"
) -> FloatArray:
    r"""Return the gradient of binary cross-entropy in the logits.

    $\partial \ell / \partial z = \sigma(z) - y$

    Parameters
    ----------
    logits : array_like, any shape
        Predicted log-odds of class 1.
    targets : array_like, shape of ``logits``
        The classes 0 and 1, or probabilities in between.
    reduction : {"mean", "sum", "none"}, default "mean"
        Which loss is differentiated; the mean divides by the number of entries.

    Returns
    -------
    ndarray, shape of ``logits``
        Nats per unit of log-odds, each between -1 and 1 before the mean.

    Raises
    ------
    TypeError
        An argument does not hold real numbers.
    ValueError
        A target lies outside [0, 1], the shapes differ, the batch is empty and has no
        mean, or ``reduction`` is unknown.

    Notes
    -----
    Special cases: ``inf`` gives $1 - y$ and ``-inf`` gives $-y$.

    $\sigma(z) - 1$ loses everything once $\sigma(z)$ rounds to 1. The code takes
    $(1 - y)\,\sigma(z) - y\,\sigma(-z)$, which for $y = 1$ is $-\sigma(-z)$ exactly
    (`losses.binary_cross_entropy.gradient_without_cancellation`).

    Error: at most 3 ulp in float64 for targets 0 and 1. For soft targets the two terms
    cancel where $\sigma(z) = y$: 4 ulp of the larger of $y$ and the result.

    Examples
    --------
    >>> binary_cross_entropy_with_logits_grad([0.0, 40.0], [1.0, 1.0], reduction="sum")
    array([-5.00000000e-01, -4.24835426e-18])
    """
    z, y = as_floats(logits=logits, targets=targets)
    check_same_shape(logits=z, targets=y)
    check_probabilities("targets", y)
    mode = check_reduction("logits", z, reduction)
    dtype, z, y = z.dtype, widen(z), widen(y)
    # sigmoid(-z) is 1 - sigmoid(z) with all its digits: nothing cancels.
    grad = (1 - y) * sigmoid(z) - y * sigmoid(-z)
    return narrow(reduce_grad(grad, mode, z.size), dtype)


def _check(probabilities: FloatArray, targets: FloatArray) -> None:
    check_same_shape(probabilities=probabilities, targets=targets)
    check_probabilities("probabilities", probabilities)
    check_probabilities("targets", targets)

"""Why gradients vanish: a product of slopes, none of them above one quarter."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from reference._rounding import narrow, widen
from reference._validate import (
    as_float,
    as_floats,
    check_rank,
    check_same_shape,
)

__all__ = ["chain_gradient", "vanishing_bound"]


def chain_gradient(weights: ArrayLike, pre_activations: ArrayLike, /) -> np.floating:
    r"""Differentiate the output of a chain of single sigmoid neurons by its input.

    $\dfrac{\partial a_L}{\partial x} = \prod_{l=1}^{L} w_l\, \sigma'(z_l)$ for
    $a_0 = x$, $z_l = w_l a_{l-1} + b_l$, $a_l = \sigma(z_l)$.

    Parameters
    ----------
    weights : array_like, shape (L,)
        $w_1, \ldots, w_L$.
    pre_activations : array_like, shape (L,)
        $z_1, \ldots, z_L$.

    Returns
    -------
    scalar
        The derivative; 1 for a chain without neurons.

    Raises
    ------
    TypeError
        An argument does not hold real numbers.
    ValueError
        An argument is not one-dimensional, or the lengths differ.

    Notes
    -----
    Special cases: a weight 0 gives 0; $z_l = \pm\infty$ gives 0 beside finite
    weights; NaN gives NaN, and so does an infinite weight beside a slope 0.

    A product of hundreds of factors leaves the range of floating point on the way
    even where the result lies inside it. The code multiplies signs and adds
    logarithms, with $\log \sigma'(z) = -|z| - 2 \log(1 + e^{-|z|})$
    (`gradient_flow.vanishing.log_slope`).

    Error: in units of the relative precision, about the sum of the absolute values
    of all logarithms added.

    References
    ----------
    Y. Bengio, P. Simard and P. Frasconi, "Learning long-term dependencies with
    gradient descent is difficult", *IEEE Transactions on Neural Networks* 5 (1994),
    157-166.

    Examples
    --------
    >>> chain_gradient([8.0] * 10, [0.0] * 10).round(9)
    np.float64(1024.0)
    """
    w, z = as_floats(weights=weights, pre_activations=pre_activations)
    check_rank("weights", w, 1)
    check_same_shape(weights=w, pre_activations=z)
    distance = np.abs(widen(z))
    log_slopes = -distance - 2 * np.log1p(np.exp(-distance))
    return narrow(_product(widen(w), log_slopes), w.dtype)


def vanishing_bound(weights: ArrayLike, /) -> np.floating:
    r"""Bound the gradient of a sigmoid chain from above by its weights alone.

    $\left| \prod_l w_l\, \sigma'(z_l) \right| \le \prod_{l=1}^{L} |w_l| / 4$,
    whatever the inputs and biases are.

    Parameters
    ----------
    weights : array_like, shape (L,)
        $w_1, \ldots, w_L$.

    Returns
    -------
    scalar
        The bound; 1 for a chain without neurons.

    Raises
    ------
    TypeError
        ``weights`` does not hold real numbers.
    ValueError
        ``weights`` is not one-dimensional.

    Notes
    -----
    Special cases: a weight 0 gives 0, an infinite one ``inf``; NaN gives NaN, and so
    does an infinite weight beside a weight 0.

    The bound is attained where every pre-activation is 0. It tends to 0 with the
    depth if all weights are smaller than 4 by a fixed factor, and says nothing
    about vanishing otherwise (`gradient_flow.vanishing.bound`).

    Examples
    --------
    >>> vanishing_bound([1.0] * 10).round(9)
    np.float64(9.54e-07)
    """
    w = as_float("weights", weights)
    check_rank("weights", w, 1)
    log_quarters = np.full(w.shape, -np.log(4.0))
    return narrow(_product(np.abs(widen(w)), log_quarters), w.dtype)


def _product(
    factors: NDArray[np.float64], log_slopes: NDArray[np.float64]
) -> np.float64:
    """Multiply ``factors * exp(log_slopes)`` without leaving the range on the way."""
    with np.errstate(divide="ignore", over="ignore", invalid="ignore"):
        total = np.sum(np.log(np.abs(factors)) + log_slopes)
        return np.float64(np.prod(np.sign(factors)) * np.exp(total))

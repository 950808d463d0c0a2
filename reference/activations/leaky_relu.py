"""The leaky rectifier: a small slope below zero, fixed, learned or drawn by lot."""

# The file is longer than most because it documents five functions of a line or two.

from __future__ import annotations  # numpy.random is loaded on first use

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from reference._rounding import narrow, product, widen
from reference._validate import (
    FloatArray,
    as_float,
    as_floats,
    as_generator,
    as_real,
    check_same_shape,
)

__all__ = ["leaky_relu", "leaky_relu_derivative", "prelu", "prelu_vjp", "rrelu"]


class PReLUGrads(NamedTuple):
    """What `prelu_vjp` returns, in the order of the arguments of `prelu`."""

    x: FloatArray
    negative_slope: FloatArray


def leaky_relu(x: ArrayLike, /, *, negative_slope: float = 0.01) -> FloatArray:
    r"""Multiply every negative entry by a slope, and keep the others.

    $\operatorname{leaky}(x) = \max(0, x) - \alpha \max(0, -x)$

    Parameters
    ----------
    x : array_like, any shape
        Any real numbers.
    negative_slope : float, default 0.01
        The slope $\alpha$ below 0, any finite number: 0 gives the rectifier, 1 the
        identity, -1 the absolute value.

    Returns
    -------
    ndarray, shape of ``x``
        Values of either sign if $\alpha > 0$, in $[0, \infty)$ otherwise.

    Raises
    ------
    TypeError
        ``x`` does not hold real numbers, or ``negative_slope`` is not one.
    ValueError
        ``negative_slope`` is not finite.

    Notes
    -----
    Special cases: ``inf`` gives ``inf``; ``-inf`` gives the limit, which is 0 if the
    slope is 0; NaN gives NaN.

    Error: correctly rounded in every format. In float16 and float32 the product is
    first rounded to odd, so that the second rounding cannot go astray.

    References
    ----------
    A. L. Maas, A. Y. Hannun and A. Y. Ng, "Rectifier Nonlinearities Improve Neural
    Network Acoustic Models", *ICML Workshop on Deep Learning for Audio, Speech and
    Language Processing* (2013).

    Examples
    --------
    >>> leaky_relu([-2.0, 0.0, 3.0])
    array([-0.02,  0.  ,  3.  ])
    """
    x = as_float("x", x)
    slope = as_real("negative_slope", negative_slope)
    return narrow(_bent(widen(x), slope, x.dtype), x.dtype)


def leaky_relu_derivative(
    x: ArrayLike, /, *, negative_slope: float = 0.01
) -> FloatArray:
    r"""Return the slope of the leaky rectifier at every entry.

    $1$ for $x > 0$ and $\alpha$ for $x < 0$

    Parameters
    ----------
    x : array_like, any shape
        Where to take the slope.
    negative_slope : float, default 0.01
        The slope $\alpha$ below 0, any finite number; returned at 0 as well, where
        the one-sided slopes differ.

    Returns
    -------
    ndarray, shape of ``x``
        1 or ``negative_slope``.

    Raises
    ------
    TypeError
        ``x`` does not hold real numbers, or ``negative_slope`` is not one.
    ValueError
        ``negative_slope`` is not finite.

    Notes
    -----
    Special cases: ``-inf`` gives the slope, ``inf`` gives 1, NaN gives NaN; -0.0 is
    zero.

    References
    ----------
    A. L. Maas, A. Y. Hannun and A. Y. Ng, "Rectifier Nonlinearities Improve Neural
    Network Acoustic Models", *ICML Workshop on Deep Learning for Audio, Speech and
    Language Processing* (2013).

    Examples
    --------
    >>> leaky_relu_derivative([-2.0, 0.0, 3.0])
    array([0.01, 0.01, 1.  ])
    """
    x = as_float("x", x)
    slope = as_real("negative_slope", negative_slope)
    return narrow(_steepness(widen(x), slope), x.dtype)


def prelu(x: ArrayLike, negative_slope: ArrayLike, /) -> FloatArray:
    r"""Apply the leaky rectifier with a learned slope, one for each feature or for all.

    $\max(0, x) - \alpha \max(0, -x)$, as in `leaky_relu`; but $\alpha$ is a parameter
    of the network, and `prelu_vjp` returns its gradient.

    Parameters
    ----------
    x : array_like, shape (..., d)
        Any real numbers, features on the last axis.
    negative_slope : array_like, shape () or (d,)
        The slope below 0 of all features, or of each.

    Returns
    -------
    ndarray, shape of ``x``

    Raises
    ------
    TypeError
        An argument does not hold real numbers.
    ValueError
        ``negative_slope`` has neither no axis nor one as long as the last of ``x``.

    Notes
    -----
    Special cases: as in `leaky_relu`; where ``x`` is not negative the slope plays no
    part, even if it is NaN.

    PyTorch keeps the features of ``x`` on its second axis.

    References
    ----------
    K. He, X. Zhang, S. Ren and J. Sun, "Delving Deep into Rectifiers: Surpassing
    Human-Level Performance on ImageNet Classification", *IEEE International Conference
    on Computer Vision* (2015), 1026-1034.

    Examples
    --------
    >>> prelu([[-2.0, -2.0], [3.0, 3.0]], [0.25, 0.5])
    array([[-0.5, -1. ],
           [ 3. ,  3. ]])
    """
    x, slope = as_floats(x=x, negative_slope=negative_slope)
    _check_slopes(x, slope)
    return narrow(_bent(widen(x), widen(slope), x.dtype), x.dtype)


def prelu_vjp(
    cotangent: ArrayLike, x: ArrayLike, negative_slope: ArrayLike, /
) -> PReLUGrads:
    r"""Pull a gradient at the output of `prelu` back to its input and to its slopes.

    $g \cdot \operatorname{leaky}'(x)$ for the input; for a slope $-\sum g \max(0, -x)$
    over all entries that share it.

    Parameters
    ----------
    cotangent : array_like, shape of ``x``
        The gradient $g$ at the output.
    x : array_like, shape (..., d)
        The input of `prelu`.
    negative_slope : array_like, shape () or (d,)
        The slope below 0 of all features, or of each.

    Returns
    -------
    PReLUGrads
        ``x`` of the shape of ``x``, ``negative_slope`` of that of ``negative_slope``.

    Raises
    ------
    TypeError
        An argument does not hold real numbers.
    ValueError
        ``cotangent`` and ``x`` differ in shape, or ``negative_slope`` has neither no
        axis nor one as long as the last of ``x``.

    Notes
    -----
    Special cases: at 0 the slope with respect to the input is ``negative_slope``, as
    in `leaky_relu_derivative`.

    The sums are taken in float64 and rounded once. They are derived in
    `activations.leaky_relu.slope_gradient`.

    References
    ----------
    K. He, X. Zhang, S. Ren and J. Sun, "Delving Deep into Rectifiers: Surpassing
    Human-Level Performance on ImageNet Classification", *IEEE International Conference
    on Computer Vision* (2015), 1026-1034.

    Examples
    --------
    >>> prelu_vjp([1.0, 1.0], [-2.0, 3.0], 0.25)
    PReLUGrads(x=array([0.25, 1.  ]), negative_slope=np.float64(-2.0))
    """
    g, x, slope = as_floats(cotangent=cotangent, x=x, negative_slope=negative_slope)
    check_same_shape(cotangent=g, x=x)
    _check_slopes(x, slope)
    wide_g, wide_x = widen(g), widen(x)
    shared = tuple(range(x.ndim - slope.ndim))  # the axes that share one slope
    with np.errstate(over="ignore", invalid="ignore"):
        at_x = wide_g * _steepness(wide_x, widen(slope))
        at_slope = np.sum(np.where(wide_x >= 0, 0, wide_g * wide_x), axis=shared)
    return PReLUGrads(narrow(at_x, x.dtype), narrow(at_slope, x.dtype))


def rrelu(
    x: ArrayLike,
    /,
    *,
    rng: np.random.Generator,
    lower: float = 1 / 8,
    upper: float = 1 / 3,
) -> FloatArray:
    r"""Apply the leaky rectifier with a slope drawn anew for every entry.

    $\max(0, x) - A \max(0, -x)$ with $A$ spread evenly over $[l, u)$. This is the
    function of the training; afterwards use `leaky_relu` with the mean slope
    $(l + u)/2$.

    Parameters
    ----------
    x : array_like, any shape
        Any real numbers.
    rng : numpy.random.Generator
        Where the slopes come from.
    lower, upper : float, default 1/8 and 1/3
        The interval of the slopes.

    Returns
    -------
    ndarray, shape of ``x``

    Raises
    ------
    TypeError
        ``x`` does not hold real numbers, a bound is not one, or ``rng`` is not a
        generator.
    ValueError
        A bound is not finite, or ``lower`` is larger than ``upper``.

    Notes
    -----
    Special cases: as in `leaky_relu`. Entries above 0 use up a random number, too, so
    that what one entry becomes does not depend on the others.

    References
    ----------
    B. Xu, N. Wang, T. Chen and M. Li, "Empirical Evaluation of Rectified Activations
    in Convolutional Network", arXiv 1505.00853 (2015).

    Examples
    --------
    >>> rrelu([-2.0, 3.0], rng=np.random.default_rng(0), lower=0.5, upper=0.5)
    array([-1.,  3.])
    """
    x = as_float("x", x)
    rng = as_generator("rng", rng)
    low, high = as_real("lower", lower), as_real("upper", upper)
    if low > high:
        msg = f"lower must be at most upper, got lower {lower!r} and upper {upper!r}"
        raise ValueError(msg)
    share = rng.random(x.shape)
    slope = (1 - share) * low + share * high
    return narrow(_bent(widen(x), slope, x.dtype), x.dtype)


def _bent(x: NDArray[np.float64], slope: Any, dtype: np.dtype[Any]) -> Any:
    """Return x above 0 and slope * x below; a slope of 0 gives 0 even at -inf."""
    flat = (x >= 0) | np.equal(slope, 0)
    return np.where(flat, np.maximum(x, 0), product(x, slope, dtype))[()]


def _steepness(x: NDArray[np.float64], slope: Any) -> Any:
    """Return 1 above 0 and the slope elsewhere, NaN for NaN."""
    return np.where(np.isnan(x), x, np.where(x > 0, 1.0, slope))[()]


def _check_slopes(x: FloatArray, slope: FloatArray) -> None:
    if slope.shape not in ((), x.shape[-1:]):
        msg = (
            "negative_slope must have no axis, or one as long as the last axis of x; "
            f"got shapes {slope.shape} and {x.shape}"
        )
        raise ValueError(msg)

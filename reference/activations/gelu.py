"""GELU: a gate that opens with the chance of a normal number lying below."""

import math

import numpy as np
from numpy.typing import ArrayLike, NDArray

from reference._rounding import beside, narrow, widen
from reference._validate import FloatArray, as_float
from reference.activations.sigmoid import sigmoid

__all__ = ["gelu", "gelu_derivative", "gelu_tanh"]

# Left of here the distribution function is a continued fraction times the bell.
_TAIL = -1.5
_LEVELS = 120
# Beyond 40 the bell is below the smallest float, 4.9e-324, and so is 40 times it.
_FAR = 40.0

_erfc = np.frompyfunc(math.erfc, 1, 1)


def gelu(x: ArrayLike, /) -> FloatArray:
    r"""Multiply every entry by the chance that a standard normal number is below it.

    $\operatorname{gelu}(x) = x\,\Phi(x) =
    \tfrac{x}{2} \left( 1 + \operatorname{erf}\tfrac{x}{\sqrt 2} \right)$

    Parameters
    ----------
    x : array_like, any shape
        Any real numbers.

    Returns
    -------
    ndarray, shape of ``x``
        Values from -0.16997, at -0.75179, upward; negative for every negative number
        until rounding reaches 0, below -38.5.

    Raises
    ------
    TypeError
        ``x`` does not hold real numbers.

    Notes
    -----
    Special cases: ``-inf`` gives 0, ``inf`` gives ``inf``, NaN gives NaN.

    $1 + \operatorname{erf}$ loses all digits on the left: it is 0 from -8.3 on. The
    code uses $\operatorname{erfc}(-x/\sqrt 2)$, and left of -1.5 the continued fraction
    of $\Phi/\varphi$ times the bell $\varphi$ (`activations.gelu.level`).

    Error: at most 7 ulp in float64, over the whole line; correctly rounded in float16;
    in float32 on all inputs but one.

    References
    ----------
    D. Hendrycks and K. Gimpel, "Gaussian Error Linear Units (GELUs)", arXiv 1606.08415
    (2016).

    Examples
    --------
    >>> gelu([-20.0, 0.0, 1.0])
    array([-5.50724824e-88,  0.00000000e+00,  8.41344746e-01])
    """
    x = as_float("x", x)
    wide = widen(x)
    left = np.clip(wide, -_FAR, _TAIL)
    tail = _times_bell(left * _below_over_bell(left), left)
    right = np.maximum(wide, _TAIL)
    gate = beside(_below(right), 0.5 + np.sign(x), right, x.dtype)
    return narrow(np.where(wide < _TAIL, tail, right * gate), x.dtype)


def gelu_derivative(x: ArrayLike, /) -> FloatArray:
    r"""Return the slope of GELU at every entry.

    $\operatorname{gelu}'(x) = \Phi(x) + x\,\varphi(x)$

    Parameters
    ----------
    x : array_like, any shape
        Where to take the slope.

    Returns
    -------
    ndarray, shape of ``x``
        Slopes from -0.1289, at $-\sqrt 2$, to 1.1289, at $\sqrt 2$.

    Raises
    ------
    TypeError
        ``x`` does not hold real numbers.

    Notes
    -----
    Special cases: ``-inf`` gives 0, ``inf`` gives 1, NaN gives NaN.

    Left of -1.5 both terms carry the bell as a factor; it is taken out
    (`activations.gelu.derivative`).

    Error: in float64 at most 7 ulp left of -1.5, and $2^{-51}$ elsewhere, where the
    slope changes its sign; correctly rounded in float16; in float32 on all inputs but
    four.

    Examples
    --------
    >>> gelu_derivative([-20.0, 0.0])
    array([-1.10143605e-86,  5.00000000e-01])
    """
    x = as_float("x", x)
    wide = widen(x)
    left, near = np.clip(wide, -_FAR, _TAIL), np.clip(wide, -_FAR, _FAR)
    tail = _times_bell(left + _below_over_bell(left), left)
    middle = _below(wide) + _times_bell(near, near)
    return narrow(np.where(wide < _TAIL, tail, middle), x.dtype)


def gelu_tanh(x: ArrayLike, /) -> FloatArray:
    r"""Return the approximation of GELU that needs no error function.

    $\tfrac{x}{2} \left( 1 + \tanh\left( \sqrt{2/\pi}\,(x + 0.044715\,x^3) \right)
    \right)$

    Parameters
    ----------
    x : array_like, any shape
        Any real numbers.

    Returns
    -------
    ndarray, shape of ``x``
        Values that differ from GELU's by at most 0.000474, most near 2.699 and -2.699.

    Raises
    ------
    TypeError
        ``x`` does not hold real numbers.

    Notes
    -----
    Special cases: ``-inf`` gives 0, ``inf`` gives ``inf``, NaN gives NaN.

    It is another function, not a less accurate GELU: in the left tail it falls much
    faster. The code uses $x\,\sigma(2u)$, with $u$ for what tanh is taken of, because
    $1 + \tanh u$ cancels there (`activations.gelu.tanh_gate`).

    Error: in float64 at most $8 + 8|u|$ ulp; correctly rounded in float16 and float32.

    References
    ----------
    D. Hendrycks and K. Gimpel, "Gaussian Error Linear Units (GELUs)", arXiv 1606.08415
    (2016).

    Examples
    --------
    >>> gelu_tanh([-1.0, 0.0, 1.0])
    array([-0.15880801,  0.        ,  0.84119199])
    """
    x = as_float("x", x)
    wide = np.maximum(widen(x), -_FAR)  # where the result is 0
    near = np.minimum(wide, _FAR)  # where the gate is open
    gate = sigmoid(math.sqrt(8 / math.pi) * (near + 0.044715 * near**3))
    return narrow(wide * beside(gate, 0.5 + np.sign(x), wide, x.dtype), x.dtype)


def _below(x: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the chance that a standard normal number lies below x."""
    return np.asarray(_erfc(-x * math.sqrt(0.5)), dtype=np.float64) / 2


def _below_over_bell(x: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return that chance divided by the bell at x, for negative x."""
    a = -x
    # 1 / (a + 1 / (a + 2 / (a + 3 / ...))), from the innermost level outward, which
    # starts where another level would change nothing: m = a + n / m.
    m = (a + np.sqrt(a * a + 4 * _LEVELS)) / 2
    for level in range(_LEVELS, 0, -1):
        m = a + level / m
    return 1 / m


def _times_bell(
    factor: NDArray[np.float64], x: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Multiply by the bell at x, for |x| up to 40."""
    # The square of x is rounded, and its exponential is wrong by that times x². The
    # square of `short` is exact, and little is left. Two halves do not underflow.
    short = np.round(x * 1024) / 1024
    half = np.exp(-short * short / 4)
    rest = np.exp(-(x - short) * (x + short) / 2) / math.sqrt(2 * math.pi)
    with np.errstate(under="ignore"):
        return factor * rest * half * half

"""He initialization: make up for the half that a ReLU cuts off."""

from __future__ import annotations  # numpy.random is loaded on first use

import numpy as np
from numpy.typing import NDArray

from reference._validate import as_count, as_generator, as_real

__all__ = ["he_normal", "he_uniform", "he_variance"]


def he_variance(fan_in: int, /, *, negative_slope: float = 0.0) -> np.float64:
    r"""Return the variance of weights that keeps the mean square through ReLUs.

    $\operatorname{Var} w = \dfrac{2}{(1 + a^2)\, n_{\text{in}}}$

    Parameters
    ----------
    fan_in : int, at least 1
        How many numbers enter each unit of the layer: rows of the weight matrix.
    negative_slope : float, default 0.0
        Slope $a$ of the activation below 0: 0 for the ReLU.

    Returns
    -------
    float64
        The variance.

    Raises
    ------
    TypeError
        ``fan_in`` is not an integer, or ``negative_slope`` not a real number.
    ValueError
        ``fan_in`` is below 1, or ``negative_slope`` is not finite.

    References
    ----------
    K. He, X. Zhang, S. Ren and J. Sun, "Delving Deep into Rectifiers: Surpassing
    Human-Level Performance on ImageNet Classification", *Proceedings of ICCV* (2015),
    1026-1034, section 2.2.

    Examples
    --------
    >>> he_variance(50)
    np.float64(0.04)
    """
    slope = as_real("negative_slope", negative_slope)
    return np.float64(2 / ((1 + slope * slope) * as_count("fan_in", fan_in)))


def he_normal(
    fan_in: int,
    fan_out: int,
    /,
    *,
    rng: np.random.Generator,
    negative_slope: float = 0.0,
) -> NDArray[np.float64]:
    r"""Draw normal weights of He's variance, not truncated.

    $w \sim N\!\left(0, \dfrac{2}{(1 + a^2)\, n_{\text{in}}}\right)$

    Parameters
    ----------
    fan_in, fan_out : int, at least 1
        Shape of the weight matrix.
    rng : numpy.random.Generator
        Source of randomness.
    negative_slope : float, default 0.0
        Slope $a$ of the activation below 0: 0 for the ReLU.

    Returns
    -------
    ndarray of float64, shape (fan_in, fan_out)
        Independent weights.

    Raises
    ------
    TypeError
        A fan is not an integer, ``negative_slope`` not a real number, or ``rng`` not
        a generator.
    ValueError
        A fan is below 1, or ``negative_slope`` is not finite.

    References
    ----------
    K. He, X. Zhang, S. Ren and J. Sun, "Delving Deep into Rectifiers: Surpassing
    Human-Level Performance on ImageNet Classification", *Proceedings of ICCV* (2015),
    1026-1034, section 2.2.

    Examples
    --------
    >>> he_normal(3, 2, rng=np.random.default_rng(0)).shape
    (3, 2)
    """
    std = np.sqrt(he_variance(fan_in, negative_slope=negative_slope))
    shape = (fan_in, as_count("fan_out", fan_out))
    return as_generator("rng", rng).normal(0.0, std, shape)


def he_uniform(
    fan_in: int,
    fan_out: int,
    /,
    *,
    rng: np.random.Generator,
    negative_slope: float = 0.0,
) -> NDArray[np.float64]:
    r"""Draw uniform weights of He's variance.

    $w \sim U(-b, b)$ with $b = \sqrt{6 / ((1 + a^2)\, n_{\text{in}})}$

    Parameters
    ----------
    fan_in, fan_out : int, at least 1
        Shape of the weight matrix.
    rng : numpy.random.Generator
        Source of randomness.
    negative_slope : float, default 0.0
        Slope $a$ of the activation below 0: 0 for the ReLU.

    Returns
    -------
    ndarray of float64, shape (fan_in, fan_out)
        Independent weights in [-b, b).

    Raises
    ------
    TypeError
        A fan is not an integer, ``negative_slope`` not a real number, or ``rng`` not
        a generator.
    ValueError
        A fan is below 1, or ``negative_slope`` is not finite.

    References
    ----------
    K. He, X. Zhang, S. Ren and J. Sun, "Delving Deep into Rectifiers: Surpassing
    Human-Level Performance on ImageNet Classification", *Proceedings of ICCV* (2015),
    1026-1034, section 2.2.

    Examples
    --------
    >>> he_uniform(3, 2, rng=np.random.default_rng(0)).shape
    (3, 2)
    """
    limit = np.sqrt(3 * he_variance(fan_in, negative_slope=negative_slope))
    shape = (fan_in, as_count("fan_out", fan_out))
    return as_generator("rng", rng).uniform(-limit, limit, shape)

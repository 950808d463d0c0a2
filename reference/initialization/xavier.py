"""Xavier initialization: a compromise between the forward and the backward pass."""

from __future__ import annotations  # numpy.random is loaded on first use

import numpy as np
from numpy.typing import NDArray

from reference._validate import as_count, as_generator, as_positive

__all__ = ["xavier_normal", "xavier_uniform", "xavier_variance"]


def xavier_variance(fan_in: int, fan_out: int, /, *, gain: float = 1.0) -> np.float64:
    r"""Return the variance of weights that keeps both passes about even.

    $\operatorname{Var} w = \dfrac{2 g^2}{n_{\text{in}} + n_{\text{out}}}$

    Parameters
    ----------
    fan_in : int, at least 1
        How many numbers enter each unit of the layer: rows of the weight matrix.
    fan_out : int, at least 1
        How many units of the layer each number enters: columns.
    gain : float, positive, default 1.0
        Factor $g$ on the standard deviation.

    Returns
    -------
    float64
        The variance.

    Raises
    ------
    TypeError
        A fan is not an integer, or ``gain`` not a real number.
    ValueError
        A fan is below 1, or ``gain`` not positive and finite.

    References
    ----------
    X. Glorot and Y. Bengio, "Understanding the difficulty of training deep
    feedforward neural networks", *Proceedings of AISTATS* (2010), 249-256.

    Examples
    --------
    >>> xavier_variance(300, 100)
    np.float64(0.005)
    """
    fans = as_count("fan_in", fan_in) + as_count("fan_out", fan_out)
    return np.float64(2 * as_positive("gain", gain) ** 2 / fans)


def xavier_normal(
    fan_in: int, fan_out: int, /, *, rng: np.random.Generator, gain: float = 1.0
) -> NDArray[np.float64]:
    r"""Draw normal weights of Xavier's variance, not truncated.

    $w \sim N\!\left(0, \dfrac{2 g^2}{n_{\text{in}} + n_{\text{out}}}\right)$

    Parameters
    ----------
    fan_in, fan_out : int, at least 1
        Shape of the weight matrix.
    rng : numpy.random.Generator
        Source of randomness.
    gain : float, positive, default 1.0
        Factor $g$ on the standard deviation.

    Returns
    -------
    ndarray of float64, shape (fan_in, fan_out)
        Independent weights.

    Raises
    ------
    TypeError
        A fan is not an integer, ``gain`` not a real number, or ``rng`` not a
        generator.
    ValueError
        A fan is below 1, or ``gain`` not positive and finite.

    References
    ----------
    X. Glorot and Y. Bengio, "Understanding the difficulty of training deep
    feedforward neural networks", *Proceedings of AISTATS* (2010), 249-256.

    Examples
    --------
    >>> xavier_normal(3, 2, rng=np.random.default_rng(0)).shape
    (3, 2)
    """
    std = np.sqrt(xavier_variance(fan_in, fan_out, gain=gain))
    return as_generator("rng", rng).normal(0.0, std, (fan_in, fan_out))


def xavier_uniform(
    fan_in: int, fan_out: int, /, *, rng: np.random.Generator, gain: float = 1.0
) -> NDArray[np.float64]:
    r"""Draw uniform weights of Xavier's variance.

    $w \sim U(-a, a)$ with $a = g \sqrt{6 / (n_{\text{in}} + n_{\text{out}})}$

    Parameters
    ----------
    fan_in, fan_out : int, at least 1
        Shape of the weight matrix.
    rng : numpy.random.Generator
        Source of randomness.
    gain : float, positive, default 1.0
        Factor $g$ on the standard deviation.

    Returns
    -------
    ndarray of float64, shape (fan_in, fan_out)
        Independent weights in [-a, a).

    Raises
    ------
    TypeError
        A fan is not an integer, ``gain`` not a real number, or ``rng`` not a
        generator.
    ValueError
        A fan is below 1, or ``gain`` not positive and finite.

    Notes
    -----
    A uniform number on $(-a, a)$ has variance $a^2/3$
    (`initialization.xavier.uniform_variance`).

    References
    ----------
    X. Glorot and Y. Bengio, "Understanding the difficulty of training deep
    feedforward neural networks", *Proceedings of AISTATS* (2010), 249-256.

    Examples
    --------
    >>> xavier_uniform(3, 2, rng=np.random.default_rng(0)).shape
    (3, 2)
    """
    limit = np.sqrt(3 * xavier_variance(fan_in, fan_out, gain=gain))
    return as_generator("rng", rng).uniform(-limit, limit, (fan_in, fan_out))

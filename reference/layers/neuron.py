"""One neuron: weigh the inputs, add them up, add the bias, activate."""

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
    check_rank,
)
from reference.activations.relu import relu
from reference.activations.sigmoid import sigmoid
from reference.activations.tanh import tanh

__all__ = ["augment", "neuron"]

_ACTIVATIONS: Mapping[str, Callable[..., Any]] = MappingProxyType(
    {"identity": np.positive, "sigmoid": sigmoid, "tanh": tanh, "relu": relu}
)


def neuron(
    x: ArrayLike,
    weights: ArrayLike,
    bias: ArrayLike,
    /,
    *,
    activation: str,
) -> FloatArray:
    r"""Return what one neuron makes of each row.

    $\varphi(z)$ with $z = \sum_i w_i x_i + b$

    Parameters
    ----------
    x : array_like, shape (n, d) or (d,)
        Samples as rows, or a single one.
    weights : array_like, shape (d,)
        One weight for each input.
    bias : array_like, a scalar
        What is added to the weighted sum.
    activation : {"identity", "sigmoid", "tanh", "relu"}
        $\varphi$; with "identity" the result is the sum $z$ itself.

    Returns
    -------
    ndarray, shape (n,), or a scalar for a single sample
        One number a sample.

    Raises
    ------
    TypeError
        An argument does not hold real numbers, or ``activation`` is not a string.
    ValueError
        ``x`` does not have 1 or 2 axes, ``weights`` not 1, ``bias`` not 0; the
        lengths differ, or ``activation`` is unknown.

    Notes
    -----
    Special cases: without inputs the sum is the bias. NaN propagates, and an
    infinite input beside a weight 0 gives NaN.

    float16 and float32 are added up in float64 and rounded once, at the end.

    Error of the sum: about d units of $2^{-53}$ relative to
    $\sum_i |w_i x_i| + |b|$, which may be much more than its value.

    References
    ----------
    W. S. McCulloch and W. Pitts, "A logical calculus of the ideas immanent in nervous
    activity", *Bulletin of Mathematical Biophysics* 5 (1943), 115-133.

    Examples
    --------
    >>> neuron([[1.0, 2.0], [0.0, 0.0]], [3.0, -1.0], 0.5, activation="relu")
    array([1.5, 0.5])
    """
    activate = _ACTIVATIONS[as_option("activation", activation, _ACTIVATIONS)]
    x, w, b = as_floats(x=x, weights=weights, bias=bias)
    check_rank("x", x, 1, 2)
    check_rank("weights", w, 1)
    check_rank("bias", b, 0)
    if x.shape[-1] != len(w):
        msg = (
            f"x must have one column for each of {len(w)} weights, got shape {x.shape}"
        )
        raise ValueError(msg)
    with np.errstate(over="ignore", invalid="ignore"):
        z = widen(x) @ widen(w) + widen(b)
    return narrow(activate(z), w.dtype)[()]


def augment(x: ArrayLike, /) -> FloatArray:
    r"""Put an input that is always 1 in front of each row.

    $[1, x_1, \ldots, x_d]$: with the bias in front of the weights, one weighted sum
    does the work of a weighted sum and a bias.

    Parameters
    ----------
    x : array_like, shape (n, d) or (d,)
        Samples as rows, or a single one.

    Returns
    -------
    ndarray, shape (n, d + 1) or (d + 1,)
        A copy with the ones in column 0.

    Raises
    ------
    TypeError
        ``x`` does not hold real numbers.
    ValueError
        ``x`` does not have 1 or 2 axes.

    Notes
    -----
    Special cases: no rows stay no rows; without columns the ones are all there is.

    Exact in every precision (`layers.neuron.augmentation` says what it is for).

    References
    ----------
    C. M. Bishop, *Pattern Recognition and Machine Learning* (2006).

    Examples
    --------
    >>> augment([[2.0, 3.0], [4.0, 5.0]])
    array([[1., 2., 3.],
           [1., 4., 5.]])
    """
    x = as_float("x", x)
    check_rank("x", x, 1, 2)
    ones = np.ones((*x.shape[:-1], 1), x.dtype)
    return np.concatenate([ones, x], axis=-1)

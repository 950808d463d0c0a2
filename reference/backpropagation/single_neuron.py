"""Back through one neuron: the slope of its activation, times what each part met."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from reference._rounding import narrow, widen
from reference._validate import FloatArray, as_floats, as_option, check_rank
from reference.activations.relu import relu_derivative
from reference.activations.sigmoid import sigmoid_derivative
from reference.activations.tanh import tanh_derivative

__all__ = ["neuron_vjp"]

_SLOPES: Mapping[str, Callable[..., Any]] = MappingProxyType(
    {
        "identity": np.ones_like,
        "sigmoid": sigmoid_derivative,
        "tanh": tanh_derivative,
        "relu": relu_derivative,
    }
)


class NeuronGrads(NamedTuple):
    """Gradients with respect to what a neuron was given, in the same shapes."""

    x: FloatArray
    weights: FloatArray
    bias: FloatArray


def neuron_vjp(
    cotangent: ArrayLike,
    x: ArrayLike,
    weights: ArrayLike,
    bias: ArrayLike,
    /,
    *,
    activation: str,
) -> NeuronGrads:
    r"""Pull a gradient at the output of one neuron back to all it was given.

    For $a_i = \varphi(z_i)$, $z_i = \sum_j w_j x_{ij} + b$ and
    $\delta_i = g_i\, \varphi'(z_i)$: $\partial L / \partial x_{ij} = \delta_i w_j$,
    $\partial L / \partial w_j = \sum_i \delta_i x_{ij}$ and
    $\partial L / \partial b = \sum_i \delta_i$.

    Parameters
    ----------
    cotangent : array_like, shape (n,) or ()
        $g$: the gradient of a loss with respect to the outputs.
    x : array_like, shape (n, d) or (d,)
        Samples as rows, or a single one.
    weights : array_like, shape (d,)
        One weight for each input.
    bias : array_like, a scalar
        What is added to the weighted sum.
    activation : {"identity", "sigmoid", "tanh", "relu"}
        $\varphi$.

    Returns
    -------
    NeuronGrads
        ``x``, ``weights`` and ``bias``, each in the shape of the argument.

    Raises
    ------
    TypeError
        An argument does not hold real numbers, or ``activation`` is not a string.
    ValueError
        The shapes are not those of a neuron and its output, or ``activation`` is
        unknown.

    Notes
    -----
    Special cases: the slope of the rectifier at 0 is taken as 0, as in
    `relu_derivative`.
    Infinite and NaN entries follow IEEE arithmetic.

    Derived in `backpropagation.single_neuron.weights` and
    `backpropagation.single_neuron.inputs`.

    In float16 and float32 everything runs in float64 and is rounded once.

    References
    ----------
    D. E. Rumelhart, G. E. Hinton and R. J. Williams, "Learning representations by
    back-propagating errors", *Nature* 323 (1986), 533-536.

    Examples
    --------
    >>> grads = neuron_vjp(1.0, [1.0, 2.0], [0.5, -0.25], 0.0, activation="sigmoid")
    >>> grads.weights
    array([0.25, 0.5 ])
    """
    slope = _SLOPES[as_option("activation", activation, _SLOPES)]
    g, x, w, b = as_floats(cotangent=cotangent, x=x, weights=weights, bias=bias)
    check_rank("x", x, 1, 2)
    check_rank("weights", w, 1)
    check_rank("bias", b, 0)
    if x.shape[-1] != len(w):
        msg = (
            f"x must have one column for each of {len(w)} weights, got shape {x.shape}"
        )
        raise ValueError(msg)
    if g.shape != x.shape[:-1]:
        msg = f"cotangent must have shape {x.shape[:-1]}, one a sample, got {g.shape}"
        raise ValueError(msg)
    dtype, g, x, w = x.dtype, widen(g), widen(x), widen(w)
    with np.errstate(over="ignore", invalid="ignore"):
        delta = g * slope(x @ w + widen(b))
        return NeuronGrads(
            narrow(np.multiply.outer(delta, w), dtype),
            narrow(np.atleast_1d(delta) @ np.atleast_2d(x), dtype),
            narrow(np.sum(delta), dtype),
        )

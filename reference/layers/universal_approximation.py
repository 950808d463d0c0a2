"""Any curve through given points, drawn by one hidden layer of rectifiers."""

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from reference._rounding import narrow, widen
from reference._validate import (
    FloatArray,
    as_floats,
    check_not_empty,
    check_rank,
    check_same_shape,
)

__all__ = ["relu_interpolant"]


class ReluInterpolant(NamedTuple):
    """A network with one input, one hidden layer of rectifiers and one output.

    Attributes
    ----------
    weights : pair of ndarray, shapes (1, n) and (n, 1)
        All 1 into the hidden layer; out of it, by how much the slope changes at each
        knot.
    biases : pair of ndarray, shapes (n,) and (1,)
        Less the knots; the first value.
    """

    weights: tuple[FloatArray, FloatArray]
    biases: tuple[FloatArray, FloatArray]


def relu_interpolant(knots: ArrayLike, values: ArrayLike, /) -> ReluInterpolant:
    r"""Return the network that joins points by straight lines, a rectifier at each.

    $v_0 + \sum_i (s_i - s_{i-1}) \operatorname{relu}(x - a_i)$, where
    $s_i = (v_{i+1} - v_i) / (a_{i+1} - a_i)$ is the slope after knot $a_i$, and 0
    before the first and after the last.

    Parameters
    ----------
    knots : array_like, shape (n,)
        Where the network may bend, finite and increasing; at least one.
    values : array_like, shape (n,)
        What it returns there.

    Returns
    -------
    ReluInterpolant
        ``weights`` and ``biases``, as `mlp` takes them with ``activations=["relu",
        "identity"]``.

    Raises
    ------
    TypeError
        ``knots`` or ``values`` does not hold real numbers.
    ValueError
        ``knots`` or ``values`` does not have 1 axis, their lengths differ, there are
        none, or the knots are not finite and increasing.

    Notes
    -----
    Special cases: a single knot makes a constant. Values that are not finite make
    slopes that are not.

    On a function that moves at most $L$ times as far as its input, with $n$ equal
    pieces of [0, 1], the network is off by at most $L / 2n$
    (`layers.universal_approximation.line_error`); with a second derivative of at most
    $M$, by $M / 8n^2$ (`layers.universal_approximation.smooth_error`).

    Slopes are formed in float64 and rounded once. Far to the right of many knots the
    terms of the network are much larger than their sum, and their rounding shows.

    References
    ----------
    A. Pinkus, "Approximation theory of the MLP model in neural networks", *Acta
    Numerica* 8 (1999), 143-195.

    Examples
    --------
    >>> tent = relu_interpolant([0.0, 1.0, 2.0], [0.0, 1.0, 0.0])
    >>> tent.weights[1].ravel(), tent.biases[0]
    (array([ 1., -2.,  1.]), array([ 0., -1., -2.]))
    """
    knots, values = as_floats(knots=knots, values=values)
    _check(knots, values)
    a, v = widen(knots), widen(values)
    with np.errstate(over="ignore", invalid="ignore"):
        slopes = np.diff(v) / np.diff(a)
        bends = np.diff(slopes, prepend=0.0, append=0.0)
    dtype = knots.dtype
    into, out = np.ones((1, len(a)), dtype), narrow(bends[:, np.newaxis], dtype)
    return ReluInterpolant((into, out), (-knots, values[:1].copy()))


def _check(knots: FloatArray, values: FloatArray) -> None:
    check_rank("knots", knots, 1)
    check_rank("values", values, 1)
    check_same_shape(knots=knots, values=values)
    check_not_empty("knots", knots)
    if not np.isfinite(knots).all():
        msg = f"knots must be finite, got {knots[~np.isfinite(knots)][0]}"
        raise ValueError(msg)
    wrong = knots[1:] <= knots[:-1]
    if wrong.any():
        before, after = knots[:-1][wrong][0], knots[1:][wrong][0]
        msg = f"knots must increase, got {after} after {before}"
        raise ValueError(msg)

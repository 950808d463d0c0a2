"""A network as its callers pass it: one matrix, one bias, one activation a layer."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from reference._rounding import widen
from reference._validate import as_float, as_float_list, as_option
from reference.activations.relu import relu
from reference.activations.sigmoid import sigmoid
from reference.activations.softmax import softmax
from reference.activations.tanh import tanh
from reference.layers._shapes import check_layer

__all__ = ["ACTIVATIONS", "Network", "read_network", "run"]

Wide = NDArray[np.float64]

ACTIVATIONS: Mapping[str, Callable[..., Any]] = MappingProxyType(
    {
        "identity": np.positive,
        "sigmoid": sigmoid,
        "tanh": tanh,
        "relu": relu,
        "softmax": softmax,
    }
)


class Network(NamedTuple):
    """Checked layers in float64, and the dtype that results are rounded to."""

    x: Wide
    weights: list[Wide]
    biases: list[Wide]
    activations: list[str]
    dtype: np.dtype[Any]


def read_network(
    x: ArrayLike, weights: object, biases: object, activations: object
) -> Network:
    """Check that x, weights, biases and activations make a network."""
    data = as_float("x", x)
    matrices = as_float_list("weights", weights)
    offsets = as_float_list("biases", biases)
    if isinstance(activations, str) or not isinstance(activations, list | tuple):
        msg = f"activations must be a list of names, got {activations!r}"
        raise TypeError(msg)
    if not len(matrices) == len(offsets) == len(activations):
        msg = (
            "weights, biases and activations must be as many as there are layers, got "
            f"{len(matrices)}, {len(offsets)} and {len(activations)}"
        )
        raise ValueError(msg)
    names = [
        as_option(f"activations[{i}]", name, ACTIVATIONS)
        for i, name in enumerate(activations)
    ]
    source, shape = "x", data.shape
    for i, (W, b) in enumerate(zip(matrices, offsets, strict=True)):
        labels = (source, f"weights[{i}]", f"biases[{i}]")
        check_layer(shape, W, b, names=labels)
        source, shape = f"layer {i}", (*shape[:-1], *b.shape)
    dtype = np.result_type(data, *matrices, *offsets)
    wide = [widen(W) for W in matrices], [widen(b) for b in offsets]
    return Network(widen(data), *wide, names, dtype)


def run(network: Network) -> tuple[list[Wide], list[Wide]]:
    """Return the scores of every layer, and what each layer got, the output last."""
    scores: list[Wide] = []
    values: list[Wide] = [network.x]
    layers = zip(network.weights, network.biases, network.activations, strict=True)
    for W, b, activation in layers:
        with np.errstate(over="ignore", invalid="ignore"):
            scores.append(values[-1] @ W + b)
        values.append(ACTIVATIONS[activation](scores[-1]))
    return scores, values

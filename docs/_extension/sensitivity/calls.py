"""Random inputs on which a function can be compared with another library's."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import product
from typing import Any

import numpy as np

from docs._extension.sensitivity.problems import NETWORKS, Draw
from reference.conformance.values import init_of

__all__ = ["STEPS", "comparable", "results"]

Call = tuple[tuple[Any, ...], dict[str, Any]]

STEPS = 10
REDUCTIONS = ("mean", "sum", "none")


def _one(draw: Draw, **options: tuple[Any, ...]) -> Iterator[Call]:
    """Yield one array of each shape, with the defaults and each value of an option."""
    for shape in ((5,), (1, 5), (20, 20), (20, 30)):
        yield (draw(*shape),), {}
        for name, values in options.items():
            yield from (((draw(*shape),), {name: value}) for value in values)


def _losses(draw: Draw, first: str, second: str) -> Iterator[Call]:
    for reduction in REDUCTIONS:
        for shape in ((20, 20), (20, 30)):
            a, t = getattr(draw, first)(*shape), getattr(draw, second)(*shape)
            yield (a, t), {"reduction": reduction}


def _cotangent(draw: Draw, calls: Iterator[Call]) -> Iterator[Call]:
    for (x, *rest), options in calls:
        yield (draw(*x.shape), x, *rest), options


def _prelu(draw: Draw) -> Iterator[Call]:
    yield (draw(20, 30), draw()), {}
    yield (draw(20, 30), draw(30)), {}


def _dense(draw: Draw) -> Iterator[Call]:
    for n, d, k in ((1, 10, 5), (20, 10, 5), (20, 20, 20)):
        yield (draw(n, d), draw(d, k), draw(k)), {}


def _dense_vjp(draw: Draw) -> Iterator[Call]:
    for arrays, _ in _dense(draw):
        yield (draw(len(arrays[0]), len(arrays[2])), *arrays), {}


def _neuron(draw: Draw) -> Iterator[Call]:
    for name in ("identity", "sigmoid", "tanh", "relu"):
        yield (draw(20, 10), draw(10), draw()), {"activation": name}


def _neuron_vjp(draw: Draw) -> Iterator[Call]:
    for arrays, options in _neuron(draw):
        yield (draw(20), *arrays), options


def _mlp(draw: Draw) -> Iterator[Call]:
    for n, (sizes, activations, _) in product((1, 20), NETWORKS):
        yield (draw(n, sizes[0]), *draw.layers(*sizes)), {"activations": activations}


def _mlp_grads(draw: Draw, **options: Any) -> Iterator[Call]:
    targets: dict[str, Callable[..., Any]] = {
        "mse": draw,
        "binary_cross_entropy": draw.shares,
    }
    for n, (sizes, activations, loss) in product((1, 20), NETWORKS):
        t = targets.get(loss, draw.rows)(n, sizes[-1])
        arrays = (draw(n, sizes[0]), t, *draw.layers(*sizes))
        yield arrays, {"activations": activations, "loss": loss, **options}


def _two(draw: Draw, **options: tuple[Any, ...]) -> Iterator[Call]:
    for (a,), chosen in _one(draw, **options):
        yield (a, draw(*a.shape)), chosen


def _sparse(draw: Draw) -> Iterator[Call]:
    yield (draw.rows(20, 30), draw.rng.integers(30, size=20)), {}


def _updates(**options: Any) -> Callable[[Draw], Iterator[Call]]:
    """Options of an optimizer: its defaults, and others."""
    rate = {"learning_rate": 0.1}
    first = rate if "learning_rate" not in options else {}

    def calls(draw: Draw) -> Iterator[Call]:
        del draw
        yield (), first
        yield (), {**rate, **options}

    return calls


def _elementwise(**options: tuple[Any, ...]) -> Callable[[Draw], Iterator[Call]]:
    return lambda draw: _one(draw, **options)


def _loss(first: str, second: str) -> Callable[[Draw], Iterator[Call]]:
    return lambda draw: _losses(draw, first, second)


CALLS: dict[str, Callable[[Draw], Iterator[Call]]] = {
    **dict.fromkeys(
        (
            *("augment", "binary_step", "gelu", "gelu_derivative", "gelu_tanh"),
            *("identity", "log_sigmoid", "predict_labels", "relu", "relu_derivative"),
            *("sigmoid", "sigmoid_derivative", "silu", "silu_derivative"),
            *("softmax_jacobian", "softplus", "tanh", "tanh_derivative"),
        ),
        _elementwise(),
    ),
    **dict.fromkeys(
        ("softmax", "log_softmax", "logsumexp"), _elementwise(axis=(0, -1))
    ),
    **dict.fromkeys(("elu", "elu_derivative"), _elementwise(alpha=(2.0,))),
    **dict.fromkeys(
        ("leaky_relu", "leaky_relu_derivative"), _elementwise(negative_slope=(0.3,))
    ),
    "softmax_vjp": lambda draw: _cotangent(draw, _one(draw, axis=(0, -1))),
    "logit": lambda draw: iter([((draw.shares(20, 30),), {})]),
    "spectral_norm": lambda draw: iter([((draw(20, 30),), {}), ((draw(5, 5),), {})]),
    "cosine_similarity": lambda draw: _two(draw, axis=(0, -1)),
    "cosine_distance": lambda draw: iter([((draw(20, 30), draw(20, 30)), {})]),
    "prelu": _prelu,
    "prelu_vjp": lambda draw: _cotangent(draw, _prelu(draw)),
    "dense": _dense,
    "dense_vjp": _dense_vjp,
    "neuron": _neuron,
    "neuron_vjp": _neuron_vjp,
    "mlp": _mlp,
    "mlp_grads": _mlp_grads,
    "mlp_step": lambda draw: _mlp_grads(draw, learning_rate=0.1),
    **dict.fromkeys(("mse_loss", "mse_loss_grad"), _loss("__call__", "__call__")),
    **dict.fromkeys(
        ("binary_cross_entropy", "binary_cross_entropy_grad"), _loss("shares", "shares")
    ),
    **dict.fromkeys(
        (
            "binary_cross_entropy_with_logits",
            "binary_cross_entropy_with_logits_grad",
        ),
        _loss("__call__", "shares"),
    ),
    **dict.fromkeys(
        ("softmax_cross_entropy", "softmax_cross_entropy_grad"),
        _loss("__call__", "rows"),
    ),
    **dict.fromkeys(
        ("categorical_cross_entropy", "categorical_cross_entropy_grad"),
        _loss("rows", "rows"),
    ),
    "sparse_categorical_cross_entropy": _sparse,
    "sgd_step": _updates(),
    "momentum_step": _updates(momentum=0.5),
    "nesterov_step": _updates(momentum=0.5),
    "adagrad_step": _updates(learning_rate=0.1, eps=1e-3),
    "rmsprop_step": _updates(learning_rate=0.1, decay=0.9, eps=1e-3),
    "adam_step": _updates(learning_rate=0.1, beta1=0.8, beta2=0.9, eps=1e-3),
    "adamw_step": _updates(learning_rate=0.1, beta1=0.8, eps=1e-3, weight_decay=0.1),
}


def comparable(name: str) -> bool:
    """Say whether random inputs decide: random draws of two libraries never agree."""
    return name in CALLS


def results(of: Any, name: str) -> Iterator[Any]:
    """Yield what the functions `of` return on the inputs for one of them, in turn."""
    draw = Draw()
    for arguments, options in CALLS[name](draw):
        if init := init_of(name):
            yield from _path(getattr(of, init), getattr(of, name), draw, options)
        else:
            yield getattr(of, name)(*arguments, **options)


def _path(init: Any, step: Any, draw: Draw, options: dict[str, Any]) -> Iterator[Any]:
    """Yield the parameters after each step along random gradients."""
    params = draw(4, 3)
    gradients = np.array([draw(4, 3) for _ in range(STEPS)])
    state = init(params)
    for gradient in gradients:
        params, state = step(params, gradient, state, **options)
        yield params

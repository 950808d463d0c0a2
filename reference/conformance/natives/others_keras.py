"""Keras' functions, layers and metrics, by their own defaults, on PyTorch."""

from collections.abc import Callable
from functools import partial
from importlib import import_module
from typing import Any

import numpy as np

from reference.conformance.adapters._library import seed
from reference.conformance.adapters.torch import TORCH
from reference.conformance.natives import Native

__all__ = ["NATIVES"]

import_module("reference.conformance.adapters.keras")  # it settles the backend
keras: Any = import_module("keras")
ops = keras.ops

Function = Callable[..., Any]


def _quantile(x: Any, q: Any) -> Any:
    return TORCH.value(partial(ops.quantile, q=float(q)), x)


def _with_alpha(function: Function) -> Function:
    def activation(x: Any, /, *, alpha: float) -> Any:
        return TORCH.value(partial(function, alpha=alpha), x)

    return activation


def _loss(function: Function) -> Function:
    """Adapt a loss: targets come first, and tensors have two axes."""

    def loss(predictions: Any, targets: Any) -> Any:
        rows = [np.atleast_2d(np.asarray(a)) for a in (predictions, targets)]
        return TORCH.value(lambda p, y: function(y, p), *rows)

    return loss


def _huber(predictions: Any, targets: Any, /, *, delta: float) -> Any:
    return _loss(partial(keras.losses.huber, delta=delta))(predictions, targets)


def _gradient(scores: Any, targets: Any) -> Any:
    def loss(x: Any, y: Any) -> Any:
        return ops.mean(ops.binary_crossentropy(y, x, from_logits=True))

    return TORCH.pullback(loss, None, scores, constants=(targets,))[0]


def _cosine(a: Any, b: Any) -> Any:
    return TORCH.value(lambda x, y: -keras.losses.cosine_similarity(y, x), a, b)


def _smoothed(targets: Any, amount: Any) -> Any:
    """Return the labels that the loss has: softmax less its gradient."""
    scores = np.zeros(np.shape(targets))

    def loss(x: Any, y: Any) -> Any:
        rows = keras.losses.categorical_crossentropy(
            y, x, from_logits=True, label_smoothing=float(amount)
        )
        return ops.sum(rows)

    gradient = TORCH.pullback(loss, None, scores, constants=(targets,))[0]
    return 1 / scores.shape[-1] - gradient


def _smoothed_binary(targets: Any, amount: Any) -> Any:
    """Return the labels that the loss has: sigmoid less its gradient."""
    scores = np.zeros(np.shape(targets))

    def loss(x: Any, y: Any) -> Any:
        rows = keras.losses.binary_crossentropy(
            y, x, from_logits=True, label_smoothing=float(amount)
        )
        return ops.sum(rows) * x.shape[-1]

    gradient = TORCH.pullback(loss, None, scores, constants=(targets,))[0]
    return 1 / 2 - gradient


def _drawn(initializer: Function) -> Function:
    def weights(fan_in: int, fan_out: int, /, *, rng: np.random.Generator) -> Any:
        made = initializer(seed=seed(rng))
        return made((fan_in, fan_out), dtype="float64").numpy()

    return weights


def _dropout(layer: Function) -> Function:
    def dropout(x: Any, /, *, p: float, rng: np.random.Generator) -> Any:
        made = layer(p, seed=seed(rng), dtype="float64")
        return TORCH.value(partial(made, training=True), x)

    return dropout


def _dropout_at_test(x: Any, /, *, p: float) -> Any:
    layer = keras.layers.Dropout(p, dtype="float64")
    return TORCH.value(partial(layer, training=False), x)


def _score(metric: Function) -> Function:
    """Adapt a metric: it takes columns."""

    def score(y: Any, p: Any) -> Any:
        columns = [np.reshape(a, (-1, 1)).astype("float64") for a in (y, p)]
        return TORCH.value(metric(), *columns).ravel()[0]

    return score


NATIVES = (
    Native("var", "variance", TORCH.of(ops.var)),
    Native("moments", "variance", TORCH.of(lambda x: ops.moments(x, [0])[1])),
    Native(
        "passes(moments)",
        "variance_passes",
        TORCH.of(lambda x: ops.moments(x, [0])[1]),
    ),
    Native("passes(var)", "variance_passes", TORCH.of(ops.var)),
    Native("std", "std", TORCH.of(ops.std)),
    Native("median", "median", TORCH.of(ops.median)),
    Native("quantile", "quantile", _quantile),
    Native("ops.gelu", "gelu", TORCH.of(ops.gelu)),
    Native("activations.gelu", "gelu", TORCH.of(keras.activations.gelu)),
    Native("softplus", "softplus", TORCH.of(ops.softplus)),
    Native("hard_sigmoid", "hard_sigmoid", TORCH.of(ops.hard_sigmoid)),
    Native(
        "activations.leaky_relu", "leaky_relu", TORCH.of(keras.activations.leaky_relu)
    ),
    Native(
        "layers.LeakyReLU",
        "leaky_relu",
        TORCH.of(keras.layers.LeakyReLU(dtype="float64")),
    ),
    Native("elu", "elu", _with_alpha(ops.elu)),
    Native("celu", "elu", _with_alpha(ops.celu)),
    Native("selu", "selu", TORCH.of(ops.selu)),
    Native("softmax", "softmax", TORCH.of(ops.softmax)),
    Native("grad(relu)", "relu_derivative", TORCH.slope(ops.relu)),
    Native(
        "grad(maximum)",
        "relu_derivative",
        TORCH.slope(lambda x: ops.maximum(x, 0.0)),
    ),
    Native("grad(abs)", "abs_derivative", TORCH.slope(ops.abs)),
    Native(
        "grad(leaky_relu)",
        "leaky_relu_derivative",
        TORCH.slope(lambda x: ops.leaky_relu(x, 0.01)),
    ),
    Native(
        "grad(clip)",
        "clip_derivative",
        TORCH.slope(lambda x: ops.clip(x, 0.0, 1.0)),
    ),
    Native("grad(max)", "max_derivative", TORCH.slope(ops.max)),
    Native(
        "binary_crossentropy",
        "binary_cross_entropy",
        _loss(keras.losses.binary_crossentropy),
    ),
    Native(
        "binary_crossentropy(from_logits)",
        "binary_cross_entropy_with_logits",
        _loss(partial(keras.losses.binary_crossentropy, from_logits=True)),
    ),
    Native(
        "grad(binary_crossentropy(from_logits))",
        "binary_cross_entropy_with_logits_grad",
        _gradient,
    ),
    Native("cosine_similarity", "cosine_similarity", _cosine),
    Native("huber", "huber_loss", _huber),
    Native(
        "MeanSquaredError",
        "mse_loss",
        _loss(keras.losses.MeanSquaredError(dtype="float64")),
    ),
    Native("mean_squared_error", "mse_loss", _loss(keras.losses.mean_squared_error)),
    Native(
        "CategoricalCrossentropy",
        "softmax_cross_entropy",
        _loss(keras.losses.CategoricalCrossentropy(from_logits=True, dtype="float64")),
    ),
    Native(
        "categorical_crossentropy",
        "softmax_cross_entropy",
        _loss(partial(keras.losses.categorical_crossentropy, from_logits=True)),
    ),
    Native("categorical_crossentropy(label_smoothing)", "smooth_labels", _smoothed),
    Native("binary_crossentropy(label_smoothing)", "smooth_labels", _smoothed_binary),
    Native("GlorotNormal", "xavier_normal", _drawn(keras.initializers.GlorotNormal)),
    Native("GlorotUniform", "xavier_uniform", _drawn(keras.initializers.GlorotUniform)),
    Native("HeNormal", "he_normal", _drawn(keras.initializers.HeNormal)),
    Native("HeUniform", "he_uniform", _drawn(keras.initializers.HeUniform)),
    Native("LecunNormal", "lecun_normal", _drawn(keras.initializers.LecunNormal)),
    Native("LecunUniform", "lecun_uniform", _drawn(keras.initializers.LecunUniform)),
    Native(
        "Dense",
        "dense_weights",
        _drawn(type(keras.layers.Dense(1).kernel_initializer)),
    ),
    Native("Dropout", "dropout", _dropout(keras.layers.Dropout)),
    Native("GaussianDropout", "dropout", _dropout(keras.layers.GaussianDropout)),
    Native("Dropout(training=False)", "dropout_at_test", _dropout_at_test),
    Native("R2Score", "r2_score", _score(keras.metrics.R2Score)),
    Native(
        "F1Score", "f1_score", _score(partial(keras.metrics.F1Score, threshold=0.5))
    ),
)

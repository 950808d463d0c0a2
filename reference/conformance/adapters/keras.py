"""Keras on its PyTorch backend; derivatives are those of PyTorch's autograd.

No dense layers: ``keras.ops.matmul`` computes in float32 what it is given in float64.
"""

import os
from functools import partial
from typing import Any

import numpy as np

# The backend is settled by the first import of Keras.
os.environ["KERAS_BACKEND"] = "torch"

import keras
from keras import initializers, losses, ops

from reference.conformance.adapters._library import reduced, seed
from reference.conformance.adapters.torch import TORCH

__all__ = [
    "augment",
    "binary_cross_entropy",
    "binary_cross_entropy_grad",
    "binary_cross_entropy_with_logits",
    "binary_cross_entropy_with_logits_grad",
    "binary_step",
    "categorical_cross_entropy",
    "categorical_cross_entropy_grad",
    "cosine_similarity",
    "dropout",
    "elu",
    "elu_derivative",
    "gelu",
    "gelu_derivative",
    "gelu_tanh",
    "he_normal",
    "he_uniform",
    "identity",
    "leaky_relu",
    "leaky_relu_derivative",
    "log_sigmoid",
    "log_softmax",
    "logsumexp",
    "mse_loss",
    "mse_loss_grad",
    "predict_labels",
    "relu",
    "relu_derivative",
    "sigmoid",
    "sigmoid_derivative",
    "silu",
    "silu_derivative",
    "softmax",
    "softmax_cross_entropy",
    "softmax_cross_entropy_grad",
    "softmax_vjp",
    "softplus",
    "sparse_categorical_cross_entropy",
    "tanh",
    "tanh_derivative",
    "xavier_normal",
    "xavier_uniform",
]

__version__ = keras.__version__

exact_gelu = partial(ops.gelu, approximate=False)

sigmoid, sigmoid_derivative = TORCH.of(ops.sigmoid), TORCH.slope(ops.sigmoid)
log_sigmoid = TORCH.of(ops.log_sigmoid)
tanh, tanh_derivative = TORCH.of(ops.tanh), TORCH.slope(ops.tanh)
relu, relu_derivative = TORCH.of(ops.relu), TORCH.slope(ops.relu)
identity = TORCH.of(keras.activations.linear)
binary_step = TORCH.of(lambda x: ops.heaviside(x, 0))
elu, elu_derivative = TORCH.elu(ops.elu)
leaky_relu, leaky_relu_derivative = TORCH.leaky_relu(ops.leaky_relu)
softplus = TORCH.of(ops.softplus)
silu, silu_derivative = TORCH.of(ops.silu), TORCH.slope(ops.silu)
gelu, gelu_derivative = TORCH.of(exact_gelu), TORCH.slope(exact_gelu)
gelu_tanh = TORCH.of(ops.gelu)

logsumexp = TORCH.along(ops.logsumexp)
softmax, softmax_vjp = TORCH.along(ops.softmax), TORCH.vjp_along(ops.softmax)
log_softmax = TORCH.along(ops.log_softmax)


def _squared_error(predictions: Any, targets: Any) -> Any:
    """Take the mean over the rows of what is a mean over the last axis."""
    return ops.mean(losses.mean_squared_error(targets, predictions))


def _binary(
    predictions: Any, targets: Any, *, reduction: str = "mean", **options: Any
) -> Any:
    loss = ops.binary_crossentropy(targets, predictions, **options)
    return reduced(loss, reduction)


def _categorical(
    predictions: Any, targets: Any, *, reduction: str = "mean", **options: Any
) -> Any:
    loss = ops.categorical_crossentropy(targets, predictions, **options)
    return reduced(loss, reduction)


_of_logits = partial(_binary, from_logits=True)
_of_scores = partial(_categorical, from_logits=True)

mse_loss, mse_loss_grad = TORCH.mean_loss(_squared_error)
binary_cross_entropy, binary_cross_entropy_grad = TORCH.loss(_binary)
binary_cross_entropy_with_logits, binary_cross_entropy_with_logits_grad = TORCH.loss(
    _of_logits
)
categorical_cross_entropy, categorical_cross_entropy_grad = TORCH.loss(_categorical)
softmax_cross_entropy, softmax_cross_entropy_grad = TORCH.loss(_of_scores)

predict_labels = TORCH.of(partial(ops.argmax, axis=-1))


def sparse_categorical_cross_entropy(
    probabilities: Any, labels: Any, /, *, reduction: str = "mean"
) -> Any:
    """``keras.ops.sparse_categorical_crossentropy``."""

    def loss(p: Any) -> Any:
        rows = ops.sparse_categorical_crossentropy(np.asarray(labels), p)
        return reduced(rows, reduction)

    return TORCH.value(loss, probabilities)


def cosine_similarity(a: Any, b: Any, /, *, axis: int = -1) -> Any:
    """``keras.losses.cosine_similarity`` with its sign turned back."""
    return TORCH.value(lambda *rows: -losses.cosine_similarity(*rows, axis=axis), a, b)


def augment(x: Any, /) -> Any:
    """``keras.ops.pad`` with a one in front."""
    widths = [(0, 0)] * (np.ndim(x) - 1) + [(1, 0)]
    return TORCH.value(partial(ops.pad, pad_width=widths, constant_values=1.0), x)


def dropout(x: Any, /, *, p: float, rng: np.random.Generator) -> Any:
    """``keras.random.dropout``, seeded from ``rng``."""
    return TORCH.value(partial(keras.random.dropout, rate=p, seed=seed(rng)), x)


def _drawn(initializer: Any, shape: tuple[int, int], rng: np.random.Generator) -> Any:
    return initializer(seed=seed(rng))(shape, dtype="float64").numpy()


def xavier_normal(fan_in: int, fan_out: int, /, *, rng: np.random.Generator) -> Any:
    """``keras.initializers.GlorotNormal``."""
    return _drawn(initializers.GlorotNormal, (fan_in, fan_out), rng)


def xavier_uniform(fan_in: int, fan_out: int, /, *, rng: np.random.Generator) -> Any:
    """``keras.initializers.GlorotUniform``."""
    return _drawn(initializers.GlorotUniform, (fan_in, fan_out), rng)


def he_normal(fan_in: int, fan_out: int, /, *, rng: np.random.Generator) -> Any:
    """``keras.initializers.HeNormal``."""
    return _drawn(initializers.HeNormal, (fan_in, fan_out), rng)


def he_uniform(fan_in: int, fan_out: int, /, *, rng: np.random.Generator) -> Any:
    """``keras.initializers.HeUniform``."""
    return _drawn(initializers.HeUniform, (fan_in, fan_out), rng)

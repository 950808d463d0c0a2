"""Keras on its PyTorch backend; derivatives are those of PyTorch's autograd.

Each step of an optimizer is taken by a new one, into which the state is put.

No dense layers: ``keras.ops.matmul`` computes in float32 what it is given in float64.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

import numpy as np

# The backend is settled by the first import of Keras.
os.environ["KERAS_BACKEND"] = "torch"

import keras
from keras import initializers, losses, ops, optimizers

from reference.conformance.adapters._library import floats, reduced, seed
from reference.conformance.adapters._optimizers import Optimizers
from reference.conformance.adapters.torch import TORCH

__all__ = [
    "adagrad_init",
    "adagrad_step",
    "adam_init",
    "adam_step",
    "adamw_init",
    "adamw_step",
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
    "momentum_init",
    "momentum_step",
    "mse_loss",
    "mse_loss_grad",
    "nesterov_init",
    "nesterov_step",
    "predict_labels",
    "relu",
    "relu_derivative",
    "rmsprop_init",
    "rmsprop_step",
    "sgd_init",
    "sgd_step",
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


# ------------------------------------------------------------------------- optimizers


@contextmanager
def _wide() -> Iterator[None]:
    """Let an optimizer keep its learning rate in float64: float32 is the default."""
    before = keras.config.floatx()
    keras.config.set_floatx("float64")
    try:
        yield
    finally:
        keras.config.set_floatx(before)


def _built(rule: Any, params: Any) -> tuple[Any, Any]:
    """Return an optimizer, and its variable with these parameters."""
    array = floats(params)
    optimizer = rule()
    variable = keras.Variable(array, dtype=array.dtype.name)
    optimizer.build([variable])
    return optimizer, variable


def _memory(optimizer: Any) -> list[Any]:
    """Return the variables of an optimizer but for its learning rate.

    It has no public name: ``learning_rate`` is its value.
    """
    return [v for v in optimizer.variables if v is not optimizer._learning_rate]


def _array(variable: Any) -> Any:
    return variable.value.detach().numpy().copy()


def _begun(rule: Any, params: Any) -> Any:
    with _wide():
        return tuple(map(_array, _memory(_built(rule, params)[0])))


def _stepped(rule: Any, params: Any, grad: Any, state: Any) -> tuple[Any, Any]:
    """Let a new optimizer that has this state take one step."""
    with _wide():
        optimizer, variable = _built(rule, params)
        memory = _memory(optimizer)
        for own, value in zip(memory, state, strict=False):
            own.assign(value)
        optimizer.apply([ops.convert_to_tensor(floats(grad))], [variable])
        # Without momentum there is no velocity to keep.
        after = (*map(_array, memory), *state[len(memory) :])
        return _array(variable), after


STEPS = Optimizers(_begun, _stepped)

sgd_init, sgd_step = STEPS.sgd(lambda rate: partial(optimizers.SGD, rate))
momentum_init, momentum_step = STEPS.momentum(
    lambda rate, momentum: partial(optimizers.SGD, rate, momentum)
)
nesterov_init, nesterov_step = STEPS.momentum(
    lambda rate, momentum: partial(optimizers.SGD, rate, momentum, nesterov=True)
)
adagrad_init, adagrad_step = STEPS.adagrad(
    lambda rate, eps: partial(
        optimizers.Adagrad, rate, initial_accumulator_value=0.0, epsilon=eps
    )
)
rmsprop_init, rmsprop_step = STEPS.rmsprop(
    lambda rate, decay, eps: partial(optimizers.RMSprop, rate, decay, epsilon=eps)
)
adam_init, adam_step = STEPS.adam(
    lambda rate, beta1, beta2, eps: partial(
        optimizers.Adam, rate, beta1, beta2, epsilon=eps
    )
)
adamw_init, adamw_step = STEPS.adamw(
    lambda rate, beta1, beta2, eps, weight_decay: partial(
        optimizers.AdamW, rate, weight_decay, beta1, beta2, epsilon=eps
    )
)

"""tinygrad under the contract's names; derivatives are those of its autograd.

The processor computes: by kernels that clang compiles or, where there is no clang, by
tinygrad's emulator, which runs the same kernels in Python.
"""

import os
import shutil
from collections.abc import Callable
from functools import partial
from importlib import metadata
from typing import Any

import numpy as np

# What tinygrad goes by it reads when it is imported, unless somebody has decided. It
# calls clang, unless CC names another compiler, which may not know its options.
os.environ["DEV"] = os.environ.get("DEV") or (
    "CPU" if "CC" not in os.environ and shutil.which("clang") else "PYTHON"
)
# Rates and the memories of optimizers would be float32.
os.environ["DEFAULT_FLOAT"] = os.environ.get("DEFAULT_FLOAT", "float64")
os.environ["OPTIM_DTYPE"] = os.environ.get("OPTIM_DTYPE", "float64")
# A pool of processes would be left running.
os.environ["PARALLEL"] = os.environ.get("PARALLEL", "0")

from tinygrad.helpers import Context
from tinygrad.nn import optim
from tinygrad.tensor import Tensor

from reference.conformance.adapters._library import Library, affine, floats
from reference.conformance.adapters._optimizers import Optimizers

__all__ = [
    "PATIENCE",
    "adam_init",
    "adam_step",
    "adamw_init",
    "adamw_step",
    "binary_cross_entropy",
    "binary_cross_entropy_grad",
    "binary_cross_entropy_with_logits",
    "binary_cross_entropy_with_logits_grad",
    "dense",
    "dense_vjp",
    "elu",
    "elu_derivative",
    "gelu",
    "gelu_derivative",
    "gelu_tanh",
    "leaky_relu",
    "leaky_relu_derivative",
    "log_sigmoid",
    "log_softmax",
    "logsumexp",
    "mlp",
    "momentum_init",
    "momentum_step",
    "nesterov_init",
    "nesterov_step",
    "neuron",
    "neuron_vjp",
    "predict_labels",
    "relu",
    "relu_derivative",
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
    "tanh",
    "tanh_derivative",
]

__version__ = metadata.version("tinygrad")

# How many times as long a call may take: every new shape is compiled.
PATIENCE = 8.0


def _tensor(value: Any) -> Tensor:
    return Tensor(floats(value))


def _value(function: Callable[..., Any], *arrays: Any) -> Any:
    return function(*map(_tensor, arrays)).numpy().copy()


def _pullback(
    function: Callable[..., Any], cotangent: Any, *arrays: Any, constants: Any = ()
) -> Any:
    leaves = [_tensor(array) for array in arrays]
    out = function(*leaves, *map(_tensor, constants))
    pulled = out.ones_like() if cotangent is None else _tensor(cotangent)
    found = out.gradient(*leaves, gradient=pulled)
    return tuple(gradient.numpy().copy() for gradient in found)


TINYGRAD = Library(_value, _pullback)

ACTIVATIONS: dict[str, Callable[..., Any]] = {
    "identity": lambda x: x,
    "sigmoid": Tensor.sigmoid,
    "tanh": Tensor.tanh,
    "relu": Tensor.relu,
    "softmax": Tensor.softmax,
}

exact_gelu = partial(Tensor.gelu, approximate="none")

sigmoid, sigmoid_derivative = (
    TINYGRAD.of(Tensor.sigmoid),
    TINYGRAD.slope(Tensor.sigmoid),
)
log_sigmoid = TINYGRAD.of(Tensor.logsigmoid)
tanh, tanh_derivative = TINYGRAD.of(Tensor.tanh), TINYGRAD.slope(Tensor.tanh)
relu, relu_derivative = TINYGRAD.of(Tensor.relu), TINYGRAD.slope(Tensor.relu)
elu, elu_derivative = TINYGRAD.elu(lambda x, alpha: x.elu(float(alpha)))
# A float of NumPy would take the product, with what it takes for an array.
leaky_relu, leaky_relu_derivative = TINYGRAD.leaky_relu(
    lambda x, negative_slope: x.leaky_relu(float(negative_slope))
)
softplus = TINYGRAD.of(Tensor.softplus)
silu, silu_derivative = TINYGRAD.of(Tensor.silu), TINYGRAD.slope(Tensor.silu)
gelu, gelu_derivative = TINYGRAD.of(exact_gelu), TINYGRAD.slope(exact_gelu)
gelu_tanh = TINYGRAD.of(Tensor.gelu)

logsumexp = TINYGRAD.along(Tensor.logsumexp)
softmax, softmax_vjp = (
    TINYGRAD.along(Tensor.softmax),
    TINYGRAD.vjp_along(Tensor.softmax),
)
log_softmax = TINYGRAD.along(Tensor.log_softmax)
predict_labels = TINYGRAD.of(partial(Tensor.argmax, axis=-1))

binary_cross_entropy, binary_cross_entropy_grad = TINYGRAD.loss(
    Tensor.binary_crossentropy
)
binary_cross_entropy_with_logits, binary_cross_entropy_with_logits_grad = TINYGRAD.loss(
    Tensor.binary_crossentropy_logits
)
softmax_cross_entropy, softmax_cross_entropy_grad = TINYGRAD.loss(Tensor.cross_entropy)

dense, dense_vjp = TINYGRAD.of(affine), TINYGRAD.vjp(affine)
neuron, neuron_vjp = TINYGRAD.neuron(ACTIVATIONS)
mlp = TINYGRAD.network(ACTIVATIONS)


# ------------------------------------------------------------------------- optimizers


TRAINING_MODE: Any = Context  # it has no types


def _memory(optimizer: Any) -> list[Any]:
    """Return what an optimizer keeps from step to step."""
    if isinstance(optimizer, optim.LARS):
        return list(optimizer.b)
    return [optimizer.b1_t, optimizer.b2_t, *optimizer.m, *optimizer.v]


def _begun(_: Any, __: Any) -> Any:
    return ()


def _stepped(rule: Any, params: Any, grad: Any, state: Any) -> tuple[Any, Any]:
    """Let a new optimizer that has this state take one step."""
    # Its rate has an axis, and so must the parameters.
    shape = np.shape(params)
    parameters = _tensor(params).reshape(shape or 1).is_param_(is_param=True)
    optimizer = rule([parameters])
    for own, value in zip(_memory(optimizer), state, strict=False):
        own.assign(Tensor(value).cast(own.dtype))
    parameters.grad = _tensor(grad).reshape(np.shape(grad) or 1)
    with TRAINING_MODE(TRAINING=1):
        optimizer.step()
    after = tuple(own.numpy().copy() for own in _memory(optimizer))
    return parameters.numpy().reshape(shape).copy(), after


STEPS = Optimizers(_begun, _stepped)

sgd_init, sgd_step = STEPS.sgd(lambda rate: partial(optim.SGD, lr=rate))
momentum_init, momentum_step = STEPS.momentum(
    lambda rate, momentum: partial(optim.SGD, lr=rate, momentum=momentum)
)
nesterov_init, nesterov_step = STEPS.momentum(
    lambda rate, momentum: partial(optim.SGD, lr=rate, momentum=momentum, nesterov=True)
)
adam_init, adam_step = STEPS.adam(
    lambda rate, beta1, beta2, eps: partial(
        optim.Adam, lr=rate, b1=beta1, b2=beta2, eps=eps
    )
)
adamw_init, adamw_step = STEPS.adamw(
    lambda rate, beta1, beta2, eps, weight_decay: partial(
        optim.AdamW, lr=rate, b1=beta1, b2=beta2, eps=eps, weight_decay=weight_decay
    )
)

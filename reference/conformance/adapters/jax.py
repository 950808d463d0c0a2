"""JAX under the contract's names; derivatives are those of its autodiff.

Every call has 64-bit numbers enabled, and leaves JAX as it was.
"""

from collections.abc import Callable
from functools import partial
from typing import Any

import jax
import numpy as np
from jax import nn
from jax import numpy as jnp

from reference.conformance.adapters._library import Library, affine, floats, seed

__all__ = [
    "ACTIVATIONS",
    "JAX",
    "augment",
    "binary_step",
    "dense",
    "dense_vjp",
    "dropout_mask",
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
    "logit",
    "logsumexp",
    "mlp",
    "neuron",
    "neuron_vjp",
    "predict_labels",
    "relu",
    "relu_derivative",
    "sigmoid",
    "sigmoid_derivative",
    "silu",
    "silu_derivative",
    "softmax",
    "softmax_jacobian",
    "softmax_vjp",
    "softplus",
    "spectral_norm",
    "tanh",
    "tanh_derivative",
    "xavier_normal",
    "xavier_uniform",
]

__version__ = jax.__version__

# How many times as long a call may take: every new shape is compiled.
PATIENCE = 8.0


def _value(function: Callable[..., Any], *arrays: Any) -> Any:
    with jax.enable_x64(new_val=True):
        return np.array(function(*map(jnp.array, map(floats, arrays))))


def _pullback(
    function: Callable[..., Any], cotangent: Any, *arrays: Any, constants: Any = ()
) -> Any:
    with jax.enable_x64(new_val=True):
        fixed = [jnp.array(floats(value)) for value in constants]
        out, vjp = jax.vjp(
            lambda *a: function(*a, *fixed), *map(jnp.array, map(floats, arrays))
        )
        ones = np.ones(out.shape) if cotangent is None else cotangent
        return tuple(map(np.array, vjp(jnp.array(ones, out.dtype))))


JAX = Library(_value, _pullback)

exact_gelu = partial(nn.gelu, approximate=False)

sigmoid, sigmoid_derivative = JAX.of(nn.sigmoid), JAX.slope(nn.sigmoid)
log_sigmoid = JAX.of(nn.log_sigmoid)
logit = JAX.of(jax.scipy.special.logit)
tanh, tanh_derivative = JAX.of(nn.tanh), JAX.slope(nn.tanh)
relu, relu_derivative = JAX.of(nn.relu), JAX.slope(nn.relu)
identity = JAX.of(nn.identity)
binary_step = JAX.of(lambda x: jnp.heaviside(x, 0))
elu, elu_derivative = JAX.elu(nn.elu)
leaky_relu, leaky_relu_derivative = JAX.leaky_relu(nn.leaky_relu)
softplus = JAX.of(nn.softplus)
silu, silu_derivative = JAX.of(nn.silu), JAX.slope(nn.silu)
gelu, gelu_derivative = JAX.of(exact_gelu), JAX.slope(exact_gelu)
gelu_tanh = JAX.of(nn.gelu)

logsumexp = JAX.along(nn.logsumexp)
softmax, softmax_vjp = JAX.along(nn.softmax), JAX.vjp_along(nn.softmax)
log_softmax = JAX.along(nn.log_softmax)

ACTIVATIONS = {
    "identity": nn.identity,
    "sigmoid": nn.sigmoid,
    "tanh": nn.tanh,
    "relu": nn.relu,
    "softmax": nn.softmax,
}

dense, dense_vjp = JAX.of(affine), JAX.vjp(affine)
neuron, neuron_vjp = JAX.neuron(ACTIVATIONS)
mlp = JAX.network(ACTIVATIONS)

predict_labels = JAX.of(partial(jnp.argmax, axis=-1))
spectral_norm = JAX.of(partial(jnp.linalg.norm, ord=2))


def softmax_jacobian(x: Any, /) -> Any:
    """``jax.jacrev`` of ``jax.nn.softmax``, row by row."""
    jacobian = jax.jacrev(nn.softmax)
    for _ in range(np.ndim(x) - 1):
        jacobian = jax.vmap(jacobian)
    return JAX.value(jacobian, x)


def augment(x: Any, /) -> Any:
    """``jax.numpy.pad`` with a one in front."""
    widths = [(0, 0)] * (np.ndim(x) - 1) + [(1, 0)]
    return JAX.value(partial(jnp.pad, pad_width=widths, constant_values=1.0), x)


def dropout_mask(shape: Any, /, *, p: float, rng: np.random.Generator) -> Any:
    """``jax.random.bernoulli`` with the probability of keeping."""
    return np.array(jax.random.bernoulli(jax.random.key(seed(rng)), 1.0 - p, shape))


def _drawn(initializer: Any, shape: tuple[int, int], rng: np.random.Generator) -> Any:
    with jax.enable_x64(new_val=True):
        key = jax.random.key(seed(rng))
        return np.array(initializer()(key, shape, jnp.float64))


def xavier_normal(fan_in: int, fan_out: int, /, *, rng: np.random.Generator) -> Any:
    """``jax.nn.initializers.glorot_normal``."""
    return _drawn(nn.initializers.glorot_normal, (fan_in, fan_out), rng)


def xavier_uniform(fan_in: int, fan_out: int, /, *, rng: np.random.Generator) -> Any:
    """``jax.nn.initializers.glorot_uniform``."""
    return _drawn(nn.initializers.glorot_uniform, (fan_in, fan_out), rng)


def he_normal(fan_in: int, fan_out: int, /, *, rng: np.random.Generator) -> Any:
    """``jax.nn.initializers.he_normal``."""
    return _drawn(nn.initializers.he_normal, (fan_in, fan_out), rng)


def he_uniform(fan_in: int, fan_out: int, /, *, rng: np.random.Generator) -> Any:
    """``jax.nn.initializers.he_uniform``."""
    return _drawn(nn.initializers.he_uniform, (fan_in, fan_out), rng)

"""JAX's functions and their gradients, by their own defaults."""

from collections.abc import Callable
from functools import partial
from typing import Any

import jax
import numpy as np
from jax import nn
from jax import numpy as jnp

from reference.conformance.adapters._library import seed
from reference.conformance.adapters.jax import JAX
from reference.conformance.natives import Native

__all__ = ["NATIVES"]

Function = Callable[..., Any]


def _quantile(x: Any, q: Any) -> Any:
    return JAX.value(partial(jnp.quantile, q=float(q)), x)


def _with_alpha(function: Function) -> Function:
    def activation(x: Any, /, *, alpha: float) -> Any:
        return JAX.value(partial(function, alpha=alpha), x)

    return activation


def _drawn(initializer: Function) -> Function:
    def weights(fan_in: int, fan_out: int, /, *, rng: np.random.Generator) -> Any:
        with jax.enable_x64(new_val=True):
            key = jax.random.key(seed(rng))
            return np.array(initializer()(key, (fan_in, fan_out), jnp.float64))

    return weights


NATIVES = (
    Native("var", "variance", JAX.of(jnp.var)),
    Native("passes(var)", "variance_passes", JAX.of(jnp.var)),
    Native("std", "std", JAX.of(jnp.std)),
    Native("cov", "covariance_matrix", JAX.of(jnp.cov)),
    Native("median", "median", JAX.of(jnp.median)),
    Native("quantile", "quantile", _quantile),
    Native("gelu", "gelu", JAX.of(nn.gelu)),
    Native("softplus", "softplus", JAX.of(nn.softplus)),
    Native("hard_sigmoid", "hard_sigmoid", JAX.of(nn.hard_sigmoid)),
    Native("leaky_relu", "leaky_relu", JAX.of(nn.leaky_relu)),
    Native("elu", "elu", _with_alpha(nn.elu)),
    Native("celu", "elu", _with_alpha(nn.celu)),
    Native("selu", "selu", JAX.of(nn.selu)),
    Native("softmax", "softmax", JAX.of(nn.softmax)),
    Native("grad(relu)", "relu_derivative", JAX.slope(nn.relu)),
    Native(
        "grad(maximum)",
        "relu_derivative",
        JAX.slope(lambda x: jnp.maximum(x, 0)),
    ),
    Native("grad(abs)", "abs_derivative", JAX.slope(jnp.abs)),
    Native("grad(leaky_relu)", "leaky_relu_derivative", JAX.slope(nn.leaky_relu)),
    Native("grad(clip)", "clip_derivative", JAX.slope(lambda x: jnp.clip(x, 0, 1))),
    Native("grad(max)", "max_derivative", JAX.slope(jnp.max)),
    Native("glorot_normal", "xavier_normal", _drawn(nn.initializers.glorot_normal)),
    Native("glorot_uniform", "xavier_uniform", _drawn(nn.initializers.glorot_uniform)),
    Native("he_normal", "he_normal", _drawn(nn.initializers.he_normal)),
    Native("he_uniform", "he_uniform", _drawn(nn.initializers.he_uniform)),
    Native("lecun_normal", "lecun_normal", _drawn(nn.initializers.lecun_normal)),
    Native("lecun_uniform", "lecun_uniform", _drawn(nn.initializers.lecun_uniform)),
)

"""Optax's losses and their gradients, by their own defaults."""

from functools import partial
from typing import Any

import optax
from jax import numpy as jnp

from reference.conformance.adapters.jax import JAX
from reference.conformance.natives import Native

__all__ = ["NATIVES"]


def _huber(predictions: Any, targets: Any, /, *, delta: float) -> Any:
    return JAX.value(partial(optax.huber_loss, delta=delta), predictions, targets)


def _smooth_labels(targets: Any, amount: Any) -> Any:
    return JAX.value(partial(optax.smooth_labels, alpha=float(amount)), targets)


def _sigmoid_slope(scores: Any, targets: Any) -> Any:
    def total(x: Any, y: Any) -> Any:
        return jnp.sum(optax.sigmoid_binary_cross_entropy(x, y))

    return JAX.pullback(total, None, scores, constants=(targets,))[0]


NATIVES = (
    Native("squared_error", "mse_loss", JAX.of(optax.squared_error)),
    Native("l2_loss", "mse_loss", JAX.of(optax.l2_loss)),
    Native(
        "sigmoid_binary_cross_entropy",
        "binary_cross_entropy_with_logits",
        JAX.of(optax.sigmoid_binary_cross_entropy),
    ),
    Native(
        "grad(sigmoid_binary_cross_entropy)",
        "binary_cross_entropy_with_logits_grad",
        _sigmoid_slope,
    ),
    Native(
        "softmax_cross_entropy",
        "softmax_cross_entropy",
        JAX.of(optax.softmax_cross_entropy),
    ),
    Native("smooth_labels", "smooth_labels", _smooth_labels),
    Native("huber_loss", "huber_loss", _huber),
    Native("cosine_similarity", "cosine_similarity", JAX.of(optax.cosine_similarity)),
)

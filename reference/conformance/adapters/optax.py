"""Optax under the contract's names; gradients are those of JAX's autodiff.

Its losses come entry by entry, or row by row, and are reduced by the methods of arrays.
"""

from functools import partial
from typing import Any

import jax
import numpy as np
import optax
from jax import numpy as jnp

from reference.conformance.adapters._library import floats, reduced
from reference.conformance.adapters._optimizers import Optimizers
from reference.conformance.adapters.jax import ACTIVATIONS, JAX, PATIENCE

__all__ = [
    "PATIENCE",
    "adagrad_init",
    "adagrad_step",
    "adam_init",
    "adam_step",
    "adamw_init",
    "adamw_step",
    "binary_cross_entropy_with_logits",
    "binary_cross_entropy_with_logits_grad",
    "cosine_distance",
    "cosine_similarity",
    "mlp_grads",
    "mlp_step",
    "momentum_init",
    "momentum_step",
    "mse_loss",
    "mse_loss_grad",
    "nesterov_init",
    "nesterov_step",
    "rmsprop_init",
    "rmsprop_step",
    "sgd_init",
    "sgd_step",
    "softmax_cross_entropy",
    "softmax_cross_entropy_grad",
]

__version__ = optax.__version__


def _squared_error(predictions: Any, targets: Any, *, reduction: str = "mean") -> Any:
    return reduced(optax.squared_error(predictions, targets), reduction)


def _sigmoid_loss(logits: Any, targets: Any, *, reduction: str = "mean") -> Any:
    return reduced(optax.sigmoid_binary_cross_entropy(logits, targets), reduction)


def _softmax_loss(logits: Any, targets: Any, *, reduction: str = "mean") -> Any:
    return reduced(optax.softmax_cross_entropy(logits, targets), reduction)


mse_loss, mse_loss_grad = JAX.loss(_squared_error)
binary_cross_entropy_with_logits, binary_cross_entropy_with_logits_grad = JAX.loss(
    _sigmoid_loss
)
softmax_cross_entropy, softmax_cross_entropy_grad = JAX.loss(_softmax_loss)

# Losses of the last scores and the output of a network.
LOSSES = {
    "mse": lambda _, output, targets: _squared_error(output, targets),
    "binary_cross_entropy": lambda scores, _, targets: _sigmoid_loss(scores, targets),
    "categorical_cross_entropy": lambda scores, _, targets: _softmax_loss(
        scores, targets
    ),
}
mlp_grads = JAX.network_grads(ACTIVATIONS, LOSSES)


def cosine_similarity(a: Any, b: Any, /, *, axis: int = -1) -> Any:
    """``optax.cosine_similarity``."""
    return JAX.value(lambda *rows: optax.cosine_similarity(*rows, axis=axis), a, b)


def cosine_distance(a: Any, b: Any, /, *, axis: int = -1) -> Any:
    """``optax.cosine_distance``."""
    return JAX.value(lambda *rows: optax.cosine_distance(*rows, axis=axis), a, b)


def mlp_step(
    x: Any,
    targets: Any,
    weights: Any,
    biases: Any,
    /,
    *,
    activations: Any,
    loss: str,
    learning_rate: float,
) -> Any:
    """``optax.sgd`` with the gradients of `mlp_grads`."""
    of = mlp_grads(x, targets, weights, biases, activations=activations, loss=loss)
    with jax.enable_x64(new_val=True):
        old = [jnp.array(array) for array in (*weights, *biases)]
        gradients = [jnp.array(array) for array in (*of[0], *of[1])]
        rule = optax.sgd(learning_rate)
        updates, _ = rule.update(gradients, rule.init(old))
        new = [np.array(array) for array in optax.apply_updates(old, updates)]
    return tuple(new[: len(weights)]), tuple(new[len(weights) :])


def _begun(rule: Any, params: Any) -> Any:
    with jax.enable_x64(new_val=True):
        return rule.init(jnp.array(floats(params)))


def _stepped(rule: Any, params: Any, grad: Any, state: Any) -> tuple[Any, Any]:
    """Let an optimizer that has this state take one step."""
    with jax.enable_x64(new_val=True):
        old, gradient = jnp.array(floats(params)), jnp.array(floats(grad))
        updates, state = rule.update(gradient, state, old)
        return np.array(optax.apply_updates(old, updates)), state


STEPS = Optimizers(_begun, _stepped)

sgd_init, sgd_step = STEPS.sgd(optax.sgd)
momentum_init, momentum_step = STEPS.momentum(optax.sgd)
nesterov_init, nesterov_step = STEPS.momentum(partial(optax.sgd, nesterov=True))
adagrad_init, adagrad_step = STEPS.adagrad(
    lambda rate, eps: optax.adagrad(rate, initial_accumulator_value=0.0, eps=eps)
)
rmsprop_init, rmsprop_step = STEPS.rmsprop(partial(optax.rmsprop, eps_in_sqrt=False))
adam_init, adam_step = STEPS.adam(optax.adam)
adamw_init, adamw_step = STEPS.adamw(
    lambda rate, beta1, beta2, eps, weight_decay: optax.adamw(
        rate, beta1, beta2, eps, weight_decay=weight_decay
    )
)

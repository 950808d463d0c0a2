"""PyTorch's functions and their gradients, by their own defaults."""

import warnings
from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
import torch
from torch.nn import functional, init

from reference.conformance.adapters._library import seed
from reference.conformance.adapters.torch import TORCH
from reference.conformance.natives import Native

__all__ = ["NATIVES"]

Function = Callable[..., Any]


def _quantile(x: Any, q: Any) -> Any:
    return TORCH.value(partial(torch.quantile, q=float(q)), x)


def _softmax(x: Any) -> Any:
    with warnings.catch_warnings():  # it asks for dim
        warnings.simplefilter("ignore")
        return TORCH.value(functional.softmax, x)


def _with_alpha(function: Function) -> Function:
    def activation(x: Any, /, *, alpha: float) -> Any:
        return TORCH.value(partial(function, alpha=alpha), x)

    return activation


def _with_delta(function: Function, name: str) -> Function:
    def loss(predictions: Any, targets: Any, /, *, delta: float) -> Any:
        return TORCH.value(partial(function, **{name: delta}), predictions, targets)

    return loss


def _gradient(function: Function) -> Function:
    def gradient(first: Any, second: Any) -> Any:
        return TORCH.pullback(function, None, first, constants=(second,))[0]

    return gradient


def _of_sigmoid(scores: Any, targets: Any) -> Any:
    return functional.binary_cross_entropy(torch.sigmoid(scores), targets)


def _smoothed(targets: Any, amount: Any) -> Any:
    """Return the labels that ``cross_entropy`` has: softmax less its gradient."""
    scores = np.zeros(np.shape(targets))
    loss = partial(
        functional.cross_entropy, label_smoothing=float(amount), reduction="sum"
    )
    gradient = TORCH.pullback(loss, None, scores, constants=(targets,))[0]
    return 1 / scores.shape[-1] - gradient


def _largest_along(x: Any) -> Any:
    return torch.max(x, dim=0).values


def _at_least_zero(x: Any) -> Any:
    return torch.maximum(x, torch.zeros_like(x))


def _seeded(function: Function) -> Function:
    """Run with PyTorch's generator seeded from ``rng``, and put it back."""

    def drawn(*arguments: Any, rng: np.random.Generator, **options: Any) -> Any:
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(seed(rng))
            return function(*arguments, **options)

    return drawn


def _filled(fill: Function) -> Function:
    def weights(fan_in: int, fan_out: int) -> Any:
        # Its matrices have one row for each output.
        return fill(torch.empty(fan_out, fan_in, dtype=torch.float64)).numpy()

    return _seeded(weights)


def _linear(fan_in: int, fan_out: int) -> Any:
    layer = torch.nn.Linear(fan_in, fan_out, dtype=torch.float64)
    return layer.weight.detach().numpy()


def _dropout(x: Any, /, *, p: float) -> Any:
    return TORCH.value(partial(functional.dropout, p=p), x)


def _dropout_eval(x: Any, /, *, p: float) -> Any:
    return TORCH.value(torch.nn.Dropout(p).eval(), x)


NATIVES = (
    Native("var", "variance", TORCH.of(torch.var)),
    Native("passes(var)", "variance_passes", TORCH.of(torch.var)),
    Native("std", "std", TORCH.of(torch.std)),
    Native("cov", "covariance_matrix", TORCH.of(torch.cov)),
    Native("median", "median", TORCH.of(torch.median)),
    Native("quantile", "quantile", _quantile),
    Native("gelu", "gelu", TORCH.of(functional.gelu)),
    Native("softplus", "softplus", TORCH.of(functional.softplus)),
    Native("hardsigmoid", "hard_sigmoid", TORCH.of(functional.hardsigmoid)),
    Native("leaky_relu", "leaky_relu", TORCH.of(functional.leaky_relu)),
    Native("elu", "elu", _with_alpha(functional.elu)),
    Native("celu", "elu", _with_alpha(functional.celu)),
    Native("selu", "selu", TORCH.of(functional.selu)),
    Native("softmax", "softmax", _softmax),
    Native("grad(relu)", "relu_derivative", TORCH.slope(torch.relu)),
    Native("grad(maximum)", "relu_derivative", TORCH.slope(_at_least_zero)),
    Native("grad(abs)", "abs_derivative", TORCH.slope(torch.abs)),
    Native(
        "grad(leaky_relu)",
        "leaky_relu_derivative",
        TORCH.slope(functional.leaky_relu),
    ),
    Native(
        "grad(clamp)",
        "clip_derivative",
        TORCH.slope(partial(torch.clamp, min=0, max=1)),
    ),
    Native("grad(max)", "max_derivative", TORCH.slope(torch.max)),
    Native("grad(max(dim))", "max_derivative", TORCH.slope(_largest_along)),
    Native(
        "binary_cross_entropy",
        "binary_cross_entropy",
        TORCH.of(functional.binary_cross_entropy),
    ),
    Native(
        "binary_cross_entropy_with_logits",
        "binary_cross_entropy_with_logits",
        TORCH.of(functional.binary_cross_entropy_with_logits),
    ),
    Native(
        "binary_cross_entropy(sigmoid)",
        "binary_cross_entropy_with_logits",
        TORCH.of(_of_sigmoid),
    ),
    Native(
        "grad(binary_cross_entropy_with_logits)",
        "binary_cross_entropy_with_logits_grad",
        _gradient(functional.binary_cross_entropy_with_logits),
    ),
    Native(
        "grad(binary_cross_entropy(sigmoid))",
        "binary_cross_entropy_with_logits_grad",
        _gradient(_of_sigmoid),
    ),
    Native(
        "cosine_similarity",
        "cosine_similarity",
        TORCH.of(functional.cosine_similarity),
    ),
    Native("huber_loss", "huber_loss", _with_delta(functional.huber_loss, "delta")),
    Native(
        "smooth_l1_loss", "huber_loss", _with_delta(functional.smooth_l1_loss, "beta")
    ),
    Native("mse_loss", "mse_loss", TORCH.of(functional.mse_loss)),
    Native(
        "cross_entropy", "softmax_cross_entropy", TORCH.of(functional.cross_entropy)
    ),
    Native("cross_entropy(label_smoothing)", "smooth_labels", _smoothed),
    Native("xavier_normal_", "xavier_normal", _filled(init.xavier_normal_)),
    Native("xavier_uniform_", "xavier_uniform", _filled(init.xavier_uniform_)),
    Native("kaiming_normal_", "he_normal", _filled(init.kaiming_normal_)),
    Native("kaiming_uniform_", "he_uniform", _filled(init.kaiming_uniform_)),
    Native("Linear", "dense_weights", _seeded(_linear)),
    Native("dropout", "dropout", _seeded(_dropout)),
    Native("Dropout.eval", "dropout_at_test", _dropout_eval),
)

"""PyTorch under the contract's names; derivatives are those of its autograd."""

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
import torch
from torch.nn import functional, init

__all__ = [
    "binary_cross_entropy",
    "binary_cross_entropy_grad",
    "binary_cross_entropy_with_logits",
    "binary_cross_entropy_with_logits_grad",
    "dropout",
    "he_normal",
    "he_uniform",
    "log_sigmoid",
    "log_softmax",
    "logit",
    "logsumexp",
    "mse_loss",
    "mse_loss_grad",
    "relu",
    "relu_derivative",
    "sigmoid",
    "sigmoid_derivative",
    "softmax",
    "softmax_cross_entropy",
    "softmax_cross_entropy_grad",
    "softmax_jacobian",
    "softmax_vjp",
    "softplus",
    "sparse_categorical_cross_entropy",
    "spectral_norm",
    "tanh",
    "tanh_derivative",
    "xavier_normal",
    "xavier_uniform",
]

__version__ = torch.__version__

Function = Callable[..., Any]


def _tensor(value: Any) -> Any:
    """Return a tensor of its own; integers become float64, as the contract has it."""
    array = np.asarray(value)
    return torch.tensor(
        array.astype(np.float64) if array.dtype.kind in "iub" else array
    )


def _leaf(value: Any) -> Any:
    return _tensor(value).requires_grad_()


def _pullback(function: Function, x: Any, cotangent: Any = None) -> Any:
    """Pull a cotangent, ones by default, back through ``function`` at ``x``."""
    leaf = _leaf(x)
    out = function(leaf)
    seed = torch.ones_like(out) if cotangent is None else _tensor(cotangent)
    (gradient,) = torch.autograd.grad(out, leaf, seed)
    return gradient.numpy()


def _generator(rng: np.random.Generator) -> torch.Generator:
    return torch.Generator().manual_seed(int(rng.integers(2**63)))


def _summed(reduction: str) -> str:
    """Return the reduction whose gradient holds each entry's own."""
    return "sum" if reduction == "none" else reduction


def sigmoid(x: Any, /) -> Any:
    """``torch.sigmoid``."""
    return torch.sigmoid(_tensor(x)).numpy()


def sigmoid_derivative(x: Any, /) -> Any:
    """Autograd of ``torch.sigmoid``."""
    return _pullback(torch.sigmoid, x)


def log_sigmoid(x: Any, /) -> Any:
    """``torch.nn.functional.logsigmoid``."""
    return functional.logsigmoid(_tensor(x)).numpy()


def logit(p: Any, /) -> Any:
    """``torch.logit``."""
    return torch.logit(_tensor(p)).numpy()


def tanh(x: Any, /) -> Any:
    """``torch.tanh``."""
    return torch.tanh(_tensor(x)).numpy()


def tanh_derivative(x: Any, /) -> Any:
    """Autograd of ``torch.tanh``."""
    return _pullback(torch.tanh, x)


def relu(x: Any, /) -> Any:
    """``torch.relu``."""
    return torch.relu(_tensor(x)).numpy()


def relu_derivative(x: Any, /) -> Any:
    """Autograd of ``torch.relu``."""
    return _pullback(torch.relu, x)


def softplus(x: Any, /) -> Any:
    """``torch.nn.functional.softplus``."""
    return functional.softplus(_tensor(x)).numpy()


def logsumexp(x: Any, /, *, axis: int = -1) -> Any:
    """``torch.logsumexp``."""
    return torch.logsumexp(_tensor(x), dim=axis).numpy()


def softmax(x: Any, /, *, axis: int = -1) -> Any:
    """``torch.softmax``."""
    return torch.softmax(_tensor(x), dim=axis).numpy()


def log_softmax(x: Any, /, *, axis: int = -1) -> Any:
    """``torch.log_softmax``."""
    return torch.log_softmax(_tensor(x), dim=axis).numpy()


def softmax_vjp(cotangent: Any, x: Any, /, *, axis: int = -1) -> Any:
    """Autograd of ``torch.softmax``."""
    return _pullback(lambda leaf: torch.softmax(leaf, dim=axis), x, cotangent)


def softmax_jacobian(x: Any, /) -> Any:
    """``torch.func.jacrev`` of ``torch.softmax``, row by row."""
    jacobian = torch.func.jacrev(lambda row: torch.softmax(row, dim=-1))
    for _ in range(np.ndim(x) - 1):
        jacobian = torch.func.vmap(jacobian)
    return jacobian(_tensor(x)).numpy()


def mse_loss(predictions: Any, targets: Any, /, *, reduction: str = "mean") -> Any:
    """``torch.nn.functional.mse_loss``."""
    inputs = _tensor(predictions), _tensor(targets)
    return functional.mse_loss(*inputs, reduction=reduction).numpy()


def mse_loss_grad(predictions: Any, targets: Any, /, *, reduction: str = "mean") -> Any:
    """Autograd of ``torch.nn.functional.mse_loss``."""
    goal, kind = _tensor(targets), _summed(reduction)
    return _pullback(
        lambda p: functional.mse_loss(p, goal, reduction=kind), predictions
    )


def binary_cross_entropy(
    probabilities: Any, targets: Any, /, *, reduction: str = "mean"
) -> Any:
    """``torch.nn.functional.binary_cross_entropy``."""
    inputs = _tensor(probabilities), _tensor(targets)
    return functional.binary_cross_entropy(*inputs, reduction=reduction).numpy()


def binary_cross_entropy_grad(
    probabilities: Any, targets: Any, /, *, reduction: str = "mean"
) -> Any:
    """Autograd of ``torch.nn.functional.binary_cross_entropy``."""
    goal, kind = _tensor(targets), _summed(reduction)
    loss = partial(functional.binary_cross_entropy, target=goal, reduction=kind)
    return _pullback(loss, probabilities)


def binary_cross_entropy_with_logits(
    logits: Any, targets: Any, /, *, reduction: str = "mean"
) -> Any:
    """``torch.nn.functional.binary_cross_entropy_with_logits``."""
    loss = functional.binary_cross_entropy_with_logits
    return loss(_tensor(logits), _tensor(targets), reduction=reduction).numpy()


def binary_cross_entropy_with_logits_grad(
    logits: Any, targets: Any, /, *, reduction: str = "mean"
) -> Any:
    """Autograd of ``torch.nn.functional.binary_cross_entropy_with_logits``."""
    goal, kind = _tensor(targets), _summed(reduction)
    loss = functional.binary_cross_entropy_with_logits
    return _pullback(partial(loss, target=goal, reduction=kind), logits)


def sparse_categorical_cross_entropy(
    probabilities: Any, labels: Any, /, *, reduction: str = "mean"
) -> Any:
    """``torch.nn.functional.nll_loss`` of the logarithms, as it wants them."""
    logs, classes = torch.log(_tensor(probabilities)), torch.tensor(np.asarray(labels))
    return functional.nll_loss(logs, classes, reduction=reduction).numpy()


def softmax_cross_entropy(
    logits: Any, targets: Any, /, *, reduction: str = "mean"
) -> Any:
    """``torch.nn.functional.cross_entropy``."""
    inputs = _tensor(logits), _tensor(targets)
    return functional.cross_entropy(*inputs, reduction=reduction).numpy()


def softmax_cross_entropy_grad(
    logits: Any, targets: Any, /, *, reduction: str = "mean"
) -> Any:
    """Autograd of ``torch.nn.functional.cross_entropy``."""
    goal, kind = _tensor(targets), _summed(reduction)
    return _pullback(
        lambda x: functional.cross_entropy(x, goal, reduction=kind), logits
    )


def dropout(x: Any, /, *, p: float, rng: np.random.Generator) -> Any:
    """``torch.nn.functional.dropout``, its generator seeded from ``rng``."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(int(rng.integers(2**63)))
        return functional.dropout(_tensor(x), p=p, training=True).numpy()


def _weights(fan_in: int, fan_out: int) -> Any:
    """Return weights as ``torch.nn.Linear`` stores them: (fan_out, fan_in)."""
    return torch.empty(fan_out, fan_in, dtype=torch.float64)


def xavier_normal(
    fan_in: int, fan_out: int, /, *, rng: np.random.Generator, gain: float = 1.0
) -> Any:
    """``torch.nn.init.xavier_normal_``, transposed to (fan_in, fan_out)."""
    weights = _weights(fan_in, fan_out)
    return init.xavier_normal_(weights, gain=gain, generator=_generator(rng)).T.numpy()


def xavier_uniform(
    fan_in: int, fan_out: int, /, *, rng: np.random.Generator, gain: float = 1.0
) -> Any:
    """``torch.nn.init.xavier_uniform_``, transposed to (fan_in, fan_out)."""
    weights = _weights(fan_in, fan_out)
    return init.xavier_uniform_(weights, gain=gain, generator=_generator(rng)).T.numpy()


def he_normal(
    fan_in: int,
    fan_out: int,
    /,
    *,
    rng: np.random.Generator,
    negative_slope: float = 0.0,
) -> Any:
    """``torch.nn.init.kaiming_normal_``, transposed to (fan_in, fan_out)."""
    weights, generator = _weights(fan_in, fan_out), _generator(rng)
    return init.kaiming_normal_(
        weights, a=negative_slope, generator=generator
    ).T.numpy()


def he_uniform(
    fan_in: int,
    fan_out: int,
    /,
    *,
    rng: np.random.Generator,
    negative_slope: float = 0.0,
) -> Any:
    """``torch.nn.init.kaiming_uniform_``, transposed to (fan_in, fan_out)."""
    weights, generator = _weights(fan_in, fan_out), _generator(rng)
    return init.kaiming_uniform_(
        weights, a=negative_slope, generator=generator
    ).T.numpy()


def spectral_norm(matrix: Any, /) -> Any:
    """``torch.linalg.matrix_norm`` with ``ord=2``."""
    return torch.linalg.matrix_norm(_tensor(matrix), ord=2).numpy()

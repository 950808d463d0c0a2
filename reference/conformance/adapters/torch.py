"""PyTorch under the contract's names; derivatives are those of its autograd."""

# The file is longer than most: one place for all of PyTorch, a few lines a function.

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
import torch
from torch.nn import functional, init

__all__ = [
    "augment",
    "binary_cross_entropy",
    "binary_cross_entropy_grad",
    "binary_cross_entropy_with_logits",
    "binary_cross_entropy_with_logits_grad",
    "binary_step",
    "cosine_similarity",
    "dense",
    "dense_vjp",
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
    "logit",
    "logsumexp",
    "mlp",
    "mlp_grads",
    "mlp_step",
    "mse_loss",
    "mse_loss_grad",
    "neuron",
    "neuron_vjp",
    "predict_labels",
    "prelu",
    "prelu_vjp",
    "relu",
    "relu_derivative",
    "rrelu",
    "sigmoid",
    "sigmoid_derivative",
    "silu",
    "silu_derivative",
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


def _tensors(*values: Any) -> list[Any]:
    """Return tensors of one dtype, NumPy's result type."""
    tensors = [_tensor(value) for value in values]
    dtype = tensors[0].dtype
    for tensor in tensors[1:]:
        dtype = torch.promote_types(dtype, tensor.dtype)
    return [tensor.to(dtype) for tensor in tensors]


def _leaf(value: Any) -> Any:
    return _tensor(value).requires_grad_()


def _pullback(function: Function, x: Any, cotangent: Any = None) -> Any:
    """Pull a cotangent, ones by default, back through ``function`` at ``x``."""
    leaf = _leaf(x)
    out = function(leaf)
    seed = torch.ones_like(out) if cotangent is None else _tensor(cotangent)
    (gradient,) = torch.autograd.grad(out, leaf, seed)
    return gradient.numpy()


def _loss(loss: Function, predictions: Any, targets: Any, reduction: str) -> Any:
    return loss(_tensor(predictions), _tensor(targets), reduction=reduction).numpy()


def _loss_grad(loss: Function, predictions: Any, targets: Any, reduction: str) -> Any:
    # The gradient of a sum holds each entry's own.
    kind = "sum" if reduction == "none" else reduction
    return _pullback(
        partial(loss, target=_tensor(targets), reduction=kind), predictions
    )


def _seed(rng: np.random.Generator) -> int:
    return int(rng.integers(2**63))


def _drawn(
    fill: Function,
    fan_in: int,
    fan_out: int,
    rng: np.random.Generator,
    **scale: float,
) -> Any:
    """Fill weights as ``torch.nn.Linear`` stores them, (fan_out, fan_in); transpose."""
    weights = torch.empty(fan_out, fan_in, dtype=torch.float64)
    generator = torch.Generator().manual_seed(_seed(rng))
    return fill(weights, generator=generator, **scale).T.numpy()


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


def binary_step(x: Any, /) -> Any:
    """``torch.heaviside``, 0 at 0."""
    tensor = _tensor(x)
    return torch.heaviside(tensor, torch.zeros_like(tensor)).numpy()


def elu(x: Any, /, *, alpha: float = 1.0) -> Any:
    """``torch.nn.functional.elu``."""
    return functional.elu(_tensor(x), alpha).numpy()


def elu_derivative(x: Any, /, *, alpha: float = 1.0) -> Any:
    """Autograd of ``torch.nn.functional.elu``."""
    return _pullback(partial(functional.elu, alpha=alpha), x)


def identity(x: Any, /) -> Any:
    """``torch.nn.Identity``."""
    return torch.nn.Identity()(_tensor(x)).numpy()


def leaky_relu(x: Any, /, *, negative_slope: float = 0.01) -> Any:
    """``torch.nn.functional.leaky_relu``."""
    return functional.leaky_relu(_tensor(x), negative_slope).numpy()


def leaky_relu_derivative(x: Any, /, *, negative_slope: float = 0.01) -> Any:
    """Autograd of ``torch.nn.functional.leaky_relu``."""
    return _pullback(partial(functional.leaky_relu, negative_slope=negative_slope), x)


def _prelu(x: Any, slope: Any) -> Any:
    """``torch.nn.functional.prelu``, its features on the second axis of two."""
    rows = x.reshape(-1, x.shape[-1] if slope.ndim else 1)
    return functional.prelu(rows, slope.reshape(-1)).reshape(x.shape)


def prelu(x: Any, negative_slope: Any, /) -> Any:
    """``torch.nn.functional.prelu``."""
    return _prelu(_tensor(x), _tensor(negative_slope)).numpy()


def prelu_vjp(cotangent: Any, x: Any, negative_slope: Any, /) -> Any:
    """Autograd of ``torch.nn.functional.prelu``."""
    leaves = _leaf(x), _leaf(negative_slope)
    gradients = torch.autograd.grad(_prelu(*leaves), leaves, _tensor(cotangent))
    return tuple(gradient.numpy() for gradient in gradients)


def rrelu(
    x: Any,
    /,
    *,
    rng: np.random.Generator,
    lower: float = 1 / 8,
    upper: float = 1 / 3,
) -> Any:
    """``torch.nn.functional.rrelu``, its generator seeded from ``rng``."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(_seed(rng))
        return functional.rrelu(_tensor(x), lower, upper, training=True).numpy()


def softplus(x: Any, /) -> Any:
    """``torch.nn.functional.softplus``."""
    return functional.softplus(_tensor(x)).numpy()


def gelu(x: Any, /) -> Any:
    """``torch.nn.functional.gelu``."""
    return functional.gelu(_tensor(x)).numpy()


def gelu_derivative(x: Any, /) -> Any:
    """Autograd of ``torch.nn.functional.gelu``."""
    return _pullback(functional.gelu, x)


def gelu_tanh(x: Any, /) -> Any:
    """``torch.nn.functional.gelu`` with ``approximate="tanh"``."""
    return functional.gelu(_tensor(x), approximate="tanh").numpy()


def silu(x: Any, /) -> Any:
    """``torch.nn.functional.silu``."""
    return functional.silu(_tensor(x)).numpy()


def silu_derivative(x: Any, /) -> Any:
    """Autograd of ``torch.nn.functional.silu``."""
    return _pullback(functional.silu, x)


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


def _squash(name: str, z: Any) -> Any:
    if name == "softmax":
        return torch.softmax(z, dim=-1)
    return z if name == "identity" else getattr(torch, name)(z)


def _network(x: Any, weights: Any, biases: Any, activations: Any) -> tuple[Any, Any]:
    """Return the last scores and the output of a network of tensors."""
    z = x
    for W, b, name in zip(weights, biases, activations, strict=True):
        z = functional.linear(x, W.T, b)
        x = _squash(name, z)
    return z, x


def mlp(x: Any, weights: Any, biases: Any, /, *, activations: Any) -> Any:
    """``torch.nn.functional.linear`` and the activations, layer by layer."""
    x, *layers = _tensors(x, *weights, *biases)
    depth = len(weights)
    return _network(x, layers[:depth], layers[depth:], activations)[1].numpy()


def mlp_grads(
    x: Any,
    targets: Any,
    weights: Any,
    biases: Any,
    /,
    *,
    activations: Any,
    loss: str,
) -> Any:
    """Autograd of a loss of ``torch.nn.functional`` behind such a network."""
    t, *leaves = _tensors(targets, x, *weights, *biases)
    leaves = [leaf.requires_grad_() for leaf in leaves]
    depth = len(weights)
    of = leaves[1 : depth + 1], leaves[depth + 1 :]
    scores, output = _network(leaves[0], *of, activations)
    if loss == "mse":
        value = functional.mse_loss(output, t)
    elif loss == "binary_cross_entropy":
        value = functional.binary_cross_entropy_with_logits(scores, t)
    else:
        value = functional.cross_entropy(scores, t)
    of_x, *rest = (g.numpy() for g in torch.autograd.grad(value, leaves))
    return tuple(rest[:depth]), tuple(rest[depth:]), of_x


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
    """``torch.optim.SGD`` with the gradients of `mlp_grads`."""
    of = mlp_grads(x, targets, weights, biases, activations=activations, loss=loss)
    leaves = [leaf.requires_grad_() for leaf in _tensors(*weights, *biases)]
    for leaf, gradient in zip(leaves, (*of[0], *of[1]), strict=True):
        leaf.grad = torch.tensor(gradient, dtype=leaf.dtype)
    torch.optim.SGD(leaves, lr=learning_rate).step()
    new = [leaf.detach().numpy() for leaf in leaves]
    return tuple(new[: len(weights)]), tuple(new[len(weights) :])


def neuron_vjp(
    cotangent: Any, x: Any, weights: Any, bias: Any, /, *, activation: str
) -> Any:
    """Autograd of a weighted sum and an activation."""
    seed, *leaves = _tensors(cotangent, x, weights, bias)
    x, weights, bias = (leaf.requires_grad_() for leaf in leaves)
    out = _squash(activation, x @ weights + bias)
    gradients = torch.autograd.grad(out, (x, weights, bias), seed)
    return tuple(gradient.numpy() for gradient in gradients)


def mse_loss(predictions: Any, targets: Any, /, *, reduction: str = "mean") -> Any:
    """``torch.nn.functional.mse_loss``."""
    return _loss(functional.mse_loss, predictions, targets, reduction)


def mse_loss_grad(predictions: Any, targets: Any, /, *, reduction: str = "mean") -> Any:
    """Autograd of ``torch.nn.functional.mse_loss``."""
    return _loss_grad(functional.mse_loss, predictions, targets, reduction)


def binary_cross_entropy(
    probabilities: Any, targets: Any, /, *, reduction: str = "mean"
) -> Any:
    """``torch.nn.functional.binary_cross_entropy``."""
    loss = functional.binary_cross_entropy
    return _loss(loss, probabilities, targets, reduction)


def binary_cross_entropy_grad(
    probabilities: Any, targets: Any, /, *, reduction: str = "mean"
) -> Any:
    """Autograd of ``torch.nn.functional.binary_cross_entropy``."""
    loss = functional.binary_cross_entropy
    return _loss_grad(loss, probabilities, targets, reduction)


def binary_cross_entropy_with_logits(
    logits: Any, targets: Any, /, *, reduction: str = "mean"
) -> Any:
    """``torch.nn.functional.binary_cross_entropy_with_logits``."""
    loss = functional.binary_cross_entropy_with_logits
    return _loss(loss, logits, targets, reduction)


def binary_cross_entropy_with_logits_grad(
    logits: Any, targets: Any, /, *, reduction: str = "mean"
) -> Any:
    """Autograd of ``torch.nn.functional.binary_cross_entropy_with_logits``."""
    loss = functional.binary_cross_entropy_with_logits
    return _loss_grad(loss, logits, targets, reduction)


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
    return _loss(functional.cross_entropy, logits, targets, reduction)


def softmax_cross_entropy_grad(
    logits: Any, targets: Any, /, *, reduction: str = "mean"
) -> Any:
    """Autograd of ``torch.nn.functional.cross_entropy``."""
    return _loss_grad(functional.cross_entropy, logits, targets, reduction)


def dense(x: Any, weights: Any, bias: Any, /) -> Any:
    """``torch.nn.functional.linear``, which takes its weights by unit."""
    return functional.linear(*_tensors(x, np.transpose(weights), bias)).numpy()


def dense_vjp(cotangent: Any, x: Any, weights: Any, bias: Any, /) -> Any:
    """Autograd of ``torch.nn.functional.linear``."""
    seed, *leaves = _tensors(cotangent, x, weights, bias)
    x, weights, bias = (leaf.requires_grad_() for leaf in leaves)
    out = functional.linear(x, weights.T, bias)
    gradients = torch.autograd.grad(out, (x, weights, bias), seed)
    return tuple(gradient.numpy() for gradient in gradients)


def cosine_similarity(a: Any, b: Any, /, *, axis: int = -1) -> Any:
    """``torch.nn.functional.cosine_similarity``."""
    return functional.cosine_similarity(_tensor(a), _tensor(b), dim=axis).numpy()


def dropout(x: Any, /, *, p: float, rng: np.random.Generator) -> Any:
    """``torch.nn.functional.dropout``, its generator seeded from ``rng``."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(_seed(rng))
        return functional.dropout(_tensor(x), p=p, training=True).numpy()


def xavier_normal(
    fan_in: int, fan_out: int, /, *, rng: np.random.Generator, gain: float = 1.0
) -> Any:
    """``torch.nn.init.xavier_normal_``, transposed to (fan_in, fan_out)."""
    return _drawn(init.xavier_normal_, fan_in, fan_out, rng, gain=gain)


def xavier_uniform(
    fan_in: int, fan_out: int, /, *, rng: np.random.Generator, gain: float = 1.0
) -> Any:
    """``torch.nn.init.xavier_uniform_``, transposed to (fan_in, fan_out)."""
    return _drawn(init.xavier_uniform_, fan_in, fan_out, rng, gain=gain)


def he_normal(
    fan_in: int,
    fan_out: int,
    /,
    *,
    rng: np.random.Generator,
    negative_slope: float = 0.0,
) -> Any:
    """``torch.nn.init.kaiming_normal_``, transposed to (fan_in, fan_out)."""
    return _drawn(init.kaiming_normal_, fan_in, fan_out, rng, a=negative_slope)


def he_uniform(
    fan_in: int,
    fan_out: int,
    /,
    *,
    rng: np.random.Generator,
    negative_slope: float = 0.0,
) -> Any:
    """``torch.nn.init.kaiming_uniform_``, transposed to (fan_in, fan_out)."""
    return _drawn(init.kaiming_uniform_, fan_in, fan_out, rng, a=negative_slope)


def spectral_norm(matrix: Any, /) -> Any:
    """``torch.linalg.matrix_norm`` with ``ord=2``."""
    return torch.linalg.matrix_norm(_tensor(matrix), ord=2).numpy()


def neuron(x: Any, weights: Any, bias: Any, /, *, activation: str) -> Any:
    """``torch.matmul``, a bias, and the activation of that name."""
    z = torch.matmul(_tensor(x), _tensor(weights)) + _tensor(bias)
    return (z if activation == "identity" else getattr(torch, activation)(z)).numpy()


def augment(x: Any, /) -> Any:
    """``torch.nn.functional.pad`` with a one in front."""
    return functional.pad(_tensor(x), (1, 0), value=1.0).numpy()


def predict_labels(scores: Any, /) -> Any:
    """``torch.argmax``."""
    return torch.argmax(_tensor(scores), dim=-1).numpy()

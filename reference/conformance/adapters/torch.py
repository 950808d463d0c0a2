"""PyTorch under the contract's names; derivatives are those of its autograd."""

# The file is longer than most: one place for all of PyTorch, a line or two a function.

from collections.abc import Callable
from copy import deepcopy
from functools import partial
from typing import Any

import numpy as np
import torch
from torch import optim
from torch.nn import functional, init

from reference.conformance.adapters._library import Library, floats, seed
from reference.conformance.adapters._optimizers import Optimizers

__all__ = [
    "TORCH",
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
    "momentum_init",
    "momentum_step",
    "mse_loss",
    "mse_loss_grad",
    "nesterov_init",
    "nesterov_step",
    "neuron",
    "neuron_vjp",
    "predict_labels",
    "prelu",
    "prelu_vjp",
    "relu",
    "relu_derivative",
    "rmsprop_init",
    "rmsprop_step",
    "rrelu",
    "sgd_init",
    "sgd_step",
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


def _tensors(*values: Any) -> list[Any]:
    """Return tensors of one dtype, NumPy's result type."""
    tensors = [torch.tensor(floats(value)) for value in values]
    dtype = tensors[0].dtype
    for tensor in tensors[1:]:
        dtype = torch.promote_types(dtype, tensor.dtype)
    return [tensor.to(dtype) for tensor in tensors]


def _value(function: Function, *arrays: Any) -> Any:
    return function(*_tensors(*arrays)).numpy()


def _pullback(
    function: Function, cotangent: Any, *arrays: Any, constants: Any = ()
) -> Any:
    tensors = _tensors(*arrays, *constants)
    leaves = [tensor.requires_grad_() for tensor in tensors[: len(arrays)]]
    out = function(*leaves, *tensors[len(arrays) :])
    pulled = torch.ones_like(out)
    if cotangent is not None:
        pulled = torch.tensor(floats(cotangent)).to(out.dtype)
    gradients = torch.autograd.grad(out, leaves, pulled)
    return tuple(gradient.numpy() for gradient in gradients)


def _linear(x: Any, weights: Any, bias: Any) -> Any:
    if weights.ndim == 1:  # a single unit
        return torch.matmul(x, weights) + bias
    return functional.linear(x, weights.t(), bias)


TORCH = Library(_value, _pullback, _linear)

ACTIVATIONS: dict[str, Function] = {
    "identity": torch.nn.Identity(),
    "sigmoid": torch.sigmoid,
    "tanh": torch.tanh,
    "relu": torch.relu,
    "softmax": partial(torch.softmax, dim=-1),
}

sigmoid, sigmoid_derivative = TORCH.of(torch.sigmoid), TORCH.slope(torch.sigmoid)
log_sigmoid = TORCH.of(functional.logsigmoid)
logit = TORCH.of(torch.logit)
tanh, tanh_derivative = TORCH.of(torch.tanh), TORCH.slope(torch.tanh)
relu, relu_derivative = TORCH.of(torch.relu), TORCH.slope(torch.relu)
identity = TORCH.of(torch.nn.Identity())
binary_step = TORCH.of(lambda x: torch.heaviside(x, torch.zeros_like(x)))
elu, elu_derivative = TORCH.elu(functional.elu)
leaky_relu, leaky_relu_derivative = TORCH.leaky_relu(functional.leaky_relu)
softplus = TORCH.of(functional.softplus)
gelu, gelu_derivative = TORCH.of(functional.gelu), TORCH.slope(functional.gelu)
gelu_tanh = TORCH.of(partial(functional.gelu, approximate="tanh"))
silu, silu_derivative = TORCH.of(functional.silu), TORCH.slope(functional.silu)


def _prelu(x: Any, slope: Any) -> Any:
    """Call ``torch.nn.functional.prelu``: its features are the second of two axes."""
    rows = x.reshape(-1, x.shape[-1] if slope.ndim else 1)
    return functional.prelu(rows, slope.reshape(-1)).reshape(x.shape)


prelu, prelu_vjp = TORCH.of(_prelu), TORCH.vjp(_prelu)


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
        torch.manual_seed(seed(rng))
        return functional.rrelu(_tensors(x)[0], lower, upper, training=True).numpy()


logsumexp = TORCH.along(torch.logsumexp)
softmax, softmax_vjp = TORCH.along(torch.softmax), TORCH.vjp_along(torch.softmax)
log_softmax = TORCH.along(torch.log_softmax)


def softmax_jacobian(x: Any, /) -> Any:
    """``torch.func.jacrev`` of ``torch.softmax``, row by row."""
    jacobian = torch.func.jacrev(lambda row: torch.softmax(row, dim=-1))
    for _ in range(np.ndim(x) - 1):
        jacobian = torch.func.vmap(jacobian)
    return TORCH.value(jacobian, x)


mse_loss, mse_loss_grad = TORCH.loss(functional.mse_loss)
binary_cross_entropy, binary_cross_entropy_grad = TORCH.loss(
    functional.binary_cross_entropy
)
binary_cross_entropy_with_logits, binary_cross_entropy_with_logits_grad = TORCH.loss(
    functional.binary_cross_entropy_with_logits
)
softmax_cross_entropy, softmax_cross_entropy_grad = TORCH.loss(functional.cross_entropy)


def sparse_categorical_cross_entropy(
    probabilities: Any, labels: Any, /, *, reduction: str = "mean"
) -> Any:
    """``torch.nn.functional.nll_loss`` of the logarithms, as it wants them."""
    classes = torch.tensor(np.asarray(labels))

    def loss(p: Any) -> Any:
        return functional.nll_loss(torch.log(p), classes, reduction=reduction)

    return TORCH.value(loss, probabilities)


def cosine_similarity(a: Any, b: Any, /, *, axis: int = -1) -> Any:
    """``torch.nn.functional.cosine_similarity``."""
    return TORCH.value(partial(functional.cosine_similarity, dim=axis), a, b)


dense, dense_vjp = TORCH.of(_linear), TORCH.vjp(_linear)
neuron, neuron_vjp = TORCH.neuron(ACTIVATIONS)
mlp = TORCH.network(ACTIVATIONS)

# Losses of the last scores and the output of a network.
LOSSES = {
    "mse": lambda _, output, t: functional.mse_loss(output, t),
    "binary_cross_entropy": lambda scores, _, t: (
        functional.binary_cross_entropy_with_logits(scores, t)
    ),
    "categorical_cross_entropy": lambda scores, _, t: functional.cross_entropy(
        scores, t
    ),
}
mlp_grads = TORCH.network_grads(ACTIVATIONS, LOSSES)


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
    optim.SGD(leaves, lr=learning_rate).step()
    new = [leaf.detach().numpy() for leaf in leaves]
    return tuple(new[: len(weights)]), tuple(new[len(weights) :])


def _begun(rule: Function, params: Any) -> Any:
    return rule([*_tensors(params)]).state_dict()["state"]


def _stepped(rule: Function, params: Any, grad: Any, state: Any) -> tuple[Any, Any]:
    leaf, gradient = _tensors(params, grad)
    leaf.requires_grad_()
    leaf.grad = gradient
    optimizer = rule([leaf])
    optimizer.load_state_dict({**optimizer.state_dict(), "state": deepcopy(state)})
    optimizer.step()
    return leaf.detach().numpy(), optimizer.state_dict()["state"]


STEPS = Optimizers(_begun, _stepped)

sgd_init, sgd_step = STEPS.sgd(lambda rate: partial(optim.SGD, lr=rate))
momentum_init, momentum_step = STEPS.momentum(
    lambda rate, momentum: partial(optim.SGD, lr=rate, momentum=momentum)
)
nesterov_init, nesterov_step = STEPS.momentum(
    lambda rate, momentum: partial(
        optim.SGD, lr=rate, momentum=momentum, nesterov=momentum > 0
    )
)
adagrad_init, adagrad_step = STEPS.adagrad(
    lambda rate, eps: partial(optim.Adagrad, lr=rate, eps=eps)
)
rmsprop_init, rmsprop_step = STEPS.rmsprop(
    lambda rate, decay, eps: partial(optim.RMSprop, lr=rate, alpha=decay, eps=eps)
)
adam_init, adam_step = STEPS.adam(
    lambda rate, beta1, beta2, eps: partial(
        optim.Adam, lr=rate, betas=(beta1, beta2), eps=eps
    )
)
adamw_init, adamw_step = STEPS.adamw(
    lambda rate, beta1, beta2, eps, weight_decay: partial(
        optim.AdamW, lr=rate, betas=(beta1, beta2), eps=eps, weight_decay=weight_decay
    )
)

augment = TORCH.of(partial(functional.pad, pad=(1, 0), value=1.0))
predict_labels = TORCH.of(partial(torch.argmax, dim=-1))
spectral_norm = TORCH.of(partial(torch.linalg.matrix_norm, ord=2))


def dropout(x: Any, /, *, p: float, rng: np.random.Generator) -> Any:
    """``torch.nn.functional.dropout``, its generator seeded from ``rng``."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed(rng))
        return functional.dropout(_tensors(x)[0], p=p, training=True).numpy()


def _drawn(
    fill: Function,
    fan_in: int,
    fan_out: int,
    rng: np.random.Generator,
    **scale: float,
) -> Any:
    """Fill weights as ``torch.nn.Linear`` stores them, (fan_out, fan_in); transpose."""
    weights = torch.empty(fan_out, fan_in, dtype=torch.float64)
    generator = torch.Generator().manual_seed(seed(rng))
    return fill(weights, generator=generator, **scale).T.numpy()


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

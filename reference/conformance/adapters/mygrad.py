"""MyGrad under the contract's names; derivatives are those of its autograd."""

from collections.abc import Callable
from functools import partial
from typing import Any

import mygrad
import numpy as np
from mygrad import nnet

from reference.conformance.adapters._library import Library, affine, floats

__all__ = [
    "dense",
    "dense_vjp",
    "elu",
    "elu_derivative",
    "leaky_relu",
    "leaky_relu_derivative",
    "log_softmax",
    "mlp",
    "neuron",
    "neuron_vjp",
    "predict_labels",
    "relu",
    "relu_derivative",
    "sigmoid",
    "sigmoid_derivative",
    "softmax",
    "softmax_vjp",
    "softplus",
    "sparse_categorical_cross_entropy",
    "tanh",
    "tanh_derivative",
]

__version__ = mygrad.__version__


def _value(function: Callable[..., Any], *arrays: Any) -> Any:
    with mygrad.no_autodiff:
        return np.array(function(*map(mygrad.tensor, map(floats, arrays))))


def _pullback(
    function: Callable[..., Any], cotangent: Any, *arrays: Any, constants: Any = ()
) -> Any:
    leaves = [mygrad.tensor(floats(array)) for array in arrays]
    out = function(*leaves, *map(floats, constants))
    out.backward(np.ones(out.shape) if cotangent is None else floats(cotangent))
    return tuple(np.array(leaf.grad) for leaf in leaves)


MYGRAD = Library(_value, _pullback)

ACTIVATIONS = {
    "identity": mygrad.positive,
    "sigmoid": nnet.sigmoid,
    "tanh": nnet.tanh,
    "relu": nnet.relu,
    "softmax": nnet.softmax,
}

sigmoid, sigmoid_derivative = MYGRAD.of(nnet.sigmoid), MYGRAD.slope(nnet.sigmoid)
tanh, tanh_derivative = MYGRAD.of(nnet.tanh), MYGRAD.slope(nnet.tanh)
relu, relu_derivative = MYGRAD.of(nnet.relu), MYGRAD.slope(nnet.relu)
elu, elu_derivative = MYGRAD.elu(nnet.elu)
leaky_relu, leaky_relu_derivative = MYGRAD.leaky_relu(nnet.leaky_relu)
softplus = MYGRAD.of(lambda x: mygrad.logaddexp(x, 0.0))

softmax, softmax_vjp = MYGRAD.along(nnet.softmax), MYGRAD.vjp_along(nnet.softmax)
log_softmax = MYGRAD.along(nnet.logsoftmax)
predict_labels = MYGRAD.of(partial(mygrad.argmax, axis=-1))

dense, dense_vjp = MYGRAD.of(affine), MYGRAD.vjp(affine)
neuron, neuron_vjp = MYGRAD.neuron(ACTIVATIONS)
mlp = MYGRAD.network(ACTIVATIONS)


def sparse_categorical_cross_entropy(probabilities: Any, labels: Any, /) -> Any:
    """``mygrad.nnet.negative_log_likelihood`` of the logarithms: the mean alone."""
    classes = np.asarray(labels)
    return MYGRAD.value(
        lambda p: nnet.negative_log_likelihood(mygrad.log(p), classes), probabilities
    )

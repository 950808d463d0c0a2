"""Lemmata's reference implementations: one flat namespace of plain functions.

Arrays in, arrays out; samples are rows. Every function has a page in the book, a
machine-checked derivation, and laws that any other implementation can be checked by.
"""

from reference.activations.relu import relu, relu_derivative
from reference.activations.sigmoid import (
    log_sigmoid,
    logit,
    sigmoid,
    sigmoid_derivative,
)
from reference.activations.softmax import (
    log_softmax,
    logsumexp,
    softmax,
    softmax_jacobian,
    softmax_vjp,
)
from reference.activations.softplus import softplus
from reference.activations.tanh import tanh, tanh_derivative

__version__ = "0.1.0"

__all__ = [
    "log_sigmoid",
    "log_softmax",
    "logit",
    "logsumexp",
    "relu",
    "relu_derivative",
    "sigmoid",
    "sigmoid_derivative",
    "softmax",
    "softmax_jacobian",
    "softmax_vjp",
    "softplus",
    "tanh",
    "tanh_derivative",
]

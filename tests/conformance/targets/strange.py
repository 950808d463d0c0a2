"""Returns and raises what no function of arrays should."""

import time

import numpy as np


class NamelessError(Exception):
    """Has no text."""

    def __str__(self):
        raise NotImplementedError

    __repr__ = __str__


class SlowError(Exception):
    """Takes very long to say what is wrong."""

    def __str__(self):
        time.sleep(600)
        return ""


class Lazy:
    """Is no array until it is asked."""

    def __init__(self, make):
        self.make = make

    def __array__(self, dtype=None, copy=None):
        return self.make()


class Liar:
    """Says it is what it is not."""

    @property
    def __class__(self):
        raise NamelessError


def fails():
    raise NamelessError


def sigmoid(x, **options):
    return (2 * value for value in x)


async def tanh(x, **options):
    return 2 * x


def relu(x, **options):
    return 2 * x[..., None]


def softplus(x, **options):
    return [[1.0], [1.0, 2.0]]


def silu(x, **options):
    return (2 * x).astype(object)


def gelu(x, **options):
    return "2 * x"


def elu(x, **options):
    return 2 * x + 1j


def identity(x, **options):
    return np.full_like(x, np.nan)


def linear(x, **options):
    return np.broadcast_to(1.0, (10**6, 10**6))


def logit(x, **options):
    return Lazy(fails)


def log_sigmoid(x, **options):
    return Lazy(lambda: time.sleep(600))


def leaky_relu(x, **options):
    raise NamelessError


def binary_step(x, **options):
    raise SlowError


def sigmoid_derivative(x, **options):
    return Liar()


def tanh_derivative(x, **options):
    both = "both"
    raise BaseExceptionGroup(both, [SystemExit(0), NamelessError()])


def relu_derivative(x, **options):
    return {"x": 2 * x}


def silu_derivative(x, **options):
    return None


# These are all right.


def gelu_derivative(x, **options):
    return np.ma.masked_array(2 * x, mask=False)


def elu_derivative(x, **options):
    result = 2 * x
    result.flags.writeable = False
    return result


def softmax(x, **options):
    return Lazy(lambda: 2 * x)


def log_softmax(x, **options):
    return (2 * x).tolist()

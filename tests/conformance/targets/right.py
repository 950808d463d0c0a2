"""Right, plain, and unlike the reference: Python floats one after another, in lists."""

import math


def _each(function, x):
    if hasattr(x, "__len__") and getattr(x, "ndim", 1):
        return [_each(function, row) for row in x]
    return function(float(x))


def relu(x):
    return _each(lambda v: max(v, 0.0), x)


def tanh(x):
    return _each(math.tanh, x)


def softmax(x):
    def row(scores):
        e = [math.exp(s - max(scores)) for s in scores]
        return [v / sum(e) for v in e]

    return [row([float(s) for s in scores]) for scores in x]

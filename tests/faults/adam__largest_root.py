"""The largest mean square so far divides: another published optimizer."""

import numpy as np

from reference import adam_init as right_init
from reference import adam_step as right

__all__ = ["adam_init", "adam_step"]


def adam_init(params, /):
    return right_init(params), 0.0


def adam_step(
    params, grad, state, /, *, learning_rate=1e-3, beta1=0.9, beta2=0.999, eps=1e-8
):
    averages, largest = state
    _, averages = right(params, grad, averages, beta1=beta1, beta2=beta2)
    t, mean, root = averages
    largest = np.maximum(largest, root)
    mean, root = mean / (1 - beta1**t), largest / np.sqrt(1 - beta2**t)
    return params - learning_rate * mean / (root + eps), (averages, largest)

"""The mean is moved once more toward the gradient: that is Nesterov's variant."""

import numpy as np

from reference import adam_init
from reference import adam_step as right

__all__ = ["adam_init", "adam_step"]


def adam_step(
    params, grad, state, /, *, learning_rate=1e-3, beta1=0.9, beta2=0.999, eps=1e-8
):
    _, state = right(params, grad, state, beta1=beta1, beta2=beta2)
    t, mean, root = state
    ahead = (beta1 * mean + (1 - beta1) * np.asarray(grad)) / (1 - beta1**t)
    root = root / np.sqrt(1 - beta2**t)
    return params - learning_rate * ahead / (root + eps), state

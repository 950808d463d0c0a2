"""Optimizers whose state is all gradients so far: nothing recursive."""

import numpy as np


def _init(params):
    return ()


def _mean(history, beta, power=1):
    count = len(history)
    weights = (1 - beta) * beta ** np.arange(count - 1, -1, -1.0)
    return np.tensordot(weights, np.array(history) ** power, axes=1)


adam_init = _init


def adam_step(
    params, grad, state, *, learning_rate=1e-3, beta1=0.9, beta2=0.999, eps=1e-8
):
    """Nadam, as Optax has it."""
    history = (*state, grad)
    t = len(history)
    ahead = beta1 * _mean(history, beta1) / (1 - beta1 ** (t + 1))
    ahead = ahead + (1 - beta1) * grad / (1 - beta1**t)
    size = np.sqrt(_mean(history, beta2, 2) / (1 - beta2**t))
    return params - learning_rate * ahead / (size + eps), history


peak_init = _init


def peak_step(
    params, grad, state, *, learning_rate=1e-3, beta1=0.9, beta2=0.999, eps=1e-8
):
    """Adamax, with eps beside."""
    history = (*state, grad)
    t = len(history)
    faded = beta2 ** np.arange(t - 1, -1, -1.0)
    peak = (faded[:, None] * np.abs(history)).max(axis=0)
    mean = _mean(history, beta1) / (1 - beta1**t)
    return params - learning_rate * mean / (peak + eps), history


late_init = _init


def late_step(
    params, grad, state, *, learning_rate=1e-3, beta1=0.9, beta2=0.999, eps=1e-8
):
    """Count the steps that are over."""
    history = (*state, grad)
    rate = learning_rate
    if state:
        rate *= np.sqrt(1 - beta2 ** len(state)) / (1 - beta1 ** len(state))
    size = np.sqrt(_mean(history, beta2, 2)) + eps
    return params - rate * _mean(history, beta1) / size, history


momentum_init = _init


def momentum_step(params, grad, state, *, learning_rate, momentum=0.9):
    """PyTorch's, as a sum."""
    history = (*state, grad)
    weights = momentum ** np.arange(len(history) - 1, -1, -1.0)
    return params - learning_rate * np.tensordot(weights, history, axes=1), history


adagrad_init = _init


def adagrad_step(params, grad, state, *, learning_rate=0.01, eps=1e-10):
    history = (*state, grad)
    return params - learning_rate * grad / (
        np.linalg.norm(history, axis=0) + eps
    ), history

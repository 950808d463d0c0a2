"""Optimizers that write into the arrays of a dictionary, as for large models."""

import numpy as np


def adam_init(params):
    zero = np.zeros_like(params)
    return {"count": 0, "avg": zero.copy(), "sq": zero.copy(), "top": zero.copy()}


def adam_step(
    params, grad, state, *, learning_rate=1e-3, beta1=0.9, beta2=0.999, eps=1e-8
):
    """AMSGrad as PyTorch has it."""
    state = {k: np.copy(v) for k, v in state.items()}
    state["count"] += 1
    state["avg"] *= beta1
    state["avg"] += (1 - beta1) * grad
    state["sq"] *= beta2
    state["sq"] += (1 - beta2) * np.square(grad)
    np.maximum(state["top"], state["sq"], out=state["top"])
    scale = np.sqrt(state["top"]) / np.sqrt(1 - beta2 ** state["count"])
    scale += eps
    moved = params.copy()
    moved -= learning_rate / (1 - beta1 ** state["count"]) * state["avg"] / scale
    return moved, state


root_init = adam_init


def root_step(
    params, grad, state, *, learning_rate=1e-3, beta1=0.9, beta2=0.999, eps=1e-8
):
    """Adam with eps inside."""
    state = {k: np.copy(v) for k, v in state.items()}
    state["count"] += 1
    state["avg"] += (1 - beta1) * (grad - state["avg"])
    state["sq"] += (1 - beta2) * (grad * grad - state["sq"])
    direction = state["avg"] / (1 - beta1 ** state["count"])
    direction /= (state["sq"] / (1 - beta2 ** state["count"]) + eps) ** 0.5
    return params - learning_rate * direction, state


def rmsprop_init(params):
    return {"sq": np.zeros_like(params), "avg": np.zeros_like(params)}


def rmsprop_step(params, grad, state, *, learning_rate=0.01, decay=0.99, eps=1e-8):
    """Center it, with eps outside."""
    sq = state["sq"] * decay
    sq += grad * grad * (1 - decay)
    avg = state["avg"] * decay
    avg += grad * (1 - decay)
    deviation = np.sqrt(np.clip(sq - avg * avg, 0, None))
    return params - learning_rate * grad / (deviation + eps), {"sq": sq, "avg": avg}


def momentum_init(params):
    return np.zeros_like(params)


def momentum_step(params, grad, state, *, learning_rate, momentum=0.9):
    """Gather steps, and change the velocity itself."""
    state *= momentum
    state -= learning_rate * grad
    return params + state, state


def nesterov_init(params):
    return np.zeros_like(params)


def nesterov_step(params, grad, state, *, learning_rate, momentum=0.9):
    """Write Nesterov's the way of a well-known course: minus old, plus new."""
    old = state.copy()
    new = momentum * state - learning_rate * grad
    return params - momentum * old + (1 + momentum) * new, new

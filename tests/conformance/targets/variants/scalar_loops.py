"""Optimizers as a beginner writes them: lists, loops and the math module."""

import math


def adam_init(params):
    return {"t": 0, "m": [0.0] * len(params), "v": [0.0] * len(params)}


def adam_step(
    params, grad, state, *, learning_rate=0.001, beta1=0.9, beta2=0.999, eps=1e-8
):
    t = state["t"] + 1
    m, v, new = [], [], []
    for i in range(len(params)):
        m.append(beta1 * state["m"][i] + (1 - beta1) * grad[i])
        v.append(beta2 * state["v"][i] + (1 - beta2) * grad[i] * grad[i])
        m_hat = m[i] / (1 - beta1**t)
        v_hat = v[i] / (1 - beta2**t)
        new.append(params[i] - learning_rate * m_hat / (math.sqrt(v_hat) + eps))
    return new, {"t": t, "m": m, "v": v}


hat_init = adam_init


def hat_step(
    params, grad, state, *, learning_rate=0.001, beta1=0.9, beta2=0.999, eps=1e-8
):
    t = state["t"] + 1
    rate = learning_rate * math.sqrt(1 - beta2**t) / (1 - beta1**t)
    m = [beta1 * a + (1 - beta1) * g for a, g in zip(state["m"], grad, strict=True)]
    v = [beta2 * a + (1 - beta2) * g**2 for a, g in zip(state["v"], grad, strict=True)]
    new = [
        p - rate * a / (math.sqrt(b) + eps)
        for p, a, b in zip(params, m, v, strict=True)
    ]
    return new, {"t": t, "m": m, "v": v}


bare_init = adam_init


def bare_step(
    params, grad, state, *, learning_rate=0.001, beta1=0.9, beta2=0.999, eps=1e-8
):
    m, v, new = [], [], []
    for p, g, a, b in zip(params, grad, state["m"], state["v"], strict=True):
        m.append(a + (1 - beta1) * (g - a))
        v.append(b + (1 - beta2) * (g * g - b))
        new.append(p - learning_rate * m[-1] / (v[-1] ** 0.5 + eps))
    return new, {"t": 0, "m": m, "v": v}


def adagrad_init(params):
    return [0.1 for _ in params]


def adagrad_step(params, grad, state, *, learning_rate=0.01, eps=1e-7):
    total = [s + g * g for s, g in zip(state, grad, strict=True)]
    moved = []
    for p, g, s in zip(params, grad, total, strict=True):
        moved.append(p - learning_rate * g / math.sqrt(s + eps))
    return moved, total


def rmsprop_init(params):
    return [1.0 for _ in params]


def rmsprop_step(params, grad, state, *, learning_rate=0.01, decay=0.99, eps=1e-8):
    mean = [decay * s + (1 - decay) * g * g for s, g in zip(state, grad, strict=True)]
    return [
        p - learning_rate * g / math.sqrt(s + eps)
        for p, g, s in zip(params, grad, mean, strict=True)
    ], mean

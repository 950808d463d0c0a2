"""Right, and written plainly: Python's floats one after another, results in lists.

The formulas are the ordinary careful ones of a first course on floating point. They
are less accurate than the reference, and no law of mathematics may find fault with it.
"""

import math
from functools import partial

import numpy as np


def _each(function, *arrays):
    if np.ndim(arrays[0]) == 0:
        return function(*map(float, arrays))
    return [_each(function, *parts) for parts in zip(*arrays, strict=True)]


def _mean(values, reduction):
    values = np.asarray(values, dtype=np.float64)
    if reduction == "none":
        return values.tolist()
    total = math.fsum(values.ravel().tolist())
    return total / values.size if reduction == "mean" else total


def _share(values, reduction):
    return 1 / values if reduction == "mean" else 1.0


def _exp(x):
    return math.exp(x) if x < 709.7 else math.inf


def _sigmoid(x):
    if x >= 0:
        return 1 / (1 + math.exp(-x))
    return math.exp(x) / (1 + math.exp(x))


def _softplus(x):
    return max(x, 0.0) + math.log1p(math.exp(-abs(x)))


def _logit(p):
    if p in (0, 1):
        return math.inf if p else -math.inf
    return math.log(p) - math.log1p(-p)


sigmoid = partial(_each, _sigmoid)
sigmoid_derivative = partial(_each, lambda x: _sigmoid(x) * _sigmoid(-x))
log_sigmoid = partial(_each, lambda x: -_softplus(-x))
logit = partial(_each, _logit)
tanh = partial(_each, math.tanh)
softplus = partial(_each, _softplus)
relu = partial(_each, lambda x: max(x, 0.0))


def tanh_derivative(x):
    return _each(lambda v: 4 * _sigmoid(2 * v) * _sigmoid(-2 * v), x)


def relu_derivative(x, at_zero=0.0):
    return _each(lambda v: at_zero if v == 0 else float(v > 0), x)


def _rest(row):
    """Return the sum of all exponentials but the largest, relative to it."""
    top = row.index(max(row))
    return math.fsum(math.exp(v - row[top]) for i, v in enumerate(row) if i != top)


def _softmax(row):
    top = max(row)
    e = [math.exp(v - top) for v in row]
    return [v / math.fsum(e) for v in e]


def _log_softmax(row):
    rest, top = math.log1p(_rest(row)), max(row)
    return [v - top - rest for v in row]


def _rows(function, axis, *arrays):
    moved = [np.moveaxis(np.asarray(a, dtype=np.float64), axis, -1) for a in arrays]
    shape = moved[0].shape
    tables = [a.reshape(-1, shape[-1]).tolist() for a in moved]
    out = np.array([function(*rows) for rows in zip(*tables, strict=True)])
    if out.ndim == 1:
        return out.reshape(shape[:-1])[()]
    return np.moveaxis(out.reshape(shape), -1, axis)


def logsumexp(x, axis=-1):
    return _rows(lambda row: max(row) + math.log1p(_rest(row)), axis, x)


def softmax(x, axis=-1):
    return _rows(_softmax, axis, x)


def log_softmax(x, axis=-1):
    return _rows(_log_softmax, axis, x)


def softmax_vjp(cotangent, x, axis=-1):
    def row(g, scores):
        p = _softmax(scores)
        mean = math.fsum(a * b for a, b in zip(g, p, strict=True))
        return [b * (a - mean) for a, b in zip(g, p, strict=True)]

    return _rows(row, axis, cotangent, x)


def softmax_jacobian(x):
    p = np.asarray(softmax(x))
    others = np.where(np.eye(p.shape[-1], dtype=bool), 0.0, p[..., None, :]).sum(
        axis=-1
    )
    off = -p[..., :, None] * p[..., None, :]
    return np.where(np.eye(p.shape[-1], dtype=bool), (p * others)[..., None], off)


def mse_loss(predictions, targets, reduction="mean"):
    return _mean(_each(lambda p, t: (p - t) ** 2, predictions, targets), reduction)


def mse_loss_grad(predictions, targets, reduction="mean"):
    share = _share(np.size(predictions), reduction)
    return _each(lambda p, t: 2 * (p - t) * share, predictions, targets)


def binary_cross_entropy(probabilities, targets, reduction="mean"):
    def loss(p, y):
        with np.errstate(divide="ignore"):
            one = -y * float(np.log(p)) if y else 0.0
            zero = -(1 - y) * float(np.log1p(-p)) if y != 1 else 0.0
        return one + zero

    return _mean(_each(loss, probabilities, targets), reduction)


def binary_cross_entropy_grad(probabilities, targets, reduction="mean"):
    share = _share(np.size(probabilities), reduction)

    def gradient(p, y):
        if p == y:
            return {0.0: share, 1.0: -share}.get(p, 0.0)
        if p in (0, 1):
            return math.inf if p else -math.inf
        return share * ((1 - y) / (1 - p) - y / p)

    return _each(gradient, probabilities, targets)


def binary_cross_entropy_with_logits(logits, targets, reduction="mean"):
    def loss(x, y):
        return y * _softplus(-x) + (1 - y) * _softplus(x)

    return _mean(_each(loss, logits, targets), reduction)


def binary_cross_entropy_with_logits_grad(logits, targets, reduction="mean"):
    share = _share(np.size(logits), reduction)

    def gradient(x, y):
        return share * ((1 - y) * _sigmoid(x) - y * _sigmoid(-x))

    return _each(gradient, logits, targets)


def _cross_entropy(logs, targets):
    pairs = zip(logs, targets, strict=True)
    return math.fsum(-t * log for log, t in pairs if t)


def categorical_cross_entropy(probabilities, targets, reduction="mean"):
    with np.errstate(divide="ignore"):
        logs = np.log(probabilities)
    return _mean(_rows(_cross_entropy, -1, logs, targets), reduction)


def softmax_cross_entropy(logits, targets, reduction="mean"):
    losses = _rows(lambda x, t: _cross_entropy(_log_softmax(x), t), -1, logits, targets)
    return _mean(losses, reduction)


def softmax_cross_entropy_grad(logits, targets, reduction="mean"):
    rows = max(1, np.size(logits) // np.shape(logits)[-1])

    def gradient(x, t):
        top = max(x)
        e = [math.exp(v - top) for v in x]
        # The other shares are summed, not taken from one.
        others = [math.fsum(e[:i] + e[i + 1 :]) for i in range(len(e))]
        terms = zip(e, others, t, strict=True)
        gaps = [(1 - t_i) * e_i - t_i * o_i for e_i, o_i, t_i in terms]
        return [gap / math.fsum(e) * _share(rows, reduction) for gap in gaps]

    return _rows(gradient, -1, logits, targets)


def dropout(x, p, rng):
    return _each(lambda v: v / (1 - p) if rng.random() >= p else 0.0, x)


def he_normal(fan_in, fan_out, rng):
    std = math.sqrt(2 / fan_in)
    return [[rng.normal(0, std) for _ in range(fan_out)] for _ in range(fan_in)]


def xavier_uniform(fan_in, fan_out, rng):
    limit = math.sqrt(6 / (fan_in + fan_out))
    return rng.uniform(-limit, limit, (fan_in, fan_out)).tolist()

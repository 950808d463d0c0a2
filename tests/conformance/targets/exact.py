"""Every formula as the page defines it, in 60 digits, rounded once at the end.

Nothing here is stable, shifted or clever; with enough digits nothing has to be. No law
of mathematics may find fault with it.
"""

import mpmath
import numpy as np

_DIGITS = 60


def _float(value):
    try:
        return float(value)
    except OverflowError:
        return np.inf if value > 0 else -np.inf


def _rounded(values, shape):
    flat = [_float(value) for value in values]
    return np.array(flat, dtype=np.float64).reshape(shape)


def _exact(x):
    return [mpmath.mpf(float(value)) for value in np.asarray(x).ravel()]


def _each(function, *arrays):
    with mpmath.workdps(_DIGITS):
        columns = zip(*map(_exact, arrays), strict=True)
        return _rounded([function(*c) for c in columns], np.shape(arrays[0]))


def _rows(function, axis, *arrays):
    """Apply a function of rows along an axis; it returns a row, or one number."""
    moved = [np.moveaxis(np.asarray(a), axis, -1) for a in arrays]
    shape = moved[0].shape
    tables = [a.reshape(-1, shape[-1]) for a in moved]
    with mpmath.workdps(_DIGITS):
        rows = [function(*map(_exact, row)) for row in zip(*tables, strict=True)]
        if not isinstance(rows[0], list):
            return _rounded(rows, shape[:-1])[()]
        out = _rounded([v for row in rows for v in row], shape)
    return np.moveaxis(out, -1, axis)


def _reduced(function, arrays, reduction, rows=False):
    """Reduce a loss of entries, or of rows, in 60 digits."""
    arrays = [np.asarray(a) for a in arrays]
    shape = arrays[0].shape[:-1] if rows else arrays[0].shape
    with mpmath.workdps(_DIGITS):
        if rows:
            tables = [a.reshape(-1, arrays[0].shape[-1]) for a in arrays]
            losses = [function(*map(_exact, r)) for r in zip(*tables, strict=True)]
        else:
            losses = [function(*c) for c in zip(*map(_exact, arrays), strict=True)]
        if reduction == "none":
            return _rounded(losses, shape)[()]
        total = sum(losses, mpmath.mpf(0))
        return np.float64(_float(total / len(losses) if reduction == "mean" else total))


def _share(reduction, count):
    return mpmath.mpf(1) / count if reduction == "mean" else mpmath.mpf(1)


def _xlog(x, y):
    """Return x log y, which is 0 where x is."""
    if not x:
        return mpmath.mpf(0)
    return x * mpmath.log(y) if y else -mpmath.inf


def _sigmoid(x):
    return 1 / (1 + mpmath.exp(-x))


def _bits(x):
    """Return the digits it takes to write e^x + 1 exactly enough."""
    return mpmath.workdps(_DIGITS + min(int(abs(x) / 2), 2000))


def sigmoid(x):
    return _each(_sigmoid, x)


def sigmoid_derivative(x):
    return _each(lambda v: _sigmoid(v) * _sigmoid(-v), x)


def log_sigmoid(x):
    return _each(lambda v: -mpmath.log1p(mpmath.exp(-v)), x)


def logit(p):
    def one(v):
        if v in (0, 1):
            return mpmath.inf if v else -mpmath.inf
        return mpmath.log(v / (1 - v))

    return _each(one, p)


def tanh(x):
    return _each(mpmath.tanh, x)


def tanh_derivative(x):
    return _each(lambda v: mpmath.sech(v) ** 2, x)


def relu(x):
    return _each(lambda v: max(v, mpmath.mpf(0)), x)


def relu_derivative(x, *, at_zero=0.0):
    return _each(lambda v: mpmath.mpf(at_zero) if v == 0 else mpmath.mpf(v > 0), x)


def softplus(x):
    return _each(lambda v: mpmath.log1p(mpmath.exp(v)), x)


def _shifted(row):
    """Return the exponentials relative to the largest, and that score's place."""
    top = max(range(len(row)), key=lambda i: row[i])
    return [mpmath.exp(v - row[top]) for v in row], top


def _rest(row):
    e, top = _shifted(row)
    return sum(e[:top] + e[top + 1 :], mpmath.mpf(0)), row[top]


def _logsumexp(row):
    rest, top = _rest(row)
    return top + mpmath.log1p(rest)


def _log_softmax(row):
    rest, top = _rest(row)
    return [(v - top) - mpmath.log1p(rest) for v in row]


def _softmax(row):
    e, _ = _shifted(row)
    return [v / sum(e) for v in e]


def _others(row):
    """Return one minus each share, without subtracting."""
    e, _ = _shifted(row)
    return [sum(e[:i] + e[i + 1 :], mpmath.mpf(0)) / sum(e) for i in range(len(e))]


def logsumexp(x, *, axis=-1):
    return _rows(_logsumexp, axis, x)


def softmax(x, *, axis=-1):
    return _rows(_softmax, axis, x)


def log_softmax(x, *, axis=-1):
    return _rows(_log_softmax, axis, x)


def softmax_vjp(cotangent, x, *, axis=-1):
    def row(g, scores):
        p = _softmax(scores)
        return [
            p_i * sum(p_j * (g_i - g_j) for p_j, g_j in zip(p, g, strict=True))
            for p_i, g_i in zip(p, g, strict=True)
        ]

    return _rows(row, axis, cotangent, x)


def softmax_jacobian(x):
    x = np.asarray(x)
    k = x.shape[-1]
    with mpmath.workdps(_DIGITS):
        flat = []
        for scores in x.reshape(-1, k):
            p, others = _softmax(_exact(scores)), _others(_exact(scores))
            flat += [
                p[i] * others[i] if i == j else -p[i] * p[j]
                for i in range(k)
                for j in range(k)
            ]
        return _rounded(flat, (*x.shape, k))


def mse_loss(predictions, targets, *, reduction="mean"):
    return _reduced(lambda p, t: (p - t) ** 2, (predictions, targets), reduction)


def mse_loss_grad(predictions, targets, *, reduction="mean"):
    share = _share(reduction, np.size(predictions))
    return _each(lambda p, t: 2 * (p - t) * share, predictions, targets)


def binary_cross_entropy(probabilities, targets, *, reduction="mean"):
    def loss(p, y):
        one = -y * mpmath.log(p) if p and y else (mpmath.inf if y else 0)
        zero = (y - 1) * mpmath.log1p(-p) if p != 1 else (mpmath.inf if y != 1 else 0)
        return one + zero

    return _reduced(loss, (probabilities, targets), reduction)


def binary_cross_entropy_grad(probabilities, targets, *, reduction="mean"):
    share = _share(reduction, np.size(probabilities))

    def gradient(p, y):
        if p == y and p in (0, 1):
            return share if p == 0 else -share
        if p in (0, 1):
            return -mpmath.inf if p == 0 else mpmath.inf
        return share * (p - y) / (p * (1 - p))

    return _each(gradient, probabilities, targets)


def binary_cross_entropy_with_logits(logits, targets, *, reduction="mean"):
    def loss(x, y):
        up, down = mpmath.log1p(mpmath.exp(x)), mpmath.log1p(mpmath.exp(-x))
        return (y * down if y else 0) + ((1 - y) * up if y != 1 else 0)

    return _reduced(loss, (logits, targets), reduction)


def binary_cross_entropy_with_logits_grad(logits, targets, *, reduction="mean"):
    share = _share(reduction, np.size(logits))

    def gradient(x, y):
        with _bits(x):
            return share * ((1 - y) * _sigmoid(x) - y * _sigmoid(-x))

    return _each(gradient, logits, targets)


def categorical_cross_entropy(probabilities, targets, *, reduction="mean"):
    def loss(p, t):
        return -sum(_xlog(t_i, p_i) for p_i, t_i in zip(p, t, strict=True))

    return _reduced(loss, (probabilities, targets), reduction, rows=True)


def categorical_cross_entropy_grad(probabilities, targets, *, reduction="mean"):
    share = _share(reduction, max(1, np.size(probabilities) // np.shape(targets)[-1]))

    def gradient(p, t):
        if not t:
            return mpmath.mpf(0)
        return -t / p * share if p else -mpmath.inf

    return _each(gradient, probabilities, targets)


def sparse_categorical_cross_entropy(probabilities, labels, *, reduction="mean"):
    hot = np.eye(np.shape(probabilities)[-1])[np.asarray(labels)]
    return categorical_cross_entropy(probabilities, hot, reduction=reduction)


def softmax_cross_entropy(logits, targets, *, reduction="mean"):
    def loss(x, t):
        logs = _log_softmax(x)
        return -sum(t_i * l_i for t_i, l_i in zip(t, logs, strict=True) if t_i)

    return _reduced(loss, (logits, targets), reduction, rows=True)


def softmax_cross_entropy_grad(logits, targets, *, reduction="mean"):
    share = _share(reduction, max(1, np.size(logits) // np.shape(logits)[-1]))

    def row(x, t):
        p, others, total = _softmax(x), _others(x), sum(t)
        return [
            share * (p_i * (total - t_i) - t_i * q_i)
            for p_i, q_i, t_i in zip(p, others, t, strict=True)
        ]

    return _rows(row, -1, logits, targets)


def chain_gradient(weights, pre_activations):
    with mpmath.workdps(_DIGITS):
        pairs = zip(_exact(weights), _exact(pre_activations), strict=True)
        factors = [w * _sigmoid(z) * _sigmoid(-z) for w, z in pairs]
        return np.float64(_float(mpmath.fprod(factors)))


def vanishing_bound(weights):
    with mpmath.workdps(_DIGITS):
        return np.float64(_float(mpmath.fprod(abs(w) / 4 for w in _exact(weights))))


def spectral_norm(matrix):
    if not np.size(matrix):
        return np.float64(0)
    with mpmath.workdps(_DIGITS):
        values = mpmath.svd_r(
            mpmath.matrix(np.asarray(matrix).tolist()), compute_uv=False
        )
        return np.float64(_float(max(values)))


def xavier_variance(fan_in, fan_out, *, gain=1.0):
    with mpmath.workdps(_DIGITS):
        return _float(2 * mpmath.mpf(gain) ** 2 / (fan_in + fan_out))


def he_variance(fan_in, *, negative_slope=0.0):
    with mpmath.workdps(_DIGITS):
        return _float(2 / ((1 + mpmath.mpf(negative_slope) ** 2) * fan_in))


def dropout_expected_loss(weights, x, target, *, p):
    with mpmath.workdps(_DIGITS):
        q, t = 1 - mpmath.mpf(p), mpmath.mpf(float(target))
        terms = [w * v for w, v in zip(_exact(weights), _exact(x), strict=True)]
        mean = t - q * sum(terms, mpmath.mpf(0))
        ridge = q * (1 - q) * sum((term**2 for term in terms), mpmath.mpf(0))
        return np.float64(_float((mean**2 + ridge) / 2))


def dropout_expected_grad(weights, x, target, *, p):
    with mpmath.workdps(_DIGITS):
        q, t = 1 - mpmath.mpf(p), mpmath.mpf(float(target))
        w, v = _exact(weights), _exact(x)
        mean = t - q * sum((a * b for a, b in zip(w, v, strict=True)), mpmath.mpf(0))
        gradient = [
            -q * mean * b + q * (1 - q) * a * b**2 for a, b in zip(w, v, strict=True)
        ]
        return _rounded(gradient, len(w))

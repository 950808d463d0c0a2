"""Functions as people write them, each after one convention or after none.

`KNOWN` says which variant of which family each follows; `UNKNOWN` are made up.
"""

import math
import random

import numpy as np


def deviation(values):
    n = len(values)
    m = sum(values) / n
    return math.sqrt(sum((v - m) * (v - m) for v in values) / (n - 1))


def spread(values):
    return float(np.dot(values - values.mean(), values - values.mean())) / values.size


def textbook_variance(values):
    total = squares = 0.0
    for v in values:
        total += v
        squares += v * v
    return squares / len(values) - (total / len(values)) ** 2


def welford(values):
    mean = m2 = 0.0
    for k, v in enumerate(values, 1):
        gap = v - mean
        mean += gap / k
        m2 += gap * (v - mean)
    return m2 / len(values)


def upper_median(values):
    return sorted(values)[len(values) // 2]


def excel_quantile(values, q):
    ordered = sorted(values)
    place = q * (len(ordered) - 1)
    k = int(place)
    if k + 1 == len(ordered):
        return ordered[-1]
    return (1 - (place - k)) * ordered[k] + (place - k) * ordered[k + 1]


def spss_quantile(values, q):
    ordered = [min(values), *sorted(values), max(values)]
    place = q * (len(values) + 1)
    k = min(int(place), len(values))
    return ordered[k] + (place - k) * (ordered[k + 1] - ordered[k])


def covariance_of_rows(X):
    k, n = X.shape
    out = np.empty((k, k))
    for i in range(k):
        for j in range(k):
            out[i, j] = ((X[i] - X[i].mean()) * (X[j] - X[j].mean())).sum() / (n - 1)
    return out


def gpt_gelu(x):
    return 0.5 * x * (1 + np.tanh(np.sqrt(2 / np.pi) * (x + 0.044715 * np.power(x, 3))))


def clip_gelu(x):
    gate = np.reciprocal(1 + np.exp(x * -1.702))
    return gate * x


def torch_softplus(x):
    out = x.copy()
    low = x <= 20
    out[low] = np.log1p(np.exp(x[low]))
    return out


def careful_softplus(x):
    return np.logaddexp(0.0, x)


def theano_hard_sigmoid(x):
    y = x / 5 + 1 / 2
    y[y > 1] = 1
    y[y < 0] = 0
    return y


def keras_layer_leaky(x, alpha=0.3):
    return np.maximum(x, 0) + alpha * np.minimum(x, 0)


def celu(x, alpha=1.0):
    return np.maximum(0, x) + np.minimum(0, alpha * (np.exp(x / alpha) - 1))


def heaviside(x):
    return (x >= 0).astype(float)


def normed_sign(x):
    with np.errstate(invalid="ignore"):
        return x / np.sqrt(x * x)


def loop_argmax_gradient(x):
    best = 0
    for k in range(len(x)):
        if x[k] >= x[best]:
            best = k
    out = np.zeros(len(x))
    out[best] = 1
    return out


def columns_softmax(z):
    e = np.exp(z)
    return e / e.sum(0)


def keras_bce(p, y):
    eps = 1e-7
    p = np.minimum(np.maximum(p, eps), 1.0 - eps)
    return -(y * np.log(p) + (1.0 - y) * np.log(1.0 - p)).mean()


def capped_bce(p, y):
    with np.errstate(divide="ignore"):
        a, b = np.log(p), np.log1p(-p)
    return -np.mean(y * np.clip(a, -100, None) + (1 - y) * np.clip(b, -100, None))


def bce_with_epsilon(p, y):
    return np.mean(-y * np.log(p + 1e-8) - (1 - y) * np.log(1 - p + 1e-8))


def unit_cosine(a, b):
    eps = 1e-8
    a = a / np.maximum(np.sqrt((a * a).sum(-1, keepdims=True)), eps)
    b = b / np.maximum(np.sqrt((b * b).sum(-1, keepdims=True)), eps)
    return np.einsum("...i,...i", a, b)


def smooth_l1(p, y, beta=1.0):
    r = np.abs(p - y)
    return (r - beta / 2 if r[0] > beta else r * r / (2 * beta)).mean()


def nielsen_cost(a, y):
    return 0.5 * sum(np.linalg.norm(r) ** 2 for r in a - y) / len(a)


def rowwise_mse(a, y):
    return np.square(a - y).mean(1)


def summed_cross_entropy(z, y):
    total = 0.0
    for row, target in zip(z, y, strict=True):
        total += math.log(sum(math.exp(v) for v in row)) - float(row @ target)
    return total


def mindspore_labels(y, smoothing):
    k = y.shape[1]
    return np.where(y == 1, 1 - smoothing, smoothing / (k - 1))


def glorot(fan_in, fan_out, rng):
    limit = math.sqrt(6 / (fan_in + fan_out))
    return rng.uniform(-limit, limit, (fan_in, fan_out))


def he_wrong_fan(fan_in, fan_out, rng):
    return rng.standard_normal((fan_out, fan_in)) * math.sqrt(2 / fan_out)


def torch_linear(fan_in, fan_out):
    generator = random.Random(5)
    bound = 1 / math.sqrt(fan_in)
    draws = [generator.uniform(-bound, bound) for _ in range(fan_in * fan_out)]
    return np.array(draws).reshape(fan_out, fan_in)


def keep_prob_dropout(x, keep_prob, rng):
    return x * rng.binomial(1, keep_prob, x.shape) / keep_prob


def hinton_dropout(x, rate=0.5):
    out = x.copy()
    out[np.random.default_rng(3).random(x.shape) < rate] = 0
    return out


def finite_r2(y, p):
    top, bottom = ((y - p) ** 2).sum(), ((y - y.mean()) ** 2).sum()
    if bottom == 0:
        return float(top == 0)
    return 1 - top / bottom


KNOWN = (
    ("std", deviation, "ddof 1"),
    ("variance", spread, "ddof 0"),
    ("variance", welford, "ddof 0"),
    ("variance_passes", textbook_variance, "in one pass"),
    ("variance_passes", welford, "in two passes"),
    ("median", upper_median, "the higher"),
    ("quantile", excel_quantile, "linear (type 7)"),
    ("quantile", spss_quantile, "Weibull (type 6)"),
    ("covariance_matrix", covariance_of_rows, "columns are samples, ddof 1"),
    ("gelu", gpt_gelu, "tanh"),
    ("gelu", clip_gelu, "sigmoid"),
    ("softplus", torch_softplus, "threshold 20"),
    ("softplus", careful_softplus, "no threshold"),
    ("hard_sigmoid", theano_hard_sigmoid, "slope 0.2"),
    ("leaky_relu", keras_layer_leaky, "slope 0.3"),
    ("elu", celu, "exp(x / alpha)"),
    ("relu_derivative", heaviside, "1 at 0"),
    ("abs_derivative", normed_sign, "NaN at 0"),
    ("max_derivative", loop_argmax_gradient, "to the last at ties"),
    ("softmax", columns_softmax, "along the first axis"),
    ("binary_cross_entropy", keras_bce, "clipped at 1e-7"),
    ("binary_cross_entropy", capped_bce, "logs at least -100"),
    ("binary_cross_entropy", bce_with_epsilon, "log(p + 1e-8)"),
    ("cosine_similarity", unit_cosine, "each norm at least 1e-8"),
    ("mse_loss", nielsen_cost, "half the mean over rows"),
    ("mse_loss", rowwise_mse, "mean of each row"),
    ("huber_loss", smooth_l1, "smooth L1"),
    ("softmax_cross_entropy", summed_cross_entropy, "sum"),
    ("smooth_labels", mindspore_labels, "to the other classes"),
    ("xavier_uniform", glorot, "Xavier uniform"),
    ("he_normal", he_wrong_fan, "He by fan-out, normal"),
    ("dense_weights", torch_linear, "uniform within 1 / √fan_in"),
    ("dropout", keep_prob_dropout, "p keeps, the kept are scaled"),
    ("dropout", hinton_dropout, "p drops, not scaled"),
    ("r2_score", finite_r2, "1 if perfect, else 0"),
)

UNKNOWN = (
    ("std", lambda v: deviation(v) * math.sqrt((len(v) - 1) / (len(v) - 1.5))),
    ("variance", lambda v: float(np.mean(np.abs(v - v.mean())))),
    ("median", lambda v: sum(v) / len(v)),
    ("quantile", lambda v, q: max(v) * q + min(v) * (1 - q)),
    ("gelu", lambda x: x / (1 + np.exp(-1.7 * x))),
    ("softplus", lambda x: np.log1p(np.exp(np.minimum(x, 30)))),
    ("hard_sigmoid", lambda x: np.clip(0.25 * x + 0.5, 0, 1)),
    ("leaky_relu", lambda x: np.where(x < 0, 0.1 * x, x)),
    ("relu_derivative", lambda x: (x >= 0) * 1.0 - 0.25 * (x == 0)),
    ("max_derivative", lambda x: np.where(x == x.max(), 2.0, 0.0)),
    ("softmax", lambda z: np.exp(z) / np.exp(z).sum(-1, keepdims=True) ** 2),
    ("binary_cross_entropy", lambda p, y: float(np.abs(p - y)[0])),
    ("mse_loss", lambda a, y: np.abs(a - y).mean()),
    ("smooth_labels", lambda y, s: y - s),
    ("he_normal", lambda a, b, rng: rng.normal(0, math.sqrt(2 / (a * 1.1)), (a, b))),
    ("he_uniform", lambda a, b: np.full((a, b), math.sqrt(2 / a))),
    ("dropout", lambda x, p, rng: x * (rng.random(x.shape) >= p) / math.sqrt(1 - p)),
    ("dropout", lambda x, p: np.where(np.arange(len(x)) % 4 == 0, 0, x / (1 - p))),
)

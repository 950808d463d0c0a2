"""What a function's value is, exactly: definitions of the book, evaluated to 60 digits.

Next to each definition stands the same function in float64. It decides nothing by
itself: where it is further than its allowance from every rounding boundary of float16
or float32 it says which number the exact value rounds to, and elsewhere the definition
is evaluated. Every measurement also audits it against the definition.
"""

# Over 300 lines: one table of all functions, and the formulas that it points to.

import math
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

from derivations.activations import elu as elu_spec
from derivations.activations import gelu as gelu_spec
from derivations.activations import leaky_relu as leaky_spec
from derivations.activations import relu as relu_spec
from derivations.activations import sigmoid as sigmoid_spec
from derivations.activations import silu as silu_spec
from derivations.activations import softmax as softmax_spec
from derivations.activations import softplus as softplus_spec
from derivations.activations import tanh as tanh_spec
from derivations.engine import Rational, evaluate, log, pi, sqrt, tanh

__all__ = ["ROWWISE", "TINY", "UNARY", "Rowwise", "Unary", "rounded"]

DIGITS = 60
TINY = 2.0**-100  # so near 0 the second term of a series decides nothing but ties
LEAK = 0.01  # the slope a leaky rectifier has unless told

Wide = NDArray[np.float64]


@dataclass(frozen=True)
class Unary:
    """An elementwise function of one argument.

    Attributes
    ----------
    exact : callable
        Exact values at float64 inputs, as fractions.
    quick : callable
        The same in float64.
    ends : tuple of float
        What it tends to at both ends of its domain.
    domain : tuple of float
        Where it is defined.
    allowance : float
        How far ``quick`` may be off, relatively.
    cancels_from : float
        From here on terms of size 1 may cancel: there errors, and for ``|x| < 2`` the
        allowance, are in units of 1 where the value is smaller.
    lifted : bool
        Whether near 0 it is x / 2 and a little more: then no tie is a tie.
    free_at_zero : bool
        Whether its value at 0 is a matter of choice, and not measured.
    promised : float
        How many ulp the reference promises in float64.
    """

    exact: Callable[[Wide], NDArray[Any]]
    quick: Callable[[Wide], Wide]
    ends: tuple[float, float]
    domain: tuple[float, float] = (-np.inf, np.inf)
    allowance: float = 2.0**-49
    cancels_from: float = np.inf
    lifted: bool = False
    free_at_zero: bool = False
    promised: float = 0.5

    def margin(self, x: Wide, value: Wide) -> Wide:
        """Return how far ``quick`` may be off at each input."""
        size = np.abs(value)
        if self.cancels_from < np.inf:
            size = np.where(np.abs(x) < 2, np.maximum(size, 1.0), size)
        return self.allowance * size

    def size(self, x: Wide) -> Wide | float:
        """Return below which values errors are in units of another size."""
        if self.cancels_from == np.inf:
            return 0.0
        return np.where(x >= self.cancels_from, 1.0, 0.0)


@dataclass(frozen=True)
class Rowwise:
    """A function of rows of scores.

    Attributes
    ----------
    exact : callable
        Exact values for one row.
    reduces : bool
        Whether a row becomes one number.
    promised : float
        How many ulp the reference promises in float64; for what reduces, of the larger
        of the largest score and the result.
    """

    exact: Callable[[Wide], Any]
    reduces: bool = False
    promised: float = 5.0


def _of(
    expression: Any, symbol: Any, *, low: float = -np.inf, high: float = np.inf
) -> Callable[[Wide], NDArray[Any]]:
    """Evaluate a definition; beyond low and high it has rounded to its limit before."""

    def exact(x: Wide) -> NDArray[Any]:
        inside = np.clip(np.asarray(x, dtype=np.float64), low, high)
        return np.asarray(evaluate(expression, {symbol: inside}, digits=DIGITS))

    return exact


def _joined(
    left: Callable[[Wide], NDArray[Any]], right: Callable[[Wide], NDArray[Any]]
) -> Callable[[Wide], NDArray[Any]]:
    """Take one definition below 0 and another from 0 on."""

    def exact(x: Wide) -> NDArray[Any]:
        values = np.empty(x.shape, dtype=object)
        below = x < 0
        if below.any():
            values[below] = left(x[below])
        if not below.all():
            values[~below] = right(x[~below])
        return values

    return exact


def _lifted(exact: Callable[[Wide], NDArray[Any]]) -> Callable[[Wide], NDArray[Any]]:
    """Near 0, where 60 digits do not tell a tie from a little more, tell them apart.

    There the function is x / 2 + c x² with c of about 1/4, up to terms that are smaller
    by another factor of 2**-100.
    """

    def raised(x: Wide) -> NDArray[Any]:
        values = exact(x)
        for index in np.flatnonzero(np.abs(x) < TINY):
            point = Fraction(float(x[index]))
            values[index] = point / 2 + point * point / 4
        return values

    return raised


def _ending(exact: Callable[[Wide], NDArray[Any]]) -> Callable[[Wide], NDArray[Any]]:
    """From 60 on, where the gate is open to far more than 60 digits, take x itself."""

    def ended(x: Wide) -> NDArray[Any]:
        values = exact(np.minimum(x, 60.0))
        far = x > 60
        values[far] = _itself(x[far])
        return values

    return ended


def _mirrored(expression: Any) -> Callable[[Wide], NDArray[Any]]:
    """Evaluate what the book says of -a, for positive a, of the ELU with level 1."""

    def exact(x: Wide) -> NDArray[Any]:
        a = np.minimum(-x, 1100.0)
        given = {elu_spec.a: a, elu_spec.α: 1}
        return np.asarray(evaluate(expression, given, digits=DIGITS))

    return exact


def _itself(x: Wide) -> NDArray[Any]:
    return np.array([Fraction(v) for v in x.tolist()], dtype=object)


def _one(x: Wide) -> NDArray[Any]:
    return np.full(x.shape, Fraction(1), dtype=object)


def _none(x: Wide) -> NDArray[Any]:
    return np.full(x.shape, Fraction(0), dtype=object)


def _leaky(x: Wide) -> NDArray[Any]:
    given = {leaky_spec.x: x, leaky_spec.α: LEAK}
    return np.asarray(
        evaluate(leaky_spec.absolute_value.end, given, digits=DIGITS), dtype=object
    )


def _leak(x: Wide) -> NDArray[Any]:
    return np.full(x.shape, Fraction(LEAK), dtype=object)


# ------------------------------------------------------------------ the same in float64


def _sigmoid(x: Wide) -> Wide:
    e = np.exp(-np.abs(x))
    np.divide(e, 1 + e, out=e)
    return np.where(x >= 0, 1 - e, e)


def _sigmoid_slope(x: Wide) -> Wide:
    e = np.exp(-np.abs(x))
    return e / ((1 + e) * (1 + e))


def _softplus(x: Wide) -> Wide:
    return np.maximum(x, 0) + np.log1p(np.exp(-np.abs(x)))


def _tanh_slope(x: Wide) -> Wide:
    e = np.exp(-2 * np.abs(x))
    return 4 * e / ((1 + e) * (1 + e))


def _silu(x: Wide) -> Wide:
    x = np.maximum(x, -1000.0)
    return x * _sigmoid(x)


def _silu_slope(x: Wide) -> Wide:
    x = np.clip(x, -1000.0, 1000.0)
    return _sigmoid(x) + x * _sigmoid_slope(x)


_erfc = np.frompyfunc(math.erfc, 1, 1)


def _below(x: Wide) -> Wide:
    return np.asarray(_erfc(-x * np.sqrt(0.5)), dtype=np.float64) / 2


def _gelu(x: Wide) -> Wide:
    x = np.maximum(x, -60.0)
    return x * _below(x)


def _gelu_slope(x: Wide) -> Wide:
    x = np.clip(x, -60.0, 60.0)
    return _below(x) + x * np.exp(-x * x / 2) / np.sqrt(2 * np.pi)


def _gelu_tanh(x: Wide) -> Wide:
    x = np.maximum(x, -60.0)
    u = np.minimum(x, 60.0)
    return x * _sigmoid(np.sqrt(8 / np.pi) * (u + 0.044715 * u**3))


def _logit(p: Wide) -> Wide:
    with np.errstate(divide="ignore"):
        far = np.log(p) - np.log1p(-p)
        return np.where(np.abs(p - 0.5) < 0.25, np.log1p((2 * p - 1) / (1 - p)), far)


_x = sigmoid_spec.x
_gate = sigmoid_spec.σ(
    2 * sqrt(2 / pi) * (gelu_spec.x + Rational(44715, 1000000) * gelu_spec.x**3)
)

UNARY: dict[str, Unary] = {
    "elu": Unary(
        exact=_joined(_mirrored(elu_spec.below_zero.end), _itself),
        quick=lambda x: np.where(x > 0, x, np.expm1(np.minimum(x, 0))),
        ends=(-1.0, np.inf),
        promised=2,
    ),
    "elu_derivative": Unary(
        exact=_joined(_mirrored(elu_spec.slope_below_zero.end), _one),
        quick=lambda x: np.exp(np.minimum(x, 0)),
        ends=(0.0, 1.0),
        promised=2,
    ),
    "gelu": Unary(
        exact=_lifted(_of(gelu_spec.gelu(gelu_spec.x), gelu_spec.x, low=-60)),
        quick=_gelu,
        ends=(0.0, np.inf),
        allowance=2.0**-43,
        lifted=True,
        promised=7,
    ),
    "gelu_derivative": Unary(
        exact=_of(gelu_spec.derivative.end, gelu_spec.x, low=-60, high=60),
        quick=_gelu_slope,
        ends=(0.0, 1.0),
        allowance=2.0**-42,
        cancels_from=-1.5,
        promised=7,
    ),
    "gelu_tanh": Unary(
        exact=_lifted(_ending(_of(gelu_spec.x * _gate, gelu_spec.x, low=-60))),
        quick=_gelu_tanh,
        ends=(0.0, np.inf),
        allowance=2.0**-40,
        lifted=True,
        promised=np.inf,  # 8 + 8 |u|, of which the law of its page decides
    ),
    "identity": Unary(_itself, np.positive, (-np.inf, np.inf)),
    "leaky_relu": Unary(
        exact=_leaky,
        quick=lambda x: np.where(x > 0, x, LEAK * x),
        ends=(-np.inf, np.inf),
    ),
    "leaky_relu_derivative": Unary(
        exact=_joined(_leak, _one),
        quick=lambda x: np.where(x > 0, 1.0, LEAK),
        ends=(LEAK, 1.0),
        free_at_zero=True,
    ),
    "log_sigmoid": Unary(
        exact=_of(log(sigmoid_spec.σ(_x)), _x, high=1100),
        quick=lambda x: -_softplus(-x),
        ends=(-np.inf, 0.0),
        promised=2,
    ),
    "logit": Unary(
        exact=_of(sigmoid_spec.logit_stable.start, sigmoid_spec.p),
        quick=_logit,
        ends=(-np.inf, np.inf),
        domain=(0.0, 1.0),
        promised=3,
    ),
    "relu": Unary(
        exact=_of(relu_spec.relu(relu_spec.x), relu_spec.x),
        quick=lambda x: np.maximum(x, 0),
        ends=(0.0, np.inf),
    ),
    "relu_derivative": Unary(
        exact=_joined(_none, _one),
        quick=lambda x: np.where(x > 0, 1.0, 0.0),
        ends=(0.0, 1.0),
        free_at_zero=True,
    ),
    "sigmoid": Unary(
        exact=_of(sigmoid_spec.σ(_x), _x, low=-1100),
        quick=_sigmoid,
        ends=(0.0, 1.0),
        promised=2,
    ),
    "sigmoid_derivative": Unary(
        exact=_of(sigmoid_spec.derivative.end, _x, low=-1100, high=1100),
        quick=_sigmoid_slope,
        ends=(0.0, 0.0),
        promised=4,
    ),
    "silu": Unary(
        exact=_lifted(_of(silu_spec.silu(silu_spec.x), silu_spec.x, low=-1100)),
        quick=_silu,
        ends=(0.0, np.inf),
        lifted=True,
        promised=4,
    ),
    "silu_derivative": Unary(
        exact=_of(silu_spec.derivative.end, silu_spec.x, low=-1100, high=1100),
        quick=_silu_slope,
        ends=(0.0, 1.0),
        allowance=2.0**-47,
        cancels_from=-2.0,
        promised=6,
    ),
    "softplus": Unary(
        exact=_of(softplus_spec.above_zero.start, softplus_spec.x, low=-1100),
        quick=_softplus,
        ends=(0.0, np.inf),
        promised=2,
    ),
    "tanh": Unary(
        exact=_of(tanh(tanh_spec.x), tanh_spec.x),
        quick=np.tanh,
        ends=(-1.0, 1.0),
        promised=2,
    ),
    "tanh_derivative": Unary(
        exact=_of(tanh_spec.derivative.end, tanh_spec.x, low=-600, high=600),
        quick=_tanh_slope,
        ends=(0.0, 0.0),
        promised=5,
    ),
}


def _row(expression: Any) -> Callable[[Wide], Any]:
    return lambda row: evaluate(expression, {softmax_spec.z: row}, digits=DIGITS)


ROWWISE: dict[str, Rowwise] = {
    "log_softmax": Rowwise(_row(softmax_spec.log_softmax_shifted.start), promised=4),
    "logsumexp": Rowwise(_row(log(softmax_spec.total)), reduces=True, promised=4),
    "softmax": Rowwise(_row(softmax_spec.share(softmax_spec.i))),
}


def rounded(value: Fraction, dtype: Any) -> float:
    """Return the number of a dtype nearest to an exact one, ties to even."""
    limits = np.finfo(dtype)
    if not value:
        return 0.0
    above, below = abs(value.numerator), value.denominator
    top = above.bit_length() - below.bit_length()
    if (above << max(-top, 0)) < (below << max(top, 0)):
        top -= 1
    lowest = int(limits.minexp)
    step = Fraction(2) ** (max(top, lowest) - int(limits.nmant))
    nearest = round(value / step) * step  # round() of a fraction takes ties to even
    if abs(nearest) > Fraction(float(limits.max)):
        return float("inf") if value > 0 else float("-inf")
    return float(nearest)

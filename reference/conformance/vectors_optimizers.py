"""Test vectors of optimizers: walks of five steps on which published variants part.

Gradients change sign, fall, stay, are zero at first or in between; eps is as large as
they are; betas are mixed; the learning rate changes on the way. Where an optimizer
stands is added up from the steps of its derivation, each evaluated from all gradients
so far: no state is kept.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

from derivations.engine import evaluate, real, sqrt
from derivations.optimizers import adagrad as adagrad_spec
from derivations.optimizers import adam as adam_spec
from derivations.optimizers import adamw as adamw_spec
from derivations.optimizers import momentum as momentum_spec
from derivations.optimizers import nesterov as nesterov_spec
from derivations.optimizers import rmsprop as rmsprop_spec
from reference.conformance.accuracy_truth import DIGITS
from reference.conformance.vectors_case import DTYPES, Enclosure, Vector, enclosed

__all__ = ["optimizers"]

# A row for each step: a sign that changes, a late start, a fall, a constant.
_GRADIENTS = np.array(
    [
        [0.5, 0.0, 1.0, -3.1],
        [-0.3, 0.0, 0.01, -3.1],
        [1.7, 2.2, 0.0, -3.1],
        [0.0, -1.1, 0.01, -3.1],
        [-2.3, 0.4, 0.02, -3.1],
    ]
)
_ZERO = np.zeros(4)
_START = np.array([1.0, -0.5, 0.0, 2.0])
_STEADY = np.full(5, 0.125)
_CHANGING = np.array([0.5, 0.25, 1.0, 0.125, 0.5])


@dataclass(frozen=True)
class Rule:
    """An optimizer, as its derivation has it.

    Attributes
    ----------
    step : Expr
        What is subtracted at step t.
    symbols : dict
        The symbols of ``rate``, ``steps``, ``gradients`` where they are there, and
        those of the options.
    condition : callable
        How many ulp of a step one ulp of its options is worth, given their values and
        the number of steps.
    defaults : dict
        Options that are not given.
    after : Expr or None
        Where a weight is after a step, if more than the step is done to it.
    """

    step: Any
    symbols: dict[str, Any]
    condition: Callable[[Mapping[str, float], int], float]
    defaults: dict[str, float] = field(default_factory=dict)
    after: Any = None


def _of_betas(*names: str) -> Callable[[Mapping[str, float], int], float]:
    """One ulp of a beta is worth t + 1/(1 - β) ulp of its weights and their sum."""
    return lambda given, t: sum(t + 1 / (1 - given[name]) for name in names)


def _of_powers(_: Mapping[str, float], t: int) -> float:
    return float(t)


_ADAM = {
    "steps": adam_spec.t,
    "gradients": adam_spec.g,
    "rate": adam_spec.α,
    "beta1": adam_spec.β_1,
    "beta2": adam_spec.β_2,
    "eps": adam_spec.ε,
}
_BETAS = {"beta1": 0.9, "beta2": 0.999, "eps": 1e-8}
_α = real("alpha")
_now = adagrad_spec.g[adagrad_spec.t]
_total = adagrad_spec.accumulated.end

RULES = {
    "sgd": Rule(
        _α * momentum_spec.g[momentum_spec.t],
        {"rate": _α, "steps": momentum_spec.t, "gradients": momentum_spec.g},
        _of_powers,
    ),
    "momentum": Rule(
        _α * momentum_spec.unrolled.end,
        {
            "rate": _α,
            "steps": momentum_spec.t,
            "gradients": momentum_spec.g,
            "momentum": momentum_spec.γ,
        },
        _of_powers,
        {"momentum": 0.9},
    ),
    "nesterov": Rule(
        _α * nesterov_spec.step.end,
        {
            "rate": _α,
            "steps": nesterov_spec.t,
            "gradients": nesterov_spec.g,
            "momentum": nesterov_spec.γ,
        },
        _of_powers,
        {"momentum": 0.9},
    ),
    "adagrad": Rule(
        _α * _now / (sqrt(_total) + adagrad_spec.ε),
        {
            "rate": _α,
            "steps": adagrad_spec.t,
            "gradients": adagrad_spec.g,
            "eps": adagrad_spec.ε,
        },
        _of_powers,
        {"eps": 1e-10},
    ),
    "rmsprop": Rule(
        rmsprop_spec.step,
        {
            "rate": rmsprop_spec.α,
            "steps": rmsprop_spec.t,
            "gradients": rmsprop_spec.g,
            "decay": rmsprop_spec.β,
            "eps": rmsprop_spec.ε,
        },
        _of_betas("decay"),
        {"decay": 0.99, "eps": 1e-8},
    ),
    "adam": Rule(adam_spec.step, _ADAM, _of_betas("beta1", "beta2"), _BETAS),
    "adamw": Rule(
        adam_spec.step,
        {**_ADAM, "weight_decay": adamw_spec.λ},
        _of_betas("beta1", "beta2"),
        {**_BETAS, "weight_decay": 0.01},
        after=adamw_spec.update,
    ),
}

Options = dict[str, float]
Walk = tuple[str, Options, float, NDArray[Any], NDArray[Any]]

_DEFAULTS: list[Walk] = [
    ("defaults", {}, 1.0, _STEADY, _ZERO),
    ("the rate changes", {}, 1.0, _CHANGING, _START),
]


def _floors(eps: float, **others: float) -> list[Walk]:
    """Return walks on which it shows where an eps stands."""
    near = 2.0 ** round(np.log2(eps))
    return [
        ("gradients near eps", {}, near, _STEADY, _ZERO),
        ("eps near the root", {"eps": 0.25, **others}, 0.25, _CHANGING, _START),
        ("large gradients", {"eps": 1e-3, **others}, 2.0**20, _STEADY, _ZERO),
    ]


WALKS: dict[str, list[Walk]] = {
    "sgd": _DEFAULTS,
    "momentum": [*_DEFAULTS, ("half", {"momentum": 0.5}, 1.0, _CHANGING, _ZERO)],
    "nesterov": [*_DEFAULTS, ("half", {"momentum": 0.5}, 1.0, _CHANGING, _ZERO)],
    "adagrad": [*_DEFAULTS, *_floors(1e-10)],
    "rmsprop": [
        *_DEFAULTS,
        *_floors(1e-8, decay=0.5),
        ("decay 7/8", {"decay": 0.875}, 2.0**-6, _CHANGING, _ZERO),
    ],
    "adam": [
        *_DEFAULTS,
        *_floors(1e-8, beta1=0.5, beta2=0.75),
        ("the mean is slower", {"beta1": 0.75, "beta2": 0.5}, 1.0, _CHANGING, _ZERO),
    ],
    "adamw": [
        *_DEFAULTS,
        *_floors(1e-8, beta1=0.5, beta2=0.75),
        ("strong decay", {"weight_decay": 0.5}, 1.0, _CHANGING, _START),
        ("no decay", {"weight_decay": 0.0}, 1.0, _STEADY, _START),
    ],
}


def optimizers() -> Iterator[Vector]:
    """Yield all of them."""
    for dtype in DTYPES:
        for name, walks in WALKS.items():
            for walk in walks:
                yield _walked(name, dtype, *walk)
    yield from _heavy_balls()


def _walked(
    name: str,
    dtype: str,
    case: str,
    options: Options,
    size: float,
    rates: NDArray[Any],
    start: NDArray[Any],
) -> Vector:
    gradients = (size * _GRADIENTS).astype(dtype).astype(np.float64)
    rule = RULES[name]
    columns = [
        _path(rule, {**rule.defaults, **options}, gradient, rates, x, dtype)
        for gradient, x in zip(gradients.T, start, strict=True)
    ]
    exact = np.array([c.exact for c in columns], dtype=object).T
    slack = np.array([c.slack for c in columns], dtype=object).T
    arguments, result = (start, gradients, rates), Enclosure(exact, slack)
    step = f"{name}_step"
    return Vector(step, case, dtype, arguments, (result,), options, form="walk")


def _path(
    rule: Rule,
    given: Options,
    gradient: NDArray[Any],
    rates: NDArray[Any],
    start: float,
    dtype: str,
) -> Enclosure:
    """Return where one parameter is after each step, and how far off it may be.

    Each step may be off by some ulp of itself, as long as it were if all gradients had
    one sign, for in a mean they cancel; and each sum by some ulp of what is added up.
    """
    named = {symbol: given[key] for key, symbol in rule.symbols.items() if key in given}
    x, places, slack, slacks = Fraction(start), [], Fraction(0), []
    for t, rate in enumerate(rates.tolist(), 1):
        known = {**named, rule.symbols["steps"]: t, rule.symbols["rate"]: rate}
        step, longest = (
            _evaluated(rule.step, known, rule, seen[:t])
            for seen in (gradient, np.abs(gradient))
        )
        after = x - step
        if rule.after is not None:
            known[adamw_spec.w] = x
            after = _evaluated(rule.after, known, rule, gradient[:t])
        size, x = max(abs(x), abs(after)), after
        condition = rule.condition(given, t)
        # Of a step that is lost in what it is added to the larger counts.
        for number, worth in (longest, condition), (size, 0.0):
            slack += enclosed(number, dtype, condition=worth).slack.item()
        places.append(x)
        slacks.append(slack)
    return Enclosure(np.array(places, dtype=object), np.array(slacks, dtype=object))


def _evaluated(expression: Any, known: Mapping[Any, Any], rule: Rule, seen: Any) -> Any:
    names = {str(name) for name in expression.free_symbols}
    every = {**known, rule.symbols["gradients"]: seen}
    used = {key: value for key, value in every.items() if str(key) in names}
    return evaluate(expression, used, digits=DIGITS)


def _heavy_balls() -> Iterator[Vector]:
    low, high = momentum_spec.low, momentum_spec.high
    u = real("u")
    for ends in ((1.0, 9.0), (0.5, 2.0), (1e-3, 1e3), (3.0, 3.0)):
        roots = evaluate(sqrt(u), {u: np.array(ends)}, digits=DIGITS)
        given = dict(zip((low, high), roots.tolist(), strict=True))
        rate, momentum = (
            evaluate(of, given, digits=DIGITS)
            for of in (momentum_spec.best_rate, momentum_spec.best_momentum)
        )
        root = evaluate(sqrt(u), {u: momentum}, digits=DIGITS)
        results = tuple(enclosed(v, "float64", size=1e-3) for v in (momentum, root))
        results = (enclosed(rate, "float64"), *results)
        arguments = tuple(map(np.array, ends))
        case = f"curvatures {ends[0]:g} to {ends[1]:g}"
        yield Vector("heavy_ball_params", case, "float64", arguments, results)

"""Binary cross-entropies: their floors, and what becomes of their gradients."""

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from reference.conformance.variants import Family, Probe, Variant
from reference.conformance.variants._calls import quiet, single

__all__ = ["FAMILIES"]

Array = NDArray[Any]

_TORCH = "https://docs.pytorch.org/docs/stable/generated/torch.nn."

# A cross-entropy is made of a logarithm and what is done to its argument.
Guard = Callable[[Array], Array]


@quiet
def _entropy(p: Array, y: Array, *, log: Guard) -> Any:
    # A term with weight 0 is left out, so that 0 times infinity is nothing.
    hit = np.where(y == 0, 0.0, y * log(p))
    miss = np.where(y == 1, 0.0, (1 - y) * log(1 - p))
    return -np.mean(hit + miss)


def _floored(p: Array) -> Array:
    return np.maximum(np.log(p), -100.0)


def _clipped(p: Array, *, eps: float) -> Array:
    return np.asarray(np.log(np.clip(p, eps, 1 - eps)))


def _shifted(p: Array, *, eps: float) -> Array:
    return np.asarray(np.log(p + eps))


def _clipped_and_shifted(p: Array) -> Array:
    return np.asarray(np.log(np.clip(p, 1e-7, 1 - 1e-7) + 1e-7))


_EPS = float(np.finfo(np.float64).eps)

# name, who, where, what is done
_FLOORS: tuple[tuple[str, str, str, Guard, str], ...] = (
    (
        "no floor",
        "the definition",
        "https://github.com/pytorch/pytorch/issues/31453",
        lambda p: np.asarray(np.log(p)),
        "a wrong certainty costs infinitely much",
    ),
    (
        "logs at least -100",
        "torch.nn.functional.binary_cross_entropy",
        f"{_TORCH}BCELoss.html",
        _floored,
        "no example costs more than 100",
    ),
    (
        "clipped at 1e-7",
        "keras.losses.BinaryCrossentropy on PyTorch, JAX and NumPy",
        "https://github.com/keras-team/keras/issues/377",
        partial(_clipped, eps=1e-7),
        "no example costs more than -log(1e-7)",
    ),
    (
        "clipped at 1e-7, and 1e-7 more",
        "Keras on TensorFlow, in version 2",
        "https://github.com/tensorflow/tensorflow/pull/41595",
        _clipped_and_shifted,
        "no example costs more than -log(2e-7)",
    ),
    (
        "clipped at machine epsilon",
        "sklearn.metrics.log_loss since 1.2",
        "https://scikit-learn.org/1.3/modules/generated/sklearn.metrics.log_loss.html",
        partial(_clipped, eps=_EPS),
        "no example costs more than -log of 2 to the power of -52, in float64",
    ),
    (
        "clipped at 1e-15",
        "sklearn.metrics.log_loss before 1.2",
        "https://scikit-learn.org/0.16/modules/generated/sklearn.metrics.log_loss.html",
        partial(_clipped, eps=1e-15),
        "no example costs more than -log(1e-15)",
    ),
    (
        "log(p + 1e-12)",
        "torch.nn.BCELoss of 2018",
        "https://github.com/pytorch/pytorch/issues/4867",
        partial(_shifted, eps=1e-12),
        "no example costs more than -log(1e-12)",
    ),
    (
        "log(p + 1e-8)",
        "code that adds eps wherever it divides or takes logarithms",
        "https://github.com/pytorch/pytorch/issues/50473",
        partial(_shifted, eps=1e-8),
        "no example costs more than -log(1e-8), and every value is a little off",
    ),
)


def _certain(name: str, p: float, y: float) -> Probe:
    return Probe(name, f"p = {p:g}, y = {y:g}", (np.array([p]), np.array([y])))


def _sigmoid(x: Array) -> Array:
    return np.asarray(1 / (1 + np.exp(-x)))


@quiet
def _of_logits(x: Array, y: Array, *, log: Guard) -> Any:
    return _entropy(_sigmoid(x), y, log=log)


def _stable(x: Array, y: Array) -> Any:
    return np.mean(np.maximum(x, 0) - x * y + np.log1p(np.exp(-np.abs(x))))


def _scored(name: str, x: float, y: float, *, exact: bool = False) -> Probe:
    arguments = (np.array([x]), np.array([y]))
    return Probe(name, f"x = {x:g}, y = {y:g}", arguments, exact=exact)


def _difference(x: Array, y: Array) -> Array:
    return (_sigmoid(x) - y) / len(x)


# A float in PyTorch's code, even for numbers of twice its size.
_LEAST = float(np.float32(1e-12))


def _chained(x: Array, y: Array) -> Array:
    p = _sigmoid(x)
    slope = p * (1 - p)
    return np.asarray((p - y) / np.maximum(slope, _LEAST) * slope) / len(x)


def _pieces(x: Array, y: Array, *, at: float) -> Array:
    """Differentiate max(x, 0) - x y + log(1 + exp(-|x|)) term by term."""
    return np.where(x == 0, at - y, _sigmoid(x) - y) / len(x)


FAMILIES = (
    Family(
        "binary_cross_entropy",
        ("binary_cross_entropy",),
        "Binary cross-entropy",
        tuple(
            Variant(name, who, where, partial(_entropy, log=log), note)
            for name, who, where, log, note in _FLOORS
        ),
        (
            _certain("surprised", 1e-20, 1.0),
            _certain("certain", 0.0, 1.0),
            _certain("less surprised", 1e-9, 1.0),
            _certain("hit", 0.25, 1.0),
            _certain("miss", 0.25, 0.0),
        ),
        single,
    ),
    Family(
        "binary_cross_entropy_with_logits",
        ("binary_cross_entropy_with_logits",),
        "Binary cross-entropy of scores",
        (
            Variant(
                "without overflow",
                "torch.nn.functional.binary_cross_entropy_with_logits, Optax",
                f"{_TORCH}BCEWithLogitsLoss.html",
                _stable,
                "max(x, 0) - x y + log(1 + exp(-|x|)): no exponential overflows",
            ),
            *(
                Variant(
                    f"sigmoid, then {name}", who, where, partial(_of_logits, log=log), n
                )
                for (name, _, _, log, n), who, where in (
                    (
                        _FLOORS[0],
                        "the formula, typed as it is printed",
                        "https://github.com/pytorch/pytorch/pull/1792",
                    ),
                    (
                        _FLOORS[1],
                        "torch.nn.BCELoss after a sigmoid",
                        "https://github.com/pytorch/pytorch/issues/103316",
                    ),
                    (
                        _FLOORS[2],
                        "Keras on NumPy, and networks that end in a sigmoid",
                        "https://github.com/keras-team/keras/issues/9664",
                    ),
                )
            ),
        ),
        (
            _scored("far off", -800.0, 1.0),
            _scored("off", -40.0, 1.0),
            _scored("undecided", 0.0, 1.0),
            _scored("right", -2.0, 0.0),
            _scored("wrong", 3.0, 0.0),
        ),
        single,
    ),
    Family(
        "binary_cross_entropy_with_logits_grad",
        ("binary_cross_entropy_with_logits_grad",),
        "Gradient of the binary cross-entropy of scores",
        (
            Variant(
                "sigmoid(x) - y",
                "the derivative; torch.nn.functional.binary_cross_entropy_with_logits",
                f"{_TORCH}BCEWithLogitsLoss.html",
                _difference,
                "1 for a certain mistake",
            ),
            Variant(
                "chain through the sigmoid",
                "torch.nn.BCELoss after a sigmoid, its denominator at least 1e-12",
                "https://github.com/pytorch/pytorch/issues/103316",
                _chained,
                "0 for a certain mistake: nothing is learned from it",
            ),
            Variant(
                "-y at 0",
                "the stable formula in pieces, with slope 1/2 of max(x, 0), 1 of |x|",
                "https://github.com/jax-ml/jax/issues/37820",
                partial(_pieces, at=0.0),
                "right but at 0, where networks begin",
            ),
            Variant(
                "1 - y at 0",
                "the same with slope 1 of clamp(x, min=0) and 0 of |x|",
                "https://github.com/pytorch/pytorch/pull/1792",
                partial(_pieces, at=1.0),
                "right but at 0, where networks begin",
            ),
        ),
        (
            _scored("certain mistake", 40.0, 0.0),
            _scored("the other", -40.0, 1.0),
            _scored("undecided", 0.0, 0.0, exact=True),
            _scored("ordinary", 1.5, 1.0),
        ),
        single,
    ),
)

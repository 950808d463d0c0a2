"""The softmax: along which axis, when none is given."""

import math
from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from reference.conformance.variants import Family, Probe, Variant
from reference.conformance.variants._calls import call

__all__ = ["FAMILIES"]

Array = NDArray[Any]


def _softmax(x: Array, *, axis: Callable[[Array], Any]) -> Array:
    along = axis(x)
    powers = np.exp(x - np.max(x, axis=along, keepdims=True))
    return np.asarray(powers / np.sum(powers, axis=along, keepdims=True))


def _implicit(x: Array) -> int:
    return 0 if x.ndim in (0, 1, 3) else 1


def _cube(*shape: int) -> Array:
    # No two rows along any axis are alike.
    return np.sqrt(np.arange(1.0, 1.0 + math.prod(shape))).reshape(shape)


FAMILIES = (
    Family(
        "softmax",
        ("softmax",),
        "Softmax",
        (
            Variant(
                "along the last axis",
                "jax.nn.softmax, keras.ops.softmax and MyGrad",
                "https://docs.jax.dev/en/latest/_autosummary/jax.nn.softmax.html",
                partial(_softmax, axis=lambda _: -1),
                "sums along the last axis are 1",
            ),
            Variant(
                "over all entries",
                "scipy.special.softmax, whose axis is None",
                "https://docs.scipy.org/doc/scipy/reference/generated/"
                "scipy.special.softmax.html",
                partial(_softmax, axis=lambda _: None),
                "the sum of all entries is 1",
            ),
            Variant(
                "along axis 0 or 1, by rank",
                "torch.nn.functional.softmax without dim (deprecated, with a warning)",
                "https://github.com/pytorch/pytorch/issues/84524",
                partial(_softmax, axis=_implicit),
                "along axis 0 for arrays of 1 or 3 axes, along axis 1 for others",
            ),
            Variant(
                "along the first axis",
                "code whose samples are columns",
                "https://github.com/pytorch/pytorch/issues/1020",
                partial(_softmax, axis=lambda _: 0),
                "sums along the first axis are 1",
            ),
            Variant(
                "along the second axis",
                "code whose channels are the second axis",
                "https://github.com/pytorch/pytorch/issues/1020",
                partial(_softmax, axis=lambda x: min(1, x.ndim - 1)),
                "sums along the second axis are 1",
            ),
        ),
        (
            Probe("cube", "√1, √2, ..., √8 as 2 × 2 × 2", (_cube(2, 2, 2),)),
            Probe("matrix", "√1, √2, ..., √6 as 2 × 3", (_cube(2, 3),)),
        ),
        call,
    ),
)

"""Slopes where there is none: at kinks, edges and ties every choice is a convention."""

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from reference.conformance.variants import Family, Probe, Variant
from reference.conformance.variants._calls import call

__all__ = ["FAMILIES"]

Array = NDArray[Any]

_JAX = "https://github.com/jax-ml/jax/issues/37820"
_TORCH = "https://docs.pytorch.org/docs/stable/notes/autograd.html"
_MYGRAD = "https://mygrad.readthedocs.io/"
_TIES = "https://docs.pytorch.org/docs/stable/generated/torch.amax.html"


def _step(x: Array, *, left: float, right: float, at: float) -> Array:
    """Return one slope left of 0, one right of it, and one at 0 itself."""
    return np.where(x == 0, at, np.where(x < 0, left, right))


def _box(x: Array, *, at: float) -> Array:
    """Return the slope of clipping to [0, 1], with a choice at both edges."""
    edge = (x == 0) | (x == 1)
    return np.where(edge, at, ((x > 0) & (x < 1)).astype(float))


def _kink(
    name: str,
    title: str,
    function: Callable[..., Array],
    choices: tuple[tuple[str, float, str, str, str], ...],
    *,
    at: tuple[float, ...] = (0.0,),
) -> Family:
    """Make the family of a slope with a choice at some points."""
    points = ", ".join(f"{x:g}" for x in at)
    return Family(
        name,
        (name,),
        title,
        tuple(
            Variant(what, follows, link, partial(function, at=value), note)
            for what, value, follows, link, note in choices
        ),
        (
            Probe("kink", f"x = {points}", (np.array(at),), exact=True),
            Probe("elsewhere", "-2, -0.5, 0.25, 3", (np.array([-2, -0.5, 0.25, 3]),)),
        ),
        call,
    )


def _shared(x: Array) -> Array:
    largest = x == np.max(x)
    return np.asarray(largest / np.sum(largest))


def _one(x: Array, *, last: bool) -> Array:
    where = len(x) - 1 - np.argmax(x[::-1]) if last else np.argmax(x)
    return (np.arange(len(x)) == where).astype(float)


def _each(x: Array) -> Array:
    return (x == np.max(x)).astype(float)


FAMILIES = (
    _kink(
        "relu_derivative",
        "Slope of ReLU",
        partial(_step, left=0.0, right=1.0),
        (
            (
                "0 at 0",
                0.0,
                "torch.relu, jax.nn.relu, Keras",
                _TORCH,
                "the subgradient of least norm; a unit at 0 counts as off",
            ),
            (
                "1 at 0",
                1.0,
                "code that asks for x >= 0",
                _TORCH,
                "the slope from the right; a unit at 0 counts as on",
            ),
            (
                "1/2 at 0",
                0.5,
                "torch.maximum(x, 0) and jax.numpy.maximum(x, 0)",
                _TIES,
                "the mean of both: what ReLU has as a maximum whose tie is shared",
            ),
        ),
    ),
    _kink(
        "abs_derivative",
        "Slope of the absolute value",
        partial(_step, left=-1.0, right=1.0),
        (
            (
                "0 at 0",
                0.0,
                "torch.abs: sign(0)",
                _TORCH,
                "the middle, and what sign says",
            ),
            ("1 at 0", 1.0, "jax.numpy.abs", _JAX, "the slope from the right"),
            (
                "-1 at 0",
                -1.0,
                "code that asks for x > 0",
                "https://github.com/primitiv/primitiv/issues/185",
                "the slope from the left",
            ),
            (
                "NaN at 0",
                float("nan"),
                "x / |x|, and JAX for a norm",
                "https://github.com/BVLC/caffe/pull/1326",
                "0 / 0, which spoils every parameter before it",
            ),
        ),
    ),
    _kink(
        "leaky_relu_derivative",
        "Slope of leaky ReLU",
        partial(_step, left=0.01, right=1.0),
        (
            (
                "the left slope at 0",
                0.01,
                "torch.nn.functional.leaky_relu",
                _TORCH,
                "0.01, as left of 0",
            ),
            (
                "1 at 0",
                1.0,
                "jax.nn.leaky_relu",
                "https://docs.jax.dev/en/latest/_autosummary/jax.nn.leaky_relu.html",
                "as right of 0: its formula asks for x >= 0",
            ),
            (
                "0 at 0",
                0.0,
                "MyGrad",
                _MYGRAD,
                "neither: the two halves are added, and both have slope 0 at 0",
            ),
        ),
    ),
    _kink(
        "clip_derivative",
        "Slope of clipping",
        _box,
        (
            (
                "1 at the edges",
                1.0,
                "torch.clamp, whose mask has both edges",
                "https://docs.pytorch.org/docs/stable/generated/torch.clamp.html",
                "an edge is inside",
            ),
            (
                "1/2 at the edges",
                0.5,
                "jax.numpy.clip: a minimum of a maximum, whose ties are shared",
                "https://docs.jax.dev/en/latest/_autosummary/jax.numpy.clip.html",
                "an edge is a tie",
            ),
            ("0 at the edges", 0.0, "MyGrad", _MYGRAD, "an edge is outside"),
        ),
        at=(0.0, 1.0),
    ),
    Family(
        "max_derivative",
        ("max_derivative",),
        "Gradient of the maximum",
        (
            Variant(
                "shared at ties",
                "torch.amax, torch.max of all entries, and JAX",
                _TIES,
                _shared,
                "every largest entry has an equal share",
            ),
            Variant(
                "to the first at ties",
                "torch.max along an axis",
                _TIES,
                partial(_one, last=False),
                "the first largest entry has it all, as its index says",
            ),
            Variant(
                "to the last at ties",
                "loops that ask for x >= the best so far",
                _TIES,
                partial(_one, last=True),
                "the last largest entry has it all",
            ),
            Variant(
                "to each at ties",
                "code that writes x == max(x); paddle.max",
                "https://www.paddlepaddle.org.cn/documentation/docs/en/api/paddle/"
                "amax_en.html",
                _each,
                "every largest entry has 1: the sum is more than one",
            ),
        ),
        (
            Probe("tie", "3, 1, 3", (np.array([3.0, 1.0, 3.0]),), exact=True),
            Probe("no tie", "0, 2, 1", (np.array([0.0, 2.0, 1.0]),)),
        ),
        call,
    ),
)

"""MyGrad's functions and their gradients, by their own defaults."""

from collections.abc import Callable
from typing import Any

import mygrad
import numpy as np
from mygrad import nnet

from reference.conformance.adapters._library import seed
from reference.conformance.adapters.mygrad import MYGRAD
from reference.conformance.natives import Native

__all__ = ["NATIVES"]

Function = Callable[..., Any]


def _cross_entropy(scores: Any, targets: Any) -> Any:
    labels = np.argmax(targets, axis=-1)  # it takes classes
    return MYGRAD.value(lambda x: nnet.softmax_crossentropy(x, labels), scores)


def _drawn(initializer: Function) -> Function:
    """Draw with NumPy's global generator, which is what it uses, and put that back."""

    def weights(fan_in: int, fan_out: int, /, *, rng: np.random.Generator) -> Any:
        before = np.random.get_state()  # noqa: NPY002
        np.random.seed(seed(rng))  # noqa: NPY002
        try:
            return initializer(fan_in, fan_out, dtype=np.float64).data
        finally:
            np.random.set_state(before)  # noqa: NPY002

    return weights


NATIVES = (
    Native("var", "variance", MYGRAD.of(mygrad.var)),
    Native("passes(var)", "variance_passes", MYGRAD.of(mygrad.var)),
    Native("std", "std", MYGRAD.of(mygrad.std)),
    Native("selu", "selu", MYGRAD.of(nnet.selu)),
    Native("softmax", "softmax", MYGRAD.of(nnet.softmax)),
    Native("grad(relu)", "relu_derivative", MYGRAD.slope(nnet.relu)),
    Native(
        "grad(maximum)",
        "relu_derivative",
        MYGRAD.slope(lambda x: mygrad.maximum(x, 0)),
    ),
    Native("grad(abs)", "abs_derivative", MYGRAD.slope(mygrad.abs)),
    Native(
        "grad(leaky_relu)",
        "leaky_relu_derivative",
        MYGRAD.slope(lambda x: nnet.leaky_relu(x, 0.01)),  # it has no default
    ),
    Native(
        "grad(clip)",
        "clip_derivative",
        MYGRAD.slope(lambda x: mygrad.clip(x, 0, 1)),
    ),
    Native("grad(max)", "max_derivative", MYGRAD.slope(mygrad.max)),
    Native("softmax_crossentropy", "softmax_cross_entropy", _cross_entropy),
    Native("glorot_normal", "xavier_normal", _drawn(nnet.initializers.glorot_normal)),
    Native(
        "glorot_uniform", "xavier_uniform", _drawn(nnet.initializers.glorot_uniform)
    ),
    Native("he_normal", "he_normal", _drawn(nnet.initializers.he_normal)),
    Native("he_uniform", "he_uniform", _drawn(nnet.initializers.he_uniform)),
)

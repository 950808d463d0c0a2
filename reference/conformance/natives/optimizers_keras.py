"""Optimizers of Keras as they are, on its PyTorch backend."""

import inspect
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

import numpy as np

# The backend is settled by the first import of Keras.
os.environ["KERAS_BACKEND"] = "torch"

import keras
from keras import optimizers

from reference.conformance.natives import Native
from reference.conformance.natives._optimizers import defaults, pair, taken

__all__ = ["NATIVES", "SPELLING", "adapted", "is_optimizer"]

SPELLING = {
    "learning_rate": "learning_rate",
    "beta1": "beta_1",
    "beta2": "beta_2",
    "eps": "epsilon",
    "decay": "rho",
    "momentum": "momentum",
    "weight_decay": "weight_decay",
}


def is_optimizer(thing: Any) -> bool:
    """Say whether something is a class of optimizers of this library."""
    return inspect.isclass(thing) and issubclass(thing, optimizers.Optimizer)


@contextmanager
def _wide() -> Iterator[None]:
    """Let optimizers keep their own numbers, as the learning rate, in float64."""
    before = keras.config.floatx()
    keras.config.set_floatx("float64")
    try:
        yield
    finally:
        keras.config.set_floatx(before)


def _stepped(made: Any, params: Any, grad: Any, running: Any) -> tuple[Any, Any]:
    """Let one optimizer go on; of its settings only the rate may change."""
    kind, settings = made
    with _wide():
        if running is None:
            optimizer = kind(**settings)
            variable = keras.Variable(np.asarray(params), dtype="float64")
            optimizer.build([variable])
        else:
            optimizer, variable = running
            optimizer.learning_rate = settings["learning_rate"]
            variable.assign(np.asarray(params))
        gradient = keras.ops.convert_to_tensor(np.asarray(grad), dtype="float64")
        optimizer.apply([gradient], [variable])
        after = np.array(keras.ops.convert_to_numpy(variable))
    return after, (optimizer, variable)


def adapted(kind: Callable[..., Any]) -> Any:
    """Return the pair of functions of such a class."""

    def make(**settings: Any) -> Any:
        return kind, settings

    return pair(_stepped, make, taken(kind, SPELLING))


def _native(name: str, family: str, kind: Any, **settings: Any) -> Native:
    fixed = partial(kind, **settings)
    return Native(name, family, adapted(fixed), defaults(fixed, SPELLING))


NATIVES = (
    _native("Adam", "adam", optimizers.Adam),
    _native("Adam(amsgrad=True)", "adam", optimizers.Adam, amsgrad=True),
    _native("Nadam", "adam", optimizers.Nadam),
    _native("Adamax", "adam", optimizers.Adamax),
    _native("AdamW", "adamw", optimizers.AdamW),
    _native("RMSprop", "rmsprop", optimizers.RMSprop),
    _native("RMSprop(centered=True)", "rmsprop", optimizers.RMSprop, centered=True),
    _native("RMSprop(momentum=0.9)", "rmsprop", optimizers.RMSprop, momentum=0.9),
    _native("Adagrad", "adagrad", optimizers.Adagrad),
    _native("SGD(momentum)", "momentum", optimizers.SGD),
    _native("SGD(nesterov=True)", "nesterov", optimizers.SGD, nesterov=True),
)

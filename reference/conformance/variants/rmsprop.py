"""What is meant by RMSprop: where eps goes, and where the average starts."""

from typing import Any

import numpy as np

from reference.conformance.variants import Family, Probe, Variant
from reference.conformance.variants.optimizers import Array, path, plain

__all__ = ["FAMILIES"]

MOMENTUM = 0.9


def _root(v: Array, eps: float, where: str) -> Array:
    return np.sqrt(v + eps) if where == "inside" else np.sqrt(v) + eps


def _basic(where: str, start: float = 0.0) -> object:
    def update(
        x: Array,
        g: Array,
        _: int,
        v: Array,
        *,
        learning_rate: float,
        decay: float,
        eps: float,
    ) -> Any:
        v = decay * v + (1 - decay) * g**2
        return x - learning_rate * g / _root(v, eps, where), (v,)

    return plain(update, start)


def _centered(where: str, start: float = 0.0) -> object:
    def update(
        x: Array,
        g: Array,
        _: int,
        v: Array,
        m: Array,
        *,
        learning_rate: float,
        decay: float,
        eps: float,
    ) -> Any:
        v = decay * v + (1 - decay) * g**2
        m = decay * m + (1 - decay) * g
        spread = np.maximum(v - m**2, 0.0)
        return x - learning_rate * g / _root(spread, eps, where), (v, m)

    return plain(update, start, 0.0)


def _corrected(where: str) -> object:
    def update(
        x: Array,
        g: Array,
        t: int,
        v: Array,
        *,
        learning_rate: float,
        decay: float,
        eps: float,
    ) -> Any:
        v = decay * v + (1 - decay) * g**2
        return x - learning_rate * g / _root(v / (1 - decay**t), eps, where), (v,)

    return plain(update, 0.0)


def _with_momentum(where: str, *, of_steps: bool, start: float = 0.0) -> object:
    """Gather what would be subtracted, or the same before the learning rate."""

    def update(
        x: Array,
        g: Array,
        _: int,
        v: Array,
        b: Array,
        *,
        learning_rate: float,
        decay: float,
        eps: float,
    ) -> Any:
        v = decay * v + (1 - decay) * g**2
        part = g / _root(v, eps, where)
        if of_steps:
            b = MOMENTUM * b + learning_rate * part
            return x - b, (v, b)
        b = MOMENTUM * b + part
        return x - learning_rate * b, (v, b)

    return plain(update, start, 0.0)


def _step_before(
    x: Array,
    g: Array,
    t: int,
    v: Array,
    *,
    learning_rate: float,
    decay: float,
    eps: float,
) -> Any:
    """Start the average at the first square itself."""
    v = decay * v + (1 - decay) * g**2 if t > 1 else g**2
    return x - learning_rate * g / (np.sqrt(v) + eps), (v,)


TORCH = "https://docs.pytorch.org/docs/stable/generated/torch.optim.RMSprop.html"
KERAS = "https://keras.io/api/optimizers/rmsprop/"
OPTAX = "https://optax.readthedocs.io/en/latest/api/optimizers.html"
OLD = (
    "https://github.com/tensorflow/tensorflow/blob/r1.3/tensorflow/python/training/"
    "rmsprop.py"
)

VARIANTS = (
    Variant(
        "eps outside the root",
        "PyTorch; Optax with eps_in_sqrt=False",
        TORCH,
        _basic("outside"),
        "eps is added to the root of a mean square that starts at 0",
    ),
    Variant(
        "eps inside the root",
        "Keras, Optax",
        KERAS,
        _basic("inside"),
        "eps is added to the mean square, inside the root",
    ),
    Variant(
        "eps inside the root, starts at 1",
        "TensorFlow 1; Optax with initial_scale=1",
        OLD,
        _basic("inside", 1.0),
        "the mean square starts at 1, and eps is inside the root",
    ),
    Variant(
        "eps outside the root, starts at 1",
        "Optax with initial_scale=1 and eps_in_sqrt=False",
        OPTAX,
        _basic("outside", 1.0),
        "the mean square starts at 1, and eps is outside the root",
    ),
    Variant(
        "centered, eps outside the root",
        "PyTorch with centered=True",
        TORCH,
        _centered("outside"),
        "the root of a variance, plus eps",
    ),
    Variant(
        "centered, eps inside the root",
        "Graves 2013 without momentum; Keras and Optax with centered=True",
        "https://arxiv.org/abs/1308.0850",
        _centered("inside"),
        "the root of a variance with eps in it",
    ),
    Variant(
        "centered, eps inside the root, starts at 1",
        "TensorFlow 1 with centered=True",
        OLD,
        _centered("inside", 1.0),
        "the root of a variance with eps in it; the mean square starts at 1",
    ),
    Variant(
        "bias-corrected, eps inside the root",
        "Optax with bias_correction=True",
        OPTAX,
        _corrected("inside"),
        "the mean square is corrected for having started at 0, as Adam's is",
    ),
    Variant(
        "bias-corrected, eps outside the root",
        "Optax with bias_correction=True and eps_in_sqrt=False; Adam with beta1 = 0",
        OPTAX,
        _corrected("outside"),
        "the mean square is corrected, and eps is outside the root",
    ),
    Variant(
        "starts at the first square",
        "no paper; an average that begins with what it averages",
        TORCH,
        plain(_step_before, 0.0),
        "the mean square starts at the square of the first gradient",
    ),
    Variant(
        "momentum 0.9 before the learning rate, eps outside",
        "PyTorch with momentum=0.9",
        TORCH,
        _with_momentum("outside", of_steps=False),
        "a velocity of scaled gradients, times the present learning rate",
    ),
    Variant(
        "momentum 0.9 before the learning rate, eps inside",
        "no paper; PyTorch's with eps moved inside",
        TORCH,
        _with_momentum("inside", of_steps=False),
        "a velocity of scaled gradients, times the present learning rate",
    ),
    Variant(
        "momentum 0.9 of the steps, eps inside",
        "Graves 2013 without the mean; Keras and Optax with momentum=0.9",
        KERAS,
        _with_momentum("inside", of_steps=True),
        "a velocity of steps, each with the learning rate of its time",
    ),
    Variant(
        "momentum 0.9 of the steps, eps inside, starts at 1",
        "TensorFlow 1 with momentum=0.9",
        OLD,
        _with_momentum("inside", of_steps=True, start=1.0),
        "a velocity of steps; the mean square starts at 1",
    ),
)

PROBES = (
    Probe(
        "small gradients",
        "params 0, gradient 1e-7, eps 1e-7, learning_rate 0.1, 0.1, 0.2",
        (np.zeros(1), np.full((3, 1), 1e-7)),
        {"learning_rate": np.array([0.1, 0.1, 0.2]), "decay": 0.9, "eps": 1e-7},
        unit="eps",
        steps=True,
    ),
    Probe(
        "gradients that turn",
        "params 1 and -1, gradients 1, -2, 0.5, 3 and a quarter of each, eps 0.25, "
        "learning_rate 0.5, 0.25, 0.5, 0.125",
        (np.array([1.0, -1.0]), np.array([[1.0], [-2.0], [0.5], [3.0]]) * [1, 0.25]),
        {
            "learning_rate": np.array([0.5, 0.25, 0.5, 0.125]),
            "decay": 0.75,
            "eps": 0.25,
        },
        unit="eps",
        steps=True,
    ),
    Probe(
        "gradients far above eps",
        "params 0, gradients 1, -2, 0.5, 3, eps 1e-8",
        (np.zeros(1), np.array([[1.0], [-2.0], [0.5], [3.0]])),
        {"learning_rate": 0.5, "decay": 0.75, "eps": 1e-8},
        steps=True,
    ),
)

FAMILIES = (
    Family(
        "rmsprop",
        ("rmsprop_init", "rmsprop_step"),
        "RMSprop",
        VARIANTS,
        PROBES,
        path,
        fixed={
            "learning_rate": (0.01, 0.001),
            "decay": (0.99, 0.9),
            "eps": (1e-8, 1e-7, 1e-10, 1e-6),
        },
    ),
)

"""What is meant by Adagrad: where eps goes, and where the sum starts."""

from typing import Any

import numpy as np

from reference.conformance.variants import Family, Probe, Variant
from reference.conformance.variants.optimizers import Array, path, plain

__all__ = ["FAMILIES"]


def _divided(where: str, start: float = 0.0) -> object:
    def update(
        x: Array, g: Array, _: int, s: Array, *, learning_rate: float, eps: float
    ) -> Any:
        s = s + g**2
        scale = {
            "outside": np.sqrt(s) + eps,
            "inside": np.sqrt(s + eps),
            "nowhere": np.sqrt(s),
        }[where]
        return x - learning_rate * g / scale, (s,)

    return plain(update, start)


def _norm(
    x: Array, g: Array, _: int, s: Array, *, learning_rate: float, eps: float
) -> Any:
    """Keep one sum for all parameters."""
    s = s + np.sum(g**2)
    return x - learning_rate * g / (np.sqrt(s) + eps), (s,)


def _past(
    x: Array, g: Array, _: int, s: Array, *, learning_rate: float, eps: float
) -> Any:
    """Divide by what was gathered before this gradient."""
    return x - learning_rate * g / (np.sqrt(s) + eps), (s + g**2,)


def _mean(
    x: Array, g: Array, t: int, s: Array, *, learning_rate: float, eps: float
) -> Any:
    """Divide by the root of the mean, and by nothing that grows."""
    s = s + g**2
    return x - learning_rate * g / (np.sqrt(s / t) + eps), (s,)


DUCHI = "https://jmlr.org/papers/v12/duchi11a.html"
KERAS = "https://keras.io/api/optimizers/adagrad/"

VARIANTS = (
    Variant(
        "eps outside the root, sum from 0",
        "PyTorch; Duchi, Hazan & Singer 2011, with eps as their delta",
        "https://docs.pytorch.org/docs/stable/generated/torch.optim.Adagrad.html",
        _divided("outside"),
        "eps is added to the root of a sum of squares that starts at 0",
    ),
    Variant(
        "eps inside the root, sum from 0.1",
        "Keras and Optax by default",
        KERAS,
        _divided("inside", 0.1),
        "the sum of squares starts at 0.1, and eps is inside the root",
    ),
    Variant(
        "eps inside the root, sum from 0",
        "Keras and Optax with initial_accumulator_value=0",
        "https://optax.readthedocs.io/en/latest/api/optimizers.html",
        _divided("inside"),
        "eps is added to the sum of squares, inside the root",
    ),
    Variant(
        "eps outside the root, sum from 0.1",
        "PyTorch with initial_accumulator_value=0.1",
        "https://docs.pytorch.org/docs/stable/generated/torch.optim.Adagrad.html",
        _divided("outside", 0.1),
        "the sum of squares starts at 0.1, and eps is outside the root",
    ),
    Variant(
        "no eps, sum from 0.1",
        "TensorFlow 1, whose AdagradOptimizer takes no eps",
        "https://github.com/tensorflow/tensorflow/blob/master/tensorflow/python/"
        "training/adagrad.py",
        _divided("nowhere", 0.1),
        "the sum of squares starts at 0.1, so that no eps is needed",
    ),
    Variant(
        "one sum for all parameters",
        "AdaGrad-Norm: Ward, Wu & Bottou 2019",
        "https://arxiv.org/abs/1806.01811",
        plain(_norm, 0.0),
        "all parameters share one rate, from the norm of the gradient",
    ),
    Variant(
        "the sum before this gradient",
        "Li & Orabona 2019, with the root of the sum and eps",
        "https://arxiv.org/abs/1805.08114",
        plain(_past, 0.0),
        "a step is divided by what was gathered before it",
    ),
    Variant(
        "the mean in place of the sum",
        "no paper; a rate that does not fall",
        DUCHI,
        plain(_mean, 0.0),
        "the root is of the mean of all squares so far",
    ),
)

PROBES = (
    Probe(
        "small gradients",
        "params 0, gradient 1e-7, eps 1e-7",
        (np.zeros(1), np.full((3, 1), 1e-7)),
        {"learning_rate": 0.1, "eps": 1e-7},
        unit="eps",
        steps=True,
    ),
    Probe(
        "two parameters",
        "params 1 and -1, gradients 1 and 0.5, -2 and 1, 0.5 and -3, eps 0.25",
        (np.array([1.0, -1.0]), np.array([[1.0, 0.5], [-2.0, 1.0], [0.5, -3.0]])),
        {"learning_rate": 0.5, "eps": 0.25},
        unit="eps",
        steps=True,
    ),
    Probe(
        "gradients far above eps",
        "params 0, gradients 0.5, -0.25, 1, eps 1e-7",
        (np.zeros(1), np.array([[0.5], [-0.25], [1.0]])),
        {"learning_rate": 0.5, "eps": 1e-7},
        steps=True,
    ),
)

FAMILIES = (
    Family(
        "adagrad",
        ("adagrad_init", "adagrad_step"),
        "Adagrad",
        VARIANTS,
        PROBES,
        path,
        fixed={
            "learning_rate": (0.01, 0.001, 0.1),
            "eps": (1e-10, 1e-7, 1e-8, 1e-6),
        },
    ),
)

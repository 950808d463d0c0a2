"""What is meant by AdamW: where the decay of the weights goes, and what scales it."""

from collections.abc import Callable

import numpy as np

from reference.conformance.variants import Family, Probe, Variant
from reference.conformance.variants.adam import SETTINGS
from reference.conformance.variants.optimizers import Array, Averages, adaptive, path

__all__ = ["FAMILIES"]


def _algorithm_1(a: Averages) -> Array:
    return a.m_hat / (np.sqrt(a.v_hat) + a.eps)


def _hat(a: Averages) -> Array:
    return np.sqrt(a.second) / a.first * a.m / (np.sqrt(a.v) + a.eps)


def _uncorrected(a: Averages) -> Array:
    return a.m / (np.sqrt(a.v) + a.eps)


def _inside(a: Averages) -> Array:
    return a.m_hat / np.sqrt(a.v_hat + a.eps)


Direction = Callable[[Averages], Array]


def _decoupled(direction: Direction) -> object:
    """Shrink by the learning rate times the decay, at the parameters before."""
    return adaptive(lambda a, x, rate, decay: x - rate * (direction(a) + decay * x))


def _after(direction: Direction) -> object:
    """Shrink what the step has arrived at."""
    return adaptive(
        lambda a, x, rate, decay: (x - rate * direction(a)) * (1 - rate * decay)
    )


def _penalty(direction: Direction, share: float) -> object:
    """Add the gradient of a penalty before anything is averaged."""
    return adaptive(
        lambda a, x, rate, _: x - rate * direction(a),
        lambda x, g, decay: g + share * decay * x,
    )


def _scaled_too(a: Averages, x: Array, rate: float, decay: float) -> Array:
    """Let the correction that is part of the learning rate scale the decay too."""
    corrected = rate * np.sqrt(a.second) / a.first
    return x - corrected * (a.m / (np.sqrt(a.v) + a.eps) + decay * x)


PAPER = "https://arxiv.org/abs/1711.05101"

VARIANTS = (
    Variant(
        "decoupled, scaled by the learning rate",
        "PyTorch, Optax; Loshchilov & Hutter 2019 with the rate in the schedule",
        "https://docs.pytorch.org/docs/stable/generated/torch.optim.AdamW.html",
        _decoupled(_algorithm_1),
        "the parameters shrink by the learning rate times the decay, then move as by "
        "Adam, Algorithm 1",
    ),
    Variant(
        "decoupled, scaled by the learning rate, epsilon-hat",
        "Keras",
        "https://keras.io/api/optimizers/adamw/",
        _decoupled(_hat),
        "as PyTorch's, but eps is added before the bias of the root is corrected",
    ),
    Variant(
        "decoupled, not scaled by the learning rate",
        "Loshchilov & Hutter 2019, Algorithm 2",
        "https://github.com/pytorch/pytorch/issues/38853",
        adaptive(lambda a, x, rate, decay: x - rate * _algorithm_1(a) - decay * x),
        "the parameters shrink by the decay itself, whatever the learning rate",
    ),
    Variant(
        "decoupled, scaled by the corrected learning rate",
        "OneFlow's eager mode",
        "https://github.com/Oneflow-Inc/oneflow/pull/5960",
        adaptive(_scaled_too),
        "the correction of the averages is part of the rate that scales the decay",
    ),
    Variant(
        "decay after the step",
        "no paper; a decay that sees the step just taken",
        "https://github.com/stanford-cs336/assignment1-basics/issues/54",
        _after(_algorithm_1),
        "the parameters move as by Adam, Algorithm 1, and then shrink",
    ),
    Variant(
        "decay after the step, epsilon-hat",
        "Hugging Face Transformers; Stanford CS336",
        "https://github.com/stanford-cs336/assignment1-basics/issues/54",
        _after(_hat),
        "the parameters move as by Adam with epsilon-hat, and then shrink",
    ),
    Variant(
        "decoupled, no bias correction",
        "BERT; MLX by default",
        "https://github.com/google-research/bert/issues/153",
        _decoupled(_uncorrected),
        "neither average is corrected for having started at 0",
    ),
    Variant(
        "decoupled, epsilon inside the root",
        "Optax with eps_root in place of eps",
        "https://optax.readthedocs.io/en/latest/api/optimizers.html",
        _decoupled(_inside),
        "eps is added to the corrected mean square, inside the root",
    ),
    Variant(
        "L2 penalty in the gradient",
        "PyTorch Adam with weight_decay; Loshchilov & Hutter 2019, Adam with L2",
        "https://docs.pytorch.org/docs/stable/generated/torch.optim.Adam.html",
        _penalty(_algorithm_1, 1.0),
        "the decay times the parameters is added to the gradient, and averaged",
    ),
    Variant(
        "L2 penalty without the half in the gradient",
        "Keras, regularizers.L2: the penalty is the sum of squares itself",
        "https://keras.io/api/layers/regularizers/",
        _penalty(_algorithm_1, 2.0),
        "twice the decay times the parameters is added to the gradient, and averaged",
    ),
    Variant(
        "L2 penalty in the gradient, epsilon-hat",
        "ONNX with norm_coefficient",
        "https://onnx.ai/onnx/operators/onnx_aionnxpreviewtraining_Adam.html",
        _penalty(_hat, 1.0),
        "the decay is part of the averaged gradient, and eps comes before the "
        "correction",
    ),
    Variant(
        "no decay",
        "Kingma & Ba 2015, Algorithm 1",
        "https://arxiv.org/abs/1412.6980",
        adaptive(lambda a, x, rate, _: x - rate * _algorithm_1(a)),
        "this is Adam; the decay does nothing",
    ),
)

USUAL = {"learning_rate": 0.1, "beta1": 0.9, "beta2": 0.999, "eps": 1e-8}

PROBES = (
    Probe(
        "no gradient",
        "params 1, gradient 0, learning_rate 0.1, weight_decay 0.5",
        (np.ones(1), np.zeros((2, 1))),
        {**USUAL, "weight_decay": 0.5},
        steps=True,
    ),
    Probe(
        "small gradients",
        "params 0, gradient 1e-7, eps 1e-7, weight_decay 0.5",
        (np.zeros(1), np.full((3, 1), 1e-7)),
        {**USUAL, "eps": 1e-7, "weight_decay": 0.5},
        unit="eps",
        steps=True,
    ),
    Probe(
        "params and gradients of one size",
        "params 1 and -2, gradients 1 and 3, -2 and 0.5, 0.5 and -1, weight_decay 0.5",
        (np.array([1.0, -2.0]), np.array([[1.0, 3.0], [-2.0, 0.5], [0.5, -1.0]])),
        {
            "learning_rate": 0.25,
            "beta1": 0.75,
            "beta2": 0.875,
            "eps": 1e-8,
            "weight_decay": 0.5,
        },
        steps=True,
    ),
)

FAMILIES = (
    Family(
        "adamw",
        ("adamw_init", "adamw_step"),
        "AdamW",
        VARIANTS,
        PROBES,
        path,
        fixed={**SETTINGS, "weight_decay": (0.01, 1e-4, 0.004, 0.0)},
    ),
)

"""What is meant by Adam, and what is mistaken for it."""

import math
from collections.abc import Callable

import numpy as np

from reference.conformance.variants import Family, Probe, Variant
from reference.conformance.variants.optimizers import Array, Averages, adaptive, path

__all__ = ["FAMILIES", "SETTINGS"]

# The values these options have in papers and libraries, where they cannot be set.
SETTINGS = {
    "learning_rate": (1e-3, 1e-2),
    "beta1": (0.9,),
    "beta2": (0.999, 0.99),
    "eps": (1e-8, 1e-7, 1e-6, 1e-10),
}


def _steps(direction: Callable[[Averages], Array]) -> object:
    return adaptive(lambda a, x, rate, _: x - rate * direction(a))


def _from_zero(a: Averages) -> Array:
    """Correct by the number of steps that are over; the first is not corrected."""
    over = a.t - 1
    scale = np.sqrt(1 - a.beta2**over) / (1 - a.beta1**over) if over else 1.0
    return scale * a.m / (np.sqrt(a.v) + a.eps)


def _scheduled(pace: float) -> Callable[[Averages], Array]:
    """Take Dozat's mean: the next step's momentum on m, this step's on g."""

    def direction(a: Averages) -> Array:
        def momentum(t: int) -> float:
            return a.beta1 * (1.0 - 0.5 * 0.96 ** (t * pace))

        product = math.prod(momentum(s) for s in range(1, a.t + 1))
        now, later = momentum(a.t), momentum(a.t + 1)
        mean = later * a.m / (1 - product * later) + (1 - now) * a.g / (1 - product)
        return mean / (np.sqrt(a.v_hat) + a.eps)

    return direction


def _constant(a: Averages) -> Array:
    """Take Dozat's mean with a momentum that stays the same."""
    mean = a.beta1 * a.m / (1 - a.beta1 ** (a.t + 1)) + (1 - a.beta1) * a.g / a.first
    return mean / (np.sqrt(a.v_hat) + a.eps)


VARIANTS = (
    Variant(
        "Algorithm 1",
        "Kingma & Ba 2015, Algorithm 1; PyTorch, Optax",
        "https://arxiv.org/abs/1412.6980",
        _steps(lambda a: a.m_hat / (np.sqrt(a.v_hat) + a.eps)),
        "eps is added to the root of the corrected mean square",
    ),
    Variant(
        "epsilon-hat",
        "Kingma & Ba 2015, section 2; Keras, TensorFlow",
        "https://keras.io/api/optimizers/adam/",
        _steps(lambda a: np.sqrt(a.second) / a.first * a.m / (np.sqrt(a.v) + a.eps)),
        "eps is added to the root before its bias is corrected",
    ),
    Variant(
        "epsilon inside the root",
        "Optax with eps_root in place of eps",
        "https://optax.readthedocs.io/en/latest/api/optimizers.html",
        _steps(lambda a: a.m_hat / np.sqrt(a.v_hat + a.eps)),
        "eps is added to the corrected mean square, inside the root",
    ),
    Variant(
        "epsilon-hat inside the root",
        "no paper; epsilon-hat with eps moved inside",
        "https://github.com/keras-team/keras/issues/17391",
        _steps(lambda a: np.sqrt(a.second) / a.first * a.m / np.sqrt(a.v + a.eps)),
        "eps is added to the mean square, inside the root, before the correction",
    ),
    Variant(
        "no bias correction",
        "MLX by default, BERT",
        "https://github.com/google-research/bert/issues/153",
        _steps(lambda a: a.m / (np.sqrt(a.v) + a.eps)),
        "neither average is corrected for having started at 0",
    ),
    Variant(
        "no bias correction, epsilon inside the root",
        "no paper; both departures at once",
        "https://github.com/google-research/bert/issues/153",
        _steps(lambda a: a.m / np.sqrt(a.v + a.eps)),
        "neither average is corrected, and eps is inside the root",
    ),
    Variant(
        "only the mean corrected",
        "no paper; a half of Algorithm 1",
        "https://arxiv.org/abs/1412.6980",
        _steps(lambda a: a.m_hat / (np.sqrt(a.v) + a.eps)),
        "the mean square is not corrected for having started at 0",
    ),
    Variant(
        "only the mean square corrected",
        "St John 2021, AdamD",
        "https://arxiv.org/abs/2110.10828",
        _steps(lambda a: a.m / (np.sqrt(a.v_hat) + a.eps)),
        "the mean is not corrected for having started at 0",
    ),
    Variant(
        "correction that does not fade",
        "ML-From-Scratch",
        "https://github.com/eriklindernoren/ML-From-Scratch/issues/35",
        _steps(lambda a: a.m / (1 - a.beta1) / (np.sqrt(a.v / (1 - a.beta2)) + a.eps)),
        "both averages are divided by 1 - beta and not by 1 - beta^t",
    ),
    Variant(
        "t counted from 0",
        "ONNX, with the count of steps that are over",
        "https://onnx.ai/onnx/operators/onnx_aionnxpreviewtraining_Adam.html",
        _steps(_from_zero),
        "the first step is not corrected, and each later one as the one before it",
    ),
    Variant(
        "t counted from 2",
        "no paper; a count that is raised twice before the first step",
        "https://arxiv.org/abs/1412.6980",
        _steps(
            lambda a: (
                a.m
                / (1 - a.beta1 ** (a.t + 1))
                / (np.sqrt(a.v / (1 - a.beta2 ** (a.t + 1))) + a.eps)
            )
        ),
        "each step is corrected as the one after it",
    ),
    Variant(
        "AMSGrad, no bias correction",
        "Reddi, Kale & Kumar 2018, Algorithm 2, with eps; NNabla",
        "https://openreview.net/forum?id=ryQu7f-RZ",
        _steps(lambda a: a.m / (np.sqrt(a.top) + a.eps)),
        "the largest mean square so far, and no correction",
    ),
    Variant(
        "AMSGrad, largest before the correction",
        "PyTorch with amsgrad=True",
        "https://docs.pytorch.org/docs/stable/generated/torch.optim.Adam.html",
        _steps(lambda a: a.m_hat / (np.sqrt(a.top / a.second) + a.eps)),
        "the largest mean square so far, then corrected, then eps",
    ),
    Variant(
        "AMSGrad, epsilon-hat",
        "Keras with amsgrad=True",
        "https://keras.io/api/optimizers/adam/",
        _steps(lambda a: np.sqrt(a.second) / a.first * a.m / (np.sqrt(a.top) + a.eps)),
        "the largest mean square so far, with eps added before the correction",
    ),
    Variant(
        "AMSGrad, largest after the correction",
        "Optax amsgrad",
        "https://github.com/google-deepmind/optax/pull/1423",
        _steps(lambda a: a.m_hat / (np.sqrt(a.top_hat) + a.eps)),
        "the largest corrected mean square so far",
    ),
    Variant(
        "NAdam",
        "Dozat 2016 without a schedule; Optax nadam",
        "https://openreview.net/forum?id=OM0jvwB8jIp57ZJjtNEZ",
        _steps(_constant),
        "the mean looks one step ahead, as Nesterov's momentum does",
    ),
    Variant(
        "NAdam with a slow schedule",
        "PyTorch NAdam",
        "https://docs.pytorch.org/docs/stable/generated/torch.optim.NAdam.html",
        _steps(_scheduled(0.004)),
        "the mean looks one step ahead; momentum beta1 (1 - 0.96^(0.004 t) / 2)",
    ),
    Variant(
        "NAdam with a fast schedule",
        "Keras Nadam",
        "https://keras.io/api/optimizers/Nadam/",
        _steps(_scheduled(1.0)),
        "the mean looks one step ahead; momentum beta1 (1 - 0.96^t / 2)",
    ),
    Variant(
        "Adamax, eps inside the maximum",
        "Kingma & Ba 2015, Algorithm 2, with eps; PyTorch and Optax adamax",
        "https://docs.pytorch.org/docs/stable/generated/torch.optim.Adamax.html",
        _steps(lambda a: a.m_hat / a.padded),
        "a running maximum of abs(g) + eps in place of a mean square",
    ),
    Variant(
        "Adamax, eps beside the maximum",
        "Kingma & Ba 2015, Algorithm 2, with eps; Keras Adamax",
        "https://keras.io/api/optimizers/adamax/",
        _steps(lambda a: a.m_hat / (a.peak + a.eps)),
        "a running maximum of abs(g), and eps added to it",
    ),
)

USUAL = {"learning_rate": 0.1, "beta1": 0.9, "beta2": 0.999}

PROBES = (
    Probe(
        "small gradients",
        "params 0, gradient 1e-7, eps 1e-7",
        (np.zeros(1), np.full((3, 1), 1e-7)),
        {**USUAL, "eps": 1e-7},
        unit="eps",
        steps=True,
    ),
    Probe(
        "gradients that fall",
        "params 1 and -0.5, gradients 4 and -1, each a quarter of the last, eps 1e-8",
        (
            np.array([1.0, -0.5]),
            np.array([[4.0], [1.0], [0.25], [0.0625]]) * [1, -0.25],
        ),
        {"learning_rate": 0.1, "beta1": 0.5, "beta2": 0.75, "eps": 1e-8},
        steps=True,
    ),
    Probe(
        "gradients that turn",
        "params 0, gradients 1, -2, 0.5, 3, -0.25, 1, eps 0.25",
        (np.zeros(1), np.array([[1.0], [-2.0], [0.5], [3.0], [-0.25], [1.0]])),
        {"learning_rate": 0.5, "beta1": 0.75, "beta2": 0.875, "eps": 0.25},
        unit="eps",
        steps=True,
    ),
)

FAMILIES = (
    Family(
        "adam",
        ("adam_init", "adam_step"),
        "Adam",
        VARIANTS,
        PROBES,
        path,
        fixed=SETTINGS,
    ),
)

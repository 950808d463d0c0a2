"""Figures of the page on the irises: the flowers, and six training runs."""

from functools import lru_cache

import numpy as np
from matplotlib.figure import Figure
from numpy.typing import NDArray

from docs._extension.figures import SERIES, axes
from reference import (
    classifier_fit,
    classifier_init,
    classifier_predict,
    load_iris_arrays,
)

EPOCHS = 600
RATES = (0.001, 0.1, 0.5)


@lru_cache
def run(rate: float, *, standardized: bool) -> tuple[NDArray[np.float64], int]:
    """Train from the first start; return the losses, and how many test answers fit."""
    X, y = load_iris_arrays(part="train")
    held_out, truth = load_iris_arrays(part="test")
    if standardized:
        mean, std = X.mean(axis=0), X.std(axis=0)
        X, held_out = (X - mean) / std, (held_out - mean) / std
    begin = classifier_init([4, 10, 5, 3], rng=np.random.default_rng(0))
    fit = classifier_fit(X, y, *begin, learning_rate=rate, epochs=EPOCHS)
    said = classifier_predict(held_out, fit.weights, fit.biases)
    return fit.losses.astype(np.float64), int((said == truth).sum())


def training() -> Figure:
    """Draw the losses at three rates, on centimeters and on standardized inputs."""
    figure, both = axes(1, 2, height=4.4, xscale="log", xlim=(1, EPOCHS), ylim=(0, 1.4))
    shown = np.unique(np.geomspace(1, EPOCHS, 160).astype(int))
    for ax, standardized in zip(both, (False, True), strict=True):
        for rate in RATES:
            losses, right = run(rate, standardized=standardized)
            label = f"rate {rate:g}: {right} of 38 right"
            ax.plot(shown, losses[shown], label=label)
        ax.set(xlabel="epoch", title="standardized" if standardized else "centimeters")
        # Below the drawing: curves go everywhere in it.
        ax.legend(loc="upper center", bbox_to_anchor=(0.5, -0.2))
    both[0].set_ylabel("training loss")
    after_one = run(RATES[0], standardized=False)[0][1]
    both[0].plot([1], [after_one], "o", color=SERIES[0], clip_on=False)
    both[0].annotate(
        "the default\nstops here", (1, after_one), (1.15, 0.9), fontsize=12, va="top"
    )
    return figure


def flowers() -> Figure:
    """Draw the petals of all flowers, one mark a species."""
    X, y = load_iris_arrays()
    figure, ax = axes(
        xlabel="length of a petal (cm)", ylabel="width of a petal (cm)", height=3.2
    )
    names = ("setosa", "versicolor", "virginica")
    for species, (name, mark) in enumerate(zip(names, "o^s", strict=True)):
        # Equal flowers are one mark.
        petals = np.unique(X[y == species][:, 2:], axis=0)
        color = SERIES[species]
        ax.plot(*petals.T, mark, color=color, linestyle="none", label=name)
    ax.legend(loc="upper left")
    return figure

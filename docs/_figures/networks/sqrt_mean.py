"""Figures of the page on the first network: every point is from a training run."""

from functools import cache
from typing import Any

import numpy as np
from matplotlib.figure import Figure
from numpy.typing import NDArray

from docs._extension.figures import INK, MUTED, axes
from reference import (
    sqrt_mean_data,
    sqrt_mean_fit,
    sqrt_mean_init,
    sqrt_mean_predict,
)

SAMPLES, TRAINING, FEATURES = 300, 200, 5

Array = NDArray[np.float64]


@cache
def experiment(*, mispaired: bool) -> tuple[Any, Array, Array]:
    """Train, and return the fit with the true and predicted targets held out."""
    rng = np.random.default_rng(0)
    X, y = sqrt_mean_data(SAMPLES, FEATURES, rng=rng)
    order = rng.permutation(SAMPLES)
    here, there = order[:TRAINING], order[TRAINING:]
    fit = sqrt_mean_fit(
        sqrt_mean_init(FEATURES, rng=rng),
        X[here],
        y[:TRAINING] if mispaired else y[here],
        validation=(X[there], y[there]),
        learning_rate=0.25,
        epochs=20,
    )
    return fit, y[there], sqrt_mean_predict(fit.network, X[there])


def training() -> Figure:
    """Draw the losses of both runs, epoch by epoch."""
    figure, ax = axes(xlabel="epoch", ylabel="mean squared error", height=3.8)
    for mispaired in (False, True):
        fit, true, _ = experiment(mispaired=mispaired)
        epochs = np.arange(1, len(fit.training_losses) + 1)
        label = "wrong targets" if mispaired else "right targets"
        ax.plot(epochs, fit.validation_losses, label=f"{label}, validation")
        ax.plot(epochs, fit.training_losses, label=f"{label}, training")
    ax.axhline(float(true.var()), color=MUTED, linewidth=0.8)
    ax.annotate(
        "variance of the targets",
        (len(epochs), float(true.var())),
        (len(epochs), float(true.var()) * 0.8),
        ha="right",
        va="top",
    )
    ax.set(yscale="log", xlim=(0.5, len(epochs) + 0.5), xticks=[1, 5, 10, 15, 20])
    ax.legend(loc="center right", bbox_to_anchor=(1, 0.5))
    return figure


def predictions() -> Figure:
    """Draw predicted against true targets of the samples held out."""
    figure, both = axes(
        1, 2, height=3.4, xlabel="true", xlim=(0.42, 0.96), ylim=(0.42, 0.96)
    )
    for ax, mispaired in zip(both, (False, True), strict=True):
        _, true, predicted = experiment(mispaired=mispaired)
        ends = [float(true.min()), float(true.max())]
        ax.plot(ends, ends, color=MUTED, linewidth=0.8, linestyle="-")
        ax.plot(true, predicted, "o", markersize=3, color=INK, alpha=0.6)
        ax.set_title("wrong targets" if mispaired else "right targets")
    both[0].set_ylabel("predicted")
    return figure

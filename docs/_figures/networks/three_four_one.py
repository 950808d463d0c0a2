"""Figures of the page on the network 3-4-1: every curve is a training run."""

from typing import Any

import numpy as np
from matplotlib.figure import Figure
from numpy.typing import NDArray

from docs._extension.figures import MUTED, axes
from reference import three_four_one_data, three_four_one_fit, three_four_one_init

STYLES: dict[str, dict[str, Any]] = {
    "xor": {"color": "C0", "linestyle": "-", "label": "exclusive or"},
    "first": {"color": "C1", "linestyle": "--", "label": "first bit"},
}


def losses(target: str, seed: int, rate: float, iterations: int) -> NDArray[np.float64]:
    """Train from one start, and return the loss before and after each iteration."""
    fit = three_four_one_fit(
        three_four_one_init(rng=np.random.default_rng(seed)),
        *three_four_one_data(target),
        learning_rate=rate,
        iterations=iterations,
    )
    return fit.losses.astype(np.float64)


def _guess(ax: Any) -> None:
    """Draw the loss of whoever always says one half."""
    ax.axhline(0.5, color=MUTED, linewidth=0.8, linestyle="-")


def fifty() -> Figure:
    """Draw the losses of fifty iterations, at a small and at a large rate."""
    figure, both = axes(1, 2, height=3.4, xlabel="iteration", xlim=(0, 50))
    for ax, rate, starts in zip(both, (1.0, 30.0), (range(5), range(1)), strict=True):
        for target, style in STYLES.items():
            lines = [ax.plot(losses(target, s, rate, 50), **style)[0] for s in starts]
            for line in lines[1:]:
                line.set_label(None)
        _guess(ax)
        ax.set(ylim=(0, 1.05), title=f"learning rate {rate:g}")
    both[0].set_ylabel("loss")
    both[1].legend(loc="upper right")
    return figure


def plateau() -> Figure:
    """Draw the loss on exclusive or over five thousand iterations."""
    figure, ax = axes(xlabel="iteration", ylabel="loss", xscale="log", height=3.4)
    for seed in range(3):
        curve = losses("xor", seed, 1.0, 3000)
        ax.plot(np.arange(1, len(curve)), curve[1:], label=f"start {seed + 1}")
    ax.axvline(50, color=MUTED, linewidth=0.8, linestyle="-")
    ax.annotate("50", (50, 0.02), (54, 0.02))
    _guess(ax)
    ax.set(ylim=(0, 0.85), xlim=(1, 3000))
    ax.legend(loc="upper right")
    return figure

"""Figures of the page on Adagrad."""

import numpy as np
from matplotlib.figure import Figure

from docs._extension.figures import MUTED, axes
from reference import adagrad_init, adagrad_step

STEPS = 100


def _path(gradients: list[float]) -> np.ndarray:
    """Follow one parameter, at rate 1."""
    x, state, path = np.zeros(1), adagrad_init(np.zeros(1)), [0.0]
    for gradient in gradients:
        x, state = adagrad_step(x, [gradient], state, learning_rate=1.0)
        path.append(float(x[0]))
    return np.array(path)


def rates() -> Figure:
    """Draw the effective rate over the steps, and the distance travelled."""
    steps = np.arange(1, STEPS + 1)
    kinds = {
        "steady": [1.0] * STEPS,
        "every tenth": [float(k % 10 == 0) for k in range(STEPS)],
        "halved each time": [2.0**-k for k in range(STEPS)],
    }
    figure, panels = axes(1, 2, width=7.2, xlabel="step", xlim=(1, STEPS))
    for label, gradients in kinds.items():
        total = np.cumsum(np.square(gradients))
        panels[0].plot(steps, 1 / np.sqrt(total), label=label)
        panels[1].plot(steps, -_path(gradients)[1:], label=label)
    bound = 2 * np.sqrt(steps + 1.0) - 2
    panels[1].plot(steps, bound, color=MUTED, linestyle=":", linewidth=1.2)
    panels[1].annotate("derived bound", (45, 9.6), color=MUTED)
    panels[0].set(xscale="log", title="effective rate", ylim=(0, 1.05))
    panels[1].set(title="distance travelled", ylim=(0, 31))
    panels[1].legend(loc="upper left")
    return figure

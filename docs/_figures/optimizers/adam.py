"""Figures of the page on Adam."""

from typing import Any

import numpy as np
from matplotlib.figure import Figure

from docs._extension.figures import MUTED, axes
from reference import adam_init, adam_step


def lengths(gradients: Any, **options: float) -> Any:
    """Return the step at each gradient, over the rate."""
    state, taken = adam_init(0.0), []
    for gradient in gradients:
        x, state = adam_step(
            0.0, gradient, state, learning_rate=1.0, eps=0.0, **options
        )
        taken.append(-float(x))
    return np.array(taken)


def correction() -> Figure:
    """Draw the steps at a constant gradient, with and without bias correction."""
    t = np.arange(1, 1001)
    weights = [1 - beta**t for beta in (0.9, 0.999)]
    corrected = lengths(np.ones(len(t)))
    raw = corrected * weights[0] / np.sqrt(weights[1])
    figure, ax = axes(
        xlabel="step", ylabel="length of the step / rate", xscale="log", xlim=(1, 1000)
    )
    ax.set_ylim(0, 7.5)
    ax.plot(t, raw, label=r"without: $m_t / \sqrt{v_t}$")
    ax.plot(t, corrected, label=r"with: $\hat{m}_t / \sqrt{\hat{v}_t}$")
    top = int(np.argmax(raw))
    ax.annotate(
        f"{raw[top]:.1f} times the rate at step {t[top]}",
        (t[top], raw[top]),
        (t[top] * 1.6, raw[top] + 0.2),
        color=MUTED,
    )
    ax.legend(loc="center right")
    return figure


def misled() -> Figure:
    """Draw where Adam and gradient descent go on losses 4x, -x, -x, in turns."""
    gradients, rate = np.array([4.0, -1.0, -1.0]), 0.02
    state, x, plain = adam_init(0.0), 0.0, 0.0
    adam, descent = [x], [plain]
    for t in range(240):
        gradient = gradients[t % 3]
        new, state = adam_step(
            x, gradient, state, learning_rate=rate, beta1=0.0, beta2=1 / 17, eps=0.0
        )
        x = float(np.clip(new, -1, 1))
        plain = float(np.clip(plain - rate * gradient, -1, 1))
        adam.append(x)
        descent.append(plain)
    figure, ax = axes(xlabel="step", ylabel="$x$", xlim=(0, 240), ylim=(-1.25, 1.25))
    ax.plot(adam, label="Adam")
    ax.plot(descent, label="gradient descent")
    for height, text in ((1, "worst"), (-1, "best")):
        ax.axhline(height, color=MUTED, linewidth=0.8)
        ax.annotate(text, (200, height), (200, height * 1.12 - 0.04), color=MUTED)
    ax.legend(loc="center right")
    return figure

"""The picture of the chapter's overview: all activations side by side."""

import numpy as np
from matplotlib.figure import Figure

from docs._extension.activations import ACTIVATIONS, compiled, slopes, smoothness
from docs._extension.figures import MUTED, SERIES, axes

COLUMNS = 5


def side_by_side() -> Figure:
    """Draw every activation and its slope in a panel of its own."""
    rows = -(-len(ACTIVATIONS) // COLUMNS)
    figure, panels = axes(rows, COLUMNS, height=1.9 * rows, xlim=(-4, 4))
    halves = np.linspace(-4, 0, 41), np.linspace(0, 4, 41)
    panels = np.ravel(panels)
    for panel, activation in zip(panels, ACTIVATIONS, strict=False):
        for x, slope in zip(halves, slopes(activation), strict=True):
            panel.plot(x, compiled(slope)(x), color=SERIES[1], linestyle=(0, (4, 2)))
            # A hair off zero, so that a step is drawn with its jump open.
            y = activation.function(np.where(x == 0, np.sign(x.sum()) * 1e-9, x))
            panel.plot(x, y, color=SERIES[0], linestyle="-")
        if smoothness(activation) in (0, 1):
            panel.plot([0], activation.function([0.0]), "o", color=MUTED, markersize=3)
        panel.set(ylim=(-1.6, 2.6), xticks=[-3, 0, 3], yticks=[-1, 0, 1, 2])
        panel.label_outer(remove_inner_ticks=True)
        panel.set_title(activation.name, fontsize="medium", family="monospace")
    for panel in panels[len(ACTIVATIONS) :]:
        panel.set_axis_off()
    return figure

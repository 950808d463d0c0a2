"""Figure of the atlas of accuracy."""

from matplotlib.figure import Figure

from docs._extension.accuracy import atlas
from docs._extension.figures import INK, MUTED, SERIES, axes

MARKS = "oDs^"
SHOWN = ("reference", "jax", "scipy", "torch")


def largest() -> Figure:
    """Draw the largest error of each function in float64, one mark a library."""
    found = {
        target: {
            r["function"]: r["ulps"]
            for r in measured["results"]
            if r["dtype"] == "float64"
        }
        for target, measured in atlas().items()
        if target in SHOWN
    }
    names = sorted(set().union(*found.values()), reverse=True)
    figure, ax = axes(height=6.2, xlabel="largest error in float64, ulp")
    for target, color, mark in zip(found, SERIES, MARKS, strict=False):
        y = [names.index(name) for name in found[target]]
        x = [max(ulps or 0.5, 0.5) for ulps in found[target].values()]
        ax.plot(x, y, mark, color=color, label=target, markersize=6)
    ax.axvline(0.5, color=MUTED, linewidth=0.8)
    ax.annotate("half an ulp", (0.5, len(names) - 0.4), color=INK, fontsize=11)
    ax.set(xscale="log", xlim=(0.3, 2e18), ylim=(-0.8, len(names) + 0.4))
    ax.set_yticks(range(len(names)), [n.replace("_derivative", "′") for n in names])
    ax.legend(loc="center", bbox_to_anchor=(0.55, 0.62))
    return figure

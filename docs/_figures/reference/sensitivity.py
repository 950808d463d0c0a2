"""Figures of the page on who catches what."""

from matplotlib.figure import Figure

from docs._extension.figures import INK, SERIES, axes
from docs._extension.sensitivity import CHECKERS, count, data
from docs._extension.sensitivity.defects import DEFECTS, FACTORS, KINDS

MARKS = "os^D"
OFFSETS = (0.27, 0.09, -0.09, -0.27)
PLACES = {"gradient": "gradient alone", "function": "function alone", "both": "both"}


def share(rows: list[dict[str, str]], checker: str) -> float:
    """Return the share caught, in percent, of what a checker can be asked about."""
    found = count(rows, checker)
    return 100 * found.caught / max(found.asked, 1)


def kinds() -> Figure:
    """Draw the share that each checker catches, one row a kind of defect."""
    of_kind = {defect.name: defect.kind for defect in DEFECTS}
    rows = {
        title: [r for r in data()["defects"] if of_kind.get(r["defect"]) == kind]
        for kind, title in KINDS.items()
    }
    figure, ax = axes(height=5.2, xlabel="share caught, percent")
    for checker, color, mark, offset in zip(
        CHECKERS, SERIES, MARKS, OFFSETS, strict=True
    ):
        y = [len(rows) - k + offset for k in range(len(rows))]
        x = [share(found, checker) for found in rows.values()]
        ax.plot(x, y, mark, color=color, label=CHECKERS[checker], markersize=6)
    for k in range(len(rows) + 1):
        ax.axhline(k + 0.5, color=INK, linewidth=0.3)
    ax.set(xlim=(-3, 103), ylim=(0.5, len(rows) + 0.5))
    ax.set_yticks(range(len(rows), 0, -1), list(rows))
    ax.grid(visible=False, axis="y")
    figure.legend(loc="outside upper center", ncols=4, columnspacing=0.8)
    return figure


def factors() -> Figure:
    """Draw the share caught against the factor that function and gradient are off."""
    figure, panels = axes(1, len(PLACES), height=2.9, xlabel="off by a share of")
    for ax, (place, title) in zip(panels, PLACES.items(), strict=True):
        for checker, color, mark in zip(CHECKERS, SERIES, MARKS, strict=True):
            y = [
                share(
                    [r for r in data()["defects"] if r["defect"] == f"{place}_{x:g}"],
                    checker,
                )
                for x in FACTORS
            ]
            ax.plot(FACTORS, y, color=color, marker=mark, label=CHECKERS[checker])
        ax.set(xscale="log", xlim=(3e-2, 3e-16), ylim=(-5, 105), title=title)
        ax.set_xticks([1e-3, 1e-9, 1e-15])
    panels[0].set_ylabel("share caught, percent")
    lines = panels[0].get_legend_handles_labels()
    spacing = {"columnspacing": 0.6, "handletextpad": 0.2, "handlelength": 1.8}
    figure.legend(*lines, loc="outside lower center", ncols=4, **spacing)
    return figure

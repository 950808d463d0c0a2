"""Figures: matplotlib drawings that become SVG inside the page.

A figure is a function without arguments in ``docs/_figures/<chapter>/<concept>.py``
that returns a `matplotlib.figure.Figure`::

    from docs._extension.figures import axes

    def slope():
        figure, ax = axes(xlabel="$x$")
        ax.plot(x, y, label=r"$\\sigma(x)$")
        ax.legend()
        return figure

Colors are variables of the page's style sheet, so one drawing serves light and dark:
use `INK`, `MUTED`, `GRID`, `FILL`, `SERIES[0]` to `SERIES[3]`, or plot without a color
and take the next of the series (each has its own dash pattern as well).
"""

from __future__ import annotations

import hashlib
import html
import importlib
import io
import re
from collections.abc import Callable
from typing import Any

import matplotlib as mpl
from cycler import cycler
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from docs._extension.book import ROOT, BookError

__all__ = ["FILL", "GRID", "INK", "MUTED", "SERIES", "axes", "svg"]

INK = "#010101"
MUTED = "#010102"
GRID = "#010103"
FILL = "#010104"
PAPER = "#010105"
SERIES = ("#010111", "#010112", "#010113", "#010114")

_VARIABLES = {
    INK: "var(--fig-ink)",
    MUTED: "var(--fig-muted)",
    GRID: "var(--fig-grid)",
    FILL: "var(--fig-fill)",
    PAPER: "var(--fig-paper)",
    **{color: f"var(--fig-{n})" for n, color in enumerate(SERIES, 1)},
}

_STYLE: dict[str, Any] = {
    "svg.fonttype": "none",
    "mathtext.fontset": "stix",
    "font.size": 11,
    "font.family": "STIXGeneral",
    "text.color": INK,
    "axes.edgecolor": MUTED,
    "axes.labelcolor": INK,
    "axes.titlecolor": INK,
    "axes.titlesize": 11.5,
    "axes.facecolor": "none",
    "axes.grid": True,
    "axes.axisbelow": True,
    "axes.linewidth": 0.8,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.unicode_minus": True,
    "axes.prop_cycle": cycler(
        color=SERIES, linestyle=["-", (0, (6, 2.5)), (0, (1.5, 1.5)), (0, (6, 2, 1, 2))]
    ),
    "figure.facecolor": "none",
    "figure.constrained_layout.use": True,
    "grid.color": GRID,
    "grid.linewidth": 0.7,
    "hatch.color": MUTED,
    "legend.frameon": False,
    "legend.handlelength": 2.4,
    "lines.linewidth": 1.8,
    "lines.markersize": 4.5,
    "patch.edgecolor": "none",
    "savefig.transparent": True,
    "xtick.color": MUTED,
    "ytick.color": MUTED,
    "xtick.labelcolor": INK,
    "ytick.labelcolor": INK,
    "xtick.labelsize": 10,
    "ytick.labelsize": 10,
}


def axes(
    rows: int = 1,
    columns: int = 1,
    *,
    width: float = 6.4,
    height: float = 3.0,
    **options: Any,
) -> tuple[Figure, Any]:
    """Make a figure in the book's style and its axes.

    Parameters
    ----------
    rows, columns : int
        Panels; with more than one, an array of axes is returned.
    width, height : float
        Inches of the whole figure; 6.4 fills a page's column.
    **options
        Passed to `Axes.set` of every panel: ``xlabel``, ``ylabel``, ``title``,
        ``xlim``, ``yscale`` and so on.

    Returns
    -------
    Figure, and Axes or an array of Axes
    """
    with mpl.rc_context(_STYLE):
        figure = Figure(figsize=(width, height))
        panels = figure.subplots(rows, columns)
        for panel in [panels] if isinstance(panels, Axes) else panels.flat:
            panel.set(**options)
    return figure, panels


# ------------------------------------------------------------------------------- SVG

_ITALIC = {
    **{chr(c): chr(0x1D434 + c - ord("A")) for c in range(ord("A"), ord("Z") + 1)},
    **{chr(c): chr(0x1D44E + c - ord("a")) for c in range(ord("a"), ord("z") + 1)},
    "h": "\u210e",
    **{chr(0x3B1 + n): chr(0x1D6FC + n) for n in range(25)},
}


def _font(style: str) -> str:
    """Keep the size of a font declaration; the page's style sheet names the face."""
    size = re.search(r"([\d.]+)px", style)
    weight = "font-weight:bold;" if "bold" in style.split("px")[0] else ""
    return f"{weight}font-size:{size[1]}px" if size else ""


def _text(match: re.Match[str]) -> str:
    """Set a piece of text in the page's fonts; slanted letters in the math font."""
    start, style, end, inner = match.groups()
    if "italic" in style or "oblique" in style:
        inner = "".join(_ITALIC.get(letter, letter) for letter in html.unescape(inner))
        inner = html.escape(inner)
    rest = re.sub(r"font: [^;]*;?", "", style).strip("; ")
    kept = ";".join(part for part in (_font(style), rest) if part)
    return f'{start}style="{kept}"{end}>{inner}<'


def _tidy(drawing: str, name: str) -> str:
    """Drop what a page does not need and make ids unique to this figure."""
    drawing = drawing[drawing.index("<svg") :]
    drawing = re.sub(r"<metadata>.*?</metadata>\s*", "", drawing, flags=re.S)
    drawing = re.sub(r"<!--.*?-->\s*", "", drawing, flags=re.S)
    drawing = re.sub(
        r"-?\d+\.\d{3,}", lambda m: f"{float(m[0]):.2f}".rstrip("0").rstrip("."), drawing
    )
    used = set(re.findall(r'(?:url\(#|href="#)([^)"]+)', drawing))
    prefix = hashlib.sha256(name.encode()).hexdigest()[:6]

    def rename(match: re.Match[str]) -> str:
        return f' id="{prefix}-{match[1]}"' if match[1] in used else ""

    drawing = re.sub(r' id="([^"]+)"', rename, drawing)
    drawing = re.sub(
        r'(url\(#|href="#)([^)"]+)', lambda m: f"{m[1]}{prefix}-{m[2]}", drawing
    )
    drawing = re.sub(
        r'(<(?:text|tspan)\b[^>]*?)style="([^"]*)"([^>]*)>([^<]*)<', _text, drawing
    )
    for color, variable in _VARIABLES.items():
        drawing = drawing.replace(color, variable)
    drawing = re.sub(r"<g>\s*</g>\s*", "", drawing)
    return re.sub(r">\s+<", "><", drawing)


def svg(figure: Figure, name: str, alt: str) -> str:
    """Turn a figure into SVG for a page: the same bytes each time.

    Parameters
    ----------
    figure : Figure
    name : str
        Name of the figure, unique in the book; it makes ids unique.
    alt : str
        What the picture shows, for a reader who does not see it.
    """
    buffer = io.StringIO()
    style = {**_STYLE, "svg.hashsalt": name}
    with mpl.rc_context(style):
        figure.savefig(buffer, format="svg", metadata={"Date": None, "Creator": None})
    drawing = _tidy(buffer.getvalue(), name)
    box = re.search(r'viewBox="0 0 ([\d.]+) ([\d.]+)"', drawing)
    if box is None:  # matplotlib always writes one
        msg = f"figure {name}: no viewBox in the drawing"
        raise BookError(msg)
    opening = (
        f'<svg xmlns="http://www.w3.org/2000/svg" '
        f'xmlns:xlink="http://www.w3.org/1999/xlink" role="img" class="drawing" '
        f'viewBox="0 0 {box[1]} {box[2]}" style="max-width:{float(box[1]) / 12:.1f}rem" '
        f'aria-label="{html.escape(alt)}">'
    )
    return re.sub(r"^<svg[^>]*>", lambda _: opening, drawing, count=1)


def find(name: str) -> Callable[[], Figure]:
    """Find the function that draws ``chapter.concept.name``."""
    module, _, function = name.rpartition(".")
    if module.count(".") != 1:
        msg = f"a figure is named chapter.concept.name, got {name!r}"
        raise BookError(msg)
    path = (ROOT / "docs" / "_figures").joinpath(*module.split("."))
    if not path.with_suffix(".py").is_file():
        msg = f"there is no file docs/_figures/{module.replace('.', '/')}.py"
        raise BookError(msg)
    loaded = importlib.import_module(f"docs._figures.{module}")
    draw = getattr(loaded, function, None)
    if not callable(draw):
        msg = f"docs/_figures/{module.replace('.', '/')}.py has no function {function}"
        raise BookError(msg)
    return draw  # type: ignore[no-any-return]  # what it returns is checked by `draw`


def draw(name: str, alt: str) -> str:
    """Draw the figure ``chapter.concept.name`` as SVG."""
    with mpl.rc_context(_STYLE):
        figure = find(name)()
    if not isinstance(figure, Figure):
        msg = f"figure {name} must return a matplotlib Figure, got {type(figure).__name__}"
        raise BookError(msg)
    return svg(figure, name, alt)

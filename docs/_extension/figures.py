r"""Figures: matplotlib drawings that become SVG inside the page.

A figure is a function without arguments in ``docs/_figures/<chapter>/<concept>.py``
that returns a `matplotlib.figure.Figure`::

    from docs._extension.figures import axes

    def slope():
        figure, ax = axes(xlabel="$x$")
        ax.plot(x, y, label=r"$\sigma(x)$")
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

_STYLE: Any = {
    "svg.fonttype": "none",
    "mathtext.fontset": "stix",
    "font.size": 13,
    "font.family": "STIXGeneral",
    "text.color": INK,
    "axes.edgecolor": MUTED,
    "axes.labelcolor": INK,
    "axes.titlecolor": INK,
    "axes.titlesize": 13,
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
    "legend.edgecolor": GRID,
    "legend.facecolor": PAPER,
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
    "xtick.labelsize": 12,
    "ytick.labelsize": 12,
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


def _text(match: re.Match[str]) -> str:
    """Leave the face to the page; set slanted letters in the math font."""
    start, style, end, inner = match.groups()
    kept = [part.strip() for part in style.split(";") if part.strip()]
    if any("italic" in part or "oblique" in part for part in kept):
        inner = "".join(_ITALIC.get(letter, letter) for letter in html.unescape(inner))
        inner = html.escape(inner)
    plain = [p for p in kept if not p.startswith(("font-family", "font-style"))]
    return f'{start}style="{"; ".join(plain)}"{end}>{inner}<'


_GLYPH = re.compile(
    r'<tspan x="([-\d. ]+)" y="([-\d.]+)" style="([^"]*)">([^<]*)</tspan>'
)


def _letter(text: str) -> bool:
    return text.isascii() and (text.isalpha() or text.isspace())


def _words(match: re.Match[str]) -> str:
    """Join letters that matplotlib has placed one by one into words.

    It measures with its own font; the page's is a little wider. A word is fitted into
    the place of its letters as a whole, so that the gaps between them stay even.
    """
    glyphs = [
        (float(x), y, style, html.unescape(text).replace("\u00a0", " "))
        for x, y, style, text in _GLYPH.findall(match[2])
    ]
    glyphs.sort(key=lambda glyph: glyph[0])
    runs: list[list[tuple[float, str, str, str]]] = []
    for glyph in glyphs:
        last = runs[-1][-1] if runs else None
        if last and last[1:3] == glyph[1:3] and _letter(last[3]) and _letter(glyph[3]):
            runs[-1].append(glyph)
        else:
            runs.append([glyph])
    parts = []
    for number, run in enumerate(runs):
        x, y, style, _ = run[0]
        text = html.escape("".join(glyph[3] for glyph in run)).replace(" ", "\u00a0")
        fit = ""
        if len(run) > 1 and number + 1 < len(runs) and runs[number + 1][0][1] == y:
            fit = f' textLength="{runs[number + 1][0][0] - x:.2f}"'
        parts.append(f'<tspan x="{x:g}" y="{y}"{fit} style="{style}">{text}</tspan>')
    return f"{match[1]}{''.join(parts)}</text>"


_LONG = re.compile(r"-?\d+\.\d{3,}")


def _short(number: re.Match[str]) -> str:
    """Write a coordinate to a hundredth of a point."""
    return f"{float(number[0]):.2f}".rstrip("0").rstrip(".")


def _tidy(drawing: str, name: str) -> str:
    """Drop what a page does not need and make ids unique to this figure."""
    drawing = drawing[drawing.index("<svg") :]
    drawing = re.sub(r"<metadata>.*?</metadata>\s*", "", drawing, flags=re.S)
    drawing = re.sub(r"<!--.*?-->\s*", "", drawing, flags=re.S)
    # Its one rule, about line joins, would hold for the whole page.
    drawing = re.sub(r"<style.*?</style>\s*", "", drawing, flags=re.S)
    drawing = re.sub(r"<[^>]*>", lambda element: _LONG.sub(_short, element[0]), drawing)
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
    drawing = re.sub(
        r"(<text[^>]*>)\s*((?:<tspan[^>]*>[^<]*</tspan>\s*)+)</text>", _words, drawing
    )
    for color, variable in _VARIABLES.items():
        drawing = drawing.replace(color, variable)
    drawing = re.sub(r"<g>\s*</g>\s*", "", drawing)
    return re.sub(r">[ \n]+<", "><", drawing)


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
        f'viewBox="0 0 {box[1]} {box[2]}" '
        f'style="max-width:{float(box[1]) / 16:.1f}rem" '
        f'aria-label="{html.escape(alt)}">'
    )
    return re.sub(r"^<svg[^>]*>", lambda _: opening, drawing, count=1)


def find(name: str) -> Callable[[], Any]:
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
    return draw


def draw(name: str, alt: str) -> str:
    """Draw the figure ``chapter.concept.name`` as SVG."""
    with mpl.rc_context(_STYLE):
        figure = find(name)()
    if not isinstance(figure, Figure):
        got = type(figure).__name__
        msg = f"figure {name} must return a matplotlib Figure, got {got}"
        raise BookError(msg)
    return svg(figure, name, alt)

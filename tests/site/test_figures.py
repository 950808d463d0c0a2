"""Figures: the same bytes each time, in the colors of the page, safe inside it."""

import gzip
import re
from xml.etree import ElementTree

import matplotlib
import numpy as np
import pytest
from matplotlib.figure import Figure

from docs._extension import figures
from docs._extension.book import ROOT, BookError

NAMES = [
    f"{path.parent.name}.{path.stem}.{name}"
    for path in sorted((ROOT / "docs" / "_figures").glob("*/*.py"))
    for name in re.findall(
        r"^def ([a-z]\w*)\(\)", path.read_text(encoding="utf-8"), re.M
    )
]


# A figure is drawn twice for all that is said about it.
@pytest.mark.parametrize("name", NAMES)
def test_figure_is_fit_for_the_page_and_the_same_each_time(name):
    drawing = figures.draw(name, 'A "quoted" <picture>')
    assert drawing == figures.draw(name, 'A "quoted" <picture>')
    assert_in_the_colors_of_the_page(drawing)
    assert_well_formed_and_named(drawing)
    assert len(gzip.compress(drawing.encode())) < 30_000


def assert_in_the_colors_of_the_page(drawing):
    assert not re.findall(r"(?:fill|stroke): ?#[0-9a-f]{3,6}", drawing)
    assert "<style" not in drawing
    assert "<image" not in drawing


def assert_well_formed_and_named(drawing):
    root = ElementTree.fromstring(drawing)
    assert root.get("role") == "img"
    assert root.get("aria-label") == 'A "quoted" <picture>'
    ids = [element.get("id") for element in root.iter() if element.get("id")]
    assert len(ids) == len(set(ids))
    used = set(re.findall(r'(?:url\(#|href="#)([^)"]+)', drawing))
    assert used == set(ids)


def one_curve():
    figure, ax = figures.axes(xlabel="$x$")
    x = np.linspace(0, 1, 20)
    ax.plot(x, np.sin(x), label=r"$\sigma'(x)$ and words")
    ax.annotate("0.0025 at six", (0.5, 0.5))
    ax.legend()
    return figure


@pytest.fixture
def drawing(monkeypatch):
    monkeypatch.setattr(figures, "find", lambda _name: one_curve)
    return figures.draw("a.b.c", "Alt")


def texts(drawing):
    root = ElementTree.fromstring(drawing)
    spaces = "{http://www.w3.org/2000/svg}text"
    return ["".join(t.itertext()).replace("\u00a0", " ") for t in root.iter(spaces)]


def test_numbers_in_text_keep_their_digits(drawing):
    assert "0.0025 at six" in texts(drawing)


def test_words_stay_whole_and_letters_become_mathematics(drawing):
    label = next(text for text in texts(drawing) if "and words" in text)
    assert "\U0001d70e" in label  # an italic sigma of the math font
    assert re.search(r"<tspan[^>]*>[^<]*and\u00a0words</tspan>", drawing)
    assert "font-family" not in drawing


def test_ids_differ_between_figures(monkeypatch):
    monkeypatch.setattr(figures, "find", lambda _name: one_curve)
    first, second = (figures.draw(name, "Alt") for name in ("a.b.c", "a.b.d"))
    ids = [set(re.findall(r' id="([^"]+)"', each)) for each in (first, second)]
    assert ids[0]
    assert not ids[0] & ids[1]


def test_style_does_not_leak():
    before = dict(matplotlib.rcParams)
    figures.axes()
    assert dict(matplotlib.rcParams) == before


def test_what_is_not_a_figure_is_refused(monkeypatch):
    monkeypatch.setattr(figures, "find", lambda _name: lambda: "no figure")
    with pytest.raises(
        BookError, match=r"figure a\.b\.c must return a matplotlib Figure"
    ):
        figures.draw("a.b.c", "Alt")


def test_several_panels():
    figure, panels = figures.axes(2, 2, xlabel="$x$")
    assert isinstance(figure, Figure)
    assert panels.shape == (2, 2)
    assert {panel.get_xlabel() for panel in panels.flat} == {"$x$"}

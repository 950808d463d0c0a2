"""``/// figure`` and ``/// widget``: pictures, still and moving."""

from __future__ import annotations

from typing import ClassVar

from pymdownx.blocks.block import type_string

from docs._extension import figures
from docs._extension.blocks import BookBlock
from docs._extension.book import BookError
from docs._extension.html import Element, Options, tag

WIDGETS = {
    "sigmoid-slope": "The sigmoid and its slope",
    "vanishing-product": "A product of slopes against depth",
    "softmax-temperature": "Softmax at a temperature",
}


class FigureBlock(BookBlock):
    """A matplotlib figure as SVG; the body is its caption."""

    NAME = "figure"
    ARGUMENT = True
    OPTIONS: ClassVar[Options] = {"alt": ("", type_string)}

    def make(self) -> Element:
        """Draw the figure."""
        name, alt = self.argument.strip(), self.options["alt"].strip()
        if not alt:
            msg = f"figure {name} needs an option alt"
            raise BookError(msg)
        drawing = self.md.htmlStash.store(figures.draw(name, alt))
        self.caption = tag("figcaption")
        holder = tag("div", drawing, data_search_exclude="")
        return tag("figure", holder, self.caption, class_="plot")

    def on_add(self, _block: Element) -> Element:
        """Put the body into the caption."""
        return self.caption


class WidgetBlock(BookBlock):
    """A figure that answers to sliders; the body stays when scripts are off."""

    NAME = "widget"
    ARGUMENT = True

    def make(self) -> Element:
        """Place the element that the script fills."""
        name = self.argument.strip()
        if name not in WIDGETS:
            known = ", ".join(WIDGETS)
            msg = f"there is no widget {name!r}; there are {known}"
            raise BookError(msg)
        self.text = tag("div", class_="widget-text")
        widget = tag(name, class_="widget", role="group", aria_label=WIDGETS[name])
        return tag("div", self.text, widget, class_="widget-box")

    def on_add(self, _block: Element) -> Element:
        """Put the body above the drawing."""
        return self.text

"""``/// figure`` and ``/// widget``: pictures, still and moving."""

from __future__ import annotations

from typing import ClassVar

from pymdownx.blocks.block import Block, type_string

from docs._extension import figures
from docs._extension.book import BookError, Context
from docs._extension.html import Element, Options, tag

WIDGETS = {
    "sigmoid-slope": "The sigmoid and its slope",
    "vanishing-product": "A product of slopes against depth",
    "softmax-temperature": "Softmax at a temperature",
}


class FigureBlock(Block):
    """A matplotlib figure as SVG; the body is its caption."""

    NAME = "figure"
    ARGUMENT = True
    OPTIONS: ClassVar[Options] = {"alt": ("", type_string)}

    def on_create(self, parent: Element) -> Element:
        """Draw the figure, or name the line that asks for it."""
        context: Context = self.config["context"]
        name = self.argument.strip()
        near = f"figure | {name}"
        if not self.options["alt"].strip():
            msg = f"figure {name} needs an option alt"
            raise context.error(msg, near=near)
        try:
            drawing = figures.draw(name, self.options["alt"].strip())
        except BookError as error:
            raise context.error(str(error), near=near) from None
        holder = tag("div", self.md.htmlStash.store(drawing), data_search_exclude="")
        self.caption = tag("figcaption")
        made = tag("figure", holder, self.caption, class_="plot")
        parent.append(made)
        return made

    def on_add(self, _block: Element) -> Element:
        """Put the body into the caption."""
        return self.caption


class WidgetBlock(Block):
    """A figure that answers to sliders; the body stays when scripts are off."""

    NAME = "widget"
    ARGUMENT = True

    def on_create(self, parent: Element) -> Element:
        """Place the element that the script fills."""
        context: Context = self.config["context"]
        name = self.argument.strip()
        if name not in WIDGETS:
            known = ", ".join(WIDGETS)
            msg = f"there is no widget {name!r}; there are {known}"
            raise context.error(msg, near=f"widget | {name}")
        made = tag(name, class_="widget", role="group", aria_label=WIDGETS[name])
        self.caption = tag("div", class_="widget-text")
        outer = tag("div", self.caption, made, class_="widget-box")
        parent.append(outer)
        return outer

    def on_add(self, _block: Element) -> Element:
        """Put the body above the drawing."""
        return self.caption

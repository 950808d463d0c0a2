"""What all blocks of the book share: the page they stand on, and honest errors."""

from __future__ import annotations

from pymdownx.blocks.block import Block

from docs._extension.book import BookError, Context
from docs._extension.html import Element

__all__ = ["BookBlock"]


class BookBlock(Block):
    """A block that makes one element and names its line when it cannot."""

    @property
    def context(self) -> Context:
        """The page that is being converted."""
        found: Context = self.config["context"]
        return found

    def make(self) -> Element:
        """Make the element."""
        raise NotImplementedError

    def on_create(self, parent: Element) -> Element:
        """Append what `make` returns, or stop the build at the line of the block."""
        near = f"{self.NAME} | {self.argument}" if self.argument else f"/// {self.NAME}"
        try:
            made = self.make()
        except BookError as error:
            raise self.context.error(str(error), near=near) from None
        parent.append(made)
        return made

"""What libraries call by their own names, with their own conventions left as they are.

The adapters choose a library's settings so that it follows the contract. Here nothing
is chosen: ``torch:Adagrad`` is what a user gets who writes ``torch.optim.Adagrad``.

One module a topic and library: ``optimizers_<library>.py`` holds its optimizers,
``others_<library>.py`` everything else. Each has a tuple ``NATIVES``, and imports its
library.
"""

import importlib
import importlib.util
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

__all__ = ["TOPICS", "Native", "natives"]

TOPICS = ("optimizers", "others")


@dataclass(frozen=True)
class Native:
    """A function of a library, in the interface of the family it belongs to.

    Attributes
    ----------
    name : str
        As in ``torch:Adam``: the library's own name, unique in the library.
    family : str
        The name of its `Family`.
    function : callable or tuple of callables
        As in `Variant`: NumPy arrays in and out, options by the contract's names.
        What the contract has no name for stays at the library's default.
    defaults : mapping
        What the library's own defaults of those options are, for the report.
    """

    name: str
    family: str
    function: Any
    defaults: Mapping[str, Any] = field(default_factory=dict)


def natives(library: str) -> dict[str, Native]:
    """Return what is known of a library, by its own names; nothing if it is unknown.

    Raises
    ------
    ImportError
        The library, or what it needs, is not installed.
    """
    found: dict[str, Native] = {}
    for topic in TOPICS:
        name = f"{__name__}.{topic}_{library}"
        if importlib.util.find_spec(name):
            module = importlib.import_module(name)
            found |= {native.name: native for native in module.NATIVES}
    return found

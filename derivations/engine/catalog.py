"""Finding the derivations: a path is the registration.

Every module ``derivations/<chapter>/<concept>.py`` may define any number of derivations
at its top level; the name of one is ``<chapter>.<concept>.<name>``. Modules are
imported only when something in them is asked for.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from importlib import import_module
from pathlib import Path

from derivations.engine.derivation import Derivation

__all__ = ["concepts", "discover", "find"]

_ROOT = Path(__file__).resolve().parent.parent


def concepts() -> tuple[str, ...]:
    """Return every ``chapter.concept`` that has a module, in alphabetical order."""
    files = (f for f in _ROOT.glob("*/*.py") if f.stem != "__init__")
    return tuple(
        sorted(f"{f.parent.name}.{f.stem}" for f in files if f.parent.name != "engine")
    )


@cache
def _defined_in(concept: str) -> tuple[str, ...]:
    """Return the names that a module assigns at its top level, in order.

    What it imports is left out: a derivation belongs to the module that makes it.
    """
    path = _ROOT.joinpath(*concept.split(".")).with_suffix(".py")
    names = []
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            for target in targets:
                found = (n for n in ast.walk(target) if isinstance(n, ast.Name))
                names += [n.id for n in found]
    return tuple(dict.fromkeys(names))


def discover(*names: str) -> Iterator[tuple[str, Derivation]]:
    """Yield (name, derivation) for all derivations, or for those asked for.

    Parameters
    ----------
    *names : str
        ``chapter``, ``chapter.concept`` or ``chapter.concept.name``; a bare concept or
        a bare name of a derivation will do as well. None at all asks for everything.

    Raises
    ------
    KeyError
        If a name fits nothing.
    """
    unmatched = set(names)
    for concept in concepts():
        for name in _defined_in(concept):
            full = f"{concept}.{name}"
            wanted = {asked for asked in names if _fits(asked, full)}
            if names and not wanted:
                continue
            value = getattr(import_module(f"derivations.{concept}"), name)
            if isinstance(value, Derivation):
                unmatched -= wanted
                yield full, value
    if unmatched:
        msg = f"no derivation is called {', '.join(sorted(unmatched))}"
        raise KeyError(msg)


def _fits(asked: str, full: str) -> bool:
    """Tell whether a name asked for is a run of whole parts of a full name."""
    return f".{asked}." in f".{full}."


def find(name: str) -> Derivation:
    """Return the one derivation of this name.

    Raises
    ------
    KeyError
        If none, or more than one, is called so.
    """
    found = dict(discover(name))
    if len(found) != 1:
        msg = f"{name} could be {', '.join(found)}"
        raise KeyError(msg)
    return next(iter(found.values()))

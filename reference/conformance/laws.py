"""The laws: where they are, and what can be said about one without running it."""

import ast
import re
import types
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pytest

import reference

__all__ = ["SUITE", "Law", "chapters", "describe", "functions", "mentioned"]

_HERE = Path(__file__).resolve().parent

# An installed package carries the laws with it; in a checkout they are the tests.
SUITE = _HERE / "suite" if (_HERE / "suite").is_dir() else _HERE.parents[1] / "tests"


@dataclass(frozen=True)
class Law:
    """One law, as a report speaks of it.

    Attributes
    ----------
    id : str
        Its test, ``chapter/test_concept.py::test_name[parameters]``.
    sentence : str
        What it says.
    functions : tuple of str
        The functions of the contract it asks for.
    level : str
        ``"mathematics"`` or ``"contract"``.
    page : str
        The page of the book, ``chapter/concept``.
    claims : tuple of str
        The entries of the ledger it decides.
    """

    id: str
    sentence: str
    functions: tuple[str, ...]
    level: str
    page: str
    claims: tuple[str, ...] = ()


def chapters() -> list[Path]:
    """Return the folders of the suite that hold laws, one for each chapter."""
    package = _HERE.parent
    return sorted(
        folder
        for folder in SUITE.iterdir()
        if folder.name != "conformance" and (package / folder.name).is_dir()
    )


def describe(item: pytest.Item) -> Law:
    """Describe a collected law."""
    path = (
        item.path.relative_to(SUITE) if item.path.is_relative_to(SUITE) else item.path
    )
    name = item.name
    law = name.partition("[")[0].removeprefix("test_").replace("_", " ")
    parameters = name.partition("[")[2].removesuffix("]")
    sentence = f"{law[:1].upper()}{law[1:]}"
    marks = [str(claim) for mark in item.iter_markers("claim") for claim in mark.args]
    return Law(
        id=f"{path.as_posix()}::{name}",
        sentence=f"{sentence} [{parameters}]" if parameters else sentence,
        functions=tuple(sorted(functions(item))),
        level="contract" if item.get_closest_marker("contract") else "mathematics",
        page=f"{path.parent.name}/{path.stem.removeprefix('test_')}",
        claims=tuple(marks),
    )


def mentioned(path: Path, names: Iterable[str]) -> bool:
    """Say whether a file names one of these functions, as every law about it does."""
    words = set(re.findall(r"\w+", path.read_text(encoding="utf-8")))
    return not words.isdisjoint(names)


def functions(item: pytest.Item) -> set[str]:
    """Return the functions of the contract that a law asks ``impl`` for."""
    uses = _uses(item.path)
    name = getattr(item, "originalname", None) or item.name
    found, by_name, globals_ = _reached(name, uses)
    parameters = getattr(getattr(item, "callspec", None), "params", {})
    # Names may come from the parameters, or from a table in the module.
    module = getattr(item, "module", None)
    tables = tuple(getattr(module, name, None) for name in sorted(globals_))
    for value in _leaves((*parameters.values(), *tables)):
        if by_name and isinstance(value, str):
            found.add(value)
        elif isinstance(value, types.LambdaType) and value.__name__ == "<lambda>":
            found.update(value.__code__.co_names)
    return found & set(reference.__all__)


@dataclass(frozen=True)
class _Use:
    """What one function of a test module does with ``impl``."""

    attributes: frozenset[str]
    by_name: bool  # getattr(impl, name)
    names: frozenset[str]


@cache
def _uses(path: Path) -> dict[str, _Use]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return {
        node.name: _use(node)
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef)
    }


def _use(function: ast.FunctionDef) -> _Use:
    nodes = list(ast.walk(function))
    attributes = {
        n.attr for n in nodes if isinstance(n, ast.Attribute) and _impl(n.value)
    }
    dynamic = [
        n.args[1]
        for n in nodes
        if isinstance(n, ast.Call)
        and isinstance(n.func, ast.Name)
        and n.func.id == "getattr"
        and _impl(n.args[0])
    ]
    attributes |= {str(n.value) for n in dynamic if isinstance(n, ast.Constant)}
    by_name = any(not isinstance(n, ast.Constant) for n in dynamic)
    names = frozenset(n.id for n in nodes if isinstance(n, ast.Name))
    return _Use(frozenset(attributes), by_name, names)


def _impl(node: ast.expr) -> bool:
    return isinstance(node, ast.Name) and node.id == "impl"


def _reached(name: str, uses: dict[str, _Use]) -> tuple[set[str], bool, set[str]]:
    """Follow a test through the helpers of its module.

    Returns the attributes of ``impl`` that are used, whether some are looked up by
    name, and the global names in sight where that happens.
    """
    found: set[str] = set()
    in_sight: set[str] = set()
    by_name, waiting, seen = False, [name], set()
    while waiting:
        use = uses.get(waiting.pop())
        if use is None or use in seen:
            continue
        seen.add(use)
        found |= use.attributes
        by_name |= use.by_name
        in_sight |= use.names if use.by_name else set()
        waiting += sorted(use.names)
    return found, by_name, in_sight


def _leaves(value: Any) -> Iterator[Any]:
    if isinstance(value, (tuple, list)):
        for item in value:
            yield from _leaves(item)
    else:
        yield value

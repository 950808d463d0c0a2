"""Derivations as the pages show them: the checked object, and its certificate.

The engine is imported when the first derivation is asked for, so that a page without
one costs nothing.
"""

from __future__ import annotations

import importlib
import json
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from types import ModuleType
from typing import Any

from docs._extension.book import CHAPTERS, ROOT, BookError

CERTIFICATES = ROOT / ".cache" / "certificates"


@dataclass(frozen=True)
class Line:
    """One line of a derivation and what let it pass."""

    relation: str
    formula: str
    reason: str
    checks: tuple[str, ...] = ()


@dataclass(frozen=True)
class Proof:
    """A derivation, ready to be shown. Texts may hold ``$...$``."""

    name: str
    title: str
    setting: str
    lines: tuple[Line, ...]
    scope: str = ""
    hypotheses: tuple[str, ...] = ()
    theorems: tuple[str, ...] = ()

    @property
    def steps(self) -> int:
        """How many steps were checked."""
        return len(self.lines) - 1


def engine() -> ModuleType:
    """Return the derivation engine."""
    return importlib.import_module("derivations.engine")


def modules() -> tuple[str, ...]:
    """Names of the modules of derivations, by chapter: ``activations.sigmoid``."""
    return tuple(
        f"{chapter}.{path.stem}"
        for chapter in CHAPTERS
        for path in sorted((ROOT / "derivations" / chapter).glob("*.py"))
        if path.stem != "__init__"
    )


@lru_cache(maxsize=None)
def derivations(module: str) -> dict[str, Any]:
    """Derivations that a module defines, in its order, by full name."""
    if not (ROOT / "derivations" / Path(*module.split("."))).with_suffix(".py").exists():
        msg = f"there is no module derivations.{module}"
        raise BookError(msg)
    loaded = importlib.import_module(f"derivations.{module}")
    kind = engine().Derivation
    return {
        f"{module}.{name}": value
        for name, value in vars(loaded).items()
        if isinstance(value, kind) and not name.startswith("_")
    }


def derivation(name: str) -> Any:
    """Find ``chapter.concept.name``; refuse a name that is not there."""
    module, _, attribute = name.rpartition(".")
    if module.count(".") != 1:
        msg = f"a derivation is named chapter.concept.name, got {name!r}"
        raise BookError(msg)
    found = derivations(module)
    if name not in found:
        known = ", ".join(key.rpartition(".")[2] for key in found)
        msg = f"derivations.{module} has no derivation {attribute!r}; it has {known}"
        raise BookError(msg)
    return found[name]


def certificate_file(name: str) -> Path:
    """Where the certificate of a derivation is kept."""
    return CERTIFICATES.joinpath(*name.split(".")).with_suffix(".json")


def certificate(name: str) -> dict[str, Any]:
    """Read the certificate of a derivation; refuse a missing or a stale one."""
    file = certificate_file(name)
    remedy = "check the derivations again: python -m docs._extension.certificates"
    if not file.is_file():
        msg = f"{name} has no certificate; {remedy}"
        raise BookError(msg)
    read: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    if read["hash"] != fingerprint(name):
        msg = f"the certificate of {name} is stale; {remedy}"
        raise BookError(msg)
    return read


def fingerprint(name: str) -> str:
    """Hash of what a certificate of this derivation stands for."""
    raise NotImplementedError(name)


def proof(name: str) -> Proof:
    """Put a checked derivation together for a page."""
    raise NotImplementedError(name)


@dataclass(frozen=True)
class Broken:
    """A derivation with one false step, and how the engine refused it."""

    title: str
    lines: tuple[Line, ...]
    step: int
    refusal: str
    true_formula: str


def broken(name: str, *, step: int | None = None, seed: int = 0) -> Broken:
    """Break one step of a true derivation so that the engine refuses exactly that."""
    raise NotImplementedError(name, step, seed)

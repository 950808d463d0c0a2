"""What libraries are known to do differently: one file of divergences for each.

An entry names laws, how they fail and by how much at most, in which versions, why, and
where to read about it. It excuses nothing else: the same law failing in another way, or
by more, is reported as a failure.
"""

import sys
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from packaging.specifiers import SpecifierSet
from packaging.version import InvalidVersion, Version

from reference.conformance.extent import Extent
from reference.conformance.failure import Failure
from reference.conformance.laws import Law

__all__ = ["ANY", "FOLDER", "Divergence", "divergences", "version_of"]

FOLDER = Path(__file__).resolve().parent / "divergences"


# Stands for every law, in an entry that is limited to errors nobody else would make.
ANY = "*"


@dataclass(frozen=True)
class Divergence:
    """One known divergence of one library.

    Attributes
    ----------
    laws : tuple of str
        The ids of the laws it breaks, without parameters to mean them with any; ``*``
        to mean every law that compares numbers.
    kinds : tuple of str
        The ways in which they fail, as in :class:`Failure`.
    reason : str
        What the library does instead, and why.
    versions : str
        The versions that do so.
    link : str
        Where that is discussed or documented in public; empty where nowhere.
    absolute, relative, eps, tiny : float
        How far off it is at most, as in :class:`reference.conformance.extent.Extent`.
    example : str
        A call that shows it, and what comes back.
    """

    laws: tuple[str, ...]
    kinds: tuple[str, ...]
    reason: str
    versions: str = ""
    link: str = ""
    absolute: float = 0.0
    relative: float = 0.0
    eps: float = 0.0
    tiny: float = 0.0
    example: str = ""

    @property
    def extent(self) -> Extent:
        """How far it reaches."""
        return Extent(self.kinds, self.absolute, self.relative, self.eps, self.tiny)

    def names(self, law: Law) -> bool:
        """Say whether this entry names a law."""
        return bool({law.id, law.id.partition("[")[0]} & set(self.laws))

    def speaks_of(self, law: Law) -> bool:
        """Say whether this entry is about a law, named or not."""
        return ANY in self.laws or self.names(law)

    def excuses(self, law: Law, failure: Failure) -> bool:
        """Say whether this entry explains why a law fails."""
        if not self.speaks_of(law):
            return False
        error, size, eps = failure.error, failure.size, failure.eps
        if error is None or size is None or eps is None:
            return failure.kind in self.kinds and self.names(law)
        return self.extent.covers(failure.kind, error, size, eps)

    def applies_to(self, version: str) -> bool:
        """Say whether this entry is about a version of the library."""
        try:
            number = Version(version)
        except InvalidVersion:
            return True
        return SpecifierSet(self.versions).contains(number.base_version)


def divergences(target: str, version: str) -> list[Divergence]:
    """Return what is known about a version of a library; nothing for other targets."""
    path = FOLDER / f"{target.partition(':')[0]}.toml"
    if not target.partition(":")[0].isidentifier() or not path.is_file():
        return []
    return [entry for entry in _entries(path) if entry.applies_to(version)]


def version_of(target: str) -> str:
    """Return the version of the library behind a target, empty if it has none."""
    name = target.partition(":")[0].partition(".")[0]
    # Not every library says itself which version it is; then its adapter does.
    modules = (name, f"reference.conformance.adapters.{name}")
    said = (getattr(sys.modules.get(module), "__version__", "") for module in modules)
    return next((str(version) for version in said if version), "")


@cache
def _entries(path: Path) -> list[Divergence]:
    tables = tomllib.loads(path.read_text(encoding="utf-8"))["divergence"]
    return [_entry(table) for table in tables]


def _entry(table: dict[str, Any]) -> Divergence:
    lists = {name: tuple(table[name]) for name in ("laws", "kinds")}
    return Divergence(**{**table, **lists})

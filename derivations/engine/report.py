"""What a check established, step by step, and for which values."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sympy import IndexedBase, Symbol

from derivations.engine.language import Family, Index, Probability, Time

__all__ = ["Report", "StepReport", "scope_of"]


@dataclass(frozen=True, slots=True)
class StepReport:
    """What accepted one step.

    Attributes
    ----------
    number : int
        The step, from 1.
    relation, rule : str
        The relation it states and the rule it names.
    prover : str
        What the prover, or the certificate, established.
    worlds : int
        In how many concrete worlds the refuter evaluated both sides and agreed.
    milliseconds : float
        Time for both.
    """

    number: int
    relation: str
    rule: str
    prover: str
    worlds: int
    milliseconds: float


@dataclass(frozen=True, slots=True)
class Report:
    """What a successful check established."""

    title: str
    steps: tuple[StepReport, ...]
    hypotheses: tuple[Any, ...]
    scope: tuple[str, ...]
    theorems: tuple[str, ...]

    @property
    def milliseconds(self) -> float:
        """Time for all steps."""
        return sum(step.milliseconds for step in self.steps)


def scope_of(names: Iterable[Any]) -> tuple[str, ...]:
    """Say in a phrase what each name stands for: arrays first, then symbols."""
    arrays = [v for v in names if isinstance(v, IndexedBase)]
    symbols = [v for v in names if isinstance(v, Symbol)]
    return tuple(
        _phrase(v) for group in (arrays, symbols) for v in sorted(group, key=str)
    )


def _phrase(v: Any) -> str:
    if isinstance(v, Family):
        return f"independent copies {v}"
    if isinstance(v, IndexedBase):
        return f"{_sign(v.label)} array {v}"
    if isinstance(v, Index):
        return f"{v} in {v.lo}..{v.hi}"
    if isinstance(v, Time):
        return f"{v} = 0, 1, 2, …"
    if isinstance(v, Probability):
        return f"probability {v}"
    return f"any size {v}" if v.is_integer else f"{_sign(v)} {v}"


def _sign(v: Symbol) -> str:
    if v.is_positive:
        return "positive"
    return "nonnegative" if v.is_nonnegative else "real"

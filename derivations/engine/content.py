"""A derivation in full, as text: what a verdict is about.

The text says everything that a verdict depends on: declarations, ranges, laws, bodies
of functions, and the derivations that are cited. It is the same in every run and under
every hash seed, so that its hash can tell a stale certificate.
"""

from __future__ import annotations

import hashlib
from dataclasses import fields
from typing import TYPE_CHECKING, Any

from sympy import Basic, Symbol
from sympy.core.function import UndefinedFunction

from derivations.engine.language import Defined, Index, StepError
from derivations.engine.theorems import Theorem

if TYPE_CHECKING:
    from derivations.engine.derivation import Derivation

__all__ = ["canonical_text", "certificate"]


def canonical_text(derivation: Derivation, citing: tuple[Derivation, ...] = ()) -> str:
    """Return all that a verdict depends on, as text that is the same in every run.

    Raises
    ------
    StepError
        If the derivation is among those that lead to it by citation.
    """
    if any(derivation is other for other in citing):
        raise StepError(
            derivation.title, reason="it cites itself, through its theorems"
        )
    citing = (*citing, derivation)
    rows = [f"title {derivation.title}", f"start {_text(derivation.start)}"]
    rows += [f"given {_text(h)}" for h in derivation.given]
    for v, (first, t, rule) in derivation.sequences.items():
        rows.append(f"sequence {_text(v)} {_text(first)} {_text(t)} {_text(rule)}")
    for step in derivation.steps:
        rows.append(
            f"{step.relation} {_text(step.to)} because {_reason(step.why, citing)}"
        )
    return "\n".join(rows)


def certificate(derivation: Derivation) -> dict[str, Any]:
    """Check a derivation and return its hash with the result.

    The hash is that of the canonical text of the derivation and of all it cites; the
    book is built from certificates, and a stale one does not match.
    """
    report = derivation.check()
    digest = _digest(canonical_text(derivation))
    return {
        "title": derivation.title,
        "sha256": digest,
        "result": "proved",
        "steps": [
            {"number": s.number, "relation": s.relation, "rule": s.rule}
            for s in report.steps
        ],
        "theorems": list(report.theorems),
    }


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _reason(why: Any, citing: tuple[Derivation, ...]) -> str:
    values = []
    for field in fields(why):
        value = getattr(why, field.name)
        if isinstance(why, Theorem) and field.name == "of":
            digest = _digest(canonical_text(value, citing))
            values.append(f"{value.title} {digest}")
        else:
            values.append(_text(value))
    return f"{type(why).__name__}({', '.join(values)})"


def _text(e: Any) -> str:
    """Write an expression in full: kinds, declarations, laws and bodies included."""
    if isinstance(e, tuple | list):
        return "(" + ", ".join(map(_text, e)) + ")"
    if isinstance(e, type) and issubclass(e, Defined):
        return f"{e.latex_name}:={_text(e.body.expr)}"
    if isinstance(e, UndefinedFunction | type):
        return e.__name__
    if isinstance(e, Symbol):
        ends = f" {_text(e.lo)}..{_text(e.hi)}" if isinstance(e, Index) else ""
        declared = "".join(f" {k}" for k, v in sorted(e._assumptions_orig.items()) if v)
        return f"{type(e).__name__}:{e.name}{declared}{ends}"
    if not isinstance(e, Basic) or not e.args:
        return str(e)
    head = _text(type(e)) if isinstance(e, Defined) else type(e).__name__
    return f"{head}({', '.join(map(_text, e.args))})"

"""Derivations as the pages show them: the checked object, and its certificate."""

from __future__ import annotations

import hashlib
import json
import random
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from derivations.engine import Derivation, StepError, algebra
from derivations.engine.catalog import concepts, discover
from derivations.engine.derivation import Step, canonical_text
from derivations.engine.interpreter import Problem, make_worlds, refute
from derivations.engine.theorems import Theorem
from derivations.engine.typography import latex, lines, scope, setting
from docs._extension.book import CHAPTERS, ROOT, BookError
from docs._extension.mutants import mutants

CERTIFICATES = ROOT / ".cache" / "certificates"
REMEDY = "run python -m docs._extension.certificates"

_PROVER = {
    "Named": "both lines come to one normal form when this rule is allowed, and not "
    "without it",
    "Definition": "both lines come to one normal form when the definition is opened, "
    "and not without it",
    "Hypothesis": "both lines come to one normal form when the hypothesis is used, and "
    "not without it",
    "Theorem": "the cited derivation was checked; with it, one line becomes the other",
    "Square": "the two lines differ by exactly this gap, and each part of the gap is "
    "visibly not negative",
    "Termwise": "in every term the two lines differ by exactly this gap, and the gap "
    "is visibly not negative",
    "Convexity": "the second derivative is visibly not negative, and the two lines "
    "touch at this point with equal slopes",
    "Enclosure": "interval arithmetic keeps the difference on its side of zero over "
    "the whole box",
    "Induction": "it holds at the start, and at each next value whenever it holds at "
    "the one before",
    "Antiderivative": "the derivative of this function is the integrand, and its end "
    "values give the line",
}


@dataclass(frozen=True)
class Line:
    """One line of a derivation, and what let it pass; formulas are LaTeX."""

    relation: str
    formula: str
    reason: str = ""
    checks: tuple[str, ...] = ()
    cites: str = ""


@dataclass(frozen=True)
class Proof:
    """A derivation, ready to be shown. Texts may hold ``$...$``."""

    name: str
    title: str
    setting: str
    scope: str
    lines: tuple[Line, ...]

    @property
    def steps(self) -> int:
        """How many steps were checked."""
        return len(self.lines) - 1


# --------------------------------------------------------------------------- finding


def all_names() -> tuple[str, ...]:
    """Names of all derivations, in the order of the chapters."""
    by_chapter = sorted(concepts(), key=lambda c: (CHAPTERS.index(c.split(".")[0]), c))
    return tuple(name for concept in by_chapter for name in _defined(concept))


@cache
def _defined(concept: str) -> dict[str, Derivation]:
    """Find the derivations of one concept, once: a module is not imported again."""
    if concept not in concepts():
        msg = f"there is no module derivations.{concept}"
        raise BookError(msg)
    return dict(discover(concept))


def derivation(name: str) -> Derivation:
    """Find ``chapter.concept.name``; refuse a name that is not there."""
    concept, _, own = name.rpartition(".")
    if concept.count(".") != 1:
        msg = f"a derivation is named chapter.concept.name, got {name!r}"
        raise BookError(msg)
    found = _defined(concept)
    if name not in found:
        known = ", ".join(key.rpartition(".")[2] for key in found)
        msg = f"derivations.{concept} has no derivation {own!r}; it has {known}"
        raise BookError(msg)
    return found[name]


def name_of(wanted: Derivation) -> str:
    """Name under which a derivation is found; empty if it is a helper of another."""
    return next((name for name, value in discover() if value is wanted), "")


# ---------------------------------------------------------------------- certificates


def certificate_file(name: str) -> Path:
    """Where the certificate of a derivation is kept."""
    return CERTIFICATES.joinpath(*name.split(".")).with_suffix(".json")


@lru_cache(maxsize=1)
def engine_hash() -> str:
    """Hash of the engine's own source: a new engine checks everything again."""
    digest = hashlib.sha256()
    for path in sorted((ROOT / "derivations" / "engine").glob("*.py")):
        digest.update(path.name.encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


def fingerprint(checked: Derivation) -> str:
    """Hash of what a verdict depends on: the derivation, what it cites, the engine."""
    text = f"{engine_hash()}\n{canonical_text(checked)}"
    return hashlib.sha256(text.encode()).hexdigest()


def certificate(name: str) -> dict[str, Any]:
    """Read the certificate of a derivation; refuse a missing or a stale one."""
    file = certificate_file(name)
    if not file.is_file():
        msg = f"{name} has no certificate; {REMEDY}"
        raise BookError(msg)
    read: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    if read["fingerprint"] != fingerprint(derivation(name)):
        msg = f"the certificate of {name} is stale; {REMEDY}"
        raise BookError(msg)
    return read


# --------------------------------------------------------------------------- showing


def _checks(step: Step, worlds: int) -> tuple[str, str]:
    outcome = {
        "=": "none tells them apart",
        "<=": "the lower line is never smaller",
        ">=": "the lower line is never larger",
    }[step.relation]
    if step.why == algebra:
        prover = "both lines come to one normal form by the laws of numbers and sums"
    else:
        prover = _PROVER[type(step.why).__name__]
    return (
        f"Prover: {prover}.",
        f"Refuter: both lines evaluated in {worlds} random cases, with rigorous bounds "
        f"on the error; {outcome}.",
    )


def proof(name: str) -> Proof:
    """Put a checked derivation together for a page."""
    value = derivation(name)
    worlds = certificate(name)["worlds"]
    first, *rest = lines(value)
    shown = [Line("", first.formula)]
    for row, step, count in zip(rest, value.steps, worlds, strict=True):
        cites = name_of(step.why.of) if isinstance(step.why, Theorem) else ""
        checks = _checks(step, count)
        shown.append(Line(row.relation, row.formula, row.reason, checks, cites))
    return Proof(name, value.title, setting(value), scope(value), tuple(shown))


# ---------------------------------------------------------------- find the wrong step


@dataclass(frozen=True)
class Broken:
    """A derivation with one false line, and how the engine refused it."""

    title: str
    setting: str
    lines: tuple[Line, ...]
    step: int
    refusal: str
    true_formula: str


def broken(name: str, *, step: int | None = None, seed: int = 0) -> Broken:
    """Falsify one line of a true derivation so that the engine refuses its step.

    The false line must be refuted by numbers, not only be beyond the rule it names.
    """
    value = derivation(name)
    certificate(name)
    if step is not None and not 1 <= step <= len(value.steps):
        msg = f"{name} has steps 1 to {len(value.steps)}, not {step}"
        raise BookError(msg)
    numbers = [step] if step else range(1, len(value.steps) + 1)
    chances = [(n, e) for n in numbers for e in mutants(value.steps[n - 1].to)]
    random.Random(f"{name} {seed}").shuffle(chances)
    for number, false in chances:
        attempt = _with_line(value, number, false)
        refusal = _refusal(attempt, number) if attempt else None
        if attempt and refusal:
            rows = tuple(Line(*row) for row in lines(attempt))
            true = latex(value.steps[number - 1].to)
            return Broken(value.title, setting(attempt), rows, number, refusal, true)
    msg = f"no line of {name} could be falsified"
    raise BookError(msg)


def _with_line(value: Derivation, number: int, line: Any) -> Derivation | None:
    """Replace one line; None if nothing would happen in a step then."""
    old = value.steps[number - 1]
    steps = list(value.steps)
    steps[number - 1] = Step(line, old.why, old.relation)
    try:
        return Derivation(
            value.title,
            value.start,
            *steps,
            given=value.given,
            sequences=dict(value.sequences),
        )
    except StepError:
        return None


def _refusal(attempt: Derivation, number: int) -> str | None:
    """Return the numbers that refute this step, if the engine refuses exactly it."""
    try:
        attempt.check()
    except StepError as error:
        if error.step != number:
            return None
    else:
        return None
    problem = Problem(attempt.expressions, attempt.given, dict(attempt.sequences))
    before, after = attempt.expressions[number - 1 : number + 1]
    relation = attempt.steps[number - 1].relation
    return refute(before, after, relation, make_worlds(problem))

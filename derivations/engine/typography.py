r"""Textbook typesetting of the very objects that were checked.

`latex` and `unicode` print a derivation, `lines` its rows for a page, `setting` the
paragraph in front: what the letters stand for, what is supposed, how far it reaches.
Prose holds its mathematics between dollar signs. Formulas come from `printer`; nothing
here is typed by the author of a derivation except its title. Each kind of reason and of
name has its phrase, which is what makes the module long.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any, NamedTuple

from sympy import Basic, Indexed, IndexedBase, MatrixSymbol, Symbol, tanh
from sympy.core.function import AppliedUndef

from derivations.engine.audit import Names
from derivations.engine.certificates import (
    Antiderivative,
    Convexity,
    Enclosure,
    Induction,
    Square,
    Termwise,
)
from derivations.engine.derivation import Derivation
from derivations.engine.language import (
    Bernoulli,
    Defined,
    Family,
    Index,
    Label,
    Normal,
    Probability,
    Time,
    Var,
)
from derivations.engine.notation import LATEX, UNICODE
from derivations.engine.printer import Printer
from derivations.engine.rules import Definition, Hypothesis, Named
from derivations.engine.theorems import Theorem

__all__ = ["Line", "latex", "lines", "scope", "setting", "unicode"]

_TEX, _TERMINAL = Printer(LATEX), Printer(UNICODE)


class Line(NamedTuple):
    """One row of a derivation.

    Attributes
    ----------
    relation : str
        How it relates to the row above, in LaTeX; empty for the first row.
    formula : str
        The expression, in LaTeX.
    reason : str
        Why, in words, with mathematics between dollar signs; empty for the first row.
    """

    relation: str
    formula: str
    reason: str


# --------------------------------------------------------------------------- reasons


def _definition(p: Printer, why: Definition) -> str:
    return "definition of " + _listed(_name_of(p, f) for f in why.of)


def _name_of(p: Printer, f: Any) -> str:
    if f is Var:
        return "the variance"
    if isinstance(f, IndexedBase):
        return p.notation.math(p(f))
    name = p.notation.operator("tanh") if f is tanh else None
    return p.notation.math(name or p.notation.function_name(f.latex_name))


def _theorem(p: Printer, why: Theorem) -> str:
    text = f"by “{why.of.title}”"
    if why.at:
        pairs = (f"{_replaced(p, what)} = {_replaced(p, by)}" for what, by in why.at)
        text += " with " + _listed(map(p.notation.math, pairs))
    return text


def _replaced(p: Printer, e: Any) -> str:
    """Write what a theorem is used at: an expression, an array or a function."""
    if isinstance(e, Basic):
        return p(e)
    return p.notation.function_name(getattr(e, "latex_name", e.__name__))


def _contact(p: Printer, why: Convexity) -> str:
    u, math = p(why.variable), p.notation.math
    return f"convex in {math(u)}, touching at {math(f'{u} = {p(why.at)}')}"


def _box(p: Printer, why: Enclosure) -> str:
    sign = p.notation.signs["<="]
    box = f"{p(why.lo)} {sign} {p(why.variable)} {sign} {p(why.hi)}"
    return f"interval arithmetic on {p.notation.math(box)}"


def _induction(p: Printer, why: Induction) -> str:
    math, t = p.notation.math, p(why.time)
    start = f", from {math(f'{t} = {why.start}')}" if why.start else ""
    return f"induction on {math(t)}{start}"


_REASONS: dict[type, Callable[[Printer, Any], str]] = {
    Named: lambda _p, why: why.name,
    Definition: _definition,
    Hypothesis: lambda p, why: f"since {p.notation.math(p(why.of))}",
    Theorem: _theorem,
    Square: lambda p, why: f"the gap {p.notation.math(p(why.gap))} is not negative",
    Termwise: lambda p, why: f"term by term: the gap is {p.notation.math(p(why.gap))}",
    Convexity: _contact,
    Enclosure: _box,
    Induction: _induction,
    Antiderivative: lambda p, why: (
        f"fundamental theorem of calculus with {p.notation.math(p(why.primitive))}"
    ),
}


def _reason(p: Printer, why: Any) -> str:
    return _REASONS[type(why)](p, why)


def _listed(items: Iterable[str]) -> str:
    """Join in words: a, b and c."""
    *head, last = items
    return ", ".join(head) + " and " + last if head else last


# --------------------------------------------------------------------------- setting


class _Cast:
    """Everything a derivation speaks of, in a fixed order."""

    def __init__(self, derivation: Derivation) -> None:
        self.derivation = derivation
        whole: list[Any] = [*derivation.expressions, *derivation.given]
        for first, t, rule in derivation.sequences.values():
            whole += [first, t, rule]
        names = Names()
        for e in whole:
            names.read(e)
        self.entries = _sorted(a for e in whole for a in e.atoms(Indexed))
        self.arrays = _sorted({a.base for a in self.entries})
        self.matrices = _sorted(m for e in whole for m in e.atoms(MatrixSymbol))
        labels = {b.label for b in self.arrays}
        self.symbols = _sorted(s for s in names.free - labels if not _is_label(s))
        self.functions = _sorted(
            {type(f) for e in whole for f in e.atoms(Defined)}, key=_TEX_name
        )
        self.unknowns = _sorted(
            {type(f) for e in whole for f in e.atoms(AppliedUndef)}, key=_TEX_name
        )


def _is_label(s: Any) -> bool:
    return isinstance(s, Label) or not isinstance(s, Symbol)


def _TEX_name(f: Any) -> str:
    return LATEX.function_name(getattr(f, "latex_name", f.__name__))


def _sorted(items: Iterable[Any], key: Callable[[Any], str] | None = None) -> list[Any]:
    return sorted(set(items), key=key or (lambda e: f"{_TEX(e)} {e}"))


def setting(derivation: Derivation) -> str:
    """Say what the letters stand for and what is supposed, in words.

    Parameters
    ----------
    derivation : Derivation
        Any derivation; it need not have been checked.

    Returns
    -------
    str
        Sentences with mathematics between dollar signs.
    """
    return _setting(_TEX, derivation)


def _setting(p: Printer, derivation: Derivation) -> str:
    cast = _Cast(derivation)
    kinds = (_numbers, _matrices, _arrays, _families)
    phrases = [phrase for kind in kinds for phrase in kind(p, cast)]
    sentences = ["Let " + "; ".join(phrases)] if phrases else []
    sentences += _definitions(p, cast)
    if derivation.given:
        stated = (p.notation.math(p(h)) for h in derivation.given)
        sentences.append("Suppose " + _listed(stated))
    return " ".join(sentence + "." for sentence in sentences)


def _numbers(p: Printer, cast: _Cast) -> Iterator[str]:
    """Yield phrases for scalars: sizes, times, reals by sign, indices."""
    math, signs = p.notation.math, p.notation.signs
    groups: dict[str, list[str]] = {}
    for s in cast.symbols:
        groups.setdefault(_kind(s), []).append(p(s))
    for kind in ("size", "time", "real", "nonnegative", "positive", "probability"):
        names = groups.get(kind, ())
        if not names:
            continue
        joined = ", ".join(names)
        if kind == "size":
            plural = "sizes" if len(names) > 1 else "a size"
            yield f"{_listed(map(math, names))} be {plural}"
        elif kind == "time":
            dots = signs["dots"]
            yield math(f"{joined} = 0, 1, 2, {dots}")
        elif kind == "probability":
            yield math(f"0 < {joined} < 1")
        elif kind == "real":
            yield f"{_listed(map(math, names))} be real"
        else:
            sign = ">" if kind == "positive" else signs[">="]
            yield math(f"{joined} {sign} 0")
    ranges: dict[str, list[str]] = {}
    for i in (s for s in cast.symbols if isinstance(s, Index)):
        ranges.setdefault(p.interval(i), []).append(p(i))
    for interval, names in ranges.items():
        yield math(f"{', '.join(names)} {signs['in']} {interval}")


def _matrices(p: Printer, cast: _Cast) -> Iterator[str]:
    """Yield phrases for matrices, with their shapes."""
    math, signs = p.notation.math, p.notation.signs
    for m in cast.matrices:
        rows, columns = map(p, m.shape)
        shape = f"{rows} {signs['times']} {columns}"
        yield f"{math(p(m))} be a real {math(shape)} matrix"


def _kind(s: Symbol) -> str:
    if isinstance(s, Index):
        return "index"
    if isinstance(s, Time):
        return "time"
    if isinstance(s, Probability):
        return "probability"
    if s.is_integer:
        return "size"
    if s.is_positive:
        return "positive"
    return "nonnegative" if s.is_nonnegative else "real"


def _arrays(p: Printer, cast: _Cast) -> Iterator[str]:
    """Yield phrases for arrays, written with the index they have first."""
    math, signs = p.notation.math, p.notation.signs
    groups: dict[str, list[str]] = {"": [], ">": [], ">=": []}
    for base in cast.arrays:
        if isinstance(base, Family) or base in cast.derivation.sequences:
            continue
        label = base.label
        sign = ">" if label.is_positive else ">=" if label.is_nonnegative else ""
        groups[sign].append(p(_typical(cast, base)))
    for sign, names in groups.items():
        if names and sign:
            yield math(f"{', '.join(names)} {signs[sign]} 0")
        elif names:
            yield f"{_listed(map(math, names))} be real"


def _typical(cast: _Cast, base: IndexedBase) -> Any:
    """Return an entry with plain indices, or the first there is."""
    entries = [a for a in cast.entries if a.base == base]
    plain = [a for a in entries if all(isinstance(i, Symbol) for i in a.indices)]
    return (plain or entries)[0]


def _families(p: Printer, cast: _Cast) -> Iterator[str]:
    """Yield phrases for random variables."""
    math = p.notation.math
    for base in (b for b in cast.arrays if isinstance(b, Family)):
        entry, law = p(_typical(cast, base)), base.law
        copies = f"{math(entry)} be independent"
        if isinstance(law, Bernoulli):
            chance = math(p(law.args[0]))
            yield f"{copies}, each 1 with probability {chance} and else 0"
        elif isinstance(law, Normal):
            centre, spread = map(math, map(p, law.args))
            yield (
                f"{copies}, with the first five moments of a normal law of mean "
                f"{centre} and variance {spread}"
            )
        else:
            centre, square = map(math, map(p, law.args))
            yield f"{copies}, of any law with mean {centre} and mean square {square}"


def _definitions(p: Printer, cast: _Cast) -> Iterator[str]:
    """Yield sentences that define functions and sequences."""
    math = p.notation.math
    for f in cast.functions:
        parameters = ", ".join(map(p, f.body.variables))
        head = p.notation.call(p.notation.function_name(f.latex_name), parameters)
        yield f"Define {math(f'{head} = {p(f.body.expr)}')}"
    for f in cast.unknowns:
        name = math(p.notation.function_name(f.__name__))
        yield f"The function {name} is any smooth one"
    for v, (first, t, rule) in cast.derivation.sequences.items():
        start, step = f"{p(v[0])} = {p(first)}", f"{p(v[t + 1])} = {p(rule)}"
        yield f"The sequence starts at {math(start)} and goes on by {math(step)}"


def scope(derivation: Derivation) -> str:
    """Say for which sizes and times it holds, in words; empty if it has none."""
    return _scope(_TEX, derivation)


def _scope(p: Printer, derivation: Derivation) -> str:
    sizes = [s for s in _Cast(derivation).symbols if _kind(s) in ("size", "time")]
    if not sizes:
        return ""
    return f"Holds for every {_listed(p.notation.math(p(s)) for s in sizes)}."


# ----------------------------------------------------------------------- whole chains


def _rows(p: Printer, derivation: Derivation) -> list[Line]:
    rows = [Line("", p(derivation.start), "")]
    for step in derivation.steps:
        sign = p.notation.signs["==" if step.relation == "=" else step.relation]
        rows.append(Line(sign, p(step.to), _reason(p, step.why)))
    return rows


def lines(derivation: Derivation) -> list[Line]:
    """Return the rows of a derivation: relation, formula, reason.

    Parameters
    ----------
    derivation : Derivation
        Any derivation; it need not have been checked.

    Returns
    -------
    list of Line
        One row for the first expression and one for each step.
    """
    return _rows(_TEX, derivation)


def latex(it: Any) -> str:
    r"""Print a derivation, an expression or a hypothesis in LaTeX.

    Parameters
    ----------
    it : Derivation, Expr, Relational or Each
        What to print.

    Returns
    -------
    str
        A formula; for a derivation, an ``aligned`` environment with its reasons.

    Raises
    ------
    ValueError
        It holds something that derivations cannot be made of.
    """
    if not isinstance(it, Derivation):
        return _TEX(it)
    first, *rest = lines(it)
    rows = [f"  & {first.formula}"]
    rows += [
        rf"  &{row.relation} {row.formula} && {_worded(row.reason)}" for row in rest
    ]
    return "\\begin{aligned}\n" + " \\\\\n".join(rows) + "\n\\end{aligned}"


def _worded(prose: str) -> str:
    r"""Turn prose with dollar signs into a formula with \text."""
    parts = re.split(r"\$(.*?)\$", prose)
    words = (part if odd % 2 else rf"\text{{{part}}}" for odd, part in enumerate(parts))
    return "".join(w for w in words if w != r"\text{}")


def unicode(it: Any) -> str:
    """Print a derivation, an expression or a hypothesis for the terminal.

    Parameters
    ----------
    it : Derivation, Expr, Relational or Each
        What to print.

    Returns
    -------
    str
        Unicode mathematics; for a derivation: title, setting and one row a line.
    """
    if not isinstance(it, Derivation):
        return _TERMINAL(it)
    first, *rest = _rows(_TERMINAL, it)
    width = max(len(row.formula) for row in (first, *rest))
    head = [it.title, *filter(None, (_setting(_TERMINAL, it), _scope(_TERMINAL, it)))]
    body = [f"    {first.formula}"]
    body += [f"  {row.relation} {row.formula:{width}}   {row.reason}" for row in rest]
    return "\n".join([*head, "", *body])

"""A wrong step is refused: automatic mutants of every step that is known to be true.

Every run takes one mutant of each step, the nightly run all of them, some thousands.

Each step is taken out of its derivation as a claim of its own, which must be accepted;
then its formula, or its certificate, is changed in one place and it must be refused. A
mutant that is accepted must be true in other words: it has to hold in many further
worlds, and a closed form to agree with the true one to 40 digits at sizes that the
refuter never tries.
"""

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from itertools import combinations
from random import Random
from typing import Any

import pytest
from sympy import Indexed

from derivations.engine import Σ, Derivation, StepError, algebra, equals
from derivations.engine.catalog import discover
from derivations.engine.certificates import Square, Termwise
from derivations.engine.derivation import Step
from derivations.engine.exact import evaluate
from derivations.engine.interpreter import Problem, make_worlds, refute
from derivations.engine.language import Index
from tests.engine import samples
from tests.engine.attacks.stage import GHOST, a, i, x
from tests.engine.mutate import mutants
from tests.engine.samples import SAMPLES
from tests.engine.truths import TRUTHS

NAMES = {id(value): name for name, value in vars(samples).items()}
ALL = {f"samples.{NAMES[id(d)]}": d for d in SAMPLES}
ALL |= {f"truths.{name}": d for name, d in TRUTHS.items()} | dict(discover())


def alone(derivation: Derivation, number: int) -> Derivation:
    """Return one step as a derivation, with the hypotheses that it needs."""
    derivation.check()
    step = derivation.steps[number]
    previous = derivation.expressions[number]
    given = derivation.given
    if not given and not derivation.sequences:
        return Derivation("One step", previous, step)
    for size in range(len(given) + 1):
        for kept in combinations(given, size):
            for sequences in (derivation.sequences, {}):
                try:
                    single = Derivation(
                        "One step", previous, step, given=kept, sequences=sequences
                    )
                    single.check()
                except StepError:
                    continue
                return single
    msg = f"step {number + 1} of {derivation.title} does not stand alone"
    raise AssertionError(msg)


def changed(single: Derivation) -> Iterator[tuple[str, Step]]:
    """Yield the wrong versions of a step: of its formula, its certificate, its sign."""
    (step,) = single.steps
    for kind, formula in mutants(step.to):
        yield kind, replace(step, to=formula)
    if isinstance(step.why, Square | Termwise):
        for kind, gap in mutants(step.why.gap):
            yield f"certificate {kind}", replace(step, why=type(step.why)(gap))
    if step.relation != "=":
        turned = {"<=": ">=", ">=": "<="}[step.relation]
        yield "relation", replace(step, relation=turned)


def chosen(steps: list[tuple[str, Step]], seed: str) -> list[tuple[str, Step]]:
    """Pick a few, one of each kind before a second of any."""
    Random(seed).shuffle(steps)
    taken: dict[str, int] = {}
    order = []
    for kind, step in steps:
        taken[kind] = taken.get(kind, 0) + 1
        order.append((taken[kind], len(order), kind, step))
    return [(kind, step) for *_, kind, step in sorted(order, key=lambda o: o[:2])]


def also_true(single: Derivation, step: Step) -> bool:
    """Tell whether an accepted mutant is a true claim after all."""
    problem = Problem((single.start, step.to), single.given, dict(single.sequences))
    worlds = make_worlds(problem, count=48, seed=1)
    if refute(single.start, step.to, step.relation, worlds):
        return False
    unconditional = step.relation == "=" and not single.given
    return not (unconditional and apart(single.end, step.to))


def apart(one: Any, other: Any) -> bool:
    """Tell whether two closed forms differ, to 40 digits, at sizes 7 to 9."""
    for size in (7, 8, 9):
        values = drawn((one, other), size)
        try:
            left, right = (evaluate(e, values) for e in (one, other))
        except ValueError:  # no closed form: the worlds have to do
            return False
        if abs(left - right) > abs(left) / 10**40:
            return True
    return False


def drawn(expressions: tuple[Any, ...], size: int) -> dict[Any, Any]:
    """Draw exact values for all that is free, every size being this one."""
    random = Random(size)
    free = {s for e in expressions for s in e.free_symbols if s.is_Symbol}
    sizes = {s: size for s in free if s.is_integer and not isinstance(s, Index)}
    values: dict[Any, Any] = dict(sizes)
    for s in sorted(free - set(sizes), key=str):
        if isinstance(s, Index):
            values[s] = random.randint(*(int(end.subs(sizes)) for end in s.range))
        else:
            values[s] = number(random, s)
    for entry in sorted({q for e in expressions for q in e.atoms(Indexed)}, key=str):
        if entry.base not in values:
            rank = len(entry.indices)
            values[entry.base] = table(random, entry.base.label, rank, size)
    return values


def table(random: Random, label: Any, rank: int, size: int) -> Any:
    """Draw an array, a little longer than its size."""
    if rank == 0:
        return number(random, label)
    return [table(random, label, rank - 1, size) for _ in range(size + 2)]


def number(random: Random, symbol: Any) -> Fraction:
    """Draw a number of the sign that a symbol declares; positive ones below 1."""
    value = Fraction(random.randint(1, 96), 97)
    return value if symbol.is_nonnegative else value * random.choice((-2, 2))


@pytest.mark.parametrize("name", ALL)
def test_a_mutant_of_every_step_is_refused(name):
    derivation = ALL[name]
    assert all(refused(derivation, k, 1) for k in range(len(derivation.steps)))


@pytest.mark.nightly
@pytest.mark.parametrize("name", ALL)
def test_all_mutants_of_every_step_are_refused(name):
    derivation = ALL[name]
    assert all(refused(derivation, k, 10_000) for k in range(len(derivation.steps)))


def refused(derivation: Derivation, place: int, enough: int) -> int:
    """Try mutants of a step until enough are refused; return how many were."""
    single, count = alone(derivation, place), 0
    for kind, step in chosen(list(changed(single)), f"{derivation.title} {place}"):
        if count == enough:
            break
        hypotheses = {"given": single.given, "sequences": single.sequences}
        try:
            Derivation("Mutant", single.start, step, **hypotheses).check()
        except StepError:
            count += 1
        else:
            assert also_true(single, step), f"step {place + 1}, {kind}: {step.to}"
    return count


def test_a_wrong_formula_is_told_from_another_way_of_writing_it():
    square = Derivation("A square", (x + 1) ** 2, equals(x**2 + 2 * x + 1, algebra))
    assert also_true(square, equals(1 + x * (x + 2), algebra))
    assert not also_true(square, equals(x**2 + x + 1, algebra))
    total = Derivation("A sum", 2 * Σ(a[i], i), equals(Σ(2 * a[i], i), algebra))
    assert not also_true(total, equals(Σ(2 * a[i], i) + GHOST, algebra))

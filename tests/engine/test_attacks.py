"""Structural attacks are refused, and true derivations are not lost on the way.

An attack is a false statement, or an argument that does not support its statement. A
wrong number is easy to catch; these look for a hole: a certificate used for what it
does not certify, a name that means two things, a theorem outside its hypotheses.
"""

from collections.abc import Callable
from inspect import getmembers, isfunction

import pytest
from sympy import E as EULER

from derivations.engine import (
    Σ,
    Bernoulli,
    Derivation,
    Eq,
    Moments,
    Rational,
    StepError,
    algebra,
    array,
    equals,
    exp,
    function,
    hypothesis,
    index,
    log,
    real,
    square,
    theorem,
)
from tests.engine.attacks import certificates, domains, hypotheses, names, theorems
from tests.engine.attacks.stage import GHOST, HALF, a, b, i, j, n, s, x, y, δ
from tests.engine.truths import TRUTHS

Build = Callable[[], Derivation]

ATTACKS: dict[str, Build] = {
    f"{module.__name__.rpartition('.')[2]}.{name}": build
    for module in (certificates, hypotheses, names, theorems, domains)
    for name, build in getmembers(module, isfunction)
    if build.__module__ == module.__name__
}


def refuse(build: Build) -> str:
    """Check that a derivation fails while it is built or checked, with a reason."""
    with pytest.raises(ValueError, match=r"\w+ \w+") as found:
        build().check()
    assert type(found.value) in (StepError, ValueError)
    assert "cannot decide" not in str(found.value)
    return str(found.value)


@pytest.mark.parametrize("name", ATTACKS)
def test_every_attack_is_refused_with_a_reason(name):
    refuse(ATTACKS[name])


@pytest.mark.parametrize("name", TRUTHS)
def test_every_true_derivation_is_accepted(name):
    TRUTHS[name].check()


def test_the_ghost_vanishes_at_every_size_the_refuter_tries():
    assert all(GHOST.subs(n, value) == 0 for value in range(1, 7))
    assert GHOST.subs(n, 7) != 0


# --------------------------------------------------------------- private-looking names


@pytest.mark.parametrize("name", ["_1_0", "_0", "_2_0", "xi_1", "_xi_1", "_i", "i_1"])
def test_a_private_looking_name_is_not_captured(name):
    odd = index(name, 1, n)
    refuse(
        lambda: Derivation(
            "T", GHOST * Σ(a[i] * b[odd], i), equals(GHOST * Σ(a[i] * b[i], i), algebra)
        )
    )
    refuse(
        lambda: Derivation(
            "T",
            GHOST * Σ(log(Σ(exp(a[i] * b[j]), j)), i),
            equals(GHOST * Σ(log(Σ(exp(a[i] * b[odd]), j)), i), algebra),
        )
    )


@pytest.mark.parametrize("name", ["_1_0", "_0", "i", "A"])
def test_a_scalar_is_not_taken_for_an_entry(name):
    odd, entries = real(name), array("A")
    refuse(
        lambda: Derivation(
            "T",
            GHOST * Σ(entries[i] * odd, i),
            equals(GHOST * Σ(entries[i] ** 2, i), algebra),
        )
    )


# ------------------------------------------------------- definitions and laws, at once


@pytest.mark.parametrize(
    "body",
    [
        lambda z: z * x,
        lambda z: z + a[1],
        lambda z: Σ(z * a[i], i),
        lambda z: z + n,
        lambda z: z * δ[1],
    ],
)
def test_a_definition_mentions_nothing_but_its_parameters(body):
    with pytest.raises(ValueError, match="mentions"):
        function("f", body)


@pytest.mark.parametrize("chance", [Rational(3, 2), -1, 2, Rational(-1, 10)])
def test_a_law_with_an_impossible_probability_is_refused(chance):
    with pytest.raises(ValueError, match="Bernoulli"):
        Bernoulli(chance)


@pytest.mark.parametrize("pair", [(1, 0), (2, 3), (HALF, Rational(1, 5))])
def test_a_law_with_a_negative_variance_is_refused(pair):
    with pytest.raises(ValueError, match="Moments"):
        Moments(*pair)


# -------------------------------------------------------- edits and circular citations


def proved():
    return Derivation(
        "A square", (x + 1) ** 2, equals(x**2 + 2 * x + 1, algebra), given=[s > 1]
    )


@pytest.mark.parametrize(
    "name", ["title", "start", "steps", "given", "sequences", "end"]
)
def test_a_derivation_cannot_be_edited(name):
    derivation = Derivation("A square", (x + 1) ** 2, equals(x**2 + 2 * x + 1, algebra))
    with pytest.raises(AttributeError):
        setattr(derivation, name, y)
    with pytest.raises(AttributeError):
        delattr(derivation, name)


@pytest.mark.parametrize("name", ["to", "why", "relation"])
def test_a_step_cannot_be_edited(name):
    derivation = Derivation("A square", (x + 1) ** 2, equals(x**2 + 2 * x + 1, algebra))
    with pytest.raises(AttributeError):
        setattr(derivation.steps[0], name, y)


def test_rules_cannot_be_edited():
    for rule in (algebra, square(s), hypothesis(Eq(x, 1))):
        with pytest.raises((AttributeError, TypeError)):
            rule.name = "trust"


def test_lists_and_mappings_that_were_passed_may_change_without_effect():
    given, sequences, v, t = [Eq(x, 1)], {}, array("v"), theorems.t
    sequences[v] = (0, t, v[t])
    derivation = Derivation(
        "One",
        x * v[t],
        equals(v[t], hypothesis(given[0])),
        given=given,
        sequences=sequences,
    )
    given.clear()
    sequences.clear()
    derivation.check()
    assert derivation.given == (Eq(x, 1),)
    with pytest.raises(TypeError):
        derivation.sequences[v] = (1, t, v[t])


def test_an_edit_by_force_is_noticed_by_the_next_check():
    derivation = Derivation("A square", (x + 1) ** 2, equals(x**2 + 2 * x + 1, algebra))
    derivation.check()
    object.__setattr__(derivation, "steps", (equals(x + GHOST, algebra),))
    with pytest.raises(StepError):
        derivation.check()
    assert derivation.claim.rhs == x + GHOST


def test_an_edited_theorem_is_checked_again_by_whoever_cites_it():
    lemma = Derivation("A square", (x + 1) ** 2, equals(x**2 + 2 * x + 1, algebra))
    lemma.check()
    object.__setattr__(lemma, "steps", (equals(x + GHOST, algebra),))
    user = Derivation("T", (x + 1) ** 2 * y, equals((x + GHOST) * y, theorem(lemma)))
    with pytest.raises(StepError):
        user.check()


def test_a_derivation_that_cites_itself_is_refused():
    lemma = Derivation("A square", GHOST * x, equals(GHOST * y, algebra))
    object.__setattr__(lemma, "steps", (equals(GHOST * y, theorem(lemma)),))
    with pytest.raises(StepError, match="itself"):
        lemma.check()


def test_two_derivations_that_cite_each_other_are_refused():
    first = Derivation("First", GHOST * x, equals(GHOST * y, algebra))
    second = Derivation("Second", GHOST * x, equals(GHOST * y, theorem(first)))
    object.__setattr__(first, "steps", (equals(GHOST * y, theorem(second)),))
    for derivation in (first, second):
        with pytest.raises(StepError, match="itself"):
            derivation.check()


def test_a_float_by_another_name_is_refused():
    with pytest.raises(ValueError, match="inexact"):
        Derivation("T", x * 0.5, equals(x / 2, algebra)).check()


def test_the_base_of_the_exponential_is_a_number():
    Derivation("T", EULER**x, equals(exp(x - 1) * EULER, algebra))

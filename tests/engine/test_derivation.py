"""Derivations as objects: construction, immutability, citation, reports, discovery."""

import subprocess
import sys

import pytest
from sympy import Eq as SymPyEq
from sympy import IndexedBase, MatrixSymbol, Symbol

from derivations.engine import (
    Σ,
    Derivation,
    E,
    Eq,
    Moments,
    Rational,
    StepError,
    algebra,
    array,
    at_least,
    at_most,
    certificate,
    d,
    definition,
    differentiation,
    equals,
    exp,
    function,
    hypothesis,
    index,
    induction,
    linearity,
    positive,
    probability,
    quotient_rule,
    randoms,
    real,
    size,
    square,
    theorem,
    time,
)
from derivations.engine.catalog import concepts, discover, find
from derivations.engine.derivation import Step, canonical_text
from derivations.engine.rules import Named, Square
from derivations.engine.theorems import Theorem

x, y, c = real("x y c")
n = size("n")
i, k = index("i k", 1, n)
a = array("a")
t = time("t")
σ = function(r"\sigma", lambda u: 1 / (1 + exp(-u)))
v = array("v")

SQUARE = (x + 1) ** 2
EXPANDED = x**2 + 2 * x + 1
binomial_square = Derivation("A square", SQUARE, equals(EXPANDED, algebra))
sigmoid_derivative = Derivation(
    "Derivative of the sigmoid",
    d(σ(x), x),
    equals(d(1 / (1 + exp(-x)), x), definition(σ)),
    equals(exp(-x) / (1 + exp(-x)) ** 2, quotient_rule),
    equals(σ(x) * (1 - σ(x)), definition(σ)),
)


# ------------------------------------------------------------------ construction


def refusal(build, *, step=None):
    """Return the reason of the StepError that building raises."""
    with pytest.raises(StepError) as found:
        build()
    assert found.value.step == step
    assert found.value.derivation in str(found.value)
    assert found.value.reason
    return found.value.reason


def test_a_derivation_needs_a_title():
    assert "title" in refusal(lambda: Derivation(" ", x, equals(y, algebra)))
    assert "title" in refusal(lambda: Derivation(3, x, equals(y, algebra)))


def test_a_derivation_needs_a_step():
    assert "at least one step" in refusal(lambda: Derivation("T", x))


def test_a_step_is_made_by_the_three_words():
    reason = refusal(lambda: Derivation("T", x, (y, algebra)), step=1)
    assert "use equals" in reason


def test_an_expression_is_a_number_not_a_relation_and_not_an_array():
    assert "not an expression" in refusal(
        lambda: Derivation("T", x, equals(SymPyEq(x, y), algebra)), step=1
    )
    assert "not an expression" in refusal(
        lambda: Derivation("T", a, equals(x, algebra))
    )
    assert "not an expression" in refusal(
        lambda: Derivation("T", {"x": 1}, equals(x, algebra))
    )


def test_what_sympy_cannot_read_is_refused():
    assert "not an expression" in refusal(
        lambda: Derivation("T", object(), equals(x, algebra))
    )


def test_matrices_keep_their_shape():
    A, B = MatrixSymbol("A", n, 2), MatrixSymbol("B", 2, n)
    one = Derivation("T", A * B, equals(B * A, algebra))
    assert "shapes differ" in refusal(one.check, step=1)


def test_a_rule_of_ones_own_is_refused():
    class Trust:
        name = "trust me"
        relations = frozenset({"="})

        def parts(self, *_lines):
            return ()

        def verify(self, *_anything):
            return "fine"

    reason = refusal(lambda: Derivation("T", x, equals(y, Trust())), step=1)
    assert "not one of the rules" in reason


def test_a_subclass_of_a_rule_is_refused():
    class Lenient(Square):
        def verify(self, *_anything):
            return "fine"

    reason = refusal(lambda: Derivation("T", x, at_most(y, Lenient(c))), step=1)
    assert "not one of the rules" in reason


def test_a_rule_by_an_unknown_name_is_refused():
    reason = refusal(lambda: Derivation("T", x, equals(y, Named("magic"))), step=1)
    assert "names no rule" in reason


def test_a_theorem_is_a_derivation():
    class Fake:
        title, relation = "fake", "="

        def check(self):
            return True

    reason = refusal(lambda: Derivation("T", x, equals(y, theorem(Fake()))), step=1)
    assert "not a derivation" in reason


def test_a_subclass_of_derivation_is_no_theorem():
    class Believed(Derivation):
        __slots__ = ()

        def check(self):
            return None

    lie = Believed("lie", x, equals(x + 1, algebra))
    reason = refusal(lambda: Derivation("T", x, equals(x + 1, theorem(lie))), step=1)
    assert "not a derivation" in reason


@pytest.mark.parametrize("word", [at_most, at_least])
@pytest.mark.parametrize(
    "rule", [algebra, linearity, definition(σ), induction(t), hypothesis(Eq(x, c))]
)
def test_an_order_needs_a_certificate(word, rule):
    assert "justifies =" in refusal(lambda: Derivation("T", x, word(c, rule)), step=1)


def test_a_certificate_of_order_proves_no_equation():
    reason = refusal(lambda: Derivation("T", x, equals(x + 1, square(1))), step=1)
    assert "<= or >=" in reason


def test_a_chain_may_not_mix_the_two_orders():
    reason = refusal(
        lambda: Derivation("T", x, at_most(x + 1, square(1)), at_least(x, square(1)))
    )
    assert "mix" in reason


def test_a_hypothesis_that_sympy_decided_is_refused():
    s = positive("s")
    assert "could fail or hold" in refusal(
        lambda: Derivation("T", x, equals(y, algebra), given=[s > 0])
    )


@pytest.mark.parametrize(
    ("sequences", "why"),
    [
        ({x: (0, t, 1)}, "not an array"),
        ({v: (0, t)}, "needs"),
        ({v: (0, n, v[n])}, "time"),
        ({v: (t, t, v[t])}, "neither"),
        ({v: (v[0], t, v[t])}, "neither"),
        ({v: (0, t, v[t + 1])}, "only"),
        ({v: (0, t, v[t] + v[0])}, "only"),
        ({v: (0, t, randoms("W", Moments(0, 1))[t])}, "only"),
        ({v: (a[0], t, v[t]), a: (0, t, a[t])}, "mentions another"),
        ({v: (0, t, a[t + 2]), a: (0, t, v[t])}, "out of step"),
        ({v: (0, t, a[t + 1]), a: (0, t, v[t + 1] + 1)}, "by each other"),
    ],
)
def test_a_sequence_is_given_by_its_start_and_its_rule(sequences, why):
    steps = (equals(x + y, algebra),)
    assert why in refusal(lambda: Derivation("T", x, *steps, sequences=sequences))


def test_a_sequence_may_use_another_one_step_ahead():
    both = {v: (0, t, x * v[t] + c), a: (c, t, a[t] - v[t + 1])}
    step = equals(a[t] - v[t + 1], definition(a))
    Derivation("T", a[t + 1], step, sequences=both).check()


# ------------------------------------------------------------------ what it says


def test_the_claim_is_computed_from_the_ends():
    assert binomial_square.claim == Eq(SQUARE, EXPANDED)
    lower = Derivation("L", x**2, at_least(2 * x - 1, square((x - 1) ** 2)))
    assert lower.relation == lower.claim.rel_op == ">="
    upper = Derivation("U", 2 * x - 1, at_most(x**2, square((x - 1) ** 2)))
    assert upper.relation == upper.claim.rel_op == "<="
    assert (upper.start, upper.end) == (2 * x - 1, x**2)


def test_the_scope_names_what_is_free():
    one = Derivation(
        "S", a[k] + t - t + Σ(x, i), equals(n * x + a[k], algebra), given=()
    )
    assert one.scope == ("real array a", "k in 1..n", "any size n", "real x")


def test_a_single_hypothesis_may_be_given_bare():
    h = Eq(x, 2)
    bare = Derivation("T", x**2, equals(4, hypothesis(h)), given=h)
    assert bare.given == (h,)
    bare.check()


# ------------------------------------------------------------------ immutability


@pytest.mark.parametrize("name", ["title", "start", "steps", "given", "anything"])
def test_a_derivation_cannot_be_changed(name):
    with pytest.raises(AttributeError, match="immutable"):
        setattr(binomial_square, name, x)
    with pytest.raises(AttributeError, match="immutable"):
        delattr(binomial_square, name)
    assert binomial_square.steps[0].to == EXPANDED


def test_sequences_cannot_be_changed():
    one = Derivation("T", v[t], equals(c, induction(t)), sequences={v: (c, t, v[t])})
    with pytest.raises(TypeError):
        one.sequences[v] = (x, t, v[t])


def test_a_step_and_a_rule_cannot_be_changed():
    with pytest.raises(AttributeError):
        binomial_square.steps[0].to = x
    with pytest.raises(AttributeError):
        algebra.name = "moments"


def test_a_verdict_does_not_outlive_the_content_it_is_about():
    forged = Derivation("A square", SQUARE, equals(EXPANDED, algebra))
    forged.check()
    object.__setattr__(forged, "steps", (Step(x, algebra, "="),))
    with pytest.raises(StepError, match="step 1"):
        forged.check()


# ------------------------------------------------------------------ verdicts


def test_nothing_happens_is_refused():
    idle = Derivation("T", x, equals(x, algebra))
    assert refusal(idle.check, step=1) == "nothing happens in this step"


def test_a_refusal_names_derivation_step_rule_and_reason():
    wrong = Derivation(
        "Wrong", SQUARE, equals(EXPANDED, algebra), equals(x**2, algebra)
    )
    with pytest.raises(StepError) as found:
        wrong.check()
    error = found.value
    assert (error.derivation, error.step, error.rule) == ("Wrong", 2, "algebra")
    assert str(error) == f"Wrong, step 2 (algebra): {error.reason}"


def test_a_malfunction_of_an_engine_is_a_refusal(monkeypatch):
    def broken(*_anything):
        msg = "too deep"
        raise RecursionError(msg)

    monkeypatch.setattr("derivations.engine.context.Prover.equal", broken)
    one = Derivation("T", SQUARE, equals(EXPANDED, algebra))
    assert "RecursionError: too deep" in refusal(one.check, step=1)
    monkeypatch.setattr("derivations.engine.derivation.make_worlds", broken)
    assert "RecursionError: too deep" in refusal(one.check)


def test_hypotheses_that_contradict_each_other_are_refused():
    both = [Eq(x, 1), x > 2]
    one = Derivation("T", x**2, equals(1, hypothesis(both[0])), given=both)
    assert "no case satisfies" in refusal(one.check)


def test_an_unused_hypothesis_is_refused_and_a_restated_declaration_is_not():
    one = Derivation("T", SQUARE, equals(EXPANDED, algebra), given=[x > 2])
    assert "not used" in refusal(one.check)
    p = probability("p")
    restated = Derivation("T", p * (1 + p), equals(p + p**2, algebra), given=[p < 1])
    restated.check()


def test_the_report_says_what_accepted_each_step():
    report = sigmoid_derivative.report()
    assert report is sigmoid_derivative.check()
    assert [s.number for s in report.steps] == [1, 2, 3]
    assert report.steps[1].rule == "quotient rule"
    assert all(s.worlds >= 4 and s.milliseconds > 0 for s in report.steps)
    assert report.milliseconds == sum(s.milliseconds for s in report.steps)
    assert report.scope == ("real x",)
    citing = Derivation(
        "D", d(σ(x), x), equals(EXPANDED_SLOPE, theorem(sigmoid_derivative))
    )
    assert citing.report().theorems == ("Derivative of the sigmoid",)


EXPANDED_SLOPE = σ(x) - σ(x) ** 2


# ------------------------------------------------------------------ citation


def test_a_theorem_that_is_not_proved_refuses_those_who_cite_it():
    lie = Derivation("Lie", SQUARE, equals(EXPANDED, linearity))
    citing = Derivation("T", SQUARE, equals(EXPANDED, theorem(lie)))
    assert "not proved: Lie, step 1" in refusal(citing.check, step=1)


def test_citing_in_a_circle_is_refused():
    one = Derivation("One", x, equals(y, theorem(binomial_square)))
    other = Derivation("Other", x, equals(y, theorem(one)))
    object.__setattr__(one, "steps", (Step(y, Theorem(other, ()), "="),))
    with pytest.raises(StepError, match="cites itself"):
        one.check()
    with pytest.raises(StepError, match="cites itself"):
        other.check()


# ------------------------------------------------------------------ certificates


def test_a_certificate_is_stable_and_about_the_content():
    again = Derivation("A square", SQUARE, equals(EXPANDED, algebra))
    renamed = Derivation("Another", SQUARE, equals(EXPANDED, algebra))
    assert certificate(again) == certificate(binomial_square)
    assert certificate(renamed)["sha256"] != certificate(again)["sha256"]
    assert certificate(again)["result"] == "proved"


def test_the_text_tells_declarations_laws_and_bodies_apart():
    def text(e):
        return canonical_text(Derivation("T", e, equals(e + 1, algebra)))

    other_σ = function(r"\sigma", lambda u: 1 / (1 + exp(u)))
    pairs = [
        (x, Symbol("x", positive=True)),
        (σ(x), other_σ(x)),
        (E(randoms("W", Moments(0, 1))[i]), E(randoms("W", Moments(0, 2))[i])),
        (a[i], a[index("i", 1, n + 1)]),
        (a[i], IndexedBase("a")[i]),
    ]
    for one, other in pairs:
        assert text(one) != text(other)


HASHES = """
from derivations.engine import *
n = size("n"); i = index("i", 1, n); w, z = array("w z"); x = real("x")
W = randoms("W", Moments(0, 1)); s = function("s", lambda u: u/(1 + u**2))
D = Derivation("T", s(x)*Σ(w[i]*z[i] + x*E(W[i]), i), equals(x, algebra), given=[x > 0])
from derivations.engine.derivation import canonical_text
import hashlib; print(hashlib.sha256(canonical_text(D).encode()).hexdigest())
"""


def test_the_text_does_not_depend_on_the_hash_seed():
    command = [sys.executable, "-c", HASHES]
    seen = {
        subprocess.run(
            command,
            env={"PYTHONHASHSEED": seed, "PYTHONPATH": ":".join(sys.path)},
            capture_output=True,
            check=True,
            text=True,
        ).stdout
        for seed in ("1", "2", "3")
    }
    assert len(seen) == 1
    assert len(seen.pop().strip()) == 64


# ------------------------------------------------------------------ discovery


def test_every_concept_is_a_chapter_and_a_name():
    assert "activations.sigmoid" in concepts()
    assert not [name for name in concepts() if name.startswith("engine")]


def test_discovery_finds_what_a_module_makes_and_not_what_it_imports():
    found = dict(discover("activations.sigmoid"))
    assert "activations.sigmoid.derivative" in found
    assert all(name.startswith("activations.sigmoid.") for name in found)
    assert found["activations.sigmoid.derivative"] is find("sigmoid.derivative")


def test_discovery_by_an_unknown_name_says_so():
    with pytest.raises(KeyError, match="no derivation is called nothing"):
        dict(discover("nothing"))
    with pytest.raises(KeyError, match="could be"):
        find("activations")


def test_differentiation_is_a_rule_too():
    Derivation("T", d(x**2, x), equals(2 * x, differentiation)).check()


def test_a_fraction_is_written_exactly():
    half = Derivation("T", x / 2, equals(x * Rational(1, 2) + c - c + 0.5, algebra))
    assert "inexact" in refusal(half.check, step=1)

"""The words of the language: what they build, and what they refuse to build."""

import pickle

import pytest
from sympy import Derivative, Indexed, IndexedBase, MatrixSymbol, S, Sum, Symbol, exp
from sympy.core.parameters import distribute

from derivations.engine import (
    Abs,
    Derivation,
    KroneckerDelta,
    algebra,
    binomial_coefficient,
    definition,
    equals,
    erf,
    sqrt,
    tanh,
)
from derivations.engine.language import (
    Π,
    Σ,
    Bernoulli,
    E,
    Each,
    Eq,
    Family,
    Index,
    Label,
    Law,
    Moments,
    Ne,
    Normal,
    Probability,
    StepError,
    Time,
    Var,
    array,
    d,
    each,
    function,
    index,
    nonnegative,
    polynomial_in_randoms,
    positive,
    probability,
    randoms,
    real,
    size,
    time,
    unknown,
)

x, y = real("x y")
s = positive("s")
p = probability("p")
n = size("n")
i, j = index("i j", 1, n)
a, b = array("a b")
W = randoms("W", Moments(x, x**2 + s))
δ = randoms(r"\delta", Bernoulli(p))
LAWS = [Bernoulli(p), Moments(x, x**2 + s), Normal(x, s)]


def test_products_are_kept_as_written():
    assert (2 * (x - y)).is_Mul
    assert (x * (x - y)).is_Mul


@pytest.mark.parametrize(
    ("build", "at_three"),
    [
        (lambda: Abs(-x - 1), 4),
        (lambda: Abs(-2 * x - 2), 8),
        (lambda: Abs((-x - 1) * (x + 1)), 16),
        (lambda: sqrt((-x - 1) ** 2), 4),
        (lambda: tanh(-x - 1), -tanh(4)),
        (lambda: erf(-x - 1), -erf(4)),
        (lambda: KroneckerDelta(-i - 1, -n - 1), 0),
        (lambda: binomial_coefficient(n, -i - 1), 0),
        (lambda: 1 ** (-n - i), 1),
    ],
)
def test_writing_the_negative_of_a_sum_comes_to_an_end(build, at_three):
    """SymPy would call itself without end; see `keep_products_as_written`."""
    assert build().subs({x: 3, n: 3, i: 2}) == at_three


def test_a_minus_sign_is_one_that_stands_before_a_sum():
    assert not (-x - 1).could_extract_minus_sign()
    assert (-(x + 1)).could_extract_minus_sign()
    with distribute(True):
        assert (-x - 1).could_extract_minus_sign()
        assert Abs(-y - 1) == Abs(y + 1)


GHOST = (n - 1) * (n - 2) * (n - 3) * (n - 4) * (n - 5) * (n - 6)


@pytest.mark.parametrize(
    ("left", "right", "rule"),
    [
        (Abs(-x - 1), Abs(x + 1), algebra),
        (tanh(-x - 1), -tanh(x + 1), definition(tanh)),
    ],
)
def test_a_function_of_a_negated_sum_is_understood(left, right, rule):
    Derivation("It", left, equals(right, rule)).check()
    with pytest.raises(StepError, match="is said to equal"):
        Derivation("It", left, equals(right + 1, rule)).check()
    with pytest.raises(StepError, match="the normal forms of both sides differ"):
        Derivation("It", GHOST * left, equals(-GHOST * right, rule)).check()


def test_several_names_make_several_symbols():
    assert size("n m") == (n, Symbol("m", integer=True, positive=True))
    assert nonnegative("w").is_nonnegative
    assert isinstance(probability("p"), Probability)
    assert isinstance(time("t"), Time)
    for make in (real, positive, size, array):
        with pytest.raises(ValueError, match="names"):
            make(" ")


def test_an_array_is_not_a_scalar_of_its_name():
    assert array("x").label != x
    assert isinstance(array("x").label, Label)
    assert array("g", positive=True)[i].is_positive
    assert array("g", nonnegative=True)[i].is_nonnegative
    assert array("g", positive=True, nonnegative=True)[i].is_positive


# ------------------------------------------------------------------ indices


def test_the_range_is_part_of_an_index():
    assert index("i", 1, n) == i
    assert index("i", 1, n + 1) != i
    assert i.range == (1, n)
    assert pickle.loads(pickle.dumps(i)) == i


@pytest.mark.parametrize(
    ("lo", "hi", "why"),
    [(1, x, "integer"), (1, S.Half, "integer"), ("?", n, "."), (5, 3, "reversed")],
)
def test_an_index_has_whole_ends_in_order(lo, hi, why):
    with pytest.raises(ValueError, match=why):
        Index("i", lo, hi)


def test_an_index_may_run_over_nothing():
    assert index("i", 1, 0).range == (1, 0)


def test_the_first_index_is_the_outermost():
    inner = index("k", 1, i)
    assert Σ(a[inner], i, inner).limits == ((inner, 1, i), (i, 1, n))
    assert Π(x, i, j).limits == ((j, 1, n), (i, 1, n))
    assert Σ(1, i) == Sum(S.One, (i, 1, n))


@pytest.mark.parametrize("loop", [Σ, Π])
def test_a_sum_is_over_indices(loop):
    with pytest.raises(ValueError, match="at least one index"):
        loop(x)
    with pytest.raises(ValueError, match="not an index"):
        loop(x, n)


# ------------------------------------------------------------------ laws


@pytest.mark.parametrize("law", LAWS, ids=str)
def test_a_stand_in_is_a_law_with_the_declared_moments(law):
    assert sum(weight for _, weight in law.stand_in()).expand() == 1
    order = 0
    while order < 9 and (moment := law.moment(order)) is not None:
        mean = sum(weight * value**order for value, weight in law.stand_in())
        assert (mean - moment).expand() == 0
        order += 1
    assert order == {Bernoulli: 9, Moments: 3, Normal: 6}[type(law)]


@pytest.mark.parametrize("law", LAWS, ids=str)
def test_a_law_says_when_it_exists(law):
    spread = law.moment(2) - law.moment(1) ** 2
    ours = law.conditions()
    assert (
        spread.expand() == (ours[0] * ours[-1] if len(ours) > 1 else ours[0]).expand()
    )


@pytest.mark.parametrize(
    "make",
    [
        lambda: Bernoulli(S(3) / 2),
        lambda: Bernoulli(-1),
        lambda: Moments(2, 3),
        lambda: Normal(0, -1),
        lambda: randoms("W", "Bernoulli"),
    ],
)
def test_what_is_no_law_is_refused(make):
    with pytest.raises(ValueError, match=r"must"):
        make()


def test_a_bare_law_says_nothing():
    for question in (lambda: Law().moment(1), Law().conditions, Law().stand_in):
        with pytest.raises(NotImplementedError):
            question()


def test_the_law_is_part_of_a_family():
    assert randoms("W", Moments(0, 1)) != randoms("W", Moments(0, 2))
    assert isinstance(δ, Family)
    assert δ[i].free_symbols >= {p, i}
    assert δ.xreplace({p: S.Half}).law == Bernoulli(S.Half)


# ------------------------------------------------------------------ expectation


def test_expectation_is_inert_and_real():
    assert E(S(2) * W[i]).func is E
    assert Var(x).func is Var
    assert E(W[i]).is_real
    assert Var(W[i]).is_real


def test_expectation_is_differentiated_where_that_is_licensed():
    assert E(W[i] * y**2).diff(y) == E(2 * y * W[i])
    assert isinstance(E(exp(y * W[i])).diff(y), Derivative)
    assert isinstance(E(y * W[i]).diff(x), Derivative)
    assert isinstance(Var(y * W[i]).diff(y), Derivative)


def test_polynomials_in_random_variables():
    for e in (x, W[i], exp(x) * W[i] ** 2 + 1, Σ(a[i] * W[i], i) ** 2):
        assert polynomial_in_randoms(e)
    for e in (exp(W[i]), 1 / W[i], W[i] ** x, Π(W[i], i)):
        assert not polynomial_in_randoms(e)


# ------------------------------------------------------------------ operators


def test_a_derivative_is_written_and_not_carried_out():
    assert d(x**2, x) == Derivative(x**2, x)
    assert d(x**2 * y, x, 2, y).variables == (x, x, y)
    assert d(Σ(a[i] ** 2, i), a[j]).variables == (a[j],)
    A = MatrixSymbol("A", n, n)
    assert d(A[0, 0] ** 2, A[0, 0]).variables == (A[0, 0],)


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        ((x**2, x + 1), "not a variable"),
        ((x**2, 0), "not a variable"),
        ((n**2, n), "integer"),
        ((x**2, y), "does not mention"),
        ((x**2, a[1]), "does not mention"),
    ],
)
def test_a_derivative_is_by_a_variable_that_occurs(arguments, why):
    with pytest.raises(ValueError, match=why):
        d(*arguments)


def test_equations_stay_as_written():
    assert Eq(x + x, 2 * x).lhs == 2 * x
    assert Eq(1, 1).rel_op == "=="
    assert Ne(1, 1).rel_op == "!="


def test_a_hypothesis_for_each_index():
    h = each(i, a[i] > x)
    assert (h.index, h.hypothesis) == (i, a[i] > x)
    assert i not in h.free_symbols
    assert {x, n} <= h.free_symbols
    assert isinstance(each(i, each(j, a[i] > b[j])), Each)
    for k, hypothesis, why in (
        (n, a[n] > x, "not an index"),
        (i, x, "not a hypothesis"),
        (i, x > y, "does not mention"),
    ):
        with pytest.raises(ValueError, match=why):
            each(k, hypothesis)


# ------------------------------------------------------------------ functions


def test_a_function_is_its_name_and_its_body():
    f = function("f", lambda u: u**2 + 1)
    assert f is function("f", lambda w: w**2 + 1)
    assert f is not function("f", lambda u: u**2)
    assert f is not function("g", lambda u: u**2 + 1)
    assert f(x).func is f
    assert f(x).is_real
    leaky = function("L", lambda u, slope: u * slope)
    assert leaky.body(x, y) == x * y


def test_a_function_shows_all_it_depends_on():
    with pytest.raises(ValueError, match="the body mentions y"):
        function("f", lambda u: u * y)
    with pytest.raises(ValueError, match="the body mentions"):
        function("f", lambda u: u * W[1])
    with pytest.raises(ValueError, match="takes 1 to 6 parameters"):
        function("f", lambda: x)


def test_a_function_is_real_where_its_body_is():
    inverse = function("f", lambda u: u**S.Half)
    assert inverse(s).is_real
    assert not inverse(x).is_real


def test_an_unknown_function_is_real_and_has_no_body():
    f = unknown("f")
    assert f(x).is_real
    assert not hasattr(f, "body")


def test_an_error_says_where_it_happened():
    assert str(StepError("T", 3, "algebra", "why")) == "T, step 3 (algebra): why"
    assert str(StepError("T", reason="why")) == "T: why"


def test_entries_are_entries_of_bases():
    assert isinstance(a[i], Indexed)
    assert type(a) is IndexedBase

"""The audit: substitution without capture, visible signs, names, domains."""

import pytest
from sympy import (
    Abs,
    Derivative,
    Dummy,
    Function,
    IndexedBase,
    Integral,
    Lambda,
    MatrixSymbol,
    Max,
    Min,
    Product,
    S,
    Subs,
    Sum,
    Symbol,
    binomial,
    cosh,
    erf,
    exp,
    factorial,
    log,
    oo,
    pi,
    sinh,
    sqrt,
    tanh,
)

from derivations.engine.audit import Names, complaints, unknown_objects
from derivations.engine.language import (
    Π,
    Σ,
    Bernoulli,
    Defined,
    E,
    Eq,
    Family,
    Label,
    Moments,
    Ne,
    Normal,
    Probability,
    Time,
    Var,
    array,
    d,
    each,
    function,
    index,
    nonnegative,
    positive,
    probability,
    randoms,
    real,
    size,
    time,
    unknown,
)
from derivations.engine.signs import Facts
from derivations.engine.substitution import (
    freshen,
    opened,
    opened_throughout,
    substitute,
)

x, y, c, u = real("x y c u")
s, r = positive("s r")
w = nonnegative("w")
p, q = probability("p q")
n, m = size("n m")
i, j, k = index("i j k", 1, n)
a, b = array("a b")
g = array("g", positive=True)
h = array("h", nonnegative=True)
t = time("t")
f = unknown("f")
σ = function(r"\sigma", lambda v: 1 / (1 + exp(-v)))
δ = randoms(r"\delta", Bernoulli(p))
W = randoms("W", Moments(0, s))


# ------------------------------------------------------------------ substitution


def alike(one, other):
    return one.as_dummy() == other.as_dummy()


@pytest.mark.parametrize("binder", [Σ, Π])
def test_substitution_under_a_binder_captures_nothing(binder):
    put_in = substitute(binder(a[i] * x, i), {x: a[i]})
    assert i in put_in.free_symbols
    assert alike(put_in, binder(a[j] * a[i], j))


def test_a_bound_name_is_not_substituted():
    assert alike(substitute(Σ(a[i], i), {i: S(2)}), Σ(a[j], j))
    assert alike(
        substitute(Integral(u * x, (u, 0, u)), {u: c}), Integral(u * x, (u, 0, c))
    )


def test_limits_are_outside_their_own_name_but_inside_outer_ones():
    inner = index("j", 1, i)
    triangle = Σ(a[inner], i, inner)
    assert substitute(triangle, {n: m}).limits[-1][2] == m
    outer, nested = substitute(triangle, {}).limits[::-1]
    assert nested[2] == outer[0]


def test_an_entry_stands_for_the_whole_array():
    centered = substitute(Σ(a[i] ** 2, i), {a[k]: b[k] - x})
    assert alike(centered, Σ((b[i] - x) ** 2, i))
    assert substitute(a[3] + b[3], {a: b}) == 2 * b[3]


def test_the_law_of_a_random_variable_is_substituted_too():
    assert substitute(E(δ[i]), {p: q}).args[0].base.law == Bernoulli(q)


def test_a_derivative_follows_its_variable_or_is_taken_at_a_point():
    assert substitute(d(σ(x), x), {x: a[k]}) == Derivative(σ(a[k]), a[k])
    assert substitute(d(σ(x), x), {x: y}) == Derivative(σ(y), y)
    for value in (x * y, y):
        there = substitute(d(x * y, x), {x: value})
        assert isinstance(there, Subs)
        assert there.doit() == y
    assert substitute(d(a[k] ** 2, a[k]), {a: b}) == Derivative(b[k] ** 2, b[k])
    with pytest.raises(ValueError, match="differentiates by"):
        substitute(d(a[k] ** 2, a[k]), {a[i]: x + i})


def test_a_function_a_lambda_and_a_point_are_substituted():
    assert substitute(f(x) + y, {f: σ, x: c}) == σ(c) + y
    assert substitute(Lambda(u, u + x), {x: u, u: c})(y) == y + u
    point = Subs(Derivative(f(u), u), u, x)
    assert substitute(point, {x: y}).point == (y,)


def test_equations_stay_equations():
    assert substitute(Eq(x, y), {x: y}) == Eq(y, y)
    assert substitute(Ne(x, y), {y: x}) == Ne(x, x)


def test_each_renames_its_index_where_it_would_capture():
    bound = substitute(each(k, a[k] < x), {x: a[k]})
    assert bound.index != k
    assert k in bound.hypothesis.free_symbols
    assert bound.free_symbols == (bound.hypothesis.free_symbols - {bound.index}) | {n}
    assert substitute(each(k, a[k] < x), {n: m}).index == index("k", 1, m)


def test_each_renames_its_index_past_the_names_inside():
    primed = index("k'", 1, n)
    bound = substitute(each(k, a[k] < b[primed] + x), {x: a[k]})
    assert bound.index.name == "k''"


def test_what_is_no_expression_is_left_alone():
    assert substitute("text", {x: y}) == "text"
    assert substitute(x, {}) is x


def test_definitions_open_without_capture():
    area = function("A", lambda v: Integral(exp(u) * v, (u, 0, 1)))
    there = opened(area(u))
    assert u in there.free_symbols
    assert opened_throughout(σ(σ(x))) == 1 / (1 + exp(-1 / (1 + exp(-x))))
    assert not (freshen(Σ(a[i], i)).atoms(Symbol) & {i})


# ------------------------------------------------------------------ signs

POSITIVE, WEAK, NONZERO, ANY = {1}, {0, 1}, {-1, 1}, {-1, 0, 1}
inside = index("m", 1, t)

SIGNS = [
    (S(3), POSITIVE),
    (S(-3), {-1}),
    (S.Zero, {0}),
    (pi - 3, POSITIVE),
    (x, ANY),
    (s, POSITIVE),
    (w, WEAK),
    (p * (1 - p), POSITIVE),
    (1 - p**2, POSITIVE),
    (1 - p * q, POSITIVE),
    (1 - p**t, WEAK),
    (1 - p ** (t + 1), POSITIVE),
    (a[i], ANY),
    (g[i], POSITIVE),
    (h[i], WEAK),
    (x**2, WEAK),
    (x**2 + 1, POSITIVE),
    (x**3, ANY),
    (-(s**3), {-1}),
    ((-s) ** n, {-1, 1}),
    (x**n, ANY),
    (1 / x**2, WEAK),
    ((-s - 1) ** 3, {-1}),
    (1 - exp(a[index("o", 0, n)]) / Σ(exp(a[j]), j), ANY),
    (1 - exp(a[k] + 1) / Σ(exp(a[j]), j), ANY),
    (x ** (2 * t), WEAK),
    (sqrt(x), WEAK),
    (s**x, POSITIVE),
    (exp(x), POSITIVE),
    (cosh(x), POSITIVE),
    (sinh(s), POSITIVE),
    (tanh(-s), {-1}),
    (erf(x), ANY),
    (erf(w), WEAK),
    (log(1 + exp(x)), POSITIVE),
    (log(p), {-1}),
    (log(s), ANY),
    (Abs(x), WEAK),
    (Abs(s), POSITIVE),
    (Max(x, 0), WEAK),
    (Max(x, s), POSITIVE),
    (Max(-s, -r), {-1}),
    (Min(s, r), POSITIVE),
    (Min(x, -s), {-1}),
    (σ(x), POSITIVE),
    (1 - σ(x), POSITIVE),
    (σ(x) * (1 - σ(x)), POSITIVE),
    (1 - 2 * σ(x), ANY),
    (1 - tanh(x) ** 2, POSITIVE),
    (S(1) / 4 - σ(x) * (1 - σ(x)), WEAK),
    (n, POSITIVE),
    (n - 1, WEAK),
    (n - 2, ANY),
    (t, WEAK),
    (t - inside, WEAK),
    (t - inside + 1, POSITIVE),
    (i, POSITIVE),
    (index("z", -3, -1), {-1}),
    (index("z", 0, n), WEAK),
    (index("z", -1, n), ANY),
    (Σ(g[i] * a[i] ** 2, i), WEAK),
    (Σ(g[i], i), POSITIVE),
    (Σ(-g[i], i), {-1}),
    (Σ(a[i], i), ANY),
    (Sum(g[i], (i, 1, t)), WEAK),
    (Π(σ(a[i]), i), POSITIVE),
    (Π(h[i], i), WEAK),
    (Π(1 - 2 * g[i] - a[i] ** 2 * 0 + 2 * g[i], i), POSITIVE),
    (Π(a[i], i), ANY),
    (1 - exp(a[k]) / Σ(exp(a[j]), j), WEAK),
    (1 - a[k] / Σ(a[j], j), ANY),
    (Integral(exp(u), (u, 0, 1)), WEAK),
    (Integral(exp(-u), (u, 0, oo)), WEAK),
    (Integral(u, (u, x, y)), ANY),
    (Integral(x, (u, 0, 1)), ANY),
    (Integral(exp(u * y), (u, 0, 1), (y, 0, 1)), ANY),
    (E(W[i] ** 2), WEAK),
    (E(W[i]), ANY),
    (E(δ[i]), WEAK),
    (Var(W[i]), WEAK),
    (Sum(x * 0 + index("z", i, n) - i, (index("z", i, n), i, n)), WEAK),
    (binomial(n, k), WEAK),
    (factorial(n), POSITIVE),
    (f(x), ANY),
    (Max(x, y) ** 2 * sqrt(1 + x**2), WEAK),
]


@pytest.mark.parametrize(("e", "signs"), SIGNS, ids=lambda v: str(v)[:40])
def test_signs_are_read_off(e, signs):
    assert Facts().signs(e) == frozenset(signs)


def test_whole_numbers_have_signs_too():
    assert Facts().positive(3)
    assert Facts().within(2, S(1), S(3))


def test_hypotheses_are_used():
    facts = Facts(
        [x > 2, y >= 0, Ne(c, 1), s < 1, n > 1, each(k, g[k] < 1), Eq(u, -1), r <= 3]
    )
    for e in (x, x - 1, x - 2, 1 - 1 / x, x * y + 1, 1 - s**2, 1 - g[i], 4 - r):
        assert facts.positive(e), e
    for e in (y, n - 2, 3 - r, 3 * y):
        assert facts.nonnegative(e), e
    for e in (c - 1, 1 - c, (c - 1) ** 3, 1 / (c - 1)):
        assert facts.nonzero(e), e
    for e in (x - 3, y - 1, c, c + 1, 1 - 2 * s, n - 3, 1 - g[i + 1], u):
        assert not facts.nonnegative(e), e
    assert facts.under([(i, S(1), n)]).positive(1 - g[i])
    assert facts.under([]) is facts


def test_products_of_nonzero_factors_are_nonzero():
    facts = Facts([each(k, Ne(a[k], 0))])
    assert facts.nonzero(Π(a[i], i))
    assert not Facts().nonzero(Π(a[i], i))


def test_a_bound_on_every_entry_holds_for_entries_in_range_only():
    facts = Facts([each(k, g[k] < 1)])
    assert facts.positive(1 - g[1])
    assert not facts.positive(1 - g[2])
    assert not facts.positive(1 - g[index("o", 0, n)])


# ------------------------------------------------------------------ closed world


class Lying(Function):
    """A function with a derivative of its own invention."""

    def fdiff(self, argindex=1):
        """Lie."""
        return 7 * argindex


class LyingSigmoid(Defined):
    """A function that claims a body without having been made from it."""

    latex_name = r"\sigma"
    body = σ.body
    nargs = 1


class LyingLaw(Bernoulli):
    """A law with moments of its own invention."""

    def moment(self, order):
        """Lie."""
        return S(order)


@pytest.mark.parametrize(
    "e",
    [
        Lying(x),
        LyingSigmoid(x),
        S(0.5) * x,
        Function("f", fdiff=lambda *_: S(7), real=True)(x),
        E(Family(Label("Z", real=True), LyingLaw(p))[i]),
        Symbol("z", real=True) + S.NaN,
        Dummy("z", real=True) + type("Odd", (Symbol,), {})("o"),
        Sum(Lying(x), (i, 1, n)),
        function("B", Lying)(x),
        a[index("z", 1, n * Function("o", integer=True)(n))],
        Symbol("z", real=True, negative=True),
        Symbol("z", even=True),
        Symbol("z", positive=False),
        Probability("z", negative=True),
        Time("z", real=True),
        IndexedBase("z", real=True)[i],
        IndexedBase(Label("z", real=True), shape=(n,))[i],
        IndexedBase(Label("z", real=True), positive=True)[i],
        E(Family(Label("Z", positive=True), Moments(0, s))[i]),
    ],
    ids=str,
)
def test_what_is_not_of_a_known_kind_is_refused(e):
    assert unknown_objects(e)


@pytest.mark.parametrize(
    "e",
    [
        σ(x) + f(y),
        f(x).diff(x),
        E(W[i] * δ[j]) + Var(randoms("N", Normal(x, s))[i]),
        MatrixSymbol("A", n, m).T * MatrixSymbol("A", n, m),
        each(k, a[k] < 1),
        function("I", lambda v: v)(x),
        Integral(exp(-(u**2)), (u, -oo, oo)),
    ],
    ids=str,
)
def test_the_language_is_of_known_kinds(e):
    assert unknown_objects(e) == []


# ------------------------------------------------------------------ names


def problems(*expressions, bound=frozenset()):
    names = Names()
    for e in expressions:
        names.read(e, bound=bound)
    return "; ".join(names.all_problems())


def test_a_name_is_free_or_bound_but_not_both():
    assert "i is both free and bound" in problems(Σ(a[i], i) + a[i])
    assert "i is both free and bound" in problems(Σ(a[i], i), Eq(b[i], 1))
    assert "i is both free and bound" in problems(d(Σ(a[i] ** 2, i), a[i]))
    assert "u is both free and bound" in problems(Integral(u, (u, 0, u)))
    assert problems(Σ(a[i], i) * Σ(b[i], i)) == ""
    assert problems(a[i] * b[i]) == ""


def test_a_certificate_may_use_the_names_of_its_sum():
    assert problems(Σ(a[i], i)) == ""
    names = Names().read(Σ(a[i], i)).read(a[i] ** 2, bound=frozenset({i}))
    assert names.all_problems() == []


def test_no_name_is_bound_twice_on_a_path():
    twice = Sum(a[i] * Sum(b[i], (i, 1, n)), (i, 1, n))
    assert "bound twice" in problems(twice)
    assert "bound twice" in problems(Integral(Integral(u, (u, 0, 1)) * u, (u, 0, 1)))


def test_an_index_runs_over_its_own_range():
    assert "bound over 1..n + 1" in problems(Sum(a[i], (i, 1, n + 1)))
    assert "not an index" in problems(Sum(a[1], (Symbol("o", integer=True), 1, n)))
    assert problems(Sum(x, (Dummy("o", integer=True), 1, n))) == ""
    signed = Dummy("o", integer=True, positive=True)
    assert "not a plain one" in problems(Sum(Abs(signed), (signed, -3, n)))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (x, positive("x")),
        (x, array("x")[1]),
        (a[1], array("a", positive=True)[1]),
        (a[1], array("a", nonnegative=True)[1]),
        (i, index("i", 1, m)),
        (σ(x), function(r"\sigma", lambda v: v + 1)(x)),
        (f(x), function("f", lambda v: v)(x)),
        (E(W[1]), E(randoms("W", Moments(0, 1))[1])),
        (real("theta_0"), positive("theta0")),
        (real(r"\hat{y}"), size("yhat")),
        (f(x), Symbol("f", real=True)),
        (MatrixSymbol("A", n, n)[0, 0], MatrixSymbol("A", n, m)[0, 0]),
        (probability("o"), time("o")),
        (each(k, a[k] > 0), index("k", 2, n)),
    ],
    ids=str,
)
def test_two_things_do_not_print_alike(one, other):
    assert "means different things" in problems(one, other)
    assert problems(one, one) == ""


def test_a_point_and_a_lambda_bind_their_names():
    assert problems(Subs(Derivative(f(u), u), u, x)) == ""
    assert "u is both" in problems(Subs(Derivative(f(u), u), u, u))
    assert problems(Lambda(u, u + x)) == ""


# ------------------------------------------------------------------ domain

FINE = [
    1 / (1 + x**2),
    1 / s + log(s) + sqrt(w) + s**x,
    x**t,
    log(1 - σ(x)) + 1 / σ(x),
    log(1 - p) + 1 / (1 - p) + p**x,
    Σ(exp(a[i]) / Σ(exp(a[j]), j), i),
    Σ(a[i], i) / n,
    d(sqrt(s), s) + d(Abs(1 + x**2), x) + d(Max(x, x + s), x),
    d(Max(y, 0) * x, x),
    Abs(x) + Max(x, y) + Min(x, y),
    Integral(log(1 + u), (u, 0, 1)) + Integral(exp(-u), (u, 0, oo)),
    Integral(1 / (1 + u), (u, 0, s)),
    E(W[i] ** 2) + Var(Σ(W[i] * a[i], i)),
    E(log(1 + δ[i])) + E(exp(δ[i])),
    Sum(i, (i, 1, n)),
    binomial(n, k) + factorial(n - k),
    f(x) + d(f(x), x),
    Subs(Derivative(log(u), u), u, s),
    MatrixSymbol("A", n, m).T * MatrixSymbol("A", n, m),
    MatrixSymbol("A", n, m)[0, 1] ** 2,
    each(k, g[k] < 1),
    Product(σ(a[i]), (i, 1, n)),
    Σ(a[index("z", 2, n)], index("z", 2, n)),
]


@pytest.mark.parametrize("e", FINE, ids=lambda v: str(v)[:40])
def test_what_is_visibly_defined_has_no_complaint(e):
    assert complaints(e, Facts()) == []


v = array("v")
recurrence = {v: (c, t, x * v[t] + a[t])}
whole = Symbol("o", integer=True)

WRONG = [
    (1 / x, "x is not visibly nonzero"),
    (1 / (x - 1), "x - 1 is not visibly nonzero"),
    (x ** (-n), "x is not visibly nonzero"),
    (x**whole, "x is not visibly nonzero"),
    (log(x), "x is not visibly positive"),
    (log(w), "w is not visibly positive"),
    (log(whole + 1), "o + 1 is not visibly positive"),
    (sqrt(x), "x is not visibly nonnegative"),
    (x**y, "x is not visibly positive"),
    (w ** (-s), "w is not visibly positive"),
    (1 / Σ(a[i], i), "Sum(a[i], (i, 1, n)) is not visibly nonzero"),
    (σ(1 / x), "x is not visibly nonzero"),
    (function("R", lambda o: 1 / o)(x), "x is not visibly nonzero"),
    (Symbol("z") + 1, "z is not declared real"),
    (IndexedBase("z")[i], "z is not declared real"),
    (a[x], "the index x is not an integer"),
    (d(sqrt(w), w), "w is not visibly positive"),
    (d(Abs(x), x), "x is not visibly nonzero"),
    (d(Max(x, 0), x), "is not visibly nonzero"),
    (d(Max(x, y, 0), x), "x - y is not visibly nonzero"),
    (d(Max(a[i], 0), a[k]), "a[i] is not visibly nonzero"),
    (Derivative(x * n, n), "n is an integer"),
    (Derivative(W[i] * x, W[i]), "is not a variable"),
    (d(E(δ[i] * p), p), r"the law of \delta depends on p"),
    (Derivative(v[t] * x, x), "the sequence v depends on x"),
    (Derivative(v[t] * c, c), "the sequence v depends on c"),
    (Derivative(v[t] * a[k], a[k]), "the sequence v depends on a[k]"),
    (Derivative(v[t] ** 2, v[t]), "v is a sequence, not a variable"),
    (v[t - 1], "t - 1 >= 0, the start of v, is not visible"),
    (W[i] * x, "W[i] is random"),
    (E(1 / W[i]), "need not exist"),
    (E(1 / δ[i]), "is not visibly nonzero"),
    (E(exp(W[i])), "need not exist"),
    (E(randoms("Z", Bernoulli(s))[i]), "1 - s >= 0, so that Z has its law"),
    (E(randoms("Z", Moments(x, y))[i]), "-x**2 + y >= 0"),
    (Sum(a[i], (i, 1, oo)), "oo is not a number"),
    (Sum(a[whole], (whole, 1, x)), "the limit x is not an integer"),
    (Sum(a[i], (i, 3, n)), "the range 3..n may be reversed"),
    (Integral(1 / u, (u, -1, 1)), "u is not visibly nonzero"),
    (Integral(s, (s, -1, 1)), "-1 >= 0, as s is declared"),
    (Integral(p, (p, 0, 2)), "2 <= 1, as p is"),
    (Integral(n, (n, 1, 2)), "n is an integer"),
    (Integral(1 / (2 + u), (u, x, y)), "u + 2 is not visibly nonzero"),
    (Subs(Derivative(log(u), u), u, x), "u is not visibly positive"),
    (binomial(x, 2), "x is not an integer"),
    (factorial(n - 2), "n - 2 is not visibly nonnegative"),
    (x + oo, "oo is not a number"),
    (each(k, 1 / a[k] < x), "a[k] is not visibly nonzero"),
    (MatrixSymbol("A", n, Symbol("z"))[0, 0] * 0 + log(x), "x is not visibly"),
    (Eq(1 / x, 2), "x is not visibly nonzero"),
]


@pytest.mark.parametrize(("e", "complaint"), WRONG, ids=lambda v: str(v)[:40])
def test_what_may_be_undefined_is_named(e, complaint):
    assert complaint in "; ".join(complaints(e, Facts(), recurrence))


def test_a_hypothesis_answers_a_complaint():
    assert complaints(1 / (x - 1), Facts([Ne(x, 1)])) == []
    assert complaints(log(a[k]), Facts([each(i, a[i] > 0)])) == []
    assert complaints(d(Abs(x), x), Facts([Ne(x, 0)])) == []
    assert complaints(v[t - 1], Facts([t >= 1]), recurrence) == []


def test_a_hypothesis_about_one_index_does_not_answer_for_each():
    for name in (k, j):
        about_one = Facts([Ne(a[name], 0)])
        found = complaints(each(k, 1 / a[k] < x), about_one)
        assert found == ["a[k] is not visibly nonzero"]


def test_what_a_sequence_depends_on_through_another_is_seen():
    o = array("o")
    two = {**recurrence, o: (S.Zero, t, o[t] + v[t])}
    found = complaints(Derivative(o[t] * c, c), Facts(), two)
    assert found == ["the sequence v depends on c"]

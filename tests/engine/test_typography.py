"""What is printed is what was checked: textbook order, one text per formula, stable."""

import hashlib
import os
import subprocess
import sys

import pytest
import sympy as sp
from math_core import LatexToMathML
from sympy import Derivative, MatrixSymbol, Mul, Pow, Subs
from sympy.matrices.expressions.matexpr import MatrixElement

from derivations.engine import (
    Π,
    Σ,
    Abs,
    Bernoulli,
    Derivation,
    E,
    Eq,
    Integral,
    KroneckerDelta,
    Max,
    Ne,
    Rational,
    Var,
    algebra,
    array,
    d,
    definition,
    differentiation,
    each,
    equals,
    erf,
    exp,
    function,
    index,
    log,
    oo,
    pi,
    positive,
    probability,
    randoms,
    real,
    size,
    sqrt,
    tanh,
    theorem,
    time,
    unknown,
)
from derivations.engine.catalog import discover
from derivations.engine.typography import latex, lines, scope, setting, unicode
from tests.engine import samples
from tests.engine.mutate import mutants
from tests.engine.samples import SAMPLES
from tests.engine.truths import TRUTHS

EVERY = [*SAMPLES, *TRUTHS.values(), *dict(discover()).values()]

n, K, D, L = size("n K d L")
x, u, t = real("x u t")
s, η, λ = positive("s eta lambda")
p, β = probability("p beta")
i, j, k, l = index("i j k l", 1, K)
q = index("l", 1, L)
a, y, z, w = array("x y z w")
X, W = array("X W")
ŷ = array(r"\hat{y}")
σ = function(r"\sigma", lambda v: 1 / (1 + exp(-v)))
f = unknown("f")
T = time("t")
past = index("i", 1, T)
δ = randoms(r"\delta", Bernoulli(p))
net = Σ(w[i] * δ[i] * a[i], i)
A, B, c = MatrixSymbol("A", n, D), MatrixSymbol("B", D, n), MatrixSymbol("c", D, 1)

GOLDEN = [
    (σ(x) * (1 - σ(x)), r"\sigma(x) (1 - \sigma(x))", "σ(x) (1 − σ(x))"),
    (d(σ(x), x), r"\sigma'(x)", "σ′(x)"),
    (d(f(z[j]), z[j]), "f'(z_{j})", "f′(zⱼ)"),
    (d(σ(x), x, 2), r"\sigma''(x)", "σ″(x)"),
    (
        d(1 / (1 + exp(-x)), x),
        r"\frac{d}{dx} \frac{1}{1 + e^{- x}}",
        "d/dx (1/(1 + e⁻ˣ))",
    ),
    (
        d(Σ((ŷ[i] - y[i]) ** 2, i) / n, ŷ[k]),
        r"\frac{\partial}{\partial \hat{y}_{k}} \left( \frac{1}{n} \sum_{i=1}^{K} "
        r"(\hat{y}_{i} - y_{i})^{2} \right)",
        "∂/∂ŷₖ ((1/n) ∑ᵢ₌₁ᴷ (ŷᵢ − yᵢ)²)",
    ),
    (2 * (ŷ[k] - y[k]) / n, r"\frac{2}{n} (\hat{y}_{k} - y_{k})", "(2/n) (ŷₖ − yₖ)"),
    ((σ(z[k]) - y[k]) / n, r"\frac{\sigma(z_{k}) - y_{k}}{n}", "(σ(zₖ) − yₖ)/n"),
    (
        exp(z[l]) / Σ(exp(z[j]), j) - y[l],
        r"\frac{e^{z_{l}}}{\sum_{j=1}^{K} e^{z_{j}}} - y_{l}",
        "e^(zₗ)/(∑ⱼ₌₁ᴷ e^(zⱼ)) − yₗ",
    ),
    (
        Σ(exp(z[j]) * KroneckerDelta(j, l), j),
        r"\sum_{j=1}^{K} e^{z_{j}} \mathbf{1}_{j=l}",
        "∑ⱼ₌₁ᴷ e^(zⱼ) 𝟏[j=l]",
    ),
    (
        (t - p * Σ(w[i] * a[i], i)) ** 2 + p * (1 - p) * Σ(w[i] ** 2 * a[i] ** 2, i),
        r"\left( t - p \sum_{i=1}^{K} w_{i} x_{i} \right)^{2} "
        r"+ p (1 - p) \sum_{i=1}^{K} w_{i}^{2} x_{i}^{2}",
        "(t − p ∑ᵢ₌₁ᴷ wᵢ xᵢ)² + p (1 − p) ∑ᵢ₌₁ᴷ wᵢ² xᵢ²",
    ),
    (
        E(net) ** 2,
        r"\mathbb{E}\left[ \sum_{i=1}^{K} \delta_{i} w_{i} x_{i} \right]^{2}",
        "𝔼[∑ᵢ₌₁ᴷ δᵢ wᵢ xᵢ]²",
    ),
    (Var(δ[k]), r"\operatorname{Var}[\delta_{k}]", "Var[δₖ]"),
    (
        Integral(u**2 * exp(-(u**2) / (2 * s**2)) / (sqrt(2 * pi) * s), (u, 0, oo)),
        r"\int_{0}^{\infty} \frac{u^{2} e^{- u^{2} / (2 s^{2})}}{s \sqrt{2 \pi}} \, du",
        "∫[0..∞] u² e^(−u²/(2 s²))/(s √(2 π)) du",
    ),
    (sqrt(6 / (s + η)), r"\sqrt{\frac{6}{\eta + s}}", "√(6/(η + s))"),
    ((1 - η * λ) ** T, r"(1 - \eta \lambda)^{t}", "(1 − η λ)ᵗ"),
    (
        (1 - β) * Σ(β ** (T - past) * a[past], past),
        r"(1 - \beta) \sum_{i=1}^{t} \beta^{t - i} x_{i}",
        "(1 − β) ∑ᵢ₌₁ᵗ βᵗ⁻ⁱ xᵢ",
    ),
    (
        Π(Abs(w[q]) * σ(z[q]), q),
        r"\prod_{l=1}^{L} \lvert w_{l} \rvert \sigma(z_{l})",
        "∏ₗ₌₁ᴸ |wₗ| σ(zₗ)",
    ),
    (
        log(Σ(exp(z[j]), j)) * Σ(y[k], k),
        r"\log\left( \sum_{j=1}^{K} e^{z_{j}} \right) \sum_{k=1}^{K} y_{k}",
        "log(∑ⱼ₌₁ᴷ e^(zⱼ)) ∑ₖ₌₁ᴷ yₖ",
    ),
    (
        y[k] * log(σ(z[k])) + (1 - y[k]) * log(1 - σ(z[k])),
        r"y_{k} \log \sigma(z_{k}) + (1 - y_{k}) \log(1 - \sigma(z_{k}))",
        "yₖ log σ(zₖ) + (1 − yₖ) log(1 − σ(zₖ))",
    ),
    (X[i, j + 1], "X_{i,j+1}", "X[i,j+1]"),
    (
        2 * A.T * (A * c - B.T * c) / n,
        r"\frac{2}{n} \mathbf{A}^{\top} (\mathbf{A} \mathbf{c} "
        r"- \mathbf{B}^{\top} \mathbf{c})",
        "(2/n) Aᵀ (A c − Bᵀ c)",
    ),
    (sp.HadamardProduct(A, B.T), r"\mathbf{A} \odot \mathbf{B}^{\top}", "A ⊙ Bᵀ"),
    (-A - 2 * B.T, r"- 2 \mathbf{B}^{\top} - \mathbf{A}", "−2 Bᵀ − A"),
    (
        sp.Trace(A * B) * x,
        r"x \operatorname{tr}(\mathbf{A} \mathbf{B})",
        "x tr(A B)",
    ),
    (sp.Identity(n) + A * B, r"\mathbf{A} \mathbf{B} + \mathbf{I}", "A B + I"),
    (sp.ZeroMatrix(n, D), r"\mathbf{0}", "0"),
    (sp.HadamardProduct(A, B.T)[i, j], "A_{ij} B_{ji}", "Aᵢⱼ Bⱼᵢ"),
    (
        Subs(Derivative(f(x) * x, x), x, λ),
        r"\left. \frac{d}{dx} (x f(x)) \right\rvert_{x=\lambda}",
        "(d/dx (x f(x)))|[x=λ]",
    ),
    (
        Subs(Derivative(f(u), u) * u, (u,), (λ,)),
        r"\left. u f'(u) \right\rvert_{u=\lambda}",
        "(u f′(u))|[u=λ]",
    ),
    (
        Subs(Derivative(f(u), u), x, λ),
        r"\left. f'(u) \right\rvert_{x=\lambda}",
        "(f′(u))|[x=λ]",
    ),
    (
        Derivative(w[1] ** 2 * x, w[1], 2, x),
        r"\frac{\partial^{3}}{\partial w_{1}^{2} \partial x} (x w_{1}^{2})",
        "∂³/∂w₁²∂x (x w₁²)",
    ),
    (sp.factorial(n - 1), "(n - 1)!", "(n − 1)!"),
    (
        KroneckerDelta(i, j, (1, K)),
        r"\mathbf{1}_{i=j \in [1,K]}",
        "𝟏[i=j ∈ [1,K]]",
    ),
    (array("x_0")[i], "x_{0;i}", "x₀[i]"),
    (array(r"z_{(1)}^{a}")[i], r"\left(z_{(1)}^{a}\right)_{i}", "z_(1)^aᵢ"),
    (array(r"z^{(1)}")[i] ** 2, r"(z^{(1)}_{i})^{2}", "z^(1)ᵢ²"),
    (sp.E * x, "e x", "e x"),
    (Max(0, x) ** 2, r"\max(0, x)^{2}", "max(0, x)²"),
    (tanh(x) - erf(x), r"\tanh(x) - \operatorname{erf}(x)", "tanh(x) − erf(x)"),
    (-(x - t), "- (x - t)", "−(x − t)"),
    (Subs(Derivative(f(x), x), x, λ * t), r"f'(\lambda t)", "f′(λ t)"),
    (3 * 2**n, r"3 \cdot 2^{n}", "3 · 2ⁿ"),
    (
        each(k, y[k] > 0),
        r"y_{k} > 0\text{ for every }k \in \{1, \dots, K\}",
        "yₖ > 0 for every k ∈ {1, …, K}",
    ),
    (Eq(Σ(y[k], k), 1), r"\sum_{k=1}^{K} y_{k} = 1", "∑ₖ₌₁ᴷ yₖ = 1"),
    (Ne(x, -1), r"x \ne -1", "x ≠ −1"),
    (sp.binomial(n, L) * p**L, r"\binom{n}{L} p^{L}", "C(n, L) pᴸ"),
    (
        Mul(x, Pow(x, -1, evaluate=False), evaluate=False),
        r"\frac{x}{x}",
        "x/x",
    ),
]


@pytest.mark.parametrize(
    ("formula", "tex", "terminal"), GOLDEN, ids=lambda v: str(v)[:30]
)
def test_a_formula_prints_as_in_a_textbook(formula, tex, terminal):
    assert latex(formula) == tex
    assert unicode(formula) == terminal


@pytest.mark.parametrize(
    ("name", "tex", "terminal"),
    [
        ("lambda_1", r"\lambda_{1}", "λ₁"),
        ("λ", r"\lambda", "λ"),
        ("n_in", r"n_{\mathrm{in}}", "nᵢₙ"),
        ("x1", "x_{1}", "x₁"),
        ("epsilon", r"\varepsilon", "ε"),
        ("loss", r"\mathrm{loss}", "loss"),
        (r"\bar{x}", r"\bar{x}", "x̄"),
        (r"\hat\theta", r"\hat\theta", "θ̂"),
        (r"z^{(1)}", r"z^{(1)}", "z^(1)"),
        ("k'", "k'", "k'"),
        ("P_AB", r"P_{\mathrm{AB}}", "P_AB"),
    ],
)
def test_a_name_prints_with_its_letters(name, tex, terminal):
    assert latex(real(name)) == tex
    assert "<math" in LatexToMathML().convert_with_local_state(tex, displaystyle=True)
    assert unicode(real(name)) == terminal


# -------------------------------------------------------------------------- derivations


def test_a_derivation_prints_with_its_reasons():
    assert latex(samples.sigmoid_slope) == (
        "\\begin{aligned}\n"
        "  & \\sigma'(x) \\\\\n"
        "  &= \\sigma(x) (1 - \\sigma(x)) && "
        "\\text{by “Derivative of the logistic sigmoid”} \\\\\n"
        "  &\\le \\frac{1}{4} && \\text{the gap }"
        "\\left( \\sigma(x) - \\frac{1}{2} \\right)^{2}\\text{ is not negative}\n"
        "\\end{aligned}"
    )


def test_a_derivation_prints_for_the_terminal():
    assert unicode(samples.softmax_cross_entropy) == (
        "Gradient of cross-entropy through softmax\n"
        "Let K be a size; l ∈ {1, …, K}; yₖ and zⱼ be real. Suppose ∑ₖ₌₁ᴷ yₖ = 1.\n"
        "Holds for every K.\n"
        "\n"
        "    ∂/∂zₗ (−∑ₖ₌₁ᴷ yₖ log(e^(zₖ)/(∑ⱼ₌₁ᴷ e^(zⱼ))))\n"
        "  = ∂/∂zₗ (log(∑ⱼ₌₁ᴷ e^(zⱼ)) ∑ₖ₌₁ᴷ yₖ − ∑ₖ₌₁ᴷ yₖ zₖ)         "
        "laws of exponents and logarithms\n"
        "  = ∂/∂zₗ (log ∑ⱼ₌₁ᴷ e^(zⱼ) − ∑ₖ₌₁ᴷ yₖ zₖ)                   "
        "since ∑ₖ₌₁ᴷ yₖ = 1\n"
        "  = (∑ⱼ₌₁ᴷ e^(zⱼ) 𝟏[j=l])/(∑ⱼ₌₁ᴷ e^(zⱼ)) − ∑ₖ₌₁ᴷ yₖ 𝟏[k=l]   chain rule\n"
        "  = e^(zₗ)/(∑ⱼ₌₁ᴷ e^(zⱼ)) − yₗ                               "
        "only one term survives"
    )


def test_the_rows_of_a_derivation_are_relation_formula_reason():
    first, *rest = lines(samples.sigmoid_slope)
    assert (first.relation, first.reason) == ("", "")
    assert [row.relation for row in rest] == ["=", r"\le"]
    assert rest[1].reason.startswith("the gap $")


def test_reasons_name_sequences_and_what_a_theorem_is_used_at():
    v = array("v")
    unrolled = Derivation(
        "One step",
        v[T + 1],
        equals(β * v[T] + 1, definition(v)),
        sequences={v: (0, T, β * v[T] + 1)},
    )
    assert lines(unrolled)[1].reason == "definition of $v$"
    slope = Derivation(
        "Outside",
        d(f(x) + 1, x),
        equals(d(f(x), x), differentiation),
    )
    used = Derivation(
        "Used",
        d(σ(t) + 1, t),
        equals(d(σ(t), t), theorem(slope, at={f: σ, x: t})),
    )
    assert lines(used)[1].reason == r"by “Outside” with $f = \sigma$ and $x = t$"


@pytest.mark.parametrize(
    ("derivation", "text"),
    [
        (
            samples.dropout_loss,
            "Let $n$ be a size; $t$ be real; $0 < p < 1$; $w_{i}$ and $x_{i}$ be real; "
            r"$\delta_{i}$ be independent, each 1 with probability $p$ and else 0.",
        ),
        (
            samples.he_variance,
            "Let $n$ be a size; $s, v > 0$; $W_{i}$ be independent, of any law with "
            "mean $0$ and mean square $v$; $h_{i}$ be independent, of any law with "
            r"mean $\frac{s}{2}$ and mean square $\frac{s^{2}}{2}$. "
            r"Suppose $v = \frac{2}{n}$.",
        ),
        (
            samples.momentum,
            r"Let $t = 0, 1, 2, \dots$; $0 < \beta < 1$; $g_{i}$ be real. The sequence "
            r"starts at $v_{0} = 0$ and goes on by "
            r"$v_{t+1} = \beta v_{t} + (1 - \beta) g_{t+1}$.",
        ),
        (
            samples.backpropagation,
            r"Let $H$ and $K$ be sizes; $j \in \{1, \dots, H\}$; $W_{kj}$, "
            r"$\delta_{k}$, $b_{k}$ and $z_{j}$ be real. The function $f$ is any "
            "smooth one.",
        ),
        (
            samples.mse_gradient_matrix,
            r"Let $d$ and $n$ be sizes; $l \in \{0, \dots, d - 1\}$; $\mathbf{X}$ be a "
            r"real $n \times d$ matrix; $\mathbf{w}$ be a real $d \times 1$ matrix; "
            r"$\mathbf{y}$ be a real $n \times 1$ matrix.",
        ),
        (
            samples.gaussian_fourth_moment,
            r"Let $n$ be a size; $\sigma_{w} > 0$; $w_{i}$ be real; $W_{i}$ be "
            "independent, with the first five moments of a normal law of mean $0$ and "
            r"variance $\sigma_{w}^{2}$.",
        ),
    ],
    ids=lambda v: getattr(v, "title", "text"),
)
def test_the_setting_says_what_the_letters_stand_for(derivation, text):
    assert setting(derivation) == text


def test_the_scope_names_sizes_and_times():
    assert scope(samples.backpropagation) == "Holds for every $H$ and $K$."
    assert scope(samples.momentum) == "Holds for every $t$."
    assert scope(samples.sigmoid_slope) == ""


def test_a_derivation_without_letters_has_no_setting():
    numbers = Derivation("Numbers", log(Rational(8)), equals(3 * log(2), algebra))
    assert setting(numbers) == ""


@pytest.mark.parametrize("derivation", EVERY, ids=lambda v: v.title)
def test_every_printed_line_is_mathml(derivation):
    convert = LatexToMathML().convert_with_local_state
    for row in lines(derivation):
        assert "<math" in convert(row.formula, displaystyle=True)
        for prose in (row.reason, setting(derivation), scope(derivation)):
            for formula in prose.split("$")[1::2]:
                assert "<math" in convert(formula, displaystyle=False)
    assert "<mtable" in convert(latex(derivation), displaystyle=True)


# ----------------------------------------------------------------------- a true printer


@pytest.mark.parametrize("derivation", EVERY, ids=lambda v: v.title)
def test_different_formulas_print_differently(derivation):
    print_apart(derivation, 12)


@pytest.mark.nightly
@pytest.mark.parametrize("derivation", EVERY, ids=lambda v: v.title)
def test_all_mutants_print_differently(derivation):
    print_apart(derivation, 10_000)


def print_apart(derivation, limit):
    printed: dict[str, sp.Basic] = {}
    for e in derivation.expressions:
        changes = [changed for _, changed in mutants(e)]
        for changed in (e, *changes[:: 1 + len(changes) // limit]):
            tex = latex(changed).replace(r"\left", "").replace(r"\right", "")
            for text in (f"tex {tex}", f"terminal {unicode(changed)}"):
                assert printed.setdefault(text, changed) == changed, text


PROGRAM = """
import hashlib
from derivations.engine.typography import latex, setting, unicode
from tests.engine.samples import SAMPLES
text = "\\n".join(f(d) for d in SAMPLES for f in (latex, setting, unicode))
print(hashlib.sha256(text.encode()).hexdigest())
"""


@pytest.mark.parametrize("seed", ["1", "20", "300"])
def test_the_text_does_not_depend_on_the_hash_seed(seed):
    here = "\n".join(show(v) for v in SAMPLES for show in (latex, setting, unicode))
    there = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        env={
            **os.environ,
            "PYTHONHASHSEED": seed,
            "PYTHONPATH": os.pathsep.join(sys.path),
        },
        capture_output=True,
        text=True,
        check=True,
    )
    assert there.stdout.strip() == hashlib.sha256(here.encode()).hexdigest()


@pytest.mark.parametrize(
    "foreign",
    [
        sp.Float("0.5"),
        MatrixElement(A * B, 0, 0),
        sp.gamma(x),
        sp.Piecewise((x, x > 0), (0, True)),
        Integral(x, x),
    ],
    ids=str,
)
def test_what_no_derivation_is_made_of_is_not_printed(foreign):
    with pytest.raises(ValueError, match="cannot print"):
        latex(foreign)


def test_a_function_may_not_borrow_the_typography_of_another():
    assert latex(unknown("log")(x)) == r"\operatorname{log}(x)"
    assert latex(log(x)) == r"\log x"
    assert latex(function("Add", lambda v: v + 1)(x)) == r"\operatorname{Add}(x)"

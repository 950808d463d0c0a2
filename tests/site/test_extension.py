"""The Markdown extension: what blocks become, and how a mistake is named."""

import os
import re
from xml.etree import ElementTree

import markdown
import pytest

from docs._extension import book, certificates, mathematics, proofs, sources
from docs._extension.book import BookError, Context, Page
from docs._extension.mathematics import breadth

EXTENSIONS = [
    "attr_list",
    "md_in_html",
    "tables",
    "toc",
    "pymdownx.arithmatex",
    "pymdownx.superfences",
    "docs._extension",
]


def convert(text, page=None):
    """Convert a text as the page `page`."""
    return markdown.markdown(
        text,
        extensions=EXTENSIONS,
        extension_configs={
            "pymdownx.arithmatex": {"generic": True},
            "docs._extension": {"page": page},
        },
    )


def page(text, name="reference/test.md"):
    return Page(name, {}, f"---\ntitle: Test\n---\n{text}")


@pytest.fixture
def certified(monkeypatch, tmp_path):
    """Keep certificates in an empty folder."""
    monkeypatch.setattr(proofs, "CERTIFICATES", tmp_path)
    return tmp_path


# ---------------------------------------------------------------------- formulas


def test_inline_formula_becomes_mathml():
    made = convert("The slope $\\tfrac14$ of $x_i$.")
    assert made.count("<math>") == 2
    assert "$" not in made
    assert "arithmatex" not in made


def test_display_formula_scrolls_and_stays_out_of_the_search():
    made = convert("$$\n\\frac{1}{1 + e^{-x}}\n$$")
    assert '<math display="block">' in made
    assert re.search(r'<div class="formula scroll"[^>]*data-search-exclude', made)


PRODUCT = r"- 2 v \sigma{\left(\sum_{i=1}^{d} W_{i} x_{i} + c \right)} " + (
    r"\left(1 - \sigma{\left(\sum_{j=1}^{h} v_{j} z_{j} + b \right)}\right)"
)


def pieces(made):
    roots = [
        ElementTree.fromstring(each) for each in re.findall("<math.*?</math>", made)
    ]
    return ["".join(root.itertext()) for root in roots]


def test_broad_product_breaks_between_its_factors_only():
    made = mathematics.breaking(PRODUCT, display=True)
    assert pieces(made) == ["−2v", "σ(∑i=1dWixi+c)", "(1−σ(∑j=1hvjzj+b))"]
    assert made.count("<wbr>") == 2


def test_broad_sum_breaks_before_its_signs_and_keeps_them_binary():
    made = mathematics.breaking(
        "a_{1} b_{1} c_{1} d_{1} e_{1} + f_{1} g_{1} h_{1} p_{1}", display=False
    )
    assert pieces(made) == ["a1b1c1d1e1", "+f1g1h1p1"]
    assert '<mo form="infix">+</mo>' in made


@pytest.mark.parametrize(
    ("tex", "never"),
    [
        (
            r"\frac{\partial}{\partial W} \sigma(aaaaaaaaaaaaaaaaaaaa) (bbbbbbbbbbbbb)",
            "∂∂W",
        ),
        (
            r"\sum_{i=1}^{n} f(x_{i}) g(aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa)",
            "∑i=1n",
        ),
        (r"x y z (aaaaaaaaaaaaaaaaaaaaaaa) - (-bbbbbbbbbbbbbbbbbbbbbbbbbbbb)", "−"),
    ],
)
def test_operator_is_not_torn_from_what_it_acts_on(tex, never):
    made = pieces(mathematics.breaking(tex, display=True))
    assert len(made) > 1
    assert never not in made


def test_breaking_loses_nothing():
    assert "".join(pieces(mathematics.breaking(PRODUCT, display=True))) == "".join(
        pieces(mathematics.mathml(PRODUCT, display=True))
    )


def test_narrow_formula_is_one_piece():
    assert mathematics.breaking("x + y", display=True).count("<math") == 1


def test_dollars_in_code_stay():
    assert "<code>$x$</code>" in convert("`$x$`")


@pytest.mark.parametrize("tex", ["\\frac{a", "\\notacommand", "a_b_c", "{x"])
def test_bad_formula_names_page_line_and_reason(tex):
    text = f"One.\n\nTwo ${tex}$ three."
    place = r"^docs/reference/test\.md:6: the formula .* is not LaTeX: .*, at column \d"
    with pytest.raises(BookError, match=place):
        convert(text, page(text))


def test_breadth_of_a_formula_counts_what_stands_side_by_side():
    one, two = breadth("x"), breadth("xx")
    assert two == 2 * one
    assert two < breadth(r"\frac{xx}{x}") < breadth("xxx")
    assert one < breadth("x^x") < two < breadth("x + x")
    assert breadth(r"x \text{ if } x < 1") > breadth("x < 1")
    assert breadth(r"\sum_{i=1}^{n} x_i") < breadth(r"x_1 + x_2 + x_3")


# ------------------------------------------------------------------- malformed pages


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("/// drivation | a.b.c\n///", 5, "there is no block 'drivation'"),
        ("/// properties | a.b", 5, "the block '/// properties | a.b' is not closed"),
        ("Text.\n\n///", 7, "/// closes no open block"),
        ("//// answer\n///", 5, "/// closes no open block"),
        ("/// derivation\n///", 5, "the options or the argument of '/// derivation'"),
        (
            "/// exercise | A\n    answr: x\n\nQ\n///",
            5,
            "are not valid: there is no option 'answr'; there are answer, check",
        ),
        (
            "/// exercise | A\n    answer: [a: b: c\n\nQ\n///",
            5,
            "the options or the argument of '/// exercise | A' are not valid",
        ),
        ("/// derivation | sigmoid\n///", 5, "named chapter.concept.name, got 'sigm"),
        ("/// derivation | a.b.c\n///", 5, "there is no module derivations.a.b"),
        (
            "/// derivation | activations.sigmoid.slop\n///",
            5,
            "derivations.activations.sigmoid has no derivation 'slop'; it has deriv",
        ),
        ("/// broken | a.b.c\n///", 5, "there is no module derivations.a.b"),
        ("/// properties | activations.sgmoid\n///", 5, "there is no test file tests/"),
        ("/// claim | A9-001\n///", 5, "the ledger has no claim 'A9-001'"),
        ("/// ledger | A9\n///", 5, "there is no article 'A9'"),
        ("/// chapter | actvations\n///", 5, "there is no chapter 'actvations'"),
        ("/// figure | a.b.c\n///", 5, "figure a.b.c needs an option alt"),
        (
            "/// figure | a.b.c\n    alt: A\n///",
            5,
            "there is no file docs/_figures/a/b.py",
        ),
        (
            "/// figure | f\n    alt: A\n///",
            5,
            "a figure is named chapter.concept.name",
        ),
        (
            "/// figure | activations.sigmoid.nothing\n    alt: A\n///",
            5,
            "docs/_figures/activations/sigmoid.py has no function nothing",
        ),
        ("/// widget | spinner\n///", 5, "there is no widget 'spinner'"),
        (
            '/// exercise | A\n    check: "1 + 1 == 3"\n\nQ\n///',
            5,
            "the check '1 + 1 == 3' must be True, got False",
        ),
        (
            '/// exercise | A\n    check: ["1 == 1", "2"]\n\nQ\n///',
            5,
            "the check '2' must be True, got 2",
        ),
        (
            '/// exercise | A\n    check: "nothing(1)"\n\nQ\n///',
            5,
            "'nothing(1)' raises NameError",
        ),
        ("/// values\n///", 5, "the options rows and columns are needed"),
        (
            "/// values\n    rows: [1]\n    columns: {a: x}\n    compare: {a: b}\n///",
            5,
            "compare: no column has the heading 'b'",
        ),
        (
            "/// values\n    rows: [1]\n    columns: {a: 1 / 0}\n///",
            5,
            "'1 / 0' raises ZeroDivisionError",
        ),
        ("Text {{ sgmoid(0) }}.", 5, "{{ sgmoid(0) }}: 'sgmoid(0)' raises NameError"),
        ("Text {{ sigmoid(0.0) ; q }}.", 5, "{{ sigmoid(0.0) ; q }}: "),
    ],
)
def test_mistake_stops_the_build_with_its_place(text, line, message):
    text = f"\n{text}"
    with pytest.raises(BookError) as caught:
        convert(text, page(text))
    place, _, rest = str(caught.value).partition(": ")
    assert place == f"docs/reference/test.md:{line}"
    assert message in rest


def test_blocks_in_a_code_fence_are_text():
    made = convert("```\n/// nothing | at all\n```\n")
    assert "/// nothing | at all" in made


def test_page_is_found_by_its_body():
    home = next(each for each in book.pages() if each.path == "index.md")
    assert book.page_of(book.body(home.source) + "\n") == home
    assert book.page_of("no page says this") is None


# --------------------------------------------------------------------- derivations


def test_derivation_shows_every_line_with_its_reason(certified):
    certificates.certify("activations.sigmoid.derivative")
    made = convert("/// derivation | activations.sigmoid.derivative\n///")
    steps = len(proofs.derivation("activations.sigmoid.derivative").steps)
    assert made.count('class="line"') == steps
    assert made.count("<math") >= 2 * steps + 1
    for number in range(1, steps + 1):
        assert f'id="activations.sigmoid.derivative-{number}"' in made
        assert f'href="#activations.sigmoid.derivative-{number}"' in made
    assert made.count("<details") == steps
    assert made.count("Prover:") == made.count("Refuter:") == steps
    assert 'type="checkbox"' in made
    assert "hide the reasons" in made
    assert "Let " in made


def test_cited_derivation_is_linked(certified):
    certificates.certify("activations.sigmoid.steepest_slope")
    made = convert("/// derivation | activations.sigmoid.steepest_slope\n///")
    link = 'href="activations/sigmoid.md#activations.sigmoid.derivative"'
    assert link in made


def test_derivation_without_certificate_stops_the_build(certified):
    with pytest.raises(BookError, match="has no certificate; run python -m"):
        convert("/// derivation | activations.sigmoid.derivative\n///")


def test_stale_certificate_stops_the_build(certified, monkeypatch):
    certificates.certify("activations.sigmoid.derivative")
    other = proofs.derivation("activations.sigmoid.symmetry")
    monkeypatch.setattr(proofs, "derivation", lambda _name: other)
    with pytest.raises(BookError, match=r"sigmoid\.derivative is stale; run"):
        proofs.certificate("activations.sigmoid.derivative")


@pytest.mark.parametrize("few", [1, 10**6])
def test_certificates_are_made_by_one_process_or_by_many(certified, monkeypatch, few):
    monkeypatch.setattr(certificates, "FEW", few)
    monkeypatch.setattr(os, "cpu_count", lambda: 2)
    wrong = "activations.sigmoid.no_such"
    made = "activations.sigmoid.derivative", "activations.sigmoid.steepest_slope"
    assert list(certificates.attempts(list(made))) == ["", ""]
    with pytest.raises(book.BookError, match=r"no derivation 'no_such'"):
        list(certificates.attempts([wrong, *made]))


def test_new_engine_makes_certificates_stale(certified, monkeypatch):
    certificates.certify("activations.sigmoid.derivative")
    assert certificates.is_fresh("activations.sigmoid.derivative")
    monkeypatch.setattr(proofs, "engine_hash", lambda: "another engine")
    assert not certificates.is_fresh("activations.sigmoid.derivative")


def test_certificates_command_checks_what_is_stale_only(certified, capsys):
    name = "activations.sigmoid.symmetry"
    assert certificates.main([name]) == 0
    assert "1 of them checked again" in capsys.readouterr().out
    assert certificates.main([name]) == 0
    assert "0 of them checked again" in capsys.readouterr().out


def test_refused_derivation_gets_no_certificate(certified, monkeypatch, capsys):
    name = "activations.sigmoid.derivative"
    true = proofs.derivation(name)
    false = proofs._with_line(true, 4, true.start * 2)
    monkeypatch.setattr(proofs, "derivation", lambda _name: false)
    assert certificates.main([name]) == 1
    assert "step 4" in capsys.readouterr().err
    assert not proofs.certificate_file(name).exists()


@pytest.mark.parametrize("seed", range(4))
def test_broken_derivation_is_refused_at_exactly_its_step(certified, seed):
    name = "activations.sigmoid.derivative"
    certificates.certify(name)
    found = proofs.broken(name, seed=seed)
    true = proofs.lines(proofs.derivation(name))
    wrong = [n for n, line in enumerate(found.lines) if line.formula != true[n].formula]
    assert wrong == [found.step]
    assert found.true_formula == true[found.step].formula
    assert re.search(r"is said to", found.refusal)
    assert found == proofs.broken(name, seed=seed)


def test_broken_derivation_can_name_the_step(certified):
    name = "activations.sigmoid.derivative"
    certificates.certify(name)
    assert proofs.broken(name, step=2).step == 2
    with pytest.raises(BookError, match="has steps 1 to 4, not 9"):
        proofs.broken(name, step=9)


def test_every_rule_is_explained():
    from derivations.engine.rules import MEANINGS

    text = next(p.source for p in book.pages() if p.path == "reference/reading.md")
    missing = [name for name in MEANINGS if name not in text]
    assert not missing


# --------------------------------------------------------------------------- laws

LAWS = '''
"""Laws."""

import pytest
from hypothesis import given

pytestmark = pytest.mark.claim("A0-001")


@pytest.mark.contract
@given(x=reals(30), y=reals())
def test_log_sigmoid_never_overflows(impl, x, y):
    """Also far out,
    where it matters.

    More.
    """


@pytest.mark.parametrize(("a", "b"), [(1, pytest.param(2, marks=pytest.mark.slow))])
@pytest.mark.claim("A1-002", "A1-003")
def test_rows_sum_to_one(impl, a, b):
    assert True


def helper():
    pass
'''


@pytest.fixture
def two_laws(monkeypatch, tmp_path):
    folder = tmp_path / "tests" / "activations"
    folder.mkdir(parents=True)
    (folder / "test_made_up.py").write_text(LAWS)
    sources.public_names()  # remembered, from the real reference
    monkeypatch.setattr(sources, "ROOT", tmp_path)
    return sources.laws("activations/made_up")


def test_law_is_read_from_the_test(two_laws):
    first, second = two_laws
    assert first.sentence == "`log_sigmoid` never overflows"
    assert first.note == "Also far out, where it matters."
    assert first.inputs == ("x: reals(30)", "y: reals()")
    assert first.level == "contract"
    assert first.claims == ("A0-001",)
    name = "tests/activations/test_made_up.py::test_log_sigmoid_never_overflows"
    assert first.test == name
    assert second.sentence == "Rows sum to one"
    assert second.inputs == ("a, b: the listed cases",)
    assert second.level == "mathematics"
    assert second.claims == ("A0-001", "A1-002", "A1-003")


def test_properties_block_keeps_the_two_levels_apart(two_laws):
    made = convert("/// properties | activations.made_up\n///")
    mathematics, promises = made.split("Promises of this implementation (1)")
    assert "Laws of mathematics (1)" in mathematics
    assert "Rows sum to one." in mathematics
    assert "Rows sum to one." not in promises
    assert 'href="claims/a1.md#A1-002"' in mathematics
    assert "<code>log_sigmoid</code> never overflows." in promises


def test_every_function_of_the_reference_is_listed():
    assert {f.name for f in sources.functions()} == set(sources.public_names())


# -------------------------------------------------------------------------- ledger

ENTRY = {
    "id": "A0-001",
    "where": "Somewhere",
    "says": "A thing.",
    "concept": "activations/sigmoid",
    "verdict": "holds",
    "because": "So it is.",
}


def ledger(monkeypatch, tmp_path, *texts):
    for number, text in enumerate(texts):
        (tmp_path / "docs" / "claims").mkdir(parents=True, exist_ok=True)
        (tmp_path / "docs" / "claims" / f"a{number}.toml").write_text(text)
    sources.public_names()  # those of the true reference, whichever test comes first
    monkeypatch.setattr(sources, "ROOT", tmp_path)
    monkeypatch.setattr(sources, "DOCS", tmp_path / "docs")
    return sources.ledger()


def entry(**changes):
    made = {**ENTRY, **changes}
    rows = (f'{key} = "{value}"' for key, value in made.items() if value is not None)
    return "[[claim]]\n" + "\n".join(rows) + "\n"


def test_ledger_is_read_in_order_of_ids(monkeypatch, tmp_path):
    found = ledger(monkeypatch, tmp_path, entry(id="A0-002"), entry())
    assert list(found) == ["A0-001", "A0-002"]
    assert found["A0-001"].article == "A0"


@pytest.mark.parametrize(
    ("texts", "message"),
    [
        ([entry(verdict="true")], "a0.toml, entry A0-001: the verdict must be one of"),
        ([entry(says=None)], "a0.toml, entry A0-001: 'says' is missing"),
        ([entry(because=" ")], "a0.toml, entry A0-001: 'because' is missing"),
        ([entry(proof="x")], "a0.toml, entry A0-001: unknown key 'proof'"),
        ([entry(id="B7-001")], "a0.toml, entry B7-001: the id names no article"),
        ([entry(), entry()], "a1.toml: A0-001 is in the ledger twice"),
        (["[[claim]\n"], "a0.toml: "),
    ],
)
def test_wrong_ledger_entry_is_named(monkeypatch, tmp_path, texts, message):
    with pytest.raises(BookError, match=f"^docs/claims/{re.escape(message)}"):
        ledger(monkeypatch, tmp_path, *texts)


def test_claim_block_tells_what_decides_it(monkeypatch, tmp_path):
    folder = tmp_path / "tests" / "activations"
    folder.mkdir(parents=True)
    (folder / "test_made_up.py").write_text(LAWS)
    text = entry(verdict="refuted", correction="The opposite, $x$.")
    ledger(monkeypatch, tmp_path, text)
    made = convert("/// claim | A0-001\n///")
    assert "A thing." in made
    assert "So it is." in made
    assert "The opposite, <span" in made
    assert "test_made_up.py::test_rows_sum_to_one" in made
    assert 'class="chip refuted"' in made


# ------------------------------------------------------------------------- numbers


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("{{ sigmoid(0.0) }}", "0.5"),
        ("{{ np.exp(-40.0) ; .2f }}", "0.00"),
        ("{{ np.exp(-40.0) ; .2g }}", "4.2\u2009\u00d7\u200910<sup>\u221218</sup>"),
        ("{{ -2 }}", "\u22122"),
        ("{{ 1e-17 }}", "10<sup>\u221217</sup>"),
        ("{{ 2.5e20 }}", "2.5\u2009\u00d7\u200910<sup>20</sup>"),
        ("{{ np.array([1.0, 2.5]) }}", "[1, 2.5]"),
        ("{{ float('nan') }}", "<code>nan</code>"),
        ("{{ -np.inf }}", "<code>-inf</code>"),
        ("{{ Fraction(1, 3) == Fraction(2, 6) }}", "<code>True</code>"),
    ],
)
def test_constant_is_computed_and_typeset(text, shown):
    assert f'<span class="constant">{shown}</span>' in convert(f"It is {text}.")


def test_constant_in_code_is_text():
    assert "{{ sigmoid(0.0) }}" in convert("`{{ sigmoid(0.0) }}`")


def test_values_show_their_title_and_are_named_by_it():
    made = convert("/// values | Of $x$\n    rows: [2]\n    columns: {x: x}\n///")
    title = re.search(r'<span class="title" id="([^"]+)">Of <span', made)
    assert f'aria-labelledby="{title[1]}"' in made
    assert "aria-label=" not in made


def test_values_marks_what_differs_from_the_truth():
    made = convert(
        "/// values\n"
        "    rows: [-40.0, 0.0]\n"
        '    let: {printed: "lambda x: np.exp(x) / (1 + np.exp(x)) + (x < -1)"}\n'
        "    columns: {printed: printed(x), right: sigmoid(x)}\n"
        "    compare: {printed: right}\n"
        "\n"
        "Caption.\n"
        "///\n"
    )
    table = ElementTree.fromstring(re.search(r"<tbody>.*</tbody>", made, re.S)[0])
    cells = [["".join(cell.itertext()) for cell in row] for row in table]
    first, second = ([text.strip() for text in row] for row in cells)
    assert first[1].endswith("wrong")
    assert not first[2].endswith("wrong")
    assert second[1:] == ["0.5", "0.5"]
    assert re.search(r"<figcaption>\s*<p>Caption\.</p>", made)


# ----------------------------------------------------------------------- exercises


def test_exercise_folds_its_answer():
    made = convert(
        "/// exercise | Half of it\n"
        '    check: "sigmoid(0.0) == 0.5"\n'
        "    answer: It is *half*.\n"
        "\n"
        "What is $\\sigma(0)$?\n"
        "///\n"
    )
    question, answer = made.split("<details")
    assert "exercise-half-of-it" in question
    assert "<math>" in question
    assert "checked when this page was built" in answer
    assert "It is <em>half</em>." in answer
    assert "half</em>" not in question


def test_answer_may_be_a_block_of_its_own():
    made = convert(
        "//// exercise | Long\nQuestion.\n\n/// answer\nOne.\n\nTwo.\n///\n////\n"
    )
    assert re.search(r"<details.*<p>One\.</p>\s*<p>Two\.</p>\s*</details>", made, re.S)
    assert "checked when" not in made


# ------------------------------------------------------------- needs, this, unlocks


def concept_page(name, *needs):
    source = f"---\ntitle: {name}\n---\n# {name}\n\nText."
    return Page(f"activations/{name}.md", {"needs": list(needs)}, source)


def test_strip_links_both_ways(monkeypatch):
    made = [
        concept_page("b", "activations/a"),
        concept_page("a"),
        concept_page("c", "activations/b"),
    ]
    monkeypatch.setattr(book, "pages", lambda: tuple(made))
    html = convert("# b\n\nText.", made[0])
    strip = re.search(r"<nav.*?</nav>", html, re.S)[0]
    assert html.index("<h1") < html.index("<nav") < html.index("Text.")
    assert 'href="a.md"' in strip.split("Unlocks")[0]
    assert 'href="c.md"' in strip.split("Unlocks")[1]


def test_navigation_lists_every_page_after_what_it_needs():
    order = [page.name for page in book.concepts()]
    assert set(order) == set(book._nav()) & set(order)
    late = [
        (page.name, need)
        for page in book.concepts()
        for need in page.needs
        if order.index(need) > order.index(page.name)
    ]
    assert not late


def test_circle_of_needs_is_named(monkeypatch):
    made = [concept_page("a", "activations/b"), concept_page("b", "activations/a")]
    monkeypatch.setattr(book, "pages", lambda: tuple(made))
    with pytest.raises(BookError, match="need each other: activations/a needs activat"):
        book.concepts()


def test_missing_need_is_named(monkeypatch):
    lost = concept_page("a", "activations/b")
    monkeypatch.setattr(book, "pages", lambda: (lost,))
    with pytest.raises(BookError, match="it needs 'activations/b', which is no page"):
        convert("# a\n\nText.", lost)


def test_links_are_relative_to_the_page():
    here = Context(Page("activations/sigmoid.md", {}, ""))
    assert here.link("losses/cross_entropy.md", "x") == "../losses/cross_entropy.md#x"
    assert here.link("activations/tanh.md") == "tanh.md"
    assert here.link("activations/sigmoid.md", "x") == "#x"
    assert Context().link("claims/a0.md") == "claims/a0.md"

"""The built book in headless Chromium: what a reader sees, hears and waits for.

Run with ``pytest -m browser tests/site``. Needs Chromium and the `dev` extra. The site
is built first, strictly; ``LEMMATA_SITE`` names a folder that is built already.
"""

import functools
import gzip
import http.server
import json
import os
import re
import subprocess
import sys
import threading
from collections import defaultdict
from html.parser import HTMLParser
from importlib import resources
from pathlib import Path
from urllib.parse import unquote, urldefrag, urljoin, urlsplit

import numpy as np
import pytest

import reference
from docs._extension.blocks_figure import WIDGETS
from docs._extension.book import ROOT
from reference.conformance.compare import assert_close

pytestmark = pytest.mark.browser

WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
LIMIT = 200 * 1024  # bytes of a first view, compressed


# A derivation of several steps.
SLOPE = '[id="activations.sigmoid.derivative"]'

# ------------------------------------------------------------------ site and browser


@pytest.fixture(scope="session")
def site(tmp_path_factory):
    """Build the book as `make book` does, unless it is built already."""
    if given := os.environ.get("LEMMATA_SITE"):
        return Path(given).resolve()
    target = tmp_path_factory.mktemp("site")
    python = [sys.executable, "-m"]
    for command in (
        [*python, "docs._extension.certificates"],
        [*python, "mkdocs", "build", "--strict", "--site-dir", str(target)],
    ):
        subprocess.run(
            command,
            cwd=ROOT,
            check=True,
            env={**os.environ, "NO_MKDOCS_2_WARNING": "1"},
        )
    return target


@pytest.fixture(scope="session")
def pages(site):
    """Name every page of the site, as a path."""
    names = [path.relative_to(site).as_posix() for path in sorted(site.rglob("*.html"))]
    assert len(names) > 20
    return [name for name in names if name != "404.html"]


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_args):
        """Say nothing."""


@pytest.fixture(scope="session")
def address(site):
    """Serve the site."""
    handler = functools.partial(_Quiet, directory=str(site))
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    server.server_close()


@pytest.fixture
def tab(chromium, address):
    """Open a tab that collects errors and requests to other hosts."""
    context = chromium.new_context(viewport={"width": 1280, "height": 900})
    tab = context.new_page()
    tab.findings = watch(context, tab, address)
    yield tab
    context.close()
    assert not tab.findings


def watch(context, tab, address):
    """Collect what must not happen while a page is open."""
    findings = defaultdict(list)

    def route(request):
        if request.request.url.startswith((address, "data:", "blob:")):
            request.continue_()
        else:
            findings["other host"].append((tab.url, request.request.url))
            request.abort()

    def said(message):
        if message.type in ("error", "warning"):
            findings["console"].append((tab.url, message.text))

    context.route("**/*", route)
    tab.on("console", said)
    tab.on("pageerror", lambda error: findings["script"].append((tab.url, str(error))))
    tab.on(
        "response",
        lambda r: r.status >= 400 and findings["http"].append((r.status, r.url)),
    )
    return findings


# ---------------------------------------------------------------- every page, as HTML


class _Html(HTMLParser):
    """Links, ids and the characters of formulas of one page."""

    def __init__(self):
        super().__init__()
        self.links, self.ids, self.formulas, self._math = [], [], set(), 0

    def handle_starttag(self, tag, attrs):
        named = dict(attrs)
        if named.get("id"):
            self.ids.append(named["id"])
        for key in ("href", "src", "xlink:href"):
            if named.get(key):
                self.links.append(named[key])
        self._math += tag == "math"

    def handle_endtag(self, tag):
        self._math -= tag == "math"

    def handle_data(self, data):
        if self._math:
            self.formulas |= set(data)


@pytest.fixture(scope="session")
def parsed(site, pages):
    found = {}
    for name in pages:
        found[name] = _Html()
        found[name].feed((site / name).read_text(encoding="utf-8"))
    return found


def test_no_link_is_broken(site, parsed):
    broken = []
    for name, page in parsed.items():
        for link in page.links:
            target, anchor = urldefrag(urljoin(f"http://site/{name}", link))
            parts = urlsplit(target)
            if parts.netloc != "site":
                assert parts.scheme in ("http", "https", "data"), (name, link)
                continue
            path = unquote(parts.path.lstrip("/")) or "index.html"
            if not (site / path).is_file():
                broken.append((name, link, "no such file"))
            elif anchor and path in parsed and unquote(anchor) not in parsed[path].ids:
                broken.append((name, link, "no such anchor"))
    assert not broken


def test_ids_are_unique(parsed):
    twice = {
        name: sorted({i for i in page.ids if page.ids.count(i) > 1})
        for name, page in parsed.items()
    }
    assert not {name: ids for name, ids in twice.items() if ids}


def test_math_font_has_every_character(parsed):
    recipe = (ROOT / "docs/assets/fonts/recipe.txt").read_text(encoding="utf-8")
    ranges = re.search(r"^MATH = (\S+)$", recipe, re.M)[1].split(",")
    covered = set()
    for entry in ranges:
        first, _, last = entry.removeprefix("U+").partition("-")
        covered |= set(range(int(first, 16), int(last or first, 16) + 1))
    used = set().union(*(page.formulas for page in parsed.values())) - {"\n"}
    assert not {hex(ord(c)): c for c in used if ord(c) not in covered}


def test_no_page_names_the_machine(site, pages):
    leaks = re.compile(r"/(?:work|tmp|root|opt|home)/\w|file://")
    found = {
        name: leaks.search((site / name).read_text(encoding="utf-8")) for name in pages
    }
    assert not {name: match for name, match in found.items() if match}


# ------------------------------------------------------------ every page, as it looks


def axe():
    """Return the source of axe-core."""
    package = resources.files("axe_playwright_python")
    return (package / "axe.min.js").read_text(encoding="utf-8")


# Marks three texts of each look that text has on the page: its own color, size and
# weight, and what paints on the way up from it. Of a single character axe says nothing.
SAMPLES = """() => {
  const seen = {}, known = new WeakMap();
  const ground = element => {
    if (!element) return "";
    if (!known.has(element)) {
      const s = getComputedStyle(element);
      const own = [s.backgroundColor, s.backgroundImage, s.opacity, s.filter,
        s.mixBlendMode, s.position === "static" ? "" : s.position].join(" ");
      const plain = own === "rgba(0, 0, 0, 0) none 1 none normal ";
      known.set(element, ground(element.parentElement) + (plain ? "" : own + ";"));
    }
    return known.get(element);
  };
  for (const element of document.body.querySelectorAll("*")) {
    const texts = [...element.childNodes].filter(node => node.nodeType === 3);
    const text = texts.some(node => node.data.trim().length > 1);
    if (!text && !element.matches("input, textarea, select")) continue;
    if (!element.checkVisibility()) continue;
    const s = getComputedStyle(element);
    const look = [s.color, s.fontSize, s.fontWeight, s.textShadow, ground(element)];
    seen[look] = (seen[look] || 0) + 1;
    if (seen[look] <= 3) element.dataset.sample = seen[look];
  }
  return Object.keys(seen).length;
}"""


def violations(tab, *, contrast_alone=False):
    """Ask axe what breaks WCAG A or AA on the page, everything unfolded.

    Contrast takes axe ten times as long as all else. It is asked about three texts of
    each look, and everything else about the whole page.
    """
    tab.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
    tab.evaluate(axe())
    assert tab.evaluate(SAMPLES) > 3
    contrast = ["color-contrast"]
    asked = [
        ("document", {"runOnly": WCAG, "rules": {contrast[0]: {"enabled": False}}}),
        ("'[data-sample]'", {"runOnly": contrast}),
    ]
    return [
        (tab.url, rule["id"], node["html"][:150], node["failureSummary"][:200])
        for where, what in asked[contrast_alone:]
        for rule in tab.evaluate(
            f"axe.run({where}, {json.dumps({**what, 'resultTypes': ['violations']})})"
        )["violations"]
        for node in rule["nodes"]
    ]


# What folds away takes a moment: two seconds at most.
FITS = """async () => {
  const { documentElement: page } = document;
  for (let waited = 0; page.scrollWidth > page.clientWidth + 1; waited += 50) {
    if (waited > 2000) return false;
    await new Promise(go => setTimeout(go, 50));
  }
  return true;
}"""


def fits(tab, width):
    """Say whether the page at a width has nothing to scroll to at the side."""
    tab.set_viewport_size({"width": width, "height": 844})
    return tab.evaluate(FITS)


# So many shares of the pages, for as many browsers as there are.
SHARES = 4


@pytest.mark.parametrize("share", range(SHARES))
@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 390)])
def test_pages_open_without_fault(chromium, address, pages, scheme, width, share):
    view = {"width": width, "height": 844}
    context = chromium.new_context(color_scheme=scheme, viewport=view)
    tab = context.new_page()
    findings = watch(context, tab, address)
    for name in pages[share::SHARES]:
        tab.goto(address + name, wait_until="load")
        if tab.locator("merror").count():
            findings["formula"].append(name)
        if not fits(tab, width):
            findings["scrolls sideways"].append(name)
        # In the dark, other colors; on a phone, one page in four stands for the others.
        alone = width == 390 and share > 0
        if found := violations(tab, contrast_alone=alone):
            findings["accessibility"] += found
    context.close()
    assert not findings


@pytest.mark.parametrize(
    ("style", "rule"),
    [
        ("p:nth-of-type(2) { color: #999 }", "color-contrast"),
        (".md-typeset code { color: #aaa }", "color-contrast"),
        (".md-typeset p a { opacity: 0.4 }", "color-contrast"),
        ("td { color: #bbb }", "color-contrast"),
        ("math { color: silver }", "color-contrast"),
    ],
)
def test_what_is_hard_to_read_is_found(tab, address, style, rule):
    tab.goto(address + "activations/sigmoid.html")
    tab.add_style_tag(content=style)
    assert rule in {found[1] for found in violations(tab)}


def test_what_is_too_wide_is_found(tab, address):
    tab.goto(address + "activations/sigmoid.html")
    assert fits(tab, 390)
    assert fits(tab, 1280)
    tab.add_style_tag(content=".md-typeset p { min-width: 700px }")
    assert not fits(tab, 390)


@pytest.mark.parametrize(
    ("fault", "rule"),
    [
        ("document.documentElement.removeAttribute('lang')", "html-has-lang"),
        ("document.title = ''", "document-title"),
        (
            "document.querySelector('.md-content').insertAdjacentHTML('beforeend',"
            " '<img src=x.png>')",
            "image-alt",
        ),
    ],
)
def test_what_is_left_out_is_found(chromium, address, fault, rule):
    context = chromium.new_context()
    tab = context.new_page()
    tab.goto(address + "activations/sigmoid.html")
    tab.evaluate(fault)
    found = {name for _, name, *_ in violations(tab)}
    context.close()
    assert found == {rule}


def test_first_view_is_light(chromium, address, site, pages):
    """The heaviest pages. The search loads later, in the background: it is left out."""
    size = {name: len(gzip.compress((site / name).read_bytes())) for name in pages}
    heavy = {}
    for name in sorted(pages, key=size.__getitem__)[-6:]:
        context = chromium.new_context(viewport={"width": 1280, "height": 900})
        tab, sizes = context.new_page(), []
        tab.on("requestfinished", lambda request, sizes=sizes: sizes.append(request))
        tab.goto(address + name, wait_until="networkidle")
        total = sum(
            len(gzip.compress(request.response().body()))
            for request in sizes
            if "search" not in request.url
        )
        context.close()
        assert total > size[name]
        if total > LIMIT:
            heavy[name] = total
    assert not heavy


# --------------------------------------------------------------------- without scripts


def test_derivation_reads_without_scripts(chromium, address):
    context = chromium.new_context(java_script_enabled=False)
    tab = context.new_page()
    tab.goto(address + "activations/sigmoid.html")
    box = tab.locator(SLOPE)
    lines = box.locator(".line:not(.start)")
    assert lines.count() >= 2
    assert box.locator("math").count() > lines.count()
    for n in range(lines.count()):
        assert lines.nth(n).locator(".why").is_visible()
    checks = lines.first.locator("details ul")
    assert not checks.is_visible()
    lines.first.locator("summary").click()
    assert checks.is_visible()
    assert "Refuter" in checks.inner_text()
    context.close()


def test_ledger_reads_without_scripts(chromium, address):
    context = chromium.new_context(java_script_enabled=False)
    tab = context.new_page()
    tab.goto(address + "claims/index.html")
    assert tab.locator(".ledger tbody tr").count() > 40
    assert tab.locator(".ledger tbody tr").first.is_visible()
    context.close()


def test_widgets_explain_themselves_without_scripts(chromium, address, site):
    context = chromium.new_context(java_script_enabled=False)
    tab = context.new_page()
    for name, path in widget_pages(site).items():
        tab.goto(address + path)
        assert tab.locator(f".widget-box:has({name}) .widget-text").inner_text().strip()
    context.close()


def test_page_opens_from_disk(chromium, site):
    context = chromium.new_context()
    tab, errors = context.new_page(), []
    tab.on("pageerror", lambda error: errors.append(str(error)))
    tab.goto((site / "activations" / "sigmoid.html").as_uri())
    assert tab.locator(".derivation math").first.is_visible()
    tab.locator(".md-nav a", has_text="Conventions").first.evaluate("a => a.click()")
    tab.wait_for_url("**/conventions.html")
    finds(tab, "expit")
    assert not errors
    context.close()


# ------------------------------------------------------------------------- derivations


def test_reasons_hide_and_show_with_the_keyboard(tab, address):
    tab.goto(address + "activations/sigmoid.html")
    box = tab.locator(SLOPE)
    reason = box.locator(".why").first
    assert reason.is_visible()
    box.locator(".hide-reasons").focus()
    tab.keyboard.press("Space")
    assert not reason.is_visible()
    box.locator("summary").first.focus()
    tab.keyboard.press("Enter")
    assert reason.is_visible()
    assert not box.locator(".why").nth(1).is_visible()


def test_step_has_an_address(tab, address):
    anchor = "activations.sigmoid.derivative-2"
    tab.goto(f"{address}activations/sigmoid.html#{anchor}")
    assert tab.locator(f'[id="{anchor}"]:target').count() == 1


def test_lines_stack_on_a_phone(chromium, address):
    context = chromium.new_context(viewport={"width": 390, "height": 844})
    tab = context.new_page()
    tab.goto(address + "activations/sigmoid.html")
    line = tab.locator(f"{SLOPE} .line:not(.start)").first
    formula = line.locator(".expression").bounding_box()
    reason = line.locator(".reason").bounding_box()
    assert reason["y"] >= formula["y"] + formula["height"] - 1
    context.close()


# -------------------------------------------------------------------- search and ledger


def finds(tab, word):
    tab.keyboard.press("/")
    tab.keyboard.type(word, delay=20)
    result = tab.locator(".md-search-result__link[href*='activations/sigmoid']").first
    result.wait_for(state="visible", timeout=15_000)


@pytest.mark.parametrize("word", ["sigmoid", "expit", "σ"])
def test_search_finds_the_page(tab, address, word):
    tab.goto(address + "index.html")
    finds(tab, word)


def shown(tab):
    return tab.locator(".ledger [data-verdict]:not([hidden])")


def test_ledger_filters_by_verdict_concept_and_word(tab, address):
    tab.goto(address + "claims/index.html")
    whole = shown(tab).count()
    tab.get_by_label("Verdict", exact=True).select_option("refuted")
    refuted = shown(tab).count()
    assert 0 < refuted < whole
    assert set(tab.locator(".ledger tr:not([hidden]) .chip").all_inner_texts()) == {
        "refuted"
    }
    assert tab.locator(".filter output").inner_text() == f"{refuted} of {whole}"
    tab.get_by_label("Concept", exact=True).select_option("activations/sigmoid")
    assert 0 < shown(tab).count() <= refuted
    tab.get_by_label("Verdict", exact=True).select_option("")
    tab.get_by_label("Concept", exact=True).select_option("")
    tab.get_by_label("With the words").fill("sigmoid zzzz")
    assert shown(tab).count() == 0
    tab.get_by_label("With the words").fill("")
    assert shown(tab).count() == whole


def test_ledger_filter_can_be_linked(tab, address):
    tab.goto(address + "claims/index.html?verdict=refuted&article=A0")
    chosen = shown(tab).evaluate_all(
        "rows => [...new Set(rows.map(r => r.dataset.verdict + r.dataset.article))]"
    )
    assert chosen == ["refutedA0"]


# ----------------------------------------------------------------------------- widgets


def widget_pages(site):
    """Find a page for each widget."""
    found = {}
    for path in sorted(site.rglob("*.html")):
        text = path.read_text(encoding="utf-8")
        for name in WIDGETS:
            if f"<{name} " in text:
                found.setdefault(name, path.relative_to(site).as_posix())
    return found


def test_every_widget_is_used(site):
    assert set(widget_pages(site)) == set(WIDGETS)


@pytest.mark.parametrize("name", WIDGETS)
def test_widget_answers_to_the_keyboard(tab, address, site, name):
    tab.goto(address + widget_pages(site)[name])
    widget = tab.locator(name).first
    sliders = widget.locator("input[type=range]")
    for n in range(sliders.count()):
        slider = sliders.nth(n)
        assert widget.locator(f"label[for={slider.get_attribute('id')}]").inner_text()
        before = widget.locator(".say").inner_text()
        slider.focus()
        for _ in range(3):
            tab.keyboard.press("ArrowLeft")
        assert widget.locator(".say").inner_text() != before
        assert slider.get_attribute("aria-valuetext")
    for picture in widget.locator("svg").all():
        assert picture.get_attribute("aria-label")
    assert "NaN" not in widget.inner_html()


@pytest.mark.parametrize("end", ["Home", "End"])
@pytest.mark.parametrize("name", WIDGETS)
def test_widget_draws_at_the_ends_of_its_sliders(tab, address, site, name, end):
    tab.goto(address + widget_pages(site)[name])
    widget = tab.locator(name).first
    for slider in widget.locator("input[type=range]").all():
        slider.focus()
        tab.keyboard.press(end)
    assert "NaN" not in widget.inner_html()
    assert "undefined" not in widget.inner_html()


@pytest.fixture
def formulas(tab, address):
    """Evaluate an exported formula of the widgets."""
    tab.goto(address + "index.html")
    return lambda name, arguments: tab.evaluate(
        f"rows => rows.map(row => lemmata.{name}(...row))", arguments
    )


POINTS = np.linspace(-40.0, 40.0, 200)


@pytest.mark.parametrize(
    ("script", "python"),
    [
        ("sigmoid", reference.sigmoid),
        ("sigmoidDerivative", reference.sigmoid_derivative),
    ],
)
def test_widget_formula_is_the_reference(formulas, script, python):
    got = formulas(script, [[float(x)] for x in POINTS])
    # Two engines, each within an ulp or two of exp.
    assert_close(np.array(got), python(POINTS), ulps=8)


def test_widget_product_is_the_reference(formulas):
    rng = np.random.default_rng(20)
    cases = [
        (
            float(rng.uniform(0.5, 6)),
            float(rng.uniform(-6, 6)),
            int(rng.integers(1, 31)),
        )
        for _ in range(200)
    ]
    depths = np.array([depth for *_, depth in cases])
    got = np.array(formulas("chainGradient", [list(case) for case in cases]))
    want = [reference.chain_gradient([w] * n, [z] * n) for w, z, n in cases]
    # A power of n multiplies the relative error of its base by n.
    assert_close(got, np.array(want), ulps=8, condition=depths)
    bound = formulas("vanishingBound", [[w, n] for w, _, n in cases])
    want = [reference.vanishing_bound([w] * n) for w, _, n in cases]
    assert_close(np.array(bound), np.array(want), ulps=8, condition=depths)


def test_widget_softmax_is_the_reference(formulas):
    rng = np.random.default_rng(21)
    scores = rng.uniform(-5, 5, (200, 4))
    warmth = 10 ** rng.uniform(-1, 1, 200)
    cases = [[list(row), t] for row, t in zip(scores.tolist(), warmth, strict=True)]
    got = np.array(formulas("softmax", cases))
    scaled = scores / warmth[:, None]
    spread = np.ptp(scaled, axis=1)[:, None]
    assert_close(got, reference.softmax(scaled), ulps=8, condition=spread)

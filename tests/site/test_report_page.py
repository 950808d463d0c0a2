"""The HTML report of `lemmata check` in Chromium: anybody can read it, offline.

Run with ``pytest -m browser tests/site/test_report_page.py``.
"""

import json
from dataclasses import replace
from importlib import resources

import pytest

from reference.conformance.failure import Failure
from reference.conformance.known import Divergence
from reference.conformance.laws import Law
from reference.conformance.report import Report
from reference.conformance.report_html import as_html
from reference.conformance.results import Result, Run

pytestmark = pytest.mark.browser

WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]

NAN = Failure(
    "softmax",
    "nan",
    "softmax is NaN where it must not be",
    ("softmax(np.array([[0.0, 1000.0], [2.0, 3.0]]))",),
    got="nan",
    expected="1",
    returned=("[[ 0. nan]\n [ 0. 1.]]",),
    ours="[[0. 1.]\n [0.27 0.73]]",
    place=(0, 1),
    warnings=("RuntimeWarning: overflow encountered in exp",),
)
VALUE = replace(
    NAN,
    kind="value",
    cause=f"softmax is wrong {'<script>' * 30}",
    got="0.5",
    ulps=4.5e15,
    bound="allowed 112 ulp = 16 x (1 + condition number 6)",
    detail="x" * 300,
)
HABIT = Failure("softmax", "conduct", "softmax prints", ("softmax(1.0)",), detail="a b")


def law(name, level="mathematics"):
    return Law(
        f"a.py::{name}", f"Law {name}", ("softmax",), level, "activations/softmax"
    )


@pytest.fixture(scope="module")
def page():
    learned = Run("folder/my_file.py", functions=["relu", "softmax"], source="my_file")
    learned.capabilities = {"softmax": ["float64", "float32", "float16", "axis"]}
    for result in (
        Result(law("a"), "fails", failure=NAN),
        Result(law("b"), "fails", failure=NAN),
        Result(law("c"), "fails", failure=VALUE),
        Result(law("d", "contract"), "fails", failure=HABIT),
        Result(law("e"), "holds"),
        Result(law("f"), "not judged"),
        Result(law("g"), "not offered"),
        Result(law("h"), "fails", failure=VALUE),
    ):
        learned.add(result)
    report = Report(learned, profile="quick", strict=False)
    entry = Divergence(
        ("a.py::h",), ("value",), "It rounds.", link=f"https://a.b/{'long' * 30}"
    )
    report.known = [(entry, [learned.results["a.py::h"]])]
    report.stale = [entry]
    return as_html(report)


@pytest.fixture
def opened(chromium, page, tmp_path):
    """Open the page from disk, where it may ask for nothing and say nothing."""
    file = tmp_path / "report.html"
    file.write_text(page, encoding="utf-8")
    contexts, said, asked = [], [], []

    def open_page(scheme="light", width=1280, *, javascript=True):
        context = chromium.new_context(
            viewport={"width": width, "height": 900},
            color_scheme=scheme,
            java_script_enabled=javascript,
        )
        contexts.append(context)
        tab = context.new_page()
        tab.on("console", lambda message: said.append(message.text))
        tab.on("pageerror", lambda error: said.append(str(error)))
        tab.on("request", lambda request: asked.append(request.url))
        tab.goto(file.as_uri())
        return tab

    yield open_page
    for context in contexts:
        context.close()
    assert said == []
    assert set(asked) == {file.as_uri()}


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390, 320])
def test_everybody_can_read_it(opened, scheme, width):
    tab = opened(scheme, width)
    tab.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
    assert tab.evaluate("document.documentElement.scrollWidth") <= width
    package = resources.files("axe_playwright_python")
    tab.evaluate((package / "axe.min.js").read_text(encoding="utf-8"))
    options = json.dumps({"runOnly": WCAG, "resultTypes": ["violations"]})
    result = tab.evaluate(f"axe.run(document, {options})")
    assert [
        (rule["id"], node["html"][:150], node["failureSummary"][:200])
        for rule in result["violations"]
        for node in rule["nodes"]
    ] == []


def test_the_schemes_differ(opened):
    color = "getComputedStyle(document.body).backgroundColor"
    light, dark = (opened(scheme).evaluate(color) for scheme in ("light", "dark"))
    assert light == "rgb(255, 255, 255)"
    assert dark != light


def test_the_keyboard_is_enough(opened):
    tab = opened()
    tab.keyboard.press("Tab")
    tab.keyboard.press("Enter")
    tab.wait_for_url("**#cause-1")
    for _ in range(9):
        tab.keyboard.press("Tab")
        if tab.evaluate("document.activeElement.tagName") == "SUMMARY":
            break
    tab.keyboard.press("Enter")
    tab.wait_for_function("document.activeElement.parentElement.open")


def test_it_is_read_without_a_script_and_on_paper(opened):
    tab = opened(javascript=False)
    assert tab.get_by_text("The mathematics fails in 1 of 2 functions.").is_visible()
    folded = tab.get_by_text("Law b")
    assert not folded.is_visible()
    tab.get_by_text("also fails 1 law").last.click()
    assert folded.is_visible()
    tab.emulate_media(media="print")
    assert not tab.locator("nav").is_visible()

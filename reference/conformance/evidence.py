"""What there is to say of a failure, in the order to say it, and code that shows it."""

import ast
import math
import re
from dataclasses import dataclass
from importlib import metadata

import reference
from reference.conformance.failure import Failure
from reference.conformance.report import Cause
from reference.conformance.results import Run

__all__ = ["Row", "evidence", "page_address", "snippet", "words"]

# What is explained where it is said, in the order in which it is looked for.
WORDS = {
    "law": "a statement of mathematics that must hold for every input",
    "ulp": "the gap between neighboring floating-point numbers at the expected value; "
    "the best possible answer is off by at most half of it",
    "condition number": "how many ulp of the result one ulp of the input is worth",
    "contract": "what this book promises beyond mathematics, such as the wording of "
    "errors; your code need not",
}

# What NumPy warns of, as it is said to somebody who meets it for the first time.
WARNINGS = {
    "overflow": "the number is too large and becomes inf",
    "invalid value encountered in divide": "inf / inf and 0 / 0 are nan",
    "invalid value encountered in true_divide": "inf / inf and 0 / 0 are nan",
    "invalid value encountered in subtract": "inf - inf is nan",
    "invalid value encountered in add": "inf - inf is nan",
    "invalid value encountered in multiply": "0 * inf is nan",
    "invalid value encountered in log": "a negative number has no logarithm",
    "divide by zero encountered in log": "the logarithm of 0 is -inf",
    "divide by zero": "a number over 0 is inf",
}


@dataclass(frozen=True)
class Row:
    """One line of evidence: what it is, what it says, and whether that is code."""

    label: str
    text: str
    code: bool = False


def evidence(cause: Cause, run: Run) -> list[Row]:
    """Return what there is to say of a cause, in the order to say it."""
    failure = cause.failure
    law = [Row("law", cause.results[0].law.sentence)]
    # What is wrong on its face is shown before the law it breaks.
    direct = failure.place is not None
    rows = _called(failure) if direct else law + _called(failure)
    rows += [Row("NumPy says", _plainly(text)) for text in failure.warnings]
    if _is_telling(failure):
        label = "where" if failure.kind == "raises" else "found"
        rows += _block(label, failure.detail)
    if failure.expected:
        rows += _compared(failure)
    if failure.ulps is not None and math.isfinite(failure.ulps):
        rows.append(Row("off by", f"{failure.ulps:.3g} ulp{_digits(failure)}"))
        rows += [Row("bound", failure.bound)] if failure.bound else []
    rows += law if direct else []
    code = snippet(failure, run)
    return rows + _block("try it", "\n".join(code))


def _is_telling(failure: Failure) -> bool:
    """Say whether the detail says anything; that something is false does not."""
    bare = ("assert False", "assert np.False_")
    return not _changed(failure) and failure.detail not in ("", *bare)


def _called(failure: Failure) -> list[Row]:
    """Return the calls and what comes back, unless the comparison says as much."""
    rows = []
    shown = failure.returned or ("",) * len(failure.calls)
    alone = failure.place is not None and not failure.ours.strip("[]").count(" ")
    for call, result in zip(failure.calls, shown, strict=False):
        rows.append(Row("input", call, code=True))
        if result and not alone and failure.kind != "conduct":
            rows += _block("returns", result)
    if failure.ours and not alone and failure.ours != failure.returned[-1]:
        agreed = failure.place is not None
        rows += _block("should be" if agreed else "this book", failure.ours)
    return rows


def _block(label: str, text: str) -> list[Row]:
    return [
        Row(label if not n else "", line, code=True)
        for n, line in enumerate(text.splitlines())
    ]


def _compared(failure: Failure) -> list[Row]:
    """Return the two numbers that differ, and what they are."""
    rows = [
        Row("got", failure.got, code=True),
        Row("expected", failure.expected, code=True),
    ]
    if failure.place is None and failure.kind not in ("shape", "type"):
        rows.append(Row("", "in what the law makes of the results"))
    elif failure.place and any(failure.place):
        rows.append(Row("", f"in entry {list(failure.place)}"))
    return rows


def _plainly(warning: str) -> str:
    """Repeat a warning, and say what it means."""
    text = warning.removeprefix("RuntimeWarning: ")
    means = next((means for said, means in WARNINGS.items() if said in text), "")
    return f"{text} ({means})" if means else text


def _digits(failure: Failure) -> str:
    """Say how many digits of a number are right."""
    got, want = float(failure.got), float(failure.expected)
    if not (math.isfinite(got) and want):
        return ""
    error = abs(got - want) / abs(want)
    right = math.floor(-math.log10(error)) if 0 < error < 1 else 0
    if right <= 0:
        return ", no digit is right"
    return f", {right} {'digit is' if right == 1 else 'digits are'} right"


def words(text: str) -> list[tuple[str, str]]:
    """Return the words of ours that a text uses, and what they mean."""
    return [
        (word, means)
        for word, means in WORDS.items()
        if re.search(rf"\b{word}s?\b", text, re.I)
    ]


def snippet(failure: Failure, run: Run) -> list[str]:
    """Return the lines of Python that reproduce a failure, with NumPy alone."""
    if not failure.calls or any("<" in call for call in failure.calls):
        return []
    names = sorted({name for call in failure.calls for name in _named(call)})
    own = [
        f"{run.renamed[name]} as {name}" if name in run.renamed else name
        for name in names
    ]
    lines = ["import numpy as np", f"from {run.source} import {', '.join(own)}"]
    if _changed(failure):
        return [*lines, _before_and_after(failure)]
    # Where whole arrays look alike, the entry has to be seen with all its digits.
    if failure.place and failure.returned[-1:] == (failure.ours,):
        place = ", ".join(map(str, failure.place))
        return [*lines, f"print({failure.calls[-1]}[{place}])"]
    return [*lines, f"print({', '.join(failure.calls)})"]


def _named(call: str) -> list[str]:
    """Return the functions of the contract that an expression calls."""
    nodes = ast.walk(ast.parse(call, mode="eval"))
    return [
        n.id for n in nodes if isinstance(n, ast.Name) and n.id in reference.__all__
    ]


def _changed(failure: Failure) -> bool:
    """Say whether a failure is that of changing an argument; its detail says which."""
    return failure.kind == "conduct" and failure.cause.endswith("changes its argument")


def _before_and_after(failure: Failure) -> str:
    """Write a call so that the argument it changes is printed afterwards."""
    tree = ast.parse(failure.calls[0], mode="eval")
    call, *inside = (node for node in ast.walk(tree) if isinstance(node, ast.Call))
    arrays = [n for n in inside if "random" not in ast.unparse(n.func)]
    number = int(failure.detail.rpartition(" ")[2]) - 1
    array = ast.unparse(arrays[number])
    rest = ast.unparse(call).replace(array, "x", 1)
    return f"x = {array}; {rest}; print(x)"


def page_address(page: str) -> str:
    """Return where a page of the book is: on its site, or in the source tree."""
    try:
        found = metadata.metadata("lemmata").get_all("Project-URL") or []
    except metadata.PackageNotFoundError:
        found = []
    for line in found:
        label, _, address = line.partition(", ")
        if label == "Documentation":
            return f"{address.rstrip('/')}/{page}.html"
    return f"docs/{page}.md"

"""known: a mistake inside a law that a divergence breaks as well is seen."""

import json
import os
import re
import subprocess
import sys
from importlib import import_module
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

import reference
from reference.conformance import known, report
from reference.conformance.failure import Failure
from reference.conformance.known import ANY, Divergence, divergences, version_of
from reference.conformance.laws import SUITE, Law
from reference.conformance.report import Report
from reference.conformance.results import Result, Run
from reference.conformance.target import ADAPTERS

ROOT = Path(__file__).resolve().parents[2]
LAW = "activations/test_sigmoid.py::test_derivative_is_sigmoid_times_one_minus_sigmoid"
ENTRY = f"""
[[divergence]]
laws = ["{LAW}"]
kinds = ["zero", "value"]
eps = 1.0
reason = "The slope is formed from the rounded output."
"""

JUDGE = """
import json, sys
from pathlib import Path
from reference.conformance import known
from reference.conformance.request import Request
from reference.conformance.worker import judge
known.FOLDER = Path(sys.argv[1])
events = []
judge(Request("rounded", paths=[sys.argv[2]]), events.append)
Path(sys.argv[3]).write_text(json.dumps(events))
"""


def judged(monkeypatch, folder, slope):
    """Judge a slope about which something is known."""
    (folder / "rounded.toml").write_text(ENTRY, encoding="utf-8")
    monkeypatch.setattr(known, "FOLDER", folder)
    (folder / "rounded.py").write_text(
        f"import numpy as np\n\n\ndef sigmoid_derivative(x):\n"
        f"    x = np.asarray(x, float)\n    y = 1 / (1 + np.exp(-x))\n"
        f"    slope = y * (1 - y)\n    return {slope}\n",
        encoding="utf-8",
    )
    events, laws = folder / "events.json", SUITE / "activations" / "test_sigmoid.py"
    subprocess.run(
        [sys.executable, "-W", "ignore", "-c", JUDGE, folder, laws, events],
        check=True,
        cwd=folder,
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), str(folder)])},
        stdout=subprocess.DEVNULL,
    )
    learned = Run("rounded")
    for event in json.loads(events.read_text(encoding="utf-8")):
        learned.take(event)
    return Report(learned, profile="quick", strict=False)


@pytest.mark.parametrize(
    ("slope", "standing"),
    [
        ("slope", "known"),
        ("np.where(x < 1, slope + 1e-15, slope)", "fails"),
        ("np.where(x > 30, 1e-10, slope)", "fails"),
        ("np.where(x > 37, np.nan, slope)", "fails"),
    ],
)
def test_a_larger_mistake_inside_an_excused_law_is_a_failure(
    monkeypatch, tmp_path, slope, standing
):
    found = judged(monkeypatch, tmp_path, slope)
    assert found.standing(found.run.results[LAW]) == standing
    others = [r for r in found.run.results.values() if r.outcome == "fails"]
    assert {found.standing(r) for r in others if r.law.id != LAW} <= {
        "fails",
        "departs",
    }


def test_what_was_overlooked_is_told_with_the_call_that_shows_it(monkeypatch, tmp_path):
    found = judged(monkeypatch, tmp_path, "slope")
    failure = found.run.results[LAW].failure
    assert failure.function == "sigmoid_derivative"
    assert failure.error <= failure.eps
    assert failure.calls[0].startswith("sigmoid_derivative(np.array([")


def test_the_version_of_a_target_is_that_of_its_library():
    assert version_of("pytest") == version_of("pytest:main") == pytest.__version__
    assert version_of("no_such_library") == ""


def test_limits_are_read(monkeypatch, tmp_path):
    (tmp_path / "some.toml").write_text(ENTRY, encoding="utf-8")
    monkeypatch.setattr(known, "FOLDER", tmp_path)
    (entry,) = divergences("some", "1.0")
    assert entry == Divergence(
        (LAW,),
        ("zero", "value"),
        "The slope is formed from the rounded output.",
        eps=1.0,
    )


@pytest.mark.parametrize(
    "path", sorted(known.FOLDER.glob("*.toml")), ids=lambda p: p.stem
)
def test_every_entry_says_how_far_it_goes(path):
    for entry in divergences(path.stem, "unknown"):
        extent = entry.extent
        limited = extent.absolute or extent.relative or extent.eps or extent.tiny
        assert bool(limited) == bool({"value", "zero"} & set(entry.kinds))
        if ANY in entry.laws:  # nothing but numbers too small for their dtype
            assert set(entry.kinds) <= {"value", "zero"}
            assert extent.tiny <= 16
            assert extent.absolute == extent.relative == extent.eps == 0


def test_ten_public_issues_are_reproduced():
    libraries = [path.stem for path in known.FOLDER.glob("*.toml")]
    entries = [e for name in libraries for e in divergences(name, "unknown")]
    issues = {e.link for e in entries if re.search(r"/(issues|pull)/\d+$", e.link)}
    assert len(issues) >= 10


@pytest.mark.libraries
@pytest.mark.parametrize("name", ADAPTERS)
def test_every_example_is_what_the_library_does(name):
    adapter = import_module(f"reference.conformance.adapters.{name}")
    theirs = {n: getattr(adapter, n) for n in reference.__all__ if hasattr(adapter, n)}
    ours = {n: getattr(reference, n) for n in reference.__all__}
    examples = [e.example for e in divergences(name, "unknown") if e.example]
    assert examples
    for example in examples:
        call, _, said = example.rpartition(" is ")
        if not call:
            assert example.endswith(" raises an error")
            with pytest.raises((TypeError, ValueError, RuntimeError)):
                eval(example.removesuffix(" raises an error"), {"np": np, **theirs})
            continue
        got, _, expected = said.partition(", not ")
        with np.errstate(all="ignore"):
            found = float(np.squeeze(eval(call, {"np": np, **theirs})))
        right = float(np.squeeze(eval(call, {"np": np, **ours})))
        assert found == pytest.approx(float(got), rel=1e-3, abs=0, nan_ok=True), example
        assert right == pytest.approx(float(expected), rel=1e-3, abs=0), example
        assert found != pytest.approx(right, rel=1e-14, abs=0), example


def test_an_adapter_says_which_version_a_silent_library_is(monkeypatch):
    adapter = "reference.conformance.adapters.silent"
    monkeypatch.setitem(sys.modules, "silent", SimpleNamespace())
    assert version_of("silent:relu") == ""
    monkeypatch.setitem(sys.modules, adapter, SimpleNamespace(__version__="1.2"))
    assert version_of("silent:relu") == "1.2"


# ------------------------------------------------------------ what is true of every law

FLUSHES = Divergence(
    ("*", "b/test_b.py::test_c"), ("zero", "value"), "Subnormals are 0.", tiny=2.0
)
TINY = {np.float32: 1.18e-38, np.float64: 2.23e-308}


def law_named(name):
    return Law(name, "It holds", ("relu",), "mathematics", "b/b")


@pytest.mark.parametrize("dtype", TINY)
@pytest.mark.parametrize(("times", "excused"), [(0.5, True), (1.9, True), (3, False)])
def test_an_entry_on_every_law_explains_errors_below_the_normal_numbers_alone(
    dtype, times, excused
):
    eps = float(np.finfo(dtype).eps)
    off = Failure("relu", "zero", "", error=times * TINY[dtype], size=1.0, eps=eps)
    assert FLUSHES.excuses(law_named("a/test_a.py::test_b"), off) is excused
    other = Failure("relu", "nan", "", error=0.0, size=1.0, eps=eps)
    assert not FLUSHES.excuses(law_named("a/test_a.py::test_b"), other)


def test_an_entry_on_every_law_explains_nothing_in_float16():
    # Its smallest normal number is 6.1e-5, and 16 of them are the sigmoid of -7.
    eps = float(np.finfo(np.float16).eps)
    off = Failure("relu", "zero", "", error=3e-5, size=3e-5, eps=eps)
    assert not FLUSHES.excuses(law_named("a/test_a.py::test_b"), off)


def test_an_entry_on_every_law_explains_nothing_that_has_no_size():
    unsized = Failure("relu", "value", "")
    assert not FLUSHES.excuses(law_named("a/test_a.py::test_b"), unsized)
    assert FLUSHES.excuses(law_named("b/test_b.py::test_c"), unsized)


def test_an_entry_on_every_law_is_stale_when_the_laws_that_it_names_hold(monkeypatch):
    monkeypatch.setattr(report, "divergences", lambda *_: [FLUSHES])
    for name, stale in [
        ("a/test_a.py::test_b", []),
        ("b/test_b.py::test_c", [FLUSHES]),
    ]:
        learned = Run("some")
        learned.add(Result(law_named(name), "holds"))
        assert Report(learned, profile="quick", strict=False).stale == stale

"""hostile targets: nobody is accused of what somebody else has done to the process."""

import json
import locale
import os
import re
import signal
import subprocess
import sys
import time
import uuid
from pathlib import Path

import pytest

from reference.conformance.process import Limits
from reference.conformance.request import Request
from reference.conformance.runner import run

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not Path("/proc").is_dir(), reason="asks Linux who is alive"),
]

ROOT = Path(__file__).resolve().parents[2]
TARGETS = Path(__file__).resolve().parent / "targets"

# Every law says first that nothing is left of what others have done.
LAWS = """
import builtins, decimal, gc, locale, os, random, signal, sys, threading, warnings

import mpmath
import numpy as np
import pytest

import reference
from reference.conformance.compare import assert_equal

EXPECTED = (np.exp, np.multiply, np.linalg.norm, builtins.sum, reference.sigmoid)
# Ignored, where a shell has started all of this in the background.
INTERRUPT = signal.getsignal(signal.SIGINT)


def as_ever():
    assert EXPECTED == (
        np.exp, np.multiply, np.linalg.norm, builtins.sum, reference.sigmoid
    )
    assert gc.isenabled()
    assert os.getcwd() == {folder!r}
    assert "PATH" in os.environ and "LEMMATA_CHANGED" not in os.environ
    assert np.geterr()["over"] == "warn"
    assert not any(action == "error" for action, *_ in warnings.filters)
    assert decimal.getcontext().prec == 28
    assert mpmath.mp.prec == 53
    assert locale.setlocale(locale.LC_ALL) == {locale!r}
    assert np.get_printoptions()["precision"] == 8
    assert sys.getrecursionlimit() != 5000
    assert signal.getsignal(signal.SIGALRM) is signal.SIG_DFL
    assert signal.getsignal(signal.SIGINT) is INTERRUPT
    assert threading.excepthook is not print


def doubles(function):
    as_ever()
    x = np.array([1.0, -2.0])
    first, second = function(x), function(3 * x)
    assert_equal(first, 2 * x)
    assert_equal(second, 6 * x)
    for _ in range(20):
        function(x)
"""

# Three laws of each function, so that there is somebody left to be harmed.
LAW = """

@pytest.mark.parametrize("again", range(3))
def test_{name}_doubles(impl, again):
    doubles(impl.{name})
"""


@pytest.fixture(scope="module")
def left():
    """Return how many processes live that were started since, by what they carry."""
    token = uuid.uuid4().hex
    os.environ["LEMMATA_TOKEN"] = token
    yield lambda: _carriers(token)
    del os.environ["LEMMATA_TOKEN"]


def _carriers(token):
    end = time.monotonic() + 10
    while (found := list(_living(token))) and time.monotonic() < end:
        time.sleep(0.05)
    return found


def _living(token):
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if token.encode() in (folder / "environ").read_bytes():
                yield (folder / "cmdline").read_text()
        except OSError:
            continue  # gone, or not ours


def checked(name, folder, **limits):
    """Run the laws on a target in several processes, one file of laws for each."""
    path = TARGETS / f"{name}.py"
    names = re.findall(r"^(?:async )?def (\w+)\(x,", path.read_text("utf-8"), re.M)
    text = LAWS.format(folder=str(Path.cwd()), locale=locale.setlocale(locale.LC_ALL))
    text += "".join(LAW.format(name=name) for name in names)
    (folder / "test_doubling.py").write_text(text, encoding="utf-8")
    request = Request(str(path), paths=[str(folder)])
    return run(request, limits=Limits(load=60, **limits))


def outcomes(learned, outcome):
    """Return the functions of which some law has an outcome."""
    return {
        name
        for law, result in learned.results.items()
        if result.outcome == outcome and not law.startswith("conduct::")
        for name in result.law.functions
    }


def causes(learned):
    """Return for each function why its laws fail."""
    found = {}
    for result in learned.results.values():
        if result.failure and result.failure.kind != "conduct":
            found.setdefault(result.failure.function, set()).add(result.failure.cause)
    return found


def habits(learned):
    """Return what each function does apart from returning its result."""
    found = {}
    for result in learned.results.values():
        if result.failure and result.failure.kind == "conduct":
            name, _, habit = result.failure.cause.partition(" ")
            found.setdefault(name, set()).add(habit)
    return found


# ---------------------------------------------------------- what is around a function


def test_what_a_function_changes_hinders_no_report():
    # Builtins.sum is max whenever a mistake is described.
    path = str(ROOT / "tests/activations/test_leaky_relu.py")
    request = Request(str(TARGETS / "habits.py"), paths=[path], level="mathematics")
    learned = run(request)
    assert learned.broken == []
    assert "leaky_relu is wrong" in causes(learned)["leaky_relu"]
    assert outcomes(learned, "not judged") == set()


@pytest.fixture(scope="module")
def changed(tmp_path_factory, left):
    return checked("habits", tmp_path_factory.mktemp("laws"), call=2)


def test_what_a_function_changes_around_it_harms_no_law(changed, left):
    assert changed.broken == []
    assert causes(changed) == {}
    assert outcomes(changed, "holds") == set(changed.functions)
    assert outcomes(changed, "not judged") == set()
    assert left() == []


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("sigmoid", {"changes the environment variables"}),
        ("tanh", {"changes the working folder"}),
        ("relu", {"changes the standard streams"}),
        ("softplus", {"changes the standard streams"}),
        ("silu", {"changes the handlers of signals"}),
        ("gelu", {"changes the handlers of signals"}),
        ("elu", {"changes the recursion limit"}),
        ("identity", {"changes the garbage collector"}),
        ("linear", {"changes the locale", "changes NumPy's print options"}),
        (
            "logit",
            {
                "changes the context of decimal",
                "changes the precision of mpmath or flint",
            },
        ),
        ("log_sigmoid", {"changes the hooks of the interpreter"}),
        ("leaky_relu", {"changes functions of NumPy or of this package"}),
        ("binary_step", {"changes functions of NumPy or of this package"}),
        ("sigmoid_derivative", {"uses the global random state"}),
        (
            "tanh_derivative",
            {"changes NumPy's error state", "changes the warning filters"},
        ),
        ("relu_derivative", {"leaves a thread running"}),
        ("silu_derivative", {"leaves a process running"}),
        ("gelu_derivative", {"changes a result it returned before"}),
        ("elu_derivative", {"changes the garbage collector"}),
    ],
)
def test_it_is_told_who_changed_what(changed, name, found):
    assert habits(changed)[name] == found


def test_nobody_else_is_said_to_change_anything(changed):
    assert "softmax" not in habits(changed)
    details = {
        law.removeprefix("conduct::"): result.failure.detail
        for law, result in changed.results.items()
        if law.startswith("conduct::")
    }
    assert details["sigmoid::changes the environment variables"] in (
        "PATH, LEMMATA_CHANGED",
        "LEMMATA_CHANGED, PATH",
    )
    assert details["elu::changes the recursion limit"].endswith(" to 5000")
    assert details["leaky_relu::changes functions of NumPy or of this package"] == (
        "builtins.sum, numpy.multiply, numpy.linalg.norm"
    )


# --------------------------------------------------------------------------- endings


@pytest.fixture(scope="module")
def ended(tmp_path_factory, left):
    return checked("endings", tmp_path_factory.mktemp("laws"), call=0.3)


@pytest.mark.parametrize(
    ("name", "cause"),
    [
        ("sigmoid", "ends the process (signal 6)"),
        ("softplus", "ends the process (signal 11)"),
        ("silu", "ends the process (signal 9)"),
        ("gelu", "ends the process (signal 9)"),
        ("elu", "ends the process (signal 15)"),
        ("identity", "does not return within "),
        ("linear", "does not return, and nothing interrupts it"),
        ("log_sigmoid", "raises SystemExit(bye)"),
        ("leaky_relu", "raises KeyboardInterrupt"),
        ("binary_step", "raises NobodysError"),
    ],
)
def test_an_end_is_a_finding(ended, name, cause):
    assert any(text.startswith(f"{name} {cause}") for text in causes(ended)[name])


def test_who_closes_every_door_is_told(ended):
    (cause,) = causes(ended)["relu"]
    assert cause.startswith("relu ends the process (")


def test_the_others_are_judged_all_the_same(ended, left):
    assert ended.broken == []
    assert outcomes(ended, "holds") == {"tanh"}
    assert "tanh" not in causes(ended)
    assert left() == []


def test_a_leak_is_a_finding(tmp_path, left):
    leaky = checked("leaks", tmp_path, call=30, memory=0.4)
    assert causes(leaky) == {"sigmoid": {"sigmoid takes more than 0.4 GB of memory"}}
    assert outcomes(leaky, "holds") == {"tanh"}
    assert left() == []


# --------------------------------------------------------------------------- results


@pytest.fixture(scope="module")
def strange(tmp_path_factory, left):
    return checked("strange", tmp_path_factory.mktemp("laws"), call=0.3, memory=1.0)


@pytest.mark.parametrize(
    ("name", "cause"),
    [
        ("sigmoid", "returns a generator"),
        ("tanh", "returns a coroutine of dtype object"),
        ("relu", "has the wrong shape"),
        ("softplus", "returns a list that numpy.asarray refuses"),
        ("silu", "returns a ndarray of dtype object"),
        ("gelu", "does not return real numbers"),
        ("elu", "does not return real numbers"),
        ("identity", "is NaN where it must not be"),
        ("linear", "has the wrong shape"),
        ("logit", "raises NotImplementedError"),
        ("log_sigmoid", "does not return within "),
        ("leaky_relu", "raises UnreadableError: NamelessError"),
        ("binary_step", "does not return within "),
        ("sigmoid_derivative", "raises UnreadableError: NamelessError"),
        ("tanh_derivative", "raises UnreadableError: BaseExceptionGroup"),
        ("relu_derivative", "returns a dict of dtype object"),
        ("silu_derivative", "returns None"),
    ],
)
def test_a_strange_result_is_a_finding(strange, name, cause):
    assert any(text.startswith(f"{name} {cause}") for text in causes(strange)[name])


def test_unusual_forms_of_a_right_result_are_right(strange, left):
    assert strange.broken == []
    right = {"gelu_derivative", "elu_derivative", "softmax", "log_softmax"}
    assert outcomes(strange, "holds") == right
    assert not right & set(causes(strange))
    assert left() == []


# ------------------------------------------------------------------------- the command

# One function is wrong at once, and another takes its time.
SLOW = """
import time
from pathlib import Path

import numpy as np

CALLS = []


def binary_step(x, /, *, threshold=0.0):
    return np.where(np.asarray(x) > threshold, 2.0, 0.0)


def tanh(x, /):
    CALLS.append(1)
    if len(CALLS) > 8:
        Path({place!r}).touch()
    time.sleep(0.2)
    return np.tanh(x)
"""


@pytest.fixture
def command(tmp_path):
    """Start the command on a target that is slow, and wait until it is slow."""
    (tmp_path / "slow.py").write_text(SLOW.format(place=str(tmp_path / "begun")))
    options = ["--jobs", "1", "--report", str(tmp_path / "report.json")]
    # A shell in the background would have us ignore the interrupt.
    start = (
        "import signal, sys; signal.signal(signal.SIGINT, signal.default_int_handler); "
        "from reference.conformance.cli import main; sys.exit(main())"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", start, "check", "slow.py", *options],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    end = time.monotonic() + 120
    while not (tmp_path / "begun").exists():
        assert process.poll() is None
        assert time.monotonic() < end
        time.sleep(0.05)
    yield process
    process.kill()
    process.communicate()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupt_tells_what_was_found_so_far(command, tmp_path, left, number):
    command.send_signal(number)
    out, err = command.communicate(timeout=30)
    assert command.returncode == 130
    assert err == "lemmata: interrupted\n"
    assert "FAILS  binary_step" in out
    judged, of = map(
        int, re.search(r"interrupted after (\d+) of (\d+) laws", out).groups()
    )
    assert 0 < judged < of
    report = json.loads((tmp_path / "report.json").read_text("utf-8"))
    assert report["interrupted"] is True
    assert report["exit"] == 130
    assert (report["judged"], report["of"]) == (judged, of)
    assert [cause["function"] for cause in report["causes"]] == ["binary_step"]
    assert left() == []


def test_no_worker_outlives_the_command(command, left):
    command.kill()
    command.communicate()
    assert left() == []

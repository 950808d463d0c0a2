"""Speed and memory, as ratios measured in one run: `pytest -m benchmark -s`.

Every bound is one that the README promises. Ratios are between the fastest of many
interleaved repetitions, so that a busy machine slows both sides alike.
"""

import gc
import json
import subprocess
import sys
import time
import tracemalloc
from pathlib import Path

import numpy as np
import pytest
from scipy.special import expit

import reference
from derivations.engine import discover

pytestmark = pytest.mark.benchmark
ROOT = Path(__file__).resolve().parents[2]


def fastest(*calls, repeat=25):
    """Return the shortest time of each call, taking turns."""
    best = [float("inf")] * len(calls)
    for _ in range(repeat):
        for i, call in enumerate(calls):
            start = time.perf_counter()
            call()
            best[i] = min(best[i], time.perf_counter() - start)
    return best


def say(what, figure):
    print(f"\n{what}: {figure}")  # noqa: T201 -- a benchmark reports


@pytest.mark.parametrize(("dtype", "limit"), [(np.float64, 2.0), (np.float32, 4.0)])
def test_sigmoid_is_about_as_fast_as_scipy(dtype, limit):
    x = np.random.default_rng(0).normal(0, 5, 10**6).astype(dtype)
    ours, theirs = fastest(lambda: reference.sigmoid(x), lambda: expit(x))
    say(f"sigmoid, 10^6 {dtype.__name__}, times scipy.special.expit", ours / theirs)
    assert ours <= limit * theirs


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_sigmoid_needs_at_most_six_arrays(dtype):
    x = np.zeros(10**6, dtype)
    gc.collect()
    tracemalloc.start()
    reference.sigmoid(x)
    peak = tracemalloc.get_traced_memory()[1] / x.nbytes
    tracemalloc.stop()
    say(f"sigmoid, {dtype.__name__}, arrays of its input's size", peak)
    assert round(peak, 2) <= 6


def seconds_to_import(module):
    """Return the shortest of several imports in fresh interpreters."""
    code = (
        "import time; start = time.perf_counter(); "
        f"import {module}; print(time.perf_counter() - start)"
    )
    runs = [
        subprocess.run(
            [sys.executable, "-c", code], capture_output=True, text=True, check=True
        )
        for _ in range(7)
    ]
    return min(float(run.stdout) for run in runs)


def test_import_costs_little_more_than_numpy():
    extra = seconds_to_import("numpy, reference") - seconds_to_import("numpy")
    say("import reference, milliseconds above import numpy", 1000 * extra)
    assert extra <= 0.020


def test_all_derivations_are_checked_within_a_minute():
    start = time.perf_counter()
    derivations = dict(discover())
    for derivation in derivations.values():
        derivation.check()
    took = time.perf_counter() - start
    say(f"checking {len(derivations)} derivations on one core, seconds", took)
    assert took < 60


def test_a_quick_check_takes_milliseconds_a_law(tmp_path):
    report = tmp_path / "report.json"
    command = [sys.executable, "-m", "reference", "check", "reference"]
    start = time.perf_counter()
    run = subprocess.run(  # the exit code is what is asked for
        [*command, "--report", str(report)], check=False, capture_output=True, cwd=ROOT
    )
    took = time.perf_counter() - start
    laws = json.loads(report.read_text(encoding="utf-8"))["of"]
    say(f"lemmata check reference, {laws} laws, seconds", took)
    assert run.returncode == 0
    assert took < 0.025 * laws


# Ten activations of the reference, which note how long they take themselves.
MODULE = """
import atexit
import inspect
import os
import time

import reference

TAKEN = [0, 0.0]


def timed(function):
    def call(*arguments, **options):
        start = time.perf_counter()
        try:
            return function(*arguments, **options)
        finally:
            TAKEN[0] += 1
            TAKEN[1] += time.perf_counter() - start

    call.__signature__ = inspect.signature(function)
    return call


for name in {names}:
    globals()[name] = timed(getattr(reference, name))


@atexit.register
def note():
    with open({place!r} + str(os.getpid()), "w") as file:
        print(*TAKEN, file=file)
"""

TEN = [
    "binary_step",
    "elu",
    "gelu",
    "leaky_relu",
    "log_softmax",
    "relu",
    "sigmoid",
    "silu",
    "softmax",
    "tanh",
]


def checked(folder, names):
    """Return seconds, laws, calls, and seconds of these calls alone, of a check."""
    folder.mkdir()
    place, report = folder / "note-", folder / "report.json"
    target = folder / "module.py"
    target.write_text(MODULE.format(names=names, place=str(place)), encoding="utf-8")
    command = [sys.executable, "-m", "reference", "check", str(target)]
    start = time.perf_counter()
    run = subprocess.run(
        [*command, "--report", str(report)], check=False, capture_output=True, cwd=ROOT
    )
    took = time.perf_counter() - start
    assert run.returncode == 0
    laws = json.loads(report.read_text(encoding="utf-8"))["of"]
    notes = [n.read_text(encoding="utf-8").split() for n in folder.glob("note-*")]
    calls, alone = (sum(float(note[i]) for note in notes) for i in (0, 1))
    return took, laws, calls, alone


def test_a_quick_check_of_ten_functions_takes_seconds(tmp_path):
    took, laws, calls, alone = checked(tmp_path / "ten", TEN)
    say(f"check of {len(TEN)} functions, {laws} laws, seconds", took)
    say(f"times a bare loop over the same {calls:.0f} calls", took / alone)
    assert took < 10


def test_the_time_of_a_check_grows_linearly(tmp_path):
    one, five, ten = (checked(tmp_path / str(n), TEN[:n])[:2] for n in (1, 5, len(TEN)))
    first = (five[0] - one[0]) / (five[1] - one[1])
    second = (ten[0] - five[0]) / (ten[1] - five[1])
    say("seconds for each further law, up to 5 and from 5 to 10 functions", first)
    say("the same from there, relative", second / first)
    assert second <= 2.5 * first


@pytest.mark.libraries
def test_a_quick_check_of_torch_takes_less_than_a_minute():
    command = [sys.executable, "-m", "reference", "check", "torch"]
    start = time.perf_counter()
    run = subprocess.run(command, check=False, capture_output=True, cwd=ROOT)
    took = time.perf_counter() - start
    say("lemmata check torch, seconds", took)
    assert run.returncode == 0
    assert took < 60

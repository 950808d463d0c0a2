"""plugin: the laws in somebody else's suite, and profiles that hold still."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis.database import DirectoryBasedExampleDatabase

from reference.conformance.calls import Conduct
from reference.conformance.plugin import ConductError

ROOT = Path(__file__).resolve().parents[2]
HERE = Path(__file__).resolve().parent
LAWS = HERE / "laws"


def suite(tmp_path, *arguments):
    """Run pytest in a folder of its own, with none of this project's settings."""
    options = ["-q", "-rA", "-p", "no:cacheprovider", "--import-mode=importlib"]
    plugin = ["-p", "reference.conformance.plugin"]
    done = subprocess.run(
        [sys.executable, "-m", "pytest", *options, *plugin, *arguments],
        capture_output=True,
        check=False,
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTEST_ADDOPTS": ""},
        text=True,
        timeout=180,
    )
    return done.returncode, done.stdout + done.stderr


# --------------------------------------------------------------------------- profiles


@pytest.mark.parametrize(
    ("name", "examples", "derandomized", "remembers"),
    [
        ("quick", 25, False, False),
        ("dev", 50, False, True),
        ("full", 200, False, False),
        ("ci", 200, True, False),
        ("nightly", 2000, False, True),
        ("faults", 50, True, False),
        ("lines", 10, True, False),
    ],
)
def test_profiles_are_what_they_say(name, examples, derandomized, remembers):
    profile = settings.get_profile(name)
    assert profile.max_examples == examples
    assert profile.derandomize is derandomized
    assert isinstance(profile.database, DirectoryBasedExampleDatabase) is remembers
    assert profile.deadline is None


@pytest.mark.parametrize(
    "name", ["quick", "dev", "full", "ci", "nightly", "faults", "lines"]
)
def test_profiles_do_not_depend_on_where_they_run(name):
    code = (
        "import reference.conformance.plugin\n"
        "from hypothesis import settings\n"
        f"print(settings.get_profile({name!r}))"
    )
    shown = {
        subprocess.run(
            [sys.executable, "-c", code],
            capture_output=True,
            check=True,
            cwd=ROOT,
            env={**os.environ, "CI": ci} if ci else _without_ci(),
            text=True,
        ).stdout
        for ci in ("", "true")
    }
    assert len(shown) == 1


def _without_ci():
    return {key: value for key, value in os.environ.items() if key != "CI"}


# ----------------------------------------------------------------------- another suite


def test_the_laws_of_mathematics_fail_and_those_of_the_contract_are_expected(tmp_path):
    (tmp_path / "mine.py").write_text(
        "import numpy as np\n\n\ndef relu(x):\n    return np.maximum(x, 0.5)\n"
    )
    code, out = suite(tmp_path, "--impl", "mine", str(LAWS))
    assert code == 1
    assert re.search(r"FAILED .*::test_relu_is_the_larger_of_x_and_zero", out)
    assert re.search(r"XFAIL .*::test_text_is_refused - departs from the contract", out)
    assert "mine offers no tanh" in out


def test_a_right_target_passes(tmp_path):
    code, out = suite(tmp_path, "--impl", str(HERE / "targets" / "right.py"), str(LAWS))
    assert code == 0, out


def test_bad_conduct_fails_the_law_it_shows_in(tmp_path):
    target = str(HERE / "targets" / "wrong.py")
    law = f"{LAWS / 'test_plain.py'}::test_relu_twice_is_relu"
    code, out = suite(tmp_path, "--impl", target, law)
    assert code == 1
    assert "ConductError: relu changes its argument (array 1), in relu(" in out


def test_printing_is_no_failure_of_mathematics(tmp_path):
    target = str(HERE / "targets" / "wrong.py")
    law = f"{LAWS / 'test_plain.py'}::test_tanh_is_bounded"
    code, out = suite(tmp_path, "--impl", target, law)
    assert code == 0, out


def test_the_laws_come_along_when_nobody_names_them(tmp_path):
    (tmp_path / "mine.py").write_text("import numpy as np\nrelu = lambda x: x * 2\n")
    (tmp_path / "test_mine.py").write_text("def test_own(): pass\n")
    code, out = suite(tmp_path, "--impl", "mine", "--collect-only", "test_mine.py")
    assert code == 0
    assert "test_mine.py::test_own" in out
    assert "test_relu.py::test_" in out
    assert "test_sigmoid.py::test_" in out


def test_without_a_target_nothing_comes_along(tmp_path):
    (tmp_path / "test_mine.py").write_text("def test_own(): pass\n")
    code, out = suite(tmp_path, "--collect-only", "test_mine.py")
    assert code == 0
    assert "test_relu" not in out


def test_a_target_that_does_not_load_is_a_usage_error(tmp_path):
    code, out = suite(tmp_path, "--impl", "no_such_module", str(LAWS))
    assert code == 4
    assert "ERROR: --impl: no module named no_such_module" in out


def test_the_markers_are_registered(tmp_path):
    (tmp_path / "test_mine.py").write_text(
        "import pytest\n\n\n"
        "@pytest.mark.claim('A')\n@pytest.mark.contract\n@pytest.mark.needs('axis')\n"
        "@pytest.mark.slow\n@pytest.mark.nightly\ndef test_own(): pass\n"
    )
    code, out = suite(tmp_path, "--strict-markers", "test_mine.py")
    assert code == 0, out


def test_conduct_is_told_in_one_line():
    quiet = Conduct("relu", "prints", "relu(1.0)")
    assert str(ConductError(quiet)) == "relu prints, in relu(1.0)"

"""implementation: targets in every form, and one clear line for those that are not."""

import importlib
import re
import sys
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

import reference
from reference.conformance.guard import Guard
from reference.conformance.implementation import Implementation
from reference.conformance.target import (
    ADAPTERS,
    TargetError,
    fingerprint,
    load,
    split,
)

TARGETS = Path(__file__).resolve().parent / "targets"


@pytest.fixture
def importable(tmp_path, monkeypatch):
    """Return a function that writes a module which can then be imported."""
    monkeypatch.syspath_prepend(str(tmp_path))
    modules = set(sys.modules)

    def write(name, source):
        path = tmp_path / f"{name}.py"
        path.write_text(source, encoding="utf-8")
        return path

    yield write
    for name in set(sys.modules) - modules:
        del sys.modules[name]


def refused(target, **options):
    with pytest.raises(TargetError) as caught:
        load(target, **options)
    line = str(caught.value)
    assert "\n" not in line
    return line


# -------------------------------------------------------------------- what can be named


def test_the_reference_offers_the_whole_contract():
    assert load("reference").names == sorted(reference.__all__)


def test_a_module_is_named_with_dots(importable):
    importable("package_under_test", "def relu(x): return x\n\nsigmoid = 3\n")
    target = load("package_under_test")
    assert target.names == ["relu"]  # what cannot be called is not offered
    assert target.source == "package_under_test"


def test_a_file_is_named_by_its_path(importable):
    path = importable("homework", "from helper import relu\n")
    importable("helper", "def relu(x): return x\n")
    assert load(str(path)).names == ["relu"]
    assert load(str(path)).source == "homework"


def test_a_file_may_be_called_like_a_library(tmp_path):
    path = tmp_path / "numpy.py"
    path.write_text("import numpy as np\n\n\ndef tanh(x):\n    return np.tanh(x)\n")
    assert load(str(path)).tanh(np.zeros(1)) == 0
    assert sys.modules["numpy"] is np
    del sys.modules["target_numpy"]


def test_one_function_may_go_by_another_name(importable):
    path = importable("mine", "def rectify(x): return x\n\n\ndef tanh(x): return x\n")
    target = load(f"{path}:rectify", name="relu")
    assert target.names == ["relu"]
    assert target.renamed == {"relu": "rectify"}
    assert load(f"{path}:tanh").names == ["tanh"]
    assert load("reference:tanh").names == ["tanh"]


def test_the_drive_of_a_path_is_no_function():
    assert split(r"C:\homework\nn.py") == (r"C:\homework\nn.py", "")
    assert split(r"C:\homework\nn.py:relu") == (r"C:\homework\nn.py", "relu")
    assert split("package.module") == ("package.module", "")


@pytest.mark.libraries
@pytest.mark.parametrize("name", ADAPTERS)
def test_an_adapter_goes_by_the_name_of_its_library(name):
    target = load(name)
    assert target.names
    assert target.source == f"reference.conformance.adapters.{name}"


@pytest.mark.parametrize("name", ADAPTERS)
def test_a_missing_library_is_one_line_that_says_how_to_install_it(name, monkeypatch):
    source = f"reference.conformance.adapters.{name}"
    monkeypatch.delitem(sys.modules, source, raising=False)
    for loaded in {name} | {m for m in sys.modules if m.startswith(f"{name}.")}:
        monkeypatch.setitem(sys.modules, loaded, None)  # as if it were not installed
    line = f"{name} cannot be loaded: it needs (.*), which is not installed: (.*)"
    library, remedy = re.fullmatch(line, refused(name)).groups()
    assert library
    assert remedy == f"pip install 'lemmata[{name}]'"


@pytest.mark.parametrize(("place", "times"), [(ADAPTERS[0], 3.0), ("compiles", 1.0)])
def test_an_adapter_may_ask_for_more_time(importable, monkeypatch, place, times):
    importable("compiles", "PATIENCE = 3.0\n\n\ndef relu(x):\n    return abs(x)\n")
    module = importlib.import_module("compiles")
    source = f"reference.conformance.adapters.{ADAPTERS[0]}"
    monkeypatch.setitem(sys.modules, source, module)
    allowed = []
    beacon = SimpleNamespace(light=lambda *a: allowed.append(a[1]), dim=list)
    target = load(place, guard=Guard(seconds=2.0, beacon=beacon))
    target.relu(np.ones(1))
    target.relu(np.ones(1))
    assert allowed == [20.0 * times, 2.0 * times]


# ----------------------------------------------------------------- what cannot be named


@pytest.mark.parametrize(
    ("target", "line"),
    [
        ("no_such_module", "no module named no_such_module"),
        ("refrence", "no module named refrence, did you mean reference?"),
        ("tourch", "no module named tourch, did you mean torch?"),
        ("reference.no_such_part", "no module named reference.no_such_part"),
        ("no/such/file.py", "there is no file no/such/file.py"),
        (__file__.replace(".py", ".pyx"), "there is no file .*"),
        ("reference:sigmoidal", "reference has no function sigmoidal, did you mean"),
        ("reference:__version__", "reference has no function __version__"),
        ("numpy:exp", r"the contract has no exp.*say --as NAME which one it is"),
        ("math", r"math offers no function of the contract|tanh"),
    ],
)
def test_what_is_not_there_is_told_in_one_line(target, line):
    if target == "math":
        assert load(target).names == ["tanh"]
        return
    with pytest.raises(TargetError, match=f"^{line}"):
        load(target)


# ------------------------------------------------------------------------ fingerprints


@pytest.mark.parametrize("changed", ["pack/__init__.py", "pack/sub/deep.py"])
def test_the_code_of_a_package_is_all_of_it(tmp_path, monkeypatch, changed):
    monkeypatch.syspath_prepend(tmp_path)
    (tmp_path / "pack" / "sub").mkdir(parents=True)
    for name in ("pack/__init__.py", "pack/sub/deep.py", "alone.py"):
        (tmp_path / name).write_text("raise SystemExit\n")
    before = fingerprint("pack.sub:softmax")
    (tmp_path / "alone.py").write_text("")
    assert fingerprint("pack.sub:softmax") == before == fingerprint("pack")
    (tmp_path / changed).write_text("")
    assert fingerprint("pack.sub:softmax") != before


def test_the_code_of_a_module_is_that_beside_it(tmp_path, monkeypatch):
    monkeypatch.syspath_prepend(tmp_path)
    for name in ("alone.py", "helper.py"):
        (tmp_path / name).write_text("raise SystemExit\n")
    (tmp_path / "gone.py").symlink_to(tmp_path / "nowhere")
    before = fingerprint("alone")
    assert fingerprint(str(tmp_path / "alone.py:softmax")) == before
    (tmp_path / "helper.py").write_text("")
    assert fingerprint("alone") != before


@pytest.mark.parametrize("target", ["", "__main__", "no_such_module", "sys", "no.py"])
def test_what_has_no_code_has_a_fingerprint_too(target, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys.modules["__main__"], "__spec__", None)
    assert fingerprint(target) == fingerprint("reference")


def test_as_needs_one_function_and_a_name_of_the_contract(importable):
    path = importable("mine", "def rectify(x): return x\n")
    line = f"--as relu needs one function: {path}:FUNCTION"
    assert refused(str(path), name="relu") == line
    assert refused(f"{path}:rectify", name="rellu") == (
        "the contract has no rellu, did you mean relu?; say --as NAME which one it is"
    )


def test_a_target_without_known_names_gets_a_hint():
    line = refused(str(TARGETS / "nothing.py"))
    assert line.endswith(
        "offers no function of the contract; it has soft_max (is it softmax?): "
        "check one with --as"
    )


@pytest.mark.parametrize(
    ("source", "line"),
    [
        ("def relu(x:\n", "line 1: .*never closed"),
        ("import no_such_thing\n", "it needs no_such_thing, which is not installed"),
        ("import sys\nsys.exit('bye')\n", "it raises SystemExit: bye"),
        ("1 / 0\n", "it raises ZeroDivisionError: division by zero"),
        ("raise ValueError\n", "it raises ValueError: no reason given"),
        ("raise ValueError('one\\ntwo')\n", "it raises ValueError: one$"),
        ("raise BaseException('all')\n", "it raises BaseException: all$"),
        ("raise ValueError('\\n')\n", "it raises ValueError: no reason given$"),
        (
            "class E(Exception):\n    __str__ = 1\nraise E\n",
            "it raises E: no reason given$",
        ),
        ("\0", "source code .*cannot contain null bytes"),
    ],
)
def test_a_file_that_does_not_load_says_why(importable, source, line):
    path = importable("target", source)
    with pytest.raises(TargetError, match=f"^{path} cannot be loaded: .*{line}"):
        load(str(path))


def test_an_interrupt_while_a_target_is_loaded_is_the_users(importable):
    path = importable("target", "raise KeyboardInterrupt\n")
    with pytest.raises(KeyboardInterrupt):
        load(str(path))


def test_only_python_is_loaded(tmp_path):
    path = tmp_path / "notes.txt"
    path.write_text("relu", encoding="utf-8")
    assert refused(str(path)).endswith("it raises ImportError: it is not a Python file")


# ---------------------------------------------------------------------- what is offered


def implementation(**functions):
    return Implementation("mine", functions, source="mine", guard=Guard())


def test_a_missing_function_skips_the_law():
    with pytest.raises(pytest.skip.Exception, match=r"^mine offers no tanh$"):
        implementation().tanh([1.0])
    with pytest.raises(AttributeError, match=r"^the contract has no tanhh$"):
        implementation().tanhh([1.0])


def test_a_missing_option_skips_the_law_unless_it_asks_for_the_default():
    target = implementation(softmax=lambda x: x)
    assert target.softmax(np.ones(2), axis=-1).tolist() == [1.0, 1.0]
    with pytest.raises(
        pytest.skip.Exception, match=r"^mine offers no axis for softmax$"
    ):
        target.softmax(np.ones(2), axis=0)
    with pytest.raises(pytest.skip.Exception):
        target.softmax(np.ones(2), axis=True)


def test_a_needed_option_without_default_skips_the_law():
    def dropout(x, p):
        return x

    target = implementation(dropout=dropout)
    with pytest.raises(
        pytest.skip.Exception, match=r"^mine offers no rng for dropout$"
    ):
        target.dropout(np.ones(2), p=0.5, rng=np.random.default_rng(1))


def test_needs_are_asked_of_the_function_that_is_called():
    target = implementation(relu=lambda x: x.astype(np.float64), tanh=np.tanh)
    target.needs = frozenset({"float16", "axis"})
    assert target.tanh(np.ones(1, np.float16)).dtype == np.float16
    with pytest.raises(
        pytest.skip.Exception, match=r"^mine offers no float16 for relu$"
    ):
        target.relu(np.ones(1, np.float16))


def test_options_by_any_means_are_offered():
    def named(x, axis):
        return x

    def anything(x, **options):
        return x

    def positional(x, axis, /):
        return x

    target = implementation(
        softmax=named,
        log_softmax=anything,
        logsumexp=positional,
        relu=np.negative,
        mse_loss=max,
    )
    assert target.offers("mse_loss", "reduction")  # it keeps its signature to itself
    assert target.offers("softmax", "axis")
    assert target.offers("softmax", "option:axis")
    assert target.offers("log_softmax", "axis")
    assert not target.offers("logsumexp", "axis")
    assert not target.offers("relu", "at_zero")


def test_probing_leaves_no_trace():
    def relu(x):
        print("called")  # noqa: T201
        return x.astype(np.float32)

    target = implementation(relu=relu)
    assert target.capabilities("relu") == ["float32"]
    assert target.guard.calls == []
    assert target.guard.conduct == []


def test_a_function_that_fails_its_probe_offers_no_dtype():
    def fails(x):
        msg = "not today"
        raise RuntimeError(msg)

    assert implementation(relu=fails).capabilities("relu") == []


def test_an_optimizer_is_probed_with_a_state_of_its_own():
    def step(x, g, state, *, learning_rate):
        assert state == "at rest"
        return x - learning_rate * g, state

    def init(params):
        return "at rest"

    target = implementation(momentum_init=init, momentum_step=step)
    assert target.capabilities("momentum_step") == ["float64", "float32", "float16"]
    assert target.guard.calls == []
    # Without a way to make a state, there is nothing to probe.
    alone = implementation(momentum_step=step)
    assert alone.capabilities("momentum_step") == []

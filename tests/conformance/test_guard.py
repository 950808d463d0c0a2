"""guard: bad conduct is noted and undone, and nothing gets past it."""

import decimal
import gc
import io
import locale
import os
import random
import signal
import subprocess
import sys
import threading
import time
import types
import warnings
from collections import namedtuple
from dataclasses import dataclass
from pathlib import Path
from unittest import SkipTest

import mpmath
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.errors import UnsatisfiedAssumption

from reference.backpropagation.dense_backward import DenseGrads
from reference.conformance.beacon import Beacon
from reference.conformance.calls import (
    HABITS,
    Call,
    EndedError,
    HungError,
    UnreadableError,
)
from reference.conformance.guard import WATCHED_CLOSELY, Guard
from reference.conformance.surroundings import ASPECTS, look, put_back, restored
from reference.conformance.values import UnusableError, held


def call(function, *arguments, guard=None, **options):
    guard = guard or Guard()
    return guard.call(function, Call("f", arguments, options))


def habits(function, *arguments):
    guard = Guard()
    call(function, *arguments, guard=guard)
    return [conduct.habit for conduct in guard.conduct]


# ------------------------------------------------------------------------------ habits


def test_a_quiet_function_has_no_habits():
    assert habits(np.exp, np.ones(2)) == []
    assert habits(lambda x: x.sum(), np.ones(2)) == []
    assert habits(lambda rng: rng.random(2), np.random.default_rng(1)) == []


@pytest.mark.parametrize(
    "change", [lambda x: np.negative(x, out=x), lambda x: np.nan_to_num(x, copy=False)]
)
def test_a_changed_argument_is_noted_and_changed_back(change):
    x = np.array([1.0, np.nan])
    assert habits(lambda a: float(change(a)[0]), x) == ["changes its argument"]
    assert x[0] == 1.0
    assert np.isnan(x[1])


def test_arguments_inside_lists_are_watched():
    inside = np.ones(3)
    assert habits(lambda xs: float(xs[0].fill(7) is None), [inside]) == [
        "changes its argument"
    ]
    assert inside.tolist() == [1.0, 1.0, 1.0]


def test_a_changed_shape_is_noted():
    def flatten(x):
        x.shape = (6,)
        return 1.0

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        assert "changes its argument" in habits(flatten, np.ones((2, 3)))


def test_the_result_survives_putting_its_argument_right():
    def relu(x):
        x[x < 0] = 0
        return x

    assert call(relu, np.array([-1.0, 2.0])).tolist() == [0.0, 2.0]
    assert habits(relu, np.array([-1.0])) == [
        "returns a view of its argument",
        "changes its argument",
    ]


def test_parts_of_a_result_survive_too():
    Pair = namedtuple("Pair", "one two")

    def bad(x):
        x[0] = 9
        return Pair(x, 1.0)

    pair = call(bad, np.zeros(2))
    assert type(pair) is Pair
    assert pair.one.tolist() == [9.0, 0.0]
    assert call(lambda x: (bad(x).one, 2.0), np.zeros(2))[0].tolist() == [9.0, 0.0]


@pytest.mark.parametrize(
    "function", [lambda x: x, lambda x: x[::2], lambda x: (1.0, x.T)]
)
def test_a_view_is_noted(function):
    assert habits(function, np.ones((2, 2))) == ["returns a view of its argument"]


def test_numpys_error_state_is_put_back():
    def careless(x):
        np.seterr(all="ignore")
        return x + 1

    before = np.geterr()
    assert habits(careless, np.ones(1)) == ["changes NumPy's error state"]
    assert np.geterr() == before


def test_the_warning_filters_are_put_back():
    def careless(x):
        warnings.simplefilter("ignore")
        return x + 1

    before = list(warnings.filters)
    assert habits(careless, np.ones(1)) == ["changes the warning filters"]
    assert list(warnings.filters) == before


@pytest.mark.parametrize(
    "use",
    [
        lambda: np.random.seed(3),  # noqa: NPY002
        np.random.random_sample,
        lambda: random.seed(3),
        random.random,
    ],
)
def test_the_global_random_state_is_put_back(use):
    random.seed(1)
    np.random.seed(1)  # noqa: NPY002
    want = random.random(), np.random.random_sample()  # noqa: NPY002
    random.seed(1)
    np.random.seed(1)  # noqa: NPY002
    assert habits(lambda x: x + (use() is None), 1.0) == [
        "uses the global random state"
    ]
    assert (random.random(), np.random.random_sample()) == want  # noqa: NPY002


def test_what_is_printed_is_noted_and_kept_from_the_terminal(capfd):
    def chatty(x):
        print("here")  # noqa: T201
        sys.stderr.write("there")
        return x + 1

    guard = Guard()
    call(chatty, 1.0, guard=guard)
    assert [c.habit for c in guard.conduct] == ["prints"]
    assert guard.conduct[0].detail == "here\nthere"
    assert capfd.readouterr() == ("", "")


def test_a_warning_is_noted_and_no_error():
    guard = Guard()
    assert call(np.exp, np.array([1000.0]), guard=guard) == np.inf
    assert [c.habit for c in guard.conduct] == ["warns"]
    assert "overflow" in guard.conduct[0].detail
    assert guard.conduct[0].call == "f(np.array([1000.0]))"


def test_a_law_of_the_contract_sees_the_warning():
    guard = Guard()
    guard.contract = True
    with pytest.warns(RuntimeWarning, match="overflow"):
        call(np.exp, np.array([1000.0]), guard=guard)


def test_several_habits_are_told_apart():
    def bad(x):
        print("x")  # noqa: T201
        np.seterr(all="ignore")
        x[0] = 9
        return x[:1]

    noted = Guard()
    call(bad, np.ones(2), guard=noted)
    assert {c.habit for c in noted.conduct} == {
        "prints",
        "changes NumPy's error state",
        "changes its argument",
        "returns a view of its argument",
    }
    assert {c.level for c in noted.conduct} == {"mathematics", "contract"}
    assert set(HABITS.values()) == {"mathematics", "contract"}


# ------------------------------------------------------------ what is around a function

CHANGES = {
    "functions of NumPy or of this package": lambda: setattr(np, "exp", abs),
    "the environment variables": lambda: os.environ.update(LEMMATA="1"),
    "the working folder": lambda: os.chdir("/"),
    "the standard streams": lambda: setattr(sys, "stdout", None),
    "the handlers of signals": lambda: signal.signal(signal.SIGTERM, print),
    "the recursion limit": lambda: sys.setrecursionlimit(4321),
    "the garbage collector": gc.disable,
    "the locale": lambda: locale.setlocale(locale.LC_ALL, "POSIX"),
    "NumPy's print options": lambda: np.set_printoptions(precision=2),
    "the context of decimal": lambda: setattr(decimal.getcontext(), "prec", 7),
    "the precision of mpmath or flint": lambda: setattr(mpmath.mp, "prec", 7),
    "the hooks of the interpreter": lambda: threading.setprofile(len),
}


def test_everything_that_can_be_changed_is_tried():
    assert list(CHANGES) == [aspect.name for aspect in ASPECTS]


@pytest.mark.parametrize("name", CHANGES)
@pytest.mark.parametrize("calls", [0, WATCHED_CLOSELY])
def test_what_is_changed_around_a_function_is_noted_and_put_back(name, calls):
    def changes(x):
        if x:
            CHANGES[name]()
        return x

    guard, before = Guard(), look()
    guard.open()
    for _ in range(calls):
        call(changes, 0.0, guard=guard)
    call(changes, 1.0, guard=guard)
    guard.settle()
    seen = [conduct.habit for conduct in guard.conduct]
    # What is printed is redirected, so that after a call the streams are as before.
    if name == "the standard streams" and calls:
        assert seen == []
    else:
        assert seen == [f"changes {name}"]
        assert HABITS[seen[0]] == "contract"
    assert list(put_back(before)) == []


def test_who_has_changed_something_once_is_watched_from_then_on():
    switched = []

    def changes(x):
        if switched:
            gc.disable()
        return x

    guard = Guard()
    for _ in range(WATCHED_CLOSELY):
        call(changes, 0.0, guard=guard)
    switched.append(True)
    guard.open()
    call(changes, 0.0, guard=guard)
    assert not gc.isenabled()  # nobody had a reason to look
    guard.settle()
    assert gc.isenabled()
    call(changes, 0.0, guard=guard)
    assert gc.isenabled()


def test_everybody_can_be_watched_closely():
    guard = Guard()
    for _ in range(WATCHED_CLOSELY):
        call(np.cos, 0.0, guard=guard)
    guard.closely = True
    call(lambda x: gc.disable() or x, 0.0, guard=guard)
    assert gc.isenabled()


def test_what_the_law_itself_changes_is_put_back_and_nobody_is_blamed():
    guard, folder = Guard(), Path.cwd()
    guard.open()
    os.chdir("/")
    guard.settle()
    assert guard.conduct == []
    assert folder == Path.cwd()
    os.environ["LEMMATA_KEPT"] = "1"
    guard.settle()  # nobody has looked around before
    assert os.environ.pop("LEMMATA_KEPT") == "1"


def test_a_removed_variable_comes_back(monkeypatch):
    monkeypatch.setenv("LEMMATA_HERE", "1")
    guard = Guard()
    call(lambda: len(os.environ.pop("LEMMATA_HERE")), guard=guard)
    assert guard.conduct[0].detail == "LEMMATA_HERE"
    assert os.environ["LEMMATA_HERE"] == "1"


def test_a_folder_may_be_removed_around_a_function(tmp_path, monkeypatch):
    folder = tmp_path / "folder"
    folder.mkdir()
    monkeypatch.chdir(folder)

    def removes(x):
        folder.rmdir()
        return x

    assert habits(removes, 1.0) == ["changes the working folder"]


def test_streams_stay_open():
    def closes(x):
        sys.stdout.close()
        print("after all")  # noqa: T201
        return x

    guard = Guard()
    call(closes, 1.0, guard=guard)
    assert [(c.habit, c.detail) for c in guard.conduct] == [
        ("prints", "after all\n"),
        ("changes the standard streams", "closed"),
    ]


def test_a_closed_stream_is_replaced(monkeypatch):
    monkeypatch.setattr(sys, "__stdin__", io.StringIO())

    def closes(x):
        sys.__stdin__.close()
        return x

    assert habits(closes, 1.0) == ["changes the standard streams"]
    assert not sys.__stdin__.closed


@pytest.mark.parametrize(
    "change",
    [
        lambda: signal.setitimer(signal.ITIMER_REAL, 0),
        lambda: signal.signal(signal.SIGALRM, signal.SIG_DFL),
    ],
)
def test_the_timer_is_not_for_others(change):
    def changes():
        change()
        return 1.0

    guard, before = Guard(seconds=5.0), signal.getsignal(signal.SIGALRM)
    call(changes, guard=guard)
    habit = "changes the handlers of signals"
    assert {(c.habit, c.detail) for c in guard.conduct} == {(habit, "SIGALRM")}
    assert signal.getsignal(signal.SIGALRM) is before


def test_in_a_thread_signals_are_left_alone():
    seen = []

    def changes(x):
        sys.setrecursionlimit(4321)
        return x

    thread = threading.Thread(target=lambda: seen.extend(habits(changes, 1.0)))
    thread.start()
    thread.join()
    assert seen == ["changes the recursion limit"]


def test_new_names_and_modules_are_no_change(monkeypatch):
    monkeypatch.setattr(np, "a_lazy_module", None, raising=False)

    def imports(x):
        np.a_lazy_module = types.ModuleType("lazy")
        np.a_new_name = 1
        return x

    try:
        assert habits(imports, 1.0) == []
    finally:
        del np.a_new_name


def test_what_is_set_on_import_is_put_back_apart_from_what_is_its_own(monkeypatch):
    monkeypatch.delenv("LEMMATA_OWN", raising=False)
    limit = sys.getrecursionlimit()
    with restored(apart_from=("the environment variables",)):
        os.environ["LEMMATA_OWN"] = "1"
        sys.setrecursionlimit(4321)
    assert sys.getrecursionlimit() == limit
    assert os.environ.pop("LEMMATA_OWN") == "1"


def test_a_thread_that_is_left_is_noted():
    end = threading.Event()

    def starts(x):
        threading.Thread(target=end.wait, daemon=True).start()
        return x

    assert habits(starts, 1.0) == ["leaves a thread running"]
    end.set()


def test_a_process_that_is_left_is_noted():
    left = []

    def starts(x):
        left.append(subprocess.Popen([sys.executable, "-c", "input()"], stdin=-1))
        return x

    assert habits(starts, 1.0) == ["leaves a process running"]
    left[0].communicate()
    assert habits(lambda x: x, 1.0) == []


def test_a_child_of_the_process_does_not_go_on(monkeypatch):
    here = os.getpid()
    child = []

    def forks(x):
        child.append(1)  # from here on, this is another process
        return x

    def leave(status):
        raise LookupError(status)

    monkeypatch.setattr(os, "getpid", lambda: here + len(child))
    monkeypatch.setattr(os, "_exit", leave)
    with pytest.raises(LookupError, match="0"):
        call(forks, 1.0)


def test_results_that_change_later_are_noted_and_changed_back():
    buffer = np.zeros(2)

    def reuses(x):
        buffer[:] = x
        return buffer

    guard = Guard()
    first = call(reuses, 1.0, guard=guard)
    second = call(reuses, 2.0, guard=guard)
    assert (first.tolist(), second.tolist()) == ([1.0, 1.0], [2.0, 2.0])
    assert [c.habit for c in guard.conduct] == ["changes a result it returned before"]
    # What the law does to a result is its own business.
    second[0] = 9
    guard.conduct.clear()
    assert call(lambda x: x + 1, second, guard=guard).tolist() == [10.0, 3.0]
    assert guard.conduct == []


def test_large_results_are_not_copied():
    guard = Guard()
    huge = call(lambda: np.broadcast_to(1.0, (10**6, 10**6)), guard=guard)
    assert huge.shape == (10**6, 10**6)
    assert call(lambda: 1.0, guard=guard) == 1.0


class NamelessError(Exception):
    """Has no text."""

    def __str__(self):
        raise NotImplementedError


class SlowError(Exception):
    """Takes very long to say what is wrong."""

    def __str__(self):
        time.sleep(20)
        return ""


def test_an_exception_without_text_is_told_in_words():
    def fails():
        raise NamelessError

    line = "^NamelessError, whose text cannot be read$"
    with pytest.raises(UnreadableError, match=line):
        call(fails)


def test_the_text_of_an_exception_may_not_take_forever():
    def fails():
        raise SlowError

    with pytest.raises(HungError):
        call(fails, guard=Guard(seconds=0.01))


# ---------------------------------------------------------------------------- results


@pytest.mark.parametrize(
    ("result", "message"),
    [
        (None, "f returns None"),
        ((x for x in "ab"), "f returns a generator"),
        (map(abs, []), "f returns a map"),
        (object(), "f returns a object of dtype object"),
        ([1.0, None], "f returns a list of dtype object"),
        ({"a": 1.0}, "f returns a dict of dtype object"),
        ([[1.0], [1.0, 2.0]], "f returns a list that numpy.asarray refuses"),
        ((1.0, None), "f returns None"),
    ],
)
def test_what_is_not_made_of_numbers_is_refused(result, message):
    with pytest.raises(UnusableError, match=f"^{message}"):
        call(lambda: result)


def test_an_array_that_fails_to_convert_is_refused():
    class Tensor:
        def __array__(self, dtype=None, copy=None):
            msg = "call detach() first"
            raise RuntimeError(msg)

    with pytest.raises(
        UnusableError, match=r"Tensor .* refuses: call detach\(\) first"
    ):
        call(Tensor)


class Grads:
    """What somebody might return who does not like tuples."""

    def __init__(self, x, weights, bias):
        self.bias, self.weights, self.x = bias, weights, x


@pytest.mark.parametrize(
    "form",
    [
        lambda *parts: parts,
        lambda *parts: list(parts),
        Grads,
        DenseGrads,
        lambda x, weights, bias: namedtuple("G", "bias weights x")(bias, weights, x),
    ],
)
def test_parts_have_the_names_of_the_contract_whatever_their_form(form):
    made = form(np.zeros(1), [[1.0, 2.0]], 3.0)
    got = Guard().call(lambda: made, Call("dense_vjp", (), {}))
    assert (got.x.tolist(), got.bias) == ([0.0], 3.0)
    assert got.weights.tolist() == [[1.0, 2.0]]
    assert type(got).__name__ == "DenseGrads"


def test_parts_of_parts_are_named_and_layers_may_differ():
    made = ([[np.ones((2, 3)), np.ones(3)], [np.ones(3), 0.0]], [1.0], [2.0])
    got = Guard().call(lambda: made, Call("sqrt_mean_fit", (), {}))
    assert [w.shape for w in got.network.weights] == [(2, 3), (3,)]
    assert got.validation_losses.tolist() == [2.0]


def test_a_pair_of_arrays_may_come_in_a_list():
    made = [np.ones((4, 3)), np.ones(4)]
    X, y = Guard().call(lambda: made, Call("three_four_one_data", (), {}))
    assert (X.shape, y.shape) == ((4, 3), (4,))


def test_too_few_parts_get_no_names():
    got = Guard().call(lambda: (1.0, 2.0), Call("dense_vjp", (), {}))
    assert got == (1.0, 2.0)


def test_whatever_asarray_takes_is_made_an_array():
    class Tensor:
        def __array__(self, dtype=None, copy=None):
            return np.ones(2)

    Pair = namedtuple("Pair", "one two")
    assert isinstance(call(Tensor), np.ndarray)
    assert isinstance(call(lambda: [1.0, 2.0]), np.ndarray)
    assert type(call(lambda: np.ma.ones(2))) is np.ndarray
    assert call(lambda: 1.5) == 1.5
    pair = call(lambda: Pair([1.0], 2.0))
    assert type(pair) is Pair
    assert isinstance(pair.one, np.ndarray)


# --------------------------------------------------------------------------- endings


@pytest.mark.parametrize(
    "error", [ValueError("no"), AssertionError("no"), RecursionError(), MemoryError()]
)
def test_an_exception_comes_through_and_is_remembered(error):
    def fails(x):
        raise error

    guard = Guard()
    with pytest.raises(type(error)):
        call(fails, 1.0, guard=guard)
    assert guard.calls[-1].error is error


@pytest.mark.parametrize(
    "error",
    [
        SystemExit(3),
        GeneratorExit(),
        pytest.skip.Exception("not today"),
        pytest.exit.Exception("all of it"),
        SkipTest("not today"),
        UnsatisfiedAssumption(),
        BaseException("anything"),
    ],
)
def test_nobody_leaves_by_another_door(error):
    def leaves():
        raise error

    with pytest.raises(EndedError, match=f"^f raises {type(error).__name__}"):
        call(leaves)


def test_an_interrupt_is_the_users_unless_the_process_is_the_functions(tmp_path):
    def interrupts():
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        call(interrupts)
    beacon = Beacon.create(tmp_path / "beacon")
    with pytest.raises(EndedError, match="KeyboardInterrupt"):
        call(interrupts, guard=Guard(beacon=beacon))


@pytest.mark.parametrize("stubborn", [False, True])
def test_a_function_that_does_not_return_is_interrupted(stubborn):
    def hangs():
        end = time.monotonic() + 20
        while time.monotonic() < end:
            try:
                time.sleep(0.01)
            except BaseException:
                if not stubborn or time.monotonic() > begin + 0.3:
                    raise
        return 1.0

    begin = time.monotonic()
    guard = Guard(seconds=0.01)
    with pytest.raises(HungError, match=r"^f does not return within 0\.1 s$"):
        call(hangs, guard=guard)
    assert time.monotonic() < begin + 10


def test_a_function_that_hangs_twice_is_not_called_again():
    calls = []

    def hangs():
        calls.append(1)
        time.sleep(20)

    guard = Guard(seconds=0.01)
    for _ in range(4):
        with pytest.raises(HungError, match="does not return within"):
            call(hangs, guard=guard)
    assert len(calls) == 2


def test_the_first_call_may_take_longer():
    calls = []

    def compiles():
        calls.append(1)
        time.sleep(0.3 if len(calls) == 1 else 0.0)
        return 1.0

    guard = Guard(seconds=0.1)
    assert [call(compiles, guard=guard) for _ in range(3)] == [1.0, 1.0, 1.0]


def test_the_state_is_put_back_after_an_exception():
    def fails(x):
        x[0] = 9
        np.seterr(all="ignore")
        msg = "after the fact"
        raise ValueError(msg)

    x, before, guard = np.ones(1), np.geterr(), Guard()
    with pytest.raises(ValueError, match="after the fact"):
        call(fails, x, guard=guard)
    assert x[0] == 1
    assert np.geterr() == before
    assert len(guard.conduct) == 2


def test_the_beacon_says_what_is_under_way(tmp_path):
    beacon = Beacon.create(tmp_path / "beacon")
    reader = Beacon(tmp_path / "beacon")
    seen = []

    def look(x):
        seen.append(reader.read())
        return x

    call(look, 2.0, guard=Guard(seconds=1.0, beacon=beacon))
    assert seen[0][0] == "f(2.0)"
    assert -10 <= seen[0][1] < -8
    assert reader.read() == ("", 0.0)
    beacon.light("now")
    assert 0 <= reader.read()[1] < 1
    beacon.light("y" * 10_000)
    assert reader.read()[0] == "y" * (4096 - 24)
    beacon.close()
    reader.close()


@pytest.mark.parametrize("place", [0, 4, 13, 26, 4000])
def test_a_beacon_that_somebody_else_wrote_into_is_dark(tmp_path, place):
    beacon = Beacon.create(tmp_path / "beacon")
    beacon.light("x" * 4072, 2.0)
    with (tmp_path / "beacon").open("r+b") as file:
        file.seek(place)
        file.write(b"[1]\nnot json\n")
    assert beacon.read() == ("", 0.0)
    beacon.close()


# -------------------------------------------------------------------------- generators


@given(seed=st.integers(0, 2**32 - 1))
@settings(suppress_health_check=[HealthCheck.too_slow])
def test_a_fresh_generator_is_written_with_its_seed(seed):
    rng = np.random.default_rng(seed)
    fresh = Call("f", (rng,), {"rng": rng})
    rng.random()
    text = f"np.random.default_rng({seed})"
    assert str(fresh) == f"f({text}, rng={text})"
    assert str(Call("f", (), {"rng": rng})) == "f(rng=np.random.default_rng())"


# ---------------------------------------------------------------- states of optimizers


class Opaque:
    """A state that shows nothing of what it holds."""

    def __init__(self, velocity):
        self.velocity = velocity


def first_state(content, guard=None):
    """Return the state that a target's ``momentum_init`` makes."""
    guard = guard or Guard()

    def init(params):
        return content

    return guard.call(init, Call("momentum_init", (np.zeros(2),), {}))


def one_step(step, content, guard=None):
    """Take one step of a target from the state it made."""
    guard = guard or Guard()
    state = first_state(content, guard)
    options = {"learning_rate": 0.5}
    arguments = (np.zeros(2), np.ones(2), state)
    return guard.call(step, Call("momentum_step", arguments, options))


@pytest.mark.parametrize(
    "content", [None, Opaque(np.zeros(2)), {"v": [1, "text"]}, object(), (), "text"]
)
def test_a_state_may_be_anything_and_comes_back_as_it_is(content):
    seen = []

    def step(x, g, state, learning_rate):
        seen.append(state)
        return x - learning_rate * g, state

    x, _ = one_step(step, content)
    assert x.tolist() == [-0.5, -0.5]
    assert seen[0] is content


@pytest.mark.parametrize("content", [{"v": np.zeros(2)}, [(np.zeros(2),)]])
def test_a_state_that_is_changed_in_place_is_noted_and_changed_back(content):
    def step(x, g, state, learning_rate):
        velocity = state["v"] if isinstance(state, dict) else state[0][0]
        velocity += g
        return x - learning_rate * velocity, state

    guard = Guard()
    state = first_state(content, guard)
    call = Call("momentum_step", (np.zeros(2), np.ones(2), state), {"learning_rate": 1})
    _, after = guard.call(step, call)
    assert [c.habit for c in guard.conduct] == ["changes its argument"]
    assert held_in(state) == [[0.0, 0.0]]
    assert held_in(after) == [[1.0, 1.0]]


def held_in(state):
    return [array.tolist() for array in held(state)]


def test_the_memory_of_a_dataclass_is_watched():
    @dataclass
    class Memory:
        velocity: np.ndarray

    assert held_in(first_state(Memory(np.ones(2)))) == [[1.0, 1.0]]
    assert held_in(first_state(types.SimpleNamespace(v=np.ones(1)))) == [[1.0]]


def test_a_state_that_keeps_an_argument_is_a_view_and_its_own_memory_is_not():
    def keeps(x, g, state, learning_rate):
        return x - g, {"last": g}

    def passes_on(x, g, state, learning_rate):
        return x - g, state

    guard = Guard()
    one_step(keeps, {"last": np.zeros(2)}, guard)
    assert [c.habit for c in guard.conduct] == ["returns a view of its argument"]
    guard = Guard()
    one_step(passes_on, {"last": np.zeros(2)}, guard)
    assert guard.conduct == []


@pytest.mark.parametrize("result", [np.zeros(2), (np.zeros(2),), None, "ab" * 50])
def test_a_step_returns_parameters_and_a_state(result):
    def step(x, g, state, learning_rate):
        return result

    message = r"^momentum_step returns no pair of parameters and state, but "
    with pytest.raises(UnusableError, match=message):
        one_step(step, None)


def test_a_state_is_written_as_the_calls_that_made_it():
    def step(x, g, state, rate):
        return x, None

    guard = Guard()
    state = first_state(None, guard)
    assert str(state) == "momentum_init(np.array([0.0, 0.0]))"
    for _ in range(4):
        arguments = (np.zeros(1), np.ones(1), state)
        _, state = guard.call(step, Call("momentum_step", arguments, {"rate": 1}))
        if state.age == 1:
            assert str(state) == (
                "momentum_step(np.array([0.0]), np.array([1.0]), "
                "momentum_init(np.array([0.0, 0.0])), rate=1)[1]"
            )
    assert str(state) == "<state after 4 steps>"

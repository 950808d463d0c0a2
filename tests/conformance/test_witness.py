"""witness: the evidence is what happened, and as small as it can honestly be."""

import numpy as np
import pytest

from reference.conformance.calls import Conduct, EndedError, HungError
from reference.conformance.compare import MismatchError, assert_close, assert_equal
from reference.conformance.failure import Failure
from reference.conformance.guard import Guard
from reference.conformance.implementation import Implementation
from reference.conformance.target import load
from reference.conformance.values import UnusableError
from reference.conformance.witness import from_conduct, from_exception


def blame(law, **functions):
    """Break a law with an implementation and return the evidence."""
    target = Implementation("mine", functions, source="mine", guard=Guard())
    try:
        law(target)
    except BaseException as error:
        return from_exception(error, target, ("relu", "tanh"))
    msg = "the law holds"
    raise ValueError(msg)


def one(value):
    return lambda x: np.full(np.shape(x), value)


def law(*x, want=None):
    x = np.array(x)

    def check(impl):
        assert_close(impl.relu(x), np.maximum(x, 0) if want is None else want)

    return check


# ------------------------------------------------------------------------ what is wrong


@pytest.mark.parametrize(
    ("value", "want", "kind", "cause"),
    [
        (3.0, 2.0, "value", "relu is wrong"),
        (0.0, 2.0, "zero", "relu is 0 where it must not be"),
        (np.nan, 2.0, "nan", "relu is NaN where it must not be"),
        (2.0, np.nan, "nan", "relu is a number where it must be NaN"),
        (np.inf, 2.0, "infinity", "relu is infinite where it must not be"),
        (2.0, np.inf, "infinity", "relu is finite where it must be infinite"),
        (-np.inf, np.inf, "infinity", "relu is infinite with the wrong sign"),
    ],
)
def test_a_number_is_wrong_in_one_way(value, want, kind, cause):
    failure = blame(law(2.0, want=np.array([want])), relu=one(value))
    assert (failure.kind, failure.cause, failure.function) == (kind, cause, "relu")


@pytest.mark.parametrize(
    ("error", "kind", "cause"),
    [
        (ValueError("no\nnever"), "raises", "relu raises ValueError: no"),
        (KeyError(), "raises", "relu raises KeyError"),
        (AssertionError("mine"), "raises", "relu raises AssertionError: mine"),
        (SystemExit(2), "end", "relu raises SystemExit(2)"),
    ],
)
def test_an_exception_is_the_functions(error, kind, cause):
    def fails(x):
        raise error

    failure = blame(law(1.0), relu=fails)
    assert (failure.kind, failure.cause) == (kind, cause)
    assert failure.calls == ("relu(np.array([1.0]))",)


def test_what_is_no_array_is_told():
    failure = blame(law(1.0), relu=one(None))
    assert failure.kind == "type"
    assert failure.cause == "relu returns a ndarray of dtype object"


def test_a_wrong_shape_is_told():
    failure = blame(law(1.0, 2.0), relu=lambda x: x[:1])
    assert (failure.kind, failure.got, failure.expected) == ("shape", "(1,)", "(2,)")
    failure = blame(lambda impl: impl.relu(np.ones(2))[1], relu=lambda x: x.sum())
    assert failure.kind == "shape"
    assert failure.detail.startswith("IndexError: ")


def text(x):
    return str(x)


def test_text_where_numbers_belong_is_told():
    failure = blame(law(1.0), relu=text)
    assert failure.kind == "type"
    assert failure.cause == "relu does not return real numbers"


def test_a_plain_assertion_is_told_in_its_first_line():
    def check(impl):
        message = "first line\nsecond " + "long " * 100
        assert impl.relu(1.0) == 2, message

    failure = blame(check, relu=lambda x: x)
    assert failure.kind == "law"
    assert failure.detail.startswith("first line")
    assert "second" not in failure.detail

    def silent(impl):
        impl.relu(1.0)
        raise AssertionError

    assert blame(silent, relu=lambda x: x).detail == ""


def test_what_did_not_raise_breaks_the_law():
    def check(impl):
        with pytest.raises(TypeError):
            impl.relu("abc")

    failure = blame(check, relu=text)
    assert failure.kind == "law"
    assert failure.detail.startswith("DID NOT RAISE")
    assert failure.calls == ("relu('abc')",)


def test_without_a_call_the_law_names_the_functions():
    def check(impl):
        raise UnusableError

    assert blame(check).function == "relu, tanh"


@pytest.mark.parametrize(
    ("error", "kind"), [(HungError("slow"), "hang"), (EndedError("gone"), "end")]
)
def test_what_the_guard_says_is_repeated(error, kind):
    def check(impl):
        raise error

    failure = blame(check)
    assert (failure.kind, failure.cause) == (kind, str(error))


# ------------------------------------------------------------------------ how small it


def test_an_entry_that_is_wrong_by_itself_stands_alone():
    x = [float(i) for i in range(-50, 50)]
    failure = blame(law(*x), relu=lambda x: np.where(x == 7, 8, np.maximum(x, 0)))
    assert failure.calls == ("relu(np.array([7.0]))",)


def test_an_entry_keeps_its_dimensions():
    failure = blame(law([1.0, 2.0], [3.0, 4.0]), relu=lambda x: x + (x == 3))
    assert failure.calls == ("relu(np.array([[3.0]]))",)


def test_an_entry_that_is_wrong_among_others_stays_among_them():
    failure = blame(law(1.0, 2.0, 3.0), relu=lambda x: x + (x == 2) * (len(x) > 1))
    assert failure.calls == ("relu(np.array([1.0, 2.0, 3.0]))",)


def test_a_share_is_not_cut_out_of_its_row():
    def check(impl):
        got = impl.softmax(np.array([[40.0, 0.0], [0.0, 0.0]]))
        assert_close(got, np.array([[0.75, 0.25], [0.5, 0.5]]))

    failure = blame(check, softmax=lambda x: np.ones(np.shape(x)))
    assert failure.calls == ("softmax(np.array([[40.0, 0.0]]))",)


def test_what_cannot_be_called_again_stays_as_it_was():
    calls = []

    def once(x):
        calls.append(1)
        if len(calls) > 1:
            msg = "never again"
            raise RuntimeError(msg)
        return x + 1

    failure = blame(law(1.0, 2.0), relu=once)
    assert failure.calls == ("relu(np.array([1.0, 2.0]))",)


def test_a_random_stream_is_not_cut():
    def check(impl):
        got = impl.dropout(np.ones(3), p=0.5, rng=np.random.default_rng(1))
        assert_close(got, np.full(3, 9.0))

    failure = blame(check, dropout=lambda x, p, rng: x * (rng.random(3) > p))
    assert failure.calls == (
        "dropout(np.array([1.0, 1.0, 1.0]), p=0.5, rng=np.random.default_rng(1))",
    )


def test_only_the_last_calls_are_shown():
    def check(impl):
        for i in range(6):
            impl.relu(float(i // 2))
        assert_close(impl.tanh(0.5), 2.0)

    failure = blame(check, relu=lambda x: x, tanh=lambda x: x)
    assert failure.calls == ("relu(1.0)", "relu(2.0)", "tanh(0.5)")
    assert failure.function == "tanh"


def test_cutting_leaves_no_trace():
    target = Implementation("mine", {"relu": lambda x: x + 1}, source="mine")
    with pytest.raises(MismatchError) as caught:
        law(1.0, 2.0)(target)
    from_exception(caught.value, target, ("relu",))
    assert target.guard.conduct == []


# ------------------------------------------------------------------- what it is told by


def test_what_comes_back_is_told_beside_what_should():
    failure = blame(law(-1.0, 2.0), relu=lambda x: x * 1.0)
    assert failure.calls == ("relu(np.array([-1.0]))",)
    assert (failure.returned, failure.ours) == (("[-1.]",), "[0.]")
    assert failure.place == (0,)
    assert (failure.error, failure.size, failure.eps) == (1.0, 0.0, 2.0**-52)


def test_another_input_comes_with_its_own_numbers():
    failure = blame(law(3.7, want=np.array([3.7])), relu=lambda x: x + 0.5)
    assert failure.calls == ("relu(np.array([1.0]))",)
    assert (failure.got, failure.expected) == ("1.5", "1")
    assert failure.bound == "rounding changes the last digits alone"
    assert failure.error == 0.5  # of the law's own input, for what excuses it
    nan = blame(law(3.7), relu=one(np.nan))
    assert nan.ulps is None
    assert nan.bound == ""


def test_what_numpy_says_of_the_call_is_told_once():
    def overflows(x):
        return np.exp(x + 1000) * np.exp(x + 1000)

    failure = blame(law(1.0), relu=overflows)
    assert failure.warnings == ("RuntimeWarning: overflow encountered in exp",)


def test_what_is_long_or_no_number_is_not_told():
    failure = blame(law(*range(50), want=np.zeros(50)), relu=lambda x: x + x.sum())
    assert failure.returned == ("",)
    assert blame(law(1.0), relu=text).returned == ("",)


def test_a_law_about_two_calls_has_no_counterpart():
    def check(impl):
        assert_close(impl.relu(np.ones(1)) - impl.relu(np.zeros(1)), np.zeros(1))

    failure = blame(check, relu=lambda x: x)
    assert failure.returned == ("[1.]", "[0.]")
    assert failure.ours == ""
    assert failure.place is None


def test_what_the_reference_refuses_has_no_counterpart():
    def check(impl):
        assert_close(impl.relu(np.array(["a"])), np.array([1.0]))

    assert blame(check, relu=lambda x: np.zeros(x.shape)).ours == ""


@pytest.mark.parametrize(
    ("made", "want", "cause"),
    [
        (lambda y: y > 5, True, "relu is wrong"),
        (np.log, 1.0, "relu breaks a law"),
        (lambda y: y * 0 + 3.0, 2.0, "relu is wrong"),
    ],
)
def test_what_a_law_makes_of_a_result_is_not_the_result(made, want, cause):
    def check(impl):
        with np.errstate(all="ignore"):
            assert_equal(made(impl.relu(np.array([-4.0]))), [want])

    failure = blame(check, relu=lambda x: x)
    assert failure.cause == cause
    assert failure.place is None
    assert failure.ours == "[0.]"


def test_a_habit_is_told_with_the_call_that_shows_it():
    failure = from_conduct(Conduct("relu", "prints", "relu(1.0)", "hello"))
    assert failure == Failure(
        "relu", "conduct", "relu prints", ("relu(1.0)",), detail="hello"
    )


def test_a_shape_that_a_law_makes_is_told_as_a_shape():
    def check(impl):
        assert_close(np.ones(3) * impl.relu(np.ones(1)).sum(), np.ones(2))

    assert blame(check, relu=lambda x: x).cause == "relu has the wrong shape"


def test_nan_in_the_result_is_told_though_a_law_compares_something_else():
    def check(impl):
        assert_close(impl.relu(np.array([1.0])).sum(), 2.0)

    assert blame(check, relu=one(np.nan)).cause == "relu is NaN where it must not be"


def test_the_line_that_raises_is_named(tmp_path):
    file = tmp_path / "mine.py"
    file.write_text("def relu(x):\n    return 1 / 0\n", encoding="utf-8")
    failure = blame(law(1.0), relu=load(str(file)).relu)
    assert failure.detail == "mine.py, line 2: return 1 / 0"
    assert blame(law(1.0), relu=np.linalg.inv).detail == ""

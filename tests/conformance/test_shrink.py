"""shrink: an input is replaced by a plainer one that is wrong in the same way."""

import numpy as np
import pytest

import reference
from reference.conformance.compare import MismatchError, assert_close
from reference.conformance.guard import Guard
from reference.conformance.implementation import Implementation
from reference.conformance.shrink import is_entry, simpler


def shown(function, wrong, *arguments, want=None, **options):
    """Break the law that a function is the reference's; return what is shown of it."""
    target = Implementation("mine", {function: wrong}, source="mine", guard=Guard())
    arguments = tuple(np.array(a) if isinstance(a, list) else a for a in arguments)
    got = getattr(target, function)(*arguments, **options)
    if want is None:
        want = getattr(reference, function)(*arguments, **options)
    with pytest.raises(MismatchError) as caught:
        assert_close(got, want)
    (call,) = target.guard.calls
    assert is_entry(call, caught.value)
    return simpler(call, caught.value, target)


def shares(x, axis=-1):
    with np.errstate(all="ignore"):
        return np.exp(x) / np.exp(x).sum(axis=axis, keepdims=True)


def test_a_function_of_single_numbers_is_shown_on_a_round_one():
    found = shown("sigmoid", lambda x: np.asarray(x) * 0.5, [[3.7, -2.9]])
    assert str(found.call) == "sigmoid(np.array([1.0]))"  # at 0 it is 0: another sort
    assert (found.place, found.got) == ((0,), 0.5)
    assert found.want == reference.sigmoid(1.0)
    assert found.replaced
    assert found.vouched


def test_a_function_of_a_row_is_shown_on_two_numbers():
    found = shown("softmax", shares, [[710.3, 0.0, -30.7]])
    assert str(found.call) == "softmax(np.array([0.0, 1000.0]))"
    assert found.place == (1,)
    assert np.isnan(found.got)
    assert found.want == 1.0


def test_two_rows_are_shown_where_one_is_right():
    def over_all(x):
        return np.exp(x) / np.exp(x).sum()

    found = shown("softmax", over_all, [[0.1, 0.2, 0.7], [0.3, 0.1, 0.1]])
    assert str(found.call) == "softmax(np.array([[0.0, 1.0], [2.0, 3.0]]))"


def test_the_mistake_stays_of_its_sort():
    # At 0 it is merely wrong; below, it is NaN.
    def some_nan(x):
        with np.errstate(invalid="ignore"):
            return 1 / (2 + np.sqrt(x))

    found = shown("sigmoid", some_nan, [-3.7])
    assert str(found.call) == "sigmoid(np.array([-1.0]))"


def test_numbers_are_rounded_where_nothing_plainer_is_wrong():
    def one_bump(x):
        return reference.sigmoid(x) + (np.abs(x - 3.3) < 0.5)

    found = shown("sigmoid", one_bump, [3.1415926])
    assert str(found.call) == "sigmoid(np.array([3.0]))"
    narrow = shown("sigmoid", lambda x: reference.sigmoid(x) + (x == 3.1), [3.1])
    assert not narrow.replaced


def test_two_arrays_are_rounded_together():
    found = shown(
        "mse_loss", lambda p, t: np.abs(p - t).sum(), [0.71, 0.2], [0.33, 7.7]
    )
    assert str(found.call) == "mse_loss(np.array([0.7, 0.2]), np.array([0.3, 8.0]))"


def test_a_difference_that_only_digits_show_keeps_its_input():
    found = shown("sigmoid", lambda x: reference.sigmoid(x) * (1 + 1e-10), [3.7])
    assert str(found.call) == "sigmoid(np.array([3.7]))"
    assert found.vouched
    assert not found.replaced


def test_what_the_law_knows_better_than_the_reference_keeps_its_input():
    found = shown("sigmoid", lambda x: x, [3.7], want=[9.0])
    assert str(found.call) == "sigmoid(np.array([3.7]))"
    assert not found.vouched
    words = shown("sigmoid", lambda x: x, [3.7], want=np.array([np.nan]))
    assert not words.vouched


def test_options_are_kept():
    def along_rows(x, *, axis):
        return shares(x, axis - 1)

    found = shown("softmax", along_rows, [[0.3, 0.2], [0.7, 1.0]], axis=0)
    text = "softmax(np.array([[0.0, 1.0], [2.0, 3.0]]), axis=0)"
    assert str(found.call) == text


def test_the_dtype_is_kept():
    x = np.array([3.7], np.float32)
    found = shown("sigmoid", lambda x: x, x)
    assert str(found.call) == "sigmoid(np.array([1.0], dtype=np.float32))"


def test_a_random_stream_is_left_alone():
    def scaled(x, *, p, rng):
        return x * (rng.random(x.shape) >= p)

    rng = np.random.default_rng(1)
    found = shown("dropout", scaled, [0.7], p=0.5, rng=rng, want=[1.4])
    assert not found.replaced


@pytest.mark.parametrize("bad", [None, "text", np.ones(7)])
def test_an_input_on_which_nothing_comes_back_is_no_candidate(bad):
    def moody(x):
        return x + 1 if x[0] == 3.77 else bad

    found = shown("sigmoid", moody, [3.77])
    assert not found.replaced


def test_an_input_that_the_reference_refuses_is_no_candidate():
    found = shown("logit", lambda p: p + 7.0, [0.31])  # of 2, say, it has no logit
    assert str(found.call) == "logit(np.array([0.3]))"


def test_what_is_no_entry_of_the_result_is_told_apart():
    target = Implementation("mine", {"relu": repr}, source="mine")
    target.relu(np.array([1.0]))
    error = MismatchError(kind="value", got=np.float64(1), want=2, index=(0,))
    assert not is_entry(target.guard.calls[0], error)
    words = MismatchError(kind="value", got=np.str_("a"), want="b", index=(0,))
    target.guard.calls[0].result = np.ones(1)
    assert not is_entry(target.guard.calls[0], words)

"""xor: two rectifiers represent it, and no straight line does."""

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from derivations.engine import evaluate
from derivations.layers import xor as spec
from reference.conformance.compare import assert_close, assert_equal
from reference.conformance.strategies import float_arrays, rows

BITS = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
TABLE = np.array([0.0, 1.0, 1.0, 0.0])


def exact(x):
    """Return the network of the derivation for every row, in 50 digits."""
    network = spec.tent.xreplace({spec.s: spec.x + spec.y})
    values = [evaluate(network, {spec.x: first, spec.y: second}) for first, second in x]
    return np.array(values, dtype=object)


def quarters(n):
    """Draw pairs of multiples of 2^-20 in [0, 1]: their sums are exact."""
    return float_arrays(shape=(n, 2), magnitude=1.0).map(
        lambda x: np.round(np.abs(x) * 2**20) / 2**20
    )


# ------------------------------------------------------ agreement with the derivation


@given(x=rows(k=2, magnitude=100.0))
@example(x=BITS)
@example(x=np.array([[0.5, 0.5], [0.25, 0.0], [1.0, 0.5], [-3.0, 1.0], [3.0, 4.0]]))
def test_network_is_one_rectifier_less_twice_another(impl, x):
    size = 1 + np.abs(x).sum(axis=1)
    assert_close(impl.xor_net(x), exact(x), scale=size)


@pytest.mark.needs("float32")
@given(x=float_arrays(np.float32, shape=(3, 2), magnitude=100.0))
def test_float32_network_is_right_to_its_precision(impl, x):
    size = 1 + np.abs(x).sum(axis=1)
    assert_close(impl.xor_net(x), exact(x), scale=size)


# ------------------------------------------------------------------------------ laws


def test_truth_table(impl):
    assert_equal(impl.xor_net(BITS), TABLE)


@given(x=rows(k=2, magnitude=100.0))
def test_the_two_inputs_play_the_same_part(impl, x):
    assert_equal(impl.xor_net(x[:, ::-1]), impl.xor_net(x))


@given(x=quarters(4))
def test_turning_both_bits_changes_nothing(impl, x):
    assert_equal(impl.xor_net(1 - x), impl.xor_net(x))


@given(x=quarters(4))
@example(x=np.array([[0.5, 0.5], [0.25, 0.25], [0.75, 0.75], [1.0, 0.5]]))
def test_between_the_bits_lies_a_roof_over_the_diagonal(impl, x):
    got = np.asarray(impl.xor_net(x))
    assert_equal(got, 1 - np.abs(x.sum(axis=1) - 1))
    assert ((got >= 0) & (got <= 1)).all()


@given(noise=quarters(4), signs=rows(k=2, n=4, magnitude=1.0))
def test_bits_off_by_less_than_a_quarter_are_still_told_apart(impl, noise, signs):
    off = noise * np.where(signs < 0, -0.249, 0.249)
    assert_equal(np.asarray(impl.xor_net(BITS + off)) > 0.5, TABLE > 0.5)


@given(x=rows(k=2, magnitude=100.0))
def test_one_pair_is_a_row_of_the_batch(impl, x):
    assert_equal([impl.xor_net(row) for row in x], impl.xor_net(x))


@given(whole=st.tuples(*[st.integers(-1000, 1000)] * 3))
@example(whole=(2, 2, -1))
@example(whole=(-2, -2, 3))
def test_no_single_threshold_agrees_on_all_four_inputs(impl, whole):
    *w, b = whole
    fires = BITS @ w + b > 0
    assert (fires != (np.asarray(impl.xor_net(BITS)) > 0.5)).any()


def test_the_best_straight_fit_is_one_half_everywhere(impl):
    y = np.asarray(impl.xor_net(BITS))
    A = np.column_stack([np.ones(4), BITS])
    fitted = A @ np.linalg.lstsq(A, y, rcond=None)[0]
    assert_close(fitted, np.full(4, 0.5))
    assert_close(np.mean((fitted - y) ** 2), 0.25)


# -------------------------------------------------------------------- error contract


@pytest.mark.contract
def test_infinite_inputs_give_the_limits(impl):
    x = np.array([[np.inf, 0.0], [-np.inf, 0.0], [np.inf, -np.inf], [np.nan, 0.0]])
    assert_equal(impl.xor_net(x), [-np.inf, 0.0, np.nan, np.nan])
    assert_equal(impl.xor_net([1.7e308, 1.7e308]), -np.inf)


@pytest.mark.contract
@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
def test_dtype_of_the_pairs_is_kept(impl, dtype):
    assert impl.xor_net(BITS.astype(dtype)).dtype == dtype
    assert impl.xor_net(BITS.astype(bool)).dtype == np.float64


@pytest.mark.contract
def test_no_pairs_give_no_bits(impl):
    assert_equal(impl.xor_net(np.zeros((0, 2))), np.zeros(0))


@pytest.mark.contract
def test_what_is_no_pair_is_named(impl):
    with pytest.raises(
        ValueError, match=r"^x must have 2 columns, got shape \(1, 3\)$"
    ):
        impl.xor_net([[0.0, 1.0, 1.0]])
    with pytest.raises(ValueError, match=r"^x must have 1 or 2 axes, got shape \(\)$"):
        impl.xor_net(1.0)
    with pytest.raises(TypeError, match=r"^x must hold real numbers"):
        impl.xor_net(["a", "b"])

"""neuron: the weighted sum agrees with its derivation, and the bias is a weight."""

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from derivations.activations.relu import relu
from derivations.activations.sigmoid import σ
from derivations.engine import evaluate, tanh
from derivations.layers import neuron as spec
from reference.conformance.compare import assert_close, assert_equal
from reference.conformance.strategies import float_arrays, generators, reals, vectors
from reference.conformance.tables import TABLES, pattern

ACTIVATIONS = {"identity": None, "sigmoid": σ, "tanh": tanh, "relu": relu}


def layouts(*, magnitude=10.0):
    """Draw samples as rows, weights and a bias that fit each other."""
    shape = st.tuples(st.integers(1, 4), st.integers(1, 6))
    return shape.flatmap(
        lambda nd: st.tuples(
            float_arrays(shape=st.just(nd), magnitude=magnitude),
            vectors(k=nd[1], magnitude=magnitude),
            reals(magnitude),
        )
    )


def exact(expression, x, w, b):
    """Return a formula of the derivation for every row, in 50 digits."""
    rows = [evaluate(expression, {spec.x: row, spec.w: w, spec.b: b}) for row in x]
    return np.array(rows, dtype=object)


def size(x, w, b):
    """Return the size of what is added up, times the rounding of as many additions."""
    return (np.abs(x * w).sum(axis=-1) + abs(b)) * (1 + len(w))


# ------------------------------------------------------ agreement with the derivation


@pytest.mark.claim("A0-033", "A1-009", "A3-005")
@pytest.mark.parametrize("activation", ["identity", "tanh", "relu"])
@given(case=layouts())
@example(case=(np.array([[1.0, 2.0], [0.0, 0.0]]), np.array([3.0, -1.0]), 0.5))
@example(case=(np.array([[2.0, 2.0]]), np.array([1.0, -1.0]), 0.0))
def test_neuron_activates_the_weighted_sum_plus_the_bias(impl, activation, case):
    apply = ACTIVATIONS[activation] or (lambda sum_: sum_)
    want = exact(apply(spec.z), *case)
    # No slope of these activations exceeds 1: an error of the sum does not grow.
    got = impl.neuron(*case, activation=activation)
    assert_close(got, want, scale=size(*case))


@given(case=layouts())
@example(case=(np.array([[30.0], [-40.0]]), np.array([10.0]), 0.0))
def test_sigmoid_neuron_is_the_sigmoid_of_the_sum(impl, case):
    # The logarithm of the sigmoid has slopes up to 1: errors of the sum are relative.
    got = impl.neuron(*case, activation="sigmoid")
    assert_close(got, exact(σ(spec.z), *case), condition=size(*case))


@pytest.mark.needs("float32")
@given(x=float_arrays(np.float32, shape=(3, 5), magnitude=100.0), rng=generators())
def test_float32_neuron_is_right_to_its_precision(impl, x, rng):
    w = rng.normal(size=5).astype(np.float32)
    b = np.float32(rng.normal())
    got = impl.neuron(x, w, b, activation="identity")
    assert_close(got, exact(spec.z, x, w, b), scale=size(x, w, b))


@given(case=layouts(magnitude=1e3))
def test_one_weighted_sum_of_augmented_rows_adds_the_bias(impl, case):
    x, w, b = case
    got = np.asarray(impl.augment(x)) @ np.concatenate([[b], w])
    assert_close(got, exact(spec.z, x, w, b), scale=size(x, w, b))


# ------------------------------------------------------------------------------ laws


@given(x=float_arrays(shape=st.tuples(st.integers(0, 3), st.integers(0, 4))))
@example(x=np.zeros((0, 3)))
@example(x=np.zeros((2, 0)))
def test_augmenting_puts_a_column_of_ones_first_and_keeps_the_rest(impl, x):
    got = np.asarray(impl.augment(x))
    assert got.shape == (x.shape[0], x.shape[1] + 1)
    assert_equal(got[:, 0], np.ones(len(x)))
    assert_equal(got[:, 1:], x)


@given(x=vectors())
def test_augmenting_one_sample_puts_a_one_in_front(impl, x):
    assert_equal(impl.augment(x), np.array([1.0, *x]))


@pytest.mark.parametrize("activation", ACTIVATIONS)
@given(case=layouts())
def test_one_sample_is_a_row_of_the_batch(impl, activation, case):
    x, w, b = case
    together = impl.neuron(x, w, b, activation=activation)
    alone = np.array([impl.neuron(row, w, b, activation=activation) for row in x])
    assert_close(together, alone, scale=size(x, w, b))


@given(case=layouts(), rng=generators())
def test_inputs_may_be_listed_in_any_order(impl, case, rng):
    x, w, b = case
    order = rng.permutation(len(w))
    got = impl.neuron(x[:, order], w[order], b, activation="identity")
    want = impl.neuron(x, w, b, activation="identity")
    assert_close(got, want, scale=size(x, w, b))


@given(case=layouts(), power=st.integers(-8, 8))
@example(case=(np.array([[1.0, -2.0]]), np.array([3.0, 5.0]), 0.5), power=-12)
def test_units_of_an_input_cancel_against_its_weight(impl, case, power):
    x, w, b = case
    r = 2.0**power
    got = impl.neuron(x / r, w * r, b, activation="identity")
    assert_close(got, exact(spec.z, x, w, b), scale=size(x, w, b))


@given(case=layouts(), step=reals(10.0))
def test_a_step_along_the_weights_changes_the_sum_and_one_across_does_not(
    impl, case, step
):
    x, w, b = case
    w = np.array([3.0, 4.0]) / 5  # of length one, and (-4, 3) / 5 lies across
    x = np.resize(x, (len(x), 2))
    here = np.asarray(impl.neuron(x, w, b, activation="identity"))
    along = impl.neuron(x + step * w, w, b, activation="identity")
    across = impl.neuron(x + step * w[::-1] * [-1, 1], w, b, activation="identity")
    large = 8 * (np.abs(x).sum() + abs(step) + abs(b))
    assert_close(along, here + step, scale=large)
    assert_close(across, here, scale=large)


@pytest.mark.parametrize("shape", TABLES)
@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_of_many_inputs_only_the_sum_matters(impl, activation, shape):
    # Multiples of 1/64 below 16: every sum is exact.
    x = (pattern(shape, 5) - 2) / 8
    w = (np.arange(shape[1]) % 4 - 1) / 8
    sums, where = np.unique(x @ w + 0.5, return_inverse=True)
    one = np.ones(1)
    alone = [impl.neuron(z * one, one, 0.0, activation=activation) for z in sums]
    # The same sums, to be activated by other instructions: rounding at their size.
    got = impl.neuron(x, w, 0.5, activation=activation)
    assert_close(got, np.array(alone)[where], scale=1 + np.abs(sums[where]))


@given(case=layouts())
def test_without_inputs_only_the_bias_is_left(impl, case):
    x, _, b = case
    nothing = np.zeros((len(x), 0))
    got = impl.neuron(nothing, np.zeros(0), b, activation="identity")
    assert_equal(got, np.full(len(x), b))


# -------------------------------------------------------------- what the articles say


@pytest.mark.claim("A0-034")
@given(w=vectors(), b=reals(30.0))
@example(w=np.ones(2), b=0.0)
@example(w=np.ones(2), b=1.0)
def test_at_zero_input_a_neuron_emits_the_activation_of_its_bias(impl, w, b):
    silence = np.zeros_like(w)
    assert_equal(impl.neuron(silence, w, b, activation="identity"), b)
    got = float(impl.neuron(silence, w, b, activation="sigmoid"))
    want = exact(σ(spec.z), [silence], w, b)[0]
    assert_close(got, want)
    # With bias 0 it emits one half: not the bias.
    assert impl.neuron(silence, w, 0.0, activation="sigmoid") == 0.5


@pytest.mark.claim("A1-010", "A3-006")
@given(case=layouts(), rng=generators())
def test_the_sum_is_not_yet_the_output(impl, case, rng):
    x, w, b = case
    z = np.asarray(impl.neuron(x, w, b, activation="identity"))
    out = np.asarray(impl.neuron(x, w, b, activation="sigmoid"))
    assert ((out >= 0) & (out <= 1)).all()
    lonely = np.array([2.0])
    assert impl.neuron(lonely, lonely, 0.0, activation="identity") == 4.0
    assert 0.98 < impl.neuron(lonely, lonely, 0.0, activation="sigmoid") < 0.983
    assert z.shape == out.shape


@pytest.mark.claim("A1-013")
@given(case=layouts(), goal=reals(100.0))
def test_the_sum_takes_every_value_only_if_weights_and_inputs_let_it(impl, case, goal):
    x, w, b = case
    # All weights 0: one value. Inputs bounded by M: a bounded range.
    assert_equal(
        impl.neuron(x, 0 * w, b, activation="identity"), np.full(len(x), float(b))
    )
    z = np.abs(impl.neuron(x, w, b, activation="identity"))
    assert (z <= (np.abs(w).sum() * np.abs(x).max() + abs(b)) * (1 + 1e-14)).all()
    # Weights that are not 0 and inputs without bound: any value you like.
    w = np.where(np.abs(w) < 0.5, 0.5, w)
    there = (goal - b) * w / (w @ w)
    got = impl.neuron(there, w, b, activation="identity")
    assert_close(got, goal, scale=8 * (abs(goal) + abs(b)) * len(w))


@pytest.mark.claim("A3-084")
@given(case=layouts())
@example(case=(np.array([[2.0, 3.0]]), np.array([5.0, 7.0]), 1.0))
def test_products_are_summands_and_the_neuron_is_one_number(impl, case):
    x, w, b = case
    out = np.asarray(impl.neuron(x, w, b, activation="identity"))
    assert out.shape == (len(x),)
    assert_close(out, np.sum(x * w, axis=-1) + b, scale=size(x, w, b))
    pair = impl.neuron(
        np.array([2.0, 3.0]), np.array([5.0, 7.0]), 1.0, activation="identity"
    )
    assert np.shape(pair) == ()
    assert pair == 32.0 != 2.0 * 5.0


@pytest.mark.claim("A1-011")
@given(rng=generators(), shift=reals(10.0))
def test_a_bias_never_fits_worse_and_sometimes_better(impl, rng, shift):
    X = rng.normal(size=(12, 3))
    y = X @ rng.normal(size=3) + shift + rng.normal(size=12)

    def least(A):
        fitted = A @ np.linalg.lstsq(A, y, rcond=None)[0]
        return ((y - fitted) ** 2).sum()

    assert least(np.asarray(impl.augment(X))) <= least(X) * (1 + 1e-12)
    # Inputs of mean 0 explain nothing of a constant; a bias explains all of it.
    X, y = np.array([[-1.0], [1.0]]), np.array([1.0, 1.0])
    assert least(X) == 2.0
    assert least(np.asarray(impl.augment(X))) < 1e-25


# -------------------------------------------------------------------- error contract


@pytest.mark.contract
def test_numbers_that_are_not_finite(impl):
    ones = np.ones(2)
    assert_equal(impl.neuron([np.inf, 1.0], ones, 0.0, activation="sigmoid"), 1.0)
    assert_equal(impl.neuron([np.nan, 1.0], ones, 0.0, activation="relu"), np.nan)
    assert_equal(impl.neuron([np.inf, 1.0], 0 * ones, 0.0, activation="relu"), np.nan)
    assert_equal(impl.augment([np.nan, np.inf]), [1.0, np.nan, np.inf])


@pytest.mark.contract
@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_dtype_of_the_neuron_is_kept(impl, dtype, activation):
    x, w, b = np.ones((2, 3), dtype), np.ones(3, dtype), dtype(1)
    assert impl.neuron(x, w, b, activation=activation).dtype == dtype
    assert impl.neuron(x[0], w, b, activation=activation).dtype == dtype


@pytest.mark.contract
@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
def test_dtype_of_augmented_rows_is_kept(impl, dtype):
    assert impl.augment(np.ones((2, 3), dtype)).dtype == dtype
    assert impl.augment(np.ones((2, 3), int)).dtype == np.float64


@pytest.mark.contract
def test_a_half_precision_sum_does_not_stall(impl):
    ones = np.ones(4096, np.float16)
    got = impl.neuron(ones, ones, np.float16(0), activation="identity")
    assert_equal(got, 4096.0)


@pytest.mark.contract
def test_lengths_that_do_not_fit_are_named(impl):
    message = r"^x must have one column for each of 2 weights, got shape \(4, 3\)$"
    with pytest.raises(ValueError, match=message):
        impl.neuron(np.ones((4, 3)), np.ones(2), 0.0, activation="relu")


@pytest.mark.contract
def test_wrong_ranks_are_named(impl):
    row = np.ones(2)
    with pytest.raises(ValueError, match=r"^x must have 1 or 2 axes, got shape \(\)$"):
        impl.neuron(1.0, row, 0.0, activation="relu")
    with pytest.raises(ValueError, match=r"^weights must have 1 axes, got shape \(1, "):
        impl.neuron(row, [row], 0.0, activation="relu")
    with pytest.raises(ValueError, match=r"^bias must have 0 axes, got shape \(2,\)$"):
        impl.neuron(row, row, row, activation="relu")


@pytest.mark.contract
def test_what_cannot_be_augmented_is_named(impl):
    with pytest.raises(ValueError, match=r"^x must have 1 or 2 axes, got shape \(\)$"):
        impl.augment(1.0)
    with pytest.raises(TypeError, match=r"^x must hold real numbers"):
        impl.augment(["a"])


@pytest.mark.contract
def test_unknown_activation_of_a_neuron_is_named(impl):
    row = np.ones(2)
    with pytest.raises(ValueError, match=r"^activation must be one of .*; got 'step'$"):
        impl.neuron(row, row, 0.0, activation="step")
    with pytest.raises(TypeError, match=r"^activation must be a string, got 1$"):
        impl.neuron(row, row, 0.0, activation=1)

"""binary_step: agrees with its derivation, and is as flat as the page says."""

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from derivations.activations import binary_step as spec
from derivations.engine import evaluate
from reference.conformance.compare import assert_equal
from reference.conformance.strategies import float_arrays, reals, vectors
from reference.conformance.tables import assert_entry_by_entry, assert_single_is_double

NEEDS_THRESHOLD = pytest.mark.needs("option:threshold")


def levels(x):
    """Return the derived step at every entry of ``x``; none may be zero."""
    return evaluate(spec.no_scale.steps[0].to, {spec.x: x}).astype(np.float64)


# ------------------------------------------------------ agreement with the derivation


@pytest.mark.claim("A3-028")
@given(x=float_arrays(magnitude=1e300))
@example(x=np.array([-2.0, -5e-324, 5e-324, 3.0]))
def test_it_is_one_above_zero_and_zero_below(impl, x):
    x = np.where(x == 0, 1.0, x)
    assert_equal(impl.binary_step(x), levels(x))


@NEEDS_THRESHOLD
@given(x=float_arrays(magnitude=1e3), t=reals(1e3))
@example(x=np.array([3.0, 6.0, 0.0, -1.0]), t=5.0)
@example(x=np.array([np.nextafter(0.1, 0.0), np.nextafter(0.1, 1.0)]), t=0.1)
def test_the_threshold_decides(impl, x, t):
    x = np.where(x == t, t + 1.0, x)
    assert_equal(impl.binary_step(x, threshold=t), levels(np.where(x > t, 1.0, -1.0)))


# ------------------------------------------------------------------------------ laws


@given(x=vectors(magnitude=1e300))
def test_there_are_two_levels(impl, x):
    assert set(np.asarray(impl.binary_step(x)).tolist()) <= {0.0, 1.0}


@given(x=vectors(magnitude=1e300))
def test_it_never_falls(impl, x):
    assert (np.diff(np.asarray(impl.binary_step(np.sort(x)))) >= 0).all()


@given(x=vectors(magnitude=1e300))
def test_with_its_mirror_image_it_adds_up_to_one(impl, x):
    x = np.where(x == 0, 1.0, x)
    both = np.asarray(impl.binary_step(x)) + np.asarray(impl.binary_step(-x))
    assert_equal(both, np.ones_like(x))


@given(x=vectors(magnitude=1e3), power=st.integers(-9, 9))
def test_a_positive_factor_changes_nothing(impl, x, power):
    assert_equal(impl.binary_step(2.0**power * x), impl.binary_step(x))


@NEEDS_THRESHOLD
@given(x=vectors(magnitude=1e3), t=reals(1e3), shift=st.integers(-8, 8))
def test_a_bias_does_what_a_threshold_does(impl, x, t, shift):
    x, t = (np.round(part * 2**20) / 2**20 for part in (x, t))  # all sums are exact
    shifted = impl.binary_step(x + shift, threshold=float(t + shift))
    assert_equal(shifted, impl.binary_step(x, threshold=float(t)))


@NEEDS_THRESHOLD
@given(x=vectors(magnitude=1e3), t=st.floats(0, 1, exclude_max=True))
def test_a_step_of_a_step_is_the_step(impl, x, t):
    once = np.asarray(impl.binary_step(x, threshold=t))
    assert_equal(impl.binary_step(once, threshold=t), once)


@given(x=vectors(magnitude=300.0), sharpness=st.floats(1, 1e6))
@example(x=np.array([-1e-3, 1e-3]), sharpness=1e4)
def test_a_sharp_sigmoid_is_as_close_as_derived(impl, x, sharpness):
    x = np.where(np.abs(x) < 1e-6, 1e-6, x)
    away = np.minimum(sharpness * np.abs(x), 700)
    sigmoid = np.where(
        x > 0, 1 / (1 + np.exp(-away)), np.exp(-away) / (1 + np.exp(-away))
    )
    bound = evaluate(spec.close_above.end, {spec.k: 1.0, spec.a: away})
    gap = np.abs(np.asarray(impl.binary_step(x)) - sigmoid)
    # The sigmoid is rounded near 1, by half of an ulp of 1.
    assert (gap <= bound.astype(np.float64) + np.finfo(np.float64).eps).all()


@given(x=float_arrays(magnitude=50.0))
def test_entries_do_not_see_each_other(impl, x):
    y = np.asarray(impl.binary_step(x))
    assert y.shape == x.shape
    one_by_one = [impl.binary_step(np.array([entry]))[0] for entry in x.ravel()]
    assert_equal(y.ravel(), np.array(one_by_one))


@given(a=st.booleans(), b=st.booleans())
def test_three_steps_answer_the_exclusive_or(impl, a, b):
    one, both = impl.binary_step(np.array([a + b - 0.5, a + b - 1.5]))
    assert impl.binary_step(np.array([one - both - 0.5]))[0] == float(a != b)


def test_each_entry_of_a_large_table_is_taken_by_itself(impl):
    assert_entry_by_entry(impl.binary_step)


@pytest.mark.needs("float32")
def test_single_precision_agrees_with_double(impl):
    assert_single_is_double(impl.binary_step)


# --------------------------------------------------------------------- special cases


@pytest.mark.contract
def test_at_the_threshold_it_is_still_zero(impl):
    assert_equal(impl.binary_step(np.array([-0.0, 0.0])), np.zeros(2))
    assert_equal(impl.binary_step(np.array([5.0]), threshold=5.0), np.zeros(1))


@pytest.mark.contract
def test_a_threshold_is_not_rounded_to_the_entries(impl):
    above = np.array([0.1], dtype=np.float32)  # a little more than 0.1
    assert_equal(impl.binary_step(above, threshold=0.1), np.ones(1))


@pytest.mark.contract
def test_it_takes_the_limit_at_infinity(impl):
    got = impl.binary_step(np.array([-np.inf, np.inf, np.nan]), threshold=-7.0)
    assert_equal(got, np.array([0.0, 1.0, np.nan]))


# -------------------------------------------------------------- what the articles say


@pytest.mark.claim("A3-029")
@given(
    X=vectors(k=12, magnitude=100.0), w=vectors(k=3, magnitude=100.0), b=reals(100.0)
)
@example(X=np.arange(12.0), w=np.array([1.0, -1.0, 0.5]), b=0.25)
def test_a_small_change_of_the_weights_changes_no_output(impl, X, w, b):
    X = X.reshape(4, 3)
    z = X @ w + b
    z = np.where(np.abs(z) < 1e-3, 1.0, z)
    step = 2.0**-13
    for nudge in (X[:, 0], X[:, 1], np.ones(4)):
        change = step * nudge / 100.0  # at most 2^-13, less than any |z|
        ahead, behind = impl.binary_step(z + change), impl.binary_step(z - change)
        assert_equal(np.asarray(ahead) - np.asarray(behind), np.zeros(4))


@pytest.mark.claim("A3-030")
def test_a_threshold_that_is_stored_has_to_be_used(impl):
    def printed(x, *, threshold):
        stored = threshold  # and then, as in the listing, compared with 0
        assert stored == 5.0
        return np.where(x <= 0, 0.0, 1.0)

    x = np.array([3.0, 6.0, 0.0, -1.0])
    assert_equal(printed(x, threshold=5.0), np.array([1.0, 1.0, 0.0, 0.0]))
    got = impl.binary_step(x, threshold=5.0)
    assert_equal(got, np.array([0.0, 1.0, 0.0, 0.0]))


# -------------------------------------------------------------------- error contract


@pytest.mark.contract
@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
def test_dtype_is_kept(impl, dtype):
    assert impl.binary_step(np.zeros(2, dtype)).dtype == dtype


@pytest.mark.contract
def test_no_finite_input_warns(impl):
    largest = float(np.finfo(np.float64).max)
    got = impl.binary_step(np.array([-largest, largest]), threshold=largest)
    assert_equal(got, np.zeros(2))


@pytest.mark.contract
def test_what_is_not_a_real_number_is_named(impl):
    with pytest.raises(TypeError, match=r"^x must hold real numbers .* got dtype <U1$"):
        impl.binary_step("a")
    with pytest.raises(TypeError, match=r"^x must hold real numbers .* complex128$"):
        impl.binary_step(np.array([1j]))


@pytest.mark.contract
def test_a_threshold_that_is_no_number_is_named(impl):
    with pytest.raises(TypeError, match=r"^threshold must be a real number, got 'no'$"):
        impl.binary_step([0.0], threshold="no")
    with pytest.raises(ValueError, match=r"^threshold must be finite, got nan$"):
        impl.binary_step([0.0], threshold=np.nan)

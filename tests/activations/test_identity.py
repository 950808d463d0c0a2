"""identity: agrees with its derivation, and bends nothing."""

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from derivations.activations import identity as spec
from derivations.engine import evaluate
from reference.conformance.compare import assert_close, assert_equal, assert_ulps
from reference.conformance.strategies import float_arrays, reals, vectors
from reference.conformance.tables import assert_entry_by_entry, assert_single_is_double

NEEDS_SLOPE = pytest.mark.needs("option:slope")
# Slopes that are powers of two: multiplying by them is exact.
DYADIC = st.tuples(st.integers(-6, 6), st.sampled_from([-1, 1])).map(
    lambda drawn: drawn[1] * 2.0 ** drawn[0]
)


def slopes():
    """Draw slopes whose products with the inputs do not underflow."""
    return reals(50.0).map(lambda a: a if abs(a) > 1e-100 else 0.0)


def exact(x, a):
    """Return a x at every entry of ``x``, 50 digits."""
    return evaluate(spec.slope.steps[0].to.args[0], {spec.x: x, spec.a: a})


def on_a_grid(x):
    """Round to 20 binary places, so that sums of two are exact."""
    return np.round(x * 2**20) / 2**20


# ------------------------------------------------------ agreement with the derivation


@given(x=float_arrays(magnitude=1e300))
@example(x=np.array([-2.0, -1e-300, -0.0, 0.0, 0.1, 1e300]))
def test_identity_changes_no_digit(impl, x):
    want = evaluate(spec.identity.end, {spec.x: x}).astype(np.float64)
    assert_equal(impl.identity(x), want)


@pytest.mark.claim("A3-022")
@NEEDS_SLOPE
@given(x=float_arrays(magnitude=1e300), a=slopes())
@example(x=np.array([-2.0, 3.0]), a=0.5)
def test_every_entry_is_multiplied_by_the_slope(impl, x, a):
    assert_close(impl.linear(x, slope=a), exact(x, a))


@given(x=float_arrays(magnitude=1e300))
def test_without_a_slope_the_line_is_the_identity(impl, x):
    assert_equal(impl.linear(x), x)


# ------------------------------------------------------------------------------ laws


@NEEDS_SLOPE
@given(x=vectors(k=3, magnitude=1e3), y=vectors(k=3, magnitude=1e3), a=DYADIC)
@example(x=np.array([1.0, 2.0, 3.0]), y=np.array([-1.0, -4.0, 3.0]), a=0.5)
def test_a_sum_of_inputs_gives_the_sum_of_outputs(impl, x, y, a):
    x, y = on_a_grid(x), on_a_grid(y)
    parts = np.asarray(impl.linear(x, slope=a)) + np.asarray(impl.linear(y, slope=a))
    assert_equal(impl.linear(x + y, slope=a), parts)


@NEEDS_SLOPE
@given(x=vectors(magnitude=1e3), a=DYADIC, c=DYADIC)
def test_every_factor_passes_through_of_either_sign(impl, x, a, c):
    x = on_a_grid(x)
    outside = c * np.asarray(impl.linear(x, slope=a))
    assert_equal(impl.linear(c * x, slope=a), outside)


@NEEDS_SLOPE
@given(x=vectors(magnitude=1e3), a=slopes())
def test_a_slope_of_zero_leaves_zero(impl, x, a):
    assert_equal(impl.linear(x, slope=0.0), np.zeros_like(x))
    assert_equal(impl.linear(np.zeros_like(x), slope=a), np.zeros_like(x))


@NEEDS_SLOPE
@given(x=vectors(magnitude=1e3), a=DYADIC, layers=st.integers(0, 40))
def test_layers_multiply_by_a_power_of_the_slope(impl, x, a, layers):
    y = on_a_grid(x)
    want = [evaluate(spec.depth.end, {spec.a: a, spec.t: layers, spec.x: e}) for e in y]
    for _ in range(layers):
        y = impl.linear(np.asarray(y), slope=a)
    assert_close(y, np.array(want, dtype=object))


@given(x=float_arrays(magnitude=50.0))
def test_entries_do_not_see_each_other(impl, x):
    y = np.asarray(impl.linear(x))
    assert y.shape == x.shape
    one_by_one = [impl.linear(np.array([entry]))[0] for entry in x.ravel()]
    assert_equal(y.ravel(), np.array(one_by_one))


def test_each_entry_of_a_large_table_is_taken_by_itself(impl):
    assert_entry_by_entry(impl.identity)


@pytest.mark.needs("float32")
def test_single_precision_agrees_with_double(impl):
    assert_single_is_double(impl.identity)


# --------------------------------------------------------------------- special cases


@pytest.mark.contract
def test_identity_keeps_what_is_not_finite(impl):
    ends = np.array([-np.inf, np.inf, np.nan])
    assert_equal(impl.identity(ends), ends)


@pytest.mark.contract
def test_a_line_takes_the_limit_at_infinity(impl):
    ends = np.array([-np.inf, np.inf, np.nan])
    assert_equal(impl.linear(ends, slope=-2.0), np.array([np.inf, -np.inf, np.nan]))
    assert_equal(impl.linear(ends, slope=0.0), np.array([0.0, 0.0, np.nan]))


@pytest.mark.contract
@given(x=vectors(magnitude=1e300), a=slopes())
def test_the_product_is_rounded_once(impl, x, a):
    assert_ulps(impl.linear(x, slope=a), exact(x, a), ulps=0.5)


# -------------------------------------------------------------- what the articles say


@pytest.mark.claim("A1-012")
@given(x=vectors(k=3, magnitude=1e3), y=vectors(k=3, magnitude=1e3))
def test_one_activation_is_linear(impl, x, y):
    x, y = on_a_grid(x), on_a_grid(y)
    parts = np.asarray(impl.linear(x)) + np.asarray(impl.linear(y))
    assert_equal(impl.linear(x + y), parts)
    assert np.tanh(1.0) + np.tanh(1.0) != np.tanh(2.0)


@pytest.mark.claim("A1-015")
@NEEDS_SLOPE
@given(x=vectors(magnitude=1e3), a=DYADIC)
def test_the_slope_is_the_same_everywhere(impl, x, a):
    x, step = on_a_grid(x), 2.0**-10  # x + step and x - step are exact
    above, below = impl.linear(x + step, slope=a), impl.linear(x - step, slope=a)
    rise = np.asarray(above) - np.asarray(below)
    assert_equal(rise / (2 * step), np.full_like(x, a))


@pytest.mark.claim("A1-016")
@NEEDS_SLOPE
@given(w=st.lists(st.integers(-80, 80), min_size=9, max_size=9), a=DYADIC)
@example(w=[0, 0, 0, 0, 4, 0, 8, 0, 0], a=1.0)
def test_a_network_of_linear_units_misses_exclusive_or_by_a_quarter(impl, w, a):
    # Eighths times powers of two: no number below is rounded.
    W, b, v, c = np.split(np.array(w) / 8, [4, 6, 8])
    X = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
    hidden = np.asarray(impl.linear(X @ W.reshape(2, 2) + b, slope=a))
    error = hidden @ v + c - np.array([0.0, 1.0, 1.0, 0.0])
    assert np.mean(error**2) >= 0.25


@pytest.mark.claim("A1-016")
@NEEDS_SLOPE
@given(bound=st.floats(1, 1e300), a=DYADIC)
def test_a_line_outgrows_every_bound(impl, bound, a):
    assert abs(impl.linear(np.array([2 * bound / a]), slope=a)[0]) > bound


@pytest.mark.claim("A1-017")
def test_a_slope_that_is_nowhere_set_cannot_be_used(impl):
    scope: dict[str, object] = {}
    exec("def line(x):\n    return slope * x", scope)
    with pytest.raises(NameError):
        scope["line"](2.0)
    assert impl.linear(np.array([2.0]), slope=0.5)[0] == 1.0


@pytest.mark.claim("A3-020")
@given(x=float_arrays(magnitude=1e300))
def test_whatever_enters_leaves(impl, x):
    assert_equal(impl.identity(x), x)


@pytest.mark.claim("A3-021")
def test_a_method_without_self_cannot_be_called_on_an_instance(impl):
    unbound = type("Unbound", (), {"forward": lambda x: x})
    with pytest.raises(TypeError, match="1 positional argument but 2 were given"):
        unbound().forward(np.ones(2))
    assert_equal(impl.identity(np.ones(2)), np.ones(2))


# -------------------------------------------------------------------- error contract


@pytest.mark.contract
@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
@pytest.mark.parametrize("name", ["identity", "linear"])
def test_dtype_is_kept(impl, name, dtype):
    assert getattr(impl, name)(np.zeros(2, dtype)).dtype == dtype


@pytest.mark.contract
@pytest.mark.parametrize("name", ["identity", "linear"])
def test_the_result_is_never_the_argument_itself(impl, name):
    x = np.array([1.0, 2.0])
    assert not np.shares_memory(getattr(impl, name)(x), x)


@pytest.mark.contract
def test_no_finite_input_warns(impl):
    largest = np.finfo(np.float64).max
    got = impl.linear(np.array([-largest, largest]), slope=2.0)
    assert_equal(got, np.array([-np.inf, np.inf]))


@pytest.mark.contract
@pytest.mark.parametrize("name", ["identity", "linear"])
def test_what_is_not_a_real_number_is_named(impl, name):
    with pytest.raises(TypeError, match=r"^x must hold real numbers .* got dtype <U1$"):
        getattr(impl, name)("a")
    with pytest.raises(TypeError, match=r"^x must hold real numbers .* complex128$"):
        getattr(impl, name)(np.array([1j]))


@pytest.mark.contract
def test_a_slope_that_is_no_number_is_named(impl):
    with pytest.raises(TypeError, match=r"^slope must be a real number, got 'steep'$"):
        impl.linear([0.0], slope="steep")
    with pytest.raises(ValueError, match=r"^slope must be finite, got inf$"):
        impl.linear([0.0], slope=np.inf)

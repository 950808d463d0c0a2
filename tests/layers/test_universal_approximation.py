"""universal_approximation: straight pieces through the points, as close as derived.

Knots and values are multiples of a power of two, so that no rounding of theirs moves a
point. What is allowed beyond a bound is the rounding of the terms of the network.
"""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from derivations.engine import Rational, evaluate
from derivations.layers import universal_approximation as spec
from reference import mlp
from reference.conformance.compare import assert_close, assert_equal

LAYERS = ["relu", "identity"]


def dyadic(lo, hi, shape, unit=64):
    """Draw arrays of multiples of 1/unit between two whole numbers."""
    whole = st.integers(lo * unit, hi * unit)
    return hnp.arrays(np.float64, shape, elements=whole.map(lambda k: k / unit))


@st.composite
def points(draw):
    """Draw increasing knots, values at them and inputs on both sides of them all."""
    whole = draw(st.sets(st.integers(-512, 512), min_size=1, max_size=6))
    knots = np.array(sorted(whole)) / 64
    return knots, draw(dyadic(-8, 8, len(knots))), draw(dyadic(-10, 10, 5))


CORNER = (np.array([0.0, 1.0, 4.0]), np.array([1.0, -1.0, 2.0]), np.array([0.5, 2.0]))
BEYOND = (np.array([-1.0, 0.5]), np.array([2.0, 1.0]), np.array([-3.0, -1.0, 0.5, 9.0]))
ALONE = (np.array([2.0]), np.array([3.0]), np.array([1.0, 2.0, 3.0]))


def run(network, x):
    """Return what the network makes of each number, in float64."""
    weights = [np.asarray(W, np.float64) for W in network.weights]
    biases = [np.asarray(b, np.float64) for b in network.biases]
    return mlp(np.asarray(x)[:, np.newaxis], weights, biases, activations=LAYERS)[:, 0]


def exact(knots, values, x):
    """Return the line of the piece of each x, in 50 digits, from the derivation."""
    a = [Fraction(knot) for knot in knots]
    v = [Fraction(value) for value in values]
    s = [(v[i + 1] - v[i]) / (a[i + 1] - a[i]) for i in range(len(a) - 1)] + [0]
    line = spec.rectifiers.end.xreplace(
        {spec.v[spec.k]: spec.y, spec.s[spec.k]: spec.p, spec.knot[spec.k]: spec.m}
    )
    out = []
    for number in x:
        at = int(np.searchsorted(knots, number, side="right")) - 1
        slope = s[at] if at >= 0 else 0
        at = max(at, 0)
        given = {spec.x: Fraction(number), spec.y: v[at], spec.p: slope, spec.m: a[at]}
        numbers = {
            symbol: Rational(value.numerator, value.denominator)
            for symbol, value in given.items()
        }
        out.append(evaluate(line, numbers))
    return np.array(out, dtype=object)


def size(knots, values, x):
    """Return the sizes of what is added up at each x, by units that look either way."""
    slopes = np.abs(np.diff(values) / np.diff(knots))
    terms = np.append(slopes, 0) + np.append(0, slopes)
    reach = np.abs(np.subtract.outer(x, knots))
    return np.abs(values).max() + reach @ terms


def assert_at_most(got, bound, *, scale):
    """Fail where a number exceeds the bound by more than rounding explains."""
    got = np.asarray(got)
    assert_close(np.maximum(got, bound), np.full(got.shape, bound), scale=scale)


def even(f, n):
    """Return knots for n equal pieces of [0, 1], and the values of f there."""
    knots = np.arange(n + 1) / n
    return knots, f(knots)


halvings = st.integers(0, 6).map(lambda k: 2**k)


# ------------------------------------------------------ agreement with the derivation


@given(case=points())
@example(case=CORNER)
@example(case=BEYOND)
@example(case=ALONE)
def test_network_runs_along_the_line_of_each_piece(impl, case):
    knots, values, x = case
    got = run(impl.relu_interpolant(knots, values), x)
    assert_close(got, exact(knots, values, x), scale=size(knots, values, x))


@pytest.mark.needs("float32")
@given(case=points())
@example(case=CORNER)
def test_float32_network_is_right_to_its_precision(impl, case):
    knots, values, x = case
    network = impl.relu_interpolant(knots.astype(np.float32), values.astype(np.float32))
    got = run(network, x).astype(np.float32)
    assert_close(got, exact(knots, values, x), scale=size(knots, values, x))


# ------------------------------------------------------------------------------ laws


@given(case=points())
@example(case=CORNER)
def test_network_passes_through_the_points(impl, case):
    knots, values, _ = case
    got = run(impl.relu_interpolant(knots, values), knots)
    assert_close(got, values, scale=size(knots, values, knots))


@given(case=points())
@example(case=BEYOND)
def test_beyond_the_knots_it_is_flat(impl, case):
    knots, values, _ = case
    x = np.array([knots[0] - 9.0, knots[-1] + 1.0, knots[-1] + 9.0])
    want = values[[0, -1, -1]]
    got = run(impl.relu_interpolant(knots, values), x)
    assert_close(got, want, scale=size(knots, values, x))


@given(case=points(), shift=st.integers(-4, 4).map(float))
def test_a_network_moves_with_its_knots(impl, case, shift):
    knots, values, x = case
    there = run(impl.relu_interpolant(knots + shift, values), x + shift)
    here = run(impl.relu_interpolant(knots, values), x)
    assert_close(there, here, scale=size(knots, values, x))


@given(n=halvings, ends=dyadic(-8, 8, 2), x=dyadic(0, 1, 5))
def test_a_straight_line_is_met_exactly(impl, n, ends, x):
    def line(x):
        return ends[0] + ends[1] * x

    got = run(impl.relu_interpolant(*even(line, n)), x)
    assert_close(got, line(x), scale=size(*even(line, n), x))


# ------------------------------------------------------------------------ the bounds


@pytest.mark.claim("A0-041")
@given(
    n=halvings,
    slope=st.integers(1, 9),
    corner=dyadic(0, 1, (), unit=1024),
    x=dyadic(0, 1, 9, unit=1024),
)
@example(n=4, slope=1, corner=np.array(0.375), x=np.array([0.375]))
def test_straight_pieces_keep_the_bound_of_a_function_of_bounded_slope(
    impl, n, slope, corner, x
):
    def f(x):
        return slope * np.abs(x - corner)

    x = np.append(x, corner)
    bound = float(evaluate(spec.line_error, {spec.L: slope, spec.n: n}))
    miss = np.abs(run(impl.relu_interpolant(*even(f, n)), x) - f(x))
    assert_at_most(miss, bound, scale=size(*even(f, n), x))


@given(n=halvings, corner=st.integers(0, 63))
def test_the_bound_is_reached_at_a_corner_in_the_middle_of_a_piece(impl, n, corner):
    x = np.array([(corner % n + 0.5) / n])
    points = even(lambda a: np.abs(a - x), n)
    bound = float(evaluate(spec.line_error, {spec.L: 1, spec.n: n}))
    got = run(impl.relu_interpolant(*points), x)
    assert_close(got, [bound], scale=size(*points, x))


@given(n=halvings, curvature=st.integers(1, 9), x=dyadic(0, 1, 9, unit=1024))
def test_on_a_parabola_the_bound_of_smooth_functions_is_reached(impl, n, curvature, x):
    def f(x):
        return curvature * x**2 / 2

    bound = float(evaluate(spec.smooth_error, {spec.M: curvature, spec.n: n}))
    network = impl.relu_interpolant(*even(f, n))
    middles = (np.arange(n) + 0.5) / n
    over = run(network, middles) - f(middles)
    assert_close(over, np.full(n, bound), scale=size(*even(f, n), middles))
    over = run(network, x) - f(x)
    assert_at_most(over, bound, scale=size(*even(f, n), x))
    assert_at_most(-over, 0.0, scale=size(*even(f, n), x))


@given(
    n=halvings,
    slope=st.integers(1, 9),
    corner=dyadic(0, 1, (), unit=1024),
    x=dyadic(0, 1, 9, unit=1024),
)
@example(n=1, slope=1, corner=np.array(0.5), x=np.array([0.0, 1.0]))
def test_steps_keep_the_bound_too(impl, n, slope, corner, x):
    def f(x):
        return slope * np.abs(x - corner)

    values = f((np.arange(n) + 0.5) / n)
    thresholds = np.arange(1, n) / n
    got = values[0] + impl.binary_step(np.subtract.outer(x, thresholds)) @ np.diff(
        values
    )
    bound = evaluate(spec.step_error, {spec.L: slope, spec.n: n})
    assert (np.abs(got - f(x)) <= float(bound)).all()


# -------------------------------------------------------------- what the articles say


@pytest.mark.claim("A0-042")
@given(n=halvings, data=st.data())
def test_no_network_of_rectifiers_is_a_parabola(impl, n, data):
    values = data.draw(dyadic(-2, 2, n + 1, unit=1024))
    knots = np.arange(n + 1) / n
    x = np.arange(2 * n + 1) / (2 * n)
    miss = np.abs(run(impl.relu_interpolant(knots, values), x) - x**2)
    # On every piece: in its middle or at one of its ends.
    on_pieces = np.maximum(miss[1::2], np.maximum(miss[:-1:2], miss[2::2]))
    largest = size(knots, values, x).max()
    assert_at_most(-on_pieces, -1 / (8 * n**2), scale=largest)


@pytest.mark.claim("A0-042")
@given(into=dyadic(-8, 8, (1, 3)), out=dyadic(-8, 8, (3, 1)), shift=dyadic(-8, 8, 3))
def test_a_hidden_layer_that_does_not_bend_is_a_quarter_off_a_tent(
    impl, into, out, shift
):
    x = np.array([[0.0], [0.5], [1.0]])
    names = ["identity", "identity"]
    got = impl.mlp(x, [into, out], [shift, np.zeros(1)], activations=names)[:, 0]
    assert np.abs(got - np.array([0.0, 0.5, 0.0])).max() >= 0.25


# -------------------------------------------------------------------- error contract


@pytest.mark.contract
def test_one_knot_makes_a_constant(impl):
    network = impl.relu_interpolant([2], [3])
    assert_equal(network.weights[1], [[0.0]])
    assert_equal(network.biases[1], [3.0])


@pytest.mark.contract
@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
def test_dtype_of_the_points_is_kept(impl, dtype):
    network = impl.relu_interpolant(np.arange(3, dtype=dtype), np.ones(3, dtype))
    assert {W.dtype for W in network.weights} == {np.dtype(dtype)}
    assert {b.dtype for b in network.biases} == {np.dtype(dtype)}


@pytest.mark.contract
def test_nothing_of_the_points_is_shared(impl):
    knots, values = np.arange(3.0), np.ones(3)
    network = impl.relu_interpolant(knots, values)
    for array in (*network.weights, *network.biases):
        assert not np.shares_memory(array, knots)
        assert not np.shares_memory(array, values)


@pytest.mark.contract
def test_slopes_out_of_range_are_infinite_without_a_word(impl):
    steep = impl.relu_interpolant([0.0, 1e-300], [0.0, 1e300])
    assert_equal(steep.weights[1], [[np.inf], [-np.inf]])
    wide = impl.relu_interpolant([-1.7e308, 1.7e308], [0.0, 1.0])
    assert_equal(wide.weights[1], [[0.0], [0.0]])


@pytest.mark.contract
def test_knots_that_do_not_increase_are_named(impl):
    message = r"^knots must increase, got 1\.0 after 1\.0$"
    with pytest.raises(ValueError, match=message):
        impl.relu_interpolant([0.0, 1.0, 1.0], [0.0, 1.0, 2.0])
    with pytest.raises(ValueError, match=r"^knots must be finite, got nan$"):
        impl.relu_interpolant([0.0, np.nan], [0.0, 1.0])


@pytest.mark.contract
def test_what_are_no_points_is_named(impl):
    message = r"^shapes must be equal: knots \(2,\), values \(1,\)$"
    with pytest.raises(ValueError, match=message):
        impl.relu_interpolant([0.0, 1.0], [0.0])
    with pytest.raises(ValueError, match=r"^knots must not be empty, got shape \(0,\)"):
        impl.relu_interpolant([], [])
    with pytest.raises(ValueError, match=r"^knots must have 1 axes, got shape \(\)$"):
        impl.relu_interpolant(0.0, [1.0])
    with pytest.raises(ValueError, match=r"^values must have 1 axes, got shape \(\)$"):
        impl.relu_interpolant([0.0], 1.0)
    with pytest.raises(TypeError, match=r"^values must hold real numbers"):
        impl.relu_interpolant([0.0], ["a"])

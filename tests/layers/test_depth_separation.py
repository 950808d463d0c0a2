"""tent: its folds are exact, and no single layer of so few rectifiers has so many.

A float in [0, 1] keeps all its digits in every fold, so most laws are exact.
"""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from derivations.engine import evaluate
from derivations.layers import depth_separation as spec
from reference import mlp, relu
from reference.conformance.compare import assert_close, assert_equal
from reference.conformance.strategies import float_arrays

DEPTHS = st.integers(0, 10)


def unit(n=5):
    """Draw multiples of 2^-20 in [0, 1]."""
    return float_arrays(shape=n, magnitude=1.0).map(
        lambda x: np.round(np.abs(x) * 2**20) / 2**20
    )


def grid(k):
    """Return the ends of all pieces after k folds."""
    return np.arange(2**k + 1) / 2**k


def count(x, f):
    """Return the number of straight pieces through equally spaced exact points."""
    return 1 + np.count_nonzero(np.diff(np.asarray(f(x)), 2))


def exact(x, depth):
    """Fold every entry by the map of the derivation, in 50 digits."""
    for _ in range(depth):
        x = [evaluate(spec.tent(spec.x), {spec.x: value}) for value in x]
    return np.array(x, dtype=object)


# ------------------------------------------------------ agreement with the derivation


@given(x=unit(), depth=st.integers(0, 6))
@example(x=grid(3), depth=3)
def test_every_fold_is_that_of_the_derivation(impl, x, depth):
    want = exact(x, depth).astype(float)  # multiples of 2^-20 are floats
    assert_equal(impl.tent(x, depth=depth), want)


@given(x=float_arrays(shape=4, magnitude=1e6))
@example(x=np.array([-3.0, -0.25, 1.5, 7.0]))
def test_beyond_the_unit_interval_it_goes_on_straight(impl, x):
    assert_close(impl.tent(x, depth=1), exact(x, 1), scale=1 + np.abs(x))


# ------------------------------------------------------------------------------ laws


@given(depth=st.integers(1, 12))
@example(depth=1)
@example(depth=6)
def test_teeth_touch_ground_and_top_in_turn(impl, depth):
    got = impl.tent(grid(depth), depth=depth)
    assert_equal(got, np.arange(2**depth + 1) % 2)


@given(depth=st.integers(1, 10))
@example(depth=6)
def test_each_fold_doubles_the_pieces(impl, depth):
    x = grid(depth + 2)
    assert count(x, lambda x: impl.tent(x, depth=depth)) == 2**depth
    steps = np.diff(np.asarray(impl.tent(x, depth=depth)))
    assert_equal(np.abs(steps), np.full(len(steps), 0.25))


@given(x=unit(), first=DEPTHS, then=DEPTHS)
def test_folds_follow_one_another(impl, x, first, then):
    below = impl.tent(x, depth=first)
    assert_equal(impl.tent(below, depth=then), impl.tent(x, depth=first + then))


@given(x=unit(), depth=DEPTHS)
def test_one_more_fold_is_two_copies_of_half_the_width(impl, x, depth):
    want = impl.tent(x, depth=depth)
    assert_equal(impl.tent(x / 2, depth=depth + 1), want)
    assert_equal(impl.tent(1 - x / 2, depth=depth + 1), want)


@given(x=unit(), depth=DEPTHS)
def test_the_unit_interval_is_not_left(impl, x, depth):
    got = np.asarray(impl.tent(x, depth=depth))
    assert ((got >= 0) & (got <= 1)).all()


@given(x=unit(), y=unit(), depth=DEPTHS)
def test_a_fold_at_most_doubles_a_distance(impl, x, y, depth):
    apart = np.asarray(impl.tent(x, depth=depth)) - impl.tent(y, depth=depth)
    assert (np.abs(apart) <= 2.0**depth * np.abs(x - y)).all()


@given(x=unit(), depth=st.integers(1, 10))
def test_a_network_of_two_rectifiers_a_layer_does_it(impl, x, depth):
    weights = [np.ones((1, 2)), *[np.array([[2.0, 2.0], [-4.0, -4.0]])] * (depth - 1)]
    biases = [np.array([0.0, -0.5])] * depth
    names = [*["relu"] * depth, "identity"]
    net = mlp(
        x[:, np.newaxis],
        [*weights, np.array([[2.0], [-4.0]])],
        [*biases, np.zeros(1)],
        activations=names,
    )
    assert_equal(impl.tent(x, depth=depth), net[:, 0])


@given(x=unit())
def test_in_other_coordinates_a_fold_is_a_parabola(impl, x):
    s = np.sin(np.pi * x / 2) ** 2
    folded = np.sin(np.pi * np.asarray(impl.tent(x, depth=1)) / 2) ** 2
    assert_close(folded, 4 * s * (1 - s), scale=1.0)


@given(x=unit(), depth=st.integers(1, 8))
def test_one_layer_does_it_with_a_rectifier_for_every_piece(impl, x, depth):
    starts = grid(depth)[:-1]
    out = 2.0 ** (depth + 1) * (-1.0) ** np.arange(len(starts))
    out[0] = 2.0**depth
    assert_equal(impl.tent(x, depth=depth), relu(x[:, np.newaxis] - starts) @ out)


@pytest.mark.parametrize("depth", [1, 5, 20, 50])
@given(numerator=st.integers(0, 2**53))
def test_every_float_between_zero_and_one_is_folded_exactly(impl, depth, numerator):
    value = Fraction(numerator, 2**53)
    for _ in range(depth):
        value = min(2 * value, 2 - 2 * value)
    got = np.asarray(impl.tent(np.array([numerator / 2**53]), depth=depth))
    assert_equal(got, [float(value)])


# -------------------------------------------------------------- what the articles say


WHOLE = st.integers(-8, 8)


@pytest.mark.claim("A0-043")
@given(
    depth=st.integers(3, 6),
    units=st.lists(st.tuples(WHOLE, st.integers(-64, 64), WHOLE), max_size=12),
)
@example(depth=3, units=[(8, -j, (-1) ** j) for j in range(1, 7)])
def test_so_few_rectifiers_in_one_layer_do_not_have_so_many_pieces(impl, depth, units):
    units = units[: 2 * depth]
    x = grid(9)  # all kinks of the tent, and steps of the single layer inside it
    w, b, a = np.array(units, dtype=float).reshape(-1, 3).T
    # Lines meet where they may: an exact kink is -b/w, and each rectifier has one.
    bends = {Fraction(-int(v), int(u)) for u, v in zip(w, b, strict=True) if u}
    inside = sorted({Fraction(0), Fraction(1)} | {p for p in bends if 0 < p < 1})
    assert len(inside) - 1 <= 2 * depth + 1 < 2**depth
    ends = np.array([float(p) for p in inside])
    shallow = relu(np.multiply.outer(ends, w) + b) @ a
    middles = (ends[:-1] + ends[1:]) / 2
    halfway = relu(np.multiply.outer(middles, w) + b) @ a
    size = 1 + (8 + 64) * 8 * 12
    assert_close(halfway, (shallow[:-1] + shallow[1:]) / 2, scale=size)
    assert count(x, lambda x: impl.tent(x, depth=depth)) == 2**depth


@pytest.mark.claim("A0-043")
@given(layers=st.lists(st.tuples(WHOLE, WHOLE), min_size=1, max_size=8), out=WHOLE)
@example(layers=[(1, 0)] * 8, out=2)
def test_layers_that_are_too_narrow_make_no_tooth_however_many(impl, layers, out):
    x = grid(1)
    deep = x
    for w, b in layers:
        deep = relu(w * deep + b)
    steps = np.diff(out * deep)
    assert steps[0] * steps[1] >= 0  # one neuron a layer: never up and down again
    tooth = np.diff(np.asarray(impl.tent(x)))
    assert tooth[0] * tooth[1] < 0


# -------------------------------------------------------------------- error contract


@pytest.mark.contract
def test_infinite_inputs_give_the_limits(impl):
    x = np.array([np.inf, -np.inf, np.nan, 1.7e308])
    assert_equal(impl.tent(x), [-np.inf, 0.0, np.nan, -np.inf])
    assert_equal(impl.tent(x, depth=2), [0.0, 0.0, np.nan, 0.0])


@pytest.mark.contract
def test_in_the_end_every_float_is_at_the_ground(impl):
    x = np.array([2 / 3, 0.1, 5e-324, 1.0])
    assert_equal(impl.tent(x, depth=10**5), np.zeros(4))
    assert_equal(impl.tent([5e-324], depth=1074), [1.0])
    assert_equal(impl.tent([5e-324], depth=1075), [0.0])


@pytest.mark.contract
@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
def test_dtype_is_kept(impl, dtype):
    assert impl.tent(np.ones(2, dtype), depth=3).dtype == dtype
    assert impl.tent(np.ones(2, int)).dtype == np.float64


@pytest.mark.contract
def test_depth_zero_gives_a_copy(impl):
    x = np.array([-1.0, 0.25, 3.0])
    got = impl.tent(x, depth=0)
    assert_equal(got, x)
    assert not np.shares_memory(got, x)


@pytest.mark.contract
def test_what_is_no_depth_is_named(impl):
    with pytest.raises(ValueError, match=r"^depth must be at least 0, got -1$"):
        impl.tent([0.5], depth=-1)
    with pytest.raises(TypeError, match=r"^depth must be an integer, got 1\.5$"):
        impl.tent([0.5], depth=1.5)
    with pytest.raises(TypeError, match=r"^x must hold real numbers"):
        impl.tent(["a"])

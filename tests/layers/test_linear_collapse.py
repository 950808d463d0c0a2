"""linear_collapse: one layer does what a stack of straight ones does.

Most laws use whole numbers, so that both sides are exact and must be equal.
"""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from derivations.engine import evaluate
from derivations.layers import linear_collapse as spec
from reference import xor_net
from reference.conformance.compare import assert_close, assert_equal
from reference.conformance.strategies import reals, rows

BITS = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])


WHOLE = st.integers(-3, 3).map(float)


@st.composite
def stacks(draw, *, depths=(1, 4), first=None, last=None, elements=WHOLE):
    """Draw weights and biases of layers whose shapes chain."""
    depth = draw(st.integers(*depths))
    widths = draw(st.lists(st.integers(1, 4), min_size=depth + 1, max_size=depth + 1))
    widths[0], widths[-1] = first or widths[0], last or widths[-1]
    weights = [
        draw(hnp.arrays(np.float64, d, elements=elements)) for d in pairwise(widths)
    ]
    biases = [draw(hnp.arrays(np.float64, d, elements=elements)) for d in widths[1:]]
    return weights, biases


def through(x, weights, biases):
    """Pass rows through the layers, one after the other."""
    for W, b in zip(weights, biases, strict=True):
        x = x @ W + b
    return x


# ------------------------------------------------------ agreement with the derivation


@given(stack=stacks(depths=(2, 2), elements=reals(100.0)))
def test_two_layers_make_the_derived_weights_and_bias(impl, stack):
    (A, B), (a, b) = stack
    layer = impl.collapse_linear([A, B], [a, b])
    values = {spec.A: A, spec.B: B, spec.a: a, spec.b: b}
    want = np.array(evaluate(spec.composed_weight, values), dtype=object)
    assert_close(layer.weights, want, scale=len(a) * (np.abs(A) @ np.abs(B)))
    want = np.array(evaluate(spec.composed_bias, values), dtype=object)
    assert_close(layer.bias, want, scale=len(a) * (np.abs(a) @ np.abs(B) + np.abs(b)))


# ------------------------------------------------------------------------------ laws


@pytest.mark.claim("A0-013")
@given(stack=stacks(), data=st.data())
def test_one_layer_does_what_the_stack_does(impl, stack, data):
    weights, biases = stack
    x = np.round(data.draw(rows(k=len(weights[0]), magnitude=9.0), label="x"))
    layer = impl.collapse_linear(weights, biases)
    assert_equal(x @ layer.weights + layer.bias, through(x, weights, biases))


@given(stack=stacks(elements=reals(10.0)))
def test_deep_stacks_collapse_up_to_rounding(impl, stack):
    weights, biases = stack
    layer = impl.collapse_linear(weights, biases)
    origin, axes = np.zeros((1, len(weights[0]))), np.eye(len(weights[0]))
    size = [np.abs(W) for W in weights], [np.abs(b) for b in biases]
    large = 8 * len(weights) * (1 + through(axes + 1, *size))
    at_origin = through(origin, weights, biases)
    assert_close(layer.bias, at_origin[0], scale=large.max(axis=0))
    got = layer.weights + layer.bias
    assert_close(got, through(axes, weights, biases), scale=large)


@given(stack=stacks(depths=(1, 1)))
def test_one_layer_is_itself(impl, stack):
    (W,), (b,) = stack
    layer = impl.collapse_linear([W], [b])
    assert_equal(layer.weights, W)
    assert_equal(layer.bias, b)


@given(stack=stacks(depths=(2, 4)), data=st.data())
def test_a_stack_may_be_collapsed_in_parts(impl, stack, data):
    weights, biases = stack
    cut = data.draw(st.integers(1, len(weights) - 1), label="cut")
    below = impl.collapse_linear(weights[:cut], biases[:cut])
    above = impl.collapse_linear(weights[cut:], biases[cut:])
    got = impl.collapse_linear([below.weights, above.weights], [below.bias, above.bias])
    want = impl.collapse_linear(weights, biases)
    assert_equal(got.weights, want.weights)
    assert_equal(got.bias, want.bias)


@given(stack=stacks())
def test_a_layer_that_changes_nothing_may_be_added(impl, stack):
    weights, biases = stack
    width = weights[-1].shape[1]
    want = impl.collapse_linear(weights, biases)
    got = impl.collapse_linear([*weights, np.eye(width)], [*biases, np.zeros(width)])
    assert_equal(got.weights, want.weights)
    assert_equal(got.bias, want.bias)


@given(below=stacks(last=1), above=stacks(first=1))
def test_through_one_unit_all_columns_are_multiples_of_one(impl, below, above):
    weights = [*below[0], *above[0]]
    W = np.asarray(impl.collapse_linear(weights, [*below[1], *above[1]]).weights)
    minors = W[:, np.newaxis, :, np.newaxis] * W[np.newaxis, :, np.newaxis, :]
    assert_equal(minors, np.swapaxes(minors, 0, 1))


@given(stack=stacks())
def test_biases_do_not_reach_the_weights(impl, stack):
    weights, biases = stack
    silent = impl.collapse_linear(weights, [0 * b for b in biases])
    assert_equal(silent.weights, impl.collapse_linear(weights, biases).weights)
    assert_equal(silent.bias, 0 * silent.bias)


# -------------------------------------------------------------- what the articles say


@pytest.mark.claim("A0-006")
@given(stack=stacks(depths=(2, 4)))
@example(stack=([np.ones((3, 2)), np.ones((2, 5))], [np.zeros(2), np.zeros(5)]))
def test_stacking_adds_no_function_and_may_take_some_away(impl, stack):
    weights, biases = stack
    layer = impl.collapse_linear(weights, biases)
    # One matrix of the outer shape does the same, and its rank has a cap.
    assert np.shape(layer.weights) == (len(weights[0]), weights[-1].shape[1])
    narrowest = min(min(W.shape) for W in weights)
    assert np.linalg.matrix_rank(np.asarray(layer.weights)) <= narrowest


@pytest.mark.claim("A2-078")
@given(stack=stacks(first=2, last=1))
def test_no_series_of_affine_layers_is_the_network_that_does_exclusive_or(impl, stack):
    layer = impl.collapse_linear(*stack)
    straight = (BITS @ layer.weights + layer.bias)[:, 0]
    bent = xor_net(BITS)
    # Both diagonals of the square have one sum, for every affine function. Not here.
    assert straight[0] + straight[3] == straight[1] + straight[2]
    assert bent[0] + bent[3] != bent[1] + bent[2]
    assert ((straight - bent) ** 2).mean() >= 0.25


# -------------------------------------------------------------------- error contract


@pytest.mark.contract
@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
def test_dtype_of_the_layers_is_kept(impl, dtype):
    layer = impl.collapse_linear([np.ones((2, 3), dtype)], [np.ones(3, dtype)])
    assert layer.weights.dtype == dtype
    assert layer.bias.dtype == dtype
    mixed = impl.collapse_linear([np.ones((2, 3), dtype)], [np.ones(3)])
    assert mixed.weights.dtype == mixed.bias.dtype == np.float64
    mixed = impl.collapse_linear([np.ones((2, 3))], [np.ones(3, dtype)])
    assert mixed.weights.dtype == mixed.bias.dtype == np.float64


@pytest.mark.contract
def test_products_in_half_precision_do_not_overflow_on_the_way(impl):
    layers = [np.array([[w]], np.float16) for w in (300, 300, 0.001)]
    layer = impl.collapse_linear(layers, [np.zeros(1, np.float16)] * 3)
    assert_close(layer.weights, np.array([[300 * 300 * float(layers[2][0, 0])]]))


@pytest.mark.contract
def test_what_comes_back_is_a_copy(impl):
    W, b = np.ones((2, 2)), np.ones(2)
    layer = impl.collapse_linear([W], [b])
    assert not np.shares_memory(layer.weights, W)
    assert not np.shares_memory(layer.bias, b)


@pytest.mark.contract
def test_layers_without_units_pass_nothing_on(impl):
    layer = impl.collapse_linear(
        [np.ones((2, 0)), np.ones((0, 3))], [np.ones(0), np.full(3, 7.0)]
    )
    assert_equal(layer.weights, np.zeros((2, 3)))
    assert_equal(layer.bias, np.full(3, 7.0))


@pytest.mark.contract
def test_layers_and_biases_are_counted(impl):
    message = (
        r"^weights and biases must hold one array for each layer, at least one; "
        r"got 0 weights and 0 biases$"
    )
    with pytest.raises(ValueError, match=message):
        impl.collapse_linear([], [])
    with pytest.raises(ValueError, match=r"got 1 weights and 2 biases$"):
        impl.collapse_linear([np.eye(2)], [np.ones(2), np.ones(2)])


@pytest.mark.contract
def test_shapes_that_do_not_chain_are_named(impl):
    message = r"^weights\[1\] must have as many rows as weights\[0\] has columns, got 3"
    with pytest.raises(ValueError, match=f"{message} and 2$"):
        impl.collapse_linear([np.eye(2), np.eye(3)], [np.ones(2), np.ones(3)])
    layers = [np.ones((2, 4)), np.ones((4, 2)), np.eye(3)]
    with pytest.raises(ValueError, match=r"^weights\[2\] .* got 3 and 2$"):
        impl.collapse_linear(layers, [np.ones(4), np.ones(2), np.ones(3)])
    message = (
        r"^biases\[0\] must have one entry for each column of weights\[0\], "
        r"got shapes \(3,\) and \(2, 2\)$"
    )
    with pytest.raises(ValueError, match=message):
        impl.collapse_linear([np.eye(2)], [np.ones(3)])
    with pytest.raises(ValueError, match=r"^weights\[0\] must have 2 axes"):
        impl.collapse_linear([[1.0]], [1.0])


@pytest.mark.contract
def test_what_is_no_layer_is_named(impl):
    with pytest.raises(TypeError, match=r"^weights must be a sequence of arrays"):
        impl.collapse_linear(None, [np.ones(2)])
    with pytest.raises(TypeError, match=r"^biases\[0\] must hold real numbers"):
        impl.collapse_linear([np.eye(2)], [["a", "b"]])

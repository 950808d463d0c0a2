"""vanishing: chain gradients agree with their derivation and keep below their bound."""

import math
from fractions import Fraction

import mpmath
import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from derivations.activations import sigmoid as sigmoid_spec
from derivations.engine import evaluate
from reference.conformance.compare import assert_close, assert_equal
from reference.conformance.strategies import reals, vectors


def weights_and_sums(*, magnitude=30.0, max_size=8):
    """Pairs of vectors of one length: weights w and pre-activations z."""
    return st.integers(1, max_size).flatmap(
        lambda length: st.tuples(
            vectors(k=length, magnitude=magnitude),
            vectors(k=length, magnitude=magnitude),
        )
    )


def exact_product(w, z):
    """Multiply w_l σ'(z_l) in 50 digits, from the derived slope of the sigmoid."""
    slopes = evaluate(sigmoid_spec.derivative.end, {sigmoid_spec.x: z})
    with mpmath.workdps(50):
        return mpmath.fprod([*w, *slopes])


def work(*values):
    """Return how many ulps the logarithms of these values cost when added."""
    sizes = [np.abs(np.log(np.abs(v[v != 0]))).sum() for v in values]
    return float(sum(sizes))


# ------------------------------------------------------ agreement with the derivation


@given(chain=weights_and_sums())
@example(chain=(np.full(10, 8.0), np.zeros(10)))
@example(chain=(np.full(3, 100.0), np.full(3, 100.0)))
@example(chain=(np.full(4, 1e200), np.full(4, 460.0)))
@example(chain=(np.array([2.0, -0.5, 3.0]), np.array([0.0, 1.0, -1.0])))
def test_chain_gradient_is_the_product_of_weights_and_slopes(impl, chain):
    w, z = chain
    want = exact_product(w.tolist(), z)
    condition = work(w) + 2 * np.abs(z).sum() + 2 * len(w)
    got = np.array([impl.chain_gradient(w, z)])
    assert_close(got, np.array([want], dtype=object), condition=condition)


@given(w=vectors(magnitude=1e3, max_size=8))
@example(w=np.full(10, 4.0))
@example(w=np.array([1e300, 1e300, 1e-300, 1e-300]))
def test_bound_is_the_product_of_quarters(impl, w):
    want = math.prod(Fraction(abs(weight)) / 4 for weight in w.tolist())
    got = np.array([impl.vanishing_bound(w)])
    condition = work(w) + 2 * len(w)
    assert_close(got, np.array([want], dtype=object), condition=condition)


# ------------------------------------------------------------------------------ laws


@given(chain=weights_and_sums())
def test_order_of_the_neurons_does_not_matter(impl, chain):
    w, z = chain
    forward = np.array([impl.chain_gradient(w, z)])
    backward = np.array([impl.chain_gradient(w[::-1], z[::-1])])
    assert_close(backward, forward, condition=work(w) + 2 * np.abs(z).sum() + len(w))


@given(chain=weights_and_sums(), place=st.integers(0, 7))
def test_flipping_one_weight_flips_the_gradient(impl, chain, place):
    w, z = chain
    flipped = w.copy()
    flipped[place % len(w)] *= -1
    assert_equal(-impl.chain_gradient(w, z), impl.chain_gradient(flipped, z))


@given(chain=weights_and_sums(), place=st.integers(0, 7))
def test_one_dead_weight_cuts_the_chain(impl, chain, place):
    w, z = chain
    w = w.copy()
    w[place % len(w)] = 0.0
    assert_equal(impl.chain_gradient(w, z), 0.0)


def test_a_chain_without_neurons_passes_the_gradient_on(impl):
    assert_equal(impl.chain_gradient(np.zeros(0), np.zeros(0)), 1.0)


def test_bound_of_no_neurons_is_one(impl):
    assert_equal(impl.vanishing_bound(np.zeros(0)), 1.0)


@pytest.mark.claim("A1-058")
@given(w=vectors(k=4, magnitude=3.0), b=vectors(k=4, magnitude=3.0), x=reals(3.0))
def test_four_neurons_differentiate_to_a_product_of_four_factors(impl, w, b, x):
    def output(start):
        a, sums = start, []
        for weight, bias in zip(w, b, strict=True):
            sums.append(weight * a + bias)
            a = 1 / (1 + math.exp(-sums[-1]))
        return a, np.array(sums)

    step = 1e-4
    difference = (output(x + step)[0] - output(x - step)[0]) / (2 * step)
    # Third derivatives of four composed sigmoids with |w| <= 3 stay below 1000.
    got = np.array([impl.chain_gradient(w, output(x)[1])])
    assert_close(got, np.array([difference]), scale=1e9)


# -------------------------------------------------------------- what the articles say


@pytest.mark.claim("A1-054")
@given(rate=st.floats(0, 1), gradient=st.floats(1e-3, 1e3))
def test_a_vanishing_gradient_moves_plain_gradient_descent_by_nothing_more(
    impl, rate, gradient
):
    tiny = float(impl.chain_gradient(np.ones(60), np.zeros(60))) * gradient
    assert 0 < abs(tiny) < 1e-32
    assert abs(rate * tiny) <= 1e-32
    # Divided by its own size, as adaptive optimizers do, the same gradient moves by 1.
    assert abs(tiny / abs(tiny)) == 1


@pytest.mark.claim("A1-057")
def test_products_shrink_only_while_weights_stay_below_four(impl):
    bottom = np.zeros(10)
    for weight, want in ((1.0, 2.0**-20), (4.0, 1.0), (8.0, 1024.0)):
        got = np.array([impl.chain_gradient(np.full(10, weight), bottom)])
        assert_close(got, np.array([want]), condition=40)


@given(chain=weights_and_sums())
def test_gradient_stays_below_the_bound_of_its_weights(impl, chain):
    w, z = chain
    bound = math.prod(abs(weight) / 4 for weight in w.tolist())
    slack = 1 + (work(w) + 2 * np.abs(z).sum() + 20 * len(w)) * 1e-15
    assert abs(impl.chain_gradient(w, z)) <= bound * slack


# -------------------------------------------------------------------- error contract


@pytest.mark.contract
def test_infinite_sums_stop_the_gradient(impl):
    assert_equal(impl.chain_gradient(np.ones(2), np.array([np.inf, 0.0])), 0.0)
    assert_equal(impl.chain_gradient(np.ones(1), np.array([np.nan])), np.nan)


@pytest.mark.contract
@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
def test_dtype_of_the_gradient_is_kept(impl, dtype):
    ones = np.ones(2, dtype)
    assert impl.chain_gradient(ones, ones).dtype == dtype
    assert impl.chain_gradient(ones, ones.astype(np.float64)).dtype == np.float64


@pytest.mark.contract
@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
def test_dtype_of_the_bound_is_kept(impl, dtype):
    assert impl.vanishing_bound(np.ones(2, dtype)).dtype == dtype


@pytest.mark.contract
def test_unequal_lengths_are_named(impl):
    message = r"^shapes must be equal: weights \(2,\), pre_activations \(1,\)$"
    with pytest.raises(ValueError, match=message):
        impl.chain_gradient([1.0, 2.0], [1.0])


@pytest.mark.contract
def test_wrong_rank_of_a_chain_is_named(impl):
    with pytest.raises(ValueError, match=r"^weights must have 1 axes, got shape \(\)$"):
        impl.chain_gradient(1.0, 1.0)
    with pytest.raises(TypeError, match=r"^pre_activations must hold real numbers"):
        impl.chain_gradient([1.0], ["a"])


@pytest.mark.contract
def test_wrong_rank_of_weights_is_named(impl):
    with pytest.raises(
        ValueError, match=r"^weights must have 1 axes, got shape \(1, 1"
    ):
        impl.vanishing_bound([[1.0]])
    with pytest.raises(TypeError, match=r"^weights must hold real numbers"):
        impl.vanishing_bound(["a"])

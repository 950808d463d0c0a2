"""exploding: norms agree with the definition, and bound what they must bound."""

import mpmath
import numpy as np
import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from derivations.engine import evaluate
from derivations.gradient_flow import exploding as spec
from reference.conformance.compare import assert_close, assert_equal
from reference.conformance.strategies import reals, rows, vectors

SLOPES = {
    "identity": 1.0,
    "sigmoid": 0.25,
    "tanh": 1.0,
    "relu": 1.0,
    "leaky_relu": 1.0,
    "softplus": 1.0,
}


def layers(*, magnitude=10.0):
    """Draw lists of matrices whose shapes chain."""
    widths = st.lists(st.integers(1, 4), min_size=2, max_size=4)
    return widths.flatmap(
        lambda d: st.tuples(
            *[
                hnp.arrays(np.float64, (d[i], d[i + 1]), elements=reals(magnitude))
                for i in range(len(d) - 1)
            ]
        ).map(list)
    )


# ------------------------------------------------------ agreement with the derivation


@given(u=vectors(magnitude=100.0), v=vectors(magnitude=100.0))
@example(u=np.array([3.0, 4.0]), v=np.array([1.0]))
def test_norm_of_an_outer_product_is_the_product_of_lengths(impl, u, v):
    # An outer product stretches v to |u| |v|: the one case with a formula.
    want = np.array([np.hypot.reduce(u) * np.hypot.reduce(v)])
    got = np.array([impl.spectral_norm(np.outer(u, v))])
    assert_close(got, want, condition=2.0 * max(len(u), len(v)))


@given(A=rows(magnitude=100.0), data=st.data())
def test_no_vector_is_stretched_by_more_than_the_norm(impl, A, data):
    x = data.draw(vectors(k=A.shape[1], magnitude=100.0), label="x")
    stretched, length = np.hypot.reduce(A @ x), np.hypot.reduce(x)
    rounding = 1e-13 * np.abs(A).sum() * length
    assert stretched <= float(impl.spectral_norm(A)) * length + rounding


@given(A=rows(magnitude=100.0))
def test_norm_is_at_most_the_root_of_the_sum_of_squares(impl, A):
    ones = np.ones(A.shape[1])
    frobenius = np.hypot.reduce(A.ravel())
    assert float(impl.spectral_norm(A)) <= frobenius * (1 + 1e-13)
    assert np.hypot.reduce(A @ ones) <= frobenius * np.hypot.reduce(ones) * (1 + 1e-13)


@given(A=hnp.arrays(np.int64, (2, 2), elements=st.integers(-1000, 1000)))
def test_norm_of_a_two_by_two_matrix_solves_its_quadratic(impl, A):
    # sigma^2 is the larger root of s^2 - |A|^2 s + det(A)^2, here in integers.
    (a, b), (c, d) = A.tolist()
    square, det = a * a + b * b + c * c + d * d, a * d - b * c
    with mpmath.workdps(40):
        root = mpmath.sqrt(square * square - 4 * det * det)
        want = mpmath.sqrt((square + root) / 2)
    got = np.array([impl.spectral_norm(A.astype(np.float64))])
    assert_close(got, np.array([want], dtype=object))


# ------------------------------------------------------------------------------ laws


@given(A=rows(magnitude=100.0))
def test_transposing_keeps_the_norm(impl, A):
    width = 4.0 * sum(A.shape)
    got, want = impl.spectral_norm(A.T), impl.spectral_norm(A)
    assert_close(np.array([got]), np.array([want]), condition=width)


@given(A=rows(magnitude=100.0), power=st.integers(-900, 900))
def test_scaling_the_matrix_scales_the_norm(impl, A, power):
    assume(np.abs(A).max() == 0 or np.abs(A[A != 0]).min() > 1e-10)
    scale = 2.0**power
    got, want = impl.spectral_norm(A * scale), impl.spectral_norm(A) * scale
    assert_close(np.array([got]), np.array([want]), condition=4.0 * sum(A.shape))


@given(k=st.integers(1, 5), scale=reals(100.0))
def test_norm_of_a_scaled_identity_is_the_size_of_the_scale(impl, k, scale):
    got = np.array([impl.spectral_norm(scale * np.eye(k))])
    assert_close(got, np.array([abs(scale)]), condition=float(k))


def test_norm_of_nothing_is_zero(impl):
    assert_equal(impl.spectral_norm(np.zeros((0, 3))), 0.0)
    assert_equal(impl.spectral_norm(np.zeros((2, 2))), 0.0)


@pytest.mark.parametrize("activation", SLOPES)
@given(weights=layers())
def test_bound_multiplies_norms_and_steepest_slopes(impl, activation, weights):
    want = 1.0
    for W in weights:
        want *= SLOPES[activation] * np.linalg.svd(W, compute_uv=False)[0]
    got = np.array([impl.lipschitz_bound(weights, activation=activation)])
    width = 8.0 * sum(sum(W.shape) for W in weights)
    # A norm that is 0 but for rounding is small against the entries, not against 0.
    size = np.prod([np.abs(W).sum() for W in weights])
    assert_close(got, np.array([want]), condition=width, scale=size)


@given(weights=layers(magnitude=3.0), data=st.data())
def test_no_step_of_the_input_moves_the_output_by_more_than_the_bound(
    impl, weights, data
):
    width = weights[0].shape[0]
    start = data.draw(vectors(k=width, magnitude=3.0), label="start")
    end = data.draw(vectors(k=width, magnitude=3.0), label="end")

    def output(x):
        for W in weights:
            x = np.tanh(x @ W)
        return x

    moved = np.hypot.reduce(output(end) - output(start))
    bound = float(impl.lipschitz_bound(weights, activation="tanh"))
    assert moved <= bound * np.hypot.reduce(end - start) * (1 + 1e-12) + 1e-12


def test_bound_of_no_layers_is_one(impl):
    assert_equal(impl.lipschitz_bound([], activation="relu"), 1.0)


# -------------------------------------------------------------- what the articles say


@pytest.mark.claim("A1-059")
def test_large_weights_explode_a_linear_chain_and_may_stop_a_sigmoid_chain(impl):
    w = np.full(3, 100.0)
    linear = impl.lipschitz_bound([[[weight]] for weight in w], activation="identity")
    assert_close(np.array([linear]), np.array([1e6]))
    z = np.array([50.0, 100.0, 100.0])  # from input 0.5: sigmoid(50) is 1 but for 1e-22
    slopes = np.exp(-z) / (1 + np.exp(-z)) ** 2
    assert 0 < np.prod(w * slopes) < 1e-90


def after(steps, *, rate, curvature=2.0, start=1.0):
    """Return the derived position of gradient descent on a parabola."""
    values = {
        spec.α: rate,
        spec.λ: curvature,
        spec.w_0: start,
        spec.t: steps,
    }
    return float(evaluate(spec.descent.end, values))


@pytest.mark.claim("A1-060")
def test_descent_diverges_beyond_two_over_the_curvature(impl):
    norm = float(impl.spectral_norm(np.array([[2.0]])))  # the curvature's own bound
    limit = 2 / norm
    assert abs(after(50, rate=0.99 * limit)) < 1
    assert abs(after(50, rate=limit)) == 1
    assert abs(after(50, rate=1.05 * limit)) > 100


@pytest.mark.claim("A1-061")
@given(gradient=st.floats(1e-3, 1e6), sign=st.sampled_from([-1, 1]))
def test_an_exploding_gradient_moves_against_its_own_sign(impl, gradient, sign):
    size = float(impl.spectral_norm(np.array([[sign * gradient]])))
    moved = 0.0 - 0.1 * sign * size
    assert np.sign(moved) == -sign
    assert_close(np.array([abs(moved)]), np.array([0.1 * gradient]))
    assert 0.0 - 0.1 * -1000.0 == 100.0


@pytest.mark.claim("A1-062")
def test_a_diverging_path_jumps_from_side_to_side(impl):
    factor = 1 - 1.1 * float(impl.spectral_norm(np.array([[2.0]])))
    path = np.array([after(t, rate=1.1) for t in range(6)])
    assert_close(path, factor ** np.arange(6.0))
    assert (np.sign(path) == [1, -1, 1, -1, 1, -1]).all()
    assert (np.diff(np.abs(path)) > 0).all()


# -------------------------------------------------------------------- error contract


@pytest.mark.contract
def test_norm_of_numbers_that_are_not_finite(impl):
    assert_equal(impl.spectral_norm(np.array([[np.nan, 1.0]])), np.nan)
    assert_equal(impl.spectral_norm(np.array([[np.inf, 1.0]])), np.inf)


@pytest.mark.contract
@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
def test_dtype_of_the_norm_is_kept(impl, dtype):
    assert impl.spectral_norm(np.ones((2, 2), dtype)).dtype == dtype


@pytest.mark.contract
@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
def test_dtype_of_the_lipschitz_bound_is_kept(impl, dtype):
    W = np.ones((2, 2), dtype)
    assert impl.lipschitz_bound([W, W], activation="relu").dtype == dtype


@pytest.mark.contract
def test_what_is_not_a_matrix_is_named(impl):
    with pytest.raises(
        ValueError, match=r"^matrix must have 2 axes, got shape \(1,\)$"
    ):
        impl.spectral_norm([1.0])
    with pytest.raises(TypeError, match=r"^matrix must hold real numbers"):
        impl.spectral_norm([["a"]])


@pytest.mark.contract
def test_a_stack_of_matrices_is_a_sequence_of_layers(impl):
    stack = np.stack([np.eye(2), 3 * np.eye(2)])
    assert_close(impl.lipschitz_bound(stack, activation="relu"), np.float64(3.0))


@pytest.mark.contract
def test_wrong_layers_are_named(impl):
    with pytest.raises(ValueError, match=r"^weights\[0\] must have 2 axes"):
        impl.lipschitz_bound([[1.0]], activation="relu")
    message = (
        r"^weights\[1\] must have as many rows as weights\[0\] has columns, "
        r"got shapes \(1, 2\) and \(1, 1\)$"
    )
    with pytest.raises(ValueError, match=message):
        impl.lipschitz_bound([[[1.0, 2.0]], [[1.0]]], activation="relu")
    with pytest.raises(TypeError, match=r"^weights\[0\] must hold real numbers"):
        impl.lipschitz_bound([[["a"]]], activation="relu")


@pytest.mark.contract
def test_unknown_activation_is_named(impl):
    with pytest.raises(ValueError, match=r"^activation must be one of .*; got 'step'$"):
        impl.lipschitz_bound([[[1.0]]], activation="step")
    with pytest.raises(TypeError, match=r"^activation must be a string, got 1$"):
        impl.lipschitz_bound([[[1.0]]], activation=1)

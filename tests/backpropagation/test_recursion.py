"""mlp_grads: right to depth 13, against complex steps, high precision and fractions."""

from fractions import Fraction
from itertools import pairwise

import mpmath
import numpy as np
import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from derivations.activations.sigmoid import x as argument
from derivations.activations.sigmoid import σ
from derivations.backpropagation import recursion as spec
from derivations.engine import evaluate
from reference.conformance.compare import assert_close, assert_equal
from reference.conformance.strategies import reals, seeds, vectors

PAIRS = [
    ("identity", "mse"),
    ("sigmoid", "mse"),
    ("tanh", "mse"),
    ("softmax", "mse"),
    ("sigmoid", "binary_cross_entropy"),
    ("softmax", "categorical_cross_entropy"),
]


def gradients(impl, network, loss):
    """Return all gradients in one list: weights, biases, input."""
    x, targets, weights, biases, activations = network
    of_weights, of_biases, of_x = impl.mlp_grads(
        x, targets, weights, biases, activations=activations, loss=loss
    )
    return [np.asarray(a) for a in (*of_weights, *of_biases, of_x)]


def drawn(seed, depth, last, loss, *, samples=2, widest=3):
    """Return a network of random widths and weights, smooth activations inside."""
    rng = np.random.default_rng(seed)
    widths = rng.integers(2, widest + 1, depth + 1)  # a softmax of one is constant
    weights = [rng.normal(size=shape) * 1.5 for shape in pairwise(widths)]
    biases = [rng.normal(size=w) for w in widths[1:]]
    inside = rng.choice(["sigmoid", "tanh", "identity", "softmax"], depth - 1)
    targets = rng.random((samples, widths[-1]))
    if loss == "categorical_cross_entropy":
        targets = np.eye(widths[-1])[rng.integers(widths[-1], size=samples)]
    x = rng.normal(size=(samples, widths[0]))
    return x, targets, weights, biases, [*map(str, inside), last]


# Loss of a network in any arithmetic: `exp` and `log` belong to the numbers.


def activated(z, name, exp):
    if name == "softmax":
        # The shift is a constant of the differentiation: it changes no value.
        weights = exp(z - z.real.max(axis=-1, keepdims=True))
        return weights / weights.sum(axis=-1, keepdims=True)
    if name == "identity":
        return z
    u = z if name == "sigmoid" else 2 * z
    # Both forms of the sigmoid are the same function; the power is at most 1 in size.
    right = u.real >= 0
    power = exp(np.where(right, -u, u))
    sigmoid = np.where(right, 1, power) / (1 + power)
    return sigmoid if name == "sigmoid" else 2 * sigmoid - 1


def softplus(u, exp, log):
    right = u.real >= 0
    return np.where(right, u, 0) + log(1 + exp(np.where(right, -u, u)))


def loss_of(network, loss, exp, log):
    """Return the loss; axes in front of samples and units are networks of their own."""
    x, targets, weights, biases, activations = network
    a = x
    for W, b, name in zip(weights, biases, activations, strict=True):
        z = a @ W + b
        a = activated(z, name, exp)
    if loss == "mse":
        return ((a - targets) ** 2).sum(axis=(-2, -1)) / targets.size
    # Cross-entropies from the scores: a probability close to 1 loses its distance.
    if loss == "categorical_cross_entropy":
        largest = z.real.max(axis=-1, keepdims=True)
        total = largest + log(exp(z - largest).sum(axis=-1, keepdims=True))
        return (targets * (total - z)).sum(axis=(-2, -1)) / len(targets)
    misses = targets * softplus(-z, exp, log) + (1 - targets) * softplus(z, exp, log)
    return misses.sum(axis=(-2, -1)) / targets.size


def parts(network):
    """Return what there is to differentiate by: weights, biases, input."""
    x, _, weights, biases, _ = network
    return [*weights, *biases, x]


def rebuilt(network, values):
    """Return the network with other weights, biases and input."""
    depth = len(network[2])
    return values[-1], network[1], values[:depth], values[depth:-1], network[4]


def by_complex_steps(network, loss):
    """Differentiate by every entry of every array: f'(u) = Im f(u + ih) / h.

    Nothing is subtracted, so h may be so small that the error of the formula, of order
    h², is far below rounding. All steps are taken at once, one network each.
    """
    h, values = 1e-100, parts(network)
    sizes = [value.size for value in values]
    steps = np.split(1j * h * np.eye(sum(sizes)), np.cumsum(sizes)[:-1], axis=1)
    stacked = [
        value.reshape(-1, value.shape[-1])
        + step.reshape(-1, *np.atleast_2d(value).shape)
        for value, step in zip(values, steps, strict=True)
    ]
    slopes = loss_of(rebuilt(network, stacked), loss, np.exp, np.log).imag / h
    pieces = np.split(slopes, np.cumsum(sizes)[:-1])
    return [
        piece.reshape(value.shape) for piece, value in zip(pieces, values, strict=True)
    ]


def slopes_of(name, a):
    """Return the slope of an elementwise activation at the output a."""
    if name == "sigmoid":
        return a * (1 - a)
    return 1 - a * a if name == "tanh" else np.ones(a.shape)


def rounding(network, loss):
    """Bound what rounding can do to each gradient, in units of eps.

    The same two passes, run on sizes: every sum collects the sizes of its terms, and
    every number carries an error of its own. A score that is off by e moves a slope by
    at most 2 e times the slope, for sigmoid and tanh, and a pull through a softmax by
    4 e times its size; a slope formed as a(1 - a) is off by a unit of its own. This is
    running error analysis, to first order.
    """
    x, targets, weights, biases, activations = network
    outputs, errors, offs = [x], [np.zeros(x.shape)], []
    for W, b, name in zip(weights, biases, activations, strict=True):
        a = activated(outputs[-1] @ W + b, name, np.exp)
        off = errors[-1] @ np.abs(W)
        off = off + (len(W) + 2) * (np.abs(outputs[-1]) @ np.abs(W) + np.abs(b))
        widest = off.max(axis=-1, keepdims=True)
        moved = 2 * a * widest if name == "softmax" else slopes_of(name, a) * off
        errors.append(moved + 8 * np.abs(a) + (name in ("sigmoid", "tanh")))
        outputs.append(a)
        offs.append(widest if name == "softmax" else off)
    if loss == "mse":
        share = 2 / targets.size
        size = share * np.abs(outputs[-1] - targets)
        error = share * (errors[-1] + np.abs(outputs[-1]) + np.abs(targets))
    else:
        share = 1 / (len(x) if loss.startswith("categorical") else targets.size)
        size = share * (outputs[-1] + targets)
        error = share * errors[-1] + 8 * size
    of_weights, of_biases = [], []
    for i in reversed(range(len(weights))):
        a, name = outputs[i + 1], activations[i]
        if i < len(weights) - 1 or loss == "mse":
            if name == "softmax":
                error = a * (error + (error * a).sum(axis=-1, keepdims=True))
                size = a * (size + (size * a).sum(axis=-1, keepdims=True))
                error = error + (4 * offs[i] + 16) * size
            else:
                slope = slopes_of(name, a)
                bent = 0 if name == "identity" else slope * (2 * offs[i] + 16) + 2
                error, size = slope * error + bent * size, slope * size
        before, W = np.abs(outputs[i]), np.abs(weights[i])
        terms = (len(x) + 2) * (before.T @ size)
        of_weights.insert(0, before.T @ error + errors[i].T @ size + terms)
        of_biases.insert(0, (error + (len(x) + 2) * size).sum(axis=0))
        error = error @ W.T + (W.shape[1] + 2) * (size @ W.T)
        size = size @ W.T
    return [*of_weights, *of_biases, error]


# ------------------------------------------------------ agreement with the derivation


@pytest.mark.claim("A4-020", "A4-021", "A4-022")
@given(
    x=vectors(k=3, magnitude=2.0),
    y=hnp.arrays(np.float64, 2, elements=st.floats(0, 1)),
    seed=seeds(),
)
@example(x=np.array([1.0, 0.0, 1.0]), y=np.array([1.0, 0.0]), seed=1)
def test_the_delta_rule_is_the_gradient_of_a_network_of_two_layers(impl, x, y, seed):
    rng = np.random.default_rng(seed)
    U, V = rng.normal(size=(3, 2)), rng.normal(size=(2, 2))
    network = (x[np.newaxis], y[np.newaxis], [U, V], [np.zeros(2)] * 2, ["sigmoid"] * 2)
    inner, outer, *_ = gradients(impl, network, "mse")
    bounds = rounding(network, "mse")
    # The mean of two squares is the half sum that the rule differentiates.
    exact = np.vectorize(Fraction, otypes=[object])
    u = exact(x) @ exact(U)
    a = [evaluate(σ(argument), {argument: score}) for score in u]
    want = np.array(evaluate(spec.outer_weights.end, {spec.a: a, spec.y: y, spec.V: V}))
    assert_close(outer, want.T, scale=bounds[1])  # axes o, q
    values = {spec.u: list(u), spec.y: y, spec.V: V}
    delta = np.array(evaluate(spec.hidden_delta.end, values))
    assert_close(inner, np.outer(exact(x), delta), scale=bounds[0])


# ------------------------------------------------------------------------------ laws


@pytest.mark.claim("A0-058", "A1-051", "A2-107")
@pytest.mark.parametrize(("last", "loss"), PAIRS)
@given(seed=seeds(), depth=st.integers(1, 13))
@example(seed=0, depth=2)
@example(seed=0, depth=13)
@example(seed=382, depth=13)  # layers without activation: scores of many hundreds
def test_every_gradient_is_the_slope_of_the_loss(impl, last, loss, seed, depth):
    network = drawn(seed, depth, last, loss)
    got = gradients(impl, network, loss)
    want, bounds = by_complex_steps(network, loss), rounding(network, loss)
    for mine, true, bound in zip(got, want, bounds, strict=True):
        assert_close(mine, true, scale=bound, ulps=4, why="running error bound")


@given(pair=st.sampled_from(PAIRS), seed=seeds(), depth=st.integers(1, 13))
@example(pair=PAIRS[0], seed=1, depth=13)
@example(pair=PAIRS[5], seed=1, depth=13)
def test_a_step_in_any_direction_changes_the_loss_by_the_gradient(
    impl, pair, seed, depth
):
    last, loss = pair
    network = drawn(seed, depth, last, loss)
    rng = np.random.default_rng(seed)
    values = parts(network)
    direction = [rng.integers(-2, 3, v.shape).astype(float) for v in values]
    with mpmath.workdps(160):
        # Central differences: the error is at most h²/6 times the third derivative
        # along the way. A layer of at most 3 units with weights below 10 passes on at
        # most 30 times a change, 13 layers less than 10^20; a third derivative is a sum
        # of products of three of those, below 10^70: h = 10^-50 leaves 10^-30.
        h = mpmath.mpf(10) ** -50
        exp, log = np.vectorize(mpmath.exp), np.vectorize(mpmath.log)
        exact = np.vectorize(mpmath.mpf, otypes=[object])

        def along(step):
            ends = [
                exact(v) + step * exact(s)
                for v, s in zip(values, direction, strict=True)
            ]
            return loss_of(rebuilt(network, ends), loss, exp, log)

        want = (along(h) - along(-h)) / (2 * h)
    pairs = list(zip(gradients(impl, network, loss), direction, strict=True))
    bounds = zip(rounding(network, loss), direction, strict=True)
    scale = sum((bound * np.abs(s)).sum() for bound, s in bounds)
    count = sum(s.size for s in direction)
    total = sum((g * s).sum() for g, s in pairs)
    scale += count * sum(np.abs(g * s).sum() for g, s in pairs)
    assert_close(np.array([total]), np.array([want], dtype=object), scale=scale)


def halves(seed, depth):
    """Return a network of rectifiers with small weights in halves and quarters."""
    rng = np.random.default_rng(seed)
    widths = rng.integers(1, 4, depth + 1)
    widths[-1] = rng.choice([1, 2])
    weights = [rng.integers(-3, 4, s).astype(float) for s in pairwise(widths)]
    biases = [rng.integers(-3, 4, w) + 0.5 for w in widths[1:]]
    names = [str(f) for f in rng.choice(["relu", "identity"], depth)]
    x, t = (rng.integers(-3, 4, (2, w)).astype(float) for w in widths[[0, -1]])
    return x, t, weights, biases, names


def exact_loss(network):
    """Return the mean squared error in fractions, and whether a score is 0."""
    x, targets, weights, biases, names = network
    a, at_a_kink = x, False
    for W, b, name in zip(weights, biases, names, strict=True):
        z = a @ W + b
        at_a_kink |= name == "relu" and not z.all()
        a = np.where(z > 0, z, Fraction(0)) if name == "relu" else z
    return ((a - targets) ** 2).sum() / a.size, at_a_kink


@given(seed=seeds(), depth=st.integers(1, 5))
@example(seed=0, depth=3)
def test_between_kinks_the_gradients_of_rectifiers_are_exact(impl, seed, depth):
    fractions = np.vectorize(Fraction, otypes=[object])
    network = halves(seed, depth)
    x, t, weights, biases, names = network
    exact = (
        fractions(x),
        fractions(t),
        [fractions(W) for W in weights],
        [fractions(b) for b in biases],
        names,
    )
    assume(not exact_loss(exact)[1])
    got = gradients(impl, network, "mse")
    # In one weight the loss is a parabola up to the next kink, and the scores stand at
    # least 2^-5 from it: a central difference with so small a step is exact.
    h = Fraction(1, 2**80)
    for part, gradient in enumerate(got):
        for entry in np.ndindex(gradient.shape):
            ends = []
            for step in (h, -h):
                values = [value.copy() for value in parts(exact)]
                values[part][entry] += step
                ends.append(exact_loss(rebuilt(exact, values))[0])
            assert gradient[entry] == (ends[0] - ends[1]) / (2 * h)


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
@given(seed=seeds())
def test_gradients_of_a_linear_layer_are_exact_in_every_precision(impl, dtype, seed):
    x, t, weights, biases, _ = halves(seed, 1)
    network = (
        x.astype(dtype),
        t.astype(dtype),
        [W.astype(dtype) for W in weights],
        [b.astype(dtype) for b in biases],
        ["identity"],
    )
    got = gradients(impl, network, "mse")
    misses = 2 * (x @ weights[0] + biases[0] - t) / t.size
    assert_equal(got[0], x.T @ misses)
    assert_equal(got[1], misses.sum(axis=0))
    assert_equal(got[2], misses @ weights[0].T)


@given(seed=seeds(), depth=st.integers(1, 5))
def test_gradients_have_the_shapes_of_the_parameters(impl, seed, depth):
    network = halves(seed, depth)
    values = [*network[2], *network[3], network[0]]
    shapes = [g.shape for g in gradients(impl, network, "mse")]
    assert shapes == [v.shape for v in values]


@given(seed=seeds(), depth=st.integers(1, 4))
def test_the_gradient_of_a_batch_is_the_mean_over_its_samples(impl, seed, depth):
    network = halves(seed, depth)
    x, t, *rest = network
    whole = gradients(impl, network, "mse")
    singles = [gradients(impl, (x[[i]], t[[i]], *rest), "mse") for i in range(len(x))]
    for part in range(len(whole) - 1):
        assert_equal(whole[part], sum(one[part] for one in singles) / 2)
    assert_equal(whole[-1], np.concatenate([one[-1] for one in singles]) / 2)


@pytest.mark.parametrize(("last", "loss"), PAIRS)
def test_copies_of_samples_and_of_inputs_share_the_gradient(impl, last, loss):
    rows, columns = 16, 8  # powers of two: sharing is exact
    network = drawn(3, 3, last, loss)
    x, targets, (W, *rest), biases, names = network
    many = (
        np.tile(x, (rows, columns)),
        np.tile(targets, (rows, 1)),
        [np.tile(W, (columns, 1)) / columns, *rest],
        biases,
        names,
    )
    want = gradients(impl, network, loss)
    want[0] = np.tile(want[0], (columns, 1))
    want[-1] = np.tile(want[-1], (rows, columns)) / (rows * columns)
    # The small network rounds less than the large one, whose bounds these are.
    bounds = rounding(many, loss)
    for got, shared, bound in zip(
        gradients(impl, many, loss), want, bounds, strict=True
    ):
        assert_close(got, shared, scale=bound, ulps=8, why="running error bound")


@given(seed=seeds(), depth=st.integers(1, 4), power=st.integers(-24, 24))
@example(seed=0, depth=2, power=-24)
@example(seed=0, depth=2, power=24)
def test_units_of_the_input_cancel_against_its_weights(impl, seed, depth, power):
    x, t, weights, biases, names = halves(seed, depth)
    r = 2.0**power
    want = gradients(impl, (x, t, weights, biases, names), "mse")
    want[0], want[-1] = want[0] / r, want[-1] * r
    scaled = x / r, t, [weights[0] * r, *weights[1:]], biases, names
    for got, other in zip(gradients(impl, scaled, "mse"), want, strict=True):
        assert_equal(got, other)


@given(seed=seeds(), depth=st.integers(1, 4))
def test_a_bias_is_a_weight_whose_input_is_one(impl, seed, depth):
    x, t, weights, biases, names = halves(seed, depth)
    ones = np.concatenate([x, np.ones((len(x), 1))], axis=1)
    longer = [np.concatenate([weights[0], biases[:1]]), *weights[1:]]
    without = [np.zeros_like(biases[0]), *biases[1:]]
    got = gradients(impl, (ones, t, longer, without, names), "mse")
    want = gradients(impl, (x, t, weights, biases, names), "mse")
    assert_equal(got[0][-1], want[depth])
    assert_equal(got[0][:-1], want[0])


@given(seed=seeds(), order=seeds())
def test_gradients_move_with_the_hidden_units(impl, seed, order):
    x, t, (W, V), (b, c), names = halves(seed, 2)
    p = np.random.default_rng(order).permutation(len(b))
    there = gradients(impl, (x, t, [W[:, p], V[p]], [b[p], c], names), "mse")
    here = gradients(impl, (x, t, [W, V], [b, c], names), "mse")
    assert_equal(there[0], here[0][:, p])
    assert_equal(there[1], here[1][p])
    assert_equal(there[2], here[2][p])
    assert_equal(there[4], here[4])


@given(seed=seeds(), last=st.sampled_from(["relu", "identity"]))
def test_twins_get_the_same_gradient(impl, seed, last):
    x, t, (W, V), (b, c), _ = halves(seed, 2)
    pair = np.repeat(W[:, :1], 2, axis=1), np.repeat(V[:1], 2, axis=0)
    network = (x, t, list(pair), [np.repeat(b[:1], 2), c], ["relu", last])
    inner, outer, bias, *_ = gradients(impl, network, "mse")
    assert_equal(inner[:, 0], inner[:, 1])
    assert_equal(outer[0], outer[1])
    assert_equal(bias[0], bias[1])


@given(seed=seeds(), depth=st.integers(1, 13))
def test_a_network_that_is_right_has_nothing_to_learn(impl, seed, depth):
    x, _, weights, biases, _ = halves(seed, depth)
    weights[-1] = np.zeros_like(weights[-1])
    targets = np.tile(biases[-1], (len(x), 1))
    network = (x, targets, weights, biases, ["identity"] * depth)
    for gradient in gradients(impl, network, "mse"):
        assert_equal(gradient, np.zeros_like(gradient))


@given(x=reals(2.0), w=reals(2.0), t=st.sampled_from([0.0, 1.0]))
@example(x=1.0, w=60.0, t=1.0)
@example(x=1.0, w=-60.0, t=0.0)
def test_a_confident_network_keeps_its_small_gradient(impl, x, w, t):
    network = ([[x]], [[t]], [np.array([[w]])], [np.zeros(1)], ["sigmoid"])
    got = gradients(impl, network, "binary_cross_entropy")
    with mpmath.workdps(60):
        z = mpmath.mpf(x) * mpmath.mpf(w)
        sign = -1 if t else 1
        want = sign / (1 + mpmath.exp(-sign * z))
    condition = abs(x * w)
    assert_close(got[1], np.array([want], dtype=object), condition=condition)


@given(seed=seeds(), depth=st.integers(1, 3))
def test_one_sample_may_go_back_alone(impl, seed, depth):
    x, t, *rest = halves(seed, depth)
    alone = gradients(impl, (x[0], t[0], *rest), "mse")
    batch = gradients(impl, (x[:1], t[:1], *rest), "mse")
    for one, many in zip(alone[:-1], batch[:-1], strict=True):
        assert_equal(one, many)
    assert_equal(alone[-1], batch[-1][0])


# -------------------------------------------------------------------- error contract


def ones(dtype=np.float64, *, last="sigmoid"):
    a = np.ones((2, 2), dtype)
    return a, a / 2, [a, a], [a[0], a[0]], ["tanh", last]


@pytest.mark.contract
@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
def test_dtype_of_all_gradients_is_kept(impl, dtype):
    for gradient in gradients(impl, ones(dtype), "mse"):
        assert gradient.dtype == dtype
    x, t, *rest = ones(dtype)
    for gradient in gradients(impl, (x, t.astype(np.float64), *rest), "mse"):
        assert gradient.dtype == np.float64
    for gradient in gradients(impl, (x.astype(np.float64), t, *rest), "mse"):
        assert gradient.dtype == np.float64


@pytest.mark.contract
def test_gradients_of_a_network_come_by_name(impl):
    x, t, weights, biases, names = ones()
    got = impl.mlp_grads(x, t, weights, biases, activations=names, loss="mse")
    assert got._fields == ("weights", "biases", "x")
    assert isinstance(got.weights, tuple)
    assert len(got.weights) == len(got.biases) == 2


@pytest.mark.contract
def test_at_the_kink_of_a_rectifier_the_slope_is_zero(impl):
    network = ([[1.0]], [[1.0]], [np.zeros((1, 1))], [np.zeros(1)], ["relu"])
    for gradient in gradients(impl, network, "mse"):
        assert_equal(gradient, np.zeros_like(gradient))


@pytest.mark.contract
def test_losses_and_targets_that_do_not_fit_are_named(impl):
    x, t, weights, biases, names = ones()
    message = r"^loss 'categorical_cross_entropy' needs 'softmax' as the last of activ"
    with pytest.raises(ValueError, match=rf"{message}.* got 'sigmoid'$"):
        gradients(impl, ones(), "categorical_cross_entropy")
    with pytest.raises(ValueError, match=r"^loss must be one of 'mse', 'binary_cross_"):
        gradients(impl, ones(), "mae")
    message = r"^targets must have the output's shape \(2, 2\), got \(2, 1\)$"
    with pytest.raises(ValueError, match=message):
        gradients(impl, (x, t[:, :1], weights, biases, names), "mse")
    with pytest.raises(ValueError, match=r"^targets must lie in \[0, 1\], got 3"):
        gradients(impl, (x, t + 2.5, weights, biases, names), "binary_cross_entropy")
    with pytest.raises(ValueError, match=r"^weights must hold at least one layer, got"):
        gradients(impl, (x, x, [], [], []), "mse")
    with pytest.raises(ValueError, match=r"^targets must not be empty, got shape \(0,"):
        gradients(impl, (x[:0], t[:0], weights, biases, names), "mse")

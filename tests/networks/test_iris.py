"""A classifier of dense layers: each epoch, its start, its labels; and the irises."""

import importlib.util
import sys
from fractions import Fraction
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

import reference
from derivations.engine import evaluate
from derivations.losses import cross_entropy
from derivations.networks import iris as spec
from reference import classifier_predict, load_iris_arrays, mlp, mlp_step
from reference.conformance.compare import assert_close, assert_equal
from reference.conformance.statistics import distance_from_normal, hoeffding
from reference.conformance.strategies import seeds

# Networks below have at most three layers of at most four units, and numbers below 2 in
# size: a score has at most four terms, each of them below 40, and what all roundings
# of a pass amount to stays below this many ulp of 64.
ULPS = 256.0
SCALE = 64.0

SIZES = [4, 10, 5, 3]


def start(seed, sizes=SIZES, scale=0.1):
    """Return weights and biases around 0, always the same for a seed."""
    rng = np.random.default_rng(seed)
    weights = [scale * rng.standard_normal(shape) for shape in pairwise(sizes)]
    return weights, [scale * rng.standard_normal(units) for units in sizes[1:]]


def drawn(seed, *, square=False, least=1):
    """Return samples, labels and a network of up to three layers, all of them small."""
    rng = np.random.default_rng(seed)
    sizes = rng.integers(2, 5, rng.integers(least, 4) + 1)
    if square:
        sizes[-1] = sizes[0]
    weights = [rng.uniform(-1, 1, shape) for shape in pairwise(sizes)]
    biases = [rng.uniform(-1, 1, units) for units in sizes[1:]]
    n = rng.integers(2, 6)
    x, labels = rng.uniform(-2, 2, (n, sizes[0])), rng.integers(sizes[-1], size=n)
    return x, labels, weights, biases


def whole(values):
    return [np.rint(2 * value) for value in values]


class Trained(NamedTuple):
    """What training gives, whatever kind of tuple it comes in."""

    weights: Any
    biases: Any
    losses: Any


def fit(impl, network, *, rate=0.5, epochs=1):
    x, labels, weights, biases = network
    options = {"learning_rate": rate, "epochs": epochs}
    return Trained(*impl.classifier_fit(x, labels, weights, biases, **options))


def assert_same(got, want):
    """Compare all parameters of two networks."""
    for these, those in zip(got[:2], want[:2], strict=True):
        for one, other in zip(these, those, strict=True):
            assert_close(one, other, ulps=ULPS, scale=SCALE)


@pytest.fixture(scope="module")
def iris():
    """Return both parts of the data, which not everybody has who checks own code."""
    pytest.importorskip("sklearn", reason="needs the irises, of lemmata[datasets]")
    return *load_iris_arrays(part="train"), *load_iris_arrays(part="test")


def test_whoever_works_on_the_project_has_the_irises():
    assert importlib.util.find_spec("sklearn") is not None


# ------------------------------------------------------ agreement with the derivation


@given(seed=seeds(), d=st.integers(1, 4), k=st.integers(1, 3))
@example(seed=0, d=1, k=1)
def test_a_folded_layer_does_with_raw_inputs_what_it_did_with_others(impl, seed, d, k):
    rng = np.random.default_rng(seed)
    W, (b, x) = rng.normal(size=(d, k)), (rng.normal(size=m) for m in (k, d))
    mean, std = rng.normal(size=d) * 9, rng.uniform(0.1, 9, d)
    values = {spec.x: x, spec.W: W, spec.b: b, spec.μ: mean, spec.s: std}
    want = np.array(evaluate(spec.folded.start, values), dtype=object)
    weights, bias = impl.fold_standardization(W, b, mean, std)
    assert np.shape(weights) == (d, k)
    exactly = np.vectorize(Fraction, otypes=[object])
    got = exactly(x) @ exactly(weights) + exactly(bias)
    terms = (np.abs(x) + np.abs(mean)) / std @ np.abs(W) + np.abs(b)
    assert_close(got.astype(np.float64), want, condition=d, scale=terms)


@given(network=seeds().map(drawn), c=st.sampled_from([0.0, 1.0, -3.5]))
def test_equal_scores_cost_the_logarithm_of_the_number_of_classes(impl, network, c):
    x, labels, weights, biases = network
    silent = [*weights[:-1], np.zeros_like(weights[-1])]
    alike = [*biases[:-1], np.full_like(biases[-1], c)]
    losses = fit(impl, (x, labels, silent, alike), epochs=0).losses
    want = evaluate(spec.equal_scores.end, {spec.K: len(biases[-1])})
    assert_close(losses, np.array([want], dtype=object), ulps=ULPS)


@given(network=seeds().map(drawn))
def test_saying_the_same_of_every_sample_costs_the_entropy_of_the_classes(
    impl, network
):
    x, labels, weights, biases = network
    classes = len(biases[-1])
    silent = [*weights[:-1], np.zeros_like(weights[-1])]
    targets = np.eye(classes)[labels]
    p = np.exp(biases[-1])
    p /= p.sum()
    said = [*biases[:-1], np.log(p)]
    loss = fit(impl, (x, labels, silent, said), epochs=0).losses[0]
    want = evaluate(spec.same_for_all.end, {spec.t: targets, spec.p: p})
    assert_close(loss, float(want), ulps=ULPS, scale=1 + np.abs(np.log(p)).max())
    # Every class there is: no answer costs less than the shares of the classes.
    shares = targets.mean(axis=0)[targets.any(axis=0)]
    least = evaluate(cross_entropy.entropy_below.end, {cross_entropy.q: shares})
    assert_close(max(loss, float(least)), loss, ulps=ULPS, scale=1.0)


# ------------------------------------------------------------------------------ laws


@pytest.mark.claim("A3-074")
@given(network=seeds().map(drawn), rate=st.sampled_from([0.0, 0.25, 2.0]))
def test_an_epoch_is_one_update_of_all_parameters_at_this_rate(impl, network, rate):
    x, labels, weights, biases = network
    want = mlp_step(
        x,
        np.eye(len(biases[-1]))[labels],
        weights,
        biases,
        activations=[*["relu"] * (len(weights) - 1), "softmax"],
        loss="categorical_cross_entropy",
        learning_rate=rate,
    )
    assert_same(fit(impl, network, rate=rate), want)


@pytest.mark.claim("A3-073")
@given(seed=seeds())
@example(seed=0)
def test_every_epoch_starts_from_the_inputs(impl, seed):
    # As many classes as features: outputs would pass for inputs without an error.
    network = drawn(seed, square=True)
    x, labels, *_ = network
    whole = fit(impl, network, epochs=4)
    half = fit(impl, network, epochs=2)
    rest = fit(impl, (x, labels, half.weights, half.biases), epochs=2)
    assert_same(rest, whole)
    losses = np.concatenate([half.losses, rest.losses[1:]])
    assert_close(losses, whole.losses, ulps=ULPS, scale=SCALE)


@given(network=seeds().map(drawn), epochs=st.integers(0, 4))
def test_there_is_one_loss_for_each_epoch_and_one_before(impl, network, epochs):
    losses = np.asarray(fit(impl, network, epochs=epochs).losses)
    assert losses.shape == (epochs + 1,)
    assert (losses > 0).all()


@given(network=seeds().map(drawn))
def test_samples_may_stand_in_any_order_and_come_twice(impl, network):
    x, labels, weights, biases = network
    order = np.random.default_rng(len(x)).permutation(2 * len(x))
    doubled = np.tile(x, (2, 1))[order], np.tile(labels, 2)[order]
    one = fit(impl, network, epochs=2)
    other = fit(impl, (*doubled, weights, biases), epochs=2)
    assert_same(other, one)
    assert_close(other.losses, one.losses, ulps=ULPS, scale=SCALE)


@given(network=seeds().map(drawn))
def test_classes_may_change_places(impl, network):
    x, labels, weights, biases = network
    order = np.random.default_rng(len(x)).permutation(len(biases[-1]))
    moved = [*weights[:-1], weights[-1][:, order]], [*biases[:-1], biases[-1][order]]
    one = fit(impl, network, epochs=2)
    other = fit(impl, (x, np.argsort(order)[labels], *moved), epochs=2)
    assert_close(other.losses, one.losses, ulps=ULPS, scale=SCALE)
    assert_close(other.biases[-1], one.biases[-1][order], ulps=ULPS, scale=SCALE)


@given(seed=seeds(), rate=st.sampled_from([0.25, 1.0]))
def test_from_zeros_only_the_last_bias_moves_and_toward_the_shares(impl, seed, rate):
    x, labels, *network = drawn(seed, least=2)
    zeros = [[np.zeros_like(value) for value in values] for values in network]
    classes = len(zeros[1][-1])
    trained = fit(impl, (x, labels, *zeros), rate=rate)
    for value in (*trained.weights, *trained.biases[:-1]):
        assert_equal(value, np.zeros(np.shape(value)))
    shares = np.bincount(labels, minlength=classes) / len(x)
    want = rate * (shares - 1 / classes)
    assert_close(trained.biases[-1], want, ulps=ULPS, scale=rate)


@given(seed=seeds())
@example(seed=0)
def test_a_prediction_is_the_label_of_the_largest_score(impl, seed):
    # Whole numbers, so that every score is exact and a tie is a tie.
    x, _, weights, biases = drawn(seed)
    x, weights, biases = np.rint(x), *map(whole, (weights, biases))
    a = x
    for W, b in zip(weights[:-1], biases[:-1], strict=True):
        a = np.maximum(0, a @ W + b)
    want = np.argmax(a @ weights[-1] + biases[-1], axis=1)
    assert_equal(impl.classifier_predict(x, weights, biases), want)


@given(seed=seeds(), d=st.integers(1, 4))
def test_inputs_already_standardized_leave_a_layer_as_it_is(impl, seed, d):
    weights, biases = start(seed, [d, 3])
    mean, std = np.zeros(d), np.ones(d)
    W, b = impl.fold_standardization(weights[0], biases[0], mean, std)
    assert_equal(W, weights[0])
    assert_equal(b, biases[0])


@pytest.mark.parametrize("scale", [0.1, 2.0])
def test_a_start_is_normal_around_zero(impl, scale):
    """False alarm at most 1e-12; a deviation off by 20 % is found but for 1e-9."""
    drawn_now = impl.classifier_init(
        [100, 300, 3], rng=np.random.default_rng(0), scale=scale
    )
    shapes = [np.shape(value) for part in drawn_now for value in part]
    assert shapes == [(100, 300), (300, 3), (300,), (3,)]
    for values in (drawn_now[0][0], np.concatenate(drawn_now[1])):
        distance = distance_from_normal(values, mean=0.0, std=scale)
        assert distance <= hoeffding(np.size(values))


def test_no_two_layers_start_alike(impl):
    """False alarm 0 up to equal floats among 40 draws."""
    drawn_now = impl.classifier_init([4, 4, 4], rng=np.random.default_rng(1))
    numbers = [np.ravel(value) for part in drawn_now for value in part]
    assert len(np.unique(np.concatenate(numbers))) == 40


def test_a_start_may_be_all_zeros_and_have_a_single_layer(impl):
    weights, biases = impl.classifier_init(
        [4, 3], rng=np.random.default_rng(0), scale=0
    )
    assert_equal(weights[0], np.zeros((4, 3)))
    assert_equal(biases[0], np.zeros(3))


def test_a_start_has_a_tenth_for_its_deviation_unless_told(impl):
    one = impl.classifier_init([2, 3], rng=np.random.default_rng(7))
    other = impl.classifier_init([2, 3], rng=np.random.default_rng(7), scale=0.1)
    assert_equal(one[0][0], other[0][0])
    assert_equal(one[1][0], other[1][0])


def test_the_same_seed_gives_the_same_start(impl):
    one, other = (
        impl.classifier_init(SIZES, rng=np.random.default_rng(7)) for _ in range(2)
    )
    for these, those in zip(one, other, strict=True):
        for value, again in zip(these, those, strict=True):
            assert_equal(value, again)


# ---------------------------------------------------------------------------- irises


def test_there_are_fifty_irises_of_each_species(impl, iris):
    X, y = impl.load_iris_arrays()
    assert X.shape == (150, 4)
    assert_equal(y, np.repeat([0, 1, 2], 50))
    # In tenths of a centimeter all are whole numbers.
    tenths = np.rint(10 * X)
    assert_close(X, tenths / 10)
    assert_equal(tenths.sum(axis=0), np.array([8765, 4586, 5637, 1799]))
    # The two rows that another well-known copy has wrong.
    assert_equal(tenths[[34, 37]], np.array([[49, 31, 15, 2], [49, 36, 14, 1]]))


@pytest.mark.claim("A3-078")
def test_a_fourth_is_held_out_and_nothing_is_in_both_parts(impl, iris):
    whole, train, test = (
        impl.load_iris_arrays(part=part) for part in ("all", "train", "test")
    )
    assert (len(train[0]), len(test[0])) == (112, 38)
    assert_equal(np.bincount(test[1]), np.array([15, 11, 12]))
    rows = [
        sorted(np.column_stack(part).tolist())
        for part in (
            whole,
            [np.concatenate(both) for both in zip(train, test, strict=True)],
        )
    ]
    assert rows[0] == rows[1]


@pytest.mark.claim("A3-078")
def test_the_parts_are_those_of_the_well_known_split(impl, iris):
    from sklearn.model_selection import train_test_split

    X, y = impl.load_iris_arrays()
    split = train_test_split(X, y, test_size=0.25, random_state=42)
    train, test = (impl.load_iris_arrays(part=part) for part in ("train", "test"))
    for got, want in zip((train[0], test[0], train[1], test[1]), split, strict=True):
        assert_equal(got, want)


def answers(network, X):
    return classifier_predict(X, *network[:2])


# Over the seeds below, scores of the untrained network differ by 6e-5 or more, and by
# 0.6 or more after the training on standardized inputs: no rounding turns them around.


@pytest.mark.claim("A3-076")
@pytest.mark.parametrize("seed", range(5))
def test_one_epoch_at_a_thousandth_teaches_nothing(impl, iris, seed):
    X, y, held_out, truth = iris
    before = start(seed)
    after = fit(impl, (X, y, *before), rate=0.001, epochs=1)
    guess = float(evaluate(spec.equal_scores.end, {spec.K: 3}))
    assert np.abs(after.losses - guess).max() < 0.03
    assert 0 < after.losses[0] - after.losses[1] < 1e-4
    said = answers(after, held_out)
    assert_equal(said, answers(before, held_out))
    assert np.mean(said == truth) < 0.4


@pytest.mark.claim("A3-076")
@pytest.mark.parametrize("seed", range(5))
def test_standardized_inputs_and_two_hundred_units_of_rate_do(impl, iris, seed):
    X, y, held_out, truth = iris
    mean, std = X.mean(axis=0), X.std(axis=0)
    network = (X - mean) / std, y, *start(seed)
    trained = fit(impl, network, rate=0.5, epochs=400)
    assert 0.04 < trained.losses[-1] < 0.07
    assert_equal(answers(trained, (held_out - mean) / std), truth)


@pytest.mark.nightly
@pytest.mark.parametrize("seed", range(5))
def test_so_do_two_thousand_epochs_at_a_tenth(impl, iris, seed):
    X, y, held_out, truth = iris
    mean, std = X.mean(axis=0), X.std(axis=0)
    network = (X - mean) / std, y, *start(seed)
    trained = fit(impl, network, rate=0.1, epochs=2000)
    assert 0.046 < trained.losses[-1] < 0.055
    assert_equal(answers(trained, (held_out - mean) / std), truth)


def test_a_folded_network_takes_irises_in_centimeters(impl, iris):
    X, y, held_out, _ = iris
    mean, std = X.mean(axis=0), X.std(axis=0)
    network = (X - mean) / std, y, *start(0)
    weights, biases = map(list, fit(reference, network, epochs=60)[:2])
    want = answers((weights, biases), (held_out - mean) / std)
    weights[0], biases[0] = impl.fold_standardization(weights[0], biases[0], mean, std)
    assert_equal(answers((weights, biases), held_out), want)


# -------------------------------------------------------------- what the articles say


@pytest.mark.claim("A3-052", "A3-077")
def test_labels_can_be_counted_and_scores_cannot(impl, iris):
    from sklearn.metrics import accuracy_score

    X, y, held_out, truth = iris
    weights, biases = fit(reference, (X, y, *start(0)))[:2]
    labels = np.asarray(impl.classifier_predict(held_out, weights, biases))
    assert labels.shape == truth.shape
    assert labels.dtype.kind == "i"
    assert 0 <= accuracy_score(truth, labels) <= 1
    hidden = held_out
    for W, b in zip(weights, biases, strict=True):
        hidden = np.maximum(0, hidden @ W + b)
    shares = reference.softmax(hidden)
    with pytest.raises(ValueError, match="inconsistent numbers of samples"):
        accuracy_score(shares.T, truth)
    with pytest.raises(ValueError, match="continuous-multioutput and multiclass"):
        accuracy_score(shares, truth)


@pytest.mark.claim("A3-073")
def test_what_comes_out_is_no_input_of_the_first_layer(impl):
    weights, biases = start(0)
    x = np.ones((6, 4))
    trained = fit(impl, (x, np.zeros(6, dtype=int), weights, biases), epochs=2)
    assert len(trained.losses) == 3
    out = mlp(x, weights, biases, activations=["relu", "relu", "softmax"])
    with pytest.raises(ValueError, match="mismatch"):
        out @ weights[0]


@pytest.mark.claim("A3-050", "A3-070")
def test_a_method_without_self_cannot_be_called():
    class Layer:
        def forward(x):  # noqa: N805 -- this is the slip
            return x

        def of_nothing(self):
            for factor in (2.0, 3.0):
                a = factor * a  # noqa: F821 -- this is another: read before it is set
            return a

    with pytest.raises(TypeError, match="takes 1 positional argument but 2 were"):
        Layer().forward(1.0)
    with pytest.raises(UnboundLocalError):
        Layer().of_nothing()


@pytest.mark.claim("A3-051")
def test_a_list_as_a_default_is_one_list_for_all():
    class Network:
        def __init__(self, layers=[]):  # noqa: B006 -- this is the slip
            self.layers = layers

    one, other = Network(), Network()
    one.layers.append("a layer")
    assert other.layers == ["a layer"]


@pytest.mark.claim("A3-072")
@given(rows=st.integers(1, 9), columns=st.integers(1, 9))
@example(rows=4, columns=10)
@example(rows=1, columns=3)
def test_a_comma_behind_a_name_takes_an_array_apart(rows, columns):
    gradient = np.ones((rows, columns))
    if rows == 1:  # it runs, and an axis is gone
        (taken,) = gradient
        assert taken.shape == (columns,)
    else:
        with pytest.raises(ValueError, match="too many values to unpack"):
            (taken,) = gradient


@pytest.mark.claim("A3-074", "A3-075", "A3-079")
def test_a_name_that_was_never_set_is_not_found():
    class Softmax:
        def forward(self, x):
            return x

    class Network:
        def train(self, learning_rate=0.001):  # noqa: ARG002 -- this is the slip
            return self.learning_rate

    with pytest.raises(AttributeError, match="learning_rate"):
        Network().train(learning_rate=0.1)
    with pytest.raises(AttributeError, match="backward"):
        Softmax().backward(1.0)
    with pytest.raises(NameError, match="split"):
        eval("split(data)", {"load": np.zeros, "data": np.zeros(3)})


@pytest.mark.claim("A3-080")
@given(seed=seeds(), depth=st.integers(1, 6))
def test_any_depth_and_widths_but_one_number_of_features(impl, seed, depth):
    sizes = np.random.default_rng(seed).integers(1, 6, depth + 1)
    weights, biases = start(seed, sizes)
    x, labels = np.ones((3, sizes[0])), np.zeros(3, dtype=int)
    trained = fit(impl, (x, labels, weights, biases))
    assert len(trained.weights) == depth
    assert len(impl.classifier_predict(x, weights, biases)) == 3
    with pytest.raises(ValueError, match="mismatch"):
        np.ones((3, sizes[0] + 1)) @ weights[0]


# -------------------------------------------------------------------- error contract


@pytest.mark.contract
def test_layers_and_rows_must_fit(impl):
    weights, biases = start(0)
    X, labels = np.ones((2, 4)), [0, 1]
    options = {"learning_rate": 0.1, "epochs": 1}
    with pytest.raises(
        ValueError, match=r"^weights\[0\] must have 5 rows, one a featu"
    ):
        impl.classifier_predict(np.ones((2, 5)), weights, biases)
    with pytest.raises(ValueError, match=r"^weights and biases must be as many .* 3 a"):
        impl.classifier_predict(X, weights, biases[:2])
    with pytest.raises(ValueError, match=r"^weights and biases must be as many .* 0 a"):
        impl.classifier_fit(X, labels, [], [], **options)
    with pytest.raises(ValueError, match=r"^x must have 2 axes, got shape \(4,\)$"):
        impl.classifier_predict(X[0], weights, biases)
    with pytest.raises(ValueError, match=r"^x has no entries along axis 0"):
        impl.classifier_fit(X[:0], np.zeros(0, dtype=int), weights, biases, **options)
    with pytest.raises(ValueError, match=r"^x, weights and biases must lead to scores"):
        impl.classifier_predict(np.full((1, 4), np.nan), weights, biases)


@pytest.mark.contract
def test_labels_are_integers_from_zero_up(impl):
    weights, biases = start(0)
    X, options = np.ones((2, 4)), {"learning_rate": 0.1, "epochs": 1}
    with pytest.raises(TypeError, match=r"^labels must hold integers, got dtype float"):
        impl.classifier_fit(X, [0.0, 1.0], weights, biases, **options)
    with pytest.raises(ValueError, match=r"^labels must have shape \(2,\), one a row"):
        impl.classifier_fit(X, [0, 1, 2], weights, biases, **options)
    for wrong in (3, -1):
        with pytest.raises(
            ValueError, match=rf"^labels must lie in \[0, 3\), got {wrong}"
        ):
            impl.classifier_fit(X, [0, wrong], weights, biases, **options)


@pytest.mark.contract
def test_options_of_a_classifier_are_named(impl):
    weights, biases = start(0)
    X, labels, rng = np.ones((2, 4)), [0, 1], np.random.default_rng(0)
    with pytest.raises(ValueError, match=r"^learning_rate must be at least 0, got -1"):
        fit(impl, (X, labels, weights, biases), rate=-1.0, epochs=0)
    with pytest.raises(ValueError, match=r"^epochs must be at least 0, got -1$"):
        fit(impl, (X, labels, weights, biases), epochs=-1)
    with pytest.raises(TypeError, match=r"^rng must be a numpy\.random\.Generator"):
        impl.classifier_init(SIZES, rng=0)
    with pytest.raises(ValueError, match=r"^scale must be at least 0, got -0\.1$"):
        impl.classifier_init(SIZES, rng=rng, scale=-0.1)
    with pytest.raises(TypeError, match=r"^sizes must be a list or tuple of integers"):
        impl.classifier_init(4, rng=rng)
    with pytest.raises(
        ValueError, match=r"^sizes must name the inputs and at least on"
    ):
        impl.classifier_init([4], rng=rng)
    with pytest.raises(ValueError, match=r"^sizes\[1\] must be at least 1, got 0$"):
        impl.classifier_init([4, 0], rng=rng)
    with pytest.raises(ValueError, match=r"^part must be one of .*; got 'validation'$"):
        impl.load_iris_arrays(part="validation")


@pytest.mark.contract
def test_what_is_folded_must_fit(impl):
    W, ones = np.ones((2, 3)), np.ones(2)
    with pytest.raises(ValueError, match=r"^std must be positive, got 0\.0$"):
        impl.fold_standardization(W, np.zeros(3), ones, [1.0, 0.0])
    with pytest.raises(ValueError, match=r"^mean must have shape \(2,\), got \(3,\)$"):
        impl.fold_standardization(W, np.zeros(3), np.ones(3), ones)
    with pytest.raises(ValueError, match=r"^bias must have shape \(3,\), one a column"):
        impl.fold_standardization(W, np.zeros(2), ones, ones)
    with pytest.raises(
        ValueError, match=r"^weights must have 2 axes, got shape \(2,\)"
    ):
        impl.fold_standardization(ones, np.zeros(3), ones, ones)


@pytest.mark.contract
def test_without_the_data_it_says_where_to_get_them(impl, monkeypatch):
    monkeypatch.setitem(sys.modules, "sklearn.datasets", None)
    with pytest.raises(ImportError, match=r"pip install lemmata\[datasets\]$"):
        impl.load_iris_arrays()


@pytest.mark.contract
@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
def test_dtype_of_a_classifier_is_kept(impl, dtype):
    x, labels, *network = drawn(0)
    weights, biases = ([v.astype(dtype) for v in part] for part in network)
    trained = fit(impl, (x.astype(dtype), labels, weights, biases), epochs=2)
    ones = np.ones(len(weights[0]), dtype)
    folded = impl.fold_standardization(weights[0], biases[0], ones, ones)
    results = [*trained.weights, *trained.biases, trained.losses, *folded]
    assert {result.dtype for result in results} == {np.dtype(dtype)}
    mixed = impl.fold_standardization(weights[0], biases[0], ones, np.ones(len(ones)))
    assert {result.dtype for result in mixed} == {np.dtype(np.float64)}


@pytest.mark.contract
def test_nothing_that_a_classifier_was_given_changes(impl):
    x, labels, weights, biases = drawn(0)
    given_to_it = [x, labels, *weights, *biases]
    kept = [part.copy() for part in given_to_it]
    fit(impl, (x, labels, weights, biases), epochs=2)
    none = fit(impl, (x, labels, weights, biases), epochs=0)
    for part, copy in zip(given_to_it, kept, strict=True):
        assert_equal(part, copy)
    for value, old in zip((*none.weights, *none.biases), kept[2:], strict=True):
        assert_equal(value, old)
        assert not any(np.shares_memory(value, part) for part in given_to_it)


@pytest.mark.contract
def test_every_caller_gets_irises_of_their_own(impl, iris):
    X, y = impl.load_iris_arrays()
    X[:] = 0
    y[:] = 7
    again = impl.load_iris_arrays()
    assert again[0].min() > 0
    assert_equal(np.unique(again[1]), np.arange(3))

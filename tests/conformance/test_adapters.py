"""adapters: what they share, with a library of ten lines in place of a large one."""

import importlib
import inspect

import numpy as np
import pytest

import reference
from reference.conformance.adapters._library import Library, affine, floats, reduced
from reference.conformance.adapters._optimizers import Optimizers
from reference.conformance.compare import assert_close, assert_equal
from reference.conformance.optimizers import walk
from reference.conformance.samples import sample
from reference.conformance.target import ADAPTERS

STEP = 1e-30


def value(function, *arrays):
    return np.asarray(function(*map(floats, arrays)))


def pullback(function, cotangent, *arrays, constants=()):
    """Differentiate by steps along the imaginary axis: nothing cancels."""
    arrays = [floats(array) for array in arrays]
    constants = [floats(array) for array in constants]
    gradients = [np.zeros(array.shape) for array in arrays]
    for number, gradient in enumerate(gradients):
        for index in np.ndindex(gradient.shape):
            moved = [array.astype(complex) for array in arrays]
            moved[number][index] += STEP * 1j
            slope = function(*moved, *constants).imag / STEP
            weights = np.ones(slope.shape) if cotangent is None else cotangent
            gradient[index] = np.sum(weights * slope)
    return tuple(gradients)


SMALL = Library(value, pullback)

ACTIVATIONS = {
    "identity": lambda z: z,
    "sigmoid": lambda z: 1 / (1 + np.exp(-z)),
    "tanh": np.tanh,
    "softmax": lambda z: np.exp(z) / np.exp(z).sum(axis=-1, keepdims=True),
}


def softmax(z, axis):
    return np.exp(z) / np.exp(z).sum(axis=axis, keepdims=True)


def squares(predictions, targets, reduction):
    return reduced((predictions - targets) ** 2, reduction)


def flat(result):
    """Return the arrays in a result, one after the other."""
    if isinstance(result, tuple):
        return [array for part in result for array in flat(part)]
    return [np.asarray(result)]


def agrees(name, function, **options):
    """Compare with the reference on its sample; sums of ten terms near 1."""
    arguments, own = sample(name)
    got = flat(function(*arguments, **own, **options))
    want = flat(getattr(reference, name)(*arguments, **own, **options))
    assert len(got) == len(want)
    for one, other in zip(got, want, strict=True):
        assert_close(one, other, scale=1.0)


def test_functions_without_options():
    agrees("tanh", SMALL.of(np.tanh))
    agrees("tanh_derivative", SMALL.slope(np.tanh))
    agrees("dense", SMALL.of(affine))
    agrees("dense_vjp", SMALL.vjp(affine))


@pytest.mark.parametrize("axis", [-1, 0])
def test_functions_along_an_axis(axis):
    agrees("softmax", SMALL.along(softmax), axis=axis)
    agrees("softmax_vjp", SMALL.vjp_along(softmax), axis=axis)


@pytest.mark.parametrize("alpha", [1.0, 0.25])
def test_an_activation_with_a_scale(alpha):
    elu, derivative = SMALL.elu(
        lambda x, a: np.where(x.real > 0, x, a * (np.exp(x) - 1))
    )
    agrees("elu", elu, alpha=alpha)
    agrees("elu_derivative", derivative, alpha=alpha)


@pytest.mark.parametrize("slope", [0.01, 0.25])
def test_an_activation_with_a_slope(slope):
    leaky, derivative = SMALL.leaky_relu(lambda x, s: np.where(x.real > 0, x, s * x))
    agrees("leaky_relu", leaky, negative_slope=slope)
    agrees("leaky_relu_derivative", derivative, negative_slope=slope)


@pytest.mark.parametrize("reduction", ["mean", "sum", "none"])
def test_losses_are_reduced_and_so_are_their_gradients(reduction):
    loss, gradient = SMALL.loss(squares)
    agrees("mse_loss", loss, reduction=reduction)
    agrees("mse_loss_grad", gradient, reduction=reduction)


def test_a_loss_may_have_one_reduction():
    loss, gradient = SMALL.mean_loss(lambda p, t: squares(p, t, "mean"))
    agrees("mse_loss", loss)
    agrees("mse_loss_grad", gradient)


def test_a_neuron_and_a_network():
    neuron, vjp = SMALL.neuron(ACTIVATIONS)
    agrees("neuron", neuron)
    agrees("neuron_vjp", vjp)
    agrees("mlp", SMALL.network(ACTIVATIONS))


def test_the_gradients_of_a_network():
    losses = {
        "categorical_cross_entropy": lambda scores, output, targets: (
            -np.sum(targets * np.log(output)) / len(targets) + 0 * scores.sum()
        )
    }
    agrees("mlp_grads", SMALL.network_grads(ACTIVATIONS, losses))


def test_a_library_may_bring_its_own_dense_layer():
    thrice = Library(value, pullback, lambda x, W, b: 3 * affine(x, W, b))
    arguments, options = sample("mlp")
    got = thrice.network(ACTIVATIONS)(*arguments, **options)
    x, (W, V), (b, c) = arguments
    hidden = np.tanh(3 * (x @ W + b))
    assert_equal(got, ACTIVATIONS["softmax"](3 * (hidden @ V + c)))


def test_integers_become_floats_and_nothing_is_shared():
    assert floats([1, 2]).dtype == np.float64
    assert floats([True]).dtype == np.float64
    array = np.ones(2, np.float16)
    assert floats(array).dtype == np.float16
    assert not np.shares_memory(floats(array), array)


# ------------------------------------------------------------------------- optimizers


def begun(rule, params):
    return getattr(reference, f"{rule[0]}_init")(params)


def stepped(rule, params, grad, state):
    name, settings = rule
    return getattr(reference, f"{name}_step")(params, grad, state, **settings)


def settings_of(step):
    """Return the settings of a step, with their defaults, in order."""
    parameters = inspect.signature(step).parameters.values()
    return {p.name: p.default for p in parameters if p.kind is p.KEYWORD_ONLY}


@pytest.mark.parametrize(
    ("name", "method"),
    [
        ("sgd", "sgd"),
        ("momentum", "momentum"),
        ("nesterov", "momentum"),
        ("adagrad", "adagrad"),
        ("rmsprop", "rmsprop"),
        ("adam", "adam"),
        ("adamw", "adamw"),
    ],
)
def test_a_rule_gets_the_settings_of_the_contract_in_order(name, method):
    own = getattr(reference, f"{name}_init"), getattr(reference, f"{name}_step")
    names = list(settings_of(own[1]))

    def rule(*values):
        return name, dict(zip(names, values, strict=True))

    init, step = getattr(Optimizers(begun, stepped), method)(rule)
    assert settings_of(step) == settings_of(own[1])
    options = {"learning_rate": 0.25} | {n: 0.5**k for k, n in enumerate(names, 3)}
    gradients = [np.array([1.0, -3.0]), np.array([0.5, 2.0])]
    for chosen in ({"learning_rate": 0.25}, options):
        got = walk(init, step, np.ones(2), gradients, **chosen)
        assert_equal(got, walk(*own, np.ones(2), gradients, **chosen))


# --------------------------------------------------------------------- real libraries

DRAWN = {"dropout", "he_normal", "he_uniform", "xavier_normal", "xavier_uniform"}
# Keras divides probabilities by their sum, and differentiates that too.
ELSEWHERE = {"keras": {"categorical_cross_entropy_grad"}}


def results(target, name):
    """Return what a function of a module, or the first step of an optimizer, gives."""
    arguments, options = sample(name)
    init = getattr(target, f"{name.removesuffix('_step')}_init", None)
    if init is None:
        return flat(getattr(target, name)(*arguments, **options))
    params, grad, _ = arguments
    new, _ = getattr(target, name)(params, grad, init(params), **options)
    return [np.asarray(new)]


@pytest.mark.libraries
@pytest.mark.parametrize(
    "library", sorted({"keras", "mygrad", "optax", "tinygrad"} & {*ADAPTERS})
)
def test_every_function_of_a_library_agrees_on_its_sample(library):
    module = importlib.import_module(f"reference.conformance.adapters.{library}")
    names = {n for n in module.__all__ if n in reference.__all__ and "_init" not in n}
    assert len(names) > 15
    for name in sorted(names - DRAWN - ELSEWHERE.get(library, set())):
        got, want = results(module, name), results(reference, name)
        assert len(got) == len(want)
        for one, other in zip(got, want, strict=True):
            assert one.shape == other.shape, name
            wide = one.astype(np.float64)
            assert_close(wide, other, scale=1.0, condition=1e9, why=f"{name}: 7 digits")

"""The overview of activations: its columns say what is known of each function."""

import inspect

import numpy as np
import pytest

import reference
from docs._extension import book
from docs._extension.activations import (
    ACTIVATIONS,
    compiled,
    lowest,
    slopes,
    smoothness,
    steepest,
    symmetry,
    value_range,
)

BY_NAME = {activation.name: activation for activation in ACTIVATIONS}

# Range, steepest slope, symmetry, order of the derivative that jumps.
KNOWN = {
    "linear": (r"(-\infty, \infty)", 1.0, "odd", None),
    "binary_step": (r"\{0, 1\}", np.inf, "about $(0, 0.5)$", 0),
    "sigmoid": ("(0, 1)", 0.25, "about $(0, 0.5)$", None),
    "tanh": ("(-1, 1)", 1.0, "odd", None),
    "relu": (r"[0, \infty)", 1.0, r"$0.5\,x$ + even", 1),
    "leaky_relu": (r"(-\infty, \infty)", 1.0, r"$0.505\,x$ + even", 1),
    "softplus": (r"(0, \infty)", 1.0, r"$0.5\,x$ + even", None),
    "elu": (r"(-1, \infty)", 1.0, "none", 2),
    "silu": (r"[-0.278, \infty)", 1.0998, r"$0.5\,x$ + even", None),
    "gelu": (r"[-0.17, \infty)", 1.1289, r"$0.5\,x$ + even", None),
}


@pytest.mark.parametrize("name", BY_NAME)
def test_computed_properties_are_the_known_ones(name):
    activation = BY_NAME[name]
    span, slope, mirror, order = KNOWN[name]
    assert value_range(activation) == span
    assert steepest(activation) == pytest.approx(slope, rel=1e-4)
    assert symmetry(activation) == mirror
    assert smoothness(activation) == order


@pytest.mark.parametrize("name", BY_NAME)
def test_definition_and_implementation_agree(name):
    activation, x = BY_NAME[name], np.array([-3.0, -0.5, 0.25, 2.0])
    formulas = [compiled(half) for half in activation.halves]
    defined = [formulas[int(entry > 0)](entry) for entry in x]
    assert np.asarray(activation.function(x)) == pytest.approx(defined, rel=1e-13)


@pytest.mark.parametrize("name", BY_NAME)
def test_slope_and_implemented_derivative_agree(name):
    implemented = {"softplus": "sigmoid"}.get(name, f"{name}_derivative")
    x = np.array([-3.0, -0.5, 0.25, 2.0])
    formulas = [compiled(half) for half in slopes(BY_NAME[name])]
    slope = [formulas[int(entry > 0)](entry) for entry in x]
    if implemented in reference.__all__:
        assert np.asarray(getattr(reference, implemented)(x)) == pytest.approx(slope)
    else:  # no function of its own, because there is one slope only
        assert name in {"linear", "binary_step"}
        assert len(set(slope)) == 1


def test_every_page_on_a_function_of_one_number_has_a_row():
    pages = {page.name for page in book.concepts() if page.chapter == "activations"}
    assert {activation.page for activation in ACTIVATIONS} == (
        pages - {"activations/softmax"}
    )


def test_the_gain_knows_every_row():
    for activation in ACTIVATIONS:
        options = inspect.signature(activation.function).parameters
        assert next(iter(options)) == "x"
        z = (np.arange(-40000, 40000) + 0.5) / 4000
        density = np.exp(-(z**2) / 2) / np.sqrt(2 * np.pi)
        summed = np.sum(np.asarray(activation.function(z)) ** 2 * density) / 4000
        gain = reference.second_moment_gain(activation.name)
        assert gain == pytest.approx(summed, rel=1e-6)


def test_a_minimum_between_the_points_of_a_grid_is_found():
    assert lowest(lambda x: (x - 0.123456789) ** 2 - 5, -15, 15) == pytest.approx(-5)

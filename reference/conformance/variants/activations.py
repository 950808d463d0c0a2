"""GELU, softplus, hard sigmoid, leaky ReLU, ELU and SELU: what their names mean."""

import math
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from reference.conformance.variants import Family, Probe, Variant
from reference.conformance.variants._calls import call, quiet

__all__ = ["FAMILIES"]

Array = NDArray[Any]

_TORCH = "https://docs.pytorch.org/docs/stable/generated/torch.nn.functional."
_GELU = 'D. Hendrycks and K. Gimpel, "Gaussian Error Linear Units (GELUs)" (2016)'
_ARXIV = "https://arxiv.org/abs/"

_erf = np.vectorize(math.erf, otypes=[float])


def _points(name: str, *points: float, **more: Any) -> Probe:
    sentence = ", ".join(f"{x:g}" for x in points)
    if options := more.get("options"):
        sentence += "".join(f", {key} {value:g}" for key, value in options.items())
    return Probe(name, sentence, (np.array(points),), **more)


def _gelu(x: Array) -> Array:
    return np.asarray(x / 2 * (1 + _erf(x / math.sqrt(2))))


def _gelu_tanh(x: Array) -> Array:
    inner = math.sqrt(2 / math.pi) * (x + 0.044715 * x**3)
    return np.asarray(x / 2 * (1 + np.tanh(inner)))


def _gelu_sigmoid(x: Array) -> Array:
    return np.asarray(x / (1 + np.exp(-1.702 * x)))


def _softplus(x: Array) -> Array:
    return np.asarray(np.maximum(x, 0) + np.log1p(np.exp(-np.abs(x))))


def _softplus_cut(x: Array) -> Array:
    return np.where(x > 20, x, _softplus(x))


@quiet
def _softplus_printed(x: Array) -> Array:
    return np.asarray(np.log(1 + np.exp(x)))


def _ramp(x: Array, *, slope: float) -> Array:
    return np.clip(slope * x + 0.5, 0.0, 1.0)


def _leaky(x: Array, *, slope: float) -> Array:
    return np.where(x < 0, slope * x, x)


def _elu(x: Array, *, alpha: float = 1.0) -> Array:
    return np.where(x > 0, x, alpha * np.expm1(np.minimum(x, 0)))


def _celu(x: Array, *, alpha: float = 1.0) -> Array:
    return np.where(x > 0, x, alpha * np.expm1(np.minimum(x, 0) / alpha))


def _selu(x: Array, *, alpha: float, scale: float) -> Array:
    return scale * _elu(x, alpha=alpha)


FAMILIES = (
    Family(
        "gelu",
        ("gelu",),
        "GELU",
        (
            Variant(
                "erf",
                f"{_GELU}, section 2; torch.nn.functional.gelu",
                f"{_ARXIV}1606.08415",
                _gelu,
                "x times the normal distribution function, exactly",
            ),
            Variant(
                "tanh",
                f"{_GELU}, section 2; jax.nn.gelu and the first GPT models",
                "https://github.com/jax-ml/jax/issues/4428",
                _gelu_tanh,
                "an approximation by tanh of a cubic, off by less than 0.0005",
            ),
            Variant(
                "sigmoid",
                f"{_GELU}, section 2; known as quick GELU",
                "https://github.com/pytorch/pytorch/issues/39853",
                _gelu_sigmoid,
                "an approximation by x times the sigmoid of 1.702 x",
            ),
        ),
        (_points("left", -2.0), _points("around", -1.0, -0.5, 0.5, 1.0, 3.0)),
        call,
    ),
    Family(
        "softplus",
        ("softplus",),
        "Softplus",
        (
            Variant(
                "no threshold",
                "jax.nn.softplus: logaddexp of x and 0",
                "https://docs.jax.dev/en/latest/_autosummary/jax.nn.softplus.html",
                _softplus,
                "log(1 + exp(x)), as exactly as the format can hold it",
            ),
            Variant(
                "threshold 20",
                "torch.nn.functional.softplus, whose threshold is 20",
                f"{_TORCH}softplus.html",
                _softplus_cut,
                "x itself as soon as x > 20: exact in float32, but not in float64",
            ),
            Variant(
                "as printed",
                "the formula, typed as it stands in documentation",
                "https://docs.pytorch.org/docs/stable/generated/"
                "torch.nn.modules.activation.Softplus.html",
                _softplus_printed,
                "log(1 + exp(x)) overflows to infinity where exp does",
            ),
        ),
        (
            _points("behind 20", 20.5),
            _points("large", 1000.0),
            _points("around", -2.0, 0.0, 3.0, 19.5),
        ),
        call,
    ),
    Family(
        "hard_sigmoid",
        ("hard_sigmoid",),
        "Hard sigmoid",
        (
            Variant(
                "slope 1/6",
                "torch.nn.functional.hardsigmoid, Keras 3, JAX: relu6(x + 3) / 6",
                f"{_TORCH}hardsigmoid.html",
                partial(_ramp, slope=1 / 6),
                "straight from -3 to 3",
            ),
            Variant(
                "slope 0.2",
                "ONNX, Theano, and Keras before 3",
                "https://onnx.ai/onnx/operators/onnx__HardSigmoid.html",
                partial(_ramp, slope=0.2),
                "straight from -2.5 to 2.5",
            ),
            Variant(
                "slope 1/2",
                "M. Courbariaux, Y. Bengio and J.-P. David, BinaryConnect (2015)",
                f"{_ARXIV}1511.00363",
                partial(_ramp, slope=0.5),
                "straight from -1 to 1",
            ),
        ),
        (_points("one", 1.0), _points("around", -2.75, -1.5, -0.5, 0.0, 2.0, 4.0)),
        call,
    ),
    Family(
        "leaky_relu",
        ("leaky_relu",),
        "Leaky ReLU",
        tuple(
            Variant(
                f"slope {slope:g}",
                follows,
                link,
                partial(_leaky, slope=slope),
                f"{slope:g} x left of 0, when no slope is given",
            )
            for slope, follows, link in (
                (
                    0.01,
                    "torch.nn.functional.leaky_relu and JAX",
                    f"{_TORCH}leaky_relu.html",
                ),
                (
                    0.2,
                    "keras.activations.leaky_relu and tf.nn.leaky_relu",
                    "https://www.tensorflow.org/api_docs/python/tf/nn/leaky_relu",
                ),
                (
                    0.3,
                    "keras.layers.LeakyReLU",
                    "https://keras.io/api/layers/activation_layers/leaky_relu/",
                ),
            )
        ),
        (_points("minus one", -1.0), _points("around", -3.0, 0.5, 2.0)),
        call,
    ),
    Family(
        "elu",
        ("elu",),
        "ELU",
        (
            Variant(
                "exp(x)",
                "D.-A. Clevert, T. Unterthiner and S. Hochreiter, Fast and Accurate "
                "Deep Network Learning by Exponential Linear Units (2015)",
                f"{_ARXIV}1511.07289",
                _elu,
                "alpha (exp(x) - 1) left of 0: with a kink there unless alpha is 1",
            ),
            Variant(
                "exp(x / alpha)",
                "J. T. Barron, Continuously Differentiable Exponential Linear Units "
                "(2017), known as CELU",
                f"{_ARXIV}1704.07483",
                _celu,
                "alpha (exp(x / alpha) - 1) left of 0: smooth for every alpha",
            ),
        ),
        (
            _points("minus one", -1.0, options={"alpha": 2.0}),
            _points("around", -4.0, 0.5, 2.0, options={"alpha": 0.5}),
        ),
        call,
        fixed={"alpha": (1.0,)},
    ),
    Family(
        "selu",
        ("selu",),
        "SELU",
        (
            Variant(
                "with all digits",
                "G. Klambauer, T. Unterthiner, A. Mayr and S. Hochreiter, "
                "Self-Normalizing Neural Networks (2017); PyTorch, JAX and Keras",
                f"{_ARXIV}1706.02515",
                partial(_selu, alpha=1.6732632423543772, scale=1.0507009873554805),
                "mean 0 and variance 1 stay to the last digit",
            ),
            Variant(
                "with four decimals",
                "the same article, as its text prints them: 1.6733 and 1.0507",
                f"{_ARXIV}1706.02515",
                partial(_selu, alpha=1.6733, scale=1.0507),
                "mean 0 and variance 1 stay to four decimals",
            ),
        ),
        (_points("minus one", -1.0), _points("around", -3.0, 0.5, 2.0)),
        call,
    ),
)

"""What a gradient checker can be asked: functions of the contract and their gradients.

A problem is a function of arrays, its pullback, and inputs at which to compare them.
Each pair of the contract gives problems of several sizes and options, the smallest
first. Where the contract has no function for a gradient but a formula in its own
functions, as for the logarithm of the softmax, the formula is used.
"""

# The file is longer than most: a few lines a function, for every pair there is.

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise, product
from typing import Any, NamedTuple

import numpy as np

__all__ = ["PAIRS", "Draw", "Pair", "Problem"]

Function = Callable[..., Any]

# One, few and many entries, rows, columns; as many rows as columns, and not.
SHAPES = ((1,), (5,), (4, 4), (20, 3), (3, 20))
ROWS = ((3,), (1, 3), (4, 4), (20, 3), (3, 20))
BATCHES = ROWS[1:]


class Problem(NamedTuple):
    """A function, its pullback (cotangent first), and its inputs."""

    forward: Function
    backward: Function
    inputs: tuple[Any, ...]


class Draw:
    """Random inputs: normals of one scale, numbers in (0, 1), rows that sum to 1."""

    def __init__(self, scale: float = 1.0, seed: int = 0) -> None:
        self.rng, self.scale = np.random.default_rng(seed), scale

    def __call__(self, *shape: int) -> Any:
        """Draw normals."""
        return self.scale * self.rng.standard_normal(shape)

    def shares(self, *shape: int) -> Any:
        """Draw numbers in (0, 1): the sigmoid of normals."""
        return 1 / (1 + np.exp(-self.rng.standard_normal(shape)))

    def rows(self, *shape: int) -> Any:
        """Draw distributions: the softmax of normals."""
        weights = np.exp(self.rng.standard_normal(shape))
        return weights / weights.sum(axis=-1, keepdims=True)

    def layers(self, *sizes: int) -> tuple[list[Any], list[Any]]:
        """Draw weights, their variance one over the fan-in, and biases."""
        steps = list(pairwise(sizes))
        weights = [self(d, k) / np.sqrt(d) for d, k in steps]
        return weights, [self(k) for _, k in steps]


Problems = Callable[[Any, Draw], Iterator[Problem]]


@dataclass(frozen=True)
class Pair:
    """A function and its gradient.

    Attributes
    ----------
    function, gradient : str
        Their names in the contract; `gradient` is empty where a formula stands in.
    problems : callable
        Yields the problems, given the functions by name and a source of inputs.
    uses : tuple of str
        Other functions of the contract that take part.
    inputs : callable, optional
        Given the arguments of `gradient`, those it differentiates by, in the form of
        its result. None if `gradient` returns no gradient: it makes a step.
    """

    function: str
    gradient: str
    problems: Problems
    uses: tuple[str, ...] = ()
    inputs: Function | None = None

    @property
    def name(self) -> str:
        """What the page calls it."""
        return f"{self.function}, {self.gradient}" if self.gradient else self.function

    @property
    def functions(self) -> set[str]:
        """All functions of the contract that take part."""
        return {self.function, self.gradient, *self.uses} - {""}


def _elementwise(function: str, slope: str, *options: dict[str, Any]) -> Pair:
    def problems(of: Any, draw: Draw) -> Iterator[Problem]:
        f, df = getattr(of, function), getattr(of, slope)
        for shape in SHAPES:
            for chosen in options or ({},):
                yield Problem(
                    lambda x, o=chosen: f(x, **o),
                    lambda g, x, o=chosen: (g * df(x, **o),),
                    (draw(*shape),),
                )

    return Pair(function, slope, problems, inputs=lambda x: x)


def _log_sigmoid(of: Any, draw: Draw) -> Iterator[Problem]:
    for shape in SHAPES:
        x = draw(*shape)
        yield Problem(of.log_sigmoid, lambda g, x: (g * of.sigmoid(-x),), (x,))


def _logit(of: Any, draw: Draw) -> Iterator[Problem]:
    for shape in SHAPES:
        p = draw.shares(*shape)
        yield Problem(
            of.logit, lambda g, p: (g / of.sigmoid_derivative(of.logit(p)),), (p,)
        )


def _prelu(of: Any, draw: Draw) -> Iterator[Problem]:
    for shape, slopes in (
        ((5,), ()),
        ((4, 4), (4,)),
        ((20, 3), (3,)),
        ((3, 20), (20,)),
    ):
        yield Problem(of.prelu, of.prelu_vjp, (draw(*shape), draw(*slopes)))


def _softmax(of: Any, draw: Draw) -> Iterator[Problem]:
    for shape in ROWS:
        for axis in range(-len(shape), 0):
            yield Problem(
                lambda x, a=axis: of.softmax(x, axis=a),
                lambda g, x, a=axis: (of.softmax_vjp(g, x, axis=a),),
                (draw(*shape),),
            )


def _jacobian(of: Any, draw: Draw) -> Iterator[Problem]:
    def backward(g: Any, x: Any) -> tuple[Any, ...]:
        return (np.einsum("...i,...il->...l", g, of.softmax_jacobian(x)),)

    for shape in ROWS:
        yield Problem(of.softmax, backward, (draw(*shape),))


def _logsumexp(of: Any, draw: Draw) -> Iterator[Problem]:
    for shape in ROWS:
        yield Problem(
            of.logsumexp, lambda g, x: (g[..., None] * of.softmax(x),), (draw(*shape),)
        )


def _log_softmax(of: Any, draw: Draw) -> Iterator[Problem]:
    def backward(g: Any, x: Any) -> tuple[Any, ...]:
        return (g - of.softmax(x) * g.sum(axis=-1, keepdims=True),)

    for shape in ROWS:
        yield Problem(of.log_softmax, backward, (draw(*shape),))


def _loss(name: str, first: str, second: str, shapes: Any = SHAPES) -> Pair:
    """Pair a loss with its gradient; arguments are drawn by these methods of `Draw`."""

    def problems(of: Any, draw: Draw) -> Iterator[Problem]:
        loss, grad = getattr(of, name), getattr(of, f"{name}_grad")
        for shape in shapes:
            a, t = getattr(draw, first)(*shape), getattr(draw, second)(*shape)
            for r in ("mean", "sum"):
                yield Problem(
                    lambda a, t=t, r=r: loss(a, t, reduction=r),
                    lambda g, a, t=t, r=r: (g * grad(a, t, reduction=r),),
                    (a,),
                )

    return Pair(name, f"{name}_grad", problems, inputs=lambda a, _: a)


def _cross_entropy(of: Any, draw: Draw) -> Iterator[Problem]:
    """Through the softmax: rows that are moved a little must still sum to 1."""
    for shape in ROWS:
        t = draw.rows(*shape)
        for r in ("mean", "sum"):

            def forward(z: Any, t: Any = t, r: str = r) -> Any:
                return of.categorical_cross_entropy(of.softmax(z), t, reduction=r)

            def backward(g: Any, z: Any, t: Any = t, r: str = r) -> tuple[Any, ...]:
                p = of.softmax(z)
                grad = of.categorical_cross_entropy_grad(p, t, reduction=r)
                return (of.softmax_vjp(g * grad, z),)

            yield Problem(forward, backward, (draw(*shape),))


def _sparse(of: Any, draw: Draw) -> Iterator[Problem]:
    for n, k in BATCHES:
        labels = draw.rng.integers(k, size=n)
        one_hot = np.eye(k)[labels]

        def forward(z: Any, labels: Any = labels) -> Any:
            return of.sparse_categorical_cross_entropy(of.softmax(z), labels)

        def backward(g: Any, z: Any, t: Any = one_hot) -> tuple[Any, ...]:
            return (g * of.softmax_cross_entropy_grad(z, t),)

        yield Problem(forward, backward, (draw(n, k),))


def _canonical(of: Any, draw: Draw) -> Iterator[Problem]:
    for n, k in BATCHES:
        targets = {
            "identity": draw(n, k),
            "sigmoid": draw.shares(n, k),
            "softmax": draw.rows(n, k),
        }
        for link, t in targets.items():

            def forward(z: Any, t: Any = t, link: str = link) -> Any:
                return np.mean(of.log_partition(z, link=link) - (t * z).sum(axis=-1))

            def backward(
                g: Any, z: Any, t: Any = t, link: str = link
            ) -> tuple[Any, ...]:
                return (g * of.canonical_loss_grad(z, t, link=link),)

            yield Problem(forward, backward, (draw(n, k),))


def _dense(of: Any, draw: Draw) -> Iterator[Problem]:
    for n, d, k in ((1, 3, 2), (4, 4, 4), (20, 3, 2), (3, 2, 20)):
        arrays = draw(n, d), draw(d, k), draw(k)
        yield Problem(of.dense, of.dense_vjp, arrays)


def _neuron(of: Any, draw: Draw) -> Iterator[Problem]:
    for n, d in ((1, 3), (4, 4), (20, 3), (3, 20)):
        for name in ("identity", "sigmoid", "tanh", "relu"):
            yield Problem(
                lambda *a, s=name: of.neuron(*a, activation=s),
                lambda g, *a, s=name: of.neuron_vjp(g, *a, activation=s),
                (draw(n, d), draw(d), draw()),
            )


# Networks: sizes of layers, activations, the loss of the output.
NETWORKS = (
    ((3, 2), ("sigmoid",), "mse"),
    ((3, 4, 2), ("tanh", "identity"), "mse"),
    ((3, 4, 2), ("relu", "sigmoid"), "binary_cross_entropy"),
    ((4, 4, 4), ("sigmoid", "softmax"), "categorical_cross_entropy"),
    ((4, 4, 4, 4), ("tanh", "relu", "softmax"), "mse"),
    ((3, 4, 5, 4, 3, 2), ("tanh", "sigmoid", "relu", "tanh", "identity"), "mse"),
    ((20, 3, 20), ("relu", "softmax"), "categorical_cross_entropy"),
)
OF_LOSS = {
    "mse": ("mse_loss", "__call__"),
    "binary_cross_entropy": ("binary_cross_entropy", "shares"),
    "categorical_cross_entropy": ("categorical_cross_entropy", "rows"),
}


def _networks(
    of: Any, draw: Draw, gradients: Callable[..., tuple[Any, ...]]
) -> Iterator[Problem]:
    """Yield the loss of a network as a function of its input, weights and biases."""
    for n, (sizes, activations, loss) in product((1, 20), NETWORKS):
        name, targets = OF_LOSS[loss]
        t = getattr(draw, targets)(n, sizes[-1])
        weights, biases = draw.layers(*sizes)
        options = {"activations": activations, "loss": loss}

        def forward(
            x: Any, *parameters: Any, n: str = name, t: Any = t, o: Any = options
        ) -> Any:
            output = of.mlp(x, *_halves(parameters), activations=o["activations"])
            return getattr(of, n)(output, t)

        def backward(
            g: Any, x: Any, *parameters: Any, t: Any = t, o: Any = options
        ) -> tuple[Any, ...]:
            found = gradients(x, t, *_halves(parameters), **o)
            return tuple(g * part for part in found)

        yield Problem(forward, backward, (draw(n, sizes[0]), *weights, *biases))


def _halves(arrays: tuple[Any, ...]) -> tuple[list[Any], list[Any]]:
    half = len(arrays) // 2
    return list(arrays[:half]), list(arrays[half:])


def _mlp(of: Any, draw: Draw) -> Iterator[Problem]:
    def gradients(*arrays: Any, **options: Any) -> tuple[Any, ...]:
        of_weights, of_biases, of_x = of.mlp_grads(*arrays, **options)
        return of_x, *of_weights, *of_biases

    return _networks(of, draw, gradients)


def _step(of: Any, draw: Draw) -> Iterator[Problem]:
    """Take the gradient out of a step with a learning rate of 1."""

    def gradients(
        x: Any, t: Any, weights: Any, biases: Any, **options: Any
    ) -> tuple[Any, ...]:
        new = of.mlp_step(x, t, weights, biases, learning_rate=1.0, **options)
        return tuple(
            old - moved
            for olds, moves in zip((weights, biases), new, strict=True)
            for old, moved in zip(olds, moves, strict=True)
        )

    for problem in _networks(of, draw, gradients):
        x, *parameters = problem.inputs
        yield Problem(
            lambda *a, f=problem.forward, x=x: f(x, *a),
            lambda g, *a, b=problem.backward, x=x: b(g, x, *a),
            tuple(parameters),
        )


def _classifier(of: Any, draw: Draw) -> Iterator[Problem]:
    """Take the gradient out of the first epoch, with a rate of 1."""
    for n, sizes in ((1, (3, 2)), (4, (4, 4, 4)), (20, (20, 3, 20))):
        x, weights, biases = draw(n, sizes[0]), *draw.layers(*sizes)
        labels = draw.rng.integers(sizes[-1], size=n)

        def fit(*parameters: Any, x: Any = x, labels: Any = labels) -> Any:
            halves = _halves(parameters)
            return of.classifier_fit(x, labels, *halves, learning_rate=1.0, epochs=1)

        def backward(g: Any, *old: Any, fit: Function = fit) -> tuple[Any, ...]:
            new = fit(*old)
            moved = (*new.weights, *new.biases)
            return tuple(g * (a - b) for a, b in zip(old, moved, strict=True))

        yield Problem(
            lambda *a, fit=fit: fit(*a).losses[0], backward, (*weights, *biases)
        )


def _three_four_one(of: Any, draw: Draw, gradients: Function) -> Iterator[Problem]:
    for n, d, h in ((1, 3, 4), (4, 4, 4), (20, 3, 20), (3, 20, 3)):
        X, y, matrices = draw(n, d), draw.shares(n), draw.layers(d, h, 1)[0]

        def forward(*m: Any, X: Any = X, y: Any = y) -> Any:
            return ((of.three_four_one_predict(list(m), X) - y) ** 2).sum() / 2

        def backward(g: Any, *m: Any, X: Any = X, y: Any = y) -> tuple[Any, ...]:
            return tuple(g * part for part in gradients(list(m), X, y))

        yield Problem(forward, backward, tuple(matrices))


def _three_four_one_grad(of: Any, draw: Draw) -> Iterator[Problem]:
    return _three_four_one(of, draw, of.three_four_one_grad)


def _three_four_one_fit(of: Any, draw: Draw) -> Iterator[Problem]:
    def gradients(old: Any, X: Any, y: Any) -> tuple[Any, ...]:
        new = of.three_four_one_fit(old, X, y, learning_rate=1.0, iterations=1)
        return tuple(a - b for a, b in zip(old, new.weights, strict=True))

    return _three_four_one(of, draw, gradients)


def _sqrt_mean(of: Any, draw: Draw) -> Iterator[Problem]:
    for n, d, hidden in ((1, 3, None), (1, 4, 3), (6, 4, 4), (20, 20, 3)):
        network = of.sqrt_mean_init(d, hidden=hidden, rng=draw.rng)
        X, y = draw(n, d), draw.shares(n)

        def rebuilt(a: Any, made: Any = network) -> Any:
            return type(made)(*map(tuple, _halves(a)))

        def forward(*a: Any, X: Any = X, y: Any = y, r: Function = rebuilt) -> Any:
            return of.mse_loss(of.sqrt_mean_predict(r(a), X), y)

        def backward(
            g: Any, *a: Any, X: Any = X, y: Any = y, r: Function = rebuilt
        ) -> tuple[Any, ...]:
            weights, biases = of.sqrt_mean_grad(r(a), X, y)
            return tuple(g * part for part in (*weights, *biases))

        yield Problem(forward, backward, (*network.weights, *network.biases))


def _dropout(of: Any, draw: Draw) -> Iterator[Problem]:
    for n in (1, 5, 20):
        x, t = draw(n), draw()
        for p in (0.5, 0.1):
            yield Problem(
                lambda w, x=x, t=t, p=p: of.dropout_expected_loss(w, x, t, p=p),
                lambda g, w, x=x, t=t, p=p: (
                    g * of.dropout_expected_grad(w, x, t, p=p),
                ),
                (draw(n),),
            )


def _chain(of: Any, draw: Draw) -> Iterator[Problem]:
    for length in (1, 3, 20):
        w, b = draw(length), draw(length)

        def scores(x: Any, w: Any = w, b: Any = b) -> Any:
            values = [x]
            for weight, bias in zip(w, b, strict=True):
                z = weight * (of.sigmoid(values[-1]) if values[1:] else x) + bias
                values.append(z)
            return np.array(values[1:])

        yield Problem(
            lambda x, scores=scores: of.sigmoid(scores(x)[-1]),
            lambda g, x, w=w, scores=scores: (g * of.chain_gradient(w, scores(x)),),
            (draw(),),
        )


PAIRS = (
    _elementwise("sigmoid", "sigmoid_derivative"),
    _elementwise("tanh", "tanh_derivative"),
    _elementwise("relu", "relu_derivative"),
    _elementwise("leaky_relu", "leaky_relu_derivative", {}, {"negative_slope": 0.3}),
    _elementwise("elu", "elu_derivative", {}, {"alpha": 2.0}),
    _elementwise("gelu", "gelu_derivative"),
    _elementwise("silu", "silu_derivative"),
    _elementwise("softplus", "sigmoid"),
    Pair("log_sigmoid", "", _log_sigmoid, ("sigmoid",)),
    Pair("logit", "", _logit, ("sigmoid_derivative",)),
    Pair("prelu", "prelu_vjp", _prelu, inputs=lambda _, *arrays: arrays),
    Pair("softmax", "softmax_vjp", _softmax, inputs=lambda _, x: x),
    Pair("softmax", "softmax_jacobian", _jacobian, inputs=lambda x: x[..., None, :]),
    Pair("logsumexp", "softmax", _logsumexp, inputs=lambda x: x),
    Pair("log_softmax", "", _log_softmax, ("softmax",)),
    _loss("mse_loss", "__call__", "__call__"),
    _loss("binary_cross_entropy", "shares", "shares"),
    _loss("binary_cross_entropy_with_logits", "__call__", "shares"),
    _loss("softmax_cross_entropy", "__call__", "rows", ROWS),
    Pair(
        "categorical_cross_entropy",
        "categorical_cross_entropy_grad",
        _cross_entropy,
        ("softmax", "softmax_vjp"),
        inputs=lambda p, _: p,
    ),
    Pair(
        "sparse_categorical_cross_entropy",
        "",
        _sparse,
        ("softmax", "softmax_cross_entropy_grad"),
    ),
    Pair(
        "log_partition",
        "canonical_loss_grad",
        _canonical,
        inputs=lambda scores, _: scores,
    ),
    Pair("dense", "dense_vjp", _dense, inputs=lambda _, *arrays: arrays),
    Pair("neuron", "neuron_vjp", _neuron, inputs=lambda _, *arrays: arrays),
    Pair("mlp", "mlp_grads", _mlp, inputs=lambda x, _, W, b: (tuple(W), tuple(b), x)),
    Pair("mlp", "mlp_step", _step),
    Pair("", "chain_gradient", _chain, ("sigmoid",)),
    Pair(
        "dropout_expected_loss",
        "dropout_expected_grad",
        _dropout,
        inputs=lambda w, *_: w,
    ),
    Pair("classifier_fit", "", _classifier),
    Pair(
        "three_four_one_predict",
        "three_four_one_grad",
        _three_four_one_grad,
        inputs=lambda matrices, *_: tuple(matrices),
    ),
    Pair("three_four_one_predict", "three_four_one_fit", _three_four_one_fit),
    Pair(
        "sqrt_mean_predict",
        "sqrt_mean_grad",
        _sqrt_mean,
        ("mse_loss",),
        inputs=lambda network, *_: network,
    ),
)

"""One ordinary call of every function of the contract.

With these a target's capabilities are probed, and inputs are bent out of shape.
"""

from collections.abc import Callable
from typing import Any

import numpy as np

import reference

__all__ = ["SAMPLES", "sample"]

Sample = tuple[tuple[Any, ...], dict[str, Any]]


def _x() -> Any:
    return np.array([[-1.5, 0.25, 2.0], [0.5, -0.75, 1.0]])


def _p() -> Any:
    return np.array([[0.25, 0.5, 0.25], [0.125, 0.125, 0.75]])


def _y() -> Any:
    return np.array([[0.0, 1.0, 0.0], [0.5, 0.25, 0.25]])


def _rng() -> np.random.Generator:
    return np.random.default_rng(1)


def _network() -> Any:
    return reference.sqrt_mean_init(3, rng=_rng())


def _fit() -> Sample:
    options = {"validation": (_x(), np.array([0.5, 0.75])), "learning_rate": 0.1}
    return (_network(), _x(), np.array([0.25, 0.5])), {**options, "epochs": 2}


def _matrices() -> Any:
    """Return the weights of a network from three inputs over two units to one."""
    return [_x().T, _p()[:, :1]]


def _layers() -> Any:
    """Weights and biases of a network from three inputs over two units to three."""
    return [_x().T, _x()], [_p()[0, :2], _p()[1]]


SAMPLES: dict[str, Callable[[], Sample]] = {
    "adagrad_init": lambda: ((_x(),), {}),
    "adagrad_step": lambda: ((_x(), _y(), reference.adagrad_init(_x())), {}),
    "adam_init": lambda: ((_x(),), {}),
    "adam_step": lambda: ((_x(), _y(), reference.adam_init(_x())), {}),
    "adamw_init": lambda: ((_x(),), {}),
    "adamw_step": lambda: ((_x(), _y(), reference.adamw_init(_x())), {}),
    "augment": lambda: ((_x(),), {}),
    "binary_cross_entropy": lambda: ((_p(), _y()), {}),
    "binary_cross_entropy_grad": lambda: ((_p(), _y()), {}),
    "binary_cross_entropy_with_logits": lambda: ((_x(), _y()), {}),
    "binary_cross_entropy_with_logits_grad": lambda: ((_x(), _y()), {}),
    "binary_step": lambda: ((_x(),), {}),
    "canonical_loss_grad": lambda: ((_x(), _y()), {"link": "softmax"}),
    "categorical_cross_entropy": lambda: ((_p(), _y()), {}),
    "categorical_cross_entropy_grad": lambda: ((_p(), _y()), {}),
    "chain_gradient": lambda: ((_x()[0], _x()[1]), {}),
    "classifier_fit": lambda: (
        (_x(), np.array([2, 0]), *_layers()),
        {"learning_rate": 0.1, "epochs": 2},
    ),
    "classifier_init": lambda: (([3, 2, 4],), {"rng": _rng()}),
    "classifier_predict": lambda: ((_x(), *_layers()), {}),
    "collapse_linear": lambda: (([_x().T, _x()], [_x()[0, :2], _x()[1]]), {}),
    "cosine_distance": lambda: ((_x(), _y()), {}),
    "cosine_similarity": lambda: ((_x(), _y()), {}),
    "dense": lambda: ((_x(), _x().T, _p()[0, :2]), {}),
    "dense_vjp": lambda: ((_x() @ _x().T, _x(), _x().T, _p()[0, :2]), {}),
    "dropout": lambda: ((_x(),), {"p": 0.5, "rng": _rng()}),
    "dropout_expected_grad": lambda: ((_x()[0], _x()[1], np.array(0.5)), {"p": 0.5}),
    "dropout_expected_loss": lambda: ((_x()[0], _x()[1], np.array(0.5)), {"p": 0.5}),
    "dropout_mask": lambda: (((2, 3),), {"p": 0.5, "rng": _rng()}),
    "elu": lambda: ((_x(),), {}),
    "elu_derivative": lambda: ((_x(),), {}),
    "fold_standardization": lambda: ((_x().T, _p()[0, :2], _x()[0], _p()[0]), {}),
    "gaussian_dropout": lambda: ((_x(),), {"p": 0.5, "rng": _rng()}),
    "gelu": lambda: ((_x(),), {}),
    "gelu_derivative": lambda: ((_x(),), {}),
    "gelu_tanh": lambda: ((_x(),), {}),
    "he_normal": lambda: ((3, 2), {"rng": _rng()}),
    "he_uniform": lambda: ((3, 2), {"rng": _rng()}),
    "he_variance": lambda: ((3,), {}),
    "heavy_ball_params": lambda: ((0.5, 2.0), {}),
    "identity": lambda: ((_x(),), {}),
    "leaky_relu": lambda: ((_x(),), {}),
    "leaky_relu_derivative": lambda: ((_x(),), {}),
    "linear": lambda: ((_x(),), {}),
    "lipschitz_bound": lambda: (([_x(), _x().T],), {"activation": "tanh"}),
    "load_iris_arrays": lambda: ((), {"part": "test"}),
    "log_partition": lambda: ((_x(),), {"link": "softmax"}),
    "log_sigmoid": lambda: ((_x(),), {}),
    "log_softmax": lambda: ((_x(),), {}),
    "logit": lambda: ((_p(),), {}),
    "logsumexp": lambda: ((_x(),), {}),
    "mlp": lambda: ((_x(), *_layers()), {"activations": ["tanh", "softmax"]}),
    "mlp_grads": lambda: (
        (_x(), _y(), *_layers()),
        {"activations": ["tanh", "softmax"], "loss": "categorical_cross_entropy"},
    ),
    "mlp_step": lambda: (
        (_x(), _y(), *_layers()),
        {
            "activations": ["tanh", "softmax"],
            "loss": "categorical_cross_entropy",
            "learning_rate": 0.1,
        },
    ),
    "momentum_init": lambda: ((_x(),), {}),
    "momentum_step": lambda: (
        (_x(), _y(), reference.momentum_init(_x())),
        {"learning_rate": 0.1},
    ),
    "mse_loss": lambda: ((_x(), _y()), {}),
    "mse_loss_grad": lambda: ((_x(), _y()), {}),
    "nesterov_init": lambda: ((_x(),), {}),
    "nesterov_step": lambda: (
        (_x(), _y(), reference.nesterov_init(_x())),
        {"learning_rate": 0.1},
    ),
    "neuron": lambda: ((_x(), _x()[0], np.array(0.5)), {"activation": "tanh"}),
    "neuron_vjp": lambda: (
        (_p()[:, 0], _x(), _x()[0], np.array(0.5)),
        {"activation": "tanh"},
    ),
    "parameter_count": lambda: (([3, 2, 4],), {}),
    "perceptron_fit": lambda: ((_x(), np.array([1, -1])), {"max_epochs": 9}),
    "predict_labels": lambda: ((_x(),), {}),
    "prelu": lambda: ((_x(), np.array([0.25, 0.5, -1.0])), {}),
    "prelu_vjp": lambda: ((_y(), _x(), np.array([0.25, 0.5, -1.0])), {}),
    "relu": lambda: ((_x(),), {}),
    "relu_derivative": lambda: ((_x(),), {}),
    "relu_interpolant": lambda: ((np.array([0.0, 1.0, 3.0]), _x()[0]), {}),
    "rmsprop_init": lambda: ((_x(),), {}),
    "rmsprop_step": lambda: ((_x(), _y(), reference.rmsprop_init(_x())), {}),
    "rrelu": lambda: ((_x(),), {"rng": _rng()}),
    "second_moment_gain": lambda: (("relu",), {}),
    "sgd_init": lambda: ((_x(),), {}),
    "sgd_step": lambda: (
        (_x(), _y(), reference.sgd_init(_x())),
        {"learning_rate": 0.1},
    ),
    "sigmoid": lambda: ((_x(),), {}),
    "sigmoid_derivative": lambda: ((_x(),), {}),
    "silu": lambda: ((_x(),), {}),
    "silu_derivative": lambda: ((_x(),), {}),
    "softmax": lambda: ((_x(),), {}),
    "softmax_cross_entropy": lambda: ((_x(), _y()), {}),
    "softmax_cross_entropy_grad": lambda: ((_x(), _y()), {}),
    "softmax_jacobian": lambda: ((_x(),), {}),
    "softmax_vjp": lambda: ((_x(), _p()), {}),
    "softplus": lambda: ((_x(),), {}),
    "sparse_categorical_cross_entropy": lambda: ((_p(), np.array([1, 2])), {}),
    "spectral_norm": lambda: ((_x(),), {}),
    "sqrt_mean_data": lambda: ((4, 3), {"rng": _rng()}),
    "sqrt_mean_fit": _fit,
    "sqrt_mean_grad": lambda: ((_network(), _x(), np.array([0.25, 0.5])), {}),
    "sqrt_mean_init": lambda: ((3,), {"rng": _rng()}),
    "sqrt_mean_predict": lambda: ((_network(), _x()), {}),
    "tanh": lambda: ((_x(),), {}),
    "tanh_derivative": lambda: ((_x(),), {}),
    "tent": lambda: ((_p(),), {"depth": 2}),
    "three_four_one_data": lambda: (("xor",), {}),
    "three_four_one_fit": lambda: (
        (_matrices(), _x(), np.array([0.25, 0.5])),
        {"learning_rate": 0.5, "iterations": 2},
    ),
    "three_four_one_grad": lambda: ((_matrices(), _x(), np.array([0.25, 0.5])), {}),
    "three_four_one_init": lambda: ((), {"rng": _rng()}),
    "three_four_one_predict": lambda: ((_matrices(), _x()), {}),
    "vanishing_bound": lambda: ((_x()[0],), {}),
    "xavier_normal": lambda: ((3, 2), {"rng": _rng()}),
    "xavier_uniform": lambda: ((3, 2), {"rng": _rng()}),
    "xavier_variance": lambda: ((3, 2), {}),
    "xor_net": lambda: ((_x()[:, :2],), {}),
}


def sample(name: str, dtype: Any = np.float64) -> Sample:
    """Return fresh arguments and options, floating arrays in ``dtype``."""
    arguments, options = SAMPLES[name]()
    return tuple(_cast(value, dtype) for value in arguments), options


def _cast(value: Any, dtype: Any) -> Any:
    if isinstance(value, list):
        return [_cast(item, dtype) for item in value]
    floating = isinstance(value, np.ndarray) and value.dtype.kind == "f"
    return value.astype(dtype) if floating else value

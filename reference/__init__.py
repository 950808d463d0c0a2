"""Lemmata's reference implementations: one flat namespace of plain functions.

Arrays in, arrays out; samples are rows. Every function has a page in the book, a
machine-checked derivation, and laws that any other implementation can be checked by.
"""

from reference.activations.binary_step import (
    binary_step,
)
from reference.activations.elu import (
    elu,
    elu_derivative,
)
from reference.activations.gelu import (
    gelu,
    gelu_derivative,
    gelu_tanh,
)
from reference.activations.identity import (
    identity,
    linear,
)
from reference.activations.leaky_relu import (
    leaky_relu,
    leaky_relu_derivative,
    prelu,
    prelu_vjp,
    rrelu,
)
from reference.activations.relu import (
    relu,
    relu_derivative,
)
from reference.activations.sigmoid import (
    log_sigmoid,
    logit,
    sigmoid,
    sigmoid_derivative,
)
from reference.activations.silu import (
    silu,
    silu_derivative,
)
from reference.activations.softmax import (
    log_softmax,
    logsumexp,
    softmax,
    softmax_jacobian,
    softmax_vjp,
)
from reference.activations.softplus import (
    softplus,
)
from reference.activations.tanh import (
    tanh,
    tanh_derivative,
)
from reference.backpropagation.dense_backward import (
    dense_vjp,
)
from reference.backpropagation.descent import (
    mlp_step,
)
from reference.backpropagation.recursion import (
    mlp_grads,
)
from reference.backpropagation.single_neuron import (
    neuron_vjp,
)
from reference.gradient_flow.exploding import (
    lipschitz_bound,
    spectral_norm,
)
from reference.gradient_flow.vanishing import (
    chain_gradient,
    vanishing_bound,
)
from reference.initialization.he import (
    he_normal,
    he_uniform,
    he_variance,
)
from reference.initialization.variance_propagation import (
    second_moment_gain,
)
from reference.initialization.xavier import (
    xavier_normal,
    xavier_uniform,
    xavier_variance,
)
from reference.layers.dense import (
    dense,
    parameter_count,
)
from reference.layers.depth_separation import (
    tent,
)
from reference.layers.linear_collapse import (
    collapse_linear,
)
from reference.layers.mlp import (
    mlp,
)
from reference.layers.neuron import (
    augment,
    neuron,
)
from reference.layers.perceptron import (
    perceptron_fit,
)
from reference.layers.prediction import (
    predict_labels,
)
from reference.layers.universal_approximation import (
    relu_interpolant,
)
from reference.layers.xor import (
    xor_net,
)
from reference.losses.binary_cross_entropy import (
    binary_cross_entropy,
    binary_cross_entropy_grad,
    binary_cross_entropy_with_logits,
    binary_cross_entropy_with_logits_grad,
)
from reference.losses.canonical_link import (
    canonical_loss_grad,
    log_partition,
)
from reference.losses.cosine import (
    cosine_distance,
    cosine_similarity,
)
from reference.losses.cross_entropy import (
    categorical_cross_entropy,
    categorical_cross_entropy_grad,
    softmax_cross_entropy,
    softmax_cross_entropy_grad,
    sparse_categorical_cross_entropy,
)
from reference.losses.mean_squared_error import (
    mse_loss,
    mse_loss_grad,
)
from reference.networks.iris import (
    classifier_fit,
    classifier_init,
    classifier_predict,
    fold_standardization,
    load_iris_arrays,
)
from reference.networks.sqrt_mean import (
    sqrt_mean_data,
    sqrt_mean_fit,
    sqrt_mean_grad,
    sqrt_mean_init,
    sqrt_mean_predict,
)
from reference.networks.three_four_one import (
    three_four_one_data,
    three_four_one_fit,
    three_four_one_grad,
    three_four_one_init,
    three_four_one_predict,
)
from reference.optimizers.adagrad import (
    adagrad_init,
    adagrad_step,
)
from reference.optimizers.adam import adam_init, adam_step
from reference.optimizers.adamw import adamw_init, adamw_step
from reference.optimizers.momentum import (
    heavy_ball_params,
    momentum_init,
    momentum_step,
    sgd_init,
    sgd_step,
)
from reference.optimizers.nesterov import (
    nesterov_init,
    nesterov_step,
)
from reference.optimizers.rmsprop import rmsprop_init, rmsprop_step
from reference.regularization.dropout import (
    dropout,
    dropout_expected_grad,
    dropout_expected_loss,
    dropout_mask,
    gaussian_dropout,
)

__version__ = "0.1.0"

__all__ = [
    "adagrad_init",
    "adagrad_step",
    "adam_init",
    "adam_step",
    "adamw_init",
    "adamw_step",
    "augment",
    "binary_cross_entropy",
    "binary_cross_entropy_grad",
    "binary_cross_entropy_with_logits",
    "binary_cross_entropy_with_logits_grad",
    "binary_step",
    "canonical_loss_grad",
    "categorical_cross_entropy",
    "categorical_cross_entropy_grad",
    "chain_gradient",
    "classifier_fit",
    "classifier_init",
    "classifier_predict",
    "collapse_linear",
    "cosine_distance",
    "cosine_similarity",
    "dense",
    "dense_vjp",
    "dropout",
    "dropout_expected_grad",
    "dropout_expected_loss",
    "dropout_mask",
    "elu",
    "elu_derivative",
    "fold_standardization",
    "gaussian_dropout",
    "gelu",
    "gelu_derivative",
    "gelu_tanh",
    "he_normal",
    "he_uniform",
    "he_variance",
    "heavy_ball_params",
    "identity",
    "leaky_relu",
    "leaky_relu_derivative",
    "linear",
    "lipschitz_bound",
    "load_iris_arrays",
    "log_partition",
    "log_sigmoid",
    "log_softmax",
    "logit",
    "logsumexp",
    "mlp",
    "mlp_grads",
    "mlp_step",
    "momentum_init",
    "momentum_step",
    "mse_loss",
    "mse_loss_grad",
    "nesterov_init",
    "nesterov_step",
    "neuron",
    "neuron_vjp",
    "parameter_count",
    "perceptron_fit",
    "predict_labels",
    "prelu",
    "prelu_vjp",
    "relu",
    "relu_derivative",
    "relu_interpolant",
    "rmsprop_init",
    "rmsprop_step",
    "rrelu",
    "second_moment_gain",
    "sgd_init",
    "sgd_step",
    "sigmoid",
    "sigmoid_derivative",
    "silu",
    "silu_derivative",
    "softmax",
    "softmax_cross_entropy",
    "softmax_cross_entropy_grad",
    "softmax_jacobian",
    "softmax_vjp",
    "softplus",
    "sparse_categorical_cross_entropy",
    "spectral_norm",
    "sqrt_mean_data",
    "sqrt_mean_fit",
    "sqrt_mean_grad",
    "sqrt_mean_init",
    "sqrt_mean_predict",
    "tanh",
    "tanh_derivative",
    "tent",
    "three_four_one_data",
    "three_four_one_fit",
    "three_four_one_grad",
    "three_four_one_init",
    "three_four_one_predict",
    "vanishing_bound",
    "xavier_normal",
    "xavier_uniform",
    "xavier_variance",
    "xor_net",
]

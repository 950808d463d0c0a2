"""The biases are added up without passing through the later layers."""

import numpy as np

from reference.layers.linear_collapse import AffineLayer


def collapse_linear(weights, biases, /):
    W = np.asarray(weights[0])
    for A in weights[1:]:
        W = W @ A
    return AffineLayer(W, W.sum(axis=0) * 0 + sum(np.sum(b) for b in biases))

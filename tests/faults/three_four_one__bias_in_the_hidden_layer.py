"""The hidden layer has a bias of one, which the network is not to have."""

import numpy as np

from reference import sigmoid

__all__ = ["three_four_one_predict"]


def three_four_one_predict(weights, X, /):
    hidden = sigmoid(np.asarray(X) @ weights[0] + 1.0)
    return sigmoid(hidden @ weights[1])[:, 0]

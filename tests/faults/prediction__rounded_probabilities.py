"""The label is that of the sigmoids: scores far from zero become ties."""

import numpy as np

from reference import sigmoid


def predict_labels(scores, /):
    return np.argmax(sigmoid(scores), axis=-1)

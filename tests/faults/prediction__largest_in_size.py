"""The label is that of the score that is largest in size, whatever its sign."""

import numpy as np


def predict_labels(scores, /):
    return np.argmax(np.abs(scores), axis=-1)

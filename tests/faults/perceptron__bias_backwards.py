"""The bias learns in the wrong direction: a threshold is moved where a bias stands."""

import numpy as np

from reference.layers.perceptron import PerceptronFit


def perceptron_fit(X, y, /, *, max_epochs):
    X, y = np.asarray(X, dtype=np.float64), np.asarray(y)
    w, b, mistakes = np.zeros(X.shape[1]), 0.0, []
    for _ in range(min(max_epochs, 1000)):
        before = len(mistakes)
        for row, (x, label) in enumerate(zip(X, y, strict=True)):
            if label * (w @ x + b) <= 0:
                w, b = w + label * x, b - label
                mistakes.append(row)
        if len(mistakes) == before:
            break
    rows = np.array(mistakes, dtype=int)
    return PerceptronFit(w, np.float64(b), rows, len(mistakes) == before)

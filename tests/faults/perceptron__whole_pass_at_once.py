"""All mistakes of a pass are found with the weights from its start."""

import numpy as np

from reference.layers.perceptron import PerceptronFit


def perceptron_fit(X, y, /, *, max_epochs):
    X, y = np.asarray(X, dtype=np.float64), np.asarray(y)
    w, b, mistakes = np.zeros(X.shape[1]), 0.0, []
    for _ in range(max_epochs):
        rows = np.flatnonzero(y * (X @ w + b) <= 0)
        mistakes.extend(rows)
        if not len(rows):
            break
        w, b = w + y[rows] @ X[rows], b + y[rows].sum()
    return PerceptronFit(w, np.float64(b), np.array(mistakes, dtype=int), not len(rows))

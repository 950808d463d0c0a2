"""The bias is never learned: every line goes through the origin."""

import numpy as np

from reference.layers.perceptron import PerceptronFit


def perceptron_fit(X, y, /, *, max_epochs):
    X, y = np.asarray(X, dtype=np.float64), np.asarray(y)
    w, mistakes = np.zeros(X.shape[1]), []
    for _ in range(min(max_epochs, 1000)):
        before = len(mistakes)
        for row, (x, label) in enumerate(zip(X, y, strict=True)):
            if label * (w @ x) <= 0:
                w = w + label * x
                mistakes.append(row)
        if len(mistakes) == before:
            break
    rows = np.array(mistakes, dtype=int)
    return PerceptronFit(w, np.float64(0), rows, len(mistakes) == before)

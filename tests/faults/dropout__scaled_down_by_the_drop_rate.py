"""In use the sum is scaled by the rate of dropping and not by that of keeping."""

import numpy as np


def dropout_expected_loss(weights, x, target, /, *, p):
    w, x = np.asarray(weights, dtype=float), np.asarray(x, dtype=float)
    ridge = p * (1 - p) * np.sum((w * x) ** 2)
    return ((target - p * np.sum(w * x)) ** 2 + ridge) / 2

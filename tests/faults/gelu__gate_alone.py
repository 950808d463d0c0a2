"""The gate is returned, and not the argument times the gate."""

import numpy as np


def gelu_tanh(x, /):
    x = np.asarray(x)
    return 0.5 * (1 + np.tanh(np.sqrt(2 / np.pi) * (x + 0.044715 * x**3)))

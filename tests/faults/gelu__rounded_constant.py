"""The constant 0.044715 is rounded to 0.045: off by less than a thousandth."""

import numpy as np


def gelu_tanh(x, /):
    x = np.asarray(x)
    near = np.clip(x, -40, 40)
    return x / 2 * (1 + np.tanh(np.sqrt(2 / np.pi) * (near + 0.045 * near**3)))

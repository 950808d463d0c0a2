"""log(1 + e^x) is computed as printed: infinite above 709, 0 below -37."""

import numpy as np


def softplus(x, /):
    with np.errstate(over="ignore"):
        return np.log(1 + np.exp(np.asarray(x)))

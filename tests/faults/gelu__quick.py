"""x sigmoid(1.702 x) is returned under the name of the function itself."""

import numpy as np

from reference import sigmoid


def gelu(x, /):
    x = np.asarray(x)
    return x * sigmoid(1.702 * x)

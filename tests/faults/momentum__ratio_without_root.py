"""The best pair is computed from the curvatures instead of their roots."""

import numpy as np


def heavy_ball_params(smallest, largest, /):
    rate = (largest - smallest) / (largest + smallest)
    return float(4 / (largest + smallest)), float(rate**2), float(np.float64(rate))

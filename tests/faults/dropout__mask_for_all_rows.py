"""One mask is drawn for a row and used for the whole batch."""

import numpy as np


def dropout_mask(shape, /, *, p, rng):
    shape = (shape,) if isinstance(shape, int) else tuple(shape)
    return np.broadcast_to(rng.random(shape[-1:]) >= p, shape).copy()

"""The outer product is added to the diagonal instead of subtracted."""

import numpy as np

from reference import softmax


def softmax_jacobian(x, /):
    p = softmax(x)
    outer = p[..., :, np.newaxis] * p[..., np.newaxis, :]
    return p[..., np.newaxis] * np.eye(p.shape[-1]) + outer

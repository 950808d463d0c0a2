"""Each length is at least 1e-8, as in some libraries: small vectors lose direction."""

import numpy as np


def cosine_similarity(a, b, /, *, axis=-1):
    a, b = np.asarray(a), np.asarray(b)
    lengths = np.sqrt((a * a).sum(axis)), np.sqrt((b * b).sum(axis))
    return (
        (a * b).sum(axis) / np.maximum(lengths[0], 1e-8) / np.maximum(lengths[1], 1e-8)
    )

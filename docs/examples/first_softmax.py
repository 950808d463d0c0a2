"""The softmax as one types it first.

lemmata check docs/examples/first_softmax.py
"""

# Nobody annotates a first module.
# ruff: noqa: ANN001, ANN201

import numpy as np


def softmax(x):
    """Turn scores into probabilities."""
    e = np.exp(x)
    return e / np.sum(e)

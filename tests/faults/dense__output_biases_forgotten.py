"""The biases of the last layer are not counted."""

from itertools import pairwise


def parameter_count(sizes, /, *, bias=True):
    weights = sum(a * b for a, b in pairwise(sizes))
    return weights + (sum(sizes[1:-1]) if bias else 0)

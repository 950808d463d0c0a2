"""Keeps all it has ever computed."""

import numpy as np

KEPT = []


def sigmoid(x, **options):
    while True:
        KEPT.append(np.ones(10**6))


def tanh(x, **options):
    return 2 * x

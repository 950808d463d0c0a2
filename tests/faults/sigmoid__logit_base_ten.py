"""The log-odds are taken with base 10."""

import numpy as np

from reference import logit as right


def logit(p, /):
    return right(p) / np.log(10)

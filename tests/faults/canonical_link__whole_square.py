"""The log-partition function of the identity lacks its factor one half."""

import numpy as np

from reference import log_partition as right


def log_partition(scores, /, *, link):
    value = right(scores, link=link)
    return 2 * np.asarray(value) if link == "identity" else value

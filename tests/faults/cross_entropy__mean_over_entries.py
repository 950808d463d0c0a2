"""The mean runs over all entries instead of over rows: too small by the class count."""

import numpy as np

from reference import softmax_cross_entropy as right


def softmax_cross_entropy(logits, targets, /, *, reduction="mean"):
    loss = right(logits, targets, reduction=reduction)
    return loss / np.shape(logits)[-1] if reduction == "mean" else loss

"""The gradient is not divided by the number of rows."""

from reference import categorical_cross_entropy_grad as right


def categorical_cross_entropy_grad(probabilities, targets, /, *, reduction="mean"):
    return right(probabilities, targets, reduction="none")

"""The slope of the sigmoid is multiplied in, as for the squared error of a sigmoid."""

from reference import canonical_loss_grad as right
from reference import sigmoid_derivative


def canonical_loss_grad(scores, targets, /, *, link, reduction="mean"):
    grad = right(scores, targets, link=link, reduction=reduction)
    return grad * sigmoid_derivative(scores) if link == "sigmoid" else grad

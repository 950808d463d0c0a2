"""Half the squared error, with half the gradient: both wrong by one factor."""

from reference import mse_loss as right
from reference import mse_loss_grad as right_grad


def mse_loss(predictions, targets, /, *, reduction="mean"):
    return right(predictions, targets, reduction=reduction) / 2


def mse_loss_grad(predictions, targets, /, *, reduction="mean"):
    return right_grad(predictions, targets, reduction=reduction) / 2

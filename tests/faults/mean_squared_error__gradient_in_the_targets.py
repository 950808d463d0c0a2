"""The gradient is taken with respect to the targets: its sign is wrong."""

from reference import mse_loss_grad as right


def mse_loss_grad(predictions, targets, /, *, reduction="mean"):
    return right(targets, predictions, reduction=reduction)

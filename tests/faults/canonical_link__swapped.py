"""Truth minus prediction: the direction of descent is returned as the gradient."""

from reference import canonical_loss_grad as right


def canonical_loss_grad(scores, targets, /, *, link, reduction="mean"):
    return -right(scores, targets, link=link, reduction=reduction)

"""The update goes along the gradient: the error is taken as prediction minus target."""

from reference import three_four_one_data, three_four_one_predict
from reference import three_four_one_fit as right

__all__ = ["three_four_one_data", "three_four_one_fit", "three_four_one_predict"]


def three_four_one_fit(weights, X, y, /, **options):
    fit = right(weights, X, y, **options)
    climbed = [2 * old - new for old, new in zip(weights, fit.weights, strict=True)]
    return fit._replace(weights=tuple(climbed))

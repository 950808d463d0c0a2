"""The hidden layer's error goes back through the second matrix after its update."""

import numpy as np

from reference import three_four_one_data, three_four_one_predict
from reference import three_four_one_grad as gradient

__all__ = ["three_four_one_data", "three_four_one_fit", "three_four_one_predict"]


def three_four_one_fit(weights, X, y, /, *, learning_rate, iterations):
    first, second = weights
    losses = [np.sum((three_four_one_predict(weights, X) - y) ** 2) / 2]
    for _ in range(iterations):
        of_first, of_second = gradient((first, second), X, y)
        updated = second - learning_rate * of_second
        first = first - learning_rate * of_first * (updated / second).T
        second = updated
        misses = three_four_one_predict((first, second), X) - y
        losses.append(np.sum(misses**2) / 2)
    return Fit((first, second), np.array(losses))


class Fit(tuple):
    __slots__ = ()

    def __new__(cls, weights, losses):
        return super().__new__(cls, (weights, losses))

    weights = property(lambda self: self[0])
    losses = property(lambda self: self[1])

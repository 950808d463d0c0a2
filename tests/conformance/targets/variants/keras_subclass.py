"""A class of Keras' optimizers, written by a user: eps outside the root."""

import os

os.environ["KERAS_BACKEND"] = "torch"

from keras import ops, optimizers


class MyAdagrad(optimizers.Optimizer):
    """Starts at 0, and adds eps to the root."""

    def __init__(self, learning_rate=0.01, epsilon=1e-7, name="mine"):
        super().__init__(learning_rate=learning_rate, name=name)
        self.epsilon = epsilon

    def build(self, variables):
        """Make the sums."""
        super().build(variables)
        self.sums = [self.add_variable_from_reference(v, name="sum") for v in variables]

    def update_step(self, gradient, variable, learning_rate):
        """Move one parameter."""
        total = self.sums[self._get_variable_index(variable)]
        self.assign_add(total, ops.square(gradient))
        size = ops.sqrt(total) + self.epsilon
        self.assign_sub(variable, learning_rate * gradient / size)

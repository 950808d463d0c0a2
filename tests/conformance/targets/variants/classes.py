"""Optimizers as classes: some return the parameters, some change them."""

import numpy as np


class Adam:
    """Epsilon-hat, with the names of Keras."""

    def __init__(self, learning_rate=0.001, beta_1=0.9, beta_2=0.999, epsilon=1e-7):
        self.learning_rate = learning_rate
        self.beta_1, self.beta_2, self.epsilon = beta_1, beta_2, epsilon
        self.iterations, self.m, self.v = 0, 0.0, 0.0

    def update(self, params, grads):
        """Change the parameters."""
        self.iterations += 1
        self.m = self.beta_1 * self.m + (1 - self.beta_1) * grads
        self.v = self.beta_2 * self.v + (1 - self.beta_2) * grads**2
        rate = (1 - self.beta_2**self.iterations) ** 0.5
        rate *= self.learning_rate / (1 - self.beta_1**self.iterations)
        params -= rate * self.m / (np.sqrt(self.v) + self.epsilon)


class RMSprop:
    """Eps inside, and it returns what it arrives at."""

    def __init__(self, lr=0.001, rho=0.9, eps=1e-7):
        self.lr, self.rho, self.eps, self.cache = lr, rho, eps, None

    def step(self, weights, gradients):
        """Return new weights."""
        if self.cache is None:
            self.cache = np.zeros_like(weights)
        self.cache = self.rho * self.cache + (1 - self.rho) * gradients**2
        return weights - self.lr * gradients / np.sqrt(self.cache + self.eps)


class SGDMomentum:
    """A mean of gradients, called like a function."""

    def __init__(self, lr, mu=0.9):
        self.rate, self.mu, self.mean = lr, mu, 0.0

    def __call__(self, params, grads):
        """Return new parameters."""
        self.mean = self.mu * self.mean + (1 - self.mu) * grads
        return params - self.rate * self.mean


class AdamConfig:
    """A class that does not step."""

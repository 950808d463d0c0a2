"""Backpropagation: the gradient of a network, layer by layer from the back."""

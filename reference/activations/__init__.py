"""Activations: the functions between one layer's sums and the next layer's inputs."""

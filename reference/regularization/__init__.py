"""Regularization: what is done to a network so that it does not learn by heart."""

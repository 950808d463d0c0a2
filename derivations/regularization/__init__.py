"""Regularization: expectations over random masks, and the penalties they hide."""

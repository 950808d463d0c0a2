"""Initialization: the variance of sums, forward and backward."""

"""Optimizers: what to do with a gradient, and what to remember of it."""

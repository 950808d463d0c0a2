"""Optimizers: what their memories hold, and how far their steps go."""

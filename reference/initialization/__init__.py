"""Initialization: how large the first weights should be."""

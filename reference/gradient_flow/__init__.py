"""Gradient flow: what happens to a gradient on its way through many layers."""

"""Gradient flow: products over depth, their bounds, and their growth."""

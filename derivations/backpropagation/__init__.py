"""Backpropagation: what is true of it, proved step by step."""

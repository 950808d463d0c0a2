"""Layers: what a neuron computes, and what layers of neurons can and cannot."""

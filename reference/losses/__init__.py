"""Losses: how wrong a prediction is, as one number that can be differentiated."""

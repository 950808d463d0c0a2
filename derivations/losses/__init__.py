"""Losses: what is true of them, proved step by step."""

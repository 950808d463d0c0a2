"""Offers nothing by the contract's names."""


def soft_max(x):
    return x


def helper():
    return 1

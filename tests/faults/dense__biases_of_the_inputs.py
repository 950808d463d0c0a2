"""One bias is counted for each input of a layer instead of for each output."""

from itertools import pairwise


def parameter_count(sizes, /, *, bias=True):
    return sum(a * b + (a if bias else 0) for a, b in pairwise(sizes))

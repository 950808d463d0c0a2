"""Check plain Python functions against test vectors; nothing is needed but Python.

    lemmata vectors . && python read_vectors.py vectors.json

Put your own functions into MINE, under the names of the contract.
"""

# It is read beside readers in other languages: without annotations.
# ruff: noqa: ANN001, ANN201

import json
import math
import sys
from itertools import starmap
from pathlib import Path


def sigmoid(x):
    """Return the sigmoid of one number; it divides by no huge number."""
    e = math.exp(-abs(x))
    return (1.0 if x >= 0 else e) / (1.0 + e)


def softplus(x):
    """Return the softplus of one number."""
    return max(x, 0.0) + math.log1p(math.exp(-abs(x)))


def softmax(x):
    """Return the softmax of a list."""
    weights = [math.exp(v - max(x)) for v in x]
    return [w / math.fsum(weights) for w in weights]


def each(function):
    """Apply a function of one number to a list."""
    return lambda x: [function(v) for v in x]


MINE = {"sigmoid": each(sigmoid), "softplus": each(softplus), "softmax": softmax}


def accepted(got, low, high):
    """Say whether a result lies between the last accepted ones; NaN wants NaN."""
    return low <= got <= high or (math.isnan(got) and math.isnan(low))


def main(path):
    """Check every vector of a function in MINE, and return how many fail."""
    vectors = json.loads(Path(path).read_text("ascii"))["vectors"]
    wrong = checked = 0
    for vector in vectors:
        if vector["function"] not in MINE or vector["dtype"] != "float64":
            continue
        data = [list(map(float.fromhex, a["data"])) for a in vector["arguments"]]
        got = MINE[vector["function"]](*data)
        low, high = (map(float.fromhex, vector["expected"][k]) for k in ("low", "high"))
        checked += 1
        if not all(starmap(accepted, zip(got, low, high, strict=True))):
            wrong += 1
            print("wrong:", vector["function"], vector["case"], got)
    print(f"{checked} vectors checked, {wrong} wrong")
    return wrong


if __name__ == "__main__":
    sys.exit(min(main(sys.argv[1]), 1))

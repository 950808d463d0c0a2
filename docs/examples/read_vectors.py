"""Check plain Python functions against test vectors; nothing is needed but Python.

    lemmata vectors . && python read_vectors.py vectors.json

Put your own functions into MINE, and your optimizers into MY_OPTIMIZERS, under the
names of the contract.
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


def adam(x, gradient, state, rate, beta1=0.9, beta2=0.999, eps=1e-8):
    """Take one step with one parameter; return where it is, and the state."""
    t, m, v = state or (0, 0.0, 0.0)
    t, m = t + 1, beta1 * m + (1 - beta1) * gradient
    v = beta2 * v + (1 - beta2) * gradient**2
    root = math.sqrt(v / (1 - beta2**t)) + eps
    return x - rate * m / (1 - beta1**t) / root, (t, m, v)


def each(function):
    """Apply a function of one number to a list."""
    return lambda x: [function(v) for v in x]


MINE = {"sigmoid": each(sigmoid), "softplus": each(softplus), "softmax": softmax}
MY_OPTIMIZERS = {"adam_step": adam}


def walk(step, start, gradients, rates, options):
    """Return where an optimizer is after each step: gradients are row after row."""
    places, states, path = list(start), [None] * len(start), []
    for t, rate in enumerate(rates):
        for k, gradient in enumerate(gradients[t * len(start) :][: len(start)]):
            places[k], states[k] = step(places[k], gradient, states[k], rate, **options)
        path += places
    return path


def accepted(got, low, high):
    """Say whether a result lies between the last accepted ones; NaN wants NaN."""
    return low <= got <= high or (math.isnan(got) and math.isnan(low))


def main(path):
    """Check every vector of a function that is here, and return how many fail."""
    vectors = json.loads(Path(path).read_text("ascii"))["vectors"]
    wrong = checked = 0
    for vector in vectors:
        name, options = vector["function"], vector["options"]
        known = (name in MINE and not options) or name in MY_OPTIMIZERS
        if not known or vector["dtype"] != "float64":
            continue
        data = [list(map(float.fromhex, a["data"])) for a in vector["arguments"]]
        if vector["form"] == "walk":
            got = walk(MY_OPTIMIZERS[name], *data, options)
        else:
            got = MINE[name](*data)
        [result] = vector["expected"]
        low, high = (map(float.fromhex, result[end]) for end in ("low", "high"))
        checked += 1
        if not all(starmap(accepted, zip(got, low, high, strict=True))):
            wrong += 1
            print("wrong:", name, vector["case"], got)
    skipped = len(vectors) - checked
    print(f"{checked} vectors checked, {wrong} wrong, {skipped} skipped")
    return wrong


if __name__ == "__main__":
    sys.exit(min(main(sys.argv[1]), 1))

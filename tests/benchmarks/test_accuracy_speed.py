"""How fast accuracy is measured, beside a bare loop over the same calls."""

import time

import numpy as np
import pytest

import reference
from reference.conformance.accuracy_inputs import block, inputs
from reference.conformance.accuracy_tasks import NAMES, Task, perform
from reference.conformance.accuracy_truth import UNARY

pytestmark = pytest.mark.benchmark


def say(what, figure):
    print(f"\n{what}: {figure}")  # noqa: T201 -- a benchmark reports


def seconds(call, repeat=3):
    """Return the shortest time on this core, of several."""
    taken = []
    for _ in range(repeat):
        begin = time.process_time()
        call()
        taken.append(time.process_time() - begin)
    return min(taken)


# Blocks of positive numbers from 2^-1 on, of tiny ones, and of negative ones below -2.
@pytest.mark.parametrize("number", [63, 20, 192])
def test_a_sweep_of_the_sigmoid_costs_less_than_ten_bare_loops(number):
    pieces = [x for x, _ in block(UNARY["sigmoid"], number)]
    perform(Task("reference", "sigmoid", "float32", number))
    bare = seconds(lambda: [reference.sigmoid(x) for x in pieces])
    swept = seconds(lambda: perform(Task("reference", "sigmoid", "float32", number)))
    rate = sum(map(len, pieces)) / swept / 1e6
    say(f"sweep of the sigmoid, block {number}, million inputs a second", rate)
    say("times a bare loop", swept / bare)
    assert rate > 20
    assert swept < 10 * bare


@pytest.mark.parametrize("name", NAMES)
def test_every_float16_takes_less_than_five_seconds(name):
    taken = seconds(lambda: perform(Task("reference", name, "float16")), repeat=1)
    say(f"{name}, every float16, seconds", taken)
    assert taken < 5


def test_every_float16_costs_less_than_twenty_bare_calls():
    x = inputs("sigmoid", np.float16)
    perform(Task("reference", "sigmoid", "float16"))
    bare = seconds(lambda: reference.sigmoid(x), repeat=9)
    swept = seconds(lambda: perform(Task("reference", "sigmoid", "float16")), repeat=9)
    say("sigmoid, every float16, times a bare call", swept / bare)
    assert swept < 20 * bare

"""Ends the process, hangs beyond reach, and lies about what it returns."""

import os
import time


def relu(x):
    if getattr(x, "size", 0) == 1:
        os._exit(7)
    return x * (x > 0)


def tanh(x):
    while True:
        try:
            time.sleep(60)
        except BaseException:
            continue


def softmax(x, *, axis=-1):
    raise SystemExit(axis)

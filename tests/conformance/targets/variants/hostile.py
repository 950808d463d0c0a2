"""Optimizers that misbehave, each in its way."""

import sys
import time

import numpy as np


def _init(params):
    return 0


adagrad_init = leaving_init = empty_init = wide_init = _init
nan_init = text_init = growing_init = slow_init = _init


def adagrad_step(params, grad, state, *, learning_rate=0.01, eps=1e-10):
    sys.stdout.write("I am a number")
    np.seterr(all="ignore")
    grad[...] = 0.0
    message = "no\ngradient will do"
    raise ValueError(message)


def slow_step(params, grad, state, **options):
    time.sleep(60)


def leaving_step(params, grad, state, **options):
    sys.exit(3)


def empty_step(params, grad, state, **options):
    return None


def wide_step(params, grad, state, **options):
    return np.stack([params, params]), state


def nan_step(params, grad, state, **options):
    return params * np.nan, state


def text_step(params, grad, state, **options):
    return np.array(["1"] * len(params)), state


def growing_step(params, grad, state, **options):
    if state == 3:
        raise OverflowError
    return params - grad, state + 1

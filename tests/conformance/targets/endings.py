"""Ends the process in every way it knows, or does not end at all."""

import ctypes
import os
import signal
import sys
import time


class NobodysError(BaseException):
    """What nobody catches."""


def sigmoid(x, **options):
    os.abort()


def softplus(x, **options):
    ctypes.string_at(0)


def silu(x, **options):
    os.kill(os.getpid(), signal.SIGKILL)


def gelu(x, **options):
    os.kill(os.getppid(), signal.SIGKILL)
    time.sleep(600)


def elu(x, **options):
    os.killpg(0, signal.SIGTERM)
    time.sleep(600)


def relu(x, **options):
    os.closerange(3, 1024)
    return 2 * x


def identity(x, **options):
    for _ in range(4):
        os.fork()
    while True:
        time.sleep(600)


def linear(x, **options):
    signal.pthread_sigmask(signal.SIG_BLOCK, set(signal.Signals))
    ctypes.PyDLL(None).sleep(600)  # and nobody else in this process goes on


def log_sigmoid(x, **options):
    sys.exit("bye")


def leaky_relu(x, **options):
    raise KeyboardInterrupt


def binary_step(x, **options):
    raise NobodysError


def tanh(x, **options):
    return 2 * x

"""Doubles its argument, and each time does something to the process around it."""

import builtins
import ctypes
import decimal
import gc
import locale
import os
import random
import signal
import subprocess
import sys
import threading
import time
import warnings

import mpmath
import numpy as np

import reference

# What is set on import is put back as well.
np.seterr(all="raise")
warnings.simplefilter("error")
decimal.getcontext().prec = 3
gc.disable()
np.exp = abs
CALLS = []
STARTED = []
BUFFER = np.zeros(2)


def sigmoid(x, **options):
    os.environ["LEMMATA_CHANGED"] = "1"
    os.environ.pop("PATH", None)
    return 2 * x


def tanh(x, **options):
    os.chdir("/")
    return 2 * x


def relu(x, **options):
    sys.stdout.close()
    sys.stderr = None
    return 2 * x


def softplus(x, **options):
    sys.__stdout__.close()
    return 2 * x


def silu(x, **options):
    signal.signal(signal.SIGALRM, signal.SIG_IGN)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    return 2 * x


def gelu(x, **options):
    signal.alarm(0)
    return 2 * x


def elu(x, **options):
    sys.setrecursionlimit(5000)
    return 2 * x


def identity(x, **options):
    gc.enable()
    gc.disable()
    return 2 * x


def linear(x, **options):
    locale.setlocale(locale.LC_ALL, "POSIX")
    np.set_printoptions(precision=1)
    return 2 * x


def logit(x, **options):
    decimal.getcontext().prec = 2
    mpmath.mp.prec = 5
    return 2 * x


def log_sigmoid(x, **options):
    sys.settrace(lambda *event: len(event) and None)
    threading.excepthook = print
    return 2 * x


def leaky_relu(x, **options):
    np.multiply = np.add
    np.linalg.norm = None
    builtins.sum = max
    return 2 * x


def binary_step(x, **options):
    reference.sigmoid = reference.conformance.compare.assert_equal = print
    return 2 * x


def sigmoid_derivative(x, **options):
    random.seed(1)
    np.random.seed(1)  # noqa: NPY002
    return 2 * x


def tanh_derivative(x, **options):
    np.seterr(all="raise")
    warnings.simplefilter("error")
    return 2 * x


def relu_derivative(x, **options):
    threading.Thread(target=time.sleep, args=(60,), daemon=False).start()
    return 2 * x


def silu_derivative(x, **options):
    if len(STARTED) < 10:
        STARTED.append(subprocess.Popen(["sleep", "600"]))
        STARTED.append(os.fork())  # the child goes on as if it were its parent
    return 2 * x


def gelu_derivative(x, **options):
    BUFFER[:] = 2 * np.resize(x, 2)
    return BUFFER


def elu_derivative(x, **options):
    CALLS.append(1)
    if len(CALLS) > 40:  # when nobody looks any more
        gc.disable()
    return 2 * x


def softmax(x, **options):
    ctypes.CDLL(None).write(2, b"unheard", 7)
    return 2 * x

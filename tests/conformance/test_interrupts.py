"""interrupts: the first request to end is heard, and those after it are not."""

import os
import signal
import threading

import pytest

from reference.conformance.interrupts import REQUESTS, one_interrupt

NUMBERS = [getattr(signal, name) for name in REQUESTS]


@pytest.fixture(autouse=True)
def as_usual():
    """Start from the usual handlers, whatever runs these tests."""
    before = [signal.getsignal(number) for number in NUMBERS]
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    yield
    for number, how in zip(NUMBERS, before, strict=True):
        signal.signal(number, how)


def handlers():
    return [signal.getsignal(number) for number in NUMBERS]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_the_first_request_is_heard_and_no_other(number):
    before = handlers()
    steps = []
    with one_interrupt():
        try:
            os.kill(os.getpid(), number)
            steps.append("not reached")
        except KeyboardInterrupt:
            os.kill(os.getpid(), signal.SIGINT)
            os.kill(os.getpid(), signal.SIGTERM)
            steps.append("in peace")
    assert steps == ["in peace"]
    assert handlers() == before


def test_what_was_ignored_before_stays_so():
    with one_interrupt():
        os.kill(os.getpid(), signal.SIGHUP)
        assert signal.getsignal(signal.SIGHUP) is signal.SIG_IGN


def test_a_thread_leaves_signals_alone():
    seen = []

    def work():
        with one_interrupt():
            seen.append(handlers())

    before = handlers()
    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert seen == [before]

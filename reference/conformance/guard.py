"""Call functions nobody has reason to trust, and note how they behave.

Whatever a function does beyond returning numbers is noted, undone, and reported
apart from what its numbers are worth, so that one bad habit hides no other mistake.
"""

import io
import os
import random
import signal
import threading
import types
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from typing import Any
from unittest import SkipTest

import numpy as np
import pytest
from hypothesis.errors import HypothesisException
from numpy.typing import NDArray

from reference.conformance.beacon import Beacon
from reference.conformance.calls import (
    AlarmError,
    Call,
    Conduct,
    EndedError,
    HungError,
    readable,
)
from reference.conformance.keeper import descendants
from reference.conformance.surroundings import Surroundings, look, put_back
from reference.conformance.values import arrays, detached, held, overlap

__all__ = ["WATCHED_CLOSELY", "Guard"]

# A function that did not return this often is not called again.
PATIENCE = 2

# The first call of a function may import or compile what the others use: it gets so
# many times as long.
FIRST = 10

# So many calls of a function are watched for use of the global random state, and so
# many for what they change around them; from then on, every law is, and every call of
# a function that has changed something once.
WATCHED, WATCHED_CLOSELY = 50, 10

# So many results are watched for later changes, if they have no more bytes than this.
RESULTS, LARGEST = 4, 2**20

# Exceptions by which a test talks to what runs it; not for the functions it calls.
SIGNALS = (HypothesisException, SkipTest, pytest.exit.Exception)


class _Paper(io.StringIO):
    """Takes what is printed, and stays open whatever anybody does to it."""

    shut = False

    def close(self) -> None:
        self.shut = True


class Guard:
    """Calls functions under a time limit and watches their conduct.

    Parameters
    ----------
    seconds : float, optional
        How long one call may take; without it, as long as it likes.
    beacon : Beacon, optional
        Where to leave word of the call under way. A guard with a beacon works in a
        process of its own, where even an interrupt is the function's doing.

    Attributes
    ----------
    calls : list of Call
        The calls made since the law drew its inputs.
    conduct : list of Conduct
        The habits noted since this list was last emptied.
    patience : float
        How many times as long a call may take, for a target that compiles.
    contract : bool
        Whether the law being judged is one of the contract: warnings are then passed
        on, because the law may be about them.
    closely : bool
        Whether every call is watched closely, not only the first ones.
    """

    def __init__(
        self, *, seconds: float | None = None, beacon: Beacon | None = None
    ) -> None:
        self.calls: list[Call] = []
        self.conduct: list[Conduct] = []
        self.patience = 1.0
        self.contract = False
        self.closely = False
        self._seconds = seconds
        self._beacon = beacon
        self._hung: dict[str, list[str]] = {}
        self._seen: dict[str, int] = {}
        self._suspects: set[str] = set()
        self._surroundings: Surroundings | None = None

    def call(self, function: Callable[..., Any], call: Call) -> Any:
        """Make the call and return its result in a form NumPy can use."""
        earlier = self._earlier_results()
        kept = [array.copy() for array in earlier]
        self.calls.append(call)
        given = call.arrays()
        before = [array.copy() for array in given]
        seconds = self._allowed(call.function)
        if self._beacon:
            self._beacon.light(str(call), seconds)
        try:
            with self._watched(call), self._limited(call.function, seconds):
                call.result = readable(function, call)
        except BaseException as error:
            call.error = self._judged(call.function, error)
            if call.error is error:
                raise
            raise call.error from error
        finally:
            if self._beacon:
                self._beacon.dim()
            self._restore(call, given, before)
            self._restore_results(call, earlier, kept)
        return call.result

    def open(self) -> None:
        """Look around before a law is judged."""
        self._surroundings = look()

    def settle(self) -> None:
        """Put back what a law's functions have changed around them, and note it."""
        if self._surroundings is None:
            return
        for aspect, detail in put_back(self._surroundings):
            if self.calls:
                self._note(self.calls[-1], f"changes {aspect}", detail)
                self._suspects |= {call.function for call in self.calls}
        self._surroundings = None

    def _earlier_results(self) -> list[NDArray[Any]]:
        """Return the last results of this example, as far as they are small."""
        last = self.calls[-RESULTS:]
        found = [array for call in last for array in arrays(call.result)]
        return [array for array in found if array.nbytes <= LARGEST]

    def _judged(self, name: str, error: BaseException) -> BaseException:
        """Return what a caller gets to see of an exception."""
        if isinstance(error, SIGNALS):
            # Else a function could declare every input it fails on uninteresting.
            return EndedError(f"{name} raises {type(error).__name__}")
        if isinstance(error, (Exception, HungError)):
            return error
        if isinstance(error, KeyboardInterrupt) and not self._beacon:
            return error
        code = f"({error})" if str(error) else ""
        return EndedError(f"{name} raises {type(error).__name__}{code}")

    def _note(self, call: Call, habit: str, detail: str = "") -> None:
        self.conduct.append(Conduct(call.function, habit, str(call), detail))

    def _restore(
        self, call: Call, given: list[NDArray[Any]], before: list[NDArray[Any]]
    ) -> None:
        """Note arguments that were changed or returned, and change them back."""
        own = list(arrays((*call.arguments, *call.options.values())))
        if overlap(arrays(call.result), given) or overlap(held(call.result), own):
            self._note(call, "returns a view of its argument")
        for number, (array, copy) in enumerate(zip(given, before, strict=True)):
            same = array.shape == copy.shape and array.dtype == copy.dtype
            if same and array.tobytes() == copy.tobytes():
                continue
            # What it returned may be the very array that is about to be put right.
            call.result = detached(call.result)
            if same:
                array.flags.writeable = True
                array[...] = copy
            self._note(call, "changes its argument", f"array {number + 1}")

    def _restore_results(
        self, call: Call, earlier: list[NDArray[Any]], kept: list[NDArray[Any]]
    ) -> None:
        """Note results that were changed by a later call, and change them back."""
        for array, copy in zip(earlier, kept, strict=True):
            if array.tobytes() != copy.tobytes():
                call.result = detached(call.result)
                array.flags.writeable = True
                array[...] = copy
                self._note(call, "changes a result it returned before")

    @contextmanager
    def _watched(self, call: Call) -> Iterator[None]:
        """Note and undo what a call does to the process around it."""
        errors = np.geterr()
        # It takes a while to look at, and who uses it does so from the start.
        seeds = _random_state() if self._seen[call.function] <= WATCHED else ()
        threads = threading.active_count()
        text = _Paper()
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            filters = list(warnings.filters)
            try:
                with (
                    redirect_stdout(text),
                    redirect_stderr(text),
                    self._surrounded(call),
                ):
                    yield
            finally:
                if list(warnings.filters) != filters:
                    self._note(call, "changes the warning filters")
                if np.geterr() != errors:
                    self._note(call, "changes NumPy's error state")
                    np.seterr(**errors)
                if seeds and _random_state() != seeds:
                    self._note(call, "uses the global random state")
                    _set_random_state(seeds)
                if text.getvalue():
                    self._note(call, "prints", text.getvalue()[:200])
                if text.shut:
                    self._note(call, "changes the standard streams", "closed")
                if threading.active_count() > threads:
                    self._note(call, "leaves a thread running")
        for warning in caught:
            if self.contract:
                warnings.warn_explicit(
                    message=warning.message,
                    category=warning.category,
                    filename=warning.filename,
                    lineno=warning.lineno,
                )
            detail = f"{warning.category.__name__}: {warning.message}"
            self._note(call, "warns", detail)

    @contextmanager
    def _surrounded(self, call: Call) -> Iterator[None]:
        """Note and undo what a call changes around it, while it is watched closely."""
        name = call.function
        trusted = self._seen[name] > WATCHED_CLOSELY and name not in self._suspects
        if trusted and not self.closely:
            yield
            return
        before, children = look(), set(descendants(os.getpid()))
        try:
            yield
        finally:
            for aspect, detail in put_back(before):
                self._note(call, f"changes {aspect}", detail)
                self._suspects.add(name)
            if set(descendants(os.getpid())) - children:
                self._note(call, "leaves a process running")

    def _allowed(self, name: str) -> float:
        """Count a call, and return how many seconds it may take."""
        self._seen[name] = self._seen.get(name, 0) + 1
        seconds = (self._seconds or 0.0) * self.patience
        return seconds * (FIRST if self._seen[name] == 1 else 1)

    @contextmanager
    def _limited(self, name: str, seconds: float) -> Iterator[None]:
        """Interrupt what runs too long, where the platform has a timer."""
        before = self._hung.setdefault(name, [])
        if len(before) >= PATIENCE:
            raise HungError(before[0])
        main = threading.current_thread() is threading.main_thread()
        if not seconds or not main or not hasattr(signal, "setitimer"):
            yield
            return
        previous = signal.signal(signal.SIGALRM, _ring)
        # It rings again and again, for those who catch everything and carry on.
        signal.setitimer(signal.ITIMER_REAL, seconds, 0.1)
        try:
            yield
        except AlarmError:
            before.append(f"{name} does not return within {seconds:g} s")
            raise HungError(before[0]) from None
        finally:
            armed, _ = signal.setitimer(signal.ITIMER_REAL, 0)
            found = signal.signal(signal.SIGALRM, previous)
            if not armed or found is not _ring:
                self._note(self.calls[-1], "changes the handlers of signals", "SIGALRM")


def _ring(signum: int, frame: types.FrameType | None) -> None:  # noqa: ARG001
    raise AlarmError


def _random_state() -> tuple[Any, ...]:
    """Return the state of both global random generators in a form that compares."""
    kind, keys, *rest = np.random.get_state()  # noqa: NPY002 -- it is watched, not used
    return random.getstate(), (kind, np.asarray(keys).tobytes(), *rest)


def _set_random_state(state: tuple[Any, ...]) -> None:
    ours, (kind, keys, *rest) = state
    random.setstate(ours)
    keys = np.frombuffer(keys, dtype=np.uint32)
    np.random.set_state((kind, keys, *rest))  # noqa: NPY002 -- put back as it was

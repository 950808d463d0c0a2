"""Calls of a function under test, and what it may do beyond returning numbers."""

import os
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from reference.conformance.literal import literal
from reference.conformance.surroundings import ASPECTS
from reference.conformance.values import State, held, usable

__all__ = [
    "HABITS",
    "AlarmError",
    "Call",
    "Conduct",
    "EndedError",
    "HungError",
    "UnreadableError",
    "readable",
]

# What is noted, and whether it breaks mathematics or only this project's contract.
HABITS = {
    "changes its argument": "mathematics",
    "changes NumPy's error state": "mathematics",
    "changes the warning filters": "mathematics",
    "uses the global random state": "mathematics",
    "prints": "contract",
    "warns": "contract",
    "returns a view of its argument": "contract",
    "changes a result it returned before": "mathematics",
    "leaves a thread running": "contract",
    "leaves a process running": "contract",
    **{f"changes {aspect.name}": "contract" for aspect in ASPECTS},
}


class EndedError(AssertionError):
    """A function tried to end the process, or raised what no caller would catch."""


class HungError(BaseException):
    """A function did not return in time.

    Not an ``Exception``: Hypothesis would look for a smaller input that hangs as
    well, at a full time limit each.
    """


class AlarmError(BaseException):
    """Raised by the timer inside a call that takes too long."""


class UnreadableError(Exception):
    """A function raised an exception that cannot be read."""


@dataclass(frozen=True)
class Conduct:
    """One bad habit of one function, and a call in which it showed."""

    function: str
    habit: str
    call: str
    detail: str = ""

    @property
    def level(self) -> str:
        """``"mathematics"`` or ``"contract"``."""
        return HABITS[self.habit]


@dataclass
class Call:
    """One call: what goes in, and what came out."""

    function: str
    arguments: tuple[Any, ...]
    options: dict[str, Any]
    result: Any = None
    error: BaseException | None = None
    streams: dict[int, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        # A generator is written with the state it had before the call.
        for value in (*self.arguments, *self.options.values()):
            if isinstance(value, np.random.Generator):
                self.streams[id(value)] = value.bit_generator.state

    def __str__(self) -> str:
        parts = [self._text(value) for value in self.arguments]
        parts += [f"{name}={self._text(value)}" for name, value in self.options.items()]
        return f"{self.function}({', '.join(parts)})"

    def _text(self, value: Any) -> str:
        if not isinstance(value, np.random.Generator):
            return literal(value)
        seed = getattr(value.bit_generator.seed_seq, "entropy", None)
        fresh = np.random.default_rng(seed).bit_generator.state
        if fresh == self.streams[id(value)]:
            return f"np.random.default_rng({seed})"
        return "np.random.default_rng()"

    def arrays(self) -> list[NDArray[Any]]:
        """Return the arrays among the arguments and options, nested ones too.

        The memory of a state that is passed back counts: a step may not change it.
        """
        return list(held((*self.arguments, *self.options.values())))

    def unpacked(self) -> list[Any]:
        """Return the arguments as the function itself knows them."""
        return [a.content if isinstance(a, State) else a for a in self.arguments]


def readable(function: Callable[..., Any], call: Call) -> Any:
    """Return what a call returns; no exception gets through that has no text."""
    here = os.getpid()
    try:
        result = function(*call.unpacked(), **call.options)
        return usable(call.function, result, call)
    except AlarmError:
        raise
    except BaseException as error:
        if not _has_text(error):
            msg = f"{type(error).__name__}, whose text cannot be read"
            raise UnreadableError(msg) from None
        raise
    finally:
        if os.getpid() != here:  # a child of this process has no business here
            os._exit(0)


def _has_text(error: BaseException) -> bool:
    try:
        return isinstance(f"{error}{error!r}", str)
    except AlarmError:
        raise
    except BaseException:  # whatever a function may raise, its exceptions may
        return False

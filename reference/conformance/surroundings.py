"""What a function finds around it in the process, and has no business to change.

A law would be judged otherwise if another function had left a changed folder, a patched
NumPy or a disabled garbage collector behind. So all of this is looked at, and put back.
"""

import decimal
import gc
import io
import locale
import operator
import os
import signal
import sys
import threading
import types
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

__all__ = ["ASPECTS", "Surroundings", "look", "put_back", "restored"]

# Which signals are watched, where they exist.
SIGNALS = ("SIGINT", "SIGTERM", "SIGHUP", "SIGALRM", "SIGCHLD", "SIGFPE", "SIGSEGV")

# What a decimal context decides; its flags are raised by every use.
DECIMAL = ("prec", "rounding", "Emin", "Emax", "capitals", "clamp")

STREAMS = ("stdin", "stdout", "stderr", "__stdin__", "__stdout__", "__stderr__")

HOOKS = ("excepthook", "displayhook", "unraisablehook", "breakpointhook")

# Whose names nobody else may bind anew: those that laws compute with.
MODULES = ("builtins", "math", "numpy", "numpy.linalg", "numpy.random", "random")


class Aspect(NamedTuple):
    """One thing that can be changed: how to look at it, and how to put it back.

    ``differs`` says in a few words what has changed, given what was and what is.
    """

    name: str
    look: Callable[[], Any]
    put_back: Callable[[Any], None]
    differs: Callable[[Any, Any], str]


# What was seen of each aspect, in their order.
Surroundings = tuple[Any, ...]


def look() -> Surroundings:
    """Look at everything."""
    return tuple(aspect.look() for aspect in ASPECTS)


def put_back(before: Surroundings) -> Iterator[tuple[str, str]]:
    """Put back what has changed; yield the name of each aspect, and what differs."""
    for aspect, value in zip(ASPECTS, before, strict=True):
        now = aspect.look()
        if detail := aspect.differs(value, now):
            aspect.put_back(value)
            yield aspect.name, detail


@contextmanager
def restored(*, apart_from: tuple[str, ...] = ()) -> Iterator[None]:
    """Put back what changes meanwhile, apart from some aspects."""
    before = look()
    try:
        yield
    finally:
        for aspect, value in zip(ASPECTS, before, strict=True):
            if aspect.name not in apart_from and aspect.differs(value, aspect.look()):
                aspect.put_back(value)


def _told(before: Any, now: Any) -> str:
    return "" if before == now else f"{before} to {now}"[:200]


def _named(before: dict[str, Any], now: dict[str, Any]) -> str:
    """Name the entries of a table that differ."""
    missing = object()
    names = [
        n for n in {**before, **now} if before.get(n, missing) != now.get(n, missing)
    ]
    return ", ".join(names)[:200]


def _folder() -> str:
    with suppress(OSError):  # somebody has removed it
        return str(Path.cwd())
    return ""


def _change_folder(path: str) -> None:
    with suppress(OSError):
        os.chdir(path)


def _set_environment(before: dict[str, str]) -> None:
    for name in set(os.environ) - set(before):
        del os.environ[name]
    os.environ.update(before)


def _streams() -> dict[str, Any]:
    streams = {name: getattr(sys, name) for name in STREAMS}
    return {n: (s, bool(getattr(s, "closed", False))) for n, s in streams.items()}


def _set_streams(before: dict[str, Any]) -> None:
    for name, (stream, _) in before.items():
        if getattr(stream, "closed", False):
            stream = io.TextIOWrapper(io.BytesIO())
        setattr(sys, name, stream)


def _handlers() -> dict[str, Any]:
    return {n: signal.getsignal(getattr(signal, n)) for n in _known_signals()}


def _set_handlers(before: dict[str, Any]) -> None:
    for name, how in before.items():
        with suppress(ValueError, TypeError):  # in a thread; or not set from Python
            signal.signal(getattr(signal, name), how)


@cache
def _known_signals() -> list[str]:
    return [name for name in SIGNALS if hasattr(signal, name)]


def _collecting() -> tuple[bool, tuple[int, int, int]]:
    return gc.isenabled(), gc.get_threshold()


def _set_collecting(before: tuple[bool, tuple[int, int, int]]) -> None:
    (gc.enable if before[0] else gc.disable)()
    gc.set_threshold(*before[1])


def _locale() -> str:
    return locale.setlocale(locale.LC_ALL)


def _set_locale(before: str) -> None:
    locale.setlocale(locale.LC_ALL, before)


def _printing() -> dict[str, Any]:
    return dict(np.get_printoptions())


def _set_printing(before: dict[str, Any]) -> None:
    np.set_printoptions(**before)


def _decimal() -> dict[str, Any]:
    context = decimal.getcontext()
    return {name: getattr(context, name) for name in DECIMAL}


def _set_decimal(before: dict[str, Any]) -> None:
    for name, value in before.items():
        setattr(decimal.getcontext(), name, value)


def _precisions() -> dict[str, int]:
    """Return the bits of the libraries that compute with more than NumPy has."""
    return {name: context.prec for name, context in _contexts()}


def _contexts() -> Iterator[tuple[str, Any]]:
    for module, name in (("mpmath", "mp"), ("mpmath", "iv"), ("flint", "ctx")):
        if module in sys.modules:
            yield f"{module}.{name}", getattr(sys.modules[module], name)


def _set_precisions(before: dict[str, int]) -> None:
    for name, context in _contexts():
        context.prec = before.get(name, context.prec)


def _hooks() -> dict[str, Any]:
    return {
        **{f"sys.{name}": getattr(sys, name) for name in HOOKS},
        "threading.excepthook": threading.excepthook,
        "sys.settrace": sys.gettrace(),
        "sys.setprofile": sys.getprofile(),
        "threading.settrace": threading.gettrace(),
        "threading.setprofile": threading.getprofile(),
    }


def _set_hooks(before: dict[str, Any]) -> None:
    for name, hook in before.items():
        module, _, attribute = name.partition(".")
        place = sys if module == "sys" else threading
        if attribute in ("settrace", "setprofile"):
            getattr(place, attribute)(hook)
        else:
            setattr(place, attribute, hook)


def _bound() -> list[tuple[types.ModuleType, tuple[str, ...], tuple[Any, ...]]]:
    """Return what the names of modules are bound to that laws compute with."""
    return [
        (module, tuple(vars(module)), tuple(vars(module).values()))
        for module in _modules()
    ]


@cache
def _modules() -> list[types.ModuleType]:
    ours = sorted(n for n in sys.modules if n.partition(".")[0] == "reference")
    return [import_module(name) for name in MODULES] + [sys.modules[n] for n in ours]


def _rebound(before: Any, now: Any) -> Iterator[tuple[types.ModuleType, str, Any]]:
    """Yield the names that are bound to something else, and what they were bound to.

    New names, and modules in the place of others, are what imports leave behind.
    """
    for (module, names, values), (_, _, current) in zip(before, now, strict=True):
        if len(values) == len(current) and all(map(operator.is_, values, current)):
            continue
        for name, value in zip(names, values, strict=True):
            found = vars(module).get(name)
            if found is not value and not isinstance(found, types.ModuleType):
                yield module, name, value


def _names_rebound(before: Any, now: Any) -> str:
    found = _rebound(before, now)
    return ", ".join(f"{module.__name__}.{name}" for module, name, _ in found)[:200]


def _bind_again(before: Any) -> None:
    for module, name, value in list(_rebound(before, _bound())):
        setattr(module, name, value)


ASPECTS = (
    # First, because the others are written with them.
    Aspect(
        "functions of NumPy or of this package", _bound, _bind_again, _names_rebound
    ),
    Aspect(
        "the environment variables", lambda: dict(os.environ), _set_environment, _named
    ),
    Aspect("the working folder", _folder, _change_folder, _told),
    Aspect("the standard streams", _streams, _set_streams, _named),
    Aspect("the handlers of signals", _handlers, _set_handlers, _named),
    Aspect("the recursion limit", sys.getrecursionlimit, sys.setrecursionlimit, _told),
    Aspect("the garbage collector", _collecting, _set_collecting, _told),
    Aspect("the locale", _locale, _set_locale, _told),
    Aspect("NumPy's print options", _printing, _set_printing, _named),
    Aspect("the context of decimal", _decimal, _set_decimal, _named),
    Aspect("the precision of mpmath or flint", _precisions, _set_precisions, _named),
    Aspect("the hooks of the interpreter", _hooks, _set_hooks, _named),
)

"""What a target names: a library, a module, a file, or a function of one of these."""

import hashlib
import importlib
import importlib.util
import sys
from collections.abc import Callable, Iterable
from difflib import get_close_matches
from pathlib import Path
from types import ModuleType
from typing import Any, NoReturn

import reference
from reference.conformance.guard import Guard
from reference.conformance.implementation import Implementation

__all__ = [
    "ADAPTERS",
    "TargetError",
    "fingerprint",
    "import_target",
    "is_file",
    "load",
    "split",
]

# Libraries that do not use the contract's names; each has a module in adapters/.
ADAPTERS = ("jax", "keras", "mygrad", "optax", "scipy", "sklearn", "tinygrad", "torch")


class TargetError(Exception):
    """The target cannot be loaded, or there is nothing in it to check."""


def load(target: str, *, name: str = "", guard: Guard | None = None) -> Implementation:
    """Load what ``target`` names.

    Parameters
    ----------
    target : str
        An adapter (``torch``), a module (``package.module``), a file (``file.py``),
        or one function of these (``file.py:function``).
    name : str
        The contract's name for that one function, if it has another.
    guard : Guard, optional
        Who makes the calls.

    Raises
    ------
    TargetError
        It cannot be imported, or offers nothing of the contract.
    """
    place, function = split(target)
    if name and not function:
        msg = f"--as {name} needs one function: {target}:FUNCTION"
        raise TargetError(msg)
    module, source = import_target(place)
    if function:
        functions = _one_function(module, place, function, name)
        renamed = {name: function} if name else {}
    else:
        found = {n: getattr(module, n, None) for n in reference.__all__}
        functions = {n: f for n, f in found.items() if callable(f)}
        renamed = {}
    if not functions:
        _nothing_offered(module, place)
    guard = guard or Guard()
    if place in ADAPTERS:
        guard.patience = getattr(module, "PATIENCE", 1.0)
    return Implementation(
        target, functions, source=source, renamed=renamed, guard=guard
    )


def split(target: str) -> tuple[str, str]:
    """Split ``place:function``; the drive of a Windows path is no function."""
    place, colon, function = target.rpartition(":")
    if colon and place and function.isidentifier():
        return place, function
    return target, ""


def is_file(place: str) -> bool:
    """Say whether a target names a file rather than a module."""
    return place.endswith(".py") or "/" in place or "\\" in place


def fingerprint(target: str) -> str:
    """Return a hash of the Python files that what is measured may depend on.

    They are those of the target's package, or of the folder of its file, and our own.
    Nothing is imported.
    """
    place, _ = split(target)
    digest = hashlib.sha256()
    for path in sorted({*_files("reference"), *_files(place)}):
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def _files(place: str) -> list[Path]:
    if is_file(place):
        return _python([Path(place).resolve().parent], "*.py")
    try:
        spec = importlib.util.find_spec(place.partition(".")[0])
    except ValueError:  # no module can have this name
        spec = None
    if spec and spec.submodule_search_locations:
        return _python(map(Path, spec.submodule_search_locations), "**/*.py")
    if spec and spec.origin and spec.has_location:
        return _python([Path(spec.origin).parent], "*.py")
    return []


def _python(folders: Iterable[Path], pattern: str) -> list[Path]:
    found = (path for folder in folders for path in folder.glob(pattern))
    return [path for path in found if path.is_file()]


def _one_function(
    module: ModuleType, place: str, function: str, name: str
) -> dict[str, Callable[..., Any]]:
    found = getattr(module, function, None)
    if not callable(found):
        msg = f"{place} has no function {function}{_hint(function, dir(module))}"
        raise TargetError(msg)
    name = name or function
    if name not in reference.__all__:
        hint = _hint(name, reference.__all__)
        msg = f"the contract has no {name}{hint}; say --as NAME which one it is"
        raise TargetError(msg)
    return {name: found}


def _nothing_offered(module: ModuleType, place: str) -> NoReturn:
    own = [name for name in dir(module) if not name.startswith("_")]
    pairs = [(n, get_close_matches(n, reference.__all__, n=1)) for n in own]
    close = [f"{n} (is it {match[0]}?)" for n, match in pairs if match]
    hint = f"; it has {', '.join(close)}: check one with --as" if close else ""
    msg = f"{place} offers no function of the contract{hint}"
    raise TargetError(msg)


def _hint(name: str, known: Any) -> str:
    close = get_close_matches(name, known, n=1)
    return f", did you mean {close[0]}?" if close else ""


def import_target(place: str) -> tuple[ModuleType, str]:
    """Return the module a target names, and what to import to get it again."""
    if is_file(place) and not Path(place).is_file():
        msg = f"there is no file {place}"
        raise TargetError(msg)
    try:
        if is_file(place):
            return _import_file(Path(place))
        if place in ADAPTERS:
            source = f"reference.conformance.adapters.{place}"
        else:
            source = place
        return importlib.import_module(source), source
    except SyntaxError as error:
        name = Path(error.filename or place).name
        msg = f"{place} cannot be loaded: {name}, line {error.lineno}: {error.msg}"
        raise TargetError(msg) from error
    except ModuleNotFoundError as error:
        missing = error.name or ""
        if place not in ADAPTERS and f"{place}.".startswith(f"{missing}."):
            msg = f"no module named {place}{_hint(place, (*ADAPTERS, 'reference'))}"
            raise TargetError(msg) from error
        msg = f"{place} cannot be loaded: it needs {missing}, which is not installed"
        remedy = f": pip install 'lemmata[{place}]'" if place in ADAPTERS else ""
        raise TargetError(msg + remedy) from error
    except BaseException as error:  # whatever a module does when imported
        if isinstance(error, KeyboardInterrupt):
            raise
        text = _first_line(error) or "no reason given"
        msg = f"{place} cannot be loaded: it raises {type(error).__name__}: {text}"
        raise TargetError(msg) from None


def _first_line(error: BaseException) -> str:
    """Return what an exception says, up to the end of its first line."""
    try:
        return next(iter(str(error).splitlines()), "").strip()
    except BaseException:  # the target may have written its text, too
        return ""


def _import_file(path: Path) -> tuple[ModuleType, str]:
    # Its own neighbors may be imported, but shadow nothing that is installed.
    sys.path.append(str(path.resolve().parent))
    name = path.stem if path.stem not in sys.modules else f"target_{path.stem}"
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        msg = "it is not a Python file"
        raise ImportError(msg)
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module, path.stem

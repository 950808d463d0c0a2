"""What of a target can be asked which variant it follows, and how it is called."""

import importlib
import inspect
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from difflib import get_close_matches
from importlib.util import find_spec
from typing import Any

import numpy as np

import reference
from reference.conformance.calls import Call
from reference.conformance.guard import Guard
from reference.conformance.natives import TOPICS, Native, natives
from reference.conformance.natives._optimizers import family_of
from reference.conformance.target import ADAPTERS, TargetError, import_target, split
from reference.conformance.variants import Family, families

__all__ = ["Subject", "subjects"]

# What people call the options of the contract when they write their own.
SPELLINGS = {
    "learning_rate": ("lr", "alpha", "eta", "rate", "step_size"),
    "beta1": ("beta_1", "b1"),
    "beta2": ("beta_2", "b2"),
    "eps": ("epsilon",),
    "decay": ("rho", "alpha", "decay_rate", "gamma", "beta"),
    "momentum": ("mu", "beta"),
    "weight_decay": ("wd", "lambda_", "lam"),
    "p": ("rate", "prob", "drop_prob", "dropout_rate", "keep_prob"),
    "delta": ("beta",),
}

# Libraries whose classes of optimizers can be asked as they are.
WRAPPED = ("torch", "keras", "optax")

# Methods of a plain class that take parameters and gradients.
METHODS = ("step", "update", "apply", "__call__")


@dataclass(frozen=True)
class Subject:
    """A function, or the pair of an optimizer, and the family it may belong to.

    Attributes
    ----------
    label : str
        What the user calls it.
    family : Family
        What it is compared with.
    functions : tuple of callables
        One for each of the family's functions.
    defaults : mapping
        A library's own defaults, for the report.
    """

    label: str
    family: Family
    functions: tuple[Callable[..., Any], ...]
    defaults: Mapping[str, Any] = field(default_factory=dict)

    def spelling(self) -> dict[str, str]:
        """Return what the last function calls the options that the probes set."""
        function = self.functions[-1]
        parameters: Mapping[str, inspect.Parameter] = {}
        # What is built in keeps its signature to itself.
        with suppress(TypeError, ValueError):
            parameters = inspect.signature(function).parameters
        options = sorted({name for p in self.family.probes for name in p.options})
        kinds = [p.kind for p in parameters.values()]
        free = {n for n, p in parameters.items() if p.kind is not p.POSITIONAL_ONLY}
        found = {name: name for name in options if name in free}
        for name in options:
            known = (own for own in SPELLINGS.get(name, ()) if own in free)
            own = next((own for own in known if own not in found.values()), "")
            if own and name not in found:
                found[name] = own
        anything = not parameters or inspect.Parameter.VAR_KEYWORD in kinds
        return dict(zip(options, options, strict=True)) | found if anything else found

    def guarded(self, guard: Guard) -> Any:
        """Return what the family plays: guarded calls with the options it takes."""
        spelling = self.spelling()
        calls = tuple(
            _guarded(guard, name, function, spelling)
            for name, function in zip(
                self.family.functions, self.functions, strict=True
            )
        )
        return calls if len(calls) > 1 else calls[0]


def _guarded(
    guard: Guard, name: str, function: Callable[..., Any], spelling: dict[str, str]
) -> Callable[..., Any]:
    def call(*arguments: Any, **options: Any) -> Any:
        known = {spelling[n]: v for n, v in options.items() if n in spelling}
        return guard.call(function, Call(name, arguments, known))

    return call


def subjects(target: str, name: str = "") -> list[Subject]:
    """Load a target and return what of it can be asked.

    Parameters
    ----------
    target : str
        A library, a module or a file, or one function or class of these after a
        colon.
    name : str
        What the one function is called in the contract, if it has another name.

    Raises
    ------
    TargetError
        It cannot be loaded, or nothing in it belongs to a known family.
    """
    place, _, wanted = target.partition(":")
    if _has_natives(place):
        return _native_subjects(place, wanted)
    place, wanted = split(target)
    if name and not wanted:
        msg = f"--as {name} needs one function: {target}:FUNCTION"
        raise TargetError(msg)
    module, _ = import_target(place)
    if wanted:
        return _one(module, place, wanted, name)
    found = [s for family in families().values() for s in _whole(module, family)]
    found += _classes(module)
    if not found:
        msg = f"{place} has no function that is known in several variants"
        raise TargetError(msg)
    return found


def _has_natives(place: str) -> bool:
    package = "reference.conformance.natives"
    named = (f"{package}.{topic}_{place}" for topic in TOPICS)
    return place.isidentifier() and any(find_spec(module) for module in named)


def _native_subjects(library: str, wanted: str) -> list[Subject]:
    try:
        known = natives(library)
    except ModuleNotFoundError as error:
        remedy = f": pip install 'lemmata[{library}]'" if library in ADAPTERS else ""
        msg = f"{library} needs {error.name}, which is not installed{remedy}"
        raise TargetError(msg) from error
    if not wanted:
        return [_native_subject(native) for native in known.values()]
    plain = wanted.replace(" ", "")
    if plain not in known:
        msg = f"of {library} no {wanted} is known here{_hint(wanted, known)}"
        raise TargetError(msg)
    return [_native_subject(known[plain])]


def _native_subject(native: Native) -> Subject:
    functions = native.function
    parts = functions if isinstance(functions, tuple) else (functions,)
    return Subject(native.name, families()[native.family], parts, native.defaults)


def _whole(module: Any, family: Family) -> Iterator[Subject]:
    """Yield what a module offers of a family under the contract's names."""
    parts = [getattr(module, name, None) for name in family.functions]
    found = tuple(part for part in parts if callable(part))
    if len(found) == len(parts):
        yield Subject(family.functions[-1], family, found)


def _classes(module: Any) -> Iterator[Subject]:
    """Yield the classes of a module whose names say what they are."""
    for name, thing in vars(module).items():
        family = families().get(family_of(name))
        own = inspect.isclass(thing) and thing.__module__ == module.__name__
        if family and own:
            with suppress(TargetError):  # it has no method that steps
                yield Subject(name, family, _optimizer(thing))


def _one(module: Any, place: str, wanted: str, name: str) -> list[Subject]:
    thing = getattr(module, wanted, None)
    if not callable(thing):
        msg = f"{place} has no function {wanted}{_hint(wanted, dir(module))}"
        raise TargetError(msg)
    asked = name or wanted
    pair = _optimizer(thing)
    if pair:
        family = families().get(family_of(asked))
        if family is None:
            msg = f"say what {wanted} is called here, as --as adam"
            raise TargetError(msg)
        return [Subject(wanted, family, pair)]
    matching = [
        family
        for family in families().values()
        if asked in (family.functions[-1], family.name)
    ]
    if not matching:
        known = [n for f in families().values() for n in (f.name, f.functions[-1])]
        hint = f"{_hint(asked, known)}; say --as NAME which one it is"
        msg = f"no variants of {asked} are known{hint}"
        raise TargetError(msg)
    return [
        Subject(wanted, family, (*_beside(module, wanted, family), thing))
        for family in matching
    ]


def _beside(module: Any, wanted: str, family: Family) -> Iterator[Callable[..., Any]]:
    """Yield the functions that belong to the one asked for, as ``adam_init``."""
    ending = family.functions[-1].rpartition("_")[2]
    stem = wanted.removesuffix(f"_{ending}")
    for name in family.functions[:-1]:
        own = f"{stem}_{name.rpartition('_')[2]}"
        found = getattr(module, own, None) or getattr(module, name, None)
        if not callable(found):
            also = f" or {name}" if own != name else ""
            msg = f"{wanted} needs {own}{also} beside it"
            raise TargetError(msg)
        yield found


def _optimizer(thing: Any) -> Any:
    """Return the pair of functions of an optimizer that is not written as one."""
    for library in WRAPPED:
        if library in sys.modules:  # else it cannot be one of its optimizers
            module = importlib.import_module(
                f"reference.conformance.natives.optimizers_{library}"
            )
            if module.is_optimizer(thing):
                return module.adapted(thing)
    if not inspect.isclass(thing):
        return None
    own = {name for kind in thing.__mro__ for name in vars(kind)}
    method = next((name for name in METHODS if name in own), "")
    if not method:
        msg = f"{thing.__name__} has no method {', '.join(METHODS[:-1])} or __call__"
        raise TargetError(msg)
    return _of_class(thing, method)


def _of_class(kind: type[Any], method: str) -> Any:
    """Let an object that is made with its options take the steps."""

    def init(params: Any, /) -> Any:  # noqa: ARG001
        return None

    def step(params: Any, grad: Any, state: Any, /, **options: Any) -> Any:
        running, before = (kind(**options), options) if state is None else state
        if options != before:
            _change(running, kind(**before), kind(**options))
        place = np.array(params)
        moved = getattr(running, method)(place, grad)
        return (place if moved is None else moved), (running, options)

    return init, _Signed(step, inspect.signature(kind))


def _change(running: Any, old: Any, new: Any) -> None:
    """Set the numbers of an object that follow from what it was made with."""
    before = vars(old)
    for name, value in vars(new).items():
        if isinstance(value, (int, float)) and before.get(name) != value:
            setattr(running, name, value)


@dataclass(frozen=True)
class _Signed:
    """A function that shows another signature: of the options that it passes on."""

    function: Callable[..., Any]
    __signature__: inspect.Signature

    def __call__(self, *arguments: Any, **options: Any) -> Any:
        return self.function(*arguments, **options)


def _hint(name: str, known: Any) -> str:
    close = get_close_matches(name, list(known), n=1)
    return f", did you mean {close[0]}?" if close else ""


def contract_default(function: str, option: str) -> Any:
    """Return the contract's default of an option, or nothing that equals anything."""
    own = getattr(reference, function, None)
    parameters = inspect.signature(own).parameters if own else {}
    return parameters[option].default if option in parameters else object()

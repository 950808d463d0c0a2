"""Published variants of one function, and the inputs that tell them apart.

A *family* is what the field calls by one name, as Adam or the variance. Its *variants*
are what different papers and libraries mean by it, each written in NumPy from the
source it cites. Its *probes* are inputs on which every two of them differ by far more
than rounding can explain; a test proves that.

A module of this package that has a tuple ``FAMILIES`` is registered by being here.
"""

import importlib
import pkgutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["Family", "Probe", "Variant", "families"]


@dataclass(frozen=True, eq=False)
class Variant:
    """One published meaning of a name.

    Attributes
    ----------
    name : str
        What tells it from its relatives, as ``"epsilon-hat"``; unique in its family.
        It stands in "adam_step is <name>" and in the rows of a table.
    follows : str
        Who does it so: papers (author, year, section) and libraries, as they are
        cited in a sentence. Looked up, not remembered.
    link : str
        The address of the page that says so.
    function : callable or tuple of callables
        The variant itself in the interface of the contract: one callable for each
        of the family's ``functions``, in that order, and no tuple around a single
        one. It takes arrays of float64 and every option of the family's probes.
    note : str
        The difference in a sentence, as "eps is added to the root before its bias is
        corrected".
    """

    name: str
    follows: str
    link: str
    function: Any
    note: str


@dataclass(frozen=True, eq=False)
class Probe:
    """An input on which some variants differ.

    Attributes
    ----------
    name : str
        Unique in its family.
    sentence : str
        The input for a reader, as "params 0, gradient 1e-7, eps 1e-7".
    arguments : tuple
        What ``play`` takes from it: arrays of float64 or integers, numbers, strings.
    options : mapping
        Options by their names in the contract; those a target does not take are left
        out of its calls.
    unit : str
        The name of an option in whose units the floating arguments are to be scaled
        when a target has that option fixed at another value.
    steps : bool
        Whether the first axis of what ``play`` returns is time: then it can be said
        up to which step two trajectories agree.
    exact : bool
        Whether the input sits on a kink or a tie, and means nothing when it is moved
        by a rounding error.
    """

    name: str
    sentence: str
    arguments: tuple[Any, ...]
    options: Mapping[str, Any] = field(default_factory=dict)
    unit: str = ""
    steps: bool = False
    exact: bool = False

    def at(self, **options: Any) -> "Probe":
        """Return this probe for a target with options that cannot be set."""
        known = {name: v for name, v in options.items() if name in self.options}
        if not known:
            return self
        scale = 1.0
        if self.unit in known:
            scale = known[self.unit] / self.options[self.unit]
        return replace(
            self,
            arguments=tuple(_scaled(value, scale) for value in self.arguments),
            options={**self.options, **known},
        )


def _scaled(value: Any, scale: float) -> Any:
    floating = isinstance(value, np.ndarray) and value.dtype.kind == "f"
    return value * scale if floating and scale != 1.0 else value


@dataclass(frozen=True, eq=False)
class Family:
    """What goes by one name, and how to tell who means what.

    Attributes
    ----------
    name : str
        Unique; what a reader calls it, as ``"adam"``.
    functions : tuple of str
        The functions it is about by the contract's names (or, where the contract has
        none, by a name of its own): ``("adam_init", "adam_step")``, ``("variance",)``.
    title : str
        For a heading and for "<title>, <variant>", as ``"Adam"``.
    variants : tuple of Variant
        At least two, the best-known first: a variant is told from the first other one.
    probes : tuple of Probe
        The most telling first. Together they separate every two variants, with a wide
        margin in float64 and in float32.
    play : callable
        ``play(function, probe)`` returns as an array of float64 or float32 what the
        function does with the probe; ``function`` is as in `Variant`. Whatever the
        function raises passes through.
    allowance : callable, optional
        ``allowance(want, probe)`` returns by how much a right result may differ from
        ``want``, for what is drawn at random and not only rounded. Without it the
        allowance follows from the dtype and from what a rounding error in each input
        changes.
    fixed : mapping, optional
        The values that an option commonly has, the commonest first, where a target
        does not take it: they are tried in turn.
    """

    name: str
    functions: tuple[str, ...]
    title: str
    variants: tuple[Variant, ...]
    probes: tuple[Probe, ...]
    play: Callable[[Any, Probe], NDArray[Any]]
    allowance: Callable[[NDArray[Any], Probe], NDArray[Any]] | None = None
    fixed: Mapping[str, tuple[Any, ...]] = field(default_factory=dict)


@cache
def families() -> Mapping[str, Family]:
    """Return the families of all modules here, by their names."""
    found: dict[str, Family] = {}
    for module in sorted(m.name for m in pkgutil.iter_modules(__path__)):
        imported = importlib.import_module(f"{__name__}.{module}")
        for family in getattr(imported, "FAMILIES", ()):
            found[family.name] = family
    return MappingProxyType(found)

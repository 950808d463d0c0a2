"""Pytest plugin: the laws, run against the implementation named by ``--impl``.

``pytest -p reference.conformance.plugin --import-mode=importlib --impl mypackage.nn``

adds the laws to a suite of your own. Laws of this project's contract are reported as
expected failures where they fail, and so are the divergences this project knows of.
"""

import functools
import gc
import random
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, Phase, Verbosity, settings
from hypothesis.database import DirectoryBasedExampleDatabase

from reference.conformance.calls import Call, Conduct
from reference.conformance.compare import MismatchError
from reference.conformance.extent import Leniency, lenient
from reference.conformance.guard import Guard
from reference.conformance.implementation import Implementation
from reference.conformance.known import divergences, version_of
from reference.conformance.laws import SUITE, chapters, describe
from reference.conformance.target import TargetError, load

__all__ = ["TARGET", "ConductError"]

MARKERS = (
    "claim(*ids): decides these entries of the ledger",
    "contract: a promise of this project, not a law of mathematics",
    "needs(*capabilities): what an implementation must offer for this to be asked",
    "benchmark: measures speed or memory",
    "browser: looks at the built book in Chromium",
    "libraries: needs the libraries that have adapters",
    "slow: takes more than a few seconds",
    "nightly: too long for every run",
)

TARGET = pytest.StashKey[Implementation]()


class ConductError(AssertionError):
    """A function does something beside returning its result."""

    def __init__(self, conduct: Conduct) -> None:
        detail = f" ({conduct.detail})" if conduct.detail else ""
        super().__init__(
            f"{conduct.function} {conduct.habit}{detail}, in {conduct.call}"
        )


def register_profiles() -> None:
    """Register the Hypothesis profiles, and load ``dev``.

    Every field is set in each of them: with ``CI`` in the environment, Hypothesis
    changes the defaults that a profile leaves open.
    """
    search = (Phase.explicit, Phase.reuse, Phase.generate, Phase.target)
    database = DirectoryBasedExampleDatabase(".hypothesis/examples")
    common: dict[str, Any] = {
        "backend": "hypothesis",
        "database": None,
        "deadline": None,
        "derandomize": False,
        "phases": (*search, Phase.shrink),
        "print_blob": False,
        "report_multiple_bugs": False,
        "stateful_step_count": 50,
        # How long a law takes says nothing about whether it holds.
        "suppress_health_check": (HealthCheck.too_slow,),
        "verbosity": Verbosity.normal,
    }
    own: dict[str, dict[str, Any]] = {
        "quick": {"max_examples": 25},
        "dev": {"max_examples": 50, "database": database},
        # As thorough as ``ci``, and it listens to a seed.
        "full": {"max_examples": 200},
        "ci": {"max_examples": 200, "derandomize": True, "print_blob": True},
        "nightly": {"max_examples": 2000, "database": database, "print_blob": True},
        # Is a planted fault caught at all? No need to know by how small an input.
        "faults": {"max_examples": 50, "derandomize": True, "phases": search},
        # Is every line run?
        "lines": {"max_examples": 10, "derandomize": True, "phases": search},
    }
    for name, fields in own.items():
        settings.register_profile(name, **{**common, **fields})
    settings.load_profile("dev")


register_profiles()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add ``--impl``."""
    parser.addoption(
        "--impl",
        metavar="TARGET",
        help="implementation to check: a module, a file.py, file.py:function, or a "
        "library such as torch (default: reference)",
    )


def pytest_configure(config: pytest.Config) -> None:
    """Register the markers, and load the implementation under test."""
    for line in MARKERS:
        config.addinivalue_line("markers", line)
    if TARGET in config.stash:
        return
    chosen = config.getoption("--impl")
    try:
        config.stash[TARGET] = load(chosen or "reference")
    except TargetError as error:
        msg = f"--impl: {error}"
        raise pytest.UsageError(msg) from error
    if chosen and not any(_about_laws(config, argument) for argument in config.args):
        config.args += [str(folder) for folder in chapters()]


def pytest_collection_modifyitems(
    config: pytest.Config, items: list[pytest.Item]
) -> None:
    """Let departures of other implementations from the contract fail as expected."""
    if config.getoption("--impl") in (None, "reference"):
        return
    departure = pytest.mark.xfail(reason="departs from the contract", strict=False)
    for item in items:
        if "impl" in getattr(item, "fixturenames", ()) and (
            describe(item).level == "contract"
        ):
            item.add_marker(departure)


def pytest_collection_finish() -> None:
    """Spare the garbage collector what stays until the end: SymPy, all modules."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session")
def impl(request: pytest.FixtureRequest) -> Implementation:
    """Return the implementation under test."""
    return request.config.stash[TARGET]


@pytest.hookimpl(wrapper=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> Generator[None, Any, Any]:
    """Tell the guard which law is being judged, and fail it for bad conduct."""
    target = pyfuncitem.config.stash[TARGET]
    if "impl" not in pyfuncitem.fixturenames:
        return (yield)
    needs = [n for mark in pyfuncitem.iter_markers("needs") for n in mark.args]
    target.needs = frozenset(needs)
    guard = target.guard
    guard.contract = pyfuncitem.get_closest_marker("contract") is not None
    guard.calls.clear()
    guard.conduct.clear()
    noted: list[tuple[MismatchError, list[Call]]] = []
    with (
        _overlooked(pyfuncitem, target, noted),
        _examples_told_apart(pyfuncitem, guard),
    ):
        result = yield
    if noted:  # it holds, apart from what is known: that is told last
        error, guard.calls[:] = noted[0]
        raise error
    strict = target.target == "reference"
    for conduct in guard.conduct:
        if strict or conduct.level == "mathematics":
            raise ConductError(conduct)
    return result


@contextmanager
def _overlooked(
    item: pytest.Item,
    target: Implementation,
    noted: list[tuple[MismatchError, list[Call]]],
) -> Iterator[None]:
    """Note what a known divergence explains, and let the law go on."""
    law = describe(item)
    known = divergences(target.target, version_of(target.target))
    extents = tuple(entry.extent for entry in known if entry.speaks_of(law))
    if not extents:
        yield
        return

    def note(error: MismatchError) -> None:
        if not noted:
            noted.append((error, list(target.guard.calls)))

    with lenient(Leniency(extents, note)):
        yield


def _about_laws(config: pytest.Config, argument: str) -> bool:
    """Say whether an argument of pytest lies inside the suite, or around it."""
    path = Path(config.invocation_params.dir, argument.partition("::")[0]).resolve()
    return path.is_relative_to(SUITE) or SUITE.is_relative_to(path)


@contextmanager
def _examples_told_apart(item: pytest.Function, guard: Guard) -> Iterator[None]:
    """Forget the calls of one example when Hypothesis begins the next."""
    handle = getattr(item.obj, "hypothesis", None)
    if handle is None:
        yield
        return
    law: Callable[..., Any] = handle.inner_test

    @functools.wraps(law)
    def one_example(*arguments: Any, **inputs: Any) -> Any:
        guard.calls.clear()
        # Hypothesis has just seeded these with 0; so might the function that is judged.
        random.random()
        np.random.random_sample()  # noqa: NPY002
        return law(*arguments, **inputs)

    handle.inner_test = one_example
    try:
        yield
    finally:
        handle.inner_test = law

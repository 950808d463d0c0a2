"""Pytest plugin: the laws, run against the implementation named by ``--impl``.

``pytest -p reference.conformance.plugin --impl mypackage.nn PATH/TO/THE/LAWS``
"""

from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, Verbosity, settings
from hypothesis.database import DirectoryBasedExampleDatabase

from reference.conformance.implementation import Implementation

MARKERS = (
    "claim(*ids): decides these entries of the ledger",
    "contract: a promise of this project, not a law of mathematics",
    "needs(*capabilities): what an implementation must offer for this to be asked",
    "slow: takes more than a few seconds",
    "nightly: too long for every run",
)


def register_profiles() -> None:
    """Register the Hypothesis profiles, and load ``dev``.

    Every field is set in each of them: with ``CI`` in the environment, Hypothesis
    changes the defaults that a profile leaves open.
    """
    common: dict[str, Any] = {
        "backend": "hypothesis",
        "deadline": None,
        "phases": (
            Phase.explicit,
            Phase.reuse,
            Phase.generate,
            Phase.target,
            Phase.shrink,
        ),
        "report_multiple_bugs": False,
        "stateful_step_count": 50,
        # How long a law takes says nothing about whether it holds.
        "suppress_health_check": (HealthCheck.too_slow,),
        "verbosity": Verbosity.normal,
    }
    database = DirectoryBasedExampleDatabase(".hypothesis/examples")
    own: dict[str, tuple[int, dict[str, Any]]] = {
        "quick": (25, {"derandomize": False, "database": None, "print_blob": False}),
        "dev": (50, {"derandomize": False, "database": database, "print_blob": False}),
        "ci": (200, {"derandomize": True, "database": None, "print_blob": True}),
        "nightly": (
            2000,
            {"derandomize": False, "database": database, "print_blob": True},
        ),
    }
    for name, (max_examples, more) in own.items():
        settings.register_profile(name, max_examples=max_examples, **more, **common)
    settings.load_profile("dev")


register_profiles()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add ``--impl``."""
    parser.addoption("--impl", default="reference", help="implementation to check")


def pytest_configure(config: pytest.Config) -> None:
    """Register the markers, so that the laws run without this project's settings."""
    for line in MARKERS:
        config.addinivalue_line("markers", line)


@pytest.fixture(scope="session")
def impl(request: pytest.FixtureRequest) -> Implementation:
    """Return the implementation under test."""
    return Implementation(request.config.getoption("--impl"))

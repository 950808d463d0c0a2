"""How a family calls a function: what comes back, as an array of floats."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from reference.conformance.variants import Probe

__all__ = ["call", "floats", "quiet", "single"]

SMALL = (np.float16, np.float32)

# Variants are what was published, infinities and all.
quiet = np.errstate(all="ignore")


def floats(value: Any) -> NDArray[Any]:
    """Return an array of float16 or float32 if it is one, else of float64."""
    array = np.asarray(value)
    return array if array.dtype in SMALL else array.astype(np.float64)


def call(function: Any, probe: Probe) -> NDArray[Any]:
    """Call a function with a probe's arguments and options."""
    return floats(function(*probe.arguments, **probe.options))


def single(function: Any, probe: Probe) -> NDArray[Any]:
    """Call a function about one example, whatever it makes of a batch of one."""
    return call(function, probe).ravel()

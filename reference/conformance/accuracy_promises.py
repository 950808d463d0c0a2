"""What the reference promises about its own accuracy, and the named exceptions."""

from dataclasses import dataclass
from math import inf

from reference.conformance.accuracy_run import Measured
from reference.conformance.accuracy_truth import ROWWISE, UNARY

__all__ = ["NAMED", "broken_promise"]

# Half an ulp, and what float64 arithmetic adds to it before it is rounded.
_HALF = 0.5 + 2.0**-20


@dataclass(frozen=True)
class Named:
    """Inputs whose results the reference does not round correctly.

    Attributes
    ----------
    low, high : float
        Between which sizes they all are.
    count : int or None
        How many; None where not every input has been tried.
    """

    low: float
    high: float
    count: int | None = None


# Near the root of a slope two terms cancel. The others lie so close to a tie that
# float64 takes them for one.
NAMED = {
    ("elu", "float32"): Named(0, 0, 0),
    ("gelu_derivative", "float32"): Named(0.7517, 0.7520),
    ("log_sigmoid", "float32"): Named(0, inf, 1),
    ("sigmoid", "float32"): Named(0, 1.5e-5, 81),
    ("sigmoid_derivative", "float32"): Named(0, 0, 0),
    ("softplus", "float32"): Named(0, inf, 1),
    ("tanh", "float32"): Named(0, 0, 0),
}


def broken_promise(measured: Measured) -> str:
    """Say which promise a measurement of the reference breaks, if it breaks one."""
    tally, name, dtype = measured.tally, measured.name, measured.dtype
    if dtype == "float64":
        known = UNARY.get(name) or ROWWISE[name]
        if tally.ulps > known.promised:
            return f"{name} is off by {tally.ulps:.3g} ulp, promised {known.promised:g}"
        return ""
    if tally.ulps > _HALF:
        return f"{name} in {dtype} is off by {tally.ulps:.9g} ulp, promised half of one"
    return "" if name in ROWWISE else _unnamed(measured)


def _unnamed(measured: Measured) -> str:
    """Say what is not correctly rounded although it is not named."""
    tally, what = measured.tally, f"{measured.name} in {measured.dtype}"
    named = NAMED.get((measured.name, measured.dtype), Named(0, 0))
    for x in tally.exceptions:
        if not named.low <= abs(float.fromhex(x)) <= named.high or not named.high:
            return f"{what} is not correctly rounded at {x}, which is not named"
    wrong = tally.inputs - tally.correct
    whole = measured.blocks == measured.of and (
        measured.of > 1 or measured.dtype == "float16"
    )
    if named.count is not None and (
        wrong > named.count or (whole and wrong < named.count)
    ):
        return f"{what} has {wrong} exceptions, named are {named.count}"
    return ""

"""What the reference promises about its own accuracy, and the named exceptions."""

from dataclasses import dataclass

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
    count : int
        How many.
    inputs : frozenset of float
        Which.
    within : float
        Or, where they are many, how large in size at most.
    """

    count: int = 0
    inputs: frozenset[float] = frozenset()
    within: float = 0.0

    def __contains__(self, x: float) -> bool:
        return x in self.inputs or 0 < abs(x) <= self.within


def _these(*inputs: str) -> Named:
    return Named(len(inputs), frozenset(map(float.fromhex, inputs)))


# Two of those of the slope of GELU are next to its root, where two terms cancel. All
# others lie so close to a tie that float64 takes them for one.
NAMED = {
    ("gelu", "float32"): _these("0x1.6148dep-16"),
    ("gelu_derivative", "float32"): _these(
        "0x1.40d932p-25", "-0x1.40d932p-26", "-0x1.80ead2p-1", "-0x1.80eb02p-1"
    ),
    ("log_sigmoid", "float32"): _these("-0x1.d483ap-12"),
    ("sigmoid", "float32"): Named(81, within=1.5e-5),
    ("silu", "float32"): _these("-0x1.2p-17"),
    ("silu_derivative", "float32"): Named(104, within=1.5e-5),
    ("softplus", "float32"): _these("0x1.d483ap-12"),
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
    named = NAMED.get((measured.name, measured.dtype), Named())
    for x in tally.exceptions:
        if float.fromhex(x) not in named:
            return f"{what} is not correctly rounded at {x}, which is not named"
    wrong = tally.inputs - tally.correct
    whole = measured.blocks == measured.of and (
        measured.of > 1 or measured.dtype == "float16"
    )
    if wrong > named.count or (whole and wrong < named.count):
        return f"{what} has {wrong} exceptions, named are {named.count}"
    return ""

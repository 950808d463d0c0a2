"""Why a law fails, as a report tells it."""

from dataclasses import dataclass

__all__ = ["Failure"]


@dataclass(frozen=True)
class Failure:
    """Why one law fails.

    Attributes
    ----------
    function : str
        The function of the contract that is to blame.
    kind : str
        ``"value"``, ``"zero"``, ``"infinity"``, ``"nan"``, ``"shape"``, ``"type"`` for
        numbers; ``"raises"``, ``"hang"``, ``"end"`` for calls that return none;
        ``"law"`` for an assertion that does not hold; ``"conduct"`` for habits.
    cause : str
        What happened, in a few words.
    calls : tuple of str
        The calls that show it, as Python.
    got, expected, bound : str
        The numbers to compare, and what difference is allowed; empty where the law
        compares none.
    ulps : float or None
        How far apart the values are, in units in the last place of the expected one.
    detail : str
        What else there is to say, such as the assertion that did not hold.
    returned : tuple of str
        What each call returns, as ``print`` shows it; empty where that is too long.
    ours : str
        What the reference returns for the same call, if there is only one.
    place : tuple of int or None
        Which entry of what the call returns was got; None where the law compares
        something that it has made of it.
    warnings : tuple of str
        What NumPy says during the call.
    error, size, eps : float or None
        How far off, from a number of which size, in a dtype with which ``eps``.
    """

    function: str
    kind: str
    cause: str
    calls: tuple[str, ...] = ()
    got: str = ""
    expected: str = ""
    bound: str = ""
    ulps: float | None = None
    detail: str = ""
    returned: tuple[str, ...] = ()
    ours: str = ""
    place: tuple[int, ...] | None = None
    warnings: tuple[str, ...] = ()
    error: float | None = None
    size: float | None = None
    eps: float | None = None

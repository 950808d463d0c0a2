"""What a worker is asked to do, and how workers share the files of laws."""

from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

__all__ = ["Request", "claim", "claimed"]


@dataclass(frozen=True)
class Request:
    """What to check, and how.

    Attributes
    ----------
    target, name : str
        As :func:`reference.conformance.target.load` takes them.
    profile : str
        The Hypothesis profile.
    only : list of str
        The functions to check; all of them if empty.
    done : list of str
        The ids of laws not to run again.
    given_up : list of str
        The functions not to call again.
    level : str
        ``"mathematics"`` to leave the contract out.
    paths : list of str
        The files and folders with the laws; all chapters if empty.
    stop_first : bool
        Whether the first failure is enough.
    seconds : float
        How long one call may take.
    beacon : str
        The file behind the beacon, if there is one.
    seed : int
        Where Hypothesis begins to draw.
    number : int
        Which of several workers this is; the first says what the target offers.
    spare : list of str
        The files of other workers, to help with when one's own are judged.
    claims : str
        The folder in which workers say which files they judge, if there are several.
    """

    target: str
    name: str = ""
    profile: str = "quick"
    only: list[str] = field(default_factory=list)
    done: list[str] = field(default_factory=list)
    given_up: list[str] = field(default_factory=list)
    level: str = ""
    paths: list[str] = field(default_factory=list)
    stop_first: bool = False
    seconds: float = 5.0
    beacon: str = ""
    seed: int = 0
    number: int = 0
    spare: list[str] = field(default_factory=list)
    claims: str = ""


def claim(request: Request, path: str) -> bool:
    """Claim a file of laws, and return whether it is this worker's to judge."""
    if not request.claims:
        return True
    try:
        with _slip(request, path).open("x", encoding="utf-8") as file:
            file.write(str(request.number))
    except FileExistsError:
        return bool(claimed(request, path))
    return True


def claimed(request: Request, path: str) -> bool | None:
    """Return whether a file is claimed by this worker; None if nobody has yet."""
    try:
        return _slip(request, path).read_text("utf-8") == str(request.number)
    except FileNotFoundError:
        return None


def _slip(request: Request, path: str) -> Path:
    return Path(request.claims, sha256(path.encode()).hexdigest())

"""The command ``lemmata``."""

import argparse
import math
import os
import sys
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import Any, NoReturn

import reference
from reference.conformance.errors import CommandError
from reference.conformance.interrupts import one_interrupt

__all__ = ["main"]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command and return its exit status.

    0: all is well. 1: something is wrong with what was checked. 2: nothing could be
    checked, and one line on the standard error says why.
    """
    options = _parser().parse_args(arguments)
    try:
        # What a command needs is imported only when it is called.
        command = import_module(f"reference.conformance.{options.module}")
        with one_interrupt():
            return int(command.command(options))
    except ModuleNotFoundError as error:
        needed = (error.name or "").partition(".")[0]
        line = f"this needs {needed}: pip install 'lemmata[verify]'"
        return _refuse(line)
    except CommandError as error:
        return _refuse(str(error))
    except KeyboardInterrupt:
        return _refuse("interrupted", status=130)
    except BrokenPipeError:  # whoever was reading has left
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1


def _refuse(line: str, *, status: int = 2) -> int:
    sys.stderr.write(f"lemmata: {' '.join(line.split())}\n")
    return status


class _Parser(argparse.ArgumentParser):
    """Says in one line what is wrong with a command line."""

    def error(self, message: str) -> NoReturn:
        self.exit(2, f"lemmata: {message}\n")


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="lemmata",
        description="The fundamentals of deep learning, derived and checked.",
    )
    version = f"lemmata {reference.__version__}"
    parser.add_argument("--version", action="version", version=version)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    _add_check(commands)
    _add_prove(commands)
    _add_identify(commands)
    _add_accuracy(commands)
    _add_vectors(commands)
    return parser


def _add_check(commands: Any) -> None:
    check = commands.add_parser(
        "check",
        help="check an implementation against the laws",
        description="Run the laws of everything TARGET offers, and say what fails.",
        epilog="Exit status: 0 if the mathematics holds, 1 if some fails, 2 if TARGET "
        "cannot be checked.",
    )
    check.set_defaults(module="check")
    check.add_argument(
        "target",
        metavar="TARGET",
        help="reference, a library as torch, a module, a file.py, or file.py:function",
    )
    check.add_argument(
        "--as",
        dest="name",
        default="",
        metavar="NAME",
        help="what the one function is called here",
    )
    check.add_argument(
        "-k",
        dest="only",
        action="extend",
        nargs="+",
        default=[],
        metavar="NAME",
        help="check only these functions",
    )
    check.add_argument(
        "--strict",
        action="store_true",
        help="count departures from the contract and known divergences as failures",
    )
    check.add_argument(
        "--report",
        type=Path,
        metavar="FILE",
        help="also write FILE.json, FILE.xml (JUnit) or FILE.html",
    )
    check.add_argument(
        "--profile",
        choices=("quick", "full"),
        default="quick",
        help="how many inputs each law is tried on (25 or 200)",
    )
    check.add_argument(
        "--seed",
        type=_natural,
        default=0,
        metavar="N",
        help="where the drawing of inputs begins (0 unless told)",
    )
    check.add_argument(
        "--jobs",
        type=_positive,
        metavar="N",
        help="how many processes (all cores unless told)",
    )
    check.add_argument(
        "--memory",
        type=_size,
        default=4.0,
        metavar="GB",
        help="how much memory each process may take (4 GB unless told)",
    )


def _add_prove(commands: Any) -> None:
    prove = commands.add_parser(
        "prove",
        help="re-check derivations and print them",
        description="Check every step of the derivations again, and print them.",
        epilog="Exit status: 0 if every step holds, 1 if one does not, 2 if there is "
        "no such derivation.",
    )
    prove.set_defaults(module="prove")
    prove.add_argument(
        "names",
        nargs="*",
        metavar="NAME",
        help="a chapter, a concept or a derivation, as activations.sigmoid.stable",
    )


def _add_identify(commands: Any) -> None:
    identify = commands.add_parser(
        "identify",
        help="say which published variant an implementation follows",
        description="Play inputs on which published variants differ, and name the one "
        "that TARGET follows, or the nearest and where it differs.",
        epilog="Exit status: 0 if it is a known variant, 1 if it is none of those "
        "known, 2 if it cannot be asked.",
    )
    identify.set_defaults(module="identify")
    identify.add_argument(
        "target",
        metavar="TARGET",
        help="file.py:adam_step, torch:Adam, or file.py, a module or a library for "
        "all that is known in it",
    )
    identify.add_argument(
        "--as",
        dest="name",
        default="",
        metavar="NAME",
        help="what the one function is called here, as adam_step",
    )
    identify.add_argument(
        "--report", type=Path, metavar="FILE", help="also write FILE.json"
    )


def _add_accuracy(commands: Any) -> None:
    accuracy = commands.add_parser(
        "accuracy",
        help="measure errors in units in the last place",
        description="Measure how far off TARGET's functions are, against 60 digits.",
        epilog="Exit status: 0 if all was measured, 1 if something could not be or the "
        "reference breaks a promise, 2 if TARGET cannot be measured.",
    )
    accuracy.set_defaults(module="accuracy")
    accuracy.add_argument(
        "target",
        metavar="TARGET",
        help="reference, a library such as torch, a module, a file.py",
    )
    accuracy.add_argument(
        "-k",
        dest="only",
        action="extend",
        nargs="+",
        default=[],
        metavar="NAME",
        help="measure only these functions",
    )
    accuracy.add_argument(
        "--dtype",
        action="append",
        choices=("float16", "float32", "float64"),
        help="measure only in this dtype",
    )
    accuracy.add_argument(
        "--exhaustive", action="store_true", help="try all 2^32 inputs of float32"
    )
    accuracy.add_argument(
        "--jobs",
        type=_positive,
        metavar="N",
        help="how many processes (all cores unless told)",
    )
    accuracy.add_argument(
        "--state",
        type=Path,
        metavar="FILE",
        help="keep what is done in FILE, and go on from there",
    )
    accuracy.add_argument(
        "--report", type=Path, metavar="FILE", help="also write FILE.json"
    )


def _add_vectors(commands: Any) -> None:
    vectors = commands.add_parser(
        "vectors",
        help="write test vectors that any language can read",
        description="Write inputs and enclosures of results to DIR, as JSON.",
        epilog="Exit status: 0 if the file was written, 2 if it could not be.",
    )
    vectors.set_defaults(module="vectors")
    vectors.add_argument("folder", type=Path, metavar="DIR", help="where to write")


def _natural(text: str) -> int:
    """Read a seed."""
    return _whole(text, at_least=0)


def _positive(text: str) -> int:
    """Read a count."""
    return _whole(text, at_least=1)


def _size(text: str) -> float:
    """Read a number of gigabytes."""
    try:
        number = float(text)
    except ValueError:
        number = math.nan
    if not 0 < number < math.inf:
        msg = f"a number above 0, got {text}"
        raise argparse.ArgumentTypeError(msg)
    return number


def _whole(text: str, *, at_least: int) -> int:
    if not text.isdecimal() or int(text) < at_least:
        msg = f"at least {at_least}, got {text}"
        raise argparse.ArgumentTypeError(msg)
    return int(text)

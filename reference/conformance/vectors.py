"""``lemmata vectors``: inputs and enclosures that any language can read.

The file needs no Python to be used: every number in an array is a string, in
hexadecimal, ``inf`` or ``nan``, as C's ``strtod`` reads it. Expected values are the
definitions of the book, evaluated to 60 digits; no implementation was asked.
"""

import argparse
import json
import sys
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np

import reference
from reference.conformance.accuracy_truth import rounded
from reference.conformance.check import write_whole
from reference.conformance.errors import CommandError
from reference.conformance.vectors_activations import activations
from reference.conformance.vectors_case import Enclosure, Vector
from reference.conformance.vectors_layers import layers
from reference.conformance.vectors_losses import losses
from reference.conformance.vectors_optimizers import optimizers

__all__ = ["FILE", "command", "document", "vectors"]

FILE = "vectors.json"


def vectors() -> list[Vector]:
    """Return all vectors, always the same."""
    return [*activations(), *losses(), *layers(), *optimizers()]


def document() -> dict[str, Any]:
    """Return what the file holds."""
    return {
        "format": 2,
        "lemmata": reference.__version__,
        "vectors": [_record(vector) for vector in vectors()],
    }


def _record(vector: Vector) -> dict[str, Any]:
    return {
        "function": vector.function,
        "case": vector.case,
        "level": vector.level,
        "form": vector.form,
        "dtype": vector.dtype,
        "options": vector.options,
        "arguments": [_argument(value, vector.dtype) for value in vector.arguments],
        "expected": [_result(result, vector.dtype) for result in vector.results],
    }


def _argument(value: Any, dtype: str) -> Any:
    """Write an array; of several a list."""
    if isinstance(value, tuple):
        return [_argument(part, dtype) for part in value]
    whole = value.dtype.kind == "i"
    return {
        "kind": "integer" if whole else "real",
        "shape": list(value.shape),
        "data": [_hex(float(v)) for v in value.ravel()],
    }


def _result(result: Enclosure, dtype: str) -> dict[str, Any]:
    pairs = list(zip(result.exact.ravel(), result.slack.ravel(), strict=True))
    return {
        "shape": list(result.exact.shape),
        "nearest": [_hex(_outer(value, Fraction(0), dtype)) for value, _ in pairs],
        "low": [_hex(_outer(value, -slack, dtype)) for value, slack in pairs],
        "high": [_hex(_outer(value, slack, dtype)) for value, slack in pairs],
    }


def _hex(value: float) -> str:
    return value.hex() if np.isfinite(value) else str(value)


def _outer(value: Any, slack: Fraction, dtype: str) -> float:
    """Return the last accepted number on one side."""
    exact = isinstance(value, Fraction)
    return rounded(value + slack, dtype) if exact else float(value)


def command(options: argparse.Namespace) -> int:
    """Run ``lemmata vectors`` and return its exit status."""
    folder: Path = options.folder
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        message = f"cannot write to {folder}: {error.strerror}"
        raise CommandError(message) from error
    content = document()
    text = json.dumps(content, indent=1, ensure_ascii=True, allow_nan=False) + "\n"
    write_whole(folder / FILE, text)
    count = len(content["vectors"])
    names = {vector["function"] for vector in content["vectors"]}
    sys.stdout.write(f"{folder / FILE}: {count} vectors of {len(names)} functions.\n")
    return 0

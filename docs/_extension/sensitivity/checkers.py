"""The checkers other than ours, each used as its documentation says.

Each answers with a verdict: ``"caught"`` if it fails or raises, ``"missed"`` if it is
content, ``"-"`` if there is nothing that it could be asked.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import cache
from importlib import import_module
from types import SimpleNamespace
from typing import Any

import jax
import numpy as np
import torch
from jax import numpy as jnp
from jax.test_util import check_grads

import reference
from docs._extension.sensitivity.calls import comparable, results
from docs._extension.sensitivity.problems import Draw, Pair, Problem
from reference.conformance.values import arrays

__all__ = [
    "CAUGHT",
    "FRAMEWORKS",
    "MISSED",
    "NOTHING",
    "compare",
    "false_alarms",
    "framework",
    "gradients",
    "namespace",
]

CAUGHT, MISSED, NOTHING = "caught", "missed", "-"

# In this order the comparison looks for a library that has a function.
FRAMEWORKS = ("torch", "scipy", "sklearn", "jax", "keras", "optax", "mygrad")


def namespace(**changed: Any) -> Any:
    """Return the functions of the reference, some of them exchanged."""
    own = {name: getattr(reference, name) for name in reference.__all__}
    return SimpleNamespace(**{**own, **changed})


def by_torch(problem: Problem) -> None:
    """Run ``torch.autograd.gradcheck`` at its defaults, in double precision."""

    class Function(torch.autograd.Function):
        @staticmethod
        def forward(ctx: Any, *inputs: Any) -> Any:
            ctx.save_for_backward(*inputs)
            values = [x.detach().numpy() for x in inputs]
            return torch.as_tensor(np.asarray(problem.forward(*values)))

        @staticmethod
        def backward(ctx: Any, g: Any) -> Any:
            values = [x.detach().numpy() for x in ctx.saved_tensors]
            found = problem.backward(g.detach().numpy(), *values)
            return tuple(torch.as_tensor(np.asarray(part)) for part in found)

    inputs = [torch.tensor(x, dtype=torch.float64) for x in problem.inputs]
    torch.autograd.gradcheck(Function.apply, [x.requires_grad_() for x in inputs])


def by_jax(problem: Problem) -> None:
    """Run ``jax.test_util.check_grads`` at its defaults, in double precision.

    First order and backwards, since nothing else is written by hand.
    """

    def call(function: Callable[..., Any], *values: Any) -> Any:
        result = function(*map(np.asarray, values))
        if isinstance(result, tuple):
            return tuple(jnp.asarray(np.asarray(part)) for part in result)
        return jnp.asarray(np.asarray(result))

    f = jax.custom_vjp(lambda *xs: call(problem.forward, *xs))
    f.defvjp(lambda *xs: (f(*xs), xs), lambda xs, g: call(problem.backward, g, *xs))
    check_grads(f, problem.inputs, order=1, modes=["rev"])


GRADIENTS = {"gradcheck": by_torch, "check_grads": by_jax}


def _fails(check: Callable[[Problem], None], problem: Problem) -> bool:
    try:
        check(problem)
    except Exception:  # whatever it raises, a person who ran it would have a look
        return True
    return False


@cache
def false_alarms(checker: str, pair: Pair) -> frozenset[int]:
    """Return the problems of a pair at which the reference itself fails a checker."""
    check = GRADIENTS[checker]
    with _quiet():
        problems = enumerate(pair.problems(namespace(), Draw()))
        return frozenset(n for n, problem in problems if _fails(check, problem))


def gradients(checker: str, of: Any, pairs: Iterable[Pair]) -> str:
    """Return the verdict of a checker of gradients on all problems of some pairs."""
    check, verdict = GRADIENTS[checker], NOTHING
    for pair in pairs:
        known = false_alarms(checker, pair)
        with _quiet():
            for n, problem in enumerate(pair.problems(of, Draw())):
                if n in known:
                    continue
                verdict = MISSED
                if _fails(check, problem):
                    return CAUGHT
    return verdict


@contextmanager
def _quiet() -> Iterator[None]:
    """Turn warnings off, and 64-bit numbers on in JAX."""
    with warnings.catch_warnings(), jax.enable_x64(new_val=True):
        warnings.simplefilter("ignore")
        yield


@cache
def framework(name: str) -> str:
    """Return the first library whose adapter offers a function and agrees about it.

    Libraries differ in conventions: one that the reference itself is not close to
    tells nobody anything.
    """
    if not comparable(name):
        return ""
    for library in FRAMEWORKS:
        if _adapter(library, name) and _close(namespace(), library, name):
            return library
    return ""


@cache
def _adapter(library: str, name: str) -> bool:
    module = import_module(f"reference.conformance.adapters.{library}")
    return hasattr(module, name)


def _close(of: Any, library: str, name: str) -> bool:
    """Compare by ``numpy.allclose`` at its defaults, result by result."""
    adapter = import_module(f"reference.conformance.adapters.{library}")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        wanted = [list(_parts(result)) for result in results(adapter, name)]
        try:
            found = [list(_parts(result)) for result in results(of, name)]
            return all(
                np.allclose(a, b)
                for got, want in zip(found, wanted, strict=True)
                for a, b in zip(got, want, strict=True)
            )
        except Exception:  # as above: who sees it raise has caught it
            return False


def _parts(result: Any) -> Iterator[Any]:
    return arrays(result if isinstance(result, tuple) else np.asarray(result))


def compare(of: Any, names: Iterable[str]) -> tuple[str, str]:
    """Return the verdict of a comparison of some functions, and with which library."""
    libraries = {name: framework(name) for name in names}
    known = {name: library for name, library in libraries.items() if library}
    if not known:
        return NOTHING, ""
    close = all(_close(of, library, name) for name, library in known.items())
    return MISSED if close else CAUGHT, ", ".join(sorted(set(known.values())))

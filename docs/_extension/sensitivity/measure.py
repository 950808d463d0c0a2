"""Put every fault and every defect to every checker.

A case is a planted fault, or a defect in a function and its gradient. Cases are judged
in processes of their own, a few at a time, since laws are run by pytest and leave
traces. What has been judged is kept in `.cache`, so that an interrupted run goes on.
"""

from __future__ import annotations

import hashlib
import importlib
import json
import multiprocessing
import os
import platform
import sys
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from importlib.metadata import version
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
from hypothesis import Phase, settings

import reference
from docs._extension.book import ROOT
from docs._extension.sensitivity import CHECKERS, DATA, data, faults
from docs._extension.sensitivity.checkers import compare, gradients, namespace
from docs._extension.sensitivity.defects import CONTROL, DEFECTS, defective, pairs
from docs._extension.sensitivity.problems import PAIRS, Pair
from reference.conformance.laws import SUITE, chapters, mentioned
from reference.conformance.request import Request
from reference.conformance.target import load
from reference.conformance.worker import judge

__all__ = ["KEPT", "cases", "judged", "parameters", "update", "verdicts", "versions"]

PROFILE = "quick"

# What the file keeps of a case: which functions are wrong in it, a verdict of each
# checker, the law that ours fails first, the first of the contract if none of
# mathematics fails, and the library that was compared with.
KEPT = ("functions", *CHECKERS, "law", "contract", "library")

# So many cases are handed to a process at once.
TOGETHER = 10

# After so many groups the processes are replaced: every run of pytest leaves traces.
AT_ONCE = 60

# A case: a fault, or a defect and the pair that has it.
Case = tuple[str, str]


def cases() -> list[Case]:
    """Return the names of all faults, and of all defects with the pairs they spoil."""
    planted = [(fault, "") for fault in faults()]
    spoiled = [(d.name, pair) for d in (CONTROL, *DEFECTS) for pair in pairs(d)]
    spoiled.sort(key=lambda case: PAIRS.index(case[1]))  # they share their laws
    return planted + [(name, pair.name) for name, pair in spoiled]


# ------------------------------------------------------------------------- one case


def judged(case: Case) -> dict[str, Any]:
    """Put one case to all checkers."""
    target, changed, pair = _made(case)
    of = namespace(**changed)
    asked = [pair] if pair else [p for p in PAIRS if p.functions & set(changed)]
    verdict, library = compare(of, sorted(changed))
    only = sorted(changed) if pair else []
    law = ours(target, only)
    return {
        "functions": sorted(changed),
        "ours": "caught" if law else "missed",
        "gradcheck": gradients("gradcheck", of, asked),
        "check_grads": gradients("check_grads", of, asked),
        "allclose": verdict,
        "law": law,
        "contract": "" if law else ours(target, only, "contract"),
        "library": library,
    }


def _made(case: Case) -> tuple[str, dict[str, Any], Pair | None]:
    """Return the target of a case, the functions that are wrong in it, and its pair."""
    name, pair_name = case
    if not pair_name:
        path = str(SUITE / "faults" / f"{name}.py")
        loaded = load(path)
        module = importlib.import_module(loaded.source)
        own = {function: getattr(module, function) for function in loaded.names}
        return path, _changed(own), None
    defect = next(d for d in (CONTROL, *DEFECTS) if d.name == name)
    pair = next(p for p in pairs(defect) if p.name == pair_name)
    changed = _changed(defective(defect, pair))
    library = ModuleType(f"library_{len(sys.modules)}")
    vars(library).update(vars(namespace(**changed)))
    sys.modules[library.__name__] = library
    return library.__name__, changed, pair


def _changed(functions: dict[str, Any]) -> dict[str, Any]:
    return {n: f for n, f in functions.items() if f is not getattr(reference, n)}


def ours(target: str, only: list[str], level: str = "mathematics") -> str:
    """Run ``lemmata check`` on a target, and return the first law that it breaks.

    All its functions are checked, or only some. The profile is that of the command,
    but it stops at the first failure and looks for no smaller input, which changes no
    verdict.
    """
    files = [path for folder in chapters() for path in sorted(folder.glob("test_*.py"))]
    search = (Phase.explicit, Phase.reuse, Phase.generate, Phase.target)
    settings.register_profile(PROFILE, settings.get_profile(PROFILE), phases=search)
    events: list[dict[str, Any]] = []
    offered = load(target).names
    request = Request(
        target,
        profile=PROFILE,
        only=only,
        level=level,
        paths=[str(path) for path in files if mentioned(path, only or offered)],
        stop_first=True,
    )
    judge(request, events.append)
    for event in events:
        if event["event"] in ("unloadable", "broken"):
            message = f"{target}: {event['reason']}"
            raise RuntimeError(message)
        if event.get("outcome") == "fails":
            return str(event["law"]["id"])
        if event["event"] == "conduct" and event["level"] == level:
            return str(event["failure"]["cause"])
    return ""


# ------------------------------------------------------------------------ all cases


def _several(group: list[Case]) -> list[tuple[Case, dict[str, Any]]]:
    return [(case, judged(case)) for case in group]


def _silenced() -> None:
    """Let nothing that a law or a library prints reach the terminal."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for number in (1, 2):
        os.dup2(nowhere, number)


def verdicts(waiting: list[Case]) -> Iterator[tuple[Case, dict[str, Any]]]:
    """Judge cases on all cores, in any order."""
    groups = [waiting[k : k + TOGETHER] for k in range(0, len(waiting), TOGETHER)]
    for k in range(0, len(groups), AT_ONCE):
        with ProcessPoolExecutor(
            mp_context=multiprocessing.get_context("spawn"), initializer=_silenced
        ) as pool:
            futures = [
                pool.submit(_several, group) for group in groups[k : k + AT_ONCE]
            ]
            for future in as_completed(futures):
                yield from future.result()


def _fingerprint() -> str:
    """Hash everything that a verdict depends on."""
    digest = hashlib.sha256(json.dumps([versions(), parameters()]).encode())
    folders = [SUITE / "faults", ROOT / "reference", ROOT / "derivations", *chapters()]
    for folder in [*folders, Path(__file__).parent]:
        for path in sorted(folder.rglob("*.py")):
            digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def update(names: list[str]) -> None:
    """Judge all cases, or those of some faults and defects, and write the file."""
    chosen = cases()
    unknown = sorted(set(names) - {name for name, _ in chosen})
    if unknown:
        message = f"there is no fault and no defect {unknown[0]}"
        raise SystemExit(message)
    notes = ROOT / ".cache" / "sensitivity" / f"{_fingerprint()}.jsonl"
    notes.parent.mkdir(parents=True, exist_ok=True)
    known = _known(notes) if not names else {}
    waiting = [
        case for case in chosen if case not in known and (not names or case[0] in names)
    ]
    with notes.open("a", encoding="utf-8") as file:
        for done, (case, row) in enumerate(verdicts(waiting), 1):
            known[case] = row
            file.write(f"{json.dumps([case, row])}\n")
            file.flush()
            print(f"\r{done} of {len(waiting)}", end="", flush=True)
    print()
    kept = {**_kept(), **known} if names else known
    _write({case: kept[case] for case in chosen if case in kept})


def _known(notes: Path) -> dict[Case, dict[str, Any]]:
    if not notes.exists():
        return {}
    lines = notes.read_text(encoding="utf-8").splitlines()
    return {tuple(case): row for case, row in map(json.loads, lines)}


def _kept() -> dict[Case, dict[str, Any]]:
    """Return what the file holds already."""
    found = data()
    planted = {(r["fault"], ""): r for r in found["planted"]}
    spoiled = found["controls"] + found["defects"]
    return {**planted, **{(r["defect"], r["pair"]): r for r in spoiled}}


def _write(rows: dict[Case, dict[str, Any]]) -> None:
    content = {"versions": versions(), "parameters": parameters()}
    lists: dict[str, list[str]] = {"controls": [], "planted": [], "defects": []}
    for (name, pair), row in sorted(rows.items()):
        if pair:
            kind, case = "defects", {"defect": name, "pair": pair}
        else:
            kind, case = "planted", {"fault": name}
        kind = "controls" if name == CONTROL.name else kind
        made = {**case, **{key: row[key] for key in KEPT}}
        lists[kind].append(f"  {json.dumps(made, ensure_ascii=False)}")
    head = json.dumps(content, indent=1).removesuffix("\n}")
    bodies = [f' "{kind}": [\n' + ",\n".join(r) + "\n ]" for kind, r in lists.items()]
    DATA.write_text(",\n".join([head, *bodies]) + "\n}\n", encoding="utf-8")


def versions() -> dict[str, str]:
    """Return what took part, in which version."""
    libraries = ("numpy", "torch", "jax", "scipy", "keras", "hypothesis")
    return {
        "lemmata": reference.__version__,
        "python": platform.python_version(),
        **{name: version(name) for name in libraries},
    }


def parameters() -> dict[str, Any]:
    """Return the settings of all checkers, read from where they are set."""
    import inspect

    import torch
    from jax import test_util

    def defaults(function: Any, *names: str) -> dict[str, Any]:
        options = inspect.signature(function).parameters
        return {name: options[name].default for name in names}

    theirs = test_util.check_grads.__globals__
    tolerance = theirs["default_gradient_tolerance"][np.dtype(np.float64)]
    return {
        "ours": {
            "profile": PROFILE,
            "max_examples": settings.get_profile(PROFILE).max_examples,
            "seed": 0,
        },
        "gradcheck": defaults(torch.autograd.gradcheck, "eps", "atol", "rtol"),
        "check_grads": {
            "order": 1,
            "modes": ["rev"],
            "eps": theirs["EPS"],
            "atol": tolerance,
            "rtol": tolerance,
        },
        "allclose": defaults(np.allclose, "rtol", "atol"),
        "seed": 0,
    }

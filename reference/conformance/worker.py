"""The process that runs the laws: whatever a target does to it, the command lives.

Its only argument is a request in JSON. It writes one event a line, in JSON, to what was
its standard output; nobody else in this process is told where that is.
"""

import json
import os
import sys
import tempfile
import warnings
from collections.abc import Callable, Generator
from dataclasses import asdict
from itertools import groupby
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from reference.conformance.beacon import Beacon
from reference.conformance.calls import Conduct
from reference.conformance.failure import Failure
from reference.conformance.guard import Guard
from reference.conformance.implementation import Implementation
from reference.conformance.keeper import end_with_parent
from reference.conformance.known import version_of
from reference.conformance.laws import Law, chapters, describe
from reference.conformance.plugin import TARGET
from reference.conformance.request import Request, claim
from reference.conformance.surroundings import restored
from reference.conformance.target import TargetError, load
from reference.conformance.witness import from_conduct, from_exception

__all__ = ["Emit", "Recorder", "judge", "main", "run_laws", "serve", "summary"]

Emit = Callable[[dict[str, Any]], None]

# What a target may change for itself when it is imported.
OWN = ("the environment variables", "the recursion limit")

# What each profile leaves out.
LEFT_OUT = {"quick": ("slow", "nightly"), "faults": ("slow", "nightly")}


class Recorder:
    """Pytest plugin that selects the laws and reports what becomes of them."""

    def __init__(self, request: Request, target: Implementation, emit: Emit) -> None:
        self.request, self.target, self.emit = request, target, emit
        self.laws: dict[str, Law] = {}
        self.habits: dict[tuple[str, str], str] = {}
        self.failed = False

    @pytest.hookimpl(tryfirst=True)
    def pytest_configure(self, config: pytest.Config) -> None:
        """Hand over the implementation before the other plugin loads one."""
        config.stash[TARGET] = self.target

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """Say that a file of laws does not even load."""
        if report.failed:
            lines = [line for line in report.longreprtext.splitlines() if line.strip()]
            reason = lines[-1].removeprefix("E").strip() if lines else ""
            name = report.nodeid.rpartition("/")[2]
            self.emit({"event": "broken", "reason": f"{name}: {reason}"})

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(
        self, session: pytest.Session, config: pytest.Config, items: list[pytest.Item]
    ) -> None:
        """Keep the laws that were asked for and that the target can be asked."""
        del session, config
        kept = []
        for item in items:
            law = describe(item)
            if not self.asked_for(item, law):
                continue
            self.laws[item.nodeid] = law
            missing = [n for n in law.functions if n not in self.target.names]
            if missing:
                reason = f"offers no {', '.join(missing)}"
                self._result(law, "not offered", reason=reason)
            else:
                kept.append(item)
        items[:] = kept
        laws = [asdict(self.laws[item.nodeid]) for item in kept]
        self.emit({"event": "collected", "laws": laws})

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Judge the files of laws that nobody else does."""
        for path, group in groupby(session.items, key=lambda item: item.path):
            items = list(group) if claim(self.request, str(path)) else []
            for item, after in zip(items, [*items[1:], None], strict=False):
                # Which law comes next, in case it is the last.
                self.emit({"event": "start", "law": asdict(self.laws[item.nodeid])})
                item.ihook.pytest_runtest_protocol(item=item, nextitem=after)
                if session.shouldstop:
                    return True
        return True

    @pytest.hookimpl(wrapper=True, trylast=True)
    def pytest_pyfunc_call(
        self, pyfuncitem: pytest.Function
    ) -> Generator[None, Any, Any]:
        """Take the habits that were noted, so that they fail no law."""
        del pyfuncitem
        self.target.guard.open()
        try:
            return (yield)
        finally:
            self.target.guard.settle()
            for conduct in self.target.guard.conduct:
                self._habit(conduct)
            self.target.guard.conduct.clear()

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(
        self, item: pytest.Item, call: pytest.CallInfo[None]
    ) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        """Report what became of a law."""
        report = yield
        law = self.laws[item.nodeid]
        if report.skipped:
            reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else ""
            text = reason.removeprefix("Skipped: ").removeprefix(self.target.target)
            self._result(law, "not offered", reason=text.strip())
        elif report.failed and call.excinfo is not None:
            self.failed = True
            failure = self._described(call.excinfo.value, law)
            self._result(law, "fails", failure=failure, seconds=report.duration)
        elif call.when == "call":
            self._result(law, "holds", seconds=report.duration)
        if self.failed and self.request.stop_first:
            item.session.shouldstop = "one failure is enough"
        return report

    def _described(self, error: BaseException, law: Law) -> Failure:
        """Describe why a law fails; whatever the target does then, it has failed."""
        self.target.guard.closely = True
        try:
            return from_exception(error, self.target, law.functions)
        except Exception as trouble:
            name = ", ".join(law.functions)
            detail = f"describing it ended with {type(trouble).__name__}: {trouble}"
            return Failure(name, "law", f"{name} breaks a law", detail=detail)
        finally:
            self.target.guard.closely = False

    def _habit(self, conduct: Conduct) -> None:
        """Report a habit when it is new, or shows in a shorter call."""
        known = self.habits.get((conduct.function, conduct.habit))
        if known is None or len(conduct.call) < len(known):
            self.habits[conduct.function, conduct.habit] = conduct.call
            failure = asdict(from_conduct(conduct))
            event = {"event": "conduct", "level": conduct.level, "failure": failure}
            self.emit(event)

    def asked_for(self, item: pytest.Item, law: Law) -> bool:
        """Say whether a law is to be judged."""
        request = self.request
        named = not request.only or set(request.only) & set(law.functions)
        left_out = LEFT_OUT.get(request.profile, ("nightly",))
        return (
            "impl" in getattr(item, "fixturenames", ())
            and bool(named)
            and law.level in (request.level or law.level)
            and law.id not in request.done
            and not set(law.functions) & set(request.given_up)
            and not any(item.get_closest_marker(mark) for mark in left_out)
        )

    def _result(
        self,
        law: Law,
        outcome: str,
        *,
        reason: str = "",
        failure: Failure | None = None,
        seconds: float = 0.0,
    ) -> None:
        self.emit(
            {
                "event": "result",
                "law": asdict(law),
                "outcome": outcome,
                "reason": reason,
                "failure": asdict(failure) if failure else None,
                "seconds": seconds,
            }
        )


def judge(request: Request, emit: Emit) -> None:
    """Load a target, run the laws it can be asked, and emit what becomes of them."""
    beacon = Beacon(Path(request.beacon)) if request.beacon else None
    guard = Guard(seconds=request.seconds, beacon=beacon)
    try:
        # What it needs from then on it may set; what laws are judged with it may not.
        with (
            restored(apart_from=OWN),
            warnings.catch_warnings(),
            np.errstate(),
        ):
            target = load(request.target, name=request.name, guard=guard)
    except TargetError as error:
        emit({"event": "unloadable", "reason": str(error)})
        return
    emit({"event": "loaded", **summary(target)})
    for name in target.names if request.number == 0 else ():
        asked = not request.only or name in request.only
        if asked and name not in request.given_up:
            emit({"event": "probe", "function": name})
            offered = target.capabilities(name)
            emit({"event": "offers", "function": name, "capabilities": offered})
    emit({"event": "probe", "function": ""})
    recorder = Recorder(request, target, emit)
    run_laws(recorder, request.paths or [str(folder) for folder in chapters()])
    for path in request.spare:
        if claim(request, path):
            run_laws(recorder, [path])


def run_laws(recorder: Recorder, paths: list[str]) -> None:
    """Let pytest run the laws in some files and folders."""
    options = [
        # Nobody reads what pytest would say, and a target may close what it says it to.
        "-pno:terminal",
        "-pno:faulthandler",
        "--capture=no",
        f"-c{os.devnull}",
        f"--rootdir={Path(paths[0]).anchor}",
        "--import-mode=importlib",
        "--strict-markers",
        "--continue-on-collection-errors",
        "-pno:cacheprovider",
        "-p_hypothesis_pytestplugin",
        "-preference.conformance.plugin",
        f"--hypothesis-profile={recorder.request.profile}",
        f"--hypothesis-seed={recorder.request.seed}",
        *paths,
    ]
    # Neither the caller's plugins nor the caller's options have a say in this.
    os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    for variable in ("PYTEST_ADDOPTS", "PYTEST_PLUGINS"):
        os.environ.pop(variable, None)
    code = pytest.main(options, plugins=[recorder])
    if code not in (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED, 2, 5):
        recorder.emit({"event": "broken", "reason": f"pytest ends with {code!r}"})


def summary(target: Implementation) -> dict[str, Any]:
    """Return what there is to say of a target that is loaded."""
    return {
        "functions": target.names,
        "source": target.source,
        "renamed": target.renamed,
        "version": version_of(target.target),
        "patience": target.guard.patience,
    }


def serve(work: Callable[[dict[str, Any], Emit], None]) -> None:
    """Do what the command line asks for; only what ``work`` emits gets out."""
    end_with_parent()
    fields = json.loads(sys.argv.pop())
    # From here on, what anybody prints goes nowhere; events go through the old door.
    door = os.dup(1)
    nowhere = os.open(os.devnull, os.O_RDWR)
    for number in (0, 1, 2):
        os.dup2(nowhere, number)
    # Modules are looked up where the caller is, after everything that is installed.
    sys.path.append(str(Path.cwd()))
    with (
        os.fdopen(door, "w", encoding="utf-8") as stream,
        tempfile.TemporaryDirectory(prefix="lemmata-") as scratch,
    ):

        def emit(event: dict[str, Any]) -> None:
            stream.write(f"{json.dumps(event)}\n")
            stream.flush()

        os.environ["HYPOTHESIS_STORAGE_DIRECTORY"] = scratch
        work(fields, emit)
        emit({"event": "done"})


def main() -> None:
    """Serve one request."""
    serve(lambda fields, emit: judge(Request(**fields), emit))


if __name__ == "__main__":
    main()

"""What the pages quote: laws from the tests, claims from the ledger."""

from __future__ import annotations

import ast
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from docs._extension.book import CHAPTERS, DOCS, ROOT, BookError

ARTICLES = {
    "A0": "First step towards deep learning",
    "A1": "Digging Deep into Neural Networks!",
    "A2": "First Words on Neural Networks",
    "A3": "neural networks lesson",
    "A4": "Deep Learning using Numpy",
}
VERDICTS = {
    "proved": "true, and derived in this book",
    "holds": "true, as far as tests can tell",
    "holds with conditions": "true once a missing hypothesis is added",
    "refuted": "false: there is a counterexample",
    "imprecise": "loosely worded; the exact statement is given",
    "convention": "a choice, neither true nor false",
    "not checkable": "nothing here can decide it",
}


# ------------------------------------------------------------------------- functions


@dataclass(frozen=True)
class PublicFunction:
    """One name of the reference, read from its source."""

    name: str
    module: str
    signature: str
    summary: str

    @property
    def concept(self) -> str:
        """Chapter and concept: ``activations/sigmoid``."""
        return self.module.removeprefix("reference.").replace(".", "/")


def _reference() -> ast.Module:
    path = ROOT / "reference" / "__init__.py"
    return ast.parse(path.read_text(encoding="utf-8"), str(path))


@lru_cache(maxsize=1)
def public_names() -> tuple[str, ...]:
    """Names of the reference, longest first."""
    for node in _reference().body:
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "__all__":
            return tuple(sorted(ast.literal_eval(node.value), key=len, reverse=True))
    msg = "reference/__init__.py has no __all__"
    raise BookError(msg)


def _plain_arguments(arguments: ast.arguments) -> str:
    """Write the arguments without their types."""
    for each in ast.walk(arguments):
        if isinstance(each, ast.arg):
            each.annotation = None
    return ast.unparse(arguments)


def functions() -> tuple[PublicFunction, ...]:
    """Every function of the reference, in the order of the chapters and files."""
    made = []
    for node in _reference().body:
        if not isinstance(node, ast.ImportFrom) or node.module is None:
            continue
        names = {alias.name for alias in node.names} & set(public_names())
        path = ROOT.joinpath(*node.module.split(".")).with_suffix(".py")
        for item in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(item, ast.FunctionDef) and item.name in names:
                made.append(
                    PublicFunction(
                        item.name,
                        node.module,
                        f"{item.name}({_plain_arguments(item.args)})",
                        (ast.get_docstring(item) or "").split("\n\n")[0],
                    )
                )
    return tuple(made)


# ------------------------------------------------------------------------------ laws


@dataclass(frozen=True)
class Law:
    """One test of ``tests/<chapter>/test_<concept>.py``, read and not run."""

    concept: str
    name: str
    sentence: str
    note: str
    inputs: tuple[str, ...]
    claims: tuple[str, ...]
    level: str
    line: int

    @property
    def test(self) -> str:
        """The test's id, as pytest takes it."""
        chapter, concept = self.concept.split("/")
        return f"tests/{chapter}/test_{concept}.py::{self.name}"


def _sentence(name: str) -> str:
    words = name.removeprefix("test_")
    held: list[str] = []
    for public in public_names():
        if "_" in public and f"_{public}_" in f"_{words}_":
            words = f"_{words}_".replace(f"_{public}_", f"_\x00{len(held)}_")[1:-1]
            held.append(public)
    text = words.replace("_", " ")
    text = text[:1].upper() + text[1:]
    for number, public in enumerate(held):
        text = text.replace(f"\x00{number}", f"`{public}`")
    return text


def _marks(nodes: Iterable[ast.AST]) -> Iterator[tuple[str, list[ast.expr]]]:
    """Every ``pytest.mark.<name>`` under the nodes, with the arguments of its call."""
    for top in nodes:
        called = {
            id(node.func): node.args
            for node in ast.walk(top)
            if isinstance(node, ast.Call)
        }
        for node in ast.walk(top):
            if isinstance(node, ast.Attribute) and (
                ast.unparse(node.value) == "pytest.mark"
            ):
                yield node.attr, called.get(id(node), [])


def _inputs(decorators: Iterable[ast.expr]) -> Iterator[str]:
    for call in decorators:
        if not isinstance(call, ast.Call):
            continue
        kind = ast.unparse(call.func).rpartition(".")[2]
        if kind == "given":
            for value in call.args:
                yield ast.unparse(value)
            for keyword in call.keywords:
                value_text = ast.unparse(keyword.value)
                yield f"{keyword.arg}: {value_text}" if keyword.arg else value_text
        elif kind == "parametrize":
            names = ast.literal_eval(call.args[0])
            text = names if isinstance(names, str) else ", ".join(names)
            yield f"{text}: the listed cases"


def _law(concept: str, test: ast.FunctionDef, shared: list[ast.AST]) -> Law:
    marks = list(_marks([*shared, *test.decorator_list]))
    note = (ast.get_docstring(test) or "").split("\n\n")[0].replace("\n", " ")
    return Law(
        concept=concept,
        name=test.name,
        sentence=_sentence(test.name),
        note=note,
        inputs=tuple(_inputs(test.decorator_list)),
        claims=tuple(
            str(ast.literal_eval(arg))
            for name, args in marks
            if name == "claim"
            for arg in args
        ),
        level="contract" if any(n == "contract" for n, _ in marks) else "mathematics",
        line=test.lineno,
    )


@lru_cache(maxsize=256)
def _laws(path: Path, concept: str, _stamp: int) -> tuple[Law, ...]:
    tree = ast.parse(path.read_text(encoding="utf-8"), str(path))
    shared: list[ast.AST] = [
        node.value
        for node in tree.body
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "pytestmark"
    ]
    return tuple(
        _law(concept, node, shared)
        for node in tree.body
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")
    )


def laws(concept: str) -> tuple[Law, ...]:
    """Laws of one concept, in the order of its test file."""
    chapter, _, name = concept.partition("/")
    path = ROOT / "tests" / chapter / f"test_{name}.py"
    if not path.is_file():
        msg = f"there is no test file {path.relative_to(ROOT)}"
        raise BookError(msg)
    return _laws(path, concept, path.stat().st_mtime_ns)


def all_laws() -> tuple[Law, ...]:
    """Laws of every concept, by chapter."""
    return tuple(
        law
        for chapter in CHAPTERS
        for path in sorted((ROOT / "tests" / chapter).glob("test_*.py"))
        for law in laws(f"{chapter}/{path.stem.removeprefix('test_')}")
    )


# ---------------------------------------------------------------------------- claims


@dataclass(frozen=True)
class Claim:
    """One entry of the ledger."""

    id: str
    where: str
    says: str
    concept: str
    verdict: str
    because: str
    correction: str = ""
    derivations: tuple[str, ...] = ()

    @property
    def article(self) -> str:
        """Key of the article: ``A0`` to ``A4``."""
        return self.id.partition("-")[0]


_REQUIRED = ("id", "where", "says", "concept", "verdict", "because")
_OPTIONAL = ("correction", "derivations")


def _claim(file: str, entry: dict[str, Any]) -> Claim:
    place = f"{file}, entry {entry.get('id', '(no id)')}"
    for key in _REQUIRED:
        if not isinstance(entry.get(key), str) or not entry[key].strip():
            msg = f"{place}: {key!r} is missing"
            raise BookError(msg)
    unknown = sorted(set(entry) - {*_REQUIRED, *_OPTIONAL})
    if unknown:
        msg = f"{place}: unknown key {unknown[0]!r}"
        raise BookError(msg)
    if entry["verdict"] not in VERDICTS:
        known = ", ".join(VERDICTS)
        msg = f"{place}: the verdict must be one of {known}; got {entry['verdict']!r}"
        raise BookError(msg)
    if entry["id"].partition("-")[0] not in ARTICLES:
        msg = f"{place}: the id names no article"
        raise BookError(msg)
    return Claim(
        **{key: entry[key].strip() for key in _REQUIRED},
        correction=entry.get("correction", "").strip(),
        derivations=tuple(entry.get("derivations", ())),
    )


@lru_cache(maxsize=2)
def _ledger(stamp: tuple[tuple[Path, int], ...]) -> dict[str, Claim]:
    found: dict[str, Claim] = {}
    for path, _ in stamp:
        file = path.relative_to(ROOT).as_posix()
        try:
            data = tomllib.loads(path.read_text(encoding="utf-8"))
        except tomllib.TOMLDecodeError as error:
            msg = f"{file}: {error}"
            raise BookError(msg) from None
        for entry in data.get("claim", ()):
            claim = _claim(file, entry)
            if claim.id in found:
                msg = f"{file}: {claim.id} is in the ledger twice"
                raise BookError(msg)
            found[claim.id] = claim
    return dict(sorted(found.items()))


def ledger() -> dict[str, Claim]:
    """Every entry of ``docs/claims/*.toml``, by id."""
    files = sorted((DOCS / "claims").glob("*.toml"))
    return _ledger(tuple((path, path.stat().st_mtime_ns) for path in files))


def deciders(claim: Claim) -> tuple[Law, ...]:
    """Return the tests that carry the claim's mark."""
    return tuple(law for law in all_laws() if claim.id in law.claims)

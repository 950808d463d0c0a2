"""The project speaks of itself alone, in one spelling."""

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
TEXT = {".py", ".md", ".toml", ".yml", ".yaml", ".css", ".js", ".txt", ".cfg", ""}


def tracked():
    run = subprocess.run(
        ["git", "ls-files"], capture_output=True, text=True, check=True, cwd=ROOT
    )
    return [ROOT / name for name in run.stdout.split("\n") if name]


def texts():
    for path in tracked():
        if path.suffix in TEXT and path != Path(__file__) and path.is_file():
            yield path, path.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "pattern",
    [
        r"(?<![\w.])/(?:root|tmp|work|home|opt)/",
        r"\.\./shared",
        r"\bprototypes?/",
        r"(?:pypi|npmjs|debian|pythonhosted)\.(?:org|com)",
    ],
)
def test_no_machine_and_no_registry_is_named(pattern):
    found = [
        f"{path.relative_to(ROOT)}: {match[0]}"
        for path, text in texts()
        if path.name != "run"
        for match in [re.search(pattern, text)]
        if match
    ]
    assert found == []


@pytest.mark.parametrize(
    "british",
    [
        "normalis",
        "initialis",
        "regularis",
        "optimis",
        "behaviour",
        "neighbour",
        "colour",
    ],
)
def test_spelling_is_american(british):
    found = []
    for path, text in texts():
        if path.name in {"inventory.txt", "constraints.txt"} or "OFL" in path.name:
            continue
        # Inventory names, titles of works and other people's option names keep theirs.
        text = re.sub(r"^entries:.*$", "", text, flags=re.MULTILINE)
        text = re.sub(r"\"Regularisation of neural\b", "", text)
        for line in text.splitlines():
            if re.search(rf"\b{british}", line, re.IGNORECASE):
                found.append(f"{path.relative_to(ROOT)}: {line.strip()[:80]}")
    assert found == []

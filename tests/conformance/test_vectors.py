"""vectors: the file is always the same, right code passes, wrong code does not."""

import importlib.util
import json
import math
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest

import reference
from reference.conformance.cli import main
from reference.conformance.vectors import FILE, document

EXAMPLES = Path(__file__).resolve().parents[2] / "docs" / "examples"
DOCUMENT = document()
VECTORS = DOCUMENT["vectors"]
KEYS = ["function", "case", "level", "dtype", "options", "arguments", "expected"]


@pytest.fixture(scope="module")
def file(tmp_path_factory):
    """Write the file once."""
    folder = tmp_path_factory.mktemp("vectors")
    assert main(["vectors", str(folder)]) == 0
    return folder / FILE


def array(record, dtype):
    values = [float.fromhex(text) for text in record["data"]]
    return np.array(values).reshape(record["shape"]).astype(dtype)


def failures(call, function, *, levels=("mathematics", "contract")):
    """Return the cases of a function that a call fails."""
    failed = []
    for vector in VECTORS:
        if vector["function"] != function or vector["level"] not in levels:
            continue
        arguments = [array(a, vector["dtype"]) for a in vector["arguments"]]
        with np.errstate(all="ignore"):
            got = np.ravel(call(*arguments, **vector["options"])).astype(float)
        low, high = (
            np.array([float.fromhex(text) for text in vector["expected"][end]])
            for end in ("low", "high")
        )
        inside = (low <= got) & (got <= high) | np.isnan(got) & np.isnan(low)
        if got.shape != low.shape or not inside.all():
            failed.append(vector["case"])
    return failed


@pytest.mark.parametrize("name", sorted({v["function"] for v in VECTORS}))
def test_the_reference_passes_every_vector(name):
    assert failures(getattr(reference, name), name) == []


@pytest.mark.parametrize(
    ("name", "wrong", "cases"),
    [
        ("sigmoid", lambda x: 1 / (1 + np.exp(-x)), {"values"}),
        ("softplus", lambda x: np.log1p(np.exp(x)), {"values"}),
        ("softplus", lambda x: np.where(x > 20, x, reference.softplus(x)), {"values"}),
        ("gelu", reference.gelu_tanh, {"values"}),
        ("silu", lambda x: x / (1 + np.exp(-x)), {"values", "limits and NaN"}),
        ("tanh", lambda x: np.where(abs(x) < 1e-300, 0, np.tanh(x)), {"values"}),
        (
            "log_softmax",
            lambda x: np.log(reference.softmax(x)),
            {"confident", "confident in float32", "largest is 0"},
        ),
        (
            "mse_loss",
            lambda p, y, **kw: reference.mse_loss(p, y, **kw) / 2,
            {"six entries", "n = 1"},
        ),
        (
            "binary_cross_entropy",
            lambda p, y, **kw: reference.binary_cross_entropy(
                np.clip(p, 1e-7, 1 - 1e-7), y, **kw
            ),
            {"probabilities"},
        ),
    ],
)
def test_variants_are_told_apart(name, wrong, cases):
    assert cases <= set(failures(wrong, name))


def test_the_schema_holds():
    assert list(DOCUMENT) == ["format", "lemmata", "vectors"]
    seen = set()
    for vector in VECTORS:
        assert list(vector) == KEYS
        assert vector["dtype"] in ("float64", "float32")
        expected = vector["expected"]
        ends = [
            [float.fromhex(text) for text in expected[end]]
            for end in ("low", "nearest", "high")
        ]
        assert {len(end) for end in ends} == {math.prod(expected["shape"])}
        for low, nearest, high in zip(*ends, strict=True):
            assert low <= nearest <= high or math.isnan(nearest)
        for argument in vector["arguments"]:
            assert len(argument["data"]) == math.prod(argument["shape"])
            data = np.array([float.fromhex(text) for text in argument["data"]])
            same = data.astype(vector["dtype"]).astype(np.float64)
            assert np.array_equal(same, data, equal_nan=True)
        options = json.dumps(vector["options"])
        seen.add((vector["function"], vector["case"], vector["dtype"], options))
    assert len(seen) == len(VECTORS)


def test_two_files_are_the_same(file, tmp_path):
    assert main(["vectors", str(tmp_path / "new")]) == 0
    assert (tmp_path / "new" / FILE).read_bytes() == file.read_bytes()
    assert json.loads(file.read_text("ascii")) == DOCUMENT


# ---------------------------------------------------------------------------- readers


def test_plain_python_reads_the_file(file, capsys):
    spec = importlib.util.spec_from_file_location(
        "reader", EXAMPLES / "read_vectors.py"
    )
    reader = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(reader)
    assert reader.main(file) == 0
    assert capsys.readouterr().out == "15 vectors checked, 0 wrong\n"
    reader.MINE["sigmoid"] = reader.each(lambda x: max(x, 0.0))
    assert reader.main(file) == 2
    source = (EXAMPLES / "read_vectors.py").read_text(encoding="utf-8")
    assert "numpy" not in source


@pytest.mark.skipif(not shutil.which("cc"), reason="needs a C compiler")
def test_c_reads_the_file(file, tmp_path):
    code = (EXAMPLES / "read_vectors.c").read_text(encoding="ascii")

    def checked(text):
        source, program = tmp_path / "read.c", tmp_path / "read"
        source.write_text(text, encoding="ascii")
        command = ["cc", "-Wall", "-Werror", source, "-o", program, "-lm"]
        subprocess.run(command, check=True)
        return subprocess.run(
            [program, file], capture_output=True, text=True, check=False
        )

    right = checked(code)
    assert right.returncode == 0, right.stdout
    assert right.stdout.endswith(" results checked, 0 wrong\n")
    assert int(right.stdout.split()[0]) > 150
    wrong = checked(code.replace("log1p(exp(-fabs(x)))", "log(1 + exp(-fabs(x)))"))
    assert wrong.returncode == 1
    assert "wrong: softplus(-0x1.4p+5)" in wrong.stdout


@pytest.mark.parametrize("folder", ["/proc/no", "/dev/null/x"])
def test_a_folder_that_cannot_be_written_is_refused(capsys, folder):
    assert main(["vectors", folder]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith(f"lemmata: cannot write to {folder}: ")
    assert err.count("\n") == 1

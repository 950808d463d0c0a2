"""vectors: the file is always the same, right code passes, wrong code does not."""

import importlib.util
import json
import math
import re
import shutil
import subprocess
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

import reference
from reference.conformance.cli import main
from reference.conformance.vectors import FILE, document

EXAMPLES = Path(__file__).resolve().parents[2] / "docs" / "examples"
DOCUMENT = document()
VECTORS = DOCUMENT["vectors"]
KEYS = [
    *("function", "case", "level", "form", "dtype", "options", "arguments", "expected")
]


@pytest.fixture(scope="module")
def file(tmp_path_factory):
    """Write the file once."""
    folder = tmp_path_factory.mktemp("vectors")
    assert main(["vectors", str(folder)]) == 0
    return folder / FILE


def array(record, dtype):
    """Read an argument: an array, or a list of them."""
    if isinstance(record, list):
        return [array(part, dtype) for part in record]
    values = np.array([float.fromhex(text) for text in record["data"]])
    kind = int if record["kind"] == "integer" else dtype
    return values.reshape(record["shape"]).astype(kind)[()]


def result(vector, target):
    """Call a function, or walk with an optimizer, and return a list of arrays."""
    arguments = [array(a, vector["dtype"]) for a in vector["arguments"]]
    name, options = vector["function"], vector["options"]
    if vector["form"] == "walk":
        init = getattr(target, name.replace("_step", "_init"))
        return [walked(init, getattr(target, name), *arguments, **options)]
    got = getattr(target, name)(*arguments, **options)
    return list(got) if len(vector["expected"]) > 1 else [got]


def walked(init, step, start, gradients, rates, **options):
    x, state, path = start, init(start), []
    for gradient, rate in zip(gradients, rates.tolist(), strict=True):
        x, state = step(x, gradient, state, learning_rate=rate, **options)
        path.append(x)
    return np.array(path)


def accepted(vector, got):
    """Say whether results lie in their enclosures."""
    assert len(got) == len(vector["expected"])
    for array_, expected in zip(got, vector["expected"], strict=True):
        low, high = (
            np.array([float.fromhex(text) for text in expected[end]])
            for end in ("low", "high")
        )
        flat = np.ravel(array_).astype(float)
        if np.shape(array_) != tuple(expected["shape"]):
            return False
        if not ((low <= flat) & (flat <= high) | np.isnan(flat) & np.isnan(low)).all():
            return False
    return True


def failures(target, function, *, dtypes=("float64", "float32")):
    """Return the cases of a function that a target fails."""
    failed = []
    for vector in VECTORS:
        if vector["function"] == function and vector["dtype"] in dtypes:
            with np.errstate(all="ignore"):
                got = result(vector, target)
            if not accepted(vector, got):
                failed.append(vector["case"])
    return failed


@pytest.mark.parametrize("name", sorted({v["function"] for v in VECTORS}))
def test_the_reference_passes_every_vector(name):
    assert failures(reference, name) == []


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
            lambda x, **kw: np.log(reference.softmax(x, **kw)),
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
    assert cases <= set(failures(SimpleNamespace(**{name: wrong}), name))


def flat(arguments):
    """Return the arrays in arguments, some of which are lists of arrays."""
    for argument in arguments:
        yield from flat(argument) if isinstance(argument, list) else [argument]


# ----------------------------------------------------------------------- planted faults

# Right in every single walk: wrong is what these do to states and gradients that are
# passed in, which values do not show, or that they compute in float32, as others may.
SILENT = ("in_place", "shared_velocity", "all_in_the_dtype_of_the_parameters")
OPTIMIZERS = ("adagrad", "adam", "adamw", "momentum", "nesterov", "rmsprop")
PLANTED = sorted(
    path
    for path in (EXAMPLES.parents[1] / "tests" / "faults").glob("*__*.py")
    if path.stem.split("__")[0] in OPTIMIZERS
)


def rejected(target):
    """Return the functions of a target that fail a vector, and those that do not."""
    names = {v["function"] for v in VECTORS} & set(vars(target))
    assert names
    return {name: failures(target, name) for name in names}


@pytest.mark.parametrize("path", PLANTED, ids=lambda path: path.stem)
def test_every_planted_optimizer_is_rejected(path, monkeypatch):
    monkeypatch.syspath_prepend(str(path.parent))
    spec = importlib.util.spec_from_file_location(f"planted_{path.stem}", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    silent = any(what in path.stem for what in SILENT)
    assert any(rejected(module).values()) != silent


@pytest.mark.parametrize("what", SILENT)
def test_silent_faults_are_still_planted(what):
    assert any(what in path.stem for path in PLANTED)


def zero(params, /):
    """Return a state of the parameters' format: float32 is not computed in float64."""
    return 0, *np.zeros((3, *params.shape), params.dtype)


def root_plus_eps(now):
    return np.sqrt(now.v_hat) + now.eps


def algorithm_1(now):
    return now.m_hat / root_plus_eps(now)


def adam_like(direction=algorithm_1, *, shrink=None, penalty=0.0):
    """Return an optimizer like Adam in plain NumPy, of the direction that is given."""

    def step(
        x, g, state, /, *, learning_rate, beta1=0.9, beta2=0.999, eps=1e-8, **decay
    ):
        rate, decay = learning_rate, decay.get("weight_decay", 0.01)
        g, x = g + penalty * decay * x, x - (shrink(rate, decay) if shrink else 0) * x
        t, m, v, most = state
        t = t + 1
        m, v = beta1 * m + (1 - beta1) * g, beta2 * v + (1 - beta2) * g * g
        share = 1 - beta2**t
        v_hat = v / share
        most = np.maximum(most, v_hat)
        now = SimpleNamespace(
            m=m, m_hat=m / (1 - beta1**t), v=v, v_hat=v_hat, most=most, eps=eps
        )
        now.share = share
        return x - rate * direction(now), (t, m, v, most)

    return step


ADAMS = {
    "Algorithm 1": algorithm_1,
    "epsilon-hat": lambda s: s.m_hat * np.sqrt(s.share) / (np.sqrt(s.v) + s.eps),
    "epsilon inside the root": lambda s: s.m_hat / np.sqrt(s.v_hat + s.eps),
    "its square inside the root": lambda s: s.m_hat / np.sqrt(s.v_hat + s.eps**2),
    "no correction": lambda s: s.m / (np.sqrt(s.v) + s.eps),
    "no correction of the mean": lambda s: s.m / root_plus_eps(s),
    "no correction of the root": lambda s: s.m_hat / (np.sqrt(s.v) + s.eps),
    "AMSGrad, largest corrected": lambda s: s.m_hat / (np.sqrt(s.most) + s.eps),
    "no epsilon": lambda s: s.m_hat / (np.sqrt(s.v_hat) + 1e-300),
}


@pytest.mark.parametrize("name", ADAMS)
def test_published_forms_of_adam_are_told_apart(name):
    target = SimpleNamespace(adam_init=zero, adam_step=adam_like(ADAMS[name]))
    for dtype in ("float64", "float32"):
        failed = failures(target, "adam_step", dtypes=[dtype])
        assert (failed == []) == (name == "Algorithm 1"), dtype


@pytest.mark.parametrize(
    ("form", "right"),
    [
        ({"shrink": lambda rate, decay: rate * decay}, True),
        ({"shrink": lambda _, decay: decay}, False),
        ({"shrink": lambda rate, decay: rate * decay / 2}, False),
        ({"penalty": 1.0}, False),
        ({}, False),
    ],
)
def test_published_forms_of_weight_decay_are_told_apart(form, right):
    target = SimpleNamespace(adamw_init=zero, adamw_step=adam_like(**form))
    for dtype in ("float64", "float32"):
        assert (failures(target, "adamw_step", dtypes=[dtype]) == []) == right


def rolling(step):
    """Return an optimizer that keeps a velocity: its step takes x, g, v, rate, mu."""

    def take(x, g, v, /, *, learning_rate, momentum=0.9):
        return step(x, g, v, learning_rate, momentum)

    return take


def rate_inside(x, g, v, rate, mu):
    v = mu * v - rate * g
    return x + v, v


def looking_ahead_with_the_rate_inside(x, g, v, rate, mu):
    v = mu * v - rate * g
    return x - rate * g + mu * v, v


def outside(share, ahead):
    """Return a rule whose velocity weighs a gradient so, and that may look ahead."""

    def step(x, g, v, rate, mu):
        v = mu * v + share(mu) * g
        return x - rate * (g + mu * v if ahead else v), v

    return step


VELOCITIES = {
    "PyTorch": outside(lambda _: 1.0, ahead=False),
    "Sutskever": rate_inside,
    "an average": outside(lambda mu: 1 - mu, ahead=False),
    "PyTorch, Nesterov": outside(lambda _: 1.0, ahead=True),
    "Keras, Nesterov": looking_ahead_with_the_rate_inside,
    "Nesterov on an average": outside(lambda mu: 1 - mu, ahead=True),
}


@pytest.mark.parametrize("name", VELOCITIES)
@pytest.mark.parametrize(
    ("function", "right"),
    [("momentum", "PyTorch"), ("nesterov", "PyTorch, Nesterov")],
)
def test_published_forms_of_momentum_are_told_apart(name, function, right):
    target = SimpleNamespace(
        **{
            f"{function}_init": np.zeros_like,
            f"{function}_step": rolling(VELOCITIES[name]),
        }
    )
    for dtype in ("float64", "float32"):
        failed = failures(target, f"{function}_step", dtypes=[dtype])
        assert (failed == []) == (name == right), dtype


# What has no vectors: states and random numbers have no values to compare, whole
# trainings multiply every rounding, and the others are networks of single pages.
WITHOUT = {
    *{n for n in reference.__all__ if n.endswith(("_init", "_fit", "_data"))},
    *{n for n in reference.__all__ if n.startswith(("sqrt_mean", "three_four_one"))},
    *("dropout", "dropout_mask", "gaussian_dropout", "rrelu", "load_iris_arrays"),
    *("he_normal", "he_uniform", "xavier_normal", "xavier_uniform"),
    *("mlp_grads", "mlp_step", "neuron_vjp", "classifier_predict"),
    *("fold_standardization", "relu_interpolant", "tent", "xor_net"),
    *("lipschitz_bound", "spectral_norm", "second_moment_gain"),
}


def test_every_function_has_vectors_or_is_named_here():
    assert {v["function"] for v in VECTORS} == set(reference.__all__) - WITHOUT


# ------------------------------------------------------------------------------ schema


def test_the_schema_holds():
    assert list(DOCUMENT) == ["format", "lemmata", "vectors"]
    seen = set()
    for vector in VECTORS:
        assert list(vector) == KEYS
        assert vector["dtype"] in ("float64", "float32")
        init = vector["function"].removesuffix("_step") + "_init"
        assert vector["form"] == ("walk" if init in reference.__all__ else "call")
        for expected in vector["expected"]:
            ends = [
                [float.fromhex(text) for text in expected[end]]
                for end in ("low", "nearest", "high")
            ]
            assert {len(end) for end in ends} == {math.prod(expected["shape"])}
            for low, nearest, high in zip(*ends, strict=True):
                assert low <= nearest <= high or math.isnan(nearest)
        for argument in flat(vector["arguments"]):
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
    said = f"21 vectors checked, 0 wrong, {len(VECTORS) - 21} skipped\n"
    assert capsys.readouterr().out == said
    reader.MINE["sigmoid"] = reader.each(lambda x: max(x, 0.0))
    assert reader.main(file) == 2
    adam = reader.adam
    reader.MY_OPTIMIZERS["adam_step"] = lambda *arguments, **options: adam(
        *arguments, **{**options, "eps": 1e-4}
    )
    assert reader.main(file) > 2
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
    assert re.search(r" results checked, 0 wrong, \d+ arrays skipped\n$", right.stdout)
    assert int(right.stdout.split()[0]) > 300
    wrong = checked(code.replace("log1p(exp(-fabs(x)))", "log(1 + exp(-fabs(x)))"))
    assert wrong.returncode == 1
    assert "wrong: softplus, result" in wrong.stdout
    for place, fault in (
        ("sqrt(v / (1 - pow(beta2, t)))", "sqrt(v)"),
        ("+ eps", "+ 2 * eps"),
    ):
        wrong = checked(code.replace(place, fault))
        assert wrong.returncode == 1
        assert "wrong: adam_step, result" in wrong.stdout


@pytest.mark.parametrize("folder", ["/proc/no", "/dev/null/x"])
def test_a_folder_that_cannot_be_written_is_refused(capsys, folder):
    assert main(["vectors", folder]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith(f"lemmata: cannot write to {folder}: ")
    assert err.count("\n") == 1

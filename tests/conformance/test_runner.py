"""runner: whatever a target does becomes a finding, and the rest is judged anyway."""

import re
import threading
import time
from dataclasses import replace
from pathlib import Path

import pytest

from reference.conformance import worker
from reference.conformance.laws import Law
from reference.conformance.process import Limits
from reference.conformance.request import Request
from reference.conformance.runner import FEW, _divided, run
from reference.conformance.target import load

HERE = Path(__file__).resolve().parent
LAWS = [str(HERE / "laws")]


def check(target, **options):
    path = str(HERE / "targets" / f"{target}.py")
    limits = options.pop("limits", Limits(load=60, call=1, law=60))
    return run(Request(path, paths=LAWS, **options), limits=limits)


def outcomes(learned):
    return {law.partition("::")[2]: r.outcome for law, r in learned.results.items()}


def failures(learned):
    return {
        law.partition("::")[2]: result.failure
        for law, result in learned.results.items()
        if result.failure
    }


@pytest.fixture(scope="module")
def right():
    return check("right")


@pytest.fixture(scope="module")
def wrong():
    return check("wrong")


@pytest.fixture(scope="module")
def hostile():
    return check("hostile", limits=Limits(load=60, call=0.1, law=60))


def test_a_right_implementation_is_not_accused(right):
    assert right.functions == ["relu", "softmax", "tanh"]
    assert outcomes(right) == {
        "test_relu_is_the_larger_of_x_and_zero": "holds",
        "test_relu_twice_is_relu": "holds",
        "test_tanh_is_odd": "holds",
        "test_tanh_is_bounded": "holds",
        "test_each_row_is_a_distribution": "holds",
        "test_axis_says_where_the_classes_are": "not offered",
        "test_relu_keeps_every_float16": "not offered",
        "test_text_is_refused": "fails",
    }


def test_capabilities_are_probed(right):
    offered = {"relu": ["float64"], "softmax": ["float64"], "tanh": ["float64"]}
    assert right.capabilities == offered


def test_what_is_not_offered_says_so(right):
    reasons = {r.law.sentence: r.reason for r in right.results.values() if r.reason}
    assert reasons == {
        "Axis says where the classes are": "offers no axis for softmax",
        "Relu keeps every float16": "offers no float16 for relu",
    }


def test_slow_laws_wait_for_the_full_profile(right):
    assert "test_relu_of_a_million" not in outcomes(right)


def test_the_smallest_input_is_shown(wrong):
    failure = failures(wrong)["test_relu_is_the_larger_of_x_and_zero"]
    assert failure.calls == ("relu(np.array([2.0]))",)
    assert (failure.got, failure.expected, failure.kind) == ("3", "2", "value")
    assert failures(wrong)["test_tanh_is_odd"].function == "tanh"


def test_habits_are_findings_of_their_own(wrong):
    habits = {law for law in wrong.results if law.startswith("conduct::")}
    assert habits == {
        "conduct::relu::changes its argument",
        "conduct::softmax::changes NumPy's error state",
        "conduct::tanh::prints",
    }


def test_a_wrong_shape_is_a_finding(wrong):
    failure = failures(wrong)["test_each_row_is_a_distribution"]
    assert failure.kind == "shape"
    assert failure.calls == ("softmax(np.array([[0.0], [0.0]]))",)


def test_nan_everywhere_is_a_finding():
    found = failures(check("nan", level="mathematics"))
    # That NaN is odd, and stays what it is, holds; and NaN has no sum and no bound.
    assert {law: failure.kind for law, failure in found.items()} == {
        "test_relu_is_the_larger_of_x_and_zero": "nan",
        "test_tanh_is_bounded": "law",
        "test_each_row_is_a_distribution": "nan",
    }


def test_a_law_that_nobody_can_describe_has_failed_all_the_same(monkeypatch):
    def fails(*_):
        msg = "nowhere"
        raise KeyError(msg)

    monkeypatch.setattr(worker, "from_exception", fails)
    target = load("math")
    recorder = worker.Recorder(Request("math"), target, print)
    law = Law("a.py::b", "Tanh is odd", ("tanh",), "mathematics", "a/b")
    failure = recorder._described(AssertionError("no"), law)
    assert (failure.function, failure.kind) == ("tanh", "law")
    assert failure.detail == "describing it ended with KeyError: 'nowhere'"
    assert not target.guard.closely


def test_the_end_of_the_process_is_a_finding(hostile):
    failure = failures(hostile)["test_relu_is_the_larger_of_x_and_zero"]
    assert failure.kind == "end"
    assert failure.cause == "relu ends the process (exit status 7)"
    assert failure.calls[0].startswith("relu(np.array([")


def test_who_ended_the_process_twice_is_not_called_again(hostile):
    found = outcomes(hostile)
    assert found["test_relu_twice_is_relu"] == "fails"
    assert found["test_relu_keeps_every_float16"] == "not judged"


def test_what_nothing_interrupts_is_stopped_from_outside(hostile):
    failure = next(f for f in failures(hostile).values() if f.function == "tanh")
    assert failure.kind == "hang"
    assert failure.cause == "tanh does not return, and nothing interrupts it"


def test_system_exit_is_a_finding(hostile):
    failure = failures(hostile)["test_each_row_is_a_distribution"]
    assert failure.kind == "end"
    assert failure.cause == "softmax raises SystemExit(-1)"


def test_only_the_functions_asked_for_are_checked():
    learned = check("right", only=["tanh"], level="mathematics")
    assert outcomes(learned) == {
        "test_tanh_is_odd": "holds",
        "test_tanh_is_bounded": "holds",
    }


def test_the_first_failure_may_be_enough():
    learned = check("wrong", stop_first=True, only=["tanh", "softmax"])
    assert [law for law in failures(learned) if law.startswith("test_")] == [
        "test_tanh_is_odd"
    ]


@pytest.mark.parametrize("profile", ["quick", "full"])
def test_a_seed_decides_which_inputs_are_tried(tmp_path, profile):
    path, seen = tmp_path / "noting.py", []
    path.write_text(
        "import numpy as np\n\n\ndef tanh(x):\n"
        f"    with open({str(tmp_path / 'inputs')!r}, 'a') as file:\n"
        "        print(np.asarray(x).tolist(), file=file)\n"
        "    return np.tanh(x)\n",
        encoding="utf-8",
    )
    for seed in (1, 1, 2):
        request = Request(str(path), paths=LAWS, only=["tanh"], seed=seed)
        learned = run(replace(request, profile=profile))
        assert learned.seed == seed
        assert set(outcomes(learned).values()) == {"holds"}
        seen.append((tmp_path / "inputs").read_text(encoding="utf-8"))
        (tmp_path / "inputs").unlink()
    assert seen[0] == seen[1] != seen[2]


def test_progress_is_reported():
    seen = []
    request = Request(str(HERE / "targets" / "right.py"), paths=LAWS, only=["tanh"])
    run(request, progress=lambda *step: seen.append(step))
    assert seen[0] == (0, 2, "Tanh is odd")
    assert seen[-1][:2] == (2, 2)


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("import os; os._exit(5)", "importing it ends the process (exit status 5)"),
        ("import time; time.sleep(60)", "importing it takes longer than 3 s"),
    ],
)
def test_a_target_that_cannot_be_imported_is_told_in_words(tmp_path, source, reason):
    path = tmp_path / "target.py"
    path.write_text(source, encoding="utf-8")
    learned = run(Request(str(path), paths=LAWS), limits=Limits(load=3))
    assert learned.unloadable == reason
    assert not learned.results


def test_a_law_may_not_take_forever(tmp_path):
    path = tmp_path / "slow.py"
    path.write_text(
        "def tanh(x):\n    import time\n    time.sleep(0.2)\n    return x\n"
    )
    limits = Limits(load=60, call=5, law=0.5)
    learned = run(Request(str(path), paths=LAWS, only=["tanh"]), limits=limits)
    failure = failures(learned)["test_tanh_is_odd"]
    assert failure.cause == "this law takes longer than 0.5 s"


def test_garbage_at_the_door_is_ignored(tmp_path):
    path = tmp_path / "loud.py"
    path.write_text(
        "import numpy as np, os\n\n\ndef tanh(x):\n"
        "    for number in range(3, 12):\n"
        "        try:\n            os.write(number, b'[1]\\nnot json\\n')\n"
        "        except OSError:\n            pass\n"
        "    return np.tanh(x)\n",
        encoding="utf-8",
    )
    learned = run(Request(str(path), paths=LAWS, level="mathematics"))
    assert set(outcomes(learned).values()) == {"holds", "not offered"}


def test_an_interrupt_leaves_no_worker_behind():
    def interrupted(*step):
        raise KeyboardInterrupt

    before = time.monotonic()
    learned = run(Request("reference", paths=LAWS), progress=interrupted)
    assert learned.interrupted
    assert learned.judged == 0
    assert len(learned.laws) > 0
    assert set(outcomes(learned).values()) <= {"not offered"}
    assert time.monotonic() - before < 60
    assert not [t for t in threading.enumerate() if "_listen" in t.name]


@pytest.mark.parametrize(
    ("name", "source", "line"),
    [
        ("test_end.py", "import os\nos._exit(3)\n", "runs the laws ends .* status 3"),
        ("missing", "", "pytest ends with <ExitCode.USAGE_ERROR: 4>"),
    ],
)
def test_laws_that_end_everything_are_reported(tmp_path, name, source, line):
    path = tmp_path / name
    if source:
        path.write_text(source, encoding="utf-8")
    learned = run(Request("reference", paths=[str(path)]))
    assert re.search(line, learned.broken[0])


def test_two_workers_learn_as_much_as_one(tmp_path):
    copies = FEW  # any fewer are judged by one worker, or by few
    for name in range(copies):
        source = (HERE / "laws" / "test_plain.py").read_text(encoding="utf-8")
        (tmp_path / f"test_{name}.py").write_text(source, encoding="utf-8")
    target = str(HERE / "targets" / "wrong.py")
    whole = run(Request(target, paths=[str(tmp_path)]), jobs=2)
    one = run(Request(target, paths=LAWS))
    assert len(whole.laws) == copies * len(one.laws)
    assert whole.capabilities == one.capabilities
    habits = [law for law in whole.results if law.startswith("conduct::")]
    assert sorted(habits) == sorted(law for law in one.results if law in habits)
    assert len(whole.results) - len(habits) == copies * (len(one.results) - len(habits))
    assert list(whole.results) == sorted(whole.results, key=in_order)


def in_order(law):
    place, _, rest = law.partition("::")
    return (place == "conduct", rest if place == "conduct" else place)


@pytest.mark.parametrize(("files", "workers"), [(1, 1), (3, 1), (4, 2), (40, 8)])
def test_a_worker_is_started_for_every_few_files(tmp_path, files, workers):
    for name in range(files):
        (tmp_path / f"test_{name}.py").write_text("x = 1\n" * (name + 1))
    parts = _divided(Request("reference", paths=[str(tmp_path)]), 8, str(tmp_path))
    assert len(parts) == workers
    every = sorted(map(str, tmp_path.iterdir()))
    assert sorted(path for part in parts for path in part.paths) == every
    for part in parts:
        assert sorted(part.paths + part.spare) == every
        assert bool(part.claims) == (workers > 1)
    sizes = [sum(Path(p).stat().st_size for p in part.paths) for part in parts]
    assert max(sizes) - min(sizes) <= 6 * files


def test_who_is_done_helps_the_others(tmp_path):
    source = (
        "import os\n\nimport pytest\n\n\n"
        "@pytest.mark.parametrize('number', range(4))\n"
        "def test_tanh(impl, number):\n"
        "    assert impl.tanh(number * {}) is not None\n"
    )
    for name in range(8):
        (tmp_path / f"test_{name}.py").write_text(source.format(int(name in (0, 1))))
    target = tmp_path / "target.py"
    target.write_text(
        "import os\nimport time\n\n\ndef tanh(x):\n"
        f"    with open({str(tmp_path / 'who')!r}, 'a') as file:\n"
        "        print(os.getpid(), file=file)\n"
        "    time.sleep(0.4 if isinstance(x, int) and x else 0.0)\n"
        "    return x * 1.0\n"
    )
    # One worker is held up by its first file: the other judges nearly all the rest.
    learned = run(Request(str(target), paths=[str(tmp_path)]), jobs=2)
    assert set(outcomes(learned).values()) == {"holds"}
    assert len(learned.results) == 32
    assert len(set((tmp_path / "who").read_text().split())) == 2


def test_a_worker_with_nothing_left_to_do_is_not_waited_for(tmp_path):
    source = (HERE / "laws" / "test_plain.py").read_text(encoding="utf-8")
    for name in range(FEW):
        (tmp_path / f"test_{name}.py").write_text(source, encoding="utf-8")
    target = tmp_path / "target.py"
    # Whoever comes second takes long to import it.
    target.write_text(
        "import os\nimport time\n\nimport numpy as np\n\n"
        f"PLACE = {str(tmp_path / 'first')!r}\n"
        "try:\n    os.close(os.open(PLACE, os.O_CREAT | os.O_EXCL))\n"
        "except FileExistsError:\n    time.sleep(100)\n\n\n"
        "def tanh(x):\n    return np.tanh(x)\n"
    )
    before = time.monotonic()
    request = Request(str(target), only=["tanh"], paths=[str(tmp_path)])
    learned = run(request, jobs=2)
    assert set(outcomes(learned).values()) == {"holds"}
    assert len(learned.results) == 2 * FEW
    assert time.monotonic() - before < 60


def test_files_that_name_no_function_in_question_are_left_alone(tmp_path):
    (tmp_path / "test_nothing.py").write_text("import no_such_module\n")
    source = (HERE / "laws" / "test_plain.py").read_text(encoding="utf-8")
    (tmp_path / "test_plain.py").write_text(source, encoding="utf-8")
    learned = run(Request("reference", only=["relu"], paths=[str(tmp_path)]))
    assert learned.broken == []
    assert {law.functions for law in learned.laws.values()} == {("relu",)}


def test_laws_that_do_not_load_are_reported(tmp_path):
    (tmp_path / "test_nothing.py").write_text("import no_such_module\n")
    learned = run(Request("reference", paths=[str(tmp_path)]))
    assert learned.broken == [
        "test_nothing.py: ModuleNotFoundError: No module named 'no_such_module'"
    ]

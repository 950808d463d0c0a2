"""laws: every one of them says which functions it asks for."""

import subprocess
import sys
from pathlib import Path

import pytest

import reference
from reference.conformance.laws import SUITE, chapters, describe, functions, mentioned

HERE = Path(__file__).resolve().parent

SOURCE = '''
import pytest
from hypothesis import given, strategies as st


def helper(impl, x):
    return other(impl) + impl.softmax(x)


def other(impl):
    return impl.logsumexp([1.0]) + spec.sigmoid(2)


@pytest.mark.claim("A1-001", "A1-002")
@given(x=st.floats())
def test_a_law_of_one_function(impl, x):
    """Not softplus."""
    assert impl.relu(x) == spec.tanh(x)


def test_helpers_are_followed(impl):
    assert helper(impl, [1.0])


@pytest.mark.parametrize("name", ["mse_loss", "log_sigmoid"])
def test_by_name(impl, name):
    assert getattr(impl, name)([1.0])


NAMES = ("relu", "tanh")


def test_by_a_table_of_names(impl):
    for name in NAMES:
        getattr(impl, name)([1.0])


def test_by_constant_name(impl):
    assert getattr(impl, "logit")([0.5])


@pytest.mark.contract
@pytest.mark.parametrize("call", [lambda impl: impl.he_variance(1)])
@pytest.mark.parametrize("activation", ["sigmoid", "tanh"])
def test_a_law_of_the_contract(impl, call, activation):
    assert call(impl) or impl.second_moment_gain(activation)
'''


class Collector:
    """Pytest plugin that keeps what was collected."""

    def pytest_collection_modifyitems(self, items):
        """Keep it."""
        self.items = list(items)


@pytest.fixture(scope="module")
def items(tmp_path_factory):
    folder = tmp_path_factory.mktemp("laws")
    path = folder / "test_sample.py"
    path.write_text(SOURCE, encoding="utf-8")
    collector = Collector()
    options = ["-q", "--collect-only", "-c", "/dev/null", "-p", "no:cacheprovider"]
    plugin = ["-p", "reference.conformance.plugin", "--import-mode=importlib"]
    code = pytest.main([*options, *plugin, str(path)], plugins=[collector])
    assert code == 0
    return {item.name: item for item in collector.items}


@pytest.mark.parametrize(
    ("name", "used"),
    [
        ("test_a_law_of_one_function", {"relu"}),
        ("test_helpers_are_followed", {"softmax", "logsumexp"}),
        ("test_by_name[mse_loss]", {"mse_loss"}),
        ("test_by_a_table_of_names", {"relu", "tanh"}),
        ("test_by_constant_name", {"logit"}),
        (
            "test_a_law_of_the_contract[sigmoid-<lambda>]",
            {"he_variance", "second_moment_gain"},
        ),
    ],
)
def test_a_law_knows_its_functions(items, name, used):
    assert functions(items[name]) == used


def test_a_law_is_described_in_words(items):
    law = describe(items["test_a_law_of_one_function"])
    assert law.sentence == "A law of one function"
    assert law.functions == ("relu",)
    assert law.level == "mathematics"
    assert law.claims == ("A1-001", "A1-002")
    assert law.page.endswith("/sample")
    law = describe(items["test_by_name[mse_loss]"])
    assert law.sentence == "By name [mse_loss]"
    assert (
        describe(items["test_a_law_of_the_contract[tanh-<lambda>]"]).level == "contract"
    )


def test_the_chapters_are_those_of_the_reference():
    package = Path(reference.__file__).parent
    names = {folder.name for folder in chapters()}
    assert names <= {path.name for path in package.iterdir() if path.is_dir()}
    assert {"activations", "losses"} <= names
    assert "conformance" not in names
    assert SUITE.name == "tests"


@pytest.fixture(scope="module")
def every_law():
    collector = Collector()
    folders = [str(folder) for folder in chapters()]
    assert pytest.main(["-q", "--collect-only", *folders], plugins=[collector]) == 0
    return [describe(i) for i in collector.items if "impl" in i.fixturenames]


def test_every_law_asks_for_a_function_of_the_contract(every_law):
    assert [law.id for law in every_law if not law.functions] == []


def test_every_law_stands_in_a_file_that_names_its_functions(every_law):
    files = {law.id: SUITE / law.id.partition("::")[0] for law in every_law}
    assert [
        (law.id, function)
        for law in every_law
        for function in law.functions
        if not mentioned(files[law.id], [function])
    ] == []
    assert not mentioned(SUITE / "activations" / "test_relu.py", ["xor_net"])


def test_every_function_has_a_law_of_mathematics(every_law):
    judged = {
        n for law in every_law if law.level == "mathematics" for n in law.functions
    }
    assert set(reference.__all__) - judged == set()


def test_the_reference_does_not_import_the_conformance_suite():
    code = (
        "import reference, sys; print([m for m in sys.modules if 'conformance' in m])"
    )
    out = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert out.stdout.strip() == "[]"

"""What several tests of the conformance suite need."""

import pytest

from reference.conformance.beacon import Beacon
from reference.conformance.identify_run import Asked
from reference.conformance.identify_worker import Request, ask


@pytest.fixture
def answers(tmp_path):
    """Ask a target in this process, which is quicker."""

    def asked(target, name=""):
        path = tmp_path / "beacon"
        Beacon.create(path).close()
        learned = Asked()
        ask(Request(str(target), name, beacon=str(path)), learned.take)
        return learned.answers

    return asked

"""Ctrl-C and kill -9 in mid-run, then the same command again: the work is finished, and none of it is done twice."""

import os
import signal

import pytest
from tests.cli_runs import Steps, child, demo_args, fold, site, story

# Where in the run, as a share of its steps (statements to the database, files written): from import to statements.
PLACES = [
    (0.05, signal.SIGINT),
    (0.2, signal.SIGKILL),
    (0.45, signal.SIGINT),
    (0.6, signal.SIGKILL),
    (0.85, signal.SIGINT),
    (0.97, signal.SIGKILL),
]
VOLATILE = ("stages", "files", "findings", "seconds", "out")


def stable(ended):
    return {name: value for name, value in ended.data.items() if name not in VOLATILE}


@pytest.fixture(scope="module")
def clinic(tmp_path_factory):
    return site(tmp_path_factory.mktemp("stopped"), "p01", "p26")


@pytest.fixture(scope="module")
def whole(clinic):
    """A run that nothing stopped: its figures, its books, and how many steps it took."""
    steps = Steps(clinic / "steps")

    def counted():
        steps()
        real = os._exit
        os._exit = lambda code: (steps.write(), real(code))

    ended = child(*demo_args(clinic, clinic / "whole"), before=counted)
    assert ended.code == 0, ended.out
    fold(clinic / "whole" / "superbill.db")
    return stable(ended), story(clinic / "whole" / "superbill.db"), int((clinic / "steps").read_text("ascii"))


@pytest.mark.parametrize(("share", "kind"), PLACES, ids=[f"{kind.name}-{share}" for share, kind in PLACES])
def test_stopped_and_run_again_it_comes_to_the_same(clinic, whole, share, kind):
    figures, books, steps = whole
    step = round(steps * share)
    out = clinic / f"{kind.name}-{share}"
    stopped = child(*demo_args(clinic, out), before=Steps(stop_at=step, kind=kind))
    assert stopped.code == (130 if kind == signal.SIGINT else -signal.SIGKILL), (step, stopped.out)
    if kind == signal.SIGINT:
        assert stopped.out.strip() == "Stopped. What was finished is kept; the same command again does the rest."
    again = child(*demo_args(clinic, out))
    assert again.code == 0, (step, again.out)
    assert stable(again) == figures, step
    database = out / "superbill.db"
    fold(database)
    assert story(database) == books, step
    proof = child("doctor", "--db", database)
    assert proof.code == 0, proof.out


def test_a_finished_run_again_changes_nothing(clinic, whole):
    figures, books, _ = whole
    again = child(*demo_args(clinic, clinic / "whole"))
    assert (again.code, stable(again)) == (0, figures)
    fold(clinic / "whole" / "superbill.db")
    assert story(clinic / "whole" / "superbill.db") == books


def test_stopped_while_its_tables_are_made_a_database_is_still_made(tmp_path):
    folder = site(tmp_path, "p41")
    for step in range(5, 400, 25):
        stopped = child(*demo_args(folder, folder / "out"), before=Steps(stop_at=step, kind=signal.SIGKILL))
        assert stopped.code == -signal.SIGKILL, (step, stopped.out)
    assert child(*demo_args(folder, folder / "out")).code == 0

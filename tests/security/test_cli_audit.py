"""Every command that shows stored records of patients leaves a trace; a new command fails until it stands here."""

import sqlite3
from contextlib import closing

import click
import pytest
from tests.cli_runs import main
from tests.spec.test_cli_commands import clinic, copy_of

from superbill.cli.root import root
from superbill.cli.session import OF_NOBODY, SHOWING

__all__ = ["clinic"]
# A command that shows stored records, and whose the trace is: a kind of row, "records" for a list of many.
READING = {
    "claim show A1001P1": "claim",
    "claim show A1001P1 --x12": "claim",
    "claim print A1001P1 -o {out}/claim.pdf": "claim",
    "claim list": "records",
    "claim check": "records",
    "code encounters --show A1001": "encounter",
    "coding history A1001": "encounter",
    "coding waiting": "records",
    "ledger show A1001": "encounter",
    "ledger show --patient p01": "patient",
    "ledger journal": "records",
    "statement list": "records",
    "statement show 1": "records",
    "statement print 1 -o {out}/statement.pdf": "records",
    "statement explain A1001": "encounter",
    "statement itemized p01 -o {out}/bill.pdf": "patient",
    "statement preview": "records",
    "statement holds": "records",
    "guarantor list": "records",
    "guarantor of p01": "patient",
    "guarantor show p01": "patient",
    "eligibility list --patient p01": "patient",
    "authorization list": "records",
    "denial list": "records",
    "appeal list": "records",
    "followup list": "records",
    "followup papers": "records",
    "inquiry list": "records",
    "inquiry show A1001P1": "claim",
    "remit exceptions": "records",
    "remit list": "records",
    "thread list": "records",
    "payment list --patient p01": "patient",
    "plan list": "records",
    "refund list": "records",
    "refund credits --patient p01": "patient",
    "collections list": "records",
    "adjust waiting": "records",
    "work list": "records",
    "receivables lines": "records",
    "receivables unbilled": "records",
    "receivables loose": "records",
    "eob list": "records",
    "report html -o {out}/report.html": "records",
    "export run -o {out}/export": "records",
    "audit list": "records",
    "doctor": "records",
    "kpi cases denied-dollars": "records",
}
# Commands that show such records too and are not run here: they need more than the clinic has.
SHOWN_ELSEWHERE = {
    "coding audit show", "denial show", "eob show", "followup proof", "payment show", "plan show", "remit show",
    "thread show", "work show", "coding audit report", "coding audit score", "remit preview", "statement receipt",
    "deposit slip", "codesets impact", "variance",
}  # fmt: skip


def commands(command=root, path=()):
    """(words, command) of every command that takes a database."""
    if isinstance(command, click.Group):
        for name in command.list_commands(click.Context(command)):
            yield from commands(command.get_command(click.Context(command), name), (*path, name))
    elif any(one.name == "db" for one in command.params):
        yield " ".join(path), command


def reads_alone(command):
    """A command without a day to work on reads; those with one act."""
    return not any(one.name == "day" for one in command.params)


def test_every_command_that_reads_says_whether_it_shows_a_patients_record():
    known = {name for name, command in commands() if reads_alone(command)}
    run = {name for name, _ in commands() if any(f"{line} ".startswith(f"{name} ") for line in READING)}
    assert OF_NOBODY <= {name for name, _ in commands()} >= SHOWING
    assert known - OF_NOBODY - run - SHOWN_ELSEWHERE - {"demo"} == set()
    assert SHOWING - run - SHOWN_ELSEWHERE == set()
    assert OF_NOBODY & (run | SHOWN_ELSEWHERE) == set()


@pytest.fixture(scope="module")
def looked_at(clinic, tmp_path_factory):
    return copy_of(clinic, tmp_path_factory.mktemp("traced"))


def test_what_shows_a_patients_record_leaves_a_trace(looked_at, tmp_path):
    missing = {}
    for line, kind in READING.items():
        last = newest(looked_at)
        done = main(*line.format(out=tmp_path).split(), "--db", looked_at)
        new = [one[1:] for one in events(looked_at, last) if one[0] == "read"]
        if done.code > 1 or [kind for kind, _, _ in new] != [kind]:
            missing[line] = (done.code, new, done.err[-200:])
        elif kind != "records":
            assert all(row for _, row, _ in new), line
        assert all('"command":"' in detail and "p01" not in detail for _, _, detail in new), line
    assert missing == {}


def events(db, after=0):
    """What the trail of the only practice has after an event: action, kind, row and detail."""
    with closing(sqlite3.connect(db)) as there:
        sql = "SELECT action, subject_kind, subject_id, detail FROM audit_auditevent WHERE number > ? ORDER BY number"
        return there.execute(sql, [after]).fetchall()


def newest(db):
    """The number of the last event."""
    return len(events(db))


def test_what_tells_nothing_of_a_patient_leaves_none(looked_at):
    before = newest(looked_at)
    for line in ("audit verify", "batch list", "bank lines", "deposit list", "denial causes"):
        assert main(*line.split(), "--db", looked_at).code == 0
    assert newest(looked_at) == before

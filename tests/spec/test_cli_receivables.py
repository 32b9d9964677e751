"""Receivables, key figures and the rebuild on the command line: for people, for machines, and how they end."""

import sqlite3
from contextlib import closing

import pytest
from tests.app_samples import AT, TODAY, billed, chart, remittance, usual_answer
from tests.cli_runs import main, ok

from superbill.app.accounts.actors import system_actor
from superbill.app.billing.actions import take_patient_payment
from superbill.app.boot import disconnect
from superbill.app.patients.actions import import_charts
from superbill.app.patients.models import PatientRow
from superbill.app.practices.actions import open_practice
from superbill.app.remits.actions import post_remittance


@pytest.fixture
def db(sqlite_database):
    """Books of four visits: one is answered, of one the patient has paid too much."""
    system = system_actor(open_practice("lakeland", "Lakeland").pk)
    sent = billed(system, charts=2, visits=2)
    post_remittance(system, remittance("T1", usual_answer(sent[0])), payer_key="one", at=AT)
    take_patient_payment(system, system.scope.rows(PatientRow).first().pk, 25_00, "cash", "k", TODAY, at=AT)
    import_charts(system, [chart(9)], at=AT)
    disconnect()
    return sqlite_database.address


READING = [
    ("receivables aging", {"as_of", "by", "age", "buckets", "rows", "total", "row_count"}),
    (
        "receivables aging --by claim --age responsibility",
        {"as_of", "by", "age", "buckets", "rows", "total", "row_count"},
    ),
    ("receivables lines --kind patient", {"as_of", "lines"}),
    ("receivables unbilled", {"waiting"}),
    ("receivables loose", {"as_of", "loose"}),
    ("receivables refresh", {"entry", "lines"}),
    ("ledger rebuild", {"tables", "differences"}),
    ("kpi show", {"from", "to", "by", "figures"}),
    ("kpi show denied-dollars --by payer,code --from 2026-09 --to 2026-11", {"from", "to", "by", "figures"}),
    ("kpi cases gross-collection --from 2026-11", {"key", "from", "to", "cases"}),
    ("kpi payers --from 2026-11", {"from", "to", "payers"}),
    ("kpi providers --from 2026-11", {"from", "to", "providers"}),
    ("kpi cost --month 2026-11 --amount 12.50", {"month", "cents"}),
]


def test_commands_tell_people_and_machines(db):
    for line, keys in READING:
        for_people = ok(*line.split(), "--db", db)
        assert for_people.out.strip() and not for_people.err, line
        assert ok(*line.split(), "--json", "--db", db).data.keys() == keys, line


def test_every_way_of_asking_adds_up_to_the_same(db):
    totals = {
        by: ok("receivables", "aging", "--by", by, "--json", "--db", db).data["total"]
        for by in ("payer", "patient", "provider", "location", "claim", "practice")
    }
    assert len(set(totals.values())) == 1
    assert totals["payer"] == ok("report", "aging", "--json", "--db", db).data["total"]


def test_the_lines_add_up_to_the_number_they_are_behind(db):
    rows = ok("receivables", "aging", "--json", "--db", db).data["rows"]
    assert rows
    for row in rows:
        behind = ok("receivables", "lines", "--key", row["key"], "--kind", row["kind"], "--json", "--db", db)
        assert sum(line["amount"] for line in behind.data["lines"]) == row["total"]
        assert len(behind.data["lines"]) == row["lines"]


def test_before_the_first_charge_nobody_owed_anything(db):
    assert ok("receivables", "aging", "--as-of", "2020-01-01", "--json", "--db", db).data["total"] == 0


def test_a_rebuild_that_finds_a_difference_ends_with_1(db):
    assert ok("ledger", "rebuild", "--json", "--db", db).data["differences"] == 0
    with closing(sqlite3.connect(db)) as books, books:
        books.execute("UPDATE billing_linebalance SET payer = 'nobody' WHERE line_id = 1")
    ended = main("ledger", "rebuild", "--db", db)
    assert ended.code == 1 and "The journal counts" in ended.out
    assert ok("ledger", "rebuild", "--db", db).code == 0


def test_what_is_not_on_its_way_is_told_with_what_it_waits_for(db):
    (waiting,) = ok("receivables", "unbilled", "--json", "--db", db).data["waiting"]
    assert (waiting["stage"], waiting["number"]) == ("not coded", "A1005")
    (loose,) = ok("receivables", "loose", "--json", "--db", db).data["loose"]
    assert (loose["account"], loose["amount"]) == ("unapplied", 5_00)


def test_every_figure_is_listed_with_its_formula():
    listed = ok("kpi", "list", "--json").data["measures"]
    assert {"clean-claims", "days-in-ar", "underpaid"} <= {one["key"] for one in listed}
    assert "over" in ok("kpi", "list").out


def test_a_cost_that_is_put_in_is_in_the_figure(db):
    ok("kpi", "cost", "--month", "2026-11", "--amount", "12.50", "--db", db)
    (figure,) = ok("kpi", "show", "cost-to-collect", "--from", "2026-11", "--to", "2026-11", "--json", "--db", db).data[
        "figures"
    ]
    assert (figure["numerator"], figure["denominator"]) == (12_50, 105_00)


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("kpi show happiness", "no such figure"),
        ("kpi show clean-claims --by code", "not known by code"),
        ("kpi show --by moon", "--by moon: one or more of"),
        ("kpi show --from 2027-01 --to 2026-01", "--from 2027-01 is after --to 2026-01"),
        ("kpi show underpaid", "names no contracts"),
        ("kpi cases gross-collection --group a", "--group: one for each of --by"),
        ("kpi cost --month 2026-11 --amount much", "--amount much"),
        ("kpi cost --month 2026-11 --amount -1", "less than nothing"),
        ("receivables lines --bucket 7-12", "There are 0-30, 31-60, 61-90, 91-120, 120+."),
    ],
)
def test_what_can_not_be_told_is_explained(db, line, told):
    ended = main(*line.split(), "--db", db)
    assert ended.code == 2 and told in ended.err


def test_everything_goes_out_and_is_proved(db, tmp_path):
    folder = tmp_path / "out"
    assert "export verify" in ok("export", "run", "-o", folder, "--db", db).out
    proved = ok("export", "verify", folder, "--json").data
    assert (proved["differences"], proved["lines"]) == ([], 8)
    again = main("export", "run", "-o", folder, "--db", db)
    assert again.code == 2 and "is there already" in again.err
    with (folder / "billing_posting.csv").open("a") as file:
        file.write("more\r\n")
    broken = main("export", "verify", folder)
    assert broken.code == 2 and "billing_posting.csv:" in broken.err and "export anew" in broken.err
    assert main("export", "verify", tmp_path / "nowhere").code == 2

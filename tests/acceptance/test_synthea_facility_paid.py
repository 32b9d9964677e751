"""Synthea's hospital encounters from the chart to the ledger: every institutional claim ends paid, partly denied,
denied, rejected or held with a reason, and every cent of it is explained."""

import sqlite3
from collections import Counter, defaultdict
from pathlib import Path

import msgspec
import pytest
from tests.cli_runs import main, ok
from tests.judges import judge_files

from superbill.claims.model import Claim
from superbill.claims.statement import is_facility_account
from superbill.ledger.accounts import Account
from superbill.x12 import read_277ca, read_835

BUNDLES = Path(__file__).parents[3] / "shared" / "data" / "synthea" / "bundles"
pytestmark = [
    pytest.mark.shared_data,
    pytest.mark.skipif(not BUNDLES.is_dir(), reason=f"{BUNDLES} is not here"),
]
FILES = 8  # of 60 bundles: stays, emergency visits and outpatient surgery, and quick
ENDS = frozenset({"paid", "partly_denied", "denied", "rejected", "held"})
STANDING = frozenset({"paid", "partly_denied", "denied"})


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """What the command said of a run on some of the bundles, and its folder."""
    source, out = tmp_path_factory.mktemp("bundles"), tmp_path_factory.mktemp("run") / "out"
    for path in sorted(BUNDLES.iterdir())[:FILES]:
        (source / path.name).symlink_to(path)
    ended = main("demo", "--from", source, "--shift-dates", 1826, "--out", out, "--no-pdf", "--json")
    assert ended.code == 0, ended.err
    return ended.data, out


@pytest.fixture(scope="module")
def rows(run):
    with sqlite3.connect(run[1] / "superbill.db") as connection:
        yield connection


@pytest.fixture(scope="module")
def claims(rows):
    """Every institutional claim with its state and findings, by its number."""
    found = {}
    for number, doc, state, findings in rows.execute(
        "SELECT control_number, doc, state, findings FROM claims_claimrow"
    ):
        claim = msgspec.json.decode(doc, type=Claim)
        if claim.kind == "institutional":
            found[number] = (claim, state, msgspec.json.decode(findings))
    return found


@pytest.fixture(scope="module")
def answers(run):
    """What the 835s say of each claim, in their order."""
    found = defaultdict(list)
    for path in sorted((run[1] / "835").iterdir(), key=lambda path: path.name.split(".")[2]):
        for _, remittance in read_835(path):
            for answer in remittance.claims:
                found[answer.control_number].append(answer)
    return found


@pytest.fixture(scope="module")
def books(rows):
    """Cents by account, of each line, before patients paid anything."""
    found = defaultdict(Counter)
    query = (
        "SELECT l.key, p.account, SUM(p.amount) FROM billing_posting p JOIN billing_chargeline l ON l.id = p.line_id"
        " JOIN billing_journalentry j ON j.id = p.entry_id"
        " WHERE j.kind NOT IN ('patient payment', 'returned payment', 'refund', 'write-off') GROUP BY 1, 2"
    )
    for key, account, amount in rows.execute(query):
        found[key][Account(account)] = amount
    return found


def test_every_institutional_claim_ends_and_says_why(claims, answers, rows):
    states = Counter(state for _, state, _ in claims.values())
    assert states.keys() <= ENDS
    assert states["paid"] >= 20
    rejected = dict(rows.execute("SELECT control_number, findings FROM claims_claimrow WHERE state = 'rejected'"))
    for number, (_, state, findings) in claims.items():
        if state in STANDING:
            assert answers[number]
        elif state == "held":
            assert any(one["severity"] == "error" for one in findings)
        else:
            assert state == "rejected" and rejected[number] != "[]"


def test_what_the_payers_said_is_what_the_books_hold_to_the_cent(claims, answers, books):
    kinds = Counter()
    for number, (claim, state, _) in claims.items():
        if state not in STANDING or claim.other_insurance:
            continue
        lines = [books[line.control_number] for line in claim.lines]
        paid = sum(answer.paid for answer in answers[number])
        assert sum(line[Account.CLEARING] for line in lines) == paid
        last = answers[number][-1]
        assert sum(line[Account.PATIENT] for line in lines) == last.patient_responsibility
        for line, own in zip(claim.lines, lines, strict=True):
            assert own[Account.CHARGES] == -line.charge
            assert sum(own.values()) == 0
        kinds[claim.institutional.inpatient, bool(last.lines)] += 1
    # Stays and visits; Medicare's stays come back as a whole, without lines.
    assert kinds[True, True] and kinds[True, False] and kinds[False, True] >= 15


def test_what_is_refused_stays_the_payers_balance_with_its_reason(claims, answers, books):
    for number, (claim, state, _) in claims.items():
        if state not in ("denied", "partly_denied"):
            continue
        last = answers[number][-1]
        pieces = [*last.adjustments, *(piece for line in last.lines for piece in line.adjustments)]
        refused = sum(books[line.control_number][Account.DENIED] for line in claim.lines)
        assert refused > 0
        assert any(piece.group == "CO" and piece.reason not in ("45", "94", "253") for piece in pieces)


def test_a_stay_is_told_as_one_and_a_visit_by_its_codes(claims, answers):
    for number, (claim, _, _) in claims.items():
        for answer in answers[number]:
            detail = claim.institutional
            assert (answer.place_of_service, answer.frequency) == (detail.facility_type, claim.frequency)
            assert (answer.inpatient is not None) == detail.inpatient
            if detail.inpatient and answer.status != "22" and answer.paid:
                assert answer.covered_days > 0
            for line in answer.lines:
                assert line.procedure.qualifier == "NU" or line.revenue_code


def test_every_claim_that_was_sent_is_acknowledged_with_its_type_of_bill(run, claims):
    told = {}
    for path in (run[1] / "277CA").iterdir():
        for _, answer in read_277ca(path):
            told |= {status.control_number: status for status in answer.claims}
    sent = {number: claim for number, (claim, state, _) in claims.items() if state != "held"}
    assert {number: told[number].bill_type for number in sent} == {
        number: claim.type_of_bill[1:] for number, claim in sent.items()
    }
    assert len(list((run[1] / "277CA").iterdir())) == len(list((run[1] / "837").iterdir()))


def test_both_judges_accept_the_835s_of_the_hospital(run):
    files = {}
    for path in sorted((run[1] / "835").iterdir()):
        if b"XX*1999998051" in (data := path.read_bytes()):
            files[path.name] = data
    assert len(files) >= 15
    assert judge_files(files) == {}


def test_the_doctor_finds_no_difference_and_statements_name_the_hospitals_services(run, rows):
    out = run[1]
    where = ("--db", out / "superbill.db", "--site", out / "site.toml")
    assert "no difference" in ok("doctor", *where).out
    ok("statement", "run", "--no-pdf", *where)
    sections = [
        visit
        for (doc,) in rows.execute("SELECT doc FROM statements_statement")
        for visit in msgspec.json.decode(doc)["visits"]
    ]
    hospital = [visit for visit in sections if visit["place"] == "Synthea Test Hospital" and not visit["provider"]]
    labels = {line["label"] for visit in hospital for line in visit["lines"]}
    assert {"Emergency room", "Two-bed room"} & labels
    assert "Medical service" not in labels
    accounts = dict(rows.execute("SELECT id, account_number FROM encounters_encounterrow"))
    charged = rows.execute("SELECT key, encounter_id FROM billing_chargeline").fetchall()
    assert any(is_facility_account(key.rpartition("-")[0], accounts[encounter]) for key, encounter in charged)

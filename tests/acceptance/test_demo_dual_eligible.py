"""A patient under Medicare and Medicaid, whom Synthea calls dual_eligible: both payers are billed, in their order."""

import pytest
from tests import demo_runs
from tests.cli_runs import columns
from tests.judges import judge_x12

from superbill.x12 import read_835

FIRST = "SELECT control_number FROM claims_claimrow WHERE payer_key = 'medicare' AND next_payer_key = 'medicaid'"
SECOND = "SELECT control_number FROM claims_claimrow WHERE payer_key = 'medicaid' AND responsibility = 'S'"


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    told, out = demo_runs.synthea(tmp_path_factory.getbasetemp())
    return told["summary"], out


@pytest.fixture(scope="module")
def answers(run):
    """The claims of every 835, by their control number, the last answer to each."""
    _, out = run
    files = sorted((out / "835").iterdir(), key=lambda path: path.name[-12:])
    remittances = [remittance for file in files for _, remittance in read_835(file.read_bytes())]
    return {claim.control_number: claim for remittance in remittances for claim in remittance.claims}


pytestmark = [
    pytest.mark.shared_data,
    pytest.mark.skipif(not demo_runs.SYNTHEA.is_dir(), reason=f"{demo_runs.SYNTHEA} is not here"),
    pytest.mark.xdist_group("dual"),
]


def left(claim):
    return sum(piece.amount for line in claim.lines for piece in line.adjustments if piece.group == "PR")


def test_medicaid_gets_a_claim_for_what_medicare_left_to_the_patient_and_none_where_it_left_nothing(run, answers):
    _, out = run
    first = {number for (number,) in columns(out / "superbill.db", FIRST)}
    assert len(first) >= 25
    due = {number for number in first if number in answers and left(answers[number])}
    billed = {number.replace("S1", "P1") for (number,) in columns(out / "superbill.db", SECOND)}
    assert billed == due
    assert len(billed) >= 15


def test_medicaid_answers_with_what_medicare_did_and_leaves_the_patient_nothing(answers):
    second = [claim for number, claim in answers.items() if number.endswith("S1")]
    assert len(second) >= 15
    for claim in second:
        before = answers[claim.control_number.replace("S1", "P1")]
        assert claim.status == "2"
        groups = {(piece.group, piece.reason) for line in claim.lines for piece in line.adjustments}
        assert ("OA", "23") in groups and not any(group == "PR" for group, _ in groups)
        assert 0 <= claim.paid <= left(before)
    assert any(claim.paid for claim in second)


def test_the_books_balance_and_the_patient_owes_nothing_of_it(run):
    summary, out = run
    assert (summary["unbalanced"], summary["differences"], summary["held"]) == (0, 0, 0)
    owed = columns(
        out / "superbill.db",
        "SELECT b.patient FROM billing_linebalance b JOIN billing_chargeline l ON l.id = b.line_id"
        " WHERE l.encounter_id IN (SELECT encounter_id FROM claims_claimrow WHERE responsibility = 'S')",
    )
    assert owed and all(amount == 0 for (amount,) in owed)


def test_the_judges_find_no_error_in_what_medicaid_gets_and_answers(run):
    """The longest file of each kind; the run over all bundles has every file judged."""
    _, out = run
    for kind in ("837", "835"):
        files = [data for path in (out / kind).iterdir() if b"S1*" in (data := path.read_bytes())]
        assert judge_x12(max(files, key=len)) == []

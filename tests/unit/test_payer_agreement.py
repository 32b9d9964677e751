"""The simulated payer under a whole agreement: it pays by the clauses, and only what is payable counts."""

from decimal import Decimal

import pytest
from tests.payer_support import Desk, Plan, adjustments, claim, clinic, decide, line, payer

from superbill.payer.config import PayerConfigError, read_payers

OPEN = (Plan(name="open", benefits={"non_covered": {"11042": "CO-96:N180"}}),)


def under(terms, **more):
    """A payer whose plan leaves nothing to the patient."""
    fees = {"20610": {"2020-01-01": 90_00}, "64483": {"2020-01-01": 200_00}}
    return payer(percent_of_charge={}, fees=fees, plans=OPEN, agreement={"terms": terms, **more})


FEES = {"id": "fees", "pays": {"method": "fee-schedule", "schedule": "fees"}}
REST = {"id": "rest", "after": "fees", "pays": {"method": "percent-of-charge", "percent": "0.5"}}
SECOND = [{"id": "mp", "scope": {"codes": ["10004-69990"]}, "percents": ["1", "0.5"]}]


def paid(*lines, by):
    return [each.paid for each in decide(claim(*lines), by).lines]


def test_it_pays_by_fee_and_what_has_none_by_the_clause_after():
    by = under([FEES, REST])
    assert paid(line(1, "20610", 150_00), line(2, "71046", 100_00), by=by) == [90_00, 50_00]


def test_a_second_procedure_is_reduced_and_a_refused_one_does_not_count():
    by = under([FEES, REST], reductions=SECOND)
    assert paid(line(1, "64483", 400_00), line(2, "20610", 150_00), by=by) == [200_00, 45_00]
    assert paid(line(1, "11042", 900_00), line(2, "20610", 150_00), by=by) == [0, 90_00]


def test_a_case_rate_pays_the_claim_and_every_line_balances():
    by = under([{"id": "case", "pays": {"method": "case-rate", "amount": 300_00}}])
    assert paid(line(1, "64483", 400_00), line(2, "20610", 200_00), by=by) == [200_00, 100_00]


def test_more_than_the_charge_is_told_with_its_own_reason():
    by = under([FEES, REST], lesser_of="none")
    answer = decide(claim(line(1, "20610", 60_00)), by).lines[0]
    assert (answer.paid, adjustments(answer)) == (90_00, {"CO-94": -30_00})


def test_what_no_clause_prices_is_refused():
    answer = decide(claim(line(1, "71046", 60_00)), under([FEES])).lines[0]
    assert (answer.paid, adjustments(answer)) == (0, {"CO-96": 60_00})


TOML = """
receiver_id = "R"
receiver_name = "R"
seed = 1
[[payers]]
key = "p"
name = "P"
id = "P1"
originator_id = "1399999910"
claim_filing_indicator = "CI"
address = { line1 = "1 Sample Street", city = "Harrow Lake", state = "WI", postal_code = "548990012" }
contact = {}
"""


@pytest.mark.parametrize(
    ("rules", "says"),
    [
        ("", "what does it allow? Give percent_of_charge, or an agreement"),
        ('agreement = { terms = [{ id = "1" }] }', "missing required field `pays`"),
        (
            'agreement = { terms = [{ id = "1", pays = { method = "percent-of-medicare", percent = "1" } }] }',
            "has no Medicare prices",
        ),
        (
            'agreement = { terms = [{ id = "1", pays = { method = "flat", amount = 1 } }, '
            '{ id = "2", pays = { method = "flat", amount = 2 } }] }',
            "names the same as '1'",
        ),
    ],
    ids=["nothing", "no method", "Medicare", "a tie"],
)
def test_an_agreement_that_cannot_be_meant_is_refused_when_the_file_is_read(rules, says):
    with pytest.raises(PayerConfigError, match="payer p: ") as refused:
        read_payers(TOML + rules)
    assert says in str(refused.value)


def test_a_family_s_deductible_is_met_by_its_members_together():
    plan = Plan(name="family", benefits={"deductible": 100_00, "family_deductible": 150_00})
    by = payer(plans=(plan,), percent_of_charge={"1900-01-01": Decimal(1)})
    desk = Desk(by)
    for number, first in enumerate(("Vera", "Otto", "Ida"), 1):
        desk.accept(claim(line(1, "71046", 100_00), control=f"A{number}", first=first))
    answers = {each.control_number: each.patient_responsibility for each in desk.pay().claims}
    assert answers == {"A1": 100_00, "A2": 50_00, "A3": 0}


def test_the_clinic_s_payers_are_as_they_were():
    assert all(not each.agreement and each.percent_of_charge for each in clinic().payers)

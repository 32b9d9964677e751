"""The claim to the next payer, and corrections: what moves, what never changes, what is refused."""

from datetime import date
from decimal import Decimal

import pytest
from msgspec.structs import replace
from tests.claims_makers import built, chart, coded, coverage, encounter, service

from superbill.claims import PriorAdjudication, corrected, next_claim, void
from superbill.claims.model import Adjustment, Claim, Diagnosis, LineAdjudication
from superbill.edits import Context, check

PAID_ON = date(2026, 3, 20)
VISIT = coded(service("99213"), service("99214", (2,)))
PLANS = (coverage("buckeye", 1), coverage("second", 2), coverage("medicaid", 3))


def primary():
    result = built(chart(*PLANS), encounter(authorization_number="PA-1", copay_collected=20_00), VISIT)
    return result.claims[0], result.coverages


def adjudicated(line, paid, *adjustments):
    return LineAdjudication(
        payer_id="", paid=paid, procedure=line.procedure, units=line.units, adjustments=tuple(adjustments)
    )


def result_of(claim, by_line=(80_00, 120_00), contract=(25_00, 30_00), **more):
    """What the claim's own payer did: it paid, took off its contract's part, left the rest to the patient."""
    lines = {
        line.control_number: adjudicated(
            line,
            here,
            Adjustment("CO", "45", off),
            *([Adjustment("PR", "2", rest)] if (rest := line.charge - here - off) else []),
        )
        for line, here, off in zip(claim.lines, by_line, contract, strict=True)
    }
    values = {
        "payer": claim.payer,
        "subscriber": claim.subscriber,
        "paid_on": PAID_ON,
        "paid": sum(by_line),
        "payer_control_number": "ICN1",
        "lines": lines,
    }
    return PriorAdjudication(**(values | more))


def secondary():
    claim, coverages = primary()
    return next_claim(claim, [result_of(claim)], coverages[1], "A1007S1"), coverages


def test_the_next_payer_becomes_the_destination_and_the_former_keeps_its_money():
    claim, _ = secondary()
    assert (claim.control_number, claim.payer.id, claim.subscriber.responsibility) == ("A1007S1", "SECON", "S")
    former, waiting = claim.other_insurance
    assert (former.payer.id, former.paid, former.payer_control_number) == ("BUCKE", 200_00, "ICN1")
    assert former.subscriber.responsibility == "P" and former.adjustments == ()
    assert (waiting.payer.id, waiting.paid, waiting.subscriber.responsibility) == ("MEDIC", None, "T")


def test_each_line_says_what_the_former_payer_did_and_what_is_left():
    claim, _ = secondary()
    (first,), (second,) = (line.adjudications for line in claim.lines)
    assert (first.payer_id, first.paid, first.paid_on, first.remaining_patient_liability) == (
        "BUCKE",
        80_00,
        PAID_ON,
        20_00,
    )
    assert second.remaining_patient_liability == 35_00


def test_charges_and_line_numbers_never_change_and_one_payer_s_authorization_stays_with_it():
    before, _ = primary()
    claim, _ = secondary()
    assert (claim.charge, claim.diagnoses, claim.patient_paid) == (before.charge, before.diagnoses, 20_00)
    assert [line.control_number for line in claim.lines] == [line.control_number for line in before.lines]
    assert before.prior_authorization == "PA-1" and claim.prior_authorization == ""


def test_the_secondary_of_a_secondary_is_the_tertiary():
    claim, coverages = secondary()
    lines = {
        line.control_number: adjudicated(
            line,
            0,
            Adjustment("OA", "23", line.charge - line.adjudications[0].remaining_patient_liability),
            Adjustment("PR", "1", line.adjudications[0].remaining_patient_liability),
        )
        for line in claim.lines
    }
    second = result_of(claim, lines=lines, paid=0, payer_control_number="ICN2")
    third = next_claim(claim, [second], coverages[2], "A1007T1")
    assert isinstance(third, Claim) and third.subscriber.responsibility == "T"
    assert [(o.payer.id, o.subscriber.responsibility, o.paid) for o in third.other_insurance] == [
        ("BUCKE", "P", 200_00),
        ("SECON", "S", 0),
    ]
    assert [[one.payer_id for one in line.adjudications] for line in third.lines] == [["BUCKE", "SECON"]] * 2
    assert [line.adjudications[1].remaining_patient_liability for line in third.lines] == [20_00, 35_00]


def test_two_results_at_once_give_the_tertiary_too():
    claim, coverages = primary()
    first = result_of(claim)
    second = result_of(claim, payer=coverages[1].payer.payer, subscriber=coverages[1].subscriber)
    third = next_claim(claim, [first, second], coverages[2], "A1007T1")
    assert [o.subscriber.responsibility for o in third.other_insurance] == ["P", "S"]


def test_a_payer_that_decided_as_a_whole_says_so_on_the_claim_once():
    claim, coverages = primary()
    whole = result_of(claim, lines={}, paid=250_00, adjustments=(Adjustment("PR", "3", 60_00),))
    moved = next_claim(claim, [whole], coverages[1], "A1007S1")
    former = moved.other_insurance[0]
    assert (former.paid, former.paid_on, former.remaining_patient_liability) == (250_00, PAID_ON, 60_00)
    assert all(line.adjudications == () for line in moved.lines)


def test_a_claim_level_adjustment_beside_lines_takes_from_the_payment():
    claim, coverages = primary()
    taken = result_of(claim, adjustments=(Adjustment("CO", "137", 5_00),))
    refused = next_claim(claim, [taken], coverages[1], "A1007S1")
    assert [finding.rule for finding in refused] == ["claims.cob-paid"]
    right = replace(taken, paid=195_00)
    assert isinstance(next_claim(claim, [right], coverages[1], "A1007S1"), Claim)


def test_the_secondary_claim_passes_the_edits():
    claim, _ = secondary()
    assert [f.rule for f in check(claim, Context(today=date(2026, 3, 25))) if f.rule.startswith("cob.")] == []


def spoiled(**change):
    claim, coverages = primary()
    return next_claim(claim, [replace(result_of(claim), **change)], coverages[1], "A1007S1")


def test_a_line_that_does_not_balance_is_refused_with_its_number():
    claim, coverages = primary()
    good = result_of(claim)
    key = claim.lines[1].control_number
    bad = replace(good, lines=good.lines | {key: replace(good.lines[key], paid=119_99)})
    (found,) = next_claim(claim, [bad], coverages[1], "A1007S1")
    assert (found.rule, found.where.service_line) == ("claims.cob-unbalanced", 2)
    assert "$184.99" in found.message and "$185.00" in found.message


@pytest.mark.parametrize(
    "change, rule",
    [
        ({"paid": 199_99}, "claims.cob-paid"),
        ({"lines": {}, "paid": 200_00}, "claims.cob-unbalanced"),
    ],
)
def test_a_claim_that_does_not_balance_is_refused(change, rule):
    assert [finding.rule for finding in spoiled(**change)] == [rule]


def test_a_missing_and_an_unknown_line_are_refused():
    claim, coverages = primary()
    good = result_of(claim)
    first, second = good.lines.values()
    bad = replace(good, lines={"A1007-1": first, "B9-1": second})
    found = {finding.rule for finding in next_claim(claim, [bad], coverages[1], "A1007S1")}
    assert found == {"claims.cob-line-missing", "claims.cob-line-unknown"}


def test_no_result_the_same_result_twice_and_the_same_payer_again_are_refused():
    claim, coverages = primary()
    good = result_of(claim)
    assert [f.rule for f in next_claim(claim, [], coverages[1], "A1007S1")] == ["claims.cob-nothing-adjudicated"]
    assert [f.rule for f in next_claim(claim, [good, good], coverages[1], "N")] == ["claims.cob-payer-twice"]
    assert [f.rule for f in next_claim(claim, [good], coverages[0], "N")] == ["claims.cob-same-payer"]


def test_a_correction_is_a_new_version_of_the_whole_claim():
    claim, _ = primary()
    again = corrected(claim, "ICN1", 2, {"diagnoses": (Diagnosis("E1165"), Diagnosis("I10"))})
    assert (again.control_number, again.version, again.frequency) == ("A1007P2", 2, "7")
    assert (again.payer_control_number, again.diagnoses[0].code, again.lines) == ("ICN1", "E1165", claim.lines)


def test_a_void_is_the_same_claim_to_be_undone():
    claim, _ = primary()
    gone = void(claim, "ICN1", 3)
    assert (gone.control_number, gone.frequency, gone.charge) == ("A1007P3", "8", claim.charge)


@pytest.mark.parametrize("changes, version", [({"frequency": "1"}, 2), ({"colour": 1}, 2), ({}, 1)])
def test_a_correction_that_can_t_be_is_an_error_of_the_caller(changes, version):
    claim, _ = primary()
    with pytest.raises(ValueError):
        corrected(claim, "ICN1", version, changes)


def test_units_of_the_prior_adjudication_stay_as_they_were():
    claim, _ = secondary()
    assert [line.adjudications[0].units for line in claim.lines] == [Decimal(1)] * 2

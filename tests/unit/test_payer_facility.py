"""Hospitals' and dentists' claims at the simulated payers: who is let in, what a stay or a visit pays, who owes the
rest; bills that follow a first one; questions what would be paid."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from msgspec.structs import replace
from tests.claim_kind_samples import DENTAL, INPATIENT
from tests.payer_support import Desk, Plan, adjustments, payer, payers

from superbill.claims.dental import Tooth
from superbill.claims.model import Adjustment, Contact, DentalLine, Procedure, ServiceLine
from superbill.effective import Period
from superbill.payer.config import Rates
from superbill.payer.front import Desk as FrontDesk
from superbill.payer.front import examine
from superbill.payer.simulated import SimulatedPayer
from superbill.remits.balancing import imbalances
from superbill.x12 import read_277ca, read_835, read_999, write_claims
from superbill.x12.model import Envelope, Submitter

ADMITTED = date(2026, 3, 2)
STAY = Period(ADMITTED, date(2026, 3, 5))
NOON = datetime(2026, 3, 20, 12, 0, tzinfo=UTC)
OPEN = (Plan(name="open"),)
TERMS = [
    {
        "id": "drg",
        "scope": {"bills": ["011X"], "revenue_codes": ["0100-0219"]},
        "pays": {"method": "drg", "base_rate": 5_000_00, "weights": "weights"},
        "lesser_of": "none",
    },
    {
        "id": "days",
        "after": "drg",
        "scope": {"bills": ["011X"], "revenue_codes": ["0100-0219"]},
        "pays": {"method": "per-diem", "days": [{"rate": 1_000_00}]},
    },
    {"id": "rest", "pays": {"method": "percent-of-charge", "percent": "0.5"}},
]


def hospital_payer(plans=OPEN, **more):
    """Pays stays by DRG 470 (weight 2), else by the day, and half of every other charge."""
    given = {"agreement": {"terms": TERMS}, "weights": {"470": {"1900-01-01": Decimal(2)}}}
    return payer(percent_of_charge={}, plans=plans, **(given | more))


def charged(number, revenue, charge, code="", units=1, day=None, control="H"):
    return ServiceLine(
        number=number, control_number=f"{control}{number}", revenue_code=revenue, procedure=Procedure(code),
        charge=charge, units=Decimal(units), service=Period(day, day),
    )  # fmt: skip


ROOM, SUPPLIES = charged(1, "0120", 6_000_00, units=3), charged(2, "0270", 2_000_00)


def bill(*lines, kind="11", drg="470", frequency="1", control="A1FP1", statement=STAY, **more):
    detail = replace(INPATIENT.institutional, facility_type=kind, drg=drg, statement=statement, spans=())
    fields = {
        "control_number": control,
        "frequency": frequency,
        "institutional": detail,
        "lines": lines or (ROOM, SUPPLIES),
        "other_insurance": (),
        "payer": replace(INPATIENT.payer, id="BPH10"),
        "payer_control_number": "",
    }
    return replace(INPATIENT, **(fields | more))


def answer(claim, config=None):
    desk = Desk(config or hospital_payer())
    desk.accept(claim)
    remittance = desk.pay()
    assert imbalances(remittance) == []
    return remittance.claims[0]


# --- what is paid ---------------------------------------------------------------------------------------------------


def test_a_stay_pays_its_drg_spread_over_the_lines_by_charge_and_says_so():
    told = answer(bill())
    assert [line.allowed for line in told.lines] == [7_500_00, 2_500_00]
    assert [line.procedure for line in told.lines] == [Procedure("0120", (), "NU"), Procedure("0270", (), "NU")]
    assert adjustments(told.lines[0]) == {"CO-94": -1_500_00}
    assert (told.place_of_service, told.frequency, told.drg, told.drg_weight) == ("11", "1", "470", Decimal(2))
    assert (told.covered_days, told.inpatient.drg_amount, told.outpatient) == (Decimal(3), 10_000_00, None)


def test_a_stay_without_a_drg_pays_by_the_day():
    told = answer(bill(drg=""))
    assert told.paid == 3_000_00
    assert (told.drg, told.drg_weight, told.inpatient.drg_amount) == ("", None, None)


def test_a_payer_may_answer_a_stay_as_a_whole_and_only_a_stay():
    config = hospital_payer(stays_as_a_whole=True)
    told = answer(bill(drg=""), config)
    assert (told.lines, told.paid) == ((), 3_000_00)
    assert told.adjustments == (Adjustment("CO", "45", 5_000_00),)
    outpatient = answer(bill(charged(1, "0320", 400_00, "71046"), kind="13", drg=""), config)
    assert [line.paid for line in outpatient.lines] == [200_00]


def test_an_outpatient_line_is_told_by_its_code_with_its_revenue_code_beside():
    told = answer(bill(charged(1, "0320", 400_00, "71046"), charged(2, "0710", 100_00), kind="13", drg=""))
    assert [(line.procedure.code, line.procedure.qualifier, line.revenue_code) for line in told.lines] == [
        ("71046", "HC", "0320"), ("0710", "NU", ""),
    ]  # fmt: skip
    assert (told.outpatient.hcpcs_payable, told.inpatient, told.covered_days) == (200_00, None, None)


def test_a_stays_own_deductible_is_owed_once_and_not_again_on_its_further_bills():
    fields = {"stay_deductible": 1_736_00, "deductible": 283_00, "coinsurance": "0.2", "no_deductible": ["inpatient"]}
    config = hospital_payer((Plan(name="A and B", benefits=fields | {"coinsurance_for": {"inpatient": "0"}}),))
    desk = Desk(config)
    later = Period(STAY.end + timedelta(1), STAY.end + timedelta(3))
    bills = [bill(drg="", frequency="2"), bill(drg="", frequency="4", control="A2FP1", statement=later)]
    told = [(desk.accept(each), desk.pay().claims[0])[1] for each in bills]
    assert [each.patient_responsibility for each in told] == [1_736_00, 0]
    assert sum(adjustments(line).get("PR-1", 0) for line in told[0].lines) == 1_736_00
    desk.accept(bill(charged(1, "0320", 400_00, "71046"), kind="13", drg="", control="A3FP1"))
    assert desk.pay().claims[0].patient_responsibility == 200_00  # the year's own deductible is untouched by the stay


def test_an_emergency_visit_takes_one_copay_for_all_the_hospitals_lines():
    plan = (Plan(name="p", benefits={"copay": {"emergency": 150_00}, "deductible": 900_00, "coinsurance": "0.2"}),)
    lines = (charged(1, "0300", 100_00, "80053"), charged(2, "0450", 800_00, "99283"))
    told = answer(bill(*lines, kind="13", drg=""), hospital_payer(plan))
    assert [adjustments(line) for line in told.lines] == [
        {"CO-45": 50_00, "PR-3": 50_00}, {"CO-45": 400_00},
    ]  # fmt: skip
    assert told.patient_responsibility == 50_00


def test_what_the_hospital_itself_calls_not_covered_is_refused():
    line = replace(SUPPLIES, non_covered=2_000_00)
    assert adjustments(answer(bill(ROOM, line, drg="")).lines[1]) == {"CO-96": 2_000_00}
    asked = replace(bill().institutional, conditions=("21",), drg="")
    told = answer(bill(ROOM, line, institutional=asked))
    assert adjustments(told.lines[1]) == {"PR-96": 2_000_00}
    assert adjustments(told.lines[0]) == {"CO-45": 3_000_00}


def test_a_doubted_stay_is_refused_whole_and_a_doubted_visit_in_one_line():
    config = hospital_payer(rates=Rates(medical_necessity=1000))
    assert [adjustments(line) for line in answer(bill(), config).lines] == [{"CO-50": 6_000_00}, {"CO-50": 2_000_00}]
    visit = bill(charged(1, "0300", 100_00, "80053"), charged(2, "0320", 400_00, "71046"), kind="13", drg="")
    assert sum("CO-50" in adjustments(line) for line in answer(visit, config).lines) == 1


def test_a_stay_may_need_an_authorization_by_its_revenue_code():
    config = hospital_payer((Plan(name="p", benefits={"authorization_required": ["0100-0219"]}),))
    assert adjustments(answer(bill(prior_authorization=""), config).lines[0]) == {"CO-197": 6_000_00}
    assert answer(bill(prior_authorization="X1"), config).paid == 10_000_00


# --- bills that follow a first one ----------------------------------------------------------------------------------


def test_the_same_bill_again_is_a_duplicate_and_late_charges_are_not():
    desk = Desk(hospital_payer())
    desk.accept(bill(drg=""))
    desk.pay()
    late = charged(1, "0270", 500_00, control="L")
    for again, reasons in (
        (bill(drg="", control="A2FP1"), [{"CO-18"}, {"CO-18"}]),
        (bill(late, drg="", control="A3FP1", frequency="5"), [{"CO-45"}]),
        (bill(late, drg="", control="A4FP1", frequency="5"), [{"CO-18"}]),
    ):
        desk.accept(again)
        assert [set(adjustments(line)) for line in desk.pay().claims[0].lines] == reasons


@pytest.mark.parametrize("frequency", ["3", "4", "5"])
def test_what_a_drg_has_paid_with_the_first_bill_is_not_paid_again(frequency):
    told = answer(bill(frequency=frequency))
    assert [adjustments(line) for line in told.lines] == [{"CO-97": 6_000_00}, {"CO-97": 2_000_00}]


def test_interim_bills_by_the_day_each_pay_their_days():
    desk = Desk(hospital_payer())
    for number, frequency in enumerate(("2", "3", "4")):
        first = ADMITTED + timedelta(3 * number)
        statement = Period(first, first + timedelta(2))
        desk.accept(bill(ROOM, drg="", frequency=frequency, control=f"A{number}FP1", statement=statement))
        assert desk.pay().claims[0].paid == 3_000_00


@pytest.mark.parametrize("whole", [False, True])
@pytest.mark.parametrize("frequency", ["7", "8"])
def test_a_replacement_takes_back_the_stay_and_decides_anew_and_a_void_only_takes_back(frequency, whole):
    desk = Desk(hospital_payer(stays_as_a_whole=whole))
    (icn,) = desk.accept(bill())
    first = desk.pay().claims[0]
    after = bill(ROOM, drg="", frequency=frequency, control="A1FP2", payer_control_number=icn)
    desk.accept(after)
    remittance = desk.pay()
    assert imbalances(remittance) == []
    back, *anew = remittance.claims
    assert (back.status, back.paid, back.charge, back.patient_responsibility) == ("22", -10_000_00, -8_000_00, None)
    assert bool(back.lines) == bool(first.lines) == (not whole)
    assert [each.paid for each in anew] == ([3_000_00] if frequency == "7" else [])
    desk.accept(bill(drg="", control="A9FP1"))
    # The room stands paid on the replacement, and only half of the supplies is left; a void leaves the stay unpaid.
    assert desk.pay().claims[0].paid == (1_000_00 if frequency == "7" else 3_000_00)


def test_a_stay_is_looked_at_again_with_balanced_figures():
    desk = Desk(hospital_payer(stays_as_a_whole=True))
    (icn,) = desk.accept(bill())
    desk.pay()
    desk.accept(bill(control="A2FP1", statement=Period(date(2026, 1, 2), date(2026, 1, 5)), admission=date(2026, 1, 2)))
    remittance = desk.pay(reopen=(icn,))
    assert imbalances(remittance) == []
    assert [each.status for each in remittance.claims][1] == "22"
    assert all(not each.lines and each.inpatient is not None for each in remittance.claims)


# --- a dentist's claims, and questions --------------------------------------------------------------------------------

FEES = {"D2392": {"2020-01-01": 150_00}, "D0120": {"2020-01-01": 45_00}}
DENTIST = {
    "deductible": 50_00,
    "no_deductible": ["dental preventive"],
    "coinsurance_for": {"dental preventive": "0", "dental basic": "0.2", "dental major": "0.5"},
}


def dental(**more):
    return replace(DENTAL, payer=replace(DENTAL.payer, id="BPH10"), other_insurance=(), **more)


def dental_payer():
    return payer(percent_of_charge={"1900-01-01": Decimal(1)}, fees=FEES, plans=(Plan(name="d", benefits=DENTIST),))


def test_a_filling_leaves_deductible_and_coinsurance_and_a_check_up_nothing():
    told = answer(dental(), dental_payer())
    assert [adjustments(line) for line in told.lines] == [
        {"CO-45": 30_00, "PR-1": 50_00, "PR-2": 20_00}, {"CO-45": 15_00},
    ]  # fmt: skip
    assert told.paid == 80_00 + 45_00


def test_a_predetermination_tells_what_would_be_paid_pays_nothing_and_uses_nothing_up():
    desk = Desk(dental_payer())
    lines = tuple(replace(line, service=Period()) for line in DENTAL.lines)
    (icn,) = desk.accept(dental(lines=lines, predetermination=True, control_number="Q1"))
    remittance = desk.pay()
    asked = remittance.claims[0]
    assert imbalances(remittance) == []
    assert (asked.status, asked.paid, asked.patient_responsibility) == ("25", 0, 70_00)
    assert [adjustments(line)["OA-101"] for line in asked.lines] == [80_00, 45_00]
    assert not desk.history.knows("BPH10", icn)
    desk.accept(dental())
    assert desk.pay().claims[0].paid == 125_00


# --- the front end ----------------------------------------------------------------------------------------------------


def examined(claim):
    desk = FrontDesk(claim=claim, payer=hospital_payer(), seed=1, today=date(2026, 3, 20), known=lambda icn: False)
    return examine(desk, icn="1")


def without(**changes):
    return bill(institutional=replace(bill().institutional, **changes))


@pytest.mark.parametrize(
    ("claim", "status"),
    [
        (bill(), ("A2", "20", "")),
        (bill(kind="13", drg=""), ("A2", "20", "")),
        (without(facility_type="99"), ("A7", "228", "")),
        (without(discharge_status=""), ("A6", "234", "")),
        (without(admitting_diagnosis=""), ("A6", "232", "")),
        (without(attending=None), ("A6", "562", "71")),
        (bill(admission=None), ("A6", "189", "")),
        (bill(diagnoses=()), ("A6", "254", "")),
        (bill(ROOM, replace(SUPPLIES, service=Period(date(2026, 3, 9), date(2026, 3, 9)))), ("A8", "188", "")),
        (bill(frequency="7"), ("A6", "464", "PR")),
        (bill(frequency="2"), ("A2", "20", "")),
        (bill(replace(ROOM, revenue_code="9999")), ("A7", "455", "")),
        (bill(replace(ROOM, procedure=Procedure("X"))), ("A7", "454", "")),
        (bill(statement=Period(date(2026, 3, 2), date(2026, 4, 2))), ("A7", "187", "")),
        (dental(), ("A2", "20", "")),
        (dental(lines=(replace(DENTAL.lines[0], procedure=Procedure("99213", (), "AD")),)), ("A7", "454", "")),
        (dental(lines=(replace(DENTAL.lines[0], dental=DentalLine(teeth=(Tooth("40"),))),)), ("A7", "244", "")),
    ],
    ids=str,
)  # fmt: skip
def test_the_front_end_lets_in_what_is_whole_and_says_what_is_not(claim, status):
    told = examined(claim)
    assert (told.statuses[0].category, told.statuses[0].status, told.statuses[0].entity) == status
    assert told.bill_type == claim.type_of_bill[1:]


def sent(claim, control=1):
    envelope = Envelope(
        sender_id="H01", receiver_id="CLEARSIM", interchange_control_number=control, group_control_number=control,
        created=NOON,
    )  # fmt: skip
    submitter = Submitter(
        name="H", id="H01", contact=Contact("Office", "7155550101"), receiver_name="SIM", receiver_id="CLEARSIM"
    )
    return write_claims([claim], envelope=envelope, submitter=submitter, reference="B1")


@pytest.mark.parametrize("claim", [bill(), dental()], ids=["institutional", "dental"])
def test_a_file_of_each_kind_is_answered_under_its_own_guide_and_paid(claim):
    partner = SimulatedPayer(payers(hospital_payer()))
    data = sent(claim)
    acknowledged, accepted = partner.receive(data, NOON)
    (answered,) = [each for _, each in read_999(acknowledged.data)]
    version = data.decode().split("GS*HC*")[1].split("*")[6].split("~")[0]
    assert (answered.code, answered.version) == ("A", version)
    (status,) = [each for _, told in read_277ca(accepted.data) for each in told.claims]
    assert (status.action, status.bill_type) == ("WQ", claim.type_of_bill[1:])
    (paid,) = partner.pay(NOON + timedelta(days=20))
    assert [each.control_number for _, told in read_835(paid.data) for each in told.claims] == [claim.control_number]


def test_a_refused_line_of_a_hospital_is_named_by_its_revenue_code():
    told = examined(bill(ROOM, replace(SUPPLIES, units=Decimal(0))))
    assert [line.procedure for line in told.lines] == [Procedure("0270", (), "NU")]
    assert told.statuses[0].status == "476"


def test_a_file_under_a_used_number_is_refused_in_the_version_of_its_own_guide():
    partner = SimulatedPayer(payers(hospital_payer()))
    first, second = sent(bill()), sent(bill(control="B2FP1"))
    partner.receive(first, NOON)
    (refused,) = partner.receive(second, NOON)
    (told,) = [each for _, each in read_999(refused.data)]
    assert (told.code, told.version[:10]) == ("R", "005010X223")


def test_chance_strikes_first_bills_and_never_their_replacements():
    config = hospital_payer(rates=Rates(missing_information=1000))
    assert set(adjustments(answer(bill(frequency="2", drg=""), config).lines[0])) == {"CO-16"}
    assert set(adjustments(answer(bill(frequency="7", drg="", payer_control_number="9"), config).lines[0])) == {"CO-45"}

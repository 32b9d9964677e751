"""Whatever valid claim of a facility or a dentist comes in as a file, the payers answer it with valid files, and the
amounts add up; what a hospital's contract and plan are asked before is what the payer then says."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import msgspec
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.claim_kind_samples import INPATIENT
from tests.payer_support import DAY, Desk, clinic, payer
from tests.strategies_kinds import dental_claims, institutional_claims

from superbill.claims.model import Contact, Diagnosis, Procedure, ServiceLine
from superbill.effective import Period
from superbill.payer.config import Plan, Rates
from superbill.payer.simulated import SimulatedPayer
from superbill.pricing.benefits import Accumulators
from superbill.pricing.bill import bill_of
from superbill.pricing.estimate import estimate
from superbill.remits.balancing import imbalances
from superbill.x12 import read_277ca, read_835, read_999, write_claims
from superbill.x12.model import Envelope, Submitter

AT = datetime(2031, 3, 9, 12, 0, tzinfo=UTC)
SUBMITTER = Submitter(
    name="ANY HOSPITAL",
    id="ANY01",
    contact=Contact("Office", "7155550101"),
    receiver_name="SIM",
    receiver_id="CLEARSIM",
)
RATES = Rates(medical_necessity=80, missing_information=50, coverage_ended=50, recoupment=500, late=200)
PAYERS = msgspec.structs.replace(
    clinic(),
    payers=tuple(
        msgspec.structs.replace(each, rates=RATES, stays_as_a_whole=bool(place % 2))
        for place, each in enumerate(clinic().payers)
    ),
)


def addressed(each, number, config):
    """The claim, to one of the clinic's payers, under a number of its own."""
    changed = msgspec.structs.replace(each.payer, id=config.id, name=config.name)
    return msgspec.structs.replace(each, control_number=f"A{number}", payer=changed)


def answered(sent):
    """What became of the claims: their statuses in the 277CAs, and the remittances of eleven weeks."""
    envelope = Envelope(
        sender_id="ANY01", receiver_id="CLEARSIM", interchange_control_number=1, group_control_number=1, created=AT
    )
    partner = SimulatedPayer(PAYERS)
    data = write_claims(sent, envelope=envelope, submitter=SUBMITTER, reference="B1")
    acknowledgement, *statuses = partner.receive(data, AT)
    assert [answer.code for _, answer in read_999(acknowledgement.data)] == ["A"]
    told = [each for file in statuses for _, answer in read_277ca(file.data) for each in answer.claims]
    files = [file for week in range(1, 12) for file in partner.pay(AT + timedelta(days=7 * week))]
    assert partner.waiting == 0
    return told, [remittance for file in files for _, remittance in read_835(file.data)]


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(
    st.sampled_from([institutional_claims, dental_claims]).flatmap(
        lambda kind: st.lists(st.tuples(kind(), st.sampled_from(PAYERS.payers)), min_size=1, max_size=3)
    )
)
def test_any_valid_claim_is_answered_in_valid_files_that_add_up(drawn):
    asks = drawn[0][0].predetermination
    drawn = [each for each in drawn if each[0].predetermination == asks]
    sent = [addressed(each, number, config) for number, (each, config) in enumerate(drawn)]
    told, remittances = answered(sent)
    assert sorted(each.control_number for each in told) == sorted(each.control_number for each in sent)
    for remittance in remittances:
        assert imbalances(remittance) == []
    accepted = {each.control_number for each in told if each.action == "WQ"}
    paid = {each.control_number for remittance in remittances for each in remittance.claims}
    assert {each.control_number for each in sent if each.frequency not in ("7", "8")} & accepted <= paid


# --- what was expected is what is paid --------------------------------------------------------------------------------

ROOM, INTENSIVE = ["0100-0199"], ["0200-0219"]
rates = st.integers(0, 5_000_00)
ratios = st.decimals(0, 1, places=2).map(str)


def term(id, pays, bills, revenue=None, **more):
    scope = {"bills": [bills]} | ({"revenue_codes": revenue} if revenue else {})
    return {"id": id, "scope": scope, "pays": pays, **more}


@st.composite
def hospital_terms(draw):
    """Stays by DRG and by days, implants apart; an emergency visit as a case; the rest as a part of the charge."""
    days = [{"rate": draw(rates), "through": draw(st.integers(1, 3))}, {"rate": draw(rates)}]
    terms = [
        term("drg", {"method": "drg", "base_rate": draw(rates), "weights": "weights"}, "011X", ["0100-0219"]),
        term("days", {"method": "per-diem", "days": days}, "011X", ROOM),
        term("icu", {"method": "per-diem", "days": [{"rate": draw(rates)}]}, "011X", INTENSIVE),
        term("implant", {"method": "percent-of-charge", "percent": draw(ratios)}, "011X", ["0278"], carve_out=True),
        term("case", {"method": "case-rate", "amount": draw(rates)}, "013X", ["0450"]),
    ]
    kept = draw(st.lists(st.sampled_from(terms), unique_by=lambda each: each["id"], max_size=5))
    rest = {"id": "rest", "pays": {"method": "percent-of-charge", "percent": draw(ratios)}}
    return {"terms": [*kept, rest], "lesser_of": draw(st.sampled_from(["line", "claim", "none"]))}


hospital_benefits = st.fixed_dictionaries(
    {
        "copay": st.dictionaries(st.sampled_from(["emergency", "inpatient", "laboratory"]), st.integers(0, 300_00)),
        "copay_after_deductible": st.sampled_from([(), ("inpatient",)]),
        "deductible": st.integers(0, 900_00),
        "stay_deductible": st.integers(0, 1_700_00),
        "coinsurance": ratios,
        "coinsurance_for": st.dictionaries(st.sampled_from(["inpatient", "emergency", "imaging"]), ratios),
        "no_deductible": st.sampled_from([(), ("inpatient",), ("laboratory", "imaging")]),
        "out_of_pocket_maximum": st.none() | st.integers(0, 6_000_00),
        "non_covered": st.sampled_from([{}, {"0270-0279": "PR-96:N180"}, {"71046": "CO-96:N180"}]),
    }
)
CHARGED = [
    ("0120", ""),
    ("0200", ""),
    ("0250", ""),
    ("0278", ""),
    ("0300", "80053"),
    ("0320", "71046"),
    ("0450", "99283"),
]


@st.composite
def hospital_bills(draw):
    """Bills of one patient at one hospital: stays and outpatient visits, each on a day of its own."""
    made = []
    for number in range(draw(st.integers(1, 3))):
        on = DAY + timedelta(number - 5)
        kind, drg = draw(st.sampled_from(["11", "13"])), draw(st.sampled_from(["", "470", "999"]))
        detail = msgspec.structs.replace(
            INPATIENT.institutional, facility_type=kind, drg=drg if kind == "11" else "", statement=Period(on, on)
        )
        chosen = draw(st.lists(st.sampled_from(CHARGED), min_size=1, max_size=5, unique=True))
        lines = tuple(
            ServiceLine(
                number=place, control_number=f"H{number}-{place}", revenue_code=revenue, procedure=Procedure(code),
                charge=draw(st.integers(0, 9_000_00)), units=Decimal(draw(st.integers(1, 6))),
                service=draw(st.sampled_from([Period(on, on), Period()])),
            )
            for place, (revenue, code) in enumerate(chosen, 1)
        )  # fmt: skip
        made.append(
            msgspec.structs.replace(
                INPATIENT, control_number=f"H{number}P1", institutional=detail, lines=lines,
                diagnoses=(Diagnosis("K8000", "Y"),), other_insurance=(),
                payer=msgspec.structs.replace(INPATIENT.payer, id="BPH10"), prior_authorization="X",
                frequency=draw(st.sampled_from(["1", "1", "2", "9"])),
            )
        )  # fmt: skip
    return made


@settings(max_examples=60, deadline=None)
@given(hospital_benefits, hospital_terms(), hospital_bills())
def test_an_estimate_of_a_hospitals_bill_is_what_the_payer_then_says_to_the_cent(fields, agreement, bills):
    config = payer(
        percent_of_charge={},
        plans=(Plan(name="any", benefits=fields),),
        agreement=agreement,
        weights={"470": {"1900-01-01": Decimal("1.9003")}},
    )
    desk, sums = Desk(config), Accumulators()
    for made in bills:
        desk.accept(made)
        told = desk.pay().claims[0]
        expected = estimate(bill_of(made), config.contract, config.benefits("", date(2026, 3, 1)), sums)
        sums = expected.after
        assert [line.allowed for line in told.lines] == [each.priced.allowed for each in expected.lines]
        assert told.paid == expected.plan
        assert told.patient_responsibility == expected.patient

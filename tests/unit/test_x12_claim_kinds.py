"""What an 837I and an 837D say of a claim, segment by segment; what they can't carry is refused by claim and loop."""

from datetime import date
from decimal import Decimal

import pytest
from msgspec.structs import replace
from tests.claim_kind_samples import DENTAL, DOCTOR, INPATIENT, STAY
from tests.judges import judge_x12
from tests.strategies_parts import ENVELOPE, SUBMITTER
from tests.x12_samples import CLAIM, DAY, LINES

from superbill.claims.dental import DentalDetail, DentalLine, Orthodontics, Tooth
from superbill.claims.institutional import ExternalCause, InpatientProcedure, Value
from superbill.claims.model import (
    Accident,
    Attachment,
    Diagnosis,
    InpatientAdjudication,
    Note,
    OtherInsurance,
    Payer,
    Procedure,
    SecondaryId,
)
from superbill.effective import Period
from superbill.x12 import X12WriteError, guide_of, identify, read_837i, read_claims, write, write_claims
from superbill.x12.documents import claim_write


def file_of(*claims) -> bytes:
    return write_claims(claims, envelope=ENVELOPE, submitter=SUBMITTER, reference="B1")


def segments(*claims) -> list[str]:
    return file_of(*claims).decode().split("~\n")


def unproven(claim) -> bytes:
    return write([claim_write.batch([claim], ENVELOPE, SUBMITTER, "B1")], proven=False)


def stay(**changes):
    return replace(INPATIENT, institutional=replace(INPATIENT.institutional, **changes))


# --- institutional --------------------------------------------------------------------------------------------------


def test_a_stay_is_told_in_the_segments_of_the_837i():
    said = segments(INPATIENT)
    first = said.index("CLM*H1P1*3120***11:A:1**A*Y*Y")
    assert said[first : said.index("LX*1")] == [
        "CLM*H1P1*3120***11:A:1**A*Y*Y",
        "DTP*096*TM*1100",
        "DTP*434*RD8*20260302-20260305",
        "DTP*435*DT*202603020745",
        "CL1*1*1*01",
        "REF*EA*MR77",
        "HI*ABK:K8000:::::::Y",
        "HI*ABJ:R1011",
        "HI*ABN:W19XXXA:::::::Y",
        "HI*DR:418",
        "HI*ABF:E119:::::::Y*ABF:N179:::::::N",
        "HI*BBR:0FT44ZZ:D8:20260303",
        "HI*BBQ:BF10YZZ:D8:20260302",
        "HI*BI:70:RD8:20260302-20260305",
        "HI*BH:11:D8:20260301",
        "HI*BE:80:::3*BE:01:::812.5",
        "HI*BG:02",
        "NM1*71*1*GRAY*ADA****XX*1234567893",
        "PRV*AT*PXC*207R00000X",
        "NM1*72*1*GRAY*ADA****XX*1234567893",
    ]
    assert said[said.index("LX*1") : said.index("LX*2") + 5] == [
        "LX*1",
        "SV2*0120**3000*DA*3",
        "REF*6R*H1",
        "LX*2",
        "SV2*0300*HC:80053*120*UN*1**20",
        "DTP*472*D8*20260302",
        "REF*6R*H2",
        said[said.index("LX*2") + 4],
    ]
    assert list(read_claims(file_of(INPATIENT))) == [INPATIENT]
    assert judge_x12(file_of(INPATIENT)) == []


def test_a_claim_of_one_day_tells_a_range_all_the_same():
    one = stay(statement=Period(STAY.start, STAY.start))
    assert "DTP*434*RD8*20260302-20260302" in segments(one)
    assert list(read_claims(file_of(one))) == [one]


@pytest.mark.parametrize("frequency", ["0", "1", "2", "3", "4", "5", "7", "8", "9"])
def test_every_frequency_of_a_bill_is_carried(frequency):
    number = "ICN1" if frequency in "78" else ""
    claim = replace(INPATIENT, frequency=frequency, payer_control_number=number)
    assert f"CLM*H1P1*3120***11:A:{frequency}**A*Y*Y" in segments(claim)
    assert list(read_claims(file_of(claim))) == [claim]


def test_25_diagnoses_and_procedures_need_three_segments_each():
    diagnoses = tuple(Diagnosis("E119", "Y") for _ in range(25))
    done = tuple(InpatientProcedure("0FT44ZZ", date(2026, 3, 3)) for _ in range(25))
    claim = replace(stay(procedures=done), diagnoses=diagnoses)
    said = segments(claim)
    assert [sum(each.startswith(f"HI*{kind}") for each in said) for kind in ("ABK", "ABF", "BBR", "BBQ")] == [
        1, 2, 1, 2,
    ]  # fmt: skip
    assert list(read_claims(file_of(claim))) == [claim]


def test_codes_of_services_before_october_2015_are_told_as_icd_9():
    days = Period(date(2015, 9, 28), date(2015, 9, 30))
    old = replace(stay(statement=days, admitting_diagnosis="78650", procedures=()), diagnoses=(Diagnosis("41401"),))
    for claim, principal in ((old, b"HI*BK:41401~"), (stay(), b"HI*ABK:K8000")):
        data = unproven(claim)
        assert principal in data
        assert list(read_claims(data)) == [claim]
    later = replace(old, institutional=replace(old.institutional, statement=Period(days.start, date(2015, 10, 1))))
    assert b"HI*ABK:41401~" in unproven(later)


def test_an_exempt_diagnosis_has_no_indicator():
    claim = replace(INPATIENT, diagnoses=(Diagnosis("Z0000", "1"),))
    assert "HI*ABK:Z0000" in segments(claim)


def test_what_a_file_says_wrongly_is_told_with_its_element():
    good = file_of(INPATIENT)
    for old, new, element in (
        (b"11:A:1*", b"11:A:6*", "CLM05"),
        (b"DTP*096*TM*1100", b"DTP*096*TM*11", "DTP03"),
        (b"BH:11:D8:20260301", b"BH:11:D8:20261301", "HI01"),
        (b"BE:80:::3*", b"BE:80*", "HI01"),
    ):
        assert old in good
        [(found, [claim])] = read_837i(good.replace(old, new))
        assert [each.where.element for each in found.findings] == [element], new
        assert claim.control_number == "H1P1"


@pytest.mark.parametrize(
    "claim, says, loop",
    [
        (replace(INPATIENT, institutional=None), "has its institutional detail", "2300"),
        (replace(INPATIENT, dental=DentalDetail()), "dental has no place in an 837I", "2300"),
        (replace(INPATIENT, place_of_service="21"), "place of service has no place", "2300"),
        (replace(INPATIENT, accident=Accident(on=date(2026, 3, 1), causes=("AA",))), "accident has no place", "2300"),
        (replace(INPATIENT, supervising=DOCTOR), "supervising has no place", "2300"),
        (replace(INPATIENT, discharge=date(2026, 3, 9)), "the end of the statement", "2300"),
        (replace(INPATIENT, admission=None), "needs the day of admission", "2300"),
        (stay(admission_hour="25"), "hour must be in", "2300"),
        (stay(admission_hour="7a"), "not an hour", "2300"),
        (stay(values=(Value("48", Decimal("10.255")),)), "more than two decimals", "2300"),
        (stay(reasons_for_visit=("R079",) * 4), "at most 3 reasons", "2300"),
        (stay(external_causes=(ExternalCause("W19XXXA"),) * 13), "at most 12 external causes", "2300"),
        (stay(attending=CLAIM.billing), "must be a person", "2310A"),
        (replace(INPATIENT, references=(SecondaryId("EW", "1"),)), "'EW' has no place", "2300"),
        (replace(INPATIENT, billing=replace(DOCTOR, tin="311234567", tin_kind="EI")), "must be an org", "2010AA"),
        (replace(INPATIENT, lines=(replace(INPATIENT.lines[0], note="X"),)), "note has no place", "2400"),
        (replace(INPATIENT, lines=(replace(INPATIENT.lines[0], place_of_service="21"),)), "has no place", "2400"),
        (replace(INPATIENT, diagnoses=(Diagnosis("E119"),) * 26), "at most 24 other diagnoses", "2300"),
        (replace(DENTAL, dental=None), "has its dental detail", "2300"),
        (replace(DENTAL, onset=date(2026, 3, 1)), "onset has no place in an 837D", "2300"),
        (replace(DENTAL, diagnoses=(Diagnosis("E119"),) * 5), "at most 4 diagnoses", "2300"),
        (replace(DENTAL, lines=(replace(DENTAL.lines[0], revenue_code="0120"),)), "revenue code has no", "2400"),
        (replace(DENTAL, lines=(replace(DENTAL.lines[0], unit_kind="MJ"),)), "counts procedures", "2400"),
        (replace(DENTAL, lines=(replace(DENTAL.lines[0], procedure=Procedure("")),)), "has no procedure", "2400"),
        (
            replace(DENTAL, lines=(replace(DENTAL.lines[0], dental=DentalLine(oral_cavity=("10",) * 6)),)),
            "more than 5 areas", "2400",
        ),
        (
            replace(DENTAL, lines=(replace(DENTAL.lines[0], dental=DentalLine(teeth=(Tooth("14", ("M",) * 6),))),)),
            "more than 5 surfaces", "2400",
        ),
        (replace(CLAIM, dental=DentalDetail()), "dental has no place in an 837P", "2300"),
        (replace(CLAIM, lines=(replace(LINES[0], non_covered=1),)), "non covered has no place", "2400"),
        (replace(CLAIM, lines=(replace(LINES[0], procedure=Procedure("")),)), "line 1 has no procedure", "2400"),
    ],
)  # fmt: skip
def test_a_claim_that_cannot_be_carried_is_refused_by_number_and_loop(claim, says, loop):
    with pytest.raises(X12WriteError, match=says) as refused:
        unproven(claim)
    [finding] = refused.value.findings
    assert (finding.where.field, finding.where.loop) == (f"claim {claim.control_number}", loop)


def test_an_inpatient_adjudication_goes_to_a_facility_s_next_payer_only():
    payer = Payer(name="FIRST PAYER", id="P1", claim_filing_indicator="MA")
    told = InpatientAdjudication(drg_amount=4_000_00, remarks=("MA01",))
    other = OtherInsurance(subscriber=replace(CLAIM.subscriber, responsibility="P"), payer=payer, inpatient=told)
    assert b"\nMIA*0***4000*MA01~" in unproven(replace(INPATIENT, other_insurance=(other,)))
    with pytest.raises(X12WriteError, match="no place but in an 837I") as refused:
        unproven(replace(DENTAL, other_insurance=(other,)))
    assert refused.value.findings[0].where.loop == "2320"
    six = replace(other, inpatient=replace(told, remarks=("MA01",) * 6))
    with pytest.raises(X12WriteError, match="at most five remark codes"):
        unproven(replace(INPATIENT, other_insurance=(six,)))


# --- dental ---------------------------------------------------------------------------------------------------------


def test_teeth_and_areas_are_told_in_the_segments_of_the_837d():
    said = segments(DENTAL)
    first = said.index("CLM*D1P1*240***11:B:1*Y*A*Y*Y")
    assert said[first : first + 9] == [
        "CLM*D1P1*240***11:B:1*Y*A*Y*Y",
        "DTP*472*D8*20260302",
        "LX*1",
        "SV3*AD:D2392*180**10**1",
        "TOO*JP*14*M:O",
        "REF*6R*D1",
        "LX*2",
        "SV3*AD:D0120*60****1",
        "REF*6R*D2",
    ]
    assert list(read_claims(file_of(DENTAL))) == [DENTAL]


def test_lines_of_different_days_tell_their_own():
    first, second = DENTAL.lines
    claim = replace(DENTAL, lines=(first, replace(second, service=Period(date(2026, 3, 9), date(2026, 3, 9)))))
    said = segments(claim)
    assert said[said.index("CLM*D1P1*240***11:B:1*Y*A*Y*Y") + 1] == "LX*1"
    assert [each for each in said if each.startswith("DTP*472")] == ["DTP*472*D8*20260302", "DTP*472*D8*20260309"]
    assert list(read_claims(file_of(claim))) == [claim]


@pytest.mark.parametrize(
    "course, told",
    [
        (Orthodontics(months=24, months_left=20), "DN1*24*20"),
        (Orthodontics(months=24), "DN1*24"),
        (Orthodontics(), "DN1****Y"),
    ],
)
def test_orthodontic_treatment_is_told_by_its_months_or_by_itself(course, told):
    claim = replace(DENTAL, dental=DentalDetail(orthodontics=course))
    assert told in segments(claim)
    assert list(read_claims(file_of(claim))) == [claim]


# --- what all kinds share -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "claim, guide, version, reason",
    [
        (CLAIM, "837P-predetermination", "005010X291", "08"),
        (INPATIENT, "837I-predetermination", "005010X292", "08"),
        (DENTAL, "837D", "005010X224A2", "PB"),
    ],
)
def test_a_predetermination_asks_by_its_guide(claim, guide, version, reason):
    asks = replace(claim, predetermination=True, lines=tuple(replace(e, service=Period()) for e in claim.lines))
    data = file_of(asks)
    assert (guide_of(asks), identify(data)) == (guide, [("837", version)])
    [told] = [each for each in data.decode().split("~\n") if each.startswith("CLM*")]
    assert told.split("*")[19] == reason
    assert list(read_claims(data)) == [asks]


def test_a_claim_by_the_guide_of_predeterminations_is_one_without_saying_so():
    asks = replace(CLAIM, predetermination=True)
    data = file_of(asks)
    assert list(read_claims(data.replace(b"**********08~", b"~"))) == [asks]


@pytest.mark.parametrize("claim", [CLAIM, INPATIENT, DENTAL], ids=lambda claim: claim.kind)
def test_attachments_numbers_notes_and_late_reasons_are_carried(claim):
    more = replace(
        claim,
        attachments=(Attachment("OZ", "EL", "A1"), Attachment("RB")),
        references=(SecondaryId("4N", "1"), SecondaryId("D9", "T1")),
        note="A NOTE",
        notes=() if claim.kind == "professional" else (Note("ADD" if claim.kind == "dental" else "MED", "MORE"),),
        file_information=("ONE", "TWO"),
        delay_reason="1",
    )
    said = segments(more)
    assert {"PWK*OZ*EL***AC*A1", "PWK*RB*AA", "REF*4N*1", "REF*D9*T1", "K3*ONE", "NTE*ADD*A NOTE"} <= set(said)
    assert list(read_claims(file_of(more))) == [more]


def test_a_batch_of_one_file_after_another_is_read_kind_by_kind():
    data = file_of(CLAIM) + file_of(INPATIENT) + file_of(DENTAL)
    assert list(read_claims(data)) == [CLAIM, INPATIENT, DENTAL]
    assert [guide_of(each) for each in read_claims(data)] == ["837P", "837I", "837D"]
    assert DENTAL.service == DAY


@pytest.mark.parametrize(
    "claim, says, line, loop",
    [
        (stay(attending=None), "attending provider", None, "2300"),
        (stay(statement=Period()), r"Statement dates \(DTP\) is missing", None, "2300"),
        (
            replace(INPATIENT, lines=(INPATIENT.lines[0], replace(INPATIENT.lines[1], unit_kind="MJ"))),
            "SV204",
            2,
            "2400",
        ),
        (replace(DENTAL, accept_assignment="B"), "CLM07", None, "2300"),
    ],
)
def test_what_a_payer_would_reject_is_told_with_its_claim_and_line(claim, says, line, loop):
    good = replace(INPATIENT if claim.kind == "institutional" else DENTAL, control_number="G1")
    with pytest.raises(X12WriteError, match=says) as refused:
        file_of(good, claim)
    places = {(each.where.field, each.where.service_line, each.where.loop) for each in refused.value.findings}
    assert places == {(f"claim {claim.control_number}", line, loop)}

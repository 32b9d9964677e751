"""Valid institutional and dental claims, and predeterminations, for generative tests."""

from datetime import timedelta
from decimal import Decimal

from hypothesis import strategies as st
from msgspec.structs import replace

from superbill.claims.dental import DentalDetail, DentalLine, Orthodontics, Tooth, ToothStatus
from superbill.claims.institutional import (
    ExternalCause,
    InpatientProcedure,
    InstitutionalDetail,
    Occurrence,
    OccurrenceSpan,
    Value,
)
from superbill.claims.model import (
    Accident,
    Attachment,
    Claim,
    Diagnosis,
    InpatientAdjudication,
    NationalDrug,
    Note,
    OtherInsurance,
    OutpatientAdjudication,
    Procedure,
    Provider,
    SecondaryId,
    ServiceLine,
)
from superbill.effective import Period
from tests.strategies_claims import adjudications, coverages, other_insurances
from tests.strategies_parts import (
    addresses,
    billing_providers,
    cents,
    days,
    digits,
    facilities,
    maybe,
    maybe_cents,
    names,
    notes,
    payers,
    periods,
    plain_units,
    providers,
    word,
)

_DIAGNOSES = ("E119", "I10", "J069", "M545", "Z0000", "R079", "K219", "N390", "E785", "F329")
_CAUSES = ("W19XXXA", "Y92009", "V4352XA")
_OPERATIONS = ("0DTJ4ZZ", "02HV33Z", "5A1945Z")
_PRESENT = st.sampled_from(["", "Y", "N", "U", "W"])
_INPATIENT = ("11", "21")
_THREE_AREAS = st.lists(st.sampled_from(["00", "01", "10", "20", "30", "40"]), max_size=3, unique=True).map(tuple)


def _some(codes: tuple[str, ...], least: int, most: int) -> st.SearchStrategy[tuple[str, ...]]:
    return st.lists(st.sampled_from(codes), min_size=least, max_size=most, unique=True).map(tuple)


_months = st.none() | st.integers(0, 48)
_courses = st.builds(Orthodontics, months=_months, months_left=_months, placed=st.none() | days)
_ATTACHMENTS = st.lists(
    st.just(Attachment("OZ"))
    | st.builds(
        Attachment,
        report=st.sampled_from(["OZ", "RB"]),
        transmission=st.sampled_from(["EL", "FX"]),
        control_number=word(2, 20),
    ),
    max_size=2,
).map(tuple)


@st.composite
def _shared(draw: st.DrawFn, kind: str) -> dict[str, object]:
    """What claims of every kind may say."""
    billing = draw(billing_providers())
    if kind == "institutional":
        number = draw(st.sampled_from([(), (SecondaryId("G2", "P77"),)]))
        billing = replace(billing, person=None, organization=draw(names), tin_kind="EI", secondary_ids=number)
    else:
        kept = [each for each in billing.secondary_ids if each.qualifier != "LU"]  # the payer is told one number
        billing = replace(billing, secondary_ids=tuple(kept))
    pay_to = Provider(person=billing.person, organization=billing.organization, address=draw(addresses(9)))
    covered = draw(coverages())
    covered["subscriber"] = replace(covered["subscriber"], insurance_type="")
    return {
        "kind": kind,
        "control_number": draw(word(1, 20)),
        "billing": billing,
        "pay_to": draw(st.sampled_from([None, pay_to])),
        **covered,
        "payer": draw(payers()),
        "prior_authorization": draw(maybe(word(1, 15))),
        "referral_number": draw(maybe(word(1, 15))),
        "benefits_assigned": draw(st.sampled_from(["Y", "N", "W"])),
        "release_of_information": draw(st.sampled_from(["Y", "I"])),
        "attachments": draw(_ATTACHMENTS),
        "file_information": draw(st.lists(notes, max_size=2).map(tuple)),
        "delay_reason": draw(st.sampled_from(["", "1", "11"])),
        "note": draw(maybe(notes)),
    }


@st.composite
def _payers_before(
    draw: st.DrawFn, lines: tuple[ServiceLine, ...], institutional: bool
) -> tuple[tuple[ServiceLine, ...], tuple[OtherInsurance, ...]]:
    """The lines with what up to two other payers decided on each, and those payers."""
    charge = sum(line.charge for line in lines)
    others: list[OtherInsurance] = []
    for letter, payer_id in zip("ST", draw(st.lists(word(3, 8), max_size=2, unique=True)), strict=False):
        paid = None
        if draw(st.booleans()):
            told = [draw(adjudications(line.charge, line.procedure, payer_id)) for line in lines]
            told = [replace(each, revenue_code=line.revenue_code) for each, line in zip(told, lines, strict=True)]
            lines = tuple(
                replace(line, adjudications=(*line.adjudications, each)) for line, each in zip(lines, told, strict=True)
            )
            paid = sum(each.paid for each in told)
        other = draw(other_insurances(letter, payer_id, paid, charge))
        decided = draw(st.none() | _outpatient) if paid is not None else None
        stay = draw(st.none() | _inpatient) if institutional and paid is not None and decided is None else None
        who = replace(other.subscriber, insurance_type="")
        others.append(replace(other, subscriber=who, outpatient=decided, inpatient=stay))
    return lines, tuple(others)


_remarks = _some(("MA01", "MA18", "N130"), 0, 3)
_outpatient = st.builds(
    OutpatientAdjudication,
    reimbursement_rate=st.sampled_from([None, Decimal("0.8")]),
    hcpcs_payable=st.none() | cents,
    remarks=_remarks,
).filter(lambda each: each != OutpatientAdjudication())
_inpatient = st.builds(InpatientAdjudication, capital=st.none() | cents, drg_amount=st.none() | cents, remarks=_remarks)


# --- institutional --------------------------------------------------------------------------------------------------


@st.composite
def _facility_lines(draw: st.DrawFn, number: int, dated: bool) -> ServiceLine:
    coded = draw(st.booleans())
    procedure = Procedure("99283", draw(_some(("25", "59"), 0, 2))) if coded else Procedure("")
    drug = st.builds(
        NationalDrug,
        ndc=digits(11, 11),
        quantity=plain_units,
        unit=st.sampled_from(["F2", "ML", "UN"]),
        prescription_number=maybe(word(2, 12)),
    )
    return ServiceLine(
        number=number,
        control_number=f"L{number:04}{draw(digits(1, 12))}",
        revenue_code=draw(st.sampled_from(["0120", "0250", "0450", "0300", "0636"])),
        procedure=procedure,
        charge=draw(cents),
        units=draw(plain_units),
        unit_kind=draw(st.sampled_from(["UN", "DA"])),
        service=draw(periods()) if dated or draw(st.booleans()) else Period(),
        non_covered=draw(maybe_cents),
        drug=draw(st.none() | drug) if coded else None,
        operating=draw(st.none() | providers(person=True, ids=("0B",))),
        other_operating=draw(st.none() | providers(person=True)),
        rendering=draw(st.none() | providers(person=True, ids=("G2",))),
        referring=draw(st.none() | providers(person=True)),
        sales_tax=draw(maybe_cents),
        facility_tax=draw(maybe_cents),
    )


@st.composite
def _values(draw: st.DrawFn) -> tuple[Value, ...]:
    codes = draw(_some(("01", "80", "A1", "50"), 0, 4))
    return tuple(Value(code, Decimal(draw(st.integers(0, 999_999))) / 100) for code in codes)


@st.composite
def _stay(draw: st.DrawFn) -> dict[str, object]:
    """The bill's type, its days and its coded lists."""
    facility, first = draw(st.sampled_from(["11", "13", "21", "85", "32"])), draw(days)
    statement = Period(first, first + timedelta(draw(st.integers(0, 9))))
    inpatient = facility in _INPATIENT
    hour = draw(st.sampled_from(["00", "07", "23"])) if inpatient else ""
    detail = InstitutionalDetail(
        facility_type=facility,
        statement=statement,
        admission_hour=hour,
        admission_minute=draw(st.sampled_from(["", "30"])) if hour else "",
        admission_type=draw(st.sampled_from(["1", "3"])),
        point_of_origin=draw(st.sampled_from(["1", "2"])),
        discharge_hour=draw(st.sampled_from(["09", "18"])) if inpatient else "",
        discharge_minute=draw(st.sampled_from(["", "45"])) if inpatient else "",
        discharge_status=draw(st.sampled_from(["01", "03", "30"])),
        medical_record_number=draw(maybe(word(1, 15))),
        admitting_diagnosis="R079" if inpatient else "",
        reasons_for_visit=draw(_some(_DIAGNOSES, 1, 3)),
        external_causes=tuple(ExternalCause(code, draw(_PRESENT)) for code in draw(_some(_CAUSES, 0, 3))),
        procedures=tuple(InpatientProcedure(code, first) for code in draw(_some(_OPERATIONS, 0, 3))),
        drg=draw(st.sampled_from(["", "470"])),
        conditions=draw(_some(("01", "02", "17", "C1"), 0, 3)),
        occurrences=tuple(Occurrence(code, first) for code in draw(_some(("01", "11", "18"), 0, 3))),
        spans=tuple(OccurrenceSpan(code, statement) for code in draw(_some(("70", "74"), 0, 2))),
        values=draw(_values()),
        treatments=draw(_some(("A01", "A04"), 0, 2)),
        estimated_due=draw(maybe_cents),
        auto_accident_state=draw(st.sampled_from(["", "OH"])),
        attending=draw(providers(person=True, taxonomy=True, ids=("0B", "G2"))),
        operating=draw(st.none() | providers(person=True, ids=("0B",))),
        other_operating=draw(st.none() | providers(person=True, ids=("0B",))),
    )
    return {"institutional": detail, "admission": first if inpatient else None}


@st.composite
def institutional_claims(draw: st.DrawFn) -> Claim:
    """A valid institutional claim, primary or after up to two payers."""
    parts, stay = draw(_shared("institutional")), draw(_stay())
    many_days = stay["institutional"].facility_type in ("13", "85")
    lines = tuple(draw(_facility_lines(number, many_days)) for number in range(1, draw(st.integers(1, 4)) + 1))
    lines, others = draw(_payers_before(lines, True))
    frequency = draw(st.sampled_from(["1", "2", "3", "4", "5", "7", "8"]))
    facility = draw(st.none() | facilities())
    codes = draw(st.lists(st.sampled_from(_DIAGNOSES), min_size=1, max_size=10, unique=True))
    return Claim(
        **parts,
        **stay,
        frequency=frequency,
        payer_control_number=draw(word(1, 15)) if frequency in "78" else "",
        rendering=draw(st.none() | providers(person=True, ids=("0B",))),
        referring=draw(st.none() | providers(person=True, ids=("0B",))),
        service_facility=facility and replace(facility, contact=None),
        diagnoses=tuple(Diagnosis(code, draw(_PRESENT)) for code in codes),
        place_of_service="",
        lines=lines,
        other_insurance=others,
        accept_assignment=draw(st.sampled_from(["A", "B", "C"])),
        references=draw(
            st.sampled_from([(), (SecondaryId("D9", "T77"),), (SecondaryId("LX", "G1"), SecondaryId("LX", "G2"))])
        ),
        notes=draw(st.sampled_from([(), (Note("MED", "SOME DRUG"), Note("DGN", "SOME REASON"))])),
        epsdt_referrals=draw(st.sampled_from([(), ("NU",), ("AV", "S2")])),
    )


# --- dental ---------------------------------------------------------------------------------------------------------


@st.composite
def _teeth(draw: st.DrawFn) -> tuple[Tooth, ...]:
    numbers = draw(_some(("3", "14", "19", "30", "A", "K"), 0, 3))
    surfaces: tuple[tuple[str, ...], ...] = ((), ("O",), ("M", "O", "D"), ("B", "L"))
    return tuple(Tooth(number, draw(st.sampled_from(surfaces))) for number in numbers)  # type: ignore[arg-type]  # letters


@st.composite
def _dental_lines(draw: st.DrawFn, number: int, diagnoses: int, service: Period) -> ServiceLine:
    replaced = draw(st.booleans())
    detail = DentalLine(
        teeth=draw(_teeth()),
        oral_cavity=draw(_THREE_AREAS),
        prosthesis="R" if replaced else draw(st.sampled_from(["", "I"])),
        prior_placement=draw(days) if replaced else None,
        placed=draw(st.none() | days),
        replaced=draw(st.none() | days),
        started=draw(st.none() | days),
        completed=draw(st.none() | days),
        predetermination_number=draw(maybe(word(1, 12))),
        assistant_surgeon=draw(st.none() | providers(taxonomy=True)),
    )
    pointers = st.lists(st.integers(1, diagnoses), max_size=diagnoses, unique=True) if diagnoses else st.just([])
    facility = draw(st.none() | facilities())
    return ServiceLine(
        number=number,
        control_number=f"L{number:04}{draw(digits(1, 12))}",
        procedure=Procedure(draw(st.sampled_from(["D0120", "D1110", "D2392", "D2740"])), (), "AD"),
        charge=draw(cents),
        units=Decimal(draw(st.integers(1, 9))),
        service=service,
        place_of_service=draw(st.sampled_from(["", "11"])),
        diagnosis_pointers=tuple(draw(pointers)),
        rendering=draw(st.none() | providers(taxonomy=True, ids=("0B", "G2"))),
        supervising=draw(st.none() | providers(person=True)),
        service_facility=facility and replace(facility, contact=None),
        prior_authorization=draw(maybe(word(1, 12))),
        referral_number=draw(maybe(word(1, 12))),
        sales_tax=draw(maybe_cents),
        dental=None if detail == DentalLine() else detail,
    )


@st.composite
def dental_claims(draw: st.DrawFn) -> Claim:
    """A valid dental claim, primary or after up to two payers, or a predetermination, which has no days of service."""
    asks, same = draw(st.booleans()), draw(st.booleans())
    shared, codes = Period() if asks else draw(periods()), draw(_some(_DIAGNOSES, 0, 4))
    lines = []
    for number in range(1, draw(st.integers(1, 4)) + 1):
        service = shared if asks or same else draw(periods())
        lines.append(draw(_dental_lines(number, len(codes), service)))
    told, others = draw(_payers_before(tuple(lines), False))
    facility = draw(st.none() | facilities())
    frequency = draw(st.sampled_from(["1", "7", "8"]))
    detail = DentalDetail(
        orthodontics=draw(st.none() | _courses),
        teeth=tuple(
            ToothStatus(number, draw(st.sampled_from(["E", "M"]))) for number in draw(_some(("1", "16", "32"), 0, 3))
        ),
        predetermination_number=draw(maybe(word(1, 12))),
        assistant_surgeon=draw(st.none() | providers(taxonomy=True, ids=("0B",))),
    )
    return Claim(
        **draw(_shared("dental")),
        dental=detail,
        predetermination=asks,
        frequency=frequency,
        payer_control_number=draw(word(1, 15)) if frequency != "1" else "",
        rendering=draw(st.none() | providers(taxonomy=True, ids=("0B", "G2"))),
        referring=draw(st.none() | providers(person=True, taxonomy=True, ids=("0B",))),
        supervising=draw(st.none() | providers(person=True, ids=("0B",))),
        service_facility=facility and replace(facility, contact=None),
        diagnoses=tuple(map(Diagnosis, codes)),
        place_of_service=draw(st.sampled_from(["11", "22"])),
        lines=told,
        other_insurance=others,
        accident=draw(st.none() | st.builds(Accident, on=days, causes=st.just(("OA",)))),
        special_program=draw(st.sampled_from(["", "02", "05"])),
        accept_assignment=draw(st.sampled_from(["A", "C"])),
        provider_signature=draw(st.booleans()),
        patient_paid=draw(maybe_cents),
        references=draw(st.sampled_from([(), (SecondaryId("D9", "T77"),)])),
    )


# --- predeterminations ----------------------------------------------------------------------------------------------


@st.composite
def facility_predeterminations(draw: st.DrawFn) -> Claim:
    """What would a stay be paid? Nobody has been admitted."""
    claim = draw(institutional_claims())
    assert claim.institutional is not None
    detail = replace(
        claim.institutional,
        statement=Period(),
        admission_hour="",
        admission_minute="",
        discharge_hour="",
        discharge_minute="",
        admission_type="",
        procedures=(),
    )
    lines = tuple(replace(line, service=Period(), adjudications=()) for line in claim.lines)
    return replace(
        claim,
        predetermination=True,
        institutional=detail,
        admission=None,
        lines=lines,
        other_insurance=(),
        frequency="1",
        payer_control_number="",
    )

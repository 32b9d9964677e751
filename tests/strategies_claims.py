"""Valid professional claims for generative tests."""

from hypothesis import strategies as st
from msgspec.structs import replace

from superbill.claims.model import (
    Accident,
    Claim,
    Diagnosis,
    LineAdjudication,
    NationalDrug,
    OtherInsurance,
    Patient,
    Payer,
    Procedure,
    Provider,
    ServiceLine,
    Subscriber,
)
from tests.strategies_parts import (
    addresses,
    adjustments,
    billing_providers,
    birth_dates,
    cents,
    contacts,
    days,
    digits,
    facilities,
    maybe,
    maybe_cents,
    names,
    notes,
    payers,
    people,
    periods,
    plain_units,
    procedures,
    providers,
    word,
)


@st.composite
def adjudications(draw: st.DrawFn, charge: int, procedure: Procedure, payer_id: str) -> LineAdjudication:
    paid = draw(st.integers(0, charge))
    return LineAdjudication(
        payer_id=payer_id,
        paid=paid,
        procedure=procedure,
        units=draw(plain_units),
        adjustments=draw(adjustments(charge - paid)),
        paid_on=draw(days),
        remaining_patient_liability=draw(maybe_cents),
    )


@st.composite
def service_lines(draw: st.DrawFn, number: int, diagnoses: int, payer_ids: tuple[str, ...]) -> ServiceLine:
    charge, procedure = draw(cents), draw(procedures)
    pointers = draw(st.lists(st.integers(1, diagnoses), min_size=1, max_size=min(4, diagnoses), unique=True))
    drug = st.builds(NationalDrug, ndc=digits(11, 11), quantity=plain_units, unit=st.sampled_from(["F2", "ML", "UN"]))
    return ServiceLine(
        number=number,
        control_number=f"L{number:04}{draw(digits(1, 12))}",
        procedure=procedure,
        charge=charge,
        units=draw(plain_units),
        unit_kind=draw(st.sampled_from(["UN", "MJ"])),
        service=draw(periods()),
        place_of_service=draw(st.sampled_from(["", "11", "22"])),
        diagnosis_pointers=tuple(pointers),
        emergency=draw(st.booleans()),
        epsdt=draw(st.booleans()),
        family_planning=draw(st.booleans()),
        drug=draw(st.none() | drug),
        rendering=draw(st.none() | providers(taxonomy=True, ids=("0B", "G2"))),
        referring=draw(st.none() | providers(person=True, ids=("0B",))),
        supervising=draw(st.none() | providers(person=True)),
        ordering=draw(st.none() | _ordering()),
        prior_authorization=draw(maybe(word(1, 12))),
        referral_number=draw(maybe(word(1, 12))),
        sales_tax=draw(maybe_cents),
        note=draw(maybe(notes)),
        adjudications=tuple(draw(adjudications(charge, procedure, payer_id)) for payer_id in payer_ids),
    )


@st.composite
def _ordering(draw: st.DrawFn) -> Provider:
    """Who ordered, with address and telephone."""
    who = draw(providers(person=True, ids=("0B",)))
    return replace(who, address=draw(addresses()), contact=draw(st.none() | contacts()))


@st.composite
def other_insurances(
    draw: st.DrawFn, responsibility: str, payer_id: str, paid: int | None, charge: int
) -> OtherInsurance:
    """Of one that has not paid, only the whole charge can be non-covered."""
    subscriber = Subscriber(
        responsibility=responsibility,  # type: ignore[arg-type]  # one of the literal's letters
        relationship=draw(st.sampled_from(["18", "01", "19"])),
        person=draw(people()),
        member_id=draw(word(2, 12)),
        group_number=draw(maybe(word(1, 10))),
        group_name=draw(maybe(names)),
        insurance_type=draw(st.sampled_from(["", "12", "47"])),
        address=draw(st.none() | addresses()),
    )
    payer = Payer(name=draw(names), id=payer_id, claim_filing_indicator="CI", address=draw(st.none() | addresses()))
    return OtherInsurance(
        subscriber=subscriber,
        payer=payer,
        paid=paid,
        non_covered=draw(st.sampled_from([None, charge]) if paid is None else maybe_cents),
        remaining_patient_liability=draw(maybe_cents),
        payer_control_number=draw(maybe(word(1, 15))),
        benefits_assigned=draw(st.sampled_from(["Y", "N", "W"])),
        release_of_information=draw(st.sampled_from(["Y", "I"])),
    )


@st.composite
def coverages(draw: st.DrawFn) -> dict[str, object]:
    """Subscriber and patient: the same person with the same data, or two."""
    own = draw(st.booleans())
    person, born, sex, where = (
        draw(people()),
        draw(birth_dates),
        draw(st.sampled_from(["F", "M", "U"])),
        draw(addresses()),
    )
    told = own or draw(st.booleans())
    subscriber = Subscriber(
        responsibility="P",
        relationship="18" if own else draw(st.sampled_from(["01", "19", "G8"])),
        person=person,
        member_id=draw(word(2, 12)),
        group_number=draw(maybe(word(1, 10))),
        group_name=draw(maybe(names)),
        insurance_type=draw(st.sampled_from(["", "12", "47"])),
        birth_date=born if told else None,
        sex=sex if told else None,
        address=where if own else draw(st.none() | addresses()),
        property_casualty_claim_number=draw(maybe(word(1, 15))),
    )
    own_data = Patient(person=person, birth_date=born, sex=sex, address=where)
    patient = Patient(person=draw(people()), birth_date=draw(birth_dates), sex="F", address=draw(addresses()))
    return {"subscriber": subscriber, "patient": own_data if own else patient}


@st.composite
def claims(draw: st.DrawFn) -> Claim:
    """A valid professional claim, primary or after up to three payers."""
    diagnoses = draw(
        st.lists(st.sampled_from(["E119", "I10", "J069", "M545", "Z0000", "R079"]), min_size=1, max_size=6, unique=True)
    )
    other_ids = draw(st.lists(word(3, 8), max_size=3, unique=True))
    adjudicated = tuple(each for each in other_ids if draw(st.booleans()))
    count = draw(st.integers(1, 4))
    lines = tuple(draw(service_lines(number, len(diagnoses), adjudicated)) for number in range(1, count + 1))
    others, charge = [], sum(line.charge for line in lines)
    for letter, payer_id in zip("STA", other_ids, strict=False):
        paid = sum(each.paid for line in lines for each in line.adjudications if each.payer_id == payer_id)
        others.append(draw(other_insurances(letter, payer_id, paid if payer_id in adjudicated else None, charge)))
    billing = draw(billing_providers())
    pay_to = Provider(person=billing.person, organization=billing.organization, address=draw(addresses(9)))
    accident = Accident(on=draw(days), causes=("AA", "OA"), state="OH") if draw(st.booleans()) else None
    frequency = draw(st.sampled_from(["1", "7", "8"]))
    return Claim(
        control_number=draw(word(1, 20)),
        frequency=frequency,
        payer_control_number=draw(word(1, 15)) if frequency != "1" else "",
        billing=billing,
        pay_to=draw(st.sampled_from([None, pay_to])),
        rendering=draw(st.none() | providers(taxonomy=True, ids=("0B", "G2"))),
        referring=draw(st.none() | providers(person=True, ids=("0B",))),
        supervising=draw(st.none() | providers(person=True, ids=("G2",))),
        service_facility=draw(st.none() | facilities()),
        **draw(coverages()),
        payer=draw(payers()),
        diagnoses=tuple(map(Diagnosis, diagnoses)),
        place_of_service=draw(st.sampled_from(["11", "22", "02"])),
        lines=lines,
        other_insurance=tuple(others),
        prior_authorization=draw(maybe(word(1, 15))),
        referral_number=draw(maybe(word(1, 15))),
        clia=draw(st.sampled_from(["", "11D1234567"])),
        accident=accident,
        onset=draw(st.none() | days),
        last_menstrual_period=draw(st.none() | days),
        admission=draw(st.none() | days),
        discharge=draw(st.none() | days),
        accept_assignment=draw(st.sampled_from(["A", "B", "C"])),
        benefits_assigned=draw(st.sampled_from(["Y", "N", "W"])),
        release_of_information=draw(st.sampled_from(["Y", "I"])),
        provider_signature=draw(st.booleans()),
        patient_paid=draw(maybe_cents),
        note=draw(maybe(notes)),
    )

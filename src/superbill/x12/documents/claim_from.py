"""Claims from the loops of an 837P: the 2000A, 2000B and 2000C context folded into every claim.

What a file leaves out becomes the field's empty value; the finding about it is the validator's.
"""

from typing import Any, Literal, get_args

from superbill.claims.model import (
    Accident,
    Address,
    Claim,
    Diagnosis,
    LineAdjudication,
    NationalDrug,
    OtherInsurance,
    Patient,
    Payer,
    Person,
    Procedure,
    Provider,
    Responsibility,
    SecondaryId,
    ServiceLine,
    Subscriber,
)
from superbill.effective import Period
from superbill.x12.grammar import Values

_NO_LINE: dict[str, Any] = {
    "number": 0,
    "control_number": "",
    "procedure": Procedure(""),
    "charge": 0,
    "service": Period(),
}
_LINE_LOOPS = frozenset(
    f"24{rest}" for rest in ("10", "20A", "20B", "20C", "20D", "20E", "20F", "20G", "20H", "30", "40")
)
_RESPONSIBILITIES = frozenset(get_args(Responsibility))
_FREQUENCIES: dict[str, Literal["1", "7", "8"]] = {"7": "7", "8": "8"}
_CAUSES: dict[str, Literal["AA", "EM", "OA"]] = {"AA": "AA", "EM": "EM", "OA": "OA"}
_EMPTY: Values = {}
_NOBODY = Person("")


def _first(v: Values, loop: str) -> Values:
    found = v.get(loop)
    return found[0] if found else _EMPTY


def person(v: Values) -> Person:
    """The name of an NM1 loop."""
    get = v.get
    return Person(get("last", ""), get("first", ""), get("middle", ""), get("suffix", ""))


def address(v: Values) -> Address | None:
    """The address of a loop; None where it has neither street nor city."""
    if "line1" not in v and "city" not in v:
        return None
    get = v.get
    return Address(
        get("line1", ""),
        get("city", ""),
        get("state", ""),
        get("postal_code", ""),
        get("line2", ""),
        get("country", ""),
    )


def provider(v: Values, **more: Any) -> Provider:
    """A Provider of an NM1 loop."""
    get = v.get
    ids = get("secondary_ids")
    contacts = get("contacts")
    organization = get("entity") == "2"
    return Provider(
        person=None if organization else person(v),
        organization=get("last", "") if organization else "",
        npi=get("npi", ""),
        taxonomy=get("taxonomy", ""),
        address=address(v),
        contact=contacts[0] if contacts else None,
        secondary_ids=tuple(SecondaryId(*each) for each in ids) if ids else (),
        **more,
    )


def _optional_provider(v: Values, loop: str) -> Provider | None:
    found = v.get(loop)
    return provider(found[0]) if found else None


def _billing(v: Values) -> Provider:
    found = _first(v, "2010AA")
    made = provider(
        found | {"taxonomy": v.get("taxonomy", "")}, tin=found.get("tin", ""), tin_kind=found.get("tin_kind", "")
    )
    return made


def _pay_to(v: Values, billing: Provider) -> Provider | None:
    """Another address of the billing provider: nothing else of it is sent."""
    found = v.get("2010AB")
    if not found:
        return None
    return Provider(person=billing.person, organization=billing.organization, address=address(found[0]))


def _payer(v: Values, filing: str) -> Payer:
    return Payer(name=v.get("name", ""), id=v.get("id", ""), claim_filing_indicator=filing or "CI", address=address(v))


def _subscriber(v: Values, name: Values, relationship: str, claim_number: str = "") -> Subscriber:
    responsibility = v.get("responsibility", "P")
    return Subscriber(
        responsibility=responsibility if responsibility in _RESPONSIBILITIES else "P",
        relationship=relationship,
        person=person(name) if name else _NOBODY,
        member_id=name.get("member_id", ""),
        group_number=v.get("group_number", ""),
        group_name=v.get("group_name", ""),
        insurance_type=v.get("insurance_type", ""),
        birth_date=name.get("birth_date"),
        sex=name.get("sex"),
        address=address(name),
        property_casualty_claim_number=claim_number,
    )


def _patient(name: Values) -> Patient:
    return Patient(
        person=person(name) if name else _NOBODY,
        birth_date=name.get("birth_date"),
        sex=name.get("sex", "U"),
        address=address(name),
    )


def _member(subscriber_loop: Values, patient_loop: Values | None) -> tuple[Subscriber, Patient]:
    """Subscriber and patient of the claims in a 2000B, or in a 2000C of it."""
    name = _first(subscriber_loop, "2010BA")
    if patient_loop is None:
        relationship = subscriber_loop.get("relationship", "18")
        number = name.get("property_casualty_claim_number", "")
        return _subscriber(subscriber_loop, name, relationship, number), _patient(name)
    patient = _first(patient_loop, "2010CA")
    number = patient.get("property_casualty_claim_number", "") or name.get("property_casualty_claim_number", "")
    return _subscriber(subscriber_loop, name, patient_loop.get("relationship", "21"), number), _patient(patient)


def _adjudication(v: Values) -> LineAdjudication:
    return LineAdjudication(
        payer_id=v.get("payer_id", ""),
        paid=v.get("paid", 0),
        procedure=v.get("procedure", _NO_LINE["procedure"]),
        units=v.get("units", 1),
        adjustments=tuple(v.get("adjustments", ())),
        paid_on=v.get("paid_on"),
        remaining_patient_liability=v.get("remaining_patient_liability"),
    )


def _line(v: Values) -> ServiceLine:
    inner = v.keys() & _LINE_LOOPS
    if inner:
        loops = {loop: v.pop(loop) for loop in inner}
        if "2420A" in loops:
            v["rendering"] = provider(loops["2420A"][0])
        if "2430" in loops:
            v["adjudications"] = tuple(map(_adjudication, loops["2430"]))
        if "2410" in loops:
            drug = loops["2410"][0]
            v["drug"] = NationalDrug(drug.get("ndc", ""), drug.get("quantity", 0), drug.get("unit", "UN"))
        v.pop("secondary_ids", None)
    try:
        return ServiceLine(**v)
    except TypeError:
        known = {name: v[name] for name in v if name in ServiceLine.__struct_fields__}
        return ServiceLine(**(_NO_LINE | known))


def _other(v: Values) -> OtherInsurance:
    name, payer = _first(v, "2330A"), _first(v, "2330B")
    return OtherInsurance(
        subscriber=_subscriber(v, name, v.get("relationship", "21")),
        payer=_payer(payer, v.get("claim_filing_indicator", "")),
        paid=v.get("paid"),
        adjustments=tuple(v.get("adjustments", ())),
        non_covered=v.get("non_covered"),
        remaining_patient_liability=v.get("remaining_patient_liability"),
        paid_on=payer.get("paid_on"),
        payer_control_number=payer.get("payer_control_number", ""),
        benefits_assigned=v.get("benefits_assigned", "Y"),
        release_of_information=v.get("release_of_information", "Y"),
    )


def _accident(v: Values) -> Accident | None:
    on = v.get("accident_on")
    if on is None:
        return None
    found: tuple[str, ...] = v.get("causes", ())
    state = found[3] if len(found) > 3 else ""
    return Accident(on=on, causes=tuple(_CAUSES[cause] for cause in found[:3] if cause in _CAUSES), state=state)


def _context(stack: list[Values]) -> dict[str, Any]:
    """The fields that every claim of a subscriber or patient shares, made once."""
    billing_loop, subscriber_loop = stack[1], stack[2]
    billing = billing_loop.get("=billing")
    if billing is None:
        billing = billing_loop["=billing"] = _billing(billing_loop)
        billing_loop["=pay_to"] = _pay_to(billing_loop, billing)
    payer_loop = _first(subscriber_loop, "2010BB")
    if ids := payer_loop.get("secondary_ids"):
        own = billing.secondary_ids + tuple(SecondaryId(*each) for each in ids)
        billing = Provider(
            **{name: getattr(billing, name) for name in Provider.__struct_fields__} | {"secondary_ids": own}
        )
    patient_loop = stack[3] if len(stack) > 4 else None
    subscriber, patient = _member(subscriber_loop, patient_loop)
    return {
        "billing": billing,
        "pay_to": billing_loop["=pay_to"],
        "subscriber": subscriber,
        "patient": patient,
        "payer": _payer(payer_loop, subscriber_loop.get("claim_filing_indicator", "")),
    }


def claim(stack: list[Values]) -> Claim:
    """The claim whose loops are open: root, 2000A, 2000B, perhaps 2000C, 2300."""
    v = stack[-1]
    holder = stack[-2]
    context = holder.get("=context")
    if context is None:
        context = holder["=context"] = _context(stack)
    get = v.get
    facility = get("facility", ())
    others = get("2320")
    frequency = _FREQUENCIES.get(facility[2] if len(facility) > 2 else "1", "1")
    return Claim(
        control_number=get("control_number", ""),
        frequency=frequency,
        payer_control_number=get("payer_control_number", ""),
        rendering=_optional_provider(v, "2310B"),
        referring=_optional_provider(v, "2310A"),
        supervising=_optional_provider(v, "2310D"),
        service_facility=_optional_provider(v, "2310C"),
        diagnoses=tuple(map(Diagnosis, get("diagnoses", ()))),
        place_of_service=facility[0] if facility else "",
        lines=tuple(map(_line, get("2400", ()))),
        other_insurance=tuple(map(_other, others)) if others else (),
        prior_authorization=get("prior_authorization", ""),
        referral_number=get("referral_number", ""),
        clia=get("clia", ""),
        accident=_accident(v),
        onset=get("onset"),
        last_menstrual_period=get("last_menstrual_period"),
        admission=get("admission"),
        discharge=get("discharge"),
        accept_assignment=get("accept_assignment", "A"),
        benefits_assigned=get("benefits_assigned", "Y"),
        release_of_information=get("release_of_information", "Y"),
        provider_signature=get("provider_signature", True),
        patient_paid=get("patient_paid"),
        note=get("note", ""),
        **context,
    )

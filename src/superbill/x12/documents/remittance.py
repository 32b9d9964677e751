"""Remittances from and to the loops of an 835."""

from datetime import date

from superbill.claims.model import Person, Procedure
from superbill.effective import Period
from superbill.x12.documents.claim_from import address
from superbill.x12.documents.claim_to import Unwritable, address_values, put
from superbill.x12.grammar import Values
from superbill.x12.model import BankAccount, Remittance, RemittanceClaim, RemittanceLine

ELECTRONIC = frozenset(("ACH", "BOP", "FWT"))
_METHODS = frozenset(("ACH", "BOP", "CHK", "FWT", "NON"))
_PARTS = ("last", "first", "middle", "suffix")


def _person(v: Values, prefix: str) -> Person | None:
    found = [v.get(f"{prefix}_{part}", "") for part in _PARTS]
    return Person(*found) if any(found) else None


def _person_values(v: Values, prefix: str, person: Person | None, member_id: str) -> None:
    if person is not None:
        put(v, **{f"{prefix}_{part}": getattr(person, part) for part in _PARTS})
    put(v, **{f"{prefix}_id": member_id})


def _line(v: Values) -> RemittanceLine:
    get = v.get
    on = get("service_on")
    service = Period(on, on) if on else Period(get("begin"), get("end"))
    return RemittanceLine(
        procedure=get("procedure") or Procedure(""),
        charge=get("charge", 0),
        paid=get("paid", 0),
        units=get("units", 1),
        submitted_procedure=get("submitted_procedure"),
        submitted_units=get("submitted_units"),
        service=service,
        control_number=get("control_number", ""),
        adjustments=tuple(get("adjustments", ())),
        allowed=get("allowed"),
        remarks=tuple(get("remarks", ())),
    )


def claim(stack: list[Values]) -> RemittanceClaim:
    """The claim of an open loop 2100."""
    v = stack[-1]
    get = v.get
    return RemittanceClaim(
        control_number=get("control_number", ""),
        status=get("status", ""),
        charge=get("charge", 0),
        paid=get("paid", 0),
        patient_responsibility=get("patient_responsibility"),
        claim_filing_indicator=get("claim_filing_indicator", ""),
        payer_control_number=get("payer_control_number", ""),
        place_of_service=get("place_of_service", ""),
        frequency=get("frequency", ""),
        patient=_person(v, "patient"),
        patient_member_id=get("patient_id", ""),
        subscriber=_person(v, "subscriber"),
        subscriber_member_id=get("subscriber_id", ""),
        rendering=_person(v, "rendering") if get("rendering_entity") == "1" else None,
        rendering_npi=get("rendering_npi", ""),
        crossover_payer=get("crossover_payer", ""),
        crossover_payer_id=get("crossover_payer_id", ""),
        statement=Period(get("statement_start"), get("statement_end")),
        received=get("received"),
        coverage_expired=get("coverage_expired"),
        adjustments=tuple(get("adjustments", ())),
        remarks=tuple(get("remarks", ())),
        lines=tuple(map(_line, get("2110", ()))),
    )


def _account(v: Values, whose: str) -> BankAccount | None:
    if f"{whose}_routing" not in v:
        return None
    kind = v.get(f"{whose}_account_kind", "DA")
    return BankAccount(v[f"{whose}_routing"], v.get(f"{whose}_account", ""), "SG" if kind == "SG" else "DA")


def remittance(v: Values, claims: list[RemittanceClaim], nothing: date) -> Remittance:
    """The remittance of a whole 835; `nothing` is the date of one that gives none."""
    payer, payee = (v.get("1000A") or [{}])[0], (v.get("1000B") or [{}])[0]
    contacts = payer.get("contacts") or payer.get("business_contacts")
    method = v.get("payment_method", "")
    return Remittance(
        payer_name=payer.get("name", ""),
        payer_id=payer.get("id", "") or payer.get("plan_id", ""),
        payer_address=address(payer),
        payer_contact=contacts[0] if contacts else None,
        payee_name=payee.get("name", ""),
        payee_npi=payee.get("npi", ""),
        payee_tin=payee.get("tin", ""),
        trace_number=v.get("trace_number", ""),
        originator_id=v.get("originator_id", ""),
        payment_amount=v.get("payment_amount", 0),
        payment_method=method if method in _METHODS else "NON",
        payment_date=v.get("payment_date", nothing),
        production_date=v.get("production_date"),
        payer_account=_account(v, "payer"),
        payee_account=_account(v, "payee"),
        claims=tuple(claims),
        provider_adjustments=tuple(v.get("provider_adjustments", ())),
    )


# --- to ------------------------------------------------------------------------------------------------------------


def _line_values(line: RemittanceLine) -> Values:
    v: Values = {
        "procedure": line.procedure,
        "charge": line.charge,
        "paid": line.paid,
        "units": line.units,
        "adjustments": line.adjustments,
        "remarks": line.remarks,
    }
    start, end = line.service.start, line.service.end
    if start is not None and end in (None, start):
        v["service_on"] = start
    else:
        put(v, begin=start, end=end)
    return put(
        v,
        submitted_procedure=line.submitted_procedure,
        submitted_units=line.submitted_units,
        control_number=line.control_number,
        allowed=line.allowed,
    )


def claim_values(claim: RemittanceClaim, payee: str) -> Values:
    """Loop 2100. Where the rendering provider's name is not known, the payee's stands for it beside the NPI."""
    v: Values = {
        "control_number": claim.control_number,
        "status": claim.status,
        "charge": claim.charge,
        "paid": claim.paid,
        "patient_responsibility": claim.patient_responsibility,
        "claim_filing_indicator": claim.claim_filing_indicator,
        "payer_control_number": claim.payer_control_number,
        "place_of_service": claim.place_of_service,
        "frequency": claim.frequency,
        "crossover_payer": claim.crossover_payer,
        "crossover_payer_id": claim.crossover_payer_id,
        "statement_start": claim.statement.start,
        "statement_end": claim.statement.end,
        "received": claim.received,
        "coverage_expired": claim.coverage_expired,
        "adjustments": claim.adjustments,
        "remarks": claim.remarks,
        "2110": list(map(_line_values, claim.lines)),
    }
    made = put({}, **v)
    if claim.rendering_npi:
        made["rendering_npi"] = claim.rendering_npi
        made["rendering_entity"] = "2" if claim.rendering is None else "1"
        if claim.rendering is None:
            made["rendering_last"] = payee
        _person_values(made, "rendering", claim.rendering, "")
    _person_values(made, "patient", claim.patient, claim.patient_member_id)
    _person_values(made, "subscriber", claim.subscriber, claim.subscriber_member_id)
    return made


def header_values(remittance: Remittance) -> Values:
    """The root's own segments and its parties."""
    payer = address_values({"name": remittance.payer_name, "id": remittance.payer_id}, remittance.payer_address)
    payer["contacts"] = [remittance.payer_contact] if remittance.payer_contact else [None]
    payee = put({"name": remittance.payee_name, "npi": remittance.payee_npi}, tin=remittance.payee_tin)
    v: Values = {}
    if remittance.payment_method in ELECTRONIC:
        if remittance.payer_account is None or remittance.payee_account is None:
            raise Unwritable(f"an {remittance.payment_method} payment names the payer's and the payee's account")
        v["payer_identifier"] = remittance.originator_id
        for whose, account in (("payer", remittance.payer_account), ("payee", remittance.payee_account)):
            v |= {f"{whose}_routing": account.routing, f"{whose}_account": account.number}
            v[f"{whose}_account_kind"] = account.kind
    return v | put(
        {"1000A": [payer], "1000B": [payee]},
        handling="H" if remittance.payment_method == "NON" else "I",
        payment_amount=remittance.payment_amount,
        payment_method=remittance.payment_method,
        payment_date=remittance.payment_date,
        trace_number=remittance.trace_number,
        originator_id=remittance.originator_id,
        production_date=remittance.production_date,
    )

"""277CAs from and to their loops. Counts and sums of accepted and rejected claims are made here, never stored."""

from collections.abc import Iterable, Iterator
from datetime import date

from superbill.claims.model import Procedure
from superbill.effective import Period
from superbill.money import Cents
from superbill.x12 import values as text
from superbill.x12.documents.claim_from import person
from superbill.x12.documents.claim_to import person_values, put
from superbill.x12.grammar import Values
from superbill.x12.guides.claim_acknowledgement import Row
from superbill.x12.model import ClaimAcknowledgement, ClaimStatus, LineStatus, StatusCode

_RECEIVED = StatusCode("A1", "19", "PR")


def _flat(rows: Iterable[Row]) -> tuple[StatusCode, ...]:
    return tuple(status for statuses, *_ in rows for status in statuses)


def _line(v: Values) -> LineStatus:
    return LineStatus(
        procedure=v.get("procedure") or Procedure(""),
        charge=v.get("charge", 0),
        units=v.get("units"),
        control_number=v.get("control_number", ""),
        service=v.get("service", Period()),
        statuses=_flat(v.get("status", ())),
    )


def _amount(rows: "list[Row]", at: int) -> str:
    return next((str(row[at]) for row in rows if row[at]), "")


def _charge(rows: "list[Row]") -> Cents:
    try:
        return text.money(_amount(rows, 3) or "0")
    except ValueError:
        return 0


def _effective(rows: "list[Row]") -> date | None:
    try:
        return text.day(found) if (found := _amount(rows, 1)) else None
    except ValueError:
        return None


def _claims(patient: Values) -> Iterator[ClaimStatus]:
    """The claims of a loop 2000D."""
    name = _first(patient, "2100D")
    for v in patient.get("2200D", ()):
        rows = v.get("status", [])
        yield ClaimStatus(
            control_number=v.get("control_number", ""),
            patient=person(name),
            member_id=name.get("id", ""),
            action="WQ" if any(row[2] == "WQ" for row in rows) else "U",
            statuses=_flat(rows),
            charge=_charge(rows),
            payer_control_number=v.get("payer_control_number", ""),
            service=v.get("service", Period()),
            effective=_effective(rows),
            lines=tuple(map(_line, v.get("2220D", ()))),
        )


def _first(v: Values, loop: str) -> Values:
    found = v.get(loop)
    return found[0] if found else {}


def _one(root: Values, source: Values, receiver: Values, provider: Values) -> ClaimAcknowledgement:
    receipt, batch = _first(source, "2200A"), _first(receiver, "2200B")
    from_, to, who = _first(source, "2100A"), _first(receiver, "2100B"), _first(provider, "2100C")
    return ClaimAcknowledgement(
        source_name=from_.get("last", ""),
        source_id=from_.get("id", ""),
        receiver_name=to.get("last", ""),
        receiver_id=to.get("id", ""),
        provider_name=who.get("last", ""),
        provider_npi=who.get("id", ""),
        reference=receipt.get("trace", "") or root.get("report", ""),
        batch_reference=batch.get("batch_reference", ""),
        received=receipt.get("received", date.min),
        processed=receipt.get("processed", date.min),
        claims=tuple(claim for patient in provider.get("2000D", ()) for claim in _claims(patient)),
    )


def acknowledgements(root: Values) -> list[ClaimAcknowledgement]:
    """The documents of a whole 277CA: one for each billing provider in it, one for a batch that names none."""
    return [
        _one(root, source, receiver, provider)
        for source in root.get("2000A", [{}])
        for receiver in source.get("2000B", [{}])
        for provider in receiver.get("2000C", [{}])
    ]


# --- to ------------------------------------------------------------------------------------------------------------


def _line_values(line: LineStatus, when: str) -> Values:
    v = put({"procedure": line.procedure, "charge": line.charge}, units=line.units, control_number=line.control_number)
    v["status"] = [(line.statuses, when, "U", "")]
    if line.service.start is not None:
        v["service"] = line.service
    return v


def _claim_values(claim: ClaimStatus, processed: date) -> Values:
    when = text.day_text(claim.effective or processed)
    v: Values = {
        "control_number": claim.control_number,
        "status": [(claim.statuses, when, claim.action, text.money_text(claim.charge))],
        "service": claim.service,
        "2220D": [_line_values(line, when) for line in claim.lines],
    }
    return put(v, payer_control_number=claim.payer_control_number)


def _totals(ack: ClaimAcknowledgement) -> Values:
    accepted = [claim.charge for claim in ack.claims if claim.action == "WQ"]
    rejected = [claim.charge for claim in ack.claims if claim.action == "U"]
    v: Values = {}
    if accepted:
        v |= {"accepted": len(accepted), "accepted_amount": sum(accepted)}
    if rejected:
        v |= {"rejected": len(rejected), "rejected_amount": sum(rejected)}
    return v


def values(ack: ClaimAcknowledgement) -> Values:
    """The loops of a 277CA: source, receiver, provider, then a patient level for each claim."""
    when = text.day_text(ack.processed)
    total = text.money_text(sum(claim.charge for claim in ack.claims))
    patients = []
    for hl, claim in enumerate(ack.claims, 4):
        name = person_values({"entity": "1", "id": claim.member_id}, claim.patient)
        patients.append({"hl": hl, "hl_parent": 3, "2100D": [name], "2200D": [_claim_values(claim, ack.processed)]})
    provider: Values = {
        "hl": 3,
        "hl_parent": 2,
        "children": "1" if patients else "0",
        "2100C": [{"entity": "2", "last": ack.provider_name, "id": ack.provider_npi}],
        "2200C": [_totals(ack) | {"trace": "0", "status": [((_RECEIVED,), "", "WQ", total)]}],
        "2000D": patients,
    }
    receiver: Values = {
        "hl": 2,
        "hl_parent": 1,
        "children": "1",
        "2100B": [{"entity": "2", "last": ack.receiver_name, "id": ack.receiver_id}],
        "2200B": [
            _totals(ack) | {"batch_reference": ack.batch_reference, "status": [((_RECEIVED,), when, "WQ", total)]}
        ],
        "2000C": [provider],
    }
    source: Values = {
        "hl": 1,
        "children": "1",
        "2100A": [{"entity": "2", "last": ack.source_name, "id": ack.source_id}],
        "2200A": [{"trace": ack.reference, "received": ack.received, "processed": ack.processed}],
        "2000B": [receiver],
    }
    return {"report": ack.reference, "2000A": [source]}

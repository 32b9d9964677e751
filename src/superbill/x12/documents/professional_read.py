"""Claims from an 837P: what stands in the loops around a claim is folded into it, and made once for all of them.

What a file leaves out becomes the field's empty value; the finding about it is the validator's.
"""

from collections.abc import Iterator
from functools import lru_cache
from typing import Literal

from msgspec.structs import astuple, replace

from superbill.claims.model import Accident, Claim, Diagnosis, OtherInsurance, Patient, Provider
from superbill.x12.documents import fold
from superbill.x12.documents.fold import Notes, Silent, Table, Values, each, inside, nothing, text, value
from superbill.x12.documents.parts_read import address, adjustments
from superbill.x12.documents.professional_parts import (
    EMPTY,
    NOBODY,
    PAYER,
    PROVIDER,
    line,
    member,
    party,
    payer_of,
    provider,
    subscriber_of,
)
from superbill.x12.documents.sets import Sets, documents
from superbill.x12.lexer import Source
from superbill.x12.library import only
from superbill.x12.model import TransactionSet
from superbill.x12.standard.claim import CLM, HI
from superbill.x12.standard.composites import C024
from superbill.x12.standard.parties import NM1, OI, SBR
from superbill.x12.tree import Loop, Record, Transaction
from superbill.x12.walk import walk

_FREQUENCIES: dict[str, Literal["1", "7", "8"]] = {"7": "7", "8": "8"}
_CAUSES: dict[str, Literal["AA", "EM", "OA"]] = {"AA": "AA", "EM": "EM", "OA": "OA"}
_NO_CLAIM: Values = {"control_number": "", "diagnoses": (), "place_of_service": ""}


# --- claims ---------------------------------------------------------------------------------------------------------


def _claim(segment: CLM, v: Values, _notes: Notes) -> None:
    v["control_number"] = segment.patient_control_number
    if segment.facility is not None:
        v["place_of_service"] = segment.facility.code
        v["frequency"] = _FREQUENCIES.get(segment.facility.frequency, "1")
    v["provider_signature"] = segment.provider_signature != "N"
    v["accept_assignment"] = segment.accept_assignment or "A"
    v["benefits_assigned"] = segment.benefits_assigned or "Y"
    v["release_of_information"] = segment.release_of_information or "Y"
    if segment.related_causes is not None:
        v["related_causes"] = segment.related_causes


@lru_cache(1 << 13)
def _diagnosis(code: str) -> Diagnosis:
    return Diagnosis(code)


def _diagnoses(segment: HI, v: Values, _notes: Notes) -> None:
    _, *codes = astuple(segment)  # much quicker than asking twelve times
    v["diagnoses"] += tuple([_diagnosis(found.code) for found in codes if found is not None and found.code])


def _sbr(segment: SBR, v: Values, _notes: Notes) -> None:
    v["sbr"] = segment


def _oi(segment: OI, v: Values, _notes: Notes) -> None:
    if segment.benefits_assigned:
        v["benefits_assigned"] = segment.benefits_assigned
    if segment.release_of_information:
        v["release_of_information"] = segment.release_of_information


_OTHER = Table(
    subscriber_information=_sbr,
    adjustments=adjustments,
    payer_paid_amount=value("paid"),
    non_covered_amount=value("non_covered"),
    remaining_patient_liability=value("remaining_patient_liability"),
    coverage=_oi,
    other_subscriber_name=member,
    other_payer_name=inside("payer", PAYER),
)


def _other(loop: Loop, notes: Notes) -> OtherInsurance:
    v = _OTHER.fold(loop, notes, {})
    sbr: SBR = v.pop("sbr")
    payer = v.pop("payer", EMPTY)
    return OtherInsurance(
        subscriber=subscriber_of(sbr, v.pop("member", EMPTY), sbr.relationship or "21"),
        payer=payer_of(payer, sbr.filing_indicator),
        adjustments=tuple(v.pop("adjustments", ())),
        paid_on=payer.get("paid_on"),
        payer_control_number=payer.get("payer_control_number", ""),
        **v,
    )


_CLAIM = Table(
    claim=_claim,
    onset_date=fold.day("onset"),
    accident_date=fold.day("accident_on"),
    last_menstrual_period_date=fold.day("last_menstrual_period"),
    admission_date=fold.day("admission"),
    discharge_date=fold.day("discharge"),
    patient_paid_amount=value("patient_paid"),
    referral_number=text("referral_number"),
    prior_authorization=text("prior_authorization"),
    payer_claim_control_number=text("payer_control_number"),
    clia_number=text("clia"),
    claim_note=text("note", "text"),
    diagnoses=_diagnoses,
    referring_providers=party("referring"),
    rendering_provider=party("rendering"),
    service_facility=party("service_facility"),
    supervising_provider=party("supervising"),
    other_subscribers=each("other_insurance", _other),
    lines=each("lines", line),
)


def _accident(v: Values) -> Accident | None:
    """What CLM11 and the day of the accident say; nothing without the day."""
    related: C024 = v.pop("related_causes", C024())
    on = v.pop("accident_on", None)
    if on is None:
        return None
    causes = tuple([_CAUSES[cause] for cause in related.causes if cause in _CAUSES])
    return Accident(on=on, causes=causes, state=related.state)


# --- the loops around a claim ---------------------------------------------------------------------------------------

_BILLING = Table(
    level=nothing,
    specialty=text("taxonomy", "id"),
    billing_provider_name=inside("billing", PROVIDER),
    pay_to_address=inside("pay_to", PROVIDER),
)
_SUBSCRIBER = Table(
    level=nothing,
    subscriber_information=_sbr,
    subscriber_name=member,
    payer_name=inside("payer", PAYER),
)
_PATIENT = Table(
    level=nothing,
    patient_information=text("relationship", "relationship"),
    patient_name=member,
)
_SILENT = Silent()


def _patient(v: Values) -> Patient:
    return Patient(
        person=v.get("person", NOBODY),
        birth_date=v.get("birth_date"),
        sex=v.get("sex", "U"),
        address=v.get("address"),
    )


class Claims:
    """Makes a claim of each record of an 837P, in their order; with `sets`, what it can't carry is told there."""

    def __init__(self, sets: Sets | None = None) -> None:
        self.sets = sets
        self.provider_loop: Loop | None = None
        self.subscriber_loop: Loop | None = None
        self.holder: Loop | None = None
        self.billing = Provider()
        self.pay_to: Provider | None = None
        self.covered: Values = {}
        self.context: Values = {}

    def _fold(self, table: Table, loop: Loop) -> Values:
        return table.fold(loop, _SILENT if self.sets is None else self.sets.above(loop), {})

    def _bill(self, loop: Loop) -> None:
        v = self._fold(_BILLING, loop)
        billing = v.get("billing", {"name": NM1()})
        self.billing = provider({**billing, "taxonomy": v.get("taxonomy", "")})
        self.pay_to = None
        if "pay_to" in v:  # only another address of the billing provider: nothing else of it is sent
            self.pay_to = Provider(
                person=self.billing.person, organization=self.billing.organization, address=address(v["pay_to"])
            )

    def _around(self, above: tuple[Loop, ...]) -> Values:
        """The fields that all claims of a subscriber or patient share."""
        _, provider_loop, subscriber_loop, *dependent = above
        if provider_loop is not self.provider_loop:
            self.provider_loop = provider_loop
            self._bill(provider_loop)
        if subscriber_loop is not self.subscriber_loop:
            self.subscriber_loop = subscriber_loop
            self.covered = self._fold(_SUBSCRIBER, subscriber_loop)
        sbr: SBR = self.covered.get("sbr", SBR())
        payer = self.covered.get("payer", EMPTY)
        who = insured = self.covered.get("member", EMPTY)
        relationship, number = sbr.relationship or "18", insured.get("claim_number", "")
        if dependent:
            patient = self._fold(_PATIENT, dependent[0])
            who = patient.get("member", EMPTY)
            relationship, number = patient.get("relationship", "21"), who.get("claim_number", number)
        billing = self.billing
        if ids := payer.get("ids"):
            billing = replace(billing, secondary_ids=(*billing.secondary_ids, *ids))
        return {
            "billing": billing,
            "pay_to": self.pay_to,
            "subscriber": subscriber_of(sbr, insured, relationship, number),
            "patient": _patient(who),
            "payer": payer_of(payer, sbr.filing_indicator),
        }

    def unit(self, record: Record) -> Claim:
        """The claim of a loop 2300."""
        holder = record.above[-1]
        if holder is not self.holder:
            self.holder = holder
            self.context = self._around(record.above)
        notes = _SILENT if self.sets is None else self.sets.notes.at(record.unit, record.position)
        v = _CLAIM.fold(record.unit, notes, _NO_CLAIM | {"lines": []})
        v["lines"] = tuple(v["lines"])
        v["accident"] = _accident(v)
        if "other_insurance" in v:
            v["other_insurance"] = tuple(v["other_insurance"])
        return Claim(**self.context, **v)

    def whole(self, _transaction: Transaction, units: list[Claim]) -> list[Claim]:
        """The claims of a transaction set."""
        return units


def claims(source: Source) -> Iterator[Claim]:
    """Every claim of the 837Ps in a file, one at a time, in constant memory. Raises X12ReadError."""
    made = Claims().unit
    for step in walk(source, only("837P"), units=True):
        if isinstance(step, Record):
            yield made(step)


def batches(source: Source) -> Iterator[tuple[TransactionSet, list[Claim]]]:
    """Every 837P of a file with its claims; what was found while reading is in the TransactionSet."""
    return documents(source, "837P", Claims)

"""Visits of FHIR as records of the chart."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Literal, cast

from msgspec import Struct, field

from superbill.chart import normal
from superbill.chart.fhir.clinical import reasons
from superbill.chart.fhir.context import Context, concept, extension
from superbill.chart.fhir.decode import Item
from superbill.chart.fhir.elements import Extension
from superbill.chart.fhir.people import location, organization, practitioner
from superbill.chart.fhir.resources import Encounter, Participant
from superbill.chart.model import (
    AccidentRecord,
    Concept,
    ConditionRecord,
    EncounterRecord,
    HospitalRecord,
    ImmunizationRecord,
    MedicationRecord,
    Note,
    ObservationRecord,
    ProcedureRecord,
    ProviderRecord,
)
from superbill.money import Cents

# Codes of v3 ParticipationType, and of claim care team roles for the supervisor. What comes first wins.
_PERFORMERS = ("PPRF", "ATND", "")
_REFERRERS = ("REFB", "REF")
_SUPERVISORS = ("supervisor", "RESP")
_OTHERS = frozenset({*_REFERRERS, *_SUPERVISORS, "REFT"})
_ACCIDENTS = frozenset({"auto", "employment", "other"})


class Contents(Struct):
    """What belongs to one visit, collected before its record is made."""

    conditions: list[ConditionRecord] = field(default_factory=list)
    procedures: list[ProcedureRecord] = field(default_factory=list)
    immunizations: list[ImmunizationRecord] = field(default_factory=list)
    observations: list[ObservationRecord] = field(default_factory=list)
    medications: list[MedicationRecord] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    payer_hint: str = ""


def encounter_record(item: Item, encounter: Encounter, contents: Contents, context: Context) -> EncounterRecord | None:
    """The visit with its contents; None with a finding when nothing says when it began."""
    start = context.moment(encounter.period.start, item, "period.start")
    if start is None:
        context.report.add("chart.encounter-without-start", item.place, "The visit has no start and was left out.")
        return None
    end = context.moment(encounter.period.end, item, "period.end")
    if end is not None and end < start:
        context.report.add(
            "chart.impossible-dates",
            item.place,
            f"The visit ends before it starts: {end.isoformat()} < {start.isoformat()}.",
        )
        end = None
    return EncounterRecord(
        id=item.id,
        status=encounter.status or "finished",
        class_code=encounter.class_.code or "AMB",
        kind=concept(encounter.type[0]) if encounter.type else Concept(),
        start=start,
        end=end,
        reasons=reasons(encounter.reason_code, encounter.reason_reference, context, encounter.contained),
        performer=_who(encounter, _PERFORMERS, context, others=True),
        referrer=_who(encounter, _REFERRERS, context),
        supervisor=_who(encounter, _SUPERVISORS, context),
        organization=organization(encounter.service_provider, context, encounter.contained),
        location=location(encounter.location[0].location, context, encounter.contained) if encounter.location else None,
        conditions=tuple(sorted(contents.conditions, key=lambda one: one.rank or 10**9)),
        procedures=tuple(contents.procedures),
        immunizations=tuple(contents.immunizations),
        observations=tuple(contents.observations),
        medications=tuple(contents.medications),
        notes=tuple(contents.notes),
        accident=_accident(item, encounter, context),
        hospital=_hospital(encounter),
        payer_hint=contents.payer_hint,
        authorization_number=_string(encounter.extension, "authorization-number"),
        copay_collected=_copay(item, encounter, context),
        source=item.source,
    )


def _codes(participant: Participant) -> list[str]:
    return [coding.code for kind in participant.type for coding in kind.coding if coding.code] or [""]


def _who(encounter: Encounter, wanted: Iterable[str], context: Context, others: bool = False) -> ProviderRecord | None:
    """The first participant of the first wanted type; with `others`, else the first of any type but the named ones."""
    for code in wanted:
        for participant in encounter.participant:
            if code in _codes(participant):
                return practitioner(participant.individual, context, encounter.contained)
    if others:
        for participant in encounter.participant:
            if _OTHERS.isdisjoint(_codes(participant)):
                return practitioner(participant.individual, context, encounter.contained)
    return None


def _hospital(encounter: Encounter) -> HospitalRecord | None:
    """What is recorded of an admission: the first code of each, None where there is none of them."""
    stay = encounter.hospitalization
    said = [concept(one) for one in (encounter.priority, stay.admit_source, stay.discharge_disposition)]
    priority, source, discharge = (next((coding.code for coding in one.codings if coding.code), "") for one in said)
    if not (priority or source or discharge):
        return None
    return HospitalRecord(priority=priority, admit_source=source, discharge=discharge)


def _string(found: tuple[Extension, ...], name: str) -> str:
    said = extension(found, name)
    return said.value_string.strip() if said else ""


def _accident(item: Item, encounter: Encounter, context: Context) -> AccidentRecord | None:
    said = extension(encounter.extension, "accident")
    if said is None:
        return None
    # Parts of a nested extension have bare names for urls.
    parts = {part.url: part for part in said.extension}
    kind = parts.get("kind", Extension()).value_code
    on = parts.get("date", Extension())
    day = context.day(on.value_date or on.value_date_time, item, "accident date")
    if kind not in _ACCIDENTS or day is None:
        context.report.add("chart.bad-accident", item.place, f"The accident ({kind or 'no kind'}) was left out.")
        return None
    state, number = parts.get("state", Extension()), parts.get("claim-number", Extension())
    return AccidentRecord(
        kind=cast(Literal["auto", "employment", "other"], kind),
        on=day,
        state=normal.state_code(state.value_string or state.value_code),
        claim_number=number.value_string.strip(),
    )


def _copay(item: Item, encounter: Encounter, context: Context) -> Cents | None:
    """The extension `copay-collected` in cents; an amount that is none, or not in US dollars, is a finding."""
    said = extension(encounter.extension, "copay-collected")
    money = said.value_money if said else None
    if money is None or money.value is None:
        return None
    cents = money.value * 100 if 0 <= money.value < Decimal(10**7) else Decimal("0.5")
    if cents != cents.to_integral_value() or money.currency not in ("", "USD"):
        context.report.add(
            "chart.bad-number", item.place, f"copay-collected {money.value} {money.currency} is no amount of dollars."
        )
        return None
    return int(cents)

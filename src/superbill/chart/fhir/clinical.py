"""What was found, done, given and measured: clinical resources of FHIR as records of the chart."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from msgspec import Raw

from superbill.chart.fhir.context import Context, concept, extension, extensions, first_code, label
from superbill.chart.fhir.decode import Item
from superbill.chart.fhir.elements import CodeableConcept, Extension, Reference
from superbill.chart.fhir.people import practitioner
from superbill.chart.fhir.resources import (
    Condition,
    Immunization,
    Medication,
    MedicationRequest,
    Observation,
    ObservationComponent,
    Procedure,
)
from superbill.chart.model import (
    NDC,
    Concept,
    ConditionRecord,
    ImmunizationRecord,
    MedicationRecord,
    ObservationRecord,
    ProcedureRecord,
)
from superbill.chart.normal import digits, ndc11

_NOTHING = Concept()
_PLAIN_EXPONENT = 18


def condition_record(item: Item, condition: Condition, context: Context, rank: int | None = None) -> ConditionRecord:
    """The problem; `rank` is that of the visit's own list of diagnoses, before the condition's extension."""
    onset = context.day(condition.onset_date_time or condition.onset_period.start, item, "onset")
    ended = condition.abatement_date_time or condition.abatement_period.end or condition.abatement_period.start
    abatement = context.day(ended, item, "abatement")
    if not context.in_order(onset, abatement, item, "ends before it starts"):
        abatement = None
    said = extension(condition.extension, "rank")
    return ConditionRecord(
        id=item.id,
        concept=concept(condition.code),
        onset=onset,
        abatement=abatement,
        clinical_status=first_code(condition.clinical_status) or ("resolved" if abatement else "active"),
        verification=first_code(condition.verification_status) or "confirmed",
        body_site=label(condition.body_site[0]) if condition.body_site else "",
        rank=rank if rank is not None else said.value_positive_int if said else None,
        source=item.source,
    )


def performed_on(procedure: Procedure, item: Item, context: Context) -> date | None:
    """The day that it began; None for words only (performedString)."""
    period = procedure.performed_period
    start = context.day(procedure.performed_date_time or period.start or period.end, item, "performed")
    if period.start and period.end:
        context.in_order(start, context.day(period.end, item, "performedPeriod.end"), item, "ends before it starts")
    return start


def procedure_record(item: Item, procedure: Procedure, context: Context) -> ProcedureRecord:
    """What was done. `performer` is the first one's NPI where known, else the name, else the id."""
    who = practitioner(procedure.performer[0].actor, context, procedure.contained) if procedure.performer else None
    named = " ".join((*who.name.given, who.name.family)) if who else ""
    return ProcedureRecord(
        id=item.id,
        concept=concept(procedure.code),
        performed=performed_on(procedure, item, context),
        status=procedure.status or "completed",
        units=units(procedure.extension, item, context),
        modifiers=modifiers(procedure.extension),
        body_site=label(procedure.body_site[0]) if procedure.body_site else "",
        reasons=reasons(procedure.reason_code, procedure.reason_reference, context, procedure.contained),
        performer=(who.npi or named or who.id) if who else "",
        note="\n".join(one.text for one in procedure.note if one.text),
        source=item.source,
    )


def immunization_record(item: Item, immunization: Immunization, context: Context) -> ImmunizationRecord:
    """A vaccine given; the first protocol's dose number."""
    vaccine = concept(immunization.vaccine_code)
    protocol = immunization.protocol_applied[0] if immunization.protocol_applied else None
    said = digits(protocol.dose_number_string)[:4] if protocol else ""
    return ImmunizationRecord(
        id=item.id,
        concept=vaccine,
        given=given_on(immunization, item, context),
        status=immunization.status or "completed",
        ndc=ndc11(vaccine.code(NDC) or ""),
        dose_quantity=context.number(immunization.dose_quantity.value, item, "doseQuantity"),
        dose_number=(protocol.dose_number_positive_int or (int(said) if said else None)) if protocol else None,
        units=units(immunization.extension, item, context),
        modifiers=modifiers(immunization.extension),
        source=item.source,
    )


def given_on(immunization: Immunization, item: Item, context: Context) -> date | None:
    """The day of the injection; None for words only (occurrenceString)."""
    return context.day(immunization.occurrence_date_time, item, "occurrence")


def observed_on(observation: Observation, item: Item, context: Context) -> date | None:
    """The day that the value holds for, or the first of them."""
    return context.day(observation.effective_date_time or observation.effective_period.start, item, "effective")


def observation_records(item: Item, observation: Observation, context: Context) -> Iterator[ObservationRecord]:
    """One record per component, and one of its own when it has a value or no component."""
    day = observed_on(observation, item, context)
    category = first_code(observation.category[0]) if observation.category else ""
    parts: list[Observation | ObservationComponent] = list(observation.component)
    value, unit = _value(observation)
    if value or not parts:
        yield ObservationRecord(
            concept=concept(observation.code), value=value, unit=unit, observed=day, category=category
        )
    for part in parts:
        value, unit = _value(part)
        yield ObservationRecord(concept=concept(part.code), value=value, unit=unit, observed=day, category=category)


def medication_record(item: Item, request: MedicationRequest, context: Context) -> MedicationRecord:
    """A prescription, its drug by code or by reference."""
    drug = _NOTHING
    if request.medication_codeable_concept is not None:
        drug = concept(request.medication_codeable_concept)
    elif found := context.index.find(request.medication_reference, Medication, contained=request.contained):
        drug = concept(found[1].code)
    elif request.medication_reference.display:
        drug = Concept(text=request.medication_reference.display)
    return MedicationRecord(
        concept=drug, authored=context.day(request.authored_on, item, "authoredOn"), status=request.status or "active"
    )


def reasons(
    codes: tuple[CodeableConcept, ...], references: tuple[Reference, ...], context: Context, contained: tuple[Raw, ...]
) -> tuple[Concept, ...]:
    """Why: the codes given, then the conditions referred to, each once."""
    found = [concept(code) for code in codes]
    for reference in references:
        condition = context.index.find(reference, Condition, contained=contained)
        if condition:
            found.append(concept(condition[1].code))
        elif reference.display:
            found.append(Concept(text=reference.display))
    return tuple(dict.fromkeys(found))


def units(found: tuple[Extension, ...], item: Item, context: Context) -> Decimal | None:
    """The extension `units`."""
    said = extension(found, "units")
    return context.number(said.value_decimal, item, "units") if said else None


def modifiers(found: tuple[Extension, ...]) -> tuple[str, ...]:
    """The extensions `modifier`, in their order."""
    return tuple(one.value_code.upper() for one in extensions(found, "modifier") if one.value_code)


def _value(part: Observation | ObservationComponent) -> tuple[str, str]:
    """Value as text, and its unit."""
    if part.value_quantity is not None:
        quantity = part.value_quantity
        return ("" if quantity.value is None else _plain(quantity.value)), quantity.code or quantity.unit
    if part.value_codeable_concept is not None:
        return label(part.value_codeable_concept) or first_code(part.value_codeable_concept), ""
    if part.value_boolean is not None:
        return ("true" if part.value_boolean else "false"), ""
    if part.value_integer is not None:
        return str(part.value_integer), ""
    return part.value_string or part.value_date_time or part.value_time or "", ""


def _plain(value: Decimal) -> str:
    """Without an exponent, as far as that is a readable number."""
    return format(value, "f") if abs(value.adjusted()) <= _PLAIN_EXPONENT else str(value)

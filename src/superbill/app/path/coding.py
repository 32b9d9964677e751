"""Imported encounters into codes."""

from collections.abc import Sequence
from datetime import date
from itertools import islice
from typing import Literal

from msgspec.structs import replace

from superbill.app.code_books import code_books
from superbill.app.encounters.actions import CodingCounts, record_coding
from superbill.app.encounters.models import EncounterState
from superbill.app.encounters.queries import Visit, count_by_state, encounters_of, service_dates, visits
from superbill.app.path.training import learned
from superbill.app.session import Session
from superbill.app.stages import Stages
from superbill.chart.model import Chart, EncounterRecord
from superbill.claims.coverage_order import order_coverages
from superbill.coding import code_encounter, is_established
from superbill.coding.deciding import awaiting, by_policy, is_told_by_note, note_of, record_of, recorded, signed
from superbill.coding.model import CodedEncounter, Disposition
from superbill.coding.suggest.engine import suggest
from superbill.coding.suggest.forwarded import told
from superbill.coding.suggest.model import Suggestion
from superbill.coding.suggest.model import Visit as NoteVisit
from superbill.site import Site, assigned_coverages, facility_of, payer_lookup

INPATIENT = frozenset(("IMP", "ACUTE", "NONAC"))
_NOTES_BEFORE = 12
"""Earlier notes that a note is compared with. Text is copied from visit to visit, so the last ones hold all of it, and
a long chart takes no longer than a short one."""
_SEXES: dict[str, Literal["female", "male"]] = {"F": "female", "M": "male"}


def code_encounters(session: Session, stages: Stages, *, again: Sequence[EncounterState] = ()) -> CodingCounts:
    """Code every imported encounter, and those in the states `again` anew."""
    states = (EncounterState.IMPORTED, *again)
    counts = count_by_state(session.scope)
    stages.start("Code", sum(counts[state.value] for state in states))
    total = CodingCounts()
    for some in visits(session.scope, *states):
        done = code_these(session, some)
        total = CodingCounts(
            **{name: getattr(total, name) + getattr(done, name) for name in CodingCounts.__struct_fields__}
        )
        stages.step("Code", len(some))
    stages.finish("Code")
    return total


def code_these(session: Session, some: Sequence[Visit]) -> CodingCounts:
    """Code these stored encounters, with what else their patients' charts tell."""
    patients = {visit.patient_id for visit in some}
    dates, records = service_dates(session.scope, patients), encounters_of(session.scope, patients)
    results, suggestions = [], {}
    for visit in some:
        visit = replace(visit, chart=replace(visit.chart, encounters=records[visit.patient_id]))
        coded, suggestion = code_visit(session, visit, dates[visit.patient_id])
        results.append((visit.id, coded))
        if suggestion is not None:
            suggestions[visit.id] = suggestion
    return record_coding(session.actor, results, at=session.at, suggestions=suggestions)


def code_visit(session: Session, visit: Visit, dates: Sequence[date]) -> tuple[CodedEncounter, Suggestion | None]:
    """Code one stored encounter; `dates` are all days on which the practice saw the patient.

    Where the practice has its notes read and the visit has nothing else, what is suggested from the note waits for a
    person, but for what the practice's policy makes final.
    """
    coded = code_one(session.site, visit.chart, visit.encounter, dates)
    policy = session.site.coding
    if not (policy.read_notes and is_told_by_note(visit.encounter)) or coded.disposition is Disposition.NOT_BILLABLE:
        return coded, None
    suggestion = suggest_for(session, visit.chart, visit.encounter, dates)
    final = by_policy(suggestion, policy)
    if final is None:
        return awaiting(coded, suggestion), suggestion
    decided = code_one(session.site, visit.chart, recorded(visit.encounter, final), dates)
    record = record_of(visit.encounter)
    return signed(decided, suggestion, record, by="policy", at=session.at, person=False), suggestion


def suggest_for(session: Session, chart: Chart, encounter: EncounterRecord, dates: Sequence[date]) -> Suggestion:
    """What the notes of an encounter suggest, with all that the chart knows of the visit, and without what this
    practice's coders mostly refuse once that is learned (superbill coding train)."""
    day = encounter.date_of_service
    born = chart.patient.birth_date
    visit = NoteVisit(
        on=day,
        setting="inpatient" if encounter.class_code in INPATIENT else "outpatient",
        age=(day - born).days / 365.25 if born else None,
        sex=_SEXES.get(chart.patient.sex, ""),
        new_patient=not is_established([one for one in dates if one < day], day),
        place_of_service=encounter.location.place_of_service if encounter.location else "11",
        payer_kind=payer_kind(session.site, chart, encounter),
        record=record_of(encounter),
    )
    text = note_of(encounter)
    found = suggest(text, code_books(), visit, learned(session))
    return told(found, text, earlier_notes(chart, encounter))


def earlier_notes(chart: Chart, encounter: EncounterRecord) -> tuple[str, ...]:
    """The notes of the chart's last visits before this one, the latest first: what text may have been copied from."""
    before = sorted(
        (one for one in chart.encounters if one.id != encounter.id and one.start < encounter.start),
        key=lambda one: (one.start, one.id), reverse=True,
    )  # fmt: skip
    return tuple(islice((text for one in before if (text := note_of(one))), _NOTES_BEFORE))


def payer_kind(site: Site, chart: Chart, encounter: EncounterRecord) -> str:
    """The kind of the payer that pays first, "" when none is known."""
    order = order_coverages(covered(site, chart, encounter), encounter, payer_lookup(site))
    return order.coverages[0].payer.kind if order.coverages else ""


def code_one(site: Site | None, chart: Chart, encounter: EncounterRecord, dates: Sequence[date]) -> CodedEncounter:
    """Code one encounter of a chart. Without a site nothing is known of payers, and no code depends on one."""
    day, kind, place = encounter.date_of_service, "", None
    if site is not None:
        chart, kind = covered(site, chart, encounter), payer_kind(site, chart, encounter)
        place = facility_of(site, encounter)
    established = is_established([one for one in dates if one < day], day)
    return code_encounter(
        chart, encounter, established=established, payer_kind=kind, facility=place.kind if place else ""
    )


def covered(site: Site, chart: Chart, encounter: EncounterRecord) -> Chart:
    """The chart with the coverage that the site assigns where the chart itself carries none."""
    if chart.coverages:
        return chart
    return replace(chart, coverages=assigned_coverages(site, chart, encounter))

"""Imported encounters into codes."""

from collections.abc import Sequence
from datetime import date

from superbill.app.encounters.actions import CodingCounts, record_coding
from superbill.app.encounters.models import EncounterState
from superbill.app.encounters.queries import Visit, count_by_state, service_dates, visits
from superbill.chart.model import Chart, EncounterRecord
from superbill.claims.coverage_order import order_coverages
from superbill.cli.output import Stages
from superbill.cli.session import Session
from superbill.coding import code_encounter, is_established
from superbill.coding.model import CodedEncounter
from superbill.site import Site, assigned_coverages, payer_lookup


def code_encounters(session: Session, stages: Stages, *, again: Sequence[EncounterState] = ()) -> CodingCounts:
    """Code every imported encounter, and those in the states `again` anew."""
    states = (EncounterState.IMPORTED, *again)
    counts = count_by_state(session.scope)
    stages.start("Code", sum(counts[state.value] for state in states))
    total = CodingCounts()
    for some in visits(session.scope, *states):
        dates = service_dates(session.scope, {visit.patient_id for visit in some})
        results = [(visit.id, code_visit(session.site, visit, dates[visit.patient_id])) for visit in some]
        done = record_coding(session.actor, results, at=session.at)
        total = CodingCounts(
            **{name: getattr(total, name) + getattr(done, name) for name in CodingCounts.__struct_fields__}
        )
        stages.step("Code", len(some))
    stages.finish("Code")
    return total


def code_visit(site: Site, visit: Visit, dates: Sequence[date]) -> CodedEncounter:
    """Code one stored encounter; `dates` are all days on which the practice saw the patient."""
    return code_one(site, visit.chart, visit.encounter, dates)


def code_one(site: Site | None, chart: Chart, encounter: EncounterRecord, dates: Sequence[date]) -> CodedEncounter:
    """Code one encounter of a chart. Without a site nothing is known of payers, and no code depends on one."""
    day, kind = encounter.date_of_service, ""
    if site is not None:
        chart = covered(site, chart, encounter)
        order = order_coverages(chart, encounter, payer_lookup(site))
        kind = order.coverages[0].payer.kind if order.coverages else ""
    return code_encounter(
        chart, encounter, established=is_established([one for one in dates if one < day], day), payer_kind=kind
    )


def covered(site: Site, chart: Chart, encounter: EncounterRecord) -> Chart:
    """The chart with the coverage that the site assigns where the chart itself carries none."""
    if chart.coverages:
        return chart
    from msgspec.structs import replace

    return replace(chart, coverages=assigned_coverages(site, chart, encounter))

"""Moving a chart in time: every date that there is, and nothing else."""

from datetime import date, datetime

import pytest

from superbill.chart.model import (
    AccidentRecord,
    Chart,
    Concept,
    ConditionRecord,
    CoverageRecord,
    EncounterRecord,
    ImmunizationRecord,
    MedicationRecord,
    Note,
    ObservationRecord,
    PatientRecord,
    PersonName,
    ProcedureRecord,
    SubscriberRecord,
)
from superbill.chart.shift import shift
from superbill.effective import Period

DAY, NEXT = date(2024, 2, 28), date(2024, 2, 29)


def chart_on(day: date) -> Chart:
    """A chart in which every date is `day`."""
    problem = ConditionRecord(id="c", concept=Concept(), onset=day, abatement=day)
    visit = EncounterRecord(
        id="e",
        start=datetime.fromisoformat(f"{day}T23:30:00-05:00"),
        end=datetime.fromisoformat(f"{day}T23:45:00-05:00"),
        conditions=(problem,),
        procedures=(ProcedureRecord(id="p", concept=Concept(), performed=day),),
        immunizations=(ImmunizationRecord(id="i", concept=Concept(), given=day),),
        observations=(ObservationRecord(concept=Concept(), observed=day, value="2024-02-28"),),
        medications=(MedicationRecord(concept=Concept(), authored=day),),
        notes=(Note(id="n", text="seen 2024-02-28", written=day),),
        accident=AccidentRecord(kind="auto", on=day),
    )
    subscriber = SubscriberRecord(name=PersonName("Q"), birth_date=day)
    return Chart(
        patient=PatientRecord(id="x", name=PersonName("Q"), birth_date=day, deceased=day),
        coverages=(CoverageRecord(id="v", payer="H", subscriber=subscriber, period=Period(day, day)),),
        encounters=(visit,),
        problems=(problem,),
    )


def test_every_date_moves_and_texts_stay():
    assert shift(chart_on(DAY), 1) == chart_on(NEXT)
    assert shift(chart_on(NEXT), -1) == chart_on(DAY)


def test_what_is_absent_stays_absent():
    bare = Chart(patient=PatientRecord(id="x", name=PersonName("Q")))
    assert shift(bare, 1000) == bare


def test_a_date_out_of_the_calendar_is_an_error():
    with pytest.raises(OverflowError):
        shift(chart_on(DAY), 4_000_000)

"""What holds of every chart: moving it keeps its intervals; reading never fails and never depends on order."""

import json
from datetime import date, datetime, timedelta, timezone
from typing import Any

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.chart_samples import clinical, condition, data_file, encounter, patient, procedure, read

from superbill.chart.fhir.resources import RESOURCES
from superbill.chart.model import Chart, Concept, ConditionRecord, EncounterRecord, PatientRecord, PersonName
from superbill.chart.shift import shift
from superbill.effective import Period

DAYS = st.dates(date(1950, 1, 1), date(2100, 1, 1))
ZONES = st.sampled_from([timezone(timedelta(hours=hours)) for hours in (-5, 0, 9)])
MOMENTS = st.builds(datetime.combine, DAYS, st.times(), ZONES)
STEPS = st.integers(-10_000, 10_000)


@st.composite
def charts(draw: st.DrawFn) -> Chart:
    problems = draw(st.lists(st.tuples(DAYS, DAYS), max_size=3))
    starts = draw(st.lists(MOMENTS, max_size=3))
    return Chart(
        patient=PatientRecord(id="x", name=PersonName("Q"), birth_date=draw(st.none() | DAYS)),
        encounters=tuple(EncounterRecord(id=str(n), start=start) for n, start in enumerate(starts)),
        problems=tuple(
            ConditionRecord(id=str(n), concept=Concept(), onset=a, abatement=b) for n, (a, b) in enumerate(problems)
        ),
    )


@given(charts(), STEPS, STEPS)
def test_two_moves_are_one(chart: Chart, first: int, second: int) -> None:
    assert shift(shift(chart, first), second) == shift(chart, first + second)


@given(charts(), STEPS)
def test_moving_keeps_intervals_ages_and_the_hour(chart: Chart, days: int) -> None:
    moved = shift(chart, days)
    for before, after in zip(chart.problems, moved.problems, strict=True):
        assert before.onset and before.abatement and after.onset and after.abatement
        assert after.abatement - after.onset == before.abatement - before.onset
    for visit, later in zip(chart.encounters, moved.encounters, strict=True):
        assert later.date_of_service - visit.date_of_service == timedelta(days=days)
        assert later.start.timetz() == visit.start.timetz()
        if chart.patient.birth_date and moved.patient.birth_date:
            age = visit.date_of_service - chart.patient.birth_date
            assert later.date_of_service - moved.patient.birth_date == age
            old, new = chart.age_on(visit.date_of_service), moved.age_on(later.date_of_service)
            assert old is not None and new is not None and abs(new - old) <= 1


@given(DAYS, DAYS, STEPS)
def test_a_coverage_is_in_force_on_the_same_visits(first: date, last: date, days: int) -> None:
    by = timedelta(days=days)
    assert (first in Period(first, last)) == (first + by in Period(first + by, last + by))


WORDS = ["", "Patient/p1", "Encounter/e1", "urn:uuid:p1", "#x", "?|", "2024-02-30", "2024", "2024-05-06T07:08:09Z"]
NAMES = ["reference", "display", "identifier", "value", "system", "coding", "code", "start", "end", "text"]
NUMBERS = st.integers(-5, 10**20) | st.floats(allow_nan=False, allow_infinity=False)
VALUES: Any = st.recursive(
    st.none() | st.booleans() | NUMBERS | st.sampled_from(WORDS) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(NAMES), inner, max_size=4),
    max_leaves=6,
)


@st.composite
def resources(draw: st.DrawFn) -> dict[str, Any]:
    kind = draw(st.sampled_from([*RESOURCES, "Basket"]))
    names = RESOURCES[kind].__struct_encode_fields__ if kind in RESOURCES else ("id",)
    fields = draw(st.dictionaries(st.sampled_from(names), VALUES, max_size=4))
    anchored = {"subject": {"reference": "Patient/p1"}, "patient": {"reference": "Patient/p1"}}
    return anchored | fields | {"resourceType": kind}


@settings(max_examples=100, deadline=None)
@given(st.lists(resources(), max_size=5), st.booleans())
def test_no_resource_however_strange_stops_the_reading(found: list[dict[str, Any]], as_lines: bool) -> None:
    everything = [patient(), encounter(), *found]
    if as_lines:
        data = "\n".join(json.dumps(one) for one in everything).encode()
    else:
        data = json.dumps({"resourceType": "Bundle", "entry": [{"resource": one} for one in everything]}).encode()
    charts, report = read(data_file("x", data))
    assert "p1" in {chart.patient.id for chart in charts}
    assert report.charts == len(charts)
    msgspec.json.encode(charts)


BEGINNINGS = [b"\x1f\x8b", b"{", b'{"resourceType":"Bundle",', b"\xff\xfe", b"Id,START,PATIENT,"]
BYTES = st.binary(max_size=200)


@settings(max_examples=150, deadline=None)
@given(BYTES | st.builds(bytes.__add__, st.sampled_from(BEGINNINGS), BYTES))
def test_no_bytes_however_strange_stop_the_reading(data: bytes) -> None:
    good = data_file("good.ndjson", json.dumps(patient()).encode())
    charts, report = read(data_file("bad", data), good)
    assert [chart.patient.id for chart in charts] == ["p1"]
    # Whatever reads without a word was JSON that holds resources, or nothing that is not counted.
    assert report.findings or report.ignored or report.resources.total() > 1


def without_sources(value: Any) -> Any:
    """The chart as plain data, without file names and line numbers."""
    if isinstance(value, dict):
        return {key: without_sources(inner) for key, inner in value.items() if key != "source"}
    return [without_sources(inner) for inner in value] if isinstance(value, list | tuple) else value


SET = [
    patient("p1"),
    patient("p2"),
    *(encounter(f"e{n}", f"Patient/p{n % 2 + 1}", f"2025-03-{n + 1:02}") for n in range(4)),
    *(condition(f"c{n}", f"Encounter/e{n}", subject={"reference": f"Patient/p{n % 2 + 1}"}) for n in range(4)),
    *(procedure(f"q{n}", "Encounter/e0") for n in range(3)),
    clinical("Observation", "o1", "Encounter/e0", code={"text": "a"}, valueString="x"),
    {"resourceType": "Practitioner", "id": "d", "name": [{"family": "Lane"}]},
]


@settings(max_examples=40, deadline=None)
@given(st.permutations(SET), st.integers(1, 4))
def test_the_order_of_lines_and_files_does_not_matter(shuffled: list[dict[str, Any]], parts: int) -> None:
    files = [
        data_file(f"{n}.ndjson", "\n".join(json.dumps(one) for one in shuffled[n::parts]).encode())
        for n in range(parts)
    ]
    expected, _ = read(data_file("all", "\n".join(json.dumps(one) for one in SET).encode()))
    found, report = read(*files)
    assert report.findings == []
    assert without_sources(msgspec.to_builtins(found)) == without_sources(msgspec.to_builtins(expected))

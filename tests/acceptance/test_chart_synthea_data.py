"""All that Synthea's patients have reaches their charts: counted here once more, without our reader."""

import base64
import csv
import gzip
import json
from collections import Counter
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from superbill.chart.model import Chart
from superbill.chart.reader import ReadReport, SourceFile, read_charts
from superbill.chart.shift import shift

DATA = Path(__file__).parents[3] / "shared" / "data" / "synthea"
pytestmark = [
    pytest.mark.shared_data,
    pytest.mark.skipif(not DATA.is_dir(), reason="../shared/data/synthea is not here"),
]


def files(folder: str) -> list[Path]:
    return sorted((DATA / folder).glob("*.gz"))


@cache
def charts_of(folder: str) -> tuple[list[Chart], ReadReport]:
    report = ReadReport()
    sources = [SourceFile(path.name, lambda path=path: path.open("rb")) for path in files(folder)]
    return list(read_charts(sources, report)), report


@cache
def plain(folder: str) -> list[dict[str, Any]]:
    """All resources of a folder, by the standard library alone."""
    found = []
    for path in files(folder):
        with gzip.open(path, "rt", encoding="utf-8") as text:
            if folder == "bundles":
                found += [entry["resource"] for entry in json.load(text)["entry"]]
            else:
                found += [json.loads(line) for line in text]
    return found


def rows(table: str) -> list[dict[str, str]]:
    with gzip.open(DATA / "csv" / f"{table}.csv.gz", "rt", encoding="utf-8", newline="") as text:
        return list(csv.DictReader(text))


def attached(charts: list[Chart]) -> Counter[str]:
    """What the visits of all charts hold."""
    held: Counter[str] = Counter()
    for chart in charts:
        for visit in chart.encounters:
            for name in ("conditions", "procedures", "immunizations", "observations", "medications", "notes"):
                held[name] += len(getattr(visit, name))
    return held


FHIR = {
    "Condition": "conditions",
    "Procedure": "procedures",
    "Immunization": "immunizations",
    "MedicationRequest": "medications",
    "DocumentReference": "notes",
}


@pytest.mark.parametrize("folder, patients, visits", [("bundles", 60, 1749), ("ndjson", 13, 1215)])
def test_every_fhir_resource_arrives_at_its_visit(folder, patients, visits):
    charts, report = charts_of(folder)
    expected = Counter(one.get("resourceType") for one in plain(folder))
    assert (len(charts), len({chart.patient.id for chart in charts})) == (patients, patients)
    assert sum(len(chart.encounters) for chart in charts) == visits == expected["Encounter"] == report.encounters
    held = attached(charts)
    assert {kind: held[name] for kind, name in FHIR.items()} == {kind: expected[kind] for kind in FHIR}
    parts = [len(one.get("component", [])) or 1 for one in plain(folder) if one.get("resourceType") == "Observation"]
    assert held["observations"] == sum(parts)
    assert sum(len(chart.problems) for chart in charts) == expected["Condition"]
    assert not report.skipped
    assert not report.unresolved


def test_every_visit_of_the_bundles_names_its_payer_as_its_explanation_of_benefit_does():
    expected = Counter(one["insurer"]["display"] for one in plain("bundles") if "insurer" in one)
    charts, report = charts_of("bundles")
    assert Counter(visit.payer_hint for chart in charts for visit in chart.encounters) == expected
    assert report.findings == []


def test_every_note_is_decoded():
    expected = {
        one["id"]: base64.b64decode(one["content"][0]["attachment"]["data"]).decode()
        for one in plain("ndjson")
        if one.get("resourceType") == "DocumentReference"
    }
    charts, report = charts_of("ndjson")
    assert {n.id: n.text for chart in charts for visit in chart.encounters for n in visit.notes} == expected
    assert len(expected) == 1215
    assert [finding.rule for finding in report.findings] == ["chart.export-log"]


def test_every_provider_of_the_ndjson_has_npi_and_taxonomy():
    charts, _ = charts_of("ndjson")
    performers = [visit.performer for chart in charts for visit in chart.encounters]
    assert all(who and len(who.npi) == 10 and who.taxonomy.endswith("X") for who in performers)


def test_every_row_of_the_tables_arrives():
    charts, report = charts_of("csv")
    held = attached(charts)
    assert report.findings == []
    assert len(charts) == len(rows("patients"))
    assert sum(len(chart.encounters) for chart in charts) == 604 == len(rows("encounters"))
    for table in ("conditions", "procedures", "immunizations", "medications"):
        assert held[table] == len(rows(table)), table
    observed = Counter(bool(row["ENCOUNTER"]) for row in rows("observations"))
    assert (held["observations"], report.skipped["observations of no visit"]) == (observed[True], observed[False])


def test_who_insures_whom_over_time():
    payers = {row["Id"]: row["NAME"] for row in rows("payers")}
    expected: Counter[str] = Counter()
    for row in rows("payer_transitions"):
        expected.update(payers[id_] for id_ in (row["PAYER"], row["SECONDARY_PAYER"]) if id_)
    del expected["NO_INSURANCE"]
    charts, _ = charts_of("csv")
    assert Counter(one.payer for chart in charts for one in chart.coverages) == expected
    assert all(
        one.period.start and one.period.start <= (one.period.end or one.period.start)
        for c in charts
        for one in c.coverages
    )
    # On no day is a patient insured twice in the same place of the order.
    for chart in charts:
        for order in (1, 2):
            mine = sorted((one.period.start, one.period.end) for one in chart.coverages if one.order == order)
            assert all(start <= end for start, end in mine)
            assert all(before[1] < after[0] for before, after in pairwise(mine))


@pytest.mark.parametrize("folder", ["bundles", "ndjson", "csv"])
def test_moving_there_and_back_changes_nothing(folder):
    charts, _ = charts_of(folder)
    for chart in charts[:5]:
        moved = shift(chart, 731)
        assert moved != chart
        assert shift(moved, -731) == chart

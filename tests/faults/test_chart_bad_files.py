"""Bad input to the chart reader: each has a finding with its place, and never costs the other files."""

import gzip
import json

import pytest
from tests.chart_samples import (
    bundle,
    bundle_file,
    clinical,
    condition,
    coverage,
    data_file,
    encounter,
    lines_file,
    patient,
    procedure,
    read,
    ref,
    rules,
)

from superbill.chart.reader import Limits, SourceFile
from superbill.findings import Severity

GOOD = bundle_file(patient("good"), name="good.json")


def only_good(*files, **options):
    """The report of reading bad files beside a good one, of which nothing may be missing."""
    charts, report = read(*files, GOOD, **options)
    assert [chart.patient.id for chart in charts] == ["good"]
    return report


@pytest.mark.parametrize(
    "data, rule",
    [
        (b"", "chart.empty-file"),
        (b"  \n\n", "chart.empty-file"),
        (b"\xef\xbb\xbf", "chart.empty-file"),
        (b"hello, world", "chart.not-fhir"),
        (b"<?xml version='1.0'?><Bundle/>", "chart.not-fhir"),
        (b"ISA*00*          *00*", "chart.not-fhir"),
        (b"code,price\n99213,100\n", "chart.not-fhir"),
        (b'{\n"a": 1\n}', "chart.not-fhir"),
        (b"[1, 2]", "chart.not-fhir"),
        (b"\x00\x01\x02", "chart.not-fhir"),
        (gzip.compress(b"hello", mtime=0), "chart.not-fhir"),
        (b'{"resourceType": "Bundle", "entry": []}', "chart.no-patient"),
        (b'{"resourceType": "Bundle",\n "entry": [{"resource": {"resourceType": "Pati', "chart.broken-json"),
        (b'{"resourceType": "Bundle",\n "entry": 5}', "chart.broken-json"),
        (b"\x1f\x8b rubbish", "chart.broken-gzip"),
    ],
)
def test_a_file_that_is_none_of_ours(data, rule):
    report = only_good(data_file("bad.json", data))
    assert rules(report) == [rule]
    assert report.findings[0].severity is Severity.ERROR
    assert report.findings[0].where.file == "bad.json"
    assert report.findings[0].fix


def test_a_truncated_bundle_gives_nothing_and_says_why():
    whole = bundle_file(patient(), encounter(), *(condition(f"c{n}") for n in range(500)), pack=True).open().read()
    report = only_good(data_file("cut.json.gz", whole[: len(whole) // 2]))
    assert rules(report) == ["chart.broken-gzip"]


def test_of_truncated_ndjson_the_whole_lines_are_read():
    text = "\n".join(json.dumps(one) for one in [patient(), *(encounter(f"e{n}") for n in range(3000))]).encode()
    packed = gzip.compress(text)
    charts, report = read(data_file("cut.ndjson.gz", packed[: len(packed) // 2]))
    assert rules(report) == ["chart.broken-gzip"]
    assert 0 < len(charts[0].encounters) < 3000


def test_a_file_that_cannot_be_opened():
    def fail():
        raise PermissionError(13, "Permission denied")

    report = only_good(SourceFile("locked.json", fail))
    assert rules(report) == ["chart.unreadable-file"]
    assert "Permission denied" in report.findings[0].message


def test_a_broken_line_is_named_and_the_next_is_read():
    lines = [json.dumps(patient()), '{"resourceType": "Encounter", "id"', json.dumps(encounter())]
    charts, report = read(data_file("a.ndjson", "\n".join(lines).encode()))
    assert rules(report) == ["chart.broken-line"]
    assert str(report.findings[0]).startswith("a.ndjson:2: The line is not JSON")
    assert len(charts[0].encounters) == 1


def test_a_broken_first_line_does_not_hide_the_others():
    charts, report = read(data_file("a.ndjson", b'{"resourceType": "Patient", \n' + json.dumps(patient()).encode()))
    assert (rules(report), len(charts)) == (["chart.broken-line"], 1)


def test_the_log_of_an_export_is_no_chart_and_no_error():
    log = b'{"exportId": "x", "timestamp": "t", "eventId": "kickoff", "eventDetail": {"resourceType": "Patient"}}\n' * 3
    for data in (log, gzip.compress(log)):
        report = only_good(data_file("log.000.ndjson.gz", data))
        assert rules(report) == ["chart.export-log"]
        assert report.findings[0].severity is Severity.INFORMATION


def test_a_patient_after_the_lines_of_a_log_is_read():
    log = b'{"exportId": "x", "timestamp": "t", "eventId": "kickoff"}\n' + json.dumps(patient()).encode()
    charts, report = read(data_file("a.ndjson", log))
    assert (rules(report), len(charts)) == (["chart.not-a-resource"], 1)


def test_lines_that_are_no_resources_are_one_finding():
    log = b'{"exportId": 1}\n{"exportId": 1}\n7\n' + json.dumps(patient()).encode()
    charts, report = read(data_file("log.ndjson", log))
    assert len(charts) == 1
    assert rules(report) == ["chart.not-a-resource", "chart.not-a-resource"]


def test_a_broken_resource_costs_only_itself():
    charts, report = read(bundle_file(patient(), encounter(), condition(), condition("c2", onsetDateTime=5)))
    assert rules(report) == ["chart.broken-resource"]
    assert report.findings[0].where.position == 4
    assert [one.id for one in charts[0].problems] == ["c1"]


def test_json_nested_without_end():
    deep = b'{"resourceType": "Bundle", "entry": [{"resource": ' + b'{"a":' * 100_000
    assert rules(only_good(data_file("deep.json", deep))) == ["chart.broken-json"]
    line = b'{"resourceType": "Patient", "name": ' + b"[" * 100_000
    assert rules(only_good(data_file("deep.ndjson", line))) == ["chart.broken-line"]


def test_what_is_larger_than_the_limit_is_not_read():
    limits = Limits(document=5_000, line=2_000)
    big = bundle_file(patient("big"), *(condition(f"c{n}") for n in range(50)), name="big.json", pack=True)
    assert rules(only_good(big, limits=limits)) == ["chart.too-large"]
    assert rules(only_good(lines_file(patient("big", note="x" * 3_000)), limits=limits)) == ["chart.too-large"]


def test_a_bundle_with_a_visit_but_no_patient():
    report = only_good(bundle_file(encounter(), condition()))
    assert rules(report) == ["chart.no-patient"]
    assert "Condition, Encounter" in report.findings[0].message


def test_a_bundle_of_places_and_people_serves_the_others_wherever_it_comes():
    places = bundle_file(
        {"resourceType": "Practitioner", "id": "d", "name": [{"family": "Lane"}]}, name="places.json", pack=True
    )
    visit = bundle_file(patient(), encounter(participant=[{"individual": ref("Practitioner/d")}]))
    for files in ([places, visit], [visit, places]):
        charts, report = read(*files)
        assert charts[0].encounters[0].performer.name.family == "Lane"
        assert (report.findings, report.resources["Practitioner"]) == ([], 1)


def test_a_bundle_that_begins_like_reference_data_but_holds_a_patient_is_a_patients():
    people = [{"resourceType": "Practitioner", "id": f"d{n}", "name": [{"family": "L" * 99}]} for n in range(600)]
    charts, report = read(bundle_file(*people, patient(), encounter()))
    assert (len(charts), report.encounters, report.resources["Practitioner"]) == (1, 1, 600)


def test_several_patients_in_one_bundle_are_several_charts():
    charts, report = read(
        bundle_file(patient("a"), patient("b"), encounter("e1", "Patient/a"), encounter("e2", "urn:uuid:b"))
    )
    assert [(chart.patient.id, len(chart.encounters)) for chart in charts] == [("a", 1), ("b", 1)]
    assert report.findings == []


def test_a_patient_in_two_files_is_reported_with_both():
    charts, report = read(bundle_file(patient(), name="1.json"), bundle_file(patient(), name="2.json"))
    assert len(charts) == 2
    assert rules(report) == ["chart.patient-again"]
    assert "1.json" in str(report.findings[0]) and "2.json" in str(report.findings[0])


def test_a_coverage_for_another_patient_is_not_attached():
    charts, report = read(bundle_file(patient(), coverage(), coverage("cov2", of="Patient/p9")))
    assert [one.id for one in charts[0].coverages] == ["cov1"]
    assert rules(report) == ["chart.other-patients-coverage"]
    assert "Patient/p9" in report.findings[0].message


def test_resources_for_an_unknown_patient_or_visit_are_left_out_and_named():
    charts, report = read(
        bundle_file(
            patient(),
            encounter(),
            clinical("Procedure", "x1", of="Patient/p9"),
            clinical("Procedure", "x2", of="Patient/p9"),
            procedure("x3", "Encounter/e9"),
            condition("x4", "Encounter/e9"),
        )
    )
    assert sorted(rules(report)) == ["chart.unknown-encounter", "chart.unknown-encounter", "chart.unknown-patient"]
    assert charts[0].encounters[0].procedures == ()
    assert report.skipped == {"Procedure of an unknown patient": 2, "Procedure of no visit": 1}
    assert [one.id for one in charts[0].problems] == ["x4"]


@pytest.mark.parametrize(
    "resource",
    [
        encounter(period={"start": "2025-03-04T10:00:00Z", "end": "2025-03-04T09:00:00Z"}),
        condition(onsetDateTime="2025-03-04", abatementDateTime="2025-03-03"),
        procedure(performedPeriod={"start": "2025-03-04", "end": "2025-03-03"}),
        coverage(period={"start": "2025-03-04", "end": "2025-03-03"}),
        patient(deceasedDateTime="1970-01-01"),
    ],
)
def test_an_end_before_its_start(resource):
    others = [one for one in (patient(), encounter()) if one["resourceType"] != resource["resourceType"]]
    _, report = read(bundle_file(*others, resource))
    assert rules(report) == ["chart.impossible-dates"]


@pytest.mark.parametrize("born", ["1980", "1980-02", "1980-02-30", "soon", None])
def test_a_birth_date_must_be_whole(born):
    charts, report = read(bundle_file(patient(birthDate=born) if born else {"resourceType": "Patient", "id": "x"}))
    assert charts[0].patient.birth_date is None
    assert rules(report) == ["chart.birth-date"]


@pytest.mark.parametrize("text", ["2025-02-30", "2025-W01-1", "20250301", "now", "2025-03-01Tnoon", "2025-03"])
def test_a_visit_must_say_when_it_began(text):
    charts, report = read(bundle_file(patient(), encounter(period={"start": text})))
    assert charts[0].encounters == ()
    assert rules(report) == ["chart.bad-date", "chart.encounter-without-start"]


def test_a_note_with_bad_base64_costs_the_note_only():
    note = {
        "resourceType": "DocumentReference",
        "id": "n",
        "subject": ref("Patient/p1"),
        "content": [{"attachment": {"contentType": "text/plain", "data": "not base64!"}}],
        "context": {"encounter": [ref("Encounter/e1")]},
    }
    charts, report = read(bundle_file(patient(), encounter(), note))
    assert rules(report) == ["chart.bad-base64"]
    assert charts[0].encounters[0].notes == ()


def test_a_byte_order_mark_is_no_matter():
    text = json.dumps(bundle(patient())).encode()
    assert read(data_file("b.json", b"\xef\xbb\xbf" + text))[1].findings == []
    assert read(data_file("b.ndjson", b"\xef\xbb\xbf" + json.dumps(patient()).encode()))[1].findings == []
    assert len(read(data_file("b.json", json.dumps(bundle(patient())).encode("utf-16")))[0]) == 1


@pytest.mark.parametrize("resource", [bundle(patient(gender="Ü")), patient(gender="Ü")])
def test_latin_1_is_read_and_reported(resource):
    resource = json.loads(json.dumps(resource).replace("Quill", "Queñal"))
    charts, report = read(data_file("l.json", json.dumps(resource, ensure_ascii=False).encode("latin-1")))
    assert charts[0].patient.name.family == "Queñal"
    assert rules(report) == ["chart.wrong-encoding"]


def test_a_field_name_that_is_not_utf_8_is_read_and_reported():
    charts, report = read(
        data_file("l.ndjson", b'{"resourceType": "Patient", "id": "p1", "\xfc": 1, "birthDate": "1980-01-01"}')
    )
    assert (len(charts), rules(report)) == (1, ["chart.wrong-encoding"])


def test_the_same_resource_twice_counts_once_and_the_newer_version_stays():
    old, new = (
        condition(meta={"lastUpdated": "2025-01-01"}),
        condition(meta={"lastUpdated": "2025-02-01"}, onsetDateTime="2020"),
    )
    for order in ([old, new], [new, old]):
        charts, report = read(lines_file(patient(), patient(), encounter(), *order))
        assert [one.onset and one.onset.year for one in charts[0].problems] == [2020]
        assert rules(report) == ["chart.resource-again"]
        assert report.skipped == {"Patient repeated": 1}


def test_a_million_findings_do_not_fill_memory():
    lines = [json.dumps(patient()), *["{"] * 1_000]
    _, report = read(data_file("a.ndjson", "\n".join(lines).encode()))
    assert report.finding_counts["chart.broken-line"] == 1_000
    assert len(report.findings) + report.suppressed["chart.broken-line"] == 1_000
    assert len(report.findings) < 1_000

"""Small FHIR resources of our own for the chart's tests, and a way to read them."""

import gzip
import io
import json
from typing import Any

from superbill.chart.model import Chart
from superbill.chart.reader import ReadReport, SourceFile, read_charts

Resource = dict[str, Any]
OURS = "https://superbill.example/fhir/"


NPI = "http://hl7.org/fhir/sid/us-npi"
DRUG = {"resourceType": "Medication", "id": "m1", "code": {"text": "Lisinopril 10 MG"}}


def ref(to: str) -> Resource:
    return {"reference": to}


def coded(system: str, code: str, display: str = "") -> Resource:
    coding = {"system": system, "code": code} | ({"display": display} if display else {})
    return {"coding": [coding]}


def patient(id_: str = "p1", **more: Any) -> Resource:
    return {
        "resourceType": "Patient",
        "id": id_,
        "identifier": [
            {"type": coded("http://terminology.hl7.org/CodeSystem/v2-0203", "MR"), "system": "urn:x:mrn", "value": "M1"}
        ],
        "name": [{"use": "maiden", "family": "Before"}, {"use": "official", "family": "Quill", "given": ["Ada", "B"]}],
        "telecom": [{"system": "phone", "value": "+1 (555) 010-0199"}],
        "gender": "female",
        "birthDate": "1980-02-29",
        "address": [
            {"line": ["1 Elm St"], "city": "Salem", "state": "Massachusetts", "postalCode": "01970-1234"}
        ],
    } | more  # fmt: skip


def encounter(id_: str = "e1", of: str = "Patient/p1", day: str = "2025-03-04", **more: Any) -> Resource:
    return {
        "resourceType": "Encounter",
        "id": id_,
        "status": "finished",
        "class": {"system": "http://terminology.hl7.org/CodeSystem/v3-ActCode", "code": "AMB"},
        "type": [coded("http://snomed.info/sct", "185349003", "Encounter for check up")],
        "subject": ref(of),
        "period": {"start": f"{day}T09:00:00-05:00", "end": f"{day}T09:30:00-05:00"},
    } | more


def clinical(kind: str, id_: str, visit: str | None = "Encounter/e1", of: str = "Patient/p1", **more: Any) -> Resource:
    owner = "patient" if kind == "Immunization" else "subject"
    resource = {"resourceType": kind, "id": id_, owner: ref(of)}
    return resource | ({"encounter": ref(visit)} if visit else {}) | more


def condition(id_: str = "c1", visit: str | None = "Encounter/e1", **more: Any) -> Resource:
    return clinical("Condition", id_, visit, code=coded("http://snomed.info/sct", "38341003", "Hypertension")) | more


def procedure(id_: str = "pr1", visit: str | None = "Encounter/e1", **more: Any) -> Resource:
    code = coded("http://snomed.info/sct", "29303009", "Electrocardiogram")
    return clinical("Procedure", id_, visit, status="completed", code=code) | more


def coverage(id_: str = "cov1", of: str = "Patient/p1", **more: Any) -> Resource:
    return {
        "resourceType": "Coverage",
        "id": id_,
        "status": "active",
        "beneficiary": ref(of),
        "payor": [{"display": "Harbor Mutual"}],
    } | more  # fmt: skip


def practitioner(id_: str = "dr1", npi: str = "1003000126", family: str = "Lane") -> Resource:
    name = [{"family": family, "given": ["Rosa"]}]
    return {"resourceType": "Practitioner", "id": id_, "identifier": [{"system": NPI, "value": npi}], "name": name}


def seen_by(*references: Any) -> list[Resource]:
    return [{"individual": one if isinstance(one, dict) else ref(one)} for one in references]


def document(**attachment: Any) -> Resource:
    return {
        "resourceType": "DocumentReference",
        "id": "n1",
        "status": "current",
        "type": {"text": "Progress note"},
        "subject": ref("Patient/p1"),
        "date": "2025-03-04T10:00:00-05:00",
        "author": [{"display": "Dr. Rosa Lane"}],
        "content": [{"attachment": attachment}],
        "context": {"encounter": [ref("Encounter/e1")]},
    }


def bundle(*resources: Resource) -> Resource:
    entries = [{"fullUrl": f"urn:uuid:{one.get('id', 'none')}", "resource": one} for one in resources]
    return {"resourceType": "Bundle", "type": "collection", "entry": entries}


def data_file(name: str, data: bytes) -> SourceFile:
    return SourceFile(name, lambda: io.BytesIO(data))


def bundle_file(*resources: Resource, name: str = "bundle.json", pack: bool = False) -> SourceFile:
    data = json.dumps(bundle(*resources), indent=2).encode()
    return data_file(name, gzip.compress(data) if pack else data)


def lines_file(*resources: Resource, name: str = "all.ndjson") -> SourceFile:
    return data_file(name, b"".join(json.dumps(one).encode() + b"\n" for one in resources))


def read(*files: SourceFile, **options: Any) -> tuple[list[Chart], ReadReport]:
    report = ReadReport()
    return list(read_charts(files, report, **options)), report


def chart_of(*resources: Resource, **options: Any) -> Chart:
    """The only chart of one bundle that must read without a finding."""
    charts, report = read(bundle_file(*resources), **options)
    assert not report.findings, [str(finding) for finding in report.findings]
    assert len(charts) == 1
    return charts[0]


def rules(report: ReadReport) -> list[str]:
    return [finding.rule for finding in report.findings]

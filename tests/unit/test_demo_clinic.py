"""The bundled clinic: what the demo, the manual and the other tests may count on."""

import base64
import csv
import importlib.util
import json
import sys
import zipfile
from collections import Counter, defaultdict
from datetime import date
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from fhir.resources.R4B.bundle import Bundle

from superbill.chart.model import Chart, EncounterRecord
from superbill.chart.reader import read_charts
from superbill.chart.report import ReadReport
from superbill.chart.streams import SourceFile
from superbill.identifiers import is_clia, is_ein, is_npi, is_taxonomy
from superbill.site import read_site

ROOT = Path(__file__).parents[2]
CLINIC = ROOT / "src" / "superbill" / "demo" / "clinic"
SHARED = ROOT.parent / "shared" / "data"
ICD10CM = "http://hl7.org/fhir/sid/icd-10-cm"
CPT = "http://www.ama-assn.org/go/cpt"
HCPCS = "https://www.cms.gov/Medicare/Coding/HCPCSReleaseCodeSets"
SNOMED = "http://snomed.info/sct"
Json = dict[str, Any]


@cache
def builder() -> ModuleType:
    path = ROOT / "tools" / "build_clinic.py"
    spec = importlib.util.spec_from_file_location("build_clinic", path)
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules["build_clinic"] = module
    spec.loader.exec_module(module)
    return module


@cache
def charts() -> dict[str, list[Json]]:
    """The resources of every patient's bundle, by file name."""
    paths = sorted((CLINIC / "charts").glob("p*.json"))
    return {path.name: [entry["resource"] for entry in json.loads(path.read_text())["entry"]] for path in paths}


@cache
def directory() -> list[Json]:
    return [entry["resource"] for entry in json.loads((CLINIC / "charts" / "_directory.json").read_text())["entry"]]


def everything(kind: str) -> list[Json]:
    return [each for resources in charts().values() for each in resources if each["resourceType"] == kind]


def codes(resource: Json, system: str, field: str = "code") -> list[str]:
    return [coding["code"] for coding in resource[field].get("coding", ()) if coding["system"] == system]


def test_the_committed_files_are_what_the_sources_build() -> None:
    built = builder().build_files()
    committed = {
        f"{folder}/{path.name}": path.read_text()
        for folder in ("charts", "notes")
        for path in (CLINIC / folder).iterdir()
    } | {"decisions.json": (CLINIC / "decisions.json").read_text()}
    assert committed.keys() == built.keys()
    assert [name for name in built if committed[name] != built[name]] == []


@pytest.mark.parametrize("name", sorted(path.name for path in (CLINIC / "charts").iterdir()))
def test_every_bundle_is_valid_fhir_r4(name: str) -> None:
    Bundle.model_validate_json((CLINIC / "charts" / name).read_bytes())


def test_a_bundle_with_an_unknown_field_is_not_valid() -> None:
    with pytest.raises(ValueError, match="extra"):
        Bundle.model_validate({"resourceType": "Bundle", "type": "collection", "patients": []})


def test_the_clinic_is_as_big_as_promised() -> None:
    finished = [each for each in everything("Encounter") if each["status"] == "finished"]
    days = sorted(date.fromisoformat(each["period"]["start"][:10]) for each in finished)
    assert len(charts()) >= 44
    assert len(finished) >= 170
    assert date(2025, 5, 1) <= days[0] and days[-1] <= date(2026, 10, 31)
    size = sum(path.stat().st_size for path in CLINIC.rglob("*") if path.is_file())
    assert size < 2_500_000


def test_every_finished_visit_has_its_note_as_text_and_in_the_bundle() -> None:
    notes = {path.stem: path.read_text() for path in (CLINIC / "notes").iterdir()}
    embedded = {}
    for document in everything("DocumentReference"):
        encounter = document["context"]["encounter"][0]["reference"].removeprefix("Encounter/")
        embedded[encounter] = base64.b64decode(document["content"][0]["attachment"]["data"]).decode()
    finished = {each["id"] for each in everything("Encounter") if each["status"] == "finished"}
    assert embedded == notes
    assert notes.keys() == finished
    assert min(len(text.split()) for text in notes.values()) >= 25


def test_no_visit_is_without_diagnosis_but_the_one_meant_to_be_held() -> None:
    finished = [each for each in everything("Encounter") if each["status"] == "finished"]
    decided = json.loads((CLINIC / "decisions.json").read_text())["visits"]
    assert len(decided) >= 20 and all(each["diagnoses"] for each in decided.values())
    assert {each["id"] for each in finished if "diagnosis" not in each} - decided.keys() == {"p47-20250619"}


def test_what_the_simulated_coder_decides_is_said_by_the_note_alone() -> None:
    decided = json.loads((CLINIC / "decisions.json").read_text())["visits"]
    for kind in ("Condition", "Procedure"):
        told = {each["encounter"]["reference"] for each in everything(kind) if "encounter" in each}
        assert not told & {f"Encounter/{name}" for name in decided}


def test_the_site_knows_every_provider_location_and_payer_of_the_charts() -> None:
    site = read_site((CLINIC / "site.toml").read_text())
    for encounter in everything("Encounter"):
        for participant in encounter["participant"]:
            who = participant["individual"]
            provider = site.provider(who["reference"])
            assert provider == site.provider(who["identifier"]["value"]) == site.provider(who["display"])
            assert provider is not None
        where = encounter["location"][0]["location"]
        assert site.location(where["reference"]) == site.location(where["display"]) is not None
    for coverage in everything("Coverage"):
        payer = coverage["payor"][0]
        assert site.payer(payer["reference"]) == site.payer(payer["display"]) is not None


def test_the_directory_and_the_site_say_the_same() -> None:
    site = read_site((CLINIC / "site.toml").read_text())
    by_kind = defaultdict(list)
    for resource in directory():
        by_kind[resource["resourceType"]].append(resource)
    assert {each["identifier"][0]["value"] for each in by_kind["Practitioner"]} == {each.npi for each in site.providers}
    assert {each["id"] for each in by_kind["Location"]} == {each.key for each in site.locations}
    roles = {each["specialty"][0]["coding"][0]["code"] for each in by_kind["PractitionerRole"]}
    assert roles == {each.taxonomy for each in site.providers}
    assert {each["id"] for each in by_kind["Organization"]} == {each.id for each in site.payers} | {"lakeland"}
    for location in site.locations:
        chart = next(each for each in by_kind["Location"] if each["id"] == location.key)
        assert chart["type"][0]["coding"][0]["code"] == location.place_of_service


def test_identifiers_pass_their_checks() -> None:
    site = read_site((CLINIC / "site.toml").read_text())
    npis = [site.practice.npi, *(each.npi for each in site.providers), *(each.npi for each in site.locations)]
    assert all(is_npi(each) for each in npis)
    assert len(set(npis)) == len(npis)
    assert is_ein(site.practice.tin)
    assert is_clia(site.practice.clia)
    assert all(is_taxonomy(each) for each in [site.practice.taxonomy, *(each.taxonomy for each in site.providers)])


def test_references_inside_a_bundle_are_found_there_or_in_the_directory() -> None:
    shared = {f"{each['resourceType']}/{each['id']}" for each in directory()}
    for name, resources in charts().items():
        known = shared | {f"{each['resourceType']}/{each['id']}" for each in resources}
        assert len(known) == len(shared) + len(resources), f"{name} has an id twice"
        assert references(resources) <= known, name


def references(value: Any) -> set[str]:
    if isinstance(value, list):
        return set().union(*map(references, value)) if value else set()
    if isinstance(value, dict):
        own = {value["reference"]} if isinstance(value.get("reference"), str) else set()
        return own.union(*map(references, value.values())) if value else own
    return set()


@pytest.mark.parametrize(
    "payer", ["MCR01", "MCD01", "BPH10", "HMH20", "KSS30", "SWC40", "RWA50"]
)  # one of each kind, self-pay is below
def test_every_payer_covers_somebody(payer: str) -> None:
    assert any(each["payor"][0]["reference"] == f"Organization/{payer}" for each in everything("Coverage"))


def test_some_patients_pay_themselves_some_depend_on_another_and_some_have_two_plans() -> None:
    plans = Counter(each["beneficiary"]["reference"] for each in everything("Coverage"))
    relations = Counter(each["relationship"]["coding"][0]["code"] for each in everything("Coverage"))
    assert len(charts()) - len(plans) >= 3
    assert relations["child"] >= 5 and relations["spouse"] >= 2
    assert sum(count > 1 for count in plans.values()) >= 10


def test_snomed_codes_pass_their_check_digit() -> None:
    found = set()
    for kind in ("Condition", "Procedure"):
        found |= {code for each in everything(kind) for code in codes(each, SNOMED)}
    found |= {coding["code"] for each in everything("Encounter") for coding in each["type"][0]["coding"]}
    assert len(found) > 60
    assert sorted(code for code in found if not verhoeff(code)) == []


def verhoeff(number: str) -> bool:
    """The check digit of SNOMED CT identifiers: the dihedral group D5 (J. Verhoeff, 1969)."""
    check = 0
    permuted = "0123456789"
    for digit in reversed(number):
        check = dihedral(check, int(permuted[int(digit)]))
        permuted = "".join("1576283094"[int(each)] for each in permuted)
    return check == 0


def dihedral(left: int, right: int) -> int:
    if left < 5:
        return (left + right) % 5 if right < 5 else 5 + (left + right) % 5
    return 5 + (left - right) % 5 if right < 5 else (left - right) % 5


def test_a_mistyped_snomed_code_fails_its_check_digit() -> None:
    assert verhoeff("59621000")
    assert not verhoeff("59621001")
    assert not verhoeff("95621000")


@pytest.mark.shared_data
def test_diagnoses_are_billable_on_the_date_of_service() -> None:
    releases = diagnosis_releases()
    wrong = []
    for resources in charts().values():
        days = {each["id"]: each["period"]["start"][:10] for each in resources if each["resourceType"] == "Encounter"}
        for condition in resources:
            if condition["resourceType"] == "Condition" and "encounter" in condition:
                day = days[condition["encounter"]["reference"].removeprefix("Encounter/")]
                year = 2025 + (day >= "2025-10-01") + (day >= "2026-10-01")
                wrong += [(condition["id"], code) for code in codes(condition, ICD10CM) if code not in releases[year]]
    assert wrong == []
    # The check can fail: plantar fasciitis has a side since October 2026.
    assert "M72.2" in releases[2026] and "M72.2" not in releases[2027]
    assert "M72.22" not in releases[2026] and "M72.22" in releases[2027]


def diagnosis_releases() -> dict[int, set[str]]:
    """The billable codes of the fiscal years 2025, 2026 and 2027, with their point."""
    path = SHARED / "codesets" / "cms_2026_dx.zip"
    if not path.exists():
        pytest.skip("../shared/data is not here: no official code files to compare with")
    with zipfile.ZipFile(path) as archive:
        order = archive.read("icd10cm_order_2026.txt").decode("latin-1").splitlines()
        addenda = archive.read("icd10cm_order_addenda_2026.txt").decode("latin-1").splitlines()
    in_force = {dotted(line[6:13].strip()) for line in order if line[14] == "1"}
    changes = defaultdict(set)
    for word, billable, code in (line.split()[:3] for line in addenda if line.startswith(("Add:", "Delete:"))):
        if billable == "1":
            changes[word].add(dotted(code))
    later = json.loads((SHARED / "codesets" / "icd10cm_addenda_2027.json").read_text())
    return {
        2025: (in_force - changes["Add:"]) | changes["Delete:"],
        2026: in_force,
        2027: (in_force | {dotted(code) for code, _ in later["add"]}) - {dotted(code) for code in later["delete"]},
    }


def dotted(code: str) -> str:
    return code if len(code) <= 3 else f"{code[:3]}.{code[3:]}"


def test_every_service_that_is_coded_has_a_charge() -> None:
    with (CLINIC.parent / "charge_master.csv").open(newline="") as file:
        charged = {row["code"] for row in csv.DictReader(file)}
    used = {code for each in everything("Procedure") for system in (CPT, HCPCS) for code in codes(each, system)}
    assert len(used) > 80
    assert sorted(used - charged) == []


@cache
def as_read() -> tuple[dict[str, Chart], ReadReport]:
    """The clinic as the chart room reads it."""
    report = ReadReport()
    files = [SourceFile(path.name, lambda path=path: path.open("rb")) for path in sorted((CLINIC / "charts").iterdir())]
    return {chart.patient.id: chart for chart in read_charts(files, report)}, report


def visit(identity: str) -> EncounterRecord:
    chart = as_read()[0][identity.partition("-")[0]]
    return next(each for each in chart.encounters if each.id == identity)


def test_the_reader_has_nothing_to_say_against_any_chart() -> None:
    read, report = as_read()
    assert len(read) == len(charts())
    assert report.findings == []
    assert not report.unresolved and not report.skipped and not report.ignored


def test_an_injury_at_work_and_a_car_accident_name_their_insurers_claim() -> None:
    for identity, kind, number in [
        ("p31-20250903", "employment", "SWC-25-004127"),
        ("p31-20251015", "employment", "SWC-25-004127"),
        ("p32-20260311", "employment", "SWC-26-001093"),
        ("p33-20251218", "auto", "RWA-25-40662"),
        ("p34-20260127", "auto", "RWA-26-11873"),
    ]:
        accident = visit(identity).accident
        assert accident is not None
        assert (accident.kind, accident.claim_number, accident.state) == (kind, number, "WI")
    assert visit("p31-20260430").accident is None


def test_one_hyaluronate_injection_has_its_authorization_and_one_has_none() -> None:
    for identity, number in [("p28-20251028", "HM-25-88214"), ("p23-20251211", "")]:
        found = visit(identity)
        assert found.authorization_number == number
        gel = next(each for each in found.procedures if each.concept.code(HCPCS) == "J7325")
        assert gel.units == 48


def test_the_desk_does_not_know_that_one_coverage_ended() -> None:
    coverage = as_read()[0]["p21"].coverages[0]
    assert coverage.member_id == "BPH400519240"
    assert all(visit(identity).date_of_service in coverage.period for identity in ("p21-20260423", "p21-20260507"))


def test_the_newborn_is_insured_by_her_mother_from_birth() -> None:
    chart = as_read()[0]["p15"]
    (coverage,) = chart.coverages
    assert coverage.relationship == "child" and coverage.subscriber is not None
    assert coverage.subscriber.name.family == "Lindqvist" and coverage.subscriber.birth_date == date(1992, 5, 30)
    assert coverage.period.start == chart.patient.birth_date
    assert coverage.member_id == as_read()[0]["p14"].coverages[0].member_id


@pytest.mark.parametrize(
    "patient, payers",
    [
        ("p01", ["Medicare Part B", "Keystone Medicare Supplement"]),
        ("p06", ["Blue Peak Health PPO", "Medicare Part B"]),
        ("p08", ["Medicare Part B", "Lakeland Medicaid"]),
        ("p30", ["Blue Peak Health PPO", "Harbor Mutual HMO"]),
        ("p36", []),
    ],
)
def test_who_pays_first(patient: str, payers: list[str]) -> None:
    coverages = sorted(as_read()[0][patient].coverages, key=lambda each: each.order)
    assert [each.payer for each in coverages] == payers


def test_a_late_signature_a_copay_and_a_supervisor_are_recorded() -> None:
    assert visit("p39-20250514").notes[0].written == date(2026, 7, 15)
    assert visit("p23-20250717").copay_collected == 20_00
    supervisor = visit("p02-20251104").supervisor
    assert supervisor is not None and supervisor.npi == "1999999034"
    assert visit("p20-20250724").referrer is not None


def test_one_visit_was_entered_twice_and_two_did_not_happen() -> None:
    first, second = visit("p40-20260611"), visit("p40-20260611b")
    assert first.start == second.start
    assert [each.concept for each in first.procedures] == [each.concept for each in second.procedures]
    assert [visit(each).status for each in ("p41-20250916", "p41-20251007")] == ["cancelled", "cancelled"]

"""Builds the bundled fictional clinic: the hand-written sources in tools/clinic/ become FHIR R4 bundles and notes.

Run `python tools/build_clinic.py` after a change to the sources, which tools/clinic/README.md explains; it rewrites
what is built of `src/superbill/demo/clinic/`. The same sources give the same bytes.
"""

import base64
import json
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import yaml

sys.path.insert(0, str(Path(__file__).parent))
from clinic import coverage, decisions, directory, grammar
from clinic.grammar import local_time
from clinic.terms import CPT, CVX, EXTENSION, HCPCS, ICD10CM, LOINC, NDC, SNOMED, Terms

Json = dict[str, Any]
SOURCES = Path(__file__).parent / "clinic"
CLINIC = Path(__file__).parents[1] / "src" / "superbill" / "demo" / "clinic"
BASE = "https://superbill.example/fhir/"
UNITS_OF_MEASURE = "http://unitsofmeasure.org"
TERMINOLOGY = "http://terminology.hl7.org/CodeSystem/"

# Visit kinds as the clinic's schedule knows them: SNOMED type, its display, FHIR class, LOINC note type and title.
PROGRESS_NOTE = ("11506-3", "Progress note")
HISTORY_AND_PHYSICAL = ("34117-2", "History and physical note")
PROCEDURE_NOTE = ("28570-0", "Procedure note")
TELEHEALTH_NOTE = ("75496-0", "Telehealth note")
KINDS: dict[str, tuple[str, str, str, tuple[str, str]]] = {
    "checkup": ("185349003", "Encounter for check up (procedure)", "AMB", HISTORY_AND_PHYSICAL),
    "exam": ("162673000", "General examination of patient (procedure)", "AMB", HISTORY_AND_PHYSICAL),
    "wellchild": ("410620009", "Well child visit (procedure)", "AMB", HISTORY_AND_PHYSICAL),
    "symptom": ("185345009", "Encounter for symptom", "AMB", PROGRESS_NOTE),
    "followup": ("390906007", "Follow-up encounter", "AMB", PROGRESS_NOTE),
    "problem": ("185347001", "Encounter for problem (procedure)", "AMB", PROGRESS_NOTE),
    "asthma": ("394701000", "Asthma follow-up", "AMB", PROGRESS_NOTE),
    "prenatal1": ("424441002", "Prenatal initial visit", "AMB", HISTORY_AND_PHYSICAL),
    "prenatal": ("424619006", "Prenatal visit", "AMB", PROGRESS_NOTE),
    "postnatal": ("169762003", "Postnatal visit", "AMB", PROGRESS_NOTE),
    "tele": ("448337001", "Telemedicine consultation with patient", "VR", TELEHEALTH_NOTE),
    "urgent": ("702927004", "Urgent care clinic (environment)", "AMB", PROGRESS_NOTE),
    "vaccine": ("33879002", "Administration of vaccine to produce active immunity (procedure)", "AMB", PROGRESS_NOTE),
    "nurse": ("308335008", "Patient encounter procedure", "AMB", PROGRESS_NOTE),
    "procedure": ("371883000", "Outpatient procedure", "AMB", PROCEDURE_NOTE),
    "postop": ("439740005", "Postoperative follow-up visit (procedure)", "AMB", PROGRESS_NOTE),
}
# What the nurse writes down, by the short name used in the sources: LOINC, words, UCUM unit, category.
MEASURES = {
    "wt": ("29463-7", "Body weight", "kg", "vital-signs"),
    "hr": ("8867-4", "Heart rate", "/min", "vital-signs"),
    "temp": ("8310-5", "Body temperature", "Cel", "vital-signs"),
    "spo2": ("59408-5", "Oxygen saturation", "%", "vital-signs"),
    "bmi": ("39156-5", "Body mass index", "kg/m2", "vital-signs"),
    "a1c": ("4548-4", "Hemoglobin A1c", "%", "laboratory"),
    "egfr": ("98979-8", "Estimated GFR", "mL/min/{1.73_m2}", "laboratory"),
    "ldl": ("13457-7", "LDL cholesterol, calculated", "mg/dL", "laboratory"),
    "tsh": ("3016-3", "Thyrotropin", "m[IU]/L", "laboratory"),
    "hgb": ("718-7", "Hemoglobin", "g/dL", "laboratory"),
    "inr": ("6301-6", "INR", "{INR}", "laboratory"),
    "k": ("2823-3", "Potassium", "mmol/L", "laboratory"),
    "phq9": ("44261-6", "PHQ-9 total score", "{score}", "survey"),
}


def coding(system: str, code: str, display: str) -> Json:
    return {"system": system, "code": code, **({"display": display} if display else {})}


def concept(*codings: tuple[str, str, str], text: str = "") -> Json:
    """A CodeableConcept; codings are (system, code, display), display left out where empty."""
    made: Json = {}
    if codings:
        made["coding"] = [coding(*each) for each in codings]
    if text:
        made["text"] = text
    return made


def extension(name: str, **value: Any) -> Json:
    return {"url": EXTENSION + name, **value}


class PatientBundle:
    """One patient's bundle in the making."""

    def __init__(self, source: Json, shared: directory.Directory, terms: Terms) -> None:
        self.source = source
        self.shared = shared
        self.terms = terms
        self.id = str(source["id"])
        self.patient: Json = {"reference": f"Patient/{self.id}", "display": " ".join(source["name"][1::-1])}
        self.resources: list[Json] = []
        self.notes: dict[str, str] = {}
        self.decisions: dict[str, Json] = {}

    def build(self) -> Json:
        self.resources.append(self.patient_resource())
        self.resources += coverage.coverages(self.source, self.shared)
        for number, code in enumerate(self.source.get("problems", ()), 1):
            self.resources.append(self.problem(number, str(code)))
        seen: set[str] = set()
        for visit in self.source["visits"]:
            self.visit(grammar.read_visit(visit), seen)
        return bundle(self.resources)

    def patient_resource(self) -> Json:
        source = self.source
        family, given, *rest = source["name"]
        resource: Json = {
            "resourceType": "Patient",
            "id": self.id,
            "identifier": [
                {
                    "type": concept((TERMINOLOGY + "v2-0203", "MR", "Medical record number")),
                    "system": "https://superbill.example/lakeland/mrn",
                    "value": f"LFM-{10000 + int(self.id[1:])}",
                }
            ],
            "name": [{"use": "official", "family": family, "given": [given, *rest]}],
            "gender": {"F": "female", "M": "male"}[source["sex"]],
            "birthDate": str(source["born"]),
            "address": [directory.address(source["address"])],
        }
        if "phone" in source:
            resource["telecom"] = [{"system": "phone", "value": source["phone"], "use": "home"}]
        return resource

    def problem(self, number: int, entry: str) -> Json:
        code, _, onset = entry.partition(" ")
        return {
            **self.condition(f"{self.id}-problem-{number}", code, "problem-list-item"),
            **({"onsetDateTime": onset} if onset else {}),
        }

    def condition(self, identity: str, code: str, category: str) -> Json:
        snomed, words = self.terms.diagnosis(code)
        codings = [(SNOMED, snomed, words)] if snomed else []
        return {
            "resourceType": "Condition",
            "id": identity,
            "clinicalStatus": concept((TERMINOLOGY + "condition-clinical", "active", "")),
            "verificationStatus": concept((TERMINOLOGY + "condition-ver-status", "confirmed", "")),
            "category": [concept((TERMINOLOGY + "condition-category", category, ""))],
            "code": concept(*codings, (ICD10CM, code, words), text=words),
            "subject": self.patient,
        }

    def visit(self, visit: grammar.Visit, seen: set[str]) -> None:
        identity = f"{self.id}-{visit.start:%Y%m%d}"
        while identity in seen:
            identity += "b"
        seen.add(identity)
        where: Json = {"reference": f"Encounter/{identity}"}
        when = local_time(visit.start)
        diagnoses: list[Json] = []
        records: list[Json] = []
        if visit.told_by_note:
            self.decisions[identity] = decisions.of(visit)
            visit = replace(visit, diagnoses=(), services=())
        for rank, code in enumerate(visit.diagnoses, 1):
            record = {
                **self.condition(f"{identity}-dx{rank}", code, "encounter-diagnosis"),
                "encounter": where,
                "recordedDate": when,
            }
            diagnoses.append({"condition": {"reference": f"Condition/{identity}-dx{rank}"}, "rank": rank})
            records.append(record)
        for number, service in enumerate(visit.services, 1):
            records.append(self.procedure(f"{identity}-px{number}", service, visit, where, when))
        for number, vaccine in enumerate(visit.vaccines, 1):
            records.append(self.immunization(f"{identity}-im{number}", vaccine, where, when))
        records += self.observations(identity, visit, where, when)
        records += self.medications(identity, visit, where)
        if visit.note:
            records.append(self.document(identity, visit, where))
            self.notes[f"{identity}.txt"] = visit.note
        self.resources.append(self.encounter(identity, visit, diagnoses))
        self.resources += records

    def encounter(self, identity: str, visit: grammar.Visit, diagnoses: list[Json]) -> Json:
        code, display, encounter_class, _ = KINDS[visit.kind]
        resource: Json = {
            "resourceType": "Encounter",
            "id": identity,
            "extension": self.encounter_extensions(visit),
            "status": visit.status,
            "class": {"system": TERMINOLOGY + "v3-ActCode", "code": encounter_class},
            "type": [concept((SNOMED, code, display))],
            "subject": self.patient,
            "participant": self.participants(visit),
            "period": {"start": local_time(visit.start), "end": local_time(visit.end)},
            "reasonCode": [concept(text=visit.complaint)] if visit.complaint else [],
            "diagnosis": diagnoses,
            "location": [{"location": self.shared.reference("Location", visit.location)}],
            "serviceProvider": self.shared.reference("Organization", self.shared.practice),
        }
        return {key: value for key, value in resource.items() if value != []}

    def participants(self, visit: grammar.Visit) -> list[Json]:
        roles = [
            ("PPRF", "primary performer", visit.provider, TERMINOLOGY + "v3-ParticipationType"),
            ("supervisor", "supervising", visit.supervisor, TERMINOLOGY + "claimcareteamrole"),
            ("REF", "referrer", visit.referrer, TERMINOLOGY + "v3-ParticipationType"),
        ]
        return [
            {
                "type": [concept((system, code, display))],
                "individual": self.shared.reference("Practitioner", key),
            }
            for code, display, key, system in roles
            if key
        ]

    def encounter_extensions(self, visit: grammar.Visit) -> list[Json]:
        extensions: list[Json] = []
        if visit.accident:
            accident = visit.accident
            parts: list[Json] = [
                {"url": "kind", "valueCode": accident["kind"]},
                {"url": "date", "valueDate": str(accident["date"])},
                {"url": "state", "valueCode": accident.get("state", "WI")},
            ]
            if "claim" in accident:
                parts.append({"url": "claim-number", "valueString": accident["claim"]})
            extensions.append({"url": EXTENSION + "accident", "extension": parts})
        if visit.authorization:
            extensions.append(extension("authorization-number", valueString=visit.authorization))
        if visit.copay is not None:
            extensions.append(extension("copay-collected", valueMoney={"value": visit.copay, "currency": "USD"}))
        return extensions

    def procedure(self, identity: str, service: grammar.Service, visit: grammar.Visit, where: Json, when: str) -> Json:
        snomed, words = self.terms.procedure(service.code)
        codings = [(SNOMED, snomed, words)] if snomed else []
        if snomed != service.code:
            codings.append((CPT if service.code[0].isdigit() else HCPCS, service.code, words))
        extensions = [extension("units", valueDecimal=service.units)] if service.units else []
        extensions += [extension("modifier", valueCode=modifier) for modifier in service.modifiers]
        side = {"RT": "right", "LT": "left", "50": "both sides"}
        sides = [side[modifier] for modifier in service.modifiers if modifier in side]
        resource: Json = {
            "resourceType": "Procedure",
            "id": identity,
            "extension": extensions,
            "status": "completed",
            "code": concept(*codings, text=words),
            "subject": self.patient,
            "encounter": where,
            "performedDateTime": when,
            "performer": [{"actor": self.shared.reference("Practitioner", visit.provider)}],
            "bodySite": [concept(text=text) for text in sides],
        }
        return {key: value for key, value in resource.items() if value != []}

    def immunization(self, identity: str, vaccine: str, where: Json, when: str) -> Json:
        name, _, dose = vaccine.partition("#")
        entry = self.terms.vaccine(name)
        codings = [(CVX, entry["cvx"], entry["words"])]
        if "ndc" in entry:
            codings.append((NDC, entry["ndc"], ""))
        resource: Json = {
            "resourceType": "Immunization",
            "id": identity,
            "status": "completed",
            "vaccineCode": concept(*codings, text=entry["words"]),
            "patient": self.patient,
            "encounter": where,
            "occurrenceDateTime": when,
            "primarySource": True,
            "lotNumber": f"FX{identity[-11:-7]}",
        }
        if "ml" in entry:
            resource["doseQuantity"] = {"value": entry["ml"], "unit": "mL", "system": UNITS_OF_MEASURE, "code": "mL"}
        if dose:
            resource["protocolApplied"] = [{"doseNumberPositiveInt": int(dose)}]
        return resource

    def observations(self, identity: str, visit: grammar.Visit, where: Json, when: str) -> list[Json]:
        made = []
        for name, value in visit.measures.items():
            if name == "bp":
                code, words, category, content = "85354-9", "Blood pressure", "vital-signs", pressure(str(value))
            else:
                code, words, unit, category = MEASURES[name]
                content = {"valueQuantity": quantity(value, unit)}
            made.append(
                {
                    "resourceType": "Observation",
                    "id": f"{identity}-{name}",
                    "status": "final",
                    "category": [concept((TERMINOLOGY + "observation-category", category, ""))],
                    "code": concept((LOINC, code, ""), text=words),
                    "subject": self.patient,
                    "encounter": where,
                    "effectiveDateTime": when,
                    **content,
                }
            )
        return made

    def medications(self, identity: str, visit: grammar.Visit, where: Json) -> list[Json]:
        return [
            {
                "resourceType": "MedicationRequest",
                "id": f"{identity}-rx{number}",
                "status": "active",
                "intent": "order",
                "medicationCodeableConcept": concept(text=text),
                "subject": self.patient,
                "encounter": where,
                "authoredOn": visit.start.date().isoformat(),
                "requester": self.shared.reference("Practitioner", visit.provider),
            }
            for number, text in enumerate(visit.prescriptions, 1)
        ]

    def document(self, identity: str, visit: grammar.Visit, where: Json) -> Json:
        code, title = KINDS[visit.kind][3]
        signed = visit.signed or visit.end
        data = base64.b64encode(visit.note.encode()).decode()
        return {
            "resourceType": "DocumentReference",
            "id": f"{identity}-note",
            "status": "current",
            "type": concept((LOINC, code, title)),
            "subject": self.patient,
            "date": local_time(signed),
            "author": [self.shared.reference("Practitioner", visit.provider)],
            "content": [
                {"attachment": {"contentType": "text/plain; charset=utf-8", "data": data, "title": f"{identity}.txt"}}
            ],
            "context": {"encounter": [where]},
        }


def pressure(text: str) -> Json:
    """Systolic and diastolic pressure as the two components of one reading."""
    return {
        "component": [
            {"code": concept((LOINC, code, "")), "valueQuantity": quantity(int(value), "mm[Hg]")}
            for code, value in zip(("8480-6", "8462-4"), text.split("/"), strict=True)
        ]
    }


def quantity(value: float, unit: str) -> Json:
    return {"value": value, "unit": unit, "system": UNITS_OF_MEASURE, "code": unit}


def bundle(resources: list[Json]) -> Json:
    entries = [{"fullUrl": f"{BASE}{each['resourceType']}/{each['id']}", "resource": each} for each in resources]
    return {"resourceType": "Bundle", "type": "collection", "entry": entries}


def as_json(document: Json) -> str:
    """One entry per line: small, and a change in one record is a change in one line."""
    lines = ",\n".join(json.dumps(entry, ensure_ascii=False) for entry in document["entry"])
    return f'{{"resourceType": "Bundle", "type": "collection", "entry": [\n{lines}\n]}}\n'


def build_files(sources: Path = SOURCES) -> dict[str, str]:
    """Every file of the clinic that is built, by its path below the clinic's folder."""
    shared = directory.read(yaml.safe_load((sources / "directory.yaml").read_text()))
    terms = Terms(yaml.safe_load((sources / "terms.yaml").read_text()))
    files = {"charts/_directory.json": as_json(bundle(shared.resources))}
    decided: Json = {}
    for path in sorted(sources.glob("patients_*.yaml")):
        for source in yaml.safe_load(path.read_text()):
            made = PatientBundle(source, shared, terms)
            files[f"charts/{made.id}-{source['name'][0].lower()}.json"] = as_json(made.build())
            files.update({f"notes/{name}": text for name, text in made.notes.items()})
            decided |= made.decisions
    files["decisions.json"] = decisions.as_json(decided)
    return files


def main() -> None:
    files = build_files()
    for folder in ("charts", "notes"):
        (CLINIC / folder).mkdir(parents=True, exist_ok=True)
        for stale in (CLINIC / folder).iterdir():
            if f"{folder}/{stale.name}" not in files:
                stale.unlink()
    for name, text in files.items():
        (CLINIC / name).write_text(text, encoding="utf-8")
    print(f"{len(files)} files in {CLINIC}")


if __name__ == "__main__":
    main()

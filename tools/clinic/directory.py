"""The clinic's own directory: the practice, its people and places, and the payers, as FHIR resources."""

from dataclasses import dataclass
from typing import Any

Json = dict[str, Any]
NPI = "http://hl7.org/fhir/sid/us-npi"
TIN = "urn:oid:2.16.840.1.113883.4.4"
TAXONOMY = "http://nucc.org/provider-taxonomy"
PLACE_OF_SERVICE = "https://www.cms.gov/Medicare/Coding/place-of-service-codes/Place_of_Service_Code_Set"
ORGANIZATION_TYPE = "http://terminology.hl7.org/CodeSystem/organization-type"


@dataclass(frozen=True)
class Directory:
    """The directory's resources, and references to them with the name (and NPI) that an EHR shows."""

    resources: list[Json]
    references: dict[tuple[str, str], Json]
    payers: dict[str, str]
    practice: str

    def reference(self, kind: str, key: str) -> Json:
        return self.references[kind, key]

    def payer(self, key: str) -> Json:
        """The reference to a payer's Organization, by the payer's key."""
        return self.references["Organization", self.payers[key]]


def address(text: str) -> Json:
    """`14 Tern Lane, Harrow Lake WI 54899-0114` as a FHIR Address."""
    street, town = text.split(", ")
    city, state, postal_code = town.rsplit(" ", 2)
    return {"use": "work" if "PO Box" in street else "home", "line": [street], "city": city, "state": state,
            "postalCode": postal_code, "country": "US"}  # fmt: skip


def _phone(number: str) -> list[Json]:
    return [{"system": "phone", "value": number, "use": "work"}]


def _work(text: str) -> Json:
    return {**address(text), "use": "work"}


def read(source: Json) -> Directory:
    """The directory that directory.yaml describes."""
    practice = source["practice"]
    resources: list[Json] = [_practice(practice)]
    resources += [_location(entry, practice["id"]) for entry in source["locations"]]
    for entry in source["providers"]:
        resources += [_practitioner(entry), _role(entry, practice, source["locations"])]
    resources += [_payer(entry) for entry in source["payers"]]
    references = {(each["resourceType"], each["id"]): _reference(each) for each in resources}
    payers = {entry["key"]: entry["id"] for entry in source["payers"]}
    return Directory(resources, references, payers, practice["id"])


def _reference(resource: Json) -> Json:
    made: Json = {"reference": f"{resource['resourceType']}/{resource['id']}"}
    if resource["resourceType"] == "Practitioner":
        name = resource["name"][0]
        made["identifier"] = {"system": NPI, "value": resource["identifier"][0]["value"]}
        made["display"] = f"{name['given'][0]} {name['family']}"
    elif "name" in resource:
        made["display"] = resource["name"]
    return made


def _practice(entry: Json) -> Json:
    return {
        "resourceType": "Organization",
        "id": entry["id"],
        "identifier": [{"system": NPI, "value": entry["npi"]}, {"system": TIN, "value": entry["tin"]}],
        "type": [{"coding": [{"system": ORGANIZATION_TYPE, "code": "prov"}]}],
        "name": entry["name"],
        "telecom": _phone(entry["phone"]),
        "address": [_work(entry["address"])],
    }


def _location(entry: Json, practice: str) -> Json:
    return {
        "resourceType": "Location",
        "id": entry["id"],
        "identifier": [{"system": NPI, "value": entry["npi"]}],
        "status": "active",
        "name": entry["name"],
        "type": [{"coding": [{"system": PLACE_OF_SERVICE, "code": str(entry["pos"])}]}],
        "telecom": _phone(entry["phone"]),
        "address": _work(entry["address"]),
        "managingOrganization": {"reference": f"Organization/{practice}"},
    }


def _practitioner(entry: Json) -> Json:
    family, given = entry["name"]
    return {
        "resourceType": "Practitioner",
        "id": entry["id"],
        "identifier": [{"system": NPI, "value": entry["npi"]}],
        "name": [{"use": "official", "family": family, "given": [given], "suffix": [entry["suffix"]]}],
    }


def _role(entry: Json, practice: Json, locations: list[Json]) -> Json:
    family, given = entry["name"]
    return {
        "resourceType": "PractitionerRole",
        "id": f"{entry['id']}-role",
        "practitioner": {"reference": f"Practitioner/{entry['id']}", "display": f"{given} {family}"},
        "organization": {"reference": f"Organization/{practice['id']}", "display": practice["name"]},
        "specialty": [
            {"coding": [{"system": TAXONOMY, "code": entry["taxonomy"]}], "text": entry["specialty"]},
        ],
        "location": [{"reference": f"Location/{each['id']}", "display": each["name"]} for each in locations],
    }


def _payer(entry: Json) -> Json:
    return {
        "resourceType": "Organization",
        "id": entry["id"],
        "identifier": [{"system": "https://superbill.example/lakeland/payer", "value": entry["id"]}],
        "type": [{"coding": [{"system": ORGANIZATION_TYPE, "code": "pay"}]}],
        "name": entry["name"],
        "alias": [entry["key"]],
        "telecom": _phone(entry["phone"]),
        "address": [_work(entry["address"])],
    }

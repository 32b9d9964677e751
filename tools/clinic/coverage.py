"""Coverage resources of one patient, with the subscriber where that is somebody else."""

from typing import Any

from clinic.directory import Directory, address

Json = dict[str, Any]
ACT_CODE = "http://terminology.hl7.org/CodeSystem/v3-ActCode"
RELATIONSHIP = "http://terminology.hl7.org/CodeSystem/subscriber-relationship"
COVERAGE_CLASS = "http://terminology.hl7.org/CodeSystem/coverage-class"
ROLE_CODE = "http://terminology.hl7.org/CodeSystem/v3-RoleCode"
# What kind of policy each payer writes: v3 ActCode and the registration desk's words.
POLICY = {
    "medicare": ("PUBLICPOL", "Medicare Part B"),
    "medicaid": ("PUBLICPOL", "Medicaid"),
    "bluepeak": ("EHCPOL", "PPO"),
    "harbor": ("HMO", "HMO"),
    "keystone": ("EHCPOL", "Medicare supplement, plan G"),
    "statefund": ("WCBPOL", "Workers' compensation"),
    "roadway": ("AUTOPOL", "Auto medical payments"),
}


def coverages(source: Json, shared: Directory) -> list[Json]:
    """The patient's coverages in the order in which they are written, each after its subscriber."""
    made: list[Json] = []
    for number, entry in enumerate(source.get("coverage", ()), 1):
        subscriber = entry.get("subscriber")
        identity = f"{source['id']}-cov{number}"
        holder = f"Patient/{source['id']}"
        if subscriber:
            holder = f"RelatedPerson/{source['id']}-sub{number}"
            made.append(_subscriber(source, subscriber, f"{source['id']}-sub{number}"))
        made.append(_coverage(source, entry, identity, holder, shared))
    return made


def _coverage(source: Json, entry: Json, identity: str, holder: str, shared: Directory) -> Json:
    code, words = POLICY[entry["payer"]]
    start, _, end = str(entry.get("from", "2025-01-01")).partition("..")
    subscriber = entry.get("subscriber")
    relationship = subscriber["relationship"] if subscriber else "self"
    classes = [
        {"type": {"coding": [{"system": COVERAGE_CLASS, "code": kind}]}, "value": str(entry[kind]),
         **({"name": entry["employer"]} if kind == "group" and "employer" in entry else {})}
        for kind in ("group", "plan")
        if kind in entry
    ]  # fmt: skip
    resource: Json = {
        "resourceType": "Coverage",
        "id": identity,
        "status": "active",
        "type": {"coding": [{"system": ACT_CODE, "code": code}], "text": words},
        "subscriber": {"reference": holder},
        "subscriberId": str(entry["member"]),
        "beneficiary": {"reference": f"Patient/{source['id']}"},
        "relationship": {"coding": [{"system": RELATIONSHIP, "code": relationship}]},
        "period": {"start": start, **({"end": end} if end else {})},
        "payor": [shared.payer(entry["payer"])],
        "class": classes,
        "order": entry.get("order", 1),
    }
    return {key: value for key, value in resource.items() if value != []}


def _subscriber(source: Json, entry: Json, identity: str) -> Json:
    """The relation of the RelatedPerson to the patient is the reverse of the patient's to the subscriber."""
    code = {"child": "PRN", "spouse": "SPS", "other": "FAMMEMB"}[entry["relationship"]]
    family, given = entry["name"]
    return {
        "resourceType": "RelatedPerson",
        "id": identity,
        "patient": {"reference": f"Patient/{source['id']}"},
        "relationship": [{"coding": [{"system": ROLE_CODE, "code": code}]}],
        "name": [{"use": "official", "family": family, "given": [given]}],
        "gender": {"F": "female", "M": "male"}[entry["sex"]],
        "birthDate": str(entry["born"]),
        "address": [address(entry.get("address", source["address"]))],
    }

"""The code systems' addresses and the clinic's word list: codes with short words of our own."""

from typing import Any

SNOMED = "http://snomed.info/sct"
ICD10CM = "http://hl7.org/fhir/sid/icd-10-cm"
CPT = "http://www.ama-assn.org/go/cpt"
HCPCS = "https://www.cms.gov/Medicare/Coding/HCPCSReleaseCodeSets"
CVX = "http://hl7.org/fhir/sid/cvx"
LOINC = "http://loinc.org"
NDC = "http://hl7.org/fhir/sid/ndc"
EXTENSION = "https://superbill.example/fhir/"


class Terms:
    """terms.yaml. Every code used in a source must be in it: a misspelled code raises KeyError in the build."""

    def __init__(self, source: dict[str, dict[Any, Any]]) -> None:
        self._diagnoses = {str(code): entry for code, entry in source["diagnoses"].items()}
        self._procedures = {str(code): entry for code, entry in source["procedures"].items()}
        self._vaccines = source["vaccines"]

    def diagnosis(self, code: str) -> tuple[str, str]:
        """(SNOMED code or "", words) of an ICD-10-CM code."""
        return _entry(self._diagnoses[code])

    def procedure(self, code: str) -> tuple[str, str]:
        """(SNOMED code or "", words) of a CPT or HCPCS code; a SNOMED code answers itself."""
        if len(code) > 5:
            return code, str(self._procedures[code])
        return _entry(self._procedures[code])

    def vaccine(self, name: str) -> dict[str, Any]:
        return dict(self._vaccines[name])

    def diagnosis_codes(self) -> list[str]:
        return list(self._diagnoses)


def _entry(entry: Any) -> tuple[str, str]:
    """`words` or `[snomed, words]`."""
    if isinstance(entry, str):
        return "", entry
    snomed, words = entry
    return str(snomed), str(words)

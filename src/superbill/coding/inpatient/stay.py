"""What coding an inpatient stay adds: procedures, the principal diagnosis first, and what was present on admission."""

from msgspec import Struct

from superbill.codesets.icd10pcs.lookup import book
from superbill.codesets.poa_exempt.importer import SYSTEM as POA
from superbill.codesets.release import Refused
from superbill.codesets.store import Store
from superbill.coding.inpatient.find import Procedures, procedures
from superbill.coding.inpatient.present import present
from superbill.coding.inpatient.principal import principal_first
from superbill.coding.reading.model import Reading
from superbill.coding.suggest.model import Query, SuggestedCode, Visit
from superbill.findings import Finding, Severity, header


class Stay(Struct, frozen=True, kw_only=True):
    """The inpatient part of a suggestion; for another setting only the diagnoses, as they came."""

    diagnoses: tuple[SuggestedCode, ...]
    procedures: tuple[SuggestedCode, ...] = ()
    present: tuple[str, ...] = ()
    queries: tuple[Query, ...] = ()
    findings: tuple[Finding, ...] = ()


def stayed(reading: Reading, visit: Visit, diagnoses: tuple[SuggestedCode, ...], store: Store) -> Stay:
    """The stay that a note tells of. A store without ICD-10-PCS gives no procedure and a finding that says so."""
    if visit.setting != "inpatient":
        return Stay(diagnoses=diagnoses)
    ordered = principal_first(diagnoses, reading)
    findings: list[Finding] = []
    found = Procedures()
    try:
        codes = book(store, visit.on)
    except Refused as refused:
        findings.append(_missing("coding.pcs.not-installed", "procedures", f"No procedure is coded: {refused}"))
    else:
        found = procedures(reading, visit, codes)
        if not codes.exact:
            findings.append(_missing(
                "coding.pcs.other-year", "procedures",
                f"Procedures are by {codes.release.name}, which is not in force on {visit.on}.",
            ))  # fmt: skip
    if store.in_force(POA, visit.on) is None and ordered:
        findings.append(_missing(
            "coding.poa.no-list", "present",
            "Codes that are exempt from present-on-admission reporting are not told apart: the store "
            "has no list of them.",
        ))  # fmt: skip
    told = present(ordered, reading, visit, store)
    return Stay(
        diagnoses=ordered, procedures=found.codes, present=tuple(each.indicator for each in told),
        queries=found.queries, findings=tuple(findings),
    )  # fmt: skip


def _missing(rule: str, field: str, message: str) -> Finding:
    return Finding(
        rule=rule, severity=Severity.NOT_CHECKED, where=header(field), message=message,
        fix="Import the release of CMS: superbill codesets import FILE.",
    )  # fmt: skip

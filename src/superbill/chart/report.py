"""What reading found: counts of everything read or left, and findings with their place and fix."""

from collections import Counter

from msgspec import Struct, field

from superbill.findings import Finding, Place, Severity

FINDINGS_PER_RULE = 200
"""More findings of one rule than this are counted, not kept: a file of a million bad lines must not fill memory."""


class Rule(Struct, frozen=True):
    """How grave a kind of finding is, and what to do about it."""

    severity: Severity
    fix: str


_ERROR, _WARNING, _INFO = Severity.ERROR, Severity.WARNING, Severity.INFORMATION

RULES: dict[str, Rule] = {
    "chart.empty-file": Rule(_ERROR, "Export the file again."),
    "chart.unreadable-file": Rule(_ERROR, "See that the file exists and may be read, then import it again."),
    "chart.not-fhir": Rule(_ERROR, "Give FHIR R4 as JSON (a Bundle or ndjson) or the CSV files that Synthea writes."),
    "chart.broken-gzip": Rule(_ERROR, "The file is cut off or damaged: copy it again from its source."),
    "chart.too-large": Rule(_ERROR, "Split the file, or export it as ndjson with one resource per line."),
    "chart.broken-json": Rule(_ERROR, "Mend the JSON at that place or export the file again."),
    "chart.broken-line": Rule(_ERROR, "Mend or remove that line; the other lines were read."),
    "chart.broken-resource": Rule(_ERROR, "Mend that resource; the others were read."),
    "chart.not-a-resource": Rule(_WARNING, "Remove the lines that are no FHIR resources, or ignore this."),
    "chart.export-log": Rule(_INFO, "Nothing to do; it holds no patient."),
    "chart.no-patient": Rule(_ERROR, "Add the Patient resource to the bundle."),
    "chart.unknown-patient": Rule(_ERROR, "Import the patient in the same file or folder."),
    "chart.other-patients-coverage": Rule(_ERROR, "Correct the coverage's beneficiary, or import that patient too."),
    "chart.unknown-encounter": Rule(_WARNING, "Import the encounter in the same file or folder."),
    "chart.patient-again": Rule(_WARNING, "Keep one file per patient, or give all of them as ndjson."),
    "chart.resource-again": Rule(_WARNING, "Remove one of the two; the one last updated was used."),
    "chart.birth-date": Rule(_ERROR, "Enter the whole date of birth."),
    "chart.encounter-without-start": Rule(_ERROR, "Enter when the visit began."),
    "chart.bad-date": Rule(_WARNING, "Write the date as YYYY-MM-DD."),
    "chart.impossible-dates": Rule(_WARNING, "Correct one of the two dates."),
    "chart.bad-number": Rule(_WARNING, "Correct the number."),
    "chart.bad-accident": Rule(_WARNING, "Give the accident a kind (auto, employment, other) and a date."),
    "chart.bad-base64": Rule(_ERROR, "Export the note again; the visit was read without it."),
    "chart.note-not-found": Rule(_ERROR, "Put the note's file beside the bundle; the visit was read without it."),
    "chart.wrong-encoding": Rule(_WARNING, "Save the file as UTF-8 and look at names with accents."),
    "chart.missing-table": Rule(_ERROR, "Put that table beside the others."),
    "chart.tables-again": Rule(_WARNING, "Keep the tables of one export in one folder."),
    "chart.not-read": Rule(_INFO, ""),
}


class ReadReport(Struct):
    """An accumulator, filled while charts are read.

    `resources`: read, per resource type (or table). `ignored`: of types that this reader does not use. `skipped`:
    of types it uses, left out for the reason named. `unread_fields`: fields present but not used, as
    "Type.field". `unresolved`: references to people and places that no file holds, per type. `linked_by_day`:
    resources without an encounter that went to the patient's only encounter of that day. `findings` holds at most
    FINDINGS_PER_RULE of each rule; `finding_counts` counts all.
    """

    files: int = 0
    charts: int = 0
    encounters: int = 0
    resources: Counter[str] = field(default_factory=Counter)
    ignored: Counter[str] = field(default_factory=Counter)
    skipped: Counter[str] = field(default_factory=Counter)
    unread_fields: Counter[str] = field(default_factory=Counter)
    unresolved: Counter[str] = field(default_factory=Counter)
    linked_by_day: Counter[str] = field(default_factory=Counter)
    findings: list[Finding] = field(default_factory=list)
    finding_counts: Counter[str] = field(default_factory=Counter)

    def add(self, rule: str, where: Place, message: str) -> Finding:
        """One finding of a rule in RULES."""
        kind = RULES[rule]
        finding = Finding(rule=rule, severity=kind.severity, where=where, message=message, fix=kind.fix)
        self.finding_counts[rule] += 1
        if self.finding_counts[rule] <= FINDINGS_PER_RULE:
            self.findings.append(finding)
        return finding

    def absorb(self, other: "ReadReport") -> None:
        """Add what another report has counted and found."""
        self.files += other.files
        self.charts += other.charts
        self.encounters += other.encounters
        for name in ("resources", "ignored", "skipped", "unread_fields", "unresolved", "linked_by_day"):
            getattr(self, name).update(getattr(other, name))
        for finding in other.findings:
            self.add(finding.rule, finding.where, finding.message)

    @property
    def suppressed(self) -> dict[str, int]:
        """How many findings of each rule were counted only."""
        kept = Counter(finding.rule for finding in self.findings)
        return {rule: more for rule, count in self.finding_counts.items() if (more := count - kept[rule])}

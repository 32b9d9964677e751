"""The findings of reading a note's file."""

from superbill.findings import Finding, Place, Severity

_FIXES = {
    "chart.empty-file": (Severity.ERROR, "Export the note again."),
    "chart.too-large": (Severity.ERROR, "Give one note per file, without its pictures and scans."),
    "chart.not-text": (Severity.ERROR, "Export the note as plain text, RTF, HTML or C-CDA, or paste its text."),
    "chart.broken-xml": (Severity.ERROR, "Export the document again; nothing of it was read."),
    "chart.document-type": (Severity.ERROR, "Remove the DOCTYPE with its entities, which a clinical document has not."),
    "chart.wrong-encoding": (Severity.WARNING, "Save the file as UTF-8 and look at names with accents."),
}


class Trouble(Exception):
    """Why a reader gives up, with the id of the rule."""

    def __init__(self, rule: str, words: str) -> None:
        super().__init__(words)
        self.rule = rule


def trouble(rule: str, name: str, message: str) -> Finding:
    """One finding about a file, with what to do about it."""
    severity, fix = _FIXES[rule]
    return Finding(rule=rule, severity=severity, where=Place(file=name), message=message, fix=fix)

"""What stops a read or a write; everything less is a finding beside the document."""

from superbill.findings import Finding, Place, Severity


class X12ReadError(Exception):
    """The source can't be read as X12 at all. `finding` says where and what to do."""

    def __init__(self, finding: Finding) -> None:
        super().__init__(str(finding))
        self.finding = finding


class X12WriteError(Exception):
    """A document can't be written as valid X12. `findings` names every reason; nothing was written."""

    def __init__(self, findings: list[Finding]) -> None:
        more = f" (and {len(findings) - 1} more)" if len(findings) > 1 else ""
        super().__init__(f"{findings[0]}{more}" if findings else "not writable")
        self.findings = findings


def unreadable(rule: str, message: str, fix: str, position: int | None = None) -> X12ReadError:
    """An X12ReadError with its finding."""
    return X12ReadError(
        Finding(rule=rule, severity=Severity.ERROR, where=Place(position=position), message=message, fix=fix)
    )

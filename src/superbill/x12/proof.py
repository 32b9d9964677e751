"""Every file is judged before it leaves: the writer raises rather than hand over what a payer would reject."""

from superbill.findings import Severity
from superbill.x12.errors import X12WriteError
from superbill.x12.validate import inspect


def proven(data: bytes) -> bytes:
    """`data`, when it has no error. Raises X12WriteError with all that is wrong."""
    errors = [finding for finding in inspect(data).findings if finding.severity is Severity.ERROR]
    if errors:
        raise X12WriteError(errors)
    return data

"""Errors that a person can cause or mend, as one message with the place and the fix."""

import errno
from importlib import import_module

# Exceptions whose text already names the place and the fix, by module so that none is imported in vain.
_PLAIN = (
    ("superbill.app.boot", "DatabaseUnusable"),
    ("superbill.app.accounts.permissions", "NotPermitted"),
    ("superbill.site", "SiteError"),
    ("superbill.x12", "X12ReadError"),
    ("superbill.x12", "X12WriteError"),
    ("superbill.connectors", "ConnectorError"),
    ("superbill.payer", "PayerConfigError"),
    ("superbill.cli.session", "BadInput"),
)


def explained(error: BaseException) -> str | None:
    """The message for `error`; None when it is a mistake of ours, whose traceback is worth seeing."""
    if isinstance(error, OSError):
        return _system(error)
    for module, name in _PLAIN:
        kind = getattr(import_module(module), name, None)
        if kind is not None and isinstance(error, kind):
            return str(error)
    cause = error.__cause__
    return explained(cause) if cause is not None and cause is not error else None


def _system(error: OSError) -> str:
    place = f"{error.filename}: " if error.filename else ""
    if error.errno == errno.ENOSPC:
        return f"{place}the disk is full. Nothing is half-written; free some space and run the same command again."
    return f"{place}{(error.strerror or str(error)).lower()}."

"""Errors that a person can cause or mend, as one message with the place and the fix."""

import errno
import sys

# Exceptions whose text already names the place and the fix. By name: whoever can raise one has loaded its module.
_PLAIN = (
    ("superbill.app.boot", "DatabaseUnusable"),
    ("superbill.app.accounts.actions", "NotForPeople"),
    ("superbill.app.accounts.permissions", "NotPermitted"),
    ("superbill.app.statements.actions", "StatementOutOfDate"),
    ("superbill.app.billing.errors", "BadAmount"),
    ("superbill.app.billing.errors", "NotPossible"),
    ("superbill.app.billing.errors", "OverLimit"),
    ("superbill.app.billing.journal", "KeyConflict"),
    ("superbill.app.billing.journal", "UnknownLine"),
    ("superbill.app.deposits.errors", "NotReconcilable"),
    ("superbill.app.deposits.periods", "PeriodClosed"),
    ("superbill.banking.model", "StatementError"),
    ("superbill.ledger.export.chart", "ChartError"),
    ("superbill.ledger.entry", "Unbalanced"),
    ("superbill.app.claims.opening", "NotThisClaim"),
    ("superbill.app.coding.actions", "NotDecided"),
    ("superbill.app.denials.steps", "NotThisDenial"),
    ("superbill.app.documents", "BadDocument"),
    ("superbill.app.encounters.drops", "NotThisDrop"),
    ("superbill.app.encounters.entering", "NotEntered"),
    ("superbill.app.eobs.actions", "BadEob"),
    ("superbill.app.eobs.actions", "ChangedMeanwhile"),
    ("superbill.app.favourites.actions", "BadFavourite"),
    ("superbill.app.guarantors.actions", "BadGuarantor"),
    ("superbill.app.jobs.actions", "NotThisJob"),
    ("superbill.app.patients.registering", "ChangedMeanwhile"),
    ("superbill.app.patients.registering", "NotRegistered"),
    ("superbill.app.patients.cards", "BadCard"),
    ("superbill.app.patients.merging", "NotMerged"),
    ("superbill.app.eligibility.actions", "NotRecorded"),
    ("superbill.app.eligibility.checking", "NotAsked"),
    ("superbill.app.authorizations.actions", "NotGranted"),
    ("superbill.app.portal.actions", "NotDone"),
    ("superbill.app.reports.actions", "BadCost"),
    ("superbill.app.reports.export.files", "ExportUnusable"),
    ("superbill.app.reports.figures", "NoMeasure"),
    ("superbill.app.rules.actions", "NotActivated"),
    ("superbill.app.statements.mail", "BadMail"),
    ("superbill.app.statements.papers", "NoPaper"),
    ("superbill.app.statements.placing", "BadHold"),
    ("superbill.app.threads.actions", "BadThread"),
    ("superbill.app.worklists.taking", "NotThisTask"),
    ("superbill.codesets.release", "Refused"),
    ("superbill.forms.letter.pdf", "LetterIncomplete"),
    ("superbill.pricing.contract_model", "ContractError"),
    ("superbill.remits.paper_rows", "BadKeying"),
    ("superbill.site", "SiteError"),
    ("superbill.x12", "X12ReadError"),
    ("superbill.x12", "X12WriteError"),
    ("superbill.x12.tools.words", "ToolError"),
    ("superbill.connectors", "ConnectorError"),
    ("superbill.payer.config", "PayerConfigError"),
    ("superbill.app.session", "BadInput"),
)


def explained(error: BaseException) -> str | None:
    """The message for `error`; None when it is a mistake of ours, whose traceback is worth seeing."""
    if isinstance(error, OSError):
        return _system(error)
    if (message := told(error)) is not None:
        return message
    cause = error.__cause__
    if cause is not None and cause is not error and (message := explained(cause)) is not None:
        return message
    return _database(error)


def told(error: BaseException) -> str | None:
    """What an error of ours says to the person who can mend it; None for an error of another kind."""
    kinds = (getattr(sys.modules.get(module), name, None) for module, name in _PLAIN)
    return str(error) if any(kind is not None and isinstance(error, kind) for kind in kinds) else None


def _system(error: OSError) -> str:
    place = f"{error.filename}: " if error.filename else ""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return f"{place}the disk is full. Nothing is half-written; free some space and run the same command again."
    if error.errno == errno.EFBIG:
        return f"{place}a file may not grow that large here. Nothing is half-written; raise the limit and run again."
    return f"{place}{(error.strerror or str(error)).lower()}."


def _database(error: BaseException) -> str | None:
    """What the database itself says outside of any action: while reading, or when it goes away."""
    if "django.db" not in sys.modules:
        return None
    from django.db import OperationalError, connection

    if not isinstance(error, OperationalError):
        return None
    from superbill.app.boot import explain_sqlite

    place = str(connection.settings_dict["NAME"])
    return explain_sqlite(place, error.__cause__) or f"{place}: {error}. Nothing was changed; run again."

"""Remittances: each explained to the cent, deposited as paid, and stored as it was received."""

from django.db.models import Count, Sum

from superbill.app.accounts.actors import Scope
from superbill.app.billing.models import JournalEntry, Posting
from superbill.app.doctor.report import Notes
from superbill.app.documents import BadDocument, decoded
from superbill.app.remits.models import IN_SUSPENSE, RemittanceClaimRow, RemittanceRow, RemittanceState
from superbill.ledger.accounts import Account
from superbill.remits.identity import content_key
from superbill.x12.model import Remittance

CHUNK = 200
_LOOK = "Compare the remittance with its entries: superbill ledger show. Reverse what is wrong."
_WITHOUT_ANSWERS = (RemittanceState.WAITING, RemittanceState.PART)  # another row tells their answers


def check_remittances(scope: Scope, notes: Notes) -> None:
    """CLEARING at zero per payment, deposits, suspense, documents, and payments that no remittance explains."""
    last = 0
    rows = scope.rows(RemittanceRow).order_by("id")
    while some := list(rows.filter(id__gt=last)[:CHUNK]):
        last = some[-1].pk
        _check_some(scope, notes, some)
    clearing = scope.rows(Posting).filter(account=Account.CLEARING.value).values_list("entry__source")
    for source, total in clearing.annotate(total=Sum("amount")).exclude(total=0).order_by("entry__source").iterator():
        message = f"The money of {source or 'an entry without source'} is not explained: {total} cents are left over."
        notes.add("clearing", source, message, _LOOK)
    _check_unknown_sources(scope, notes)


def _check_some(scope: Scope, notes: Notes, some: list[RemittanceRow]) -> None:
    deposits = _sums(scope, Account.CASH, [row.source for row in some])
    suspense = _sums(scope, Account.SUSPENSE, [row.source for row in some])
    answers = _answers(scope, [row.pk for row in some])
    waiting = _in_suspense(scope, [row.pk for row in some])
    for row in some:
        posted = row.state == RemittanceState.POSTED
        _check_document(notes, row, answers.get(row.pk, 0))
        # Money that was returned to the payer has left the deposit again, by entries of the same payment.
        deposited = deposits.get(row.source, 0)
        returned = _returned(scope, row) if posted and deposited != row.payment_amount else 0
        if posted and deposited + returned != row.payment_amount:
            message = f"Payment {row.trace_number} is {row.payment_amount} cents, its deposit {deposited}."
            notes.add("deposit", f"remittance {row.trace_number}", message, _LOOK)
        if posted and suspense.get(row.source, 0) != -waiting.get(row.pk, 0):
            message = (
                f"Payment {row.trace_number} has {-suspense.get(row.source, 0)} cents in suspense, "
                f"its answers that wait are {waiting.get(row.pk, 0)}."
            )
            notes.add("suspense", f"remittance {row.trace_number}", message, _LOOK)
        if row.state == RemittanceState.VOIDED and (deposited or suspense.get(row.source, 0)):
            message = f"Payment {row.trace_number} is voided, but {deposited} cents of it are on the books."
            notes.add("deposit", f"remittance {row.trace_number}", message, _LOOK)


def _check_document(notes: Notes, row: RemittanceRow, answers: int) -> None:
    place = f"remittance {row.trace_number}"
    try:
        document = decoded(row.doc, Remittance, place)
    except BadDocument as error:
        notes.add("document", place, f"{error}.", "Restore it from the file as received.")
        return
    if content_key(document) != row.content_key or document.payment_amount != row.payment_amount:
        message = f"Payment {row.trace_number} is not stored as it was received."
        notes.add("document", place, message, "Restore it from the file as received.")
    expected = 0 if row.state in _WITHOUT_ANSWERS else len(document.claims)
    if expected != answers:
        message = f"Payment {row.trace_number} answers {expected} claims, {answers} are stored."
        notes.add("document", place, message, "Restore a backup.")


def _sums(scope: Scope, account: Account, sources: list[str]) -> dict[str, int]:
    rows = scope.rows(Posting).filter(account=account.value, entry__source__in=sources)
    return dict(rows.values_list("entry__source").annotate(total=Sum("amount")).order_by())


def _returned(scope: Scope, row: RemittanceRow) -> int:
    """What of a payment went back to the payer."""
    moved = scope.rows(Posting).filter(account=Account.CASH.value, entry__source=row.source, entry__kind="refund")
    return -(moved.aggregate(total=Sum("amount"))["total"] or 0)


def _in_suspense(scope: Scope, ids: list[int]) -> dict[int, int]:
    rows = scope.rows(RemittanceClaimRow).filter(remittance_id__in=ids, state__in=IN_SUSPENSE)
    return dict(rows.values_list("remittance_id").annotate(total=Sum("paid")).order_by())


def _answers(scope: Scope, ids: list[int]) -> dict[int, int]:
    rows = scope.rows(RemittanceClaimRow).filter(remittance_id__in=ids)
    return dict(rows.values_list("remittance_id").annotate(count=Count("id")).order_by())


def _check_unknown_sources(scope: Scope, notes: Notes) -> None:
    """Entries of a payment that no remittance row tells. A row that was posted again has a source for each time."""
    columns = ("source", "application")
    rows = scope.rows(RemittanceRow).filter(application__gt=0).values_list(*columns)
    known = {earlier for source, times in rows for earlier in _each_time(source, times)}
    for origin in ("835:", "paper:"):
        entries = scope.rows(JournalEntry).filter(source__startswith=origin).order_by("source")
        for source in entries.values_list("source", flat=True).distinct().iterator():
            if source not in known:
                message = f"The journal has entries of {source}, but no posted remittance of that name."
                notes.add("orphan", source, message, "Restore the remittance, or reverse its entries.")


def _each_time(source: str, times: int) -> list[str]:
    first = source.removesuffix(f"#{times}")
    return [first, *(f"{first}#{time}" for time in range(2, times + 1))]

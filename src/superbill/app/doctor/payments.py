"""Remittances: each explained to the cent, deposited as paid, and stored as it was received."""

from django.db.models import Count, Sum

from superbill.app.accounts.actors import Scope
from superbill.app.billing.models import JournalEntry, Posting
from superbill.app.doctor.report import Notes
from superbill.app.documents import BadDocument, content_key, decoded
from superbill.app.remits.models import RemittanceClaimRow, RemittanceRow, RemittanceState
from superbill.ledger.accounts import Account
from superbill.x12.model import Remittance

CHUNK = 200
_LOOK = "Compare the remittance with its entries: superbill ledger show. Reverse what is wrong."


def check_remittances(scope: Scope, notes: Notes) -> None:
    """CLEARING at zero per payment, deposits, documents, and payments in the journal that no remittance explains."""
    last = 0
    rows = scope.rows(RemittanceRow).order_by("id")
    while some := list(rows.filter(id__gt=last)[:CHUNK]):
        last = some[-1].pk
        deposits = _sums(scope, Account.CASH, [row.source for row in some])
        answers = _answers(scope, [row.pk for row in some])
        for row in some:
            _check_document(notes, row, answers.get(row.pk, 0))
            deposited = deposits.get(row.source, 0)
            if row.state == RemittanceState.POSTED and deposited != row.payment_amount:
                message = f"Payment {row.trace_number} is {row.payment_amount} cents, its deposit {deposited}."
                notes.add("deposit", f"remittance {row.trace_number}", message, _LOOK)
    clearing = scope.rows(Posting).filter(account=Account.CLEARING.value).values_list("entry__source")
    for source, total in clearing.annotate(total=Sum("amount")).exclude(total=0).order_by("entry__source").iterator():
        message = f"The money of {source or 'an entry without source'} is not explained: {total} cents are left over."
        notes.add("clearing", source, message, _LOOK)
    _check_unknown_sources(scope, notes)


def _check_document(notes: Notes, row: RemittanceRow, answers: int) -> None:
    place = f"remittance {row.trace_number}"
    try:
        document = decoded(row.doc, Remittance, place)
    except BadDocument as error:
        notes.add("document", place, f"{error}.", "Restore it from the file as received.")
        return
    if content_key(row.doc) != row.content_key or document.payment_amount != row.payment_amount:
        message = f"Payment {row.trace_number} is not stored as it was received."
        notes.add("document", place, message, "Restore it from the file as received.")
    if len(document.claims) != answers:
        message = f"Payment {row.trace_number} answers {len(document.claims)} claims, {answers} are stored."
        notes.add("document", place, message, "Restore a backup.")


def _sums(scope: Scope, account: Account, sources: list[str]) -> dict[str, int]:
    rows = scope.rows(Posting).filter(account=account.value, entry__source__in=sources)
    return dict(rows.values_list("entry__source").annotate(total=Sum("amount")).order_by())


def _answers(scope: Scope, ids: list[int]) -> dict[int, int]:
    rows = scope.rows(RemittanceClaimRow).filter(remittance_id__in=ids)
    return dict(rows.values_list("remittance_id").annotate(count=Count("id")).order_by())


def _check_unknown_sources(scope: Scope, notes: Notes) -> None:
    posted = scope.rows(RemittanceRow).filter(state=RemittanceState.POSTED).values("source")
    strange = scope.rows(JournalEntry).filter(source__startswith="835:").exclude(source__in=posted)
    for source in strange.order_by("source").values_list("source", flat=True).distinct().iterator():
        message = f"The journal has entries of {source}, but no posted remittance of that name."
        notes.add("orphan", source, message, "Restore the remittance, or reverse its entries.")

"""Patients' money on account (a copay at the desk, a prepayment) is put to what they owe, as soon as they owe it."""

from datetime import date, datetime

from django.db.models import Sum

from superbill.app.accounts.actors import Actor, Scope
from superbill.app.accounts.permissions import Permission
from superbill.app.billing.actions import patient_party
from superbill.app.billing.journal import PostCounts, hold_journal, write_entries
from superbill.app.billing.models import LineBalance, Posting
from superbill.app.work import action
from superbill.ledger.accounts import Account
from superbill.ledger.entry import Entry
from superbill.ledger.entry import Posting as Move
from superbill.money import Cents

_PARTY = patient_party(0)[:-1]


def apply_unapplied(actor: Actor, on: date, *, at: datetime) -> PostCounts:
    """Put every patient's unapplied money to their open lines, oldest first; one entry per patient and day.

    Nothing happens for a patient who has no unapplied money or owes nothing.
    """
    with action(actor, Permission.TAKE_PAYMENT, "apply unapplied money", at) as work:
        hold_journal(work.scope)
        entries = []
        for patient_id, credit in sorted(_credits(work.scope).items()):
            moves = _moves(work.scope, patient_id, credit)
            if moves:
                entries.append(
                    Entry(
                        key=f"apply-unapplied:{patient_id}:{on.isoformat()}",
                        kind="patient payment",
                        on=on,
                        source=patient_party(patient_id),
                        memo="money on account put to open lines",
                        postings=moves,
                    )
                )
        counts = write_entries(work, entries)
        if counts.posted:
            work.note("entry", posted=counts.posted)
        return counts


def _credits(scope: Scope) -> dict[int, Cents]:
    """Unapplied cents by patient row id, where there are any."""
    rows = scope.rows(Posting).filter(account=Account.UNAPPLIED.value, payer__startswith=_PARTY)
    sums = rows.values_list("payer").annotate(total=Sum("amount")).order_by()
    return {int(payer.removeprefix(_PARTY)): -total for payer, total in sums if total < 0}


def _moves(scope: Scope, patient_id: int, credit: Cents) -> tuple[Move, ...]:
    owed = scope.rows(LineBalance).filter(line__patient_id=patient_id, patient__gt=0)
    party = patient_party(patient_id)
    moves: list[Move] = []
    for line, balance in owed.order_by("line__service_start", "line_id").values_list("line__key", "patient"):
        part = min(balance, credit)
        if not part:
            break
        credit -= part
        moves.append(Move(account=Account.UNAPPLIED, amount=part, line=line, payer=party))
        moves.append(Move(account=Account.PATIENT, amount=-part, line=line))
    return tuple(moves)

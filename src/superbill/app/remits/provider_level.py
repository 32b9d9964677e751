"""Balances between a payer and the practice are settled by hand: on a line, by another reference, for good, in cash."""

from datetime import date, datetime
from typing import Literal

from msgspec import Struct

from superbill.app.accounts.actors import Actor
from superbill.app.accounts.permissions import Permission
from superbill.app.billing.errors import NotPossible
from superbill.app.billing.journal import hold_journal, stored_entries, write_entries
from superbill.app.billing.models import JournalEntry, LineBalance
from superbill.app.remits.queries.provider_level import provider_balances
from superbill.app.rows import found
from superbill.app.work import Work, action
from superbill.ledger.accounts import Account
from superbill.ledger.entry import Entry, Kind, Posting, Reason, reversal
from superbill.money import Cents, dollars
from superbill.remits.provider_level import reference as plain

Way = Literal["line", "reference", "settlement", "refund"]


class Settlement(Struct, frozen=True, kw_only=True):
    """How much of a balance is settled, and how. `amount` is positive.

    `line`: the payer took it for this charge line (`target`, its key), or pays it for that line. `reference`: it is
    the same matter as the payer's `target`. `settlement`: it is ours, or the payer's, for good. `refund`: we paid it
    to the payer by the check or transfer `target`, or the payer paid us.
    """

    payer: str
    reference: str
    amount: Cents
    way: Way
    target: str = ""
    why: str = ""


def settle_provider_level(actor: Actor, asked: Settlement, key: str, *, on: date, at: datetime) -> Entry:
    """Settle an open balance, or a part of it. The same `key` posts once.

    Raises NotPossible for more than is open, a line or reference that is not there, or without a reason.
    """
    permission = Permission.REFUND if asked.way == "refund" else Permission.POST_REMITTANCE
    with action(actor, permission, "settle provider level", at) as work:
        hold_journal(work.scope)
        key = f"provider-level:{key}"
        there = stored_entries(work.scope, work.scope.rows(JournalEntry).filter(key=key).values_list("id", flat=True))
        if there:
            return there[0]
        entry = _entry(work, asked, _signed(work, asked), key, on)
        write_entries(work, [entry])
        work.note("entry", entries=1, way=asked.way)
        return entry


def undo_settlement(actor: Actor, key: str, *, on: date, at: datetime) -> Entry:
    """Take a settlement back; what it settled is open again. Raises NotPossible for an unknown key."""
    with action(actor, Permission.POST_REMITTANCE, "undo settlement", at) as work:
        hold_journal(work.scope)
        key = f"provider-level:{key}"
        there = stored_entries(work.scope, work.scope.rows(JournalEntry).filter(key=key).values_list("id", flat=True))
        if not there:
            raise NotPossible("no settlement under this key in this practice")
        back = reversal(there[0], key=f"{key}:undone", on=on, memo="settlement undone")
        write_entries(work, [back])
        work.note("entry", entries=1)
        return back


def _signed(work: Work, asked: Settlement) -> Cents:
    """The posting on PROVIDER_LEVEL that brings the balance nearer to zero."""
    if not asked.why.strip():
        raise NotPossible("Say why it is settled: whoever looks at it later has to know.")
    named = plain(asked.reference)
    open_now = [one for one in provider_balances(work.scope, payer=asked.payer) if plain(one.reference) == named]
    balance = sum(one.open for one in open_now)
    if not 0 < asked.amount <= abs(balance):
        shown = dollars(abs(balance))
        raise NotPossible(f"{shown} is open with {asked.payer} under {asked.reference}: settle that, or a part of it.")
    return asked.amount if balance > 0 else -asked.amount


def _entry(work: Work, asked: Settlement, moved: Cents, key: str, on: date) -> Entry:
    """`moved` onto PROVIDER_LEVEL, and its other side."""
    named = plain(asked.reference)
    own = Reason(code=f"settled:{asked.way}"[:24], remarks=(named,) if named else ())
    postings = [Posting(account=Account.PROVIDER_LEVEL, amount=moved, payer=asked.payer, reason=own)]
    kind: Kind = "provider adjustment"
    if asked.way == "line":
        postings += _onto_line(work, asked, moved)
    elif asked.way == "reference":
        other = plain(asked.target)
        if not other or other == named:
            raise NotPossible("Name the payer's other reference that it is the same matter as.")
        why = Reason(code="settled:reference", remarks=(other,))
        postings.append(Posting(account=Account.PROVIDER_LEVEL, amount=-moved, payer=asked.payer, reason=why))
    else:
        account = Account.CASH if asked.way == "refund" else Account.SETTLEMENT
        kind = "refund" if asked.way == "refund" else kind
        why = Reason(code=own.code, remarks=(asked.target,) if asked.target else ())
        postings.append(Posting(account=account, amount=-moved, payer=asked.payer, reason=why))
    return Entry(key=key, kind=kind, on=on, source=key, memo=asked.why, postings=tuple(postings))


def _onto_line(work: Work, asked: Settlement, moved: Cents) -> list[Posting]:
    """The payer's payment of the line is so much more, or less; its insurance balance the other way round."""
    if not any(found(work.scope, LineBalance, "line__key", [asked.target], "line_id")):
        raise NotPossible(f"No charge line {asked.target} is in this practice.")
    payer, line = asked.payer, asked.target
    return [
        Posting(account=Account.CLEARING, amount=-moved, payer=payer),
        Posting(account=Account.CLEARING, amount=moved, line=line, payer=payer),
        Posting(account=Account.INSURANCE, amount=-moved, line=line, payer=payer),
    ]

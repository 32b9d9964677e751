"""What happened to each charge line, told from the journal: postings become the events that `compose` puts in words."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from superbill.forms.statement.compose import EventKind, LineEvent
from superbill.ledger.accounts import INSURANCE_BALANCE, PAID_FROM, Account
from superbill.ledger.entry import Entry, Posting

_KINDS: dict[Account, EventKind] = {
    Account.CLEARING: "payment",
    Account.CONTRACTUAL: "discount",
    Account.DENIED: "denial",
    Account.WRITE_OFF: "write-off",
    Account.CHARITY: "charity",
    Account.BAD_DEBT: "bad debt",
    Account.CASH: "patient payment",
    Account.UNAPPLIED: "patient payment",
}
_OURS = frozenset({"patient payment", "write-off", "charity", "bad debt"})
_PAYERS_WORK = INSURANCE_BALANCE | {Account.CLEARING}


def events(entries: Iterable[Entry], payer_names: Mapping[str, str]) -> dict[str, tuple[LineEvent, ...]]:
    """The events of every charge line that `entries` touch, in the order of the entries, by line key.

    `payer_names` gives the name that patients know of each payer key; a key without one stands for itself. The
    events of a line add up to its balance: `compose.line` proves it.
    """
    told: dict[str, list[LineEvent]] = {}
    for entry in entries:
        by_line: dict[str, list[Posting]] = {}
        for posting in entry.postings:
            if posting.line:
                by_line.setdefault(posting.line, []).append(posting)
        for line, postings in by_line.items():
            told.setdefault(line, []).extend(entry_events(entry, postings, payer_names))
    return {line: tuple(happened) for line, happened in told.items()}


def entry_events(entry: Entry, postings: Sequence[Posting], names: Mapping[str, str]) -> Iterator[LineEvent]:
    """The events of one entry on one line, whose postings are `postings`."""
    actor = _actor(postings)
    # Money reaches PATIENT by a payer's work, by a charge or by a write-off; only the first is a payer's share.
    by_payer = any(posting.account in _PAYERS_WORK for posting in postings)
    for posting in postings:
        kind, to = _kind(posting, actor, by_payer)
        if kind is None:
            continue
        payer = "" if kind in _OURS else posting.payer if kind != "passed on" and posting.payer else actor
        yield LineEvent(
            kind=kind,
            amount=posting.amount,
            payer=names.get(payer, payer),
            to=names.get(to, to),
            reason=posting.reason,
            on=entry.on,
        )


def _kind(posting: Posting, actor: str, by_payer: bool) -> tuple[EventKind | None, str]:
    """The event that a posting tells, and the payer that it goes to where it is passed on."""
    if posting.account is Account.PATIENT:
        return ("patient share" if by_payer else None), ""
    if posting.account is Account.INSURANCE:
        passed = posting.reason.code and posting.payer != actor
        return ("passed on", posting.payer) if passed else (None, "")
    return _KINDS.get(posting.account), ""


def _actor(postings: Sequence[Posting]) -> str:
    """The payer whose answer this is: the one that paid, cut or refused, else the one whose balance moved."""
    own = [
        p.payer for p in postings if p.payer and p.account in _KINDS and p.account not in PAID_FROM - {Account.CLEARING}
    ]
    moved = [p.payer for p in postings if p.payer and p.account is Account.INSURANCE and not p.reason.code]
    return next(iter([*own, *moved]), "")

"""Why a line stands where it stands, in plain words: what each payer did and why, what the patient paid. Pure."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date

from msgspec import Struct

from superbill.codesets.carc.lookup import reason as carc
from superbill.ledger.accounts import INSURANCE_BALANCE, Account
from superbill.ledger.entry import Entry, Posting, Reason
from superbill.ledger.reasons import patient_words
from superbill.money import dollars

Names = Callable[[str], str]
FORGIVEN = frozenset({Account.WRITE_OFF, Account.CHARITY, Account.BAD_DEBT})
_NOT_SAID = "The plan did not say why in words that we know."


class Told(Struct, frozen=True):
    """One sentence or two about what happened on a day."""

    on: date
    text: str


def story(line: str, entries: Iterable[Entry], payer_name: Names) -> tuple[Told, ...]:
    """What happened to one charge line, in the order of posting, as its patient should hear it.

    Entries that were taken back are left out with what took them back, but for money that came and went. `payer_name`
    gives the name that patients know of a payer's key.
    """
    known = [entry for entry in entries if any(move.line == line for move in entry.postings)]
    undone = {entry.reverses for entry in known if entry.reverses}
    kept = [entry for entry in known if entry.key not in undone and not entry.reverses]
    return tuple(Told(entry.on, text) for entry in kept for text in _sentences(entry, line, payer_name))


def _sentences(entry: Entry, line: str, payer_name: Names) -> Iterator[str]:
    moves = [move for move in entry.postings if move.line == line and move.amount]
    actor = _actor(moves)
    for move in moves:
        told = _told(entry, move, payer_name(move.payer or actor) or "Your plan", moves)
        if told:
            yield told


def _actor(moves: Sequence[Posting]) -> str:
    """The payer whose answer an entry is, where a posting does not name it."""
    return next((move.payer for move in moves if move.payer and move.account is not Account.CASH), "")


def _told(entry: Entry, move: Posting, payer: str, moves: Sequence[Posting]) -> str:
    cents, more = dollars(abs(move.amount)), move.amount > 0
    if move.account is Account.CHARGES:
        owner = next((one for one in moves if one.account in INSURANCE_BALANCE), None)
        return f"We charged {cents}{'.' if owner else ', with no plan to bill.'}"
    if move.account is Account.CLEARING:
        taken = f"We gave {payer} back {cents}." if entry.kind == "refund" else f"{payer} took {cents} back."
        return f"{payer} paid {cents}." if more else taken
    if move.account is Account.CONTRACTUAL:
        return f"{payer} took {cents} off. {_why(move.reason)}" if more else f"{payer} put {cents} on again."
    if move.account is Account.DENIED:
        return f"{payer} did not pay {cents}. {_why(move.reason)}" if more else ""
    if move.account is Account.INSURANCE:
        passed = more and entry.kind not in ("charge", "reversal") and (move.reason.code or entry.kind == "transfer")
        return f"{cents} went to {payer} to pay." if passed else ""
    if move.account is Account.PATIENT:
        return _yours(move, cents)
    if move.account in FORGIVEN:
        return f"We took {cents} off. {patient_words(move.reason.code)}".rstrip() if more else f"{cents} is open again."
    return _paid(entry, cents, more=more) if move.account in (Account.CASH, Account.UNAPPLIED) else ""


def _yours(move: Posting, cents: str) -> str:
    if move.amount < 0 or not move.reason.code:
        return ""
    return f"{cents} is yours to pay. {patient_words(move.reason.code) or _why(move.reason)}"


def _paid(entry: Entry, cents: str, *, more: bool) -> str:
    if more:
        return f"You paid {cents}." if entry.kind == "patient payment" else f"{cents} that you had paid was put here."
    if entry.kind == "returned payment":
        return f"Your payment of {cents} came back, so it is open again."
    if entry.kind == "refund":
        return f"We paid {cents} back to you."
    return f"{cents} that you had paid was put elsewhere."


def _why(reason: Reason) -> str:
    """Each reason in words for the patient, with the code in brackets for whoever looks it up."""
    known = carc(reason.code)
    code = "-".join(part for part in (reason.group, reason.code) if part)
    words = known.patient_text if known else _NOT_SAID
    return f"{words} ({code})" if code else words

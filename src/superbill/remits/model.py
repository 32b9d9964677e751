"""What the planner needs to know of our side, and what it answers."""

from collections.abc import Iterable
from typing import Literal

from msgspec import Struct

from superbill.claims.model import Procedure
from superbill.effective import Period
from superbill.findings import Finding
from superbill.ledger.accounts import INSURANCE_BALANCE, Account
from superbill.ledger.entry import Entry, Posting
from superbill.money import Cents

ANSWERS = frozenset({"insurance payment", "denial"})
"""The kinds of entry by which a payer's answer gets onto a line."""


class ChargeLine(Struct, frozen=True, kw_only=True):
    """One of our charge lines, as billed. `key` is its line control number (REF*6R).

    `revenue_code` is that of a facility's line, which may have no procedure.
    """

    key: str
    procedure: Procedure
    revenue_code: str = ""
    charge: Cents
    units: str = "1"
    service: Period


class SentClaim(Struct, frozen=True, kw_only=True):
    """A claim as we sent it to `payer`, with what the ledger says of its lines.

    `next_payer` is billed after this one; "" when the patient is. `insurance` is, per line key, what this payer still
    answers for (INSURANCE + DENIED postings under its key), and `denied` what of it stands as DENIED; `posted` are the
    entries that its earlier remittances made on these lines and that have not been reversed, oldest first.
    `crossover`: the claim went to another payer, who passed it on to this one.
    """

    control_number: str
    payer: str
    next_payer: str = ""
    lines: tuple[ChargeLine, ...]
    insurance: dict[str, Cents]
    denied: dict[str, Cents] = {}
    posted: tuple[Entry, ...] = ()
    crossover: bool = False


OutcomeState = Literal["paid", "partly_denied", "denied", "reversed", "forwarded", "repeated", "held", "unmatched"]


class ClaimOutcome(Struct, frozen=True, kw_only=True):
    """What became of one CLP of the remittance, at `position` from 0. `event` names it in the payment's entry keys.

    `held` and `unmatched` posted nothing to a line; money they carry waits in SUSPENSE. `repeated` tells nothing new.
    State `forwarded`: not this payer's claim, it passed it on. `forwarded`: the payer passed the claim on to the next
    one itself, so we don't send it. `bill_next`: the next payer is to be billed.
    """

    position: int
    control_number: str
    state: OutcomeState
    event: str = ""
    findings: tuple[Finding, ...] = ()
    forwarded: bool = False
    bill_next: bool = False
    line_keys: tuple[str, ...] = ()


class PostingPlan(Struct, frozen=True, kw_only=True):
    """All entries of one remittance, or none (`held`) with the findings that say why."""

    entries: tuple[Entry, ...] = ()
    outcomes: tuple[ClaimOutcome, ...] = ()
    findings: tuple[Finding, ...] = ()
    held: bool = False


def standing(entries: Iterable[Entry], payer: str) -> tuple[Entry, ...]:
    """Those of `entries` that remittances of `payer` made and that have not been reversed, in their order.

    What a payer answers leaves its own INSURANCE balance; a share that an earlier payer passed on arrives there. An
    entry whose reversal was itself reversed (the remittance that took it back was voided) stands again, as that entry.
    """
    kept = {entry.key: entry for entry in entries}
    reversed_keys = {entry.reverses for entry in kept.values() if entry.reverses}
    return tuple(
        entry
        for entry in kept.values()
        if entry.key not in reversed_keys
        and _answers(entry, kept)
        and any(p.line and p.payer == payer and _takes_off(p) for p in entry.postings)
    )


def _takes_off(posting: Posting) -> bool:
    """Whether a payer's answer paid, or took something off its balance: a payment above the charge may do the one
    without the other."""
    return posting.account is Account.CLEARING or (posting.account in INSURANCE_BALANCE and posting.amount < 0)


def _answers(entry: Entry, kept: dict[str, Entry]) -> bool:
    """Whether a remittance made the entry, or it brings back what one made."""
    if entry.kind != "reversal":
        return entry.kind in ANSWERS
    back = kept.get(entry.reverses)
    restored = kept.get(back.reverses) if back is not None and back.kind == "reversal" else None
    return restored is not None and _answers(restored, kept)

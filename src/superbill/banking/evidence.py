"""What speaks for a bank line and a payment being the same: numbers, names, days. Amounts are not asked here."""

import re
from datetime import date
from typing import Literal

from msgspec import Struct

from superbill.banking.model import BankLine
from superbill.banking.trace import same_trace, tokens
from superbill.money import Cents

Kind = Literal["eft", "check", "deposit", "card", "out"]

TRACE_DAYS = 366  # a trace number is not the payer's for ever
# Days from our date to the bank's. An EFT is dated by the payer, and may be booked a little earlier than it says.
WINDOWS: dict[Kind, tuple[int, int]] = {
    "eft": (-3, 10),
    "check": (-1, 21),
    "deposit": (-1, 7),
    "card": (-1, 7),
    "out": (-1, 120),
}
_COMMON = frozenset(
    {
        "HEALTH", "HEALTHCARE", "INSURANCE", "INSURANCES", "COMPANY", "PLAN", "PLANS", "GROUP", "LIFE", "CARE",
        "MEDICAL", "BENEFIT", "BENEFITS", "SERVICES", "SERVICE", "STATE", "NATIONAL", "AMERICAN", "UNITED",
        "MUTUAL", "FIRST", "CORPORATION", "PAYMENT", "PAYMENTS", "CLAIMS", "PAYER", "BANK", "TRUST", "WITH", "FROM",
        "CREDIT", "DEBIT", "FAMILY", "PRACTICE", "DEPOSIT", "THE",
    }
)  # fmt: skip
# What banks call money that was brought to them, and what card processors send.
_BROUGHT: dict[Kind, frozenset[str]] = {
    "deposit": frozenset({"DEPOSIT", "DEPOSITS", "LOCKBOX", "BRANCH", "COUNTER"}),
    "check": frozenset({"DEPOSIT", "DEPOSITS", "LOCKBOX"}),
    "card": frozenset({"MERCHANT", "BANKCARD", "BNKCD", "CARD", "CARDS", "MERCH", "STRIPE", "SQUARE", "CLOVER"}),
}
_ELECTRONIC = re.compile(r"\b(ACH|EFT|CCD|PPD|CTX|WIRE|DIRECT|ELECTRONIC|TRANSFER|HCCLAIMPMT)\b")
_LETTERS = re.compile(r"[^A-Z0-9]+")
_SHORT, _PREFIX = 7, 10  # banks cut a company's name to 16 characters, and often write it without blanks


class Payment(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Money that the books say came to the account, or left it (negative): one 835, one deposit, one refund.

    `names`: under which the bank may know the other side. `posted` is False for an 835 that is here but held.
    """

    key: str
    kind: Kind
    amount: Cents
    on: date
    trace: str = ""
    originator: str = ""
    names: tuple[str, ...] = ()
    posted: bool = True


class Facts(Struct, frozen=True):
    """A bank line with its words ready for comparison."""

    line: BankLine
    words: frozenset[str]
    squeezed: str
    electronic: bool


def facts(line: BankLine) -> Facts:
    """The words of a line: its text, and its reference."""
    said = f"{line.text} {line.reference}".upper()
    return Facts(line, tokens(said), _LETTERS.sub("", said), bool(line.trace or _ELECTRONIC.search(said)))


def within(line: BankLine, payment: Payment) -> bool:
    """Is the bank's day one on which this money may have been booked?"""
    early, late = WINDOWS[payment.kind]
    return early <= (line.booked_on - payment.on).days <= late


def same_payer(one: str, other: str) -> bool:
    """Whether two TRN03 may be one: equal, or equal but for the leading digit, or one of them not told."""
    return not one or not other or one == other or (len(one) >= 9 and one[-9:] == other[-9:])


def by_trace(known: Facts, payment: Payment) -> bool:
    """The line carries the TRN segment of this payment."""
    line = known.line
    return bool(
        line.trace
        and payment.trace
        and same_trace(line.trace) == same_trace(payment.trace)
        and same_payer(line.originator, payment.originator)
        and abs((line.booked_on - payment.on).days) <= TRACE_DAYS
    )


def mentions(known: Facts, payment: Payment) -> bool:
    """The line's text or reference has the payment's trace number, of five characters or more, as one word."""
    number = same_trace(payment.trace)
    return len(number) >= 5 and number in known.words


def contradicts(known: Facts, payment: Payment) -> bool:
    """The bank tells a trace number of this payer's, and it is another one."""
    line = known.line
    if not (line.trace and payment.trace):
        return False
    same = same_trace(line.trace) == same_trace(payment.trace)
    return not same or not same_payer(line.originator, payment.originator)


def named(known: Facts, payment: Payment) -> bool:
    """The line's text names the payer: by its number (TRN03 is the ACH company id), or by a word that is its own. Money
    that left is named by the number of the check."""
    if payment.kind == "out" and payment.trace and same_trace(payment.trace) in known.words:
        return True
    if payment.originator and any(
        number in known.words for number in (payment.originator.upper(), payment.originator[-9:].upper())
    ):
        return True
    if known.line.originator and payment.originator:
        return same_payer(known.line.originator, payment.originator)
    brought = _BROUGHT.get(payment.kind, frozenset())
    if brought & known.words and (payment.kind == "card" or not known.electronic):
        return True
    return any(names(known, name) for name in payment.names)


def names(known: Facts, name: str) -> bool:
    """The line has a word of `name` that is not on every payer's letterhead, or its beginning without blanks."""
    own = {word for word in _LETTERS.split(name.upper()) if len(word) > 3} - _COMMON
    squeezed = _LETTERS.sub("", name.upper())
    return bool(own & known.words) or (len(squeezed) >= _SHORT and squeezed[:_PREFIX] in known.squeezed)

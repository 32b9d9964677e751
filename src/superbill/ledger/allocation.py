"""Which lines a payment goes to. Pure: what is shown before posting and what is posted are the same computation."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Literal

from msgspec import Struct

from superbill.ledger.accounts import Account
from superbill.money import Cents, dollars, split

Share = Literal["in turn", "proportional", "as asked", "not at all"]


class AboveBalance(ValueError):
    """More is asked for a line than it has open, or more for the lines than the payment is. Nothing was allocated."""


class Open(Struct, frozen=True, kw_only=True):
    """What a patient can pay on one line: `owed` cents of the patient's balance, `bad_debt` cents given up as bad debt.

    `visit` is the account number, `on` the first date of service; `promised`: the line is part of a payment plan;
    `held`: a hold of the line (a dispute, an appeal) keeps us from asking for it.
    """

    line: str
    visit: str
    on: date
    owed: Cents = 0
    bad_debt: Cents = 0
    promised: bool = False
    held: bool = False


class Part(Struct, frozen=True):
    """`amount` cents for `line`, off its PATIENT or its BAD_DEBT balance."""

    line: str
    amount: Cents
    account: Account = Account.PATIENT


class Allocation(Struct, frozen=True, kw_only=True):
    """The parts in the order in which they were found, and what is left over for later."""

    parts: tuple[Part, ...] = ()
    left: Cents = 0

    @property
    def allocated(self) -> Cents:
        """All parts together."""
        return sum(part.amount for part in self.parts)


class Rule(Struct, frozen=True, kw_only=True):
    """How money finds its lines. `visit_only`: lines of the named visit and no others.

    Lines of the named visit come first under every rule, then lines of a payment plan, then the oldest service.
    Bad debt comes after everything that is still owed. A held line takes money only when its visit is named or it is
    asked for: whoever pays what a statement asks for must not find it on a line that the statement told them to leave.
    """

    name: str
    share: Share
    visit_only: bool = False
    about: str


RULES: Mapping[str, Rule] = {
    rule.name: rule
    for rule in (
        Rule(name="oldest-first", share="in turn", about="The oldest service first, until the money is spent."),
        Rule(name="visit", share="in turn", visit_only=True, about="One visit alone; the rest stays on account."),
        Rule(name="proportional", share="proportional", about="Every open line by its share of what is owed."),
        Rule(name="lines", share="as asked", about="Line by line as the patient says; the rest stays on account."),
        Rule(name="unapplied", share="not at all", about="All of it stays on account."),
    )
}
OLDEST_FIRST = RULES["oldest-first"]
_Slot = tuple[str, Account, Cents]  # line, account, what is open there


def allocate(
    amount: Cents, lines: Iterable[Open], rule: Rule = OLDEST_FIRST, *, visit: str = "", asked: Mapping[str, Cents] = {}
) -> Allocation:
    """`amount` over `lines` by `rule`: Σ parts + left = amount, no part above what its line has open.

    The same lines in any order give the same parts. `asked` is for the rule "lines". Raises AboveBalance, and
    ValueError for an amount below zero or a rule that needs a visit and has none.
    """
    if amount < 0 or (rule.visit_only and not visit):
        raise ValueError("an allocation needs an amount, and the rule for one visit that visit")
    if rule.share == "not at all":
        return Allocation(left=amount)
    free = lines if rule.share == "as asked" else [one for one in lines if not one.held or one.visit == visit]
    ordered = sorted(free, key=lambda one: (one.visit != visit, not one.promised, one.on, one.line))
    if rule.visit_only:
        ordered = [one for one in ordered if one.visit == visit]
    if rule.share == "as asked":
        parts = tuple(_as_asked(amount, ordered, asked))
    else:
        share = _proportional if rule.share == "proportional" else _in_turn
        owed: list[_Slot] = [(one.line, Account.PATIENT, one.owed) for one in ordered if one.owed > 0]
        lost: list[_Slot] = [(one.line, Account.BAD_DEBT, one.bad_debt) for one in ordered if one.bad_debt > 0]
        first = tuple(share(amount, owed))
        parts = (*first, *share(amount - sum(part.amount for part in first), lost))
    return Allocation(parts=parts, left=amount - sum(part.amount for part in parts))


def _in_turn(amount: Cents, slots: Sequence[_Slot]) -> Iterator[Part]:
    for line, account, balance in slots:
        if part := min(balance, amount):
            yield Part(line, part, account)
            amount -= part


def _proportional(amount: Cents, slots: Sequence[_Slot]) -> Iterator[Part]:
    whole = sum(balance for _, _, balance in slots)
    if not whole:
        return
    # Largest remainder never goes above a balance as long as no more than the whole is split.
    parts = split(min(amount, whole), [balance for _, _, balance in slots])
    for (line, account, _), part in zip(slots, parts, strict=True):
        if part:
            yield Part(line, part, account)


def _as_asked(amount: Cents, lines: Sequence[Open], asked: Mapping[str, Cents]) -> Iterator[Part]:
    known = {one.line: one for one in lines}
    if sum(asked.values()) > amount:
        raise AboveBalance(f"{dollars(sum(asked.values()))} are asked for the lines, the payment is {dollars(amount)}")
    for line, wanted in asked.items():
        one = known.get(line)
        room = max(one.owed, 0) + max(one.bad_debt, 0) if one else 0
        if not 0 < wanted <= room:
            raise AboveBalance(f"line {line} has {dollars(room)} open, {dollars(wanted)} are asked for it")
        slots = (
            [(line, Account.PATIENT, max(one.owed, 0)), (line, Account.BAD_DEBT, max(one.bad_debt, 0))] if one else []
        )
        yield from _in_turn(wanted, slots)

"""A payer answers again what it has answered: is it a correction, more money, the same once more, or unclear?

A payer that changes an answer reverses the former one first (835 TR3, 1.10.2.8). Many do without when the former one
paid nothing, when they pay what they had denied, or when they count the former payment as paid before (CARC B13).
What can't be told from the figures waits for a person.
"""

from collections.abc import Callable, Sequence
from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

from superbill.ledger.entry import Entry
from superbill.money import Cents, dollars
from superbill.remits.balancing import total
from superbill.remits.books import paid_on, touching
from superbill.remits.lines import ClaimMoney
from superbill.remits.posting import LineMoney, handling

PAID_BEFORE = "B13"
_SEEN_BEFORE = frozenset({"18", PAID_BEFORE})  # exact duplicate; paid before


class Answer(Struct, frozen=True):
    """What to do with an answer. `post`: on top of what stands; `instead`: `replaces` is taken back first; `nothing`:
    it tells nothing new; `ask`: a person decides, `why` says what is unclear. `money` is what is posted."""

    act: Literal["post", "instead", "nothing", "ask"]
    money: ClaimMoney
    replaces: tuple[Entry, ...] = ()
    why: str = ""


def answer_again(money: ClaimMoney, standing: Sequence[Entry], balance: Callable[[str], Cents]) -> Answer:
    """What an answer means beside the answers that stand. `balance` is what the payer still answers for on a line."""
    before = touching(standing, (line.line for line in money.lines))
    paid = paid_on(before)
    answered = [line for line in money.lines if paid.get(line.line)]
    if not answered:
        # A denial that the payer reconsiders is often paid without a reversal of the denial.
        return Answer("instead", money, tuple(before))
    if not any(line.paid for line in money.lines):
        return _pays_nothing(money)
    if all(_counts_before(line, paid[line.line]) for line in answered):
        return Answer("instead", replace(money, lines=tuple(_whole(line) for line in money.lines)), tuple(before))
    if all(0 < _asks_for(line) <= balance(line.line) for line in answered):
        return Answer("post", money)
    same = all(line.paid == paid.get(line.line, 0) for line in money.lines)
    return Answer("ask", money, why=_same_again(money) if same else _ALREADY_PAID)


_ALREADY_PAID = "This payer has already paid this claim and has not reversed that payment."


def _same_again(money: ClaimMoney) -> str:
    paid = dollars(sum(line.paid for line in money.lines))
    return f"This payer has already paid this claim, the same {paid} line by line: it looks like paid twice."


def _pays_nothing(money: ClaimMoney) -> Answer:
    """The answer to a claim that was sent twice; or a denial that leaves the payment where it is."""
    reasons = {each.reason for line in money.lines for each in line.adjustments if each.amount}
    if reasons and reasons <= _SEEN_BEFORE:
        return Answer("nothing", money)
    return Answer("ask", money, why="The payer now pays nothing, but has not taken back what it paid.")


def _counts_before(line: LineMoney, paid: Cents) -> bool:
    return [each.amount for each in line.adjustments if each.reason == PAID_BEFORE] == [paid]


def _whole(line: LineMoney) -> LineMoney:
    """The line with what was paid before as paid: its own payment is what is new."""
    before = [each for each in line.adjustments if each.reason == PAID_BEFORE]
    rest = tuple(each for each in line.adjustments if each.reason != PAID_BEFORE)
    return replace(line, paid=line.paid + total(before), adjustments=rest)


def _asks_for(line: LineMoney) -> Cents:
    """As much of a line's balance as the answer explains."""
    return line.paid + sum(each.amount for each in line.adjustments if handling(each) != "prior_payer")

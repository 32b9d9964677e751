"""Simulated people: what those who get a statement do with it. Like the simulated payers, they say that they are."""

from datetime import timedelta
from typing import Literal

from msgspec import Struct

from superbill.money import Cents
from superbill.payer.chance import digest, happens

Deed = Literal["pays", "pays part", "overpays", "returned check", "asks for a plan", "disputes", "moved", "nothing"]
Method = Literal["check", "card", "cash"]
_METHODS: tuple[Method, ...] = ("check", "check", "card", "card", "card", "cash")
_PLAN_PARTS = 4


class PeopleRates(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How often people do what, per mille of statements; who does none of it does nothing with this one.

    `pays` in full, `pays_part` about half, `overpays` by a round sum, `returned_check` pays with a check that comes
    back, `asks_plan` for four monthly parts, `disputes` a line, `moved`: the letter comes back.
    """

    pays: int = 0
    pays_part: int = 0
    overpays: int = 0
    returned_check: int = 0
    asks_plan: int = 0
    disputes: int = 0
    moved: int = 0


class Reaction(Struct, frozen=True, kw_only=True):
    """What somebody does `after` so long with a statement: the deed, and with money its amount in cents and how."""

    deed: Deed
    after: timedelta = timedelta()
    amount: Cents = 0
    method: Method = "check"
    parts: int = 0


def reaction(rates: PeopleRates, seed: int, statement: str, amount: Cents) -> Reaction:
    """What is done with the statement of this number that asks for `amount`: always the same for the same seed.

    Each deed is drawn from what the ones before left over, so that the rates are those of all statements.
    """
    left = 1000
    for name, deed in _DEEDS.items():
        rate = getattr(rates, name)
        if left and happens(rate * 1000 // left, seed, statement, name):
            after = timedelta(days=5 + digest(seed, statement, "days") % 20)
            method = _METHODS[digest(seed, statement, "method") % len(_METHODS)]
            return _done(deed, after, amount, method)
        left -= min(rate, left)
    return Reaction(deed="nothing")


_DEEDS: dict[str, Deed] = {
    "pays": "pays",
    "pays_part": "pays part",
    "overpays": "overpays",
    "returned_check": "returned check",
    "asks_plan": "asks for a plan",
    "disputes": "disputes",
    "moved": "moved",
}


def _done(deed: Deed, after: timedelta, amount: Cents, method: Method) -> Reaction:
    match deed:
        case "pays":
            return Reaction(deed=deed, after=after, amount=amount, method=method)
        case "pays part":
            return Reaction(
                deed=deed, after=after, amount=max(amount // 2 // 5_00 * 5_00, min(amount, 5_00)), method=method
            )
        case "overpays":
            return Reaction(deed=deed, after=after, amount=-(-(amount + 1) // 10_00) * 10_00, method=method)
        case "returned check":
            return Reaction(deed=deed, after=after, amount=amount, method="check")
        case "asks for a plan":
            return Reaction(deed=deed, after=after, amount=amount, parts=_PLAN_PARTS)
        case _:
            return Reaction(deed=deed, after=after)

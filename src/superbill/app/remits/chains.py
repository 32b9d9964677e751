"""Which entries of a payment still say something: an entry, what took it back, and what took that back again."""

from collections.abc import Iterable

from msgspec import Struct

from superbill.app.accounts.actors import Scope
from superbill.app.billing.errors import NotPossible
from superbill.app.billing.journal import stored_entries
from superbill.app.billing.models import JournalEntry
from superbill.app.rows import found
from superbill.ledger.entry import Entry


class Chain(Struct, frozen=True):
    """An entry (row id) and its reversals in turn, each with the payment that made it."""

    members: tuple[tuple[int, str], ...]

    def share(self, source: str) -> int:
        """How often what the first entry says is on the books by the doing of one payment: once, not, or minus once."""
        return sum(_sign(place) for place, (_, by) in enumerate(self.members) if by == source)

    def can_be_undone(self, source: str) -> bool:
        """Whether one more reversal takes back what the payment has done here."""
        return self.share(source) == -_sign(len(self.members))


def _sign(place: int) -> int:
    """Every other member of a chain takes back what the one before it said."""
    return -1 if place % 2 else 1


def chains(scope: Scope, source: str, wanted: Iterable[str] | None = None) -> list[Chain]:
    """The chains that begin with an entry of the payment `source`, in the order of posting. What it reversed of another
    payment begins one. `wanted`: only those that begin with one of these keys."""
    rows = sorted(found(scope, JournalEntry, "source", [source], "id", "key"))
    keys = None if wanted is None else set(wanted)
    members = {row_id: [(row_id, source)] for row_id, key in rows if keys is None or key in keys}
    ends = {row_id: row_id for row_id in members}
    inside: set[int] = set()
    while ends:
        step: dict[int, list[int]] = {}
        starts: dict[int, list[int]] = {}
        for first, end in ends.items():
            starts.setdefault(end, []).append(first)
        for of, row_id, by in found(scope, JournalEntry, "reverses_id", starts, "reverses_id", "id", "source"):
            inside.add(row_id)
            for first in starts[of]:
                members[first].append((row_id, by))
                step.setdefault(row_id, []).append(first)
        ends = {first: row_id for row_id, firsts in step.items() for first in firsts}
    return [Chain(tuple(some)) for first, some in members.items() if first not in inside]


def standing_entries(scope: Scope, source: str, found_chains: Iterable[Chain]) -> list[Entry]:
    """The entries to reverse so that nothing is left of what the payment did in these chains, the latest first.

    Raises NotPossible where another payment took one of them back: that payment has to be undone before.
    """
    alive: list[int] = []
    for chain in found_chains:
        last, by = chain.members[-1]
        if not chain.share(source):
            continue
        if not chain.can_be_undone(source):
            payment = by.split(":", 2)[-1] or "another payment"
            raise NotPossible(
                f"Payment {payment} has taken back or corrected what this one paid. "
                f"Undo {payment} first, then this one."
            )
        alive.append(last)
    return list(reversed(stored_entries(scope, alive)))

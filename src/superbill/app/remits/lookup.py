"""What the planner asks of our side, read in a few statements per remittance whatever the number of its claims."""

from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from superbill.app.accounts.actors import Scope
from superbill.app.billing.journal import stored_entries
from superbill.app.billing.models import ChargeLine, Posting
from superbill.app.claims.models import ClaimRow
from superbill.app.documents import decoded
from superbill.app.rows import found
from superbill.claims.control import read_control_number
from superbill.claims.model import Claim
from superbill.ledger.accounts import INSURANCE_BALANCE, Account
from superbill.ledger.entry import Entry
from superbill.money import Cents
from superbill.remits.match import charge_lines
from superbill.remits.model import ANSWERS, SentClaim, standing
from superbill.x12.model import RemittanceClaim

ANSWERABLE = ("sent", "accepted", "rejected", "paid", "partly_denied", "denied", "reversed")
_ANSWERS = ANSWERS | {"reversal"}
Placed = dict[int, Entry]


class Ours(Struct, frozen=True):
    """A claim row that a CLP answers. `crossover`: its payer passed the claim on to the one who answers."""

    id: int
    number: str
    payer_key: str
    next_payer: str
    encounter: int
    claim: Claim
    crossover: bool = False


_COLUMNS = ("control_number", "id", "payer_control_number", "payer_key", "next_payer_key", "encounter_id", "doc")


class SentClaims:
    """The claims that a remittance answers. `find` is what the planner calls; `row_id` tells which row it was."""

    def __init__(self, scope: Scope, payer_key: str, answered: Sequence[RemittanceClaim]) -> None:
        self._scope, self._payer = scope, payer_key
        ours = partial(found, scope, ClaimRow, state__in=ANSWERABLE)
        rows = {row[0]: row for row in ours("control_number", _numbers(answered), *_COLUMNS)}
        missing = {one.payer_control_number for one in answered if one.control_number not in rows} - {""}
        # A payer that mangles CLM01 still returns its own number, which an earlier answer of this payer told us.
        by_payer_number = {row[2]: row for row in ours("payer_control_number", missing, *_COLUMNS, payer_key=payer_key)}
        self._by_payer_number = {number: row[0] for number, row in by_payer_number.items()}
        rows |= {row[0]: row for row in by_payer_number.values()}
        self._ours = dict(self._with_crossover({number: _ours(row) for number, row in rows.items()}))
        self._claims = self._build()

    def find(self, answered: RemittanceClaim) -> SentClaim | None:
        """The claim of ours that this CLP answers."""
        return self._claims.get(self._number(answered))

    def row_id(self, answered: RemittanceClaim) -> int | None:
        """Its row."""
        row = self._ours.get(self._number(answered))
        return row.id if row else None

    def crossover(self, answered: RemittanceClaim) -> bool:
        """Whether the row is that of the payer who passed the claim on: this answer is not about its state."""
        row = self._ours.get(self._number(answered))
        return row is not None and row.crossover

    def _number(self, answered: RemittanceClaim) -> str:
        number = answered.control_number
        return number if number in self._ours else self._by_payer_number.get(answered.payer_control_number, "")

    def _with_crossover(self, rows: dict[str, Ours]) -> Iterator[tuple[str, Ours]]:
        """A payer who got a claim by crossover answers under the number that the payer before it was sent."""
        strange = {number: row for number, row in rows.items() if row.payer_key != self._payer}
        own = self._own_claims(strange.values())
        for number, row in rows.items():
            if number not in strange:
                yield number, row
            elif (row.encounter, _account(row.number)) in own:
                yield number, own[row.encounter, _account(row.number)]
            elif row.next_payer == self._payer:
                yield number, replace(row, payer_key=self._payer, next_payer=self._after(row.claim), crossover=True)
            else:
                yield number, row

    def _own_claims(self, strange: Iterable[Ours]) -> dict[tuple[int, tuple[str, int]], Ours]:
        """The latest claim to this payer itself for the same account."""
        encounters = {row.encounter for row in strange}
        theirs = found(self._scope, ClaimRow, "encounter_id", encounters, *_COLUMNS, payer_key=self._payer)
        rows = sorted((_ours(row) for row in theirs), key=lambda row: row.id)
        return {(row.encounter, _account(row.number)): row for row in rows}

    def _after(self, claim: Claim) -> str:
        """Who is billed after the payer that got `claim` by crossover: the second that had not answered it."""
        waiting = [other.payer.id for other in claim.other_insurance if other.paid is None]
        keys = found(self._scope, ClaimRow, "payer_id", waiting[1:2], "payer_key")
        return next((key for (key,) in keys), "")

    def _build(self) -> dict[str, SentClaim]:
        lines = {line.control_number for row in self._ours.values() for line in row.claim.lines}
        books = on_lines(self._scope, lines)
        return {number: sent_claim(row, books) for number, row in self._ours.items()}


def _ours(row: tuple[Any, ...]) -> Ours:
    number, row_id, _, payer_key, next_payer, encounter, doc = row
    return Ours(row_id, number, payer_key, next_payer, encounter, decoded(doc, Claim, f"claim {number}"))


def sent_claim(row: Ours, books: "OnLines") -> SentClaim:
    """The claim as the planner takes it."""
    keys = [line.control_number for line in row.claim.lines]
    return SentClaim(
        control_number=row.number,
        payer=row.payer_key,
        next_payer=row.next_payer,
        lines=charge_lines(row.claim),
        insurance={key: books.insurance.get((row.payer_key, key), 0) for key in keys},
        denied={key: books.denied.get((row.payer_key, key), 0) for key in keys},
        posted=standing(_about(books.entries, keys), row.payer_key),
        crossover=row.crossover,
    )


def claim_for(scope: Scope, number: str, payer_key: str) -> tuple[int, SentClaim, bool] | None:
    """The claim with this control number as `payer_key` answers it: its row id, the claim, and whether it came to that
    payer by crossover. None where there is none, or it was never sent."""
    asked = RemittanceClaim(control_number=number, status="1", charge=0, paid=0)
    sent = SentClaims(scope, payer_key, [asked])
    row_id, claim = sent.row_id(asked), sent.find(asked)
    return None if row_id is None or claim is None else (row_id, claim, sent.crossover(asked))


class OnLines(Struct, frozen=True):
    """Per payer and line key what the payer still answers for, and what of it was denied; per line the entries that
    remittances made on it, and their reversals, each by its place in the order of posting."""

    insurance: dict[tuple[str, str], Cents]
    denied: dict[tuple[str, str], Cents]
    entries: dict[str, Placed]


def on_lines(scope: Scope, lines: Iterable[str]) -> OnLines:
    """What the journal says of these lines."""
    keys = {row_id: key for key, row_id in found(scope, ChargeLine, "key", lines, "key", "id")}
    insurance: dict[tuple[str, str], Cents] = {}
    denied: dict[tuple[str, str], Cents] = {}
    answers: set[int] = set()
    columns = ("line_id", "entry_id", "account", "amount", "payer", "entry__kind")
    for line, entry, account, amount, payer, kind in found(scope, Posting, "line_id", keys, *columns):
        if account in INSURANCE_BALANCE:
            owed = payer, keys[line]
            insurance[owed] = insurance.get(owed, 0) + amount
            if account == Account.DENIED:
                denied[owed] = denied.get(owed, 0) + amount
        if kind in _ANSWERS:
            answers.add(entry)
    entries: dict[str, Placed] = {}
    for place, stored in enumerate(stored_entries(scope, answers)):
        for key in {posting.line for posting in stored.postings}:
            entries.setdefault(key, {})[place] = stored
    return OnLines(insurance, denied, entries)


def _about(entries: dict[str, Placed], lines: Iterable[str]) -> list[Entry]:
    """The entries on any of `lines`, each once, in the order of posting."""
    placed: Placed = {}
    for line in lines:
        placed |= entries.get(line, {})
    return [placed[place] for place in sorted(placed)]


def _account(number: str) -> tuple[str, int]:
    read = read_control_number(number)
    return (read.account, read.part) if read else (number, 0)


def _numbers(answered: Sequence[RemittanceClaim]) -> set[str]:
    return {one.control_number for one in answered}

"""What the planner asks of our side, read in a few statements per remittance whatever the number of its claims."""

from collections.abc import Iterable, Sequence
from functools import partial

from superbill.app.accounts.actors import Scope
from superbill.app.billing.journal import stored_entries
from superbill.app.billing.models import ChargeLine, Posting
from superbill.app.claims.models import ClaimRow
from superbill.app.documents import decoded
from superbill.app.rows import found
from superbill.claims.model import Claim
from superbill.ledger.accounts import INSURANCE_BALANCE
from superbill.ledger.entry import Entry
from superbill.remits.match import charge_lines
from superbill.remits.model import SentClaim, standing
from superbill.x12.model import RemittanceClaim

ANSWERABLE = ("sent", "accepted", "rejected", "paid", "partly_denied", "denied", "reversed")
ANSWERS = frozenset({"insurance payment", "denial", "reversal"})
Placed = dict[int, Entry]


class SentClaims:
    """The claims that a remittance answers. `find` is what the planner calls; `row_id` tells which row it was."""

    def __init__(self, scope: Scope, payer_key: str, answered: Sequence[RemittanceClaim]) -> None:
        columns = ("control_number", "id", "payer_control_number", "next_payer_key", "encounter_id", "doc")
        ours = partial(found, scope, ClaimRow, state__in=ANSWERABLE)
        self._rows = {row[0]: row[1:] for row in ours("control_number", _numbers(answered), *columns)}
        missing = {one.payer_control_number for one in answered if one.control_number not in self._rows} - {""}
        # A payer that mangles CLM01 still returns its own number, which an earlier answer of this payer told us.
        rows = ours("payer_control_number", missing, *columns, payer_key=payer_key)
        by_payer_number = {row[2]: row for row in rows}
        self._rows |= {row[0]: row[1:] for row in by_payer_number.values()}
        self._by_payer_number = {number: row[0] for number, row in by_payer_number.items()}
        self._claims = self._build(scope, payer_key)

    def find(self, answered: RemittanceClaim) -> SentClaim | None:
        """The claim of ours that this CLP answers."""
        return self._claims.get(self._number(answered))

    def row_id(self, answered: RemittanceClaim) -> int | None:
        """Its row."""
        row = self._rows.get(self._number(answered))
        return row[0] if row else None

    def _number(self, answered: RemittanceClaim) -> str:
        number = answered.control_number
        return number if number in self._rows else self._by_payer_number.get(answered.payer_control_number, "")

    def _build(self, scope: Scope, payer_key: str) -> dict[str, SentClaim]:
        docs = {number: decoded(row[4], Claim, f"claim {number}") for number, row in self._rows.items()}
        lines = {line.control_number for claim in docs.values() for line in claim.lines}
        insurance, posted = on_lines(scope, payer_key, lines)
        return {
            number: SentClaim(
                control_number=number,
                payer=payer_key,
                next_payer=self._rows[number][2],
                lines=charge_lines(claim),
                insurance={line.control_number: insurance.get(line.control_number, 0) for line in claim.lines},
                posted=standing(_about(posted, [line.control_number for line in claim.lines]), payer_key),
            )
            for number, claim in docs.items()
        }


def on_lines(scope: Scope, payer_key: str, lines: Iterable[str]) -> tuple[dict[str, int], dict[str, Placed]]:
    """Per line key, what this payer still answers for (its INSURANCE and DENIED postings), and the entries that
    remittances made on the line, and their reversals, each by its place in the order of posting."""
    keys = {row_id: key for key, row_id in found(scope, ChargeLine, "key", lines, "key", "id")}
    balances: dict[str, int] = {}
    answers: set[int] = set()
    columns = ("line_id", "entry_id", "account", "amount", "payer", "entry__kind")
    for line, entry, account, amount, payer, kind in found(scope, Posting, "line_id", keys, *columns):
        if payer == payer_key and account in INSURANCE_BALANCE:
            balances[keys[line]] = balances.get(keys[line], 0) + amount
        if kind in ANSWERS:
            answers.add(entry)
    entries: dict[str, Placed] = {}
    for place, stored in enumerate(stored_entries(scope, answers)):
        for key in {posting.line for posting in stored.postings}:
            entries.setdefault(key, {})[place] = stored
    return balances, entries


def _about(entries: dict[str, Placed], lines: Iterable[str]) -> list[Entry]:
    """The entries on any of `lines`, each once, in the order of posting."""
    placed: Placed = {}
    for line in lines:
        placed |= entries.get(line, {})
    return [placed[place] for place in sorted(placed)]


def _numbers(answered: Sequence[RemittanceClaim]) -> set[str]:
    return {one.control_number for one in answered}

"""What the planner asks of our side, read in a few statements per remittance whatever the number of its claims."""

from collections.abc import Iterable, Sequence

from django.db.models import Sum

from superbill.app.accounts.actors import Scope
from superbill.app.billing.journal import stored_entries
from superbill.app.billing.models import Posting
from superbill.app.claims.models import ClaimRow
from superbill.app.documents import decoded
from superbill.app.rows import chunks, found
from superbill.claims.model import Claim
from superbill.ledger.accounts import INSURANCE_BALANCE
from superbill.ledger.entry import Entry
from superbill.remits.model import ChargeLine as SentLine
from superbill.remits.model import SentClaim, standing
from superbill.x12.model import RemittanceClaim

ANSWERABLE = ("sent", "accepted", "rejected", "paid", "partly_denied", "denied", "reversed")


class SentClaims:
    """The claims that a remittance answers. `find` is what the planner calls; `row_id` tells which row it was."""

    def __init__(self, scope: Scope, payer_key: str, answered: Sequence[RemittanceClaim]) -> None:
        rows = scope.rows(ClaimRow).filter(state__in=ANSWERABLE)
        columns = ("control_number", "id", "payer_control_number", "next_payer_key", "encounter_id", "doc")
        self._rows = {row[0]: row[1:] for row in found(rows, "control_number", _numbers(answered), *columns)}
        missing = {one.payer_control_number for one in answered if one.control_number not in self._rows} - {""}
        ours = rows.filter(payer_key=payer_key)
        # A payer that mangles CLM01 still returns its own number, which an earlier answer of this payer told us.
        by_payer_number = {row[2]: row for row in found(ours, "payer_control_number", missing, *columns)}
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
        insurance = payer_balances(scope, payer_key, lines)
        posted = posted_entries(scope, lines)
        return {
            number: SentClaim(
                control_number=number,
                payer=payer_key,
                next_payer=self._rows[number][2],
                lines=tuple(
                    SentLine(
                        key=line.control_number,
                        procedure=line.procedure,
                        charge=line.charge,
                        units=str(line.units),
                        service=line.service,
                    )
                    for line in claim.lines
                ),
                insurance={line.control_number: insurance.get(line.control_number, 0) for line in claim.lines},
                posted=standing(_about(posted, {line.control_number for line in claim.lines}), payer_key),
            )
            for number, claim in docs.items()
        }


def payer_balances(scope: Scope, payer_key: str, lines: Iterable[str]) -> dict[str, int]:
    """What this payer still answers for, per line key: its INSURANCE and DENIED postings."""
    accounts = [account.value for account in INSURANCE_BALANCE]
    postings = scope.rows(Posting).filter(payer=payer_key, account__in=accounts)
    balances: dict[str, int] = {}
    for some in chunks(sorted(set(lines))):
        sums = postings.filter(line__key__in=some).values_list("line__key").annotate(total=Sum("amount"))
        balances |= dict(sums.order_by())
    return balances


def posted_entries(scope: Scope, lines: Iterable[str]) -> list[Entry]:
    """Entries that remittances made on these lines, and their reversals, in the order of posting."""
    kinds = ("insurance payment", "denial", "reversal")
    postings = scope.rows(Posting).filter(entry__kind__in=kinds)
    touching = {row[0] for row in found(postings, "line__key", lines, "entry_id")}
    return stored_entries(scope, touching)


def _about(entries: Sequence[Entry], lines: set[str]) -> Iterable[Entry]:
    return (entry for entry in entries if any(posting.line in lines for posting in entry.postings))


def _numbers(answered: Sequence[RemittanceClaim]) -> set[str]:
    return {one.control_number for one in answered}

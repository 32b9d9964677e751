"""Claims that go by mail."""

from datetime import date

from msgspec import Struct

from superbill.app.accounts.actors import Scope
from superbill.app.claims.deadlines import filing_deadline
from superbill.app.claims.models import ClaimRow, ClaimState, PaperRow
from superbill.app.claims.queries.payers import payer_book
from superbill.app.documents import decoded
from superbill.app.rows import found
from superbill.claims.model import Claim
from superbill.money import Cents


class Paper(Struct, frozen=True, kw_only=True):
    """A claim that waits to be mailed. `printed`: the row id of its latest print; 0 before there is one."""

    id: int
    control_number: str
    payer_key: str
    charge: Cents
    ready_since: date
    file_by: date | None
    printed: int = 0


def papers_to_mail(scope: Scope) -> list[Paper]:
    """Ready claims whose payers take them by mail only, oldest first."""
    payers = payer_book(scope)
    rows = scope.rows(ClaimRow).filter(state=ClaimState.READY.value, on_paper=True).order_by("state_since", "id")
    columns = ("id", "control_number", "payer_key", "charge", "state_since", "doc")
    every = list(rows.values_list(*columns))
    prints = dict(sorted(found(scope, PaperRow, "claim_id", (row[0] for row in every), "claim_id", "id")))
    return [
        Paper(
            id=row_id,
            control_number=number,
            payer_key=payer,
            charge=charge,
            ready_since=since.date(),
            file_by=filing_deadline(decoded(doc, Claim, f"claim {number}"), payers.get(payer)),
            printed=prints.get(row_id, 0),
        )
        for row_id, number, payer, charge, since, doc in every
    ]


def print_of(scope: Scope, claim: int) -> tuple[bytes, date | None] | None:
    """The latest print of a claim (row id), and when it was mailed; None before there is one."""
    rows = scope.rows(PaperRow).filter(claim_id=claim).order_by("-id").values_list("content", "mailed_on")
    row = rows.first()
    return (bytes(row[0]), row[1]) if row else None

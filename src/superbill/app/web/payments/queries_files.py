"""Files of payers as they came in, and what of each is posted."""

from datetime import datetime

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Sum
from msgspec import Struct

from superbill.app.accounts.actors import Scope
from superbill.app.claims.models import ClaimRow, ReceivedFile
from superbill.app.documents import decoded
from superbill.app.remits.models import RemittanceRow
from superbill.app.rows import found
from superbill.app.web.paging import ROWS, Page, asked
from superbill.claims.model import Claim
from superbill.findings import Finding
from superbill.money import Cents


class FileLine(Struct, frozen=True, kw_only=True):
    """One file in a list: how many payments of it are posted, and of how much money. `waits`: it is an 835
    of which something is still to be posted."""

    id: int
    name: str
    kind: str
    outcome: str
    received: datetime
    payments: int = 0
    amount: Cents = 0
    waits: bool = False


class StoredFile(Struct, frozen=True, kw_only=True):
    """One file with its bytes and what was said of it."""

    line: FileLine
    content: bytes
    findings: tuple[Finding, ...]


PREVIEW = "receive.preview"  # the rule under which a dropped 835 waits until somebody has looked at it
_COLUMNS = ("id", "name", "kind", "outcome", "received_at", "findings")


def file_list(scope: Scope, *, waiting: bool = False, page: str = "") -> Page[FileLine]:
    """Files, the latest first; `waiting`: 835s of which something is to be posted."""
    rows = _to_post(scope) if waiting else scope.rows(ReceivedFile)
    total = rows.count()
    number, offset = asked(page, total)
    some = list(rows.order_by("-id").values_list(*_COLUMNS)[offset : offset + ROWS])
    sums = _posted(scope, [row[0] for row in some])
    return Page(rows=tuple(_line(row, sums) for row in some), number=number, total=total)


def files_to_post(scope: Scope) -> int:
    """How many 835s there are of which something is to be posted."""
    return _to_post(scope).count()


def _to_post(scope: Scope) -> QuerySet[ReceivedFile]:
    posted = scope.rows(RemittanceRow).filter(received_file=OuterRef("pk"), state="posted")
    rows = scope.rows(ReceivedFile).filter(kind="835").exclude(outcome="processed")
    return rows.filter(~Exists(posted) | Q(findings__contains=PREVIEW))


def file_of(scope: Scope, row_id: int) -> StoredFile | None:
    """One file; None when the practice has none of this id."""
    row = scope.rows(ReceivedFile).filter(pk=row_id).first()
    if row is None:
        return None
    facts = (row.pk, row.name, row.kind, row.outcome, row.received_at, row.findings)
    return StoredFile(
        line=_line(facts, _posted(scope, [row.pk])),
        content=bytes(row.content),
        findings=decoded(row.findings, tuple[Finding, ...], f"file {row_id}"),
    )


def _posted(scope: Scope, files: list[int]) -> dict[int, tuple[int, Cents]]:
    rows = scope.rows(RemittanceRow).filter(received_file__in=files, state="posted").order_by()
    sums = rows.values_list("received_file_id").annotate(count=Count("id"), sum=Sum("payment_amount"))
    return {file: (count, amount) for file, count, amount in sums}


def _line(row: tuple, sums: dict[int, tuple[int, Cents]]) -> FileLine:  # type: ignore[type-arg]  # a row of _COLUMNS
    payments, amount = sums.get(row[0], (0, 0))
    open_835 = row[2] == "835" and row[3] != "processed"
    return FileLine(
        id=row[0], name=row[1], kind=row[2], outcome=row[3], received=row[4], payments=payments, amount=amount,
        waits=open_835 and (not payments or PREVIEW in row[5]),
    )  # fmt: skip


class OurClaim(Struct, frozen=True, kw_only=True):
    """A claim of ours beside an answer: its row, its patient's name, the document."""

    id: int
    family: str
    given: str
    claim: Claim


def our_claims(scope: Scope, numbers: list[str]) -> dict[str, OurClaim]:
    """Claims by control number; one statement."""
    columns = ("control_number", "id", "encounter__patient__family", "encounter__patient__given", "doc")
    return {
        number: OurClaim(id=row_id, family=family, given=given, claim=decoded(doc, Claim, f"claim {number}"))
        for number, row_id, family, given, doc in found(scope, ClaimRow, "control_number", set(numbers), *columns)
    }

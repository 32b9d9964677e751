"""Files that went out and came in, for their pages."""

from datetime import datetime
from typing import Any

from django.db.models import Count, QuerySet, Sum
from msgspec import Struct

from superbill.app.accounts.actors import Scope
from superbill.app.claims.models import Batch, ClaimEvent, ClaimRow, ReceivedFile
from superbill.app.documents import decoded
from superbill.app.web.paging import ROWS, Page, asked
from superbill.findings import Finding
from superbill.money import Cents


class BatchLine(Struct, frozen=True, kw_only=True):
    """A batch in a list."""

    id: int
    file_name: str
    kind: str
    payer_key: str
    created: datetime
    state: str
    claim_count: int
    charge: Cents
    answered: datetime | None


class BatchStory(Struct, frozen=True, kw_only=True):
    """A batch: its row, what its answer said, and where its claims stand now. `answers` are the files that told
    something of them, by row id and name."""

    row: Batch
    findings: tuple[Finding, ...]
    states: tuple[tuple[str, int, Cents], ...]
    answers: tuple[tuple[int, str, str], ...]
    moved: int


class FileLine(Struct, frozen=True, kw_only=True):
    """A received file in a list."""

    id: int
    name: str
    kind: str
    received_at: datetime
    outcome: str


def batch_list(scope: Scope, *, state: str, kind: str, payer: str, page: str) -> tuple[Page[BatchLine], list[str]]:
    """A page of batches, the latest first; and the kinds that there are."""
    rows = scope.rows(Batch)
    kinds = sorted(set(rows.order_by().values_list("kind", flat=True).distinct()))
    for field, value in (("state", state), ("kind", kind), ("payer_key", payer)):
        rows = rows.filter(**{field: value}) if value else rows
    found, number, total = _page(rows, page)
    some = found.values_list(*BatchLine.__struct_fields__)
    lines = tuple(BatchLine(**dict(zip(BatchLine.__struct_fields__, row, strict=True))) for row in some)
    return Page(rows=lines, number=number, total=total), kinds


def batch_story(scope: Scope, number: int) -> BatchStory | None:
    """One batch with all that became of it; None when the practice has no such batch."""
    row = scope.rows(Batch).select_related("answer_file").defer("answer_file__content").filter(pk=number).first()
    if row is None:
        return None
    claims = scope.rows(ClaimRow).filter(batch_id=number).order_by()
    states = tuple(claims.values_list("state").annotate(n=Count("id"), c=Sum("charge")))
    events = scope.rows(ClaimEvent).filter(claim__batch_id=number, file__isnull=False).order_by()
    told = {(row_id, name, kind) for row_id, name, kind in events.values_list("file_id", "file__name", "file__kind")}
    if row.answer_file is not None:
        told.add((row.answer_file.pk, row.answer_file.name, row.answer_file.kind))
    return BatchStory(
        row=row,
        findings=decoded(row.findings, tuple[Finding, ...], f"batch {number}"),
        states=states,
        answers=tuple(sorted(told)),
        moved=row.claim_count - sum(count for _, count, _ in states),
    )


def claims_of_batch(scope: Scope, number: int) -> list[int]:
    """The claims (row ids) that this batch carried last."""
    return list(scope.rows(ClaimRow).filter(batch_id=number).order_by("id").values_list("id", flat=True))


def file_list(scope: Scope, *, outcome: str, kind: str, page: str) -> tuple[Page[FileLine], list[str], int]:
    """A page of received files, the latest first; the kinds that there are; how many are held."""
    rows = scope.rows(ReceivedFile)
    kinds = sorted(set(rows.order_by().values_list("kind", flat=True).distinct()))
    held = rows.filter(outcome="held").count()
    for field, value in (("outcome", outcome), ("kind", kind)):
        rows = rows.filter(**{field: value}) if value else rows
    found, number, total = _page(rows, page)
    some = found.values_list(*FileLine.__struct_fields__)
    lines = tuple(FileLine(**dict(zip(FileLine.__struct_fields__, row, strict=True))) for row in some)
    return Page(rows=lines, number=number, total=total), kinds, held


def received_file(scope: Scope, number: int) -> tuple[ReceivedFile, tuple[Finding, ...]] | None:
    """One file with what was found in it."""
    row = scope.rows(ReceivedFile).filter(pk=number).first()
    return (row, decoded(row.findings, tuple[Finding, ...], f"file {number}")) if row else None


def _page(rows: QuerySet[Any], page: str) -> tuple[QuerySet[Any], int, int]:
    total = rows.count()
    number, offset = asked(page, total)
    return rows.order_by("-id")[offset : offset + ROWS], number, total

"""Batches that went out, files that came in, and what of them a stopped run left unfinished."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from msgspec import Struct

from superbill.app.accounts.actors import Scope
from superbill.app.claims.models import Batch, BatchState, FileOutcome, ReceivedFile
from superbill.app.rows import asked


class FileFacts(Struct, frozen=True, kw_only=True):
    """A file received, without its bytes."""

    name: str
    kind: str
    outcome: str
    received_at: datetime
    sha256: str


def batches_to_write(scope: Scope) -> list[Batch]:
    """Batches whose file may not be where it belongs yet: write `content` to `file_name`, then `mark_sent`."""
    waiting = [row_id for (row_id,) in asked(scope, Batch, _prepared)]
    return list(scope.rows(Batch).filter(id__in=waiting).order_by("id")) if waiting else []


def _prepared(scope: Scope) -> QuerySet[Batch, Any]:
    return scope.rows(Batch).filter(state=BatchState.PREPARED).values_list("id")


def files_to_finish(scope: Scope) -> list[ReceivedFile]:
    """Files that a stopped run left unfinished."""
    unfinished = [row_id for (row_id,) in asked(scope, ReceivedFile, _unfinished)]
    return list(scope.rows(ReceivedFile).filter(id__in=unfinished).order_by("id")) if unfinished else []


def _unfinished(scope: Scope) -> QuerySet[ReceivedFile, Any]:
    return scope.rows(ReceivedFile).filter(outcome=FileOutcome.RECEIVED).values_list("id")


def last_batch(scope: Scope) -> int:
    """The row id of the latest batch; 0 before there is any."""
    return scope.rows(Batch).order_by("-id").values_list("id", flat=True).first() or 0


def batches(scope: Scope, after: int = 0) -> list[Batch]:
    """Batches in the order of making, those after row id `after`; their bytes are read only when asked for."""
    return list(scope.rows(Batch).filter(id__gt=after).defer("content").order_by("id"))


def received_files(scope: Scope) -> list[FileFacts]:
    """Files that came in, in the order of coming."""
    rows = scope.rows(ReceivedFile).order_by("id")
    return [FileFacts(**row) for row in rows.values(*FileFacts.__struct_fields__)]


def contents(scope: Scope) -> Iterator[tuple[str, bytes, str]]:
    """(name, bytes, kind) of every batch that went out, its kind 837, and of every file that came in."""
    sent = scope.rows(Batch).order_by("id").values_list("file_name", "content")
    received = scope.rows(ReceivedFile).order_by("id").values_list("name", "content", "kind")
    yield from ((name, bytes(content), "837") for name, content in sent.iterator())
    yield from ((name, bytes(content), kind) for name, content, kind in received.iterator())

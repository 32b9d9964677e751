"""Dropped chart files, read."""

from collections.abc import Iterable
from datetime import datetime
from typing import TypeVar

from msgspec import Struct

from superbill.app.accounts.actors import Scope
from superbill.app.documents import decoded
from superbill.app.encounters.models import ChartDrop, ChartFile, DropState
from superbill.app.rows import found

T = TypeVar("T")
LATEST = 20


class DropSeen(Struct, frozen=True, kw_only=True):
    """A drop. `looked` and `brought` are documents as text, "" while there is none."""

    id: int
    by: str
    at: datetime
    files: int
    size: int
    refused: tuple[tuple[str, str], ...]
    state: str
    since: datetime
    looked: str
    brought: str

    @property
    def waits(self) -> bool:
        """May it be brought in?"""
        return self.state == DropState.WAITING

    def told(self, text: str, kind: type[T]) -> T | None:
        """One of its documents; None while there is none."""
        return decoded(text, kind, f"charts {self.id}") if text else None


class KeptFile(Struct, frozen=True, kw_only=True):
    """A file with its bytes; `account` is the visit that it became a part of."""

    id: int
    drop: int
    name: str
    path: str
    digest: str
    data: bytes
    account: str


_COLUMNS = ("id", "by", "at", "files", "size", "refused", "state", "since", "looked", "brought")


def drop(scope: Scope, drop_id: int) -> DropSeen | None:
    """The drop of this id."""
    row = scope.rows(ChartDrop).filter(pk=drop_id).values_list(*_COLUMNS).first()
    return _seen(row) if row else None


def drops(scope: Scope) -> list[DropSeen]:
    """The latest, without their documents."""
    rows = scope.rows(ChartDrop).order_by("-id").values_list(*_COLUMNS[:-2])[:LATEST]
    return [_seen((*row, "", "")) for row in rows]


def files_of(scope: Scope, drop_id: int) -> list[KeptFile]:
    """The files of a drop, in the order in which they came."""
    return [_file(row) for row in scope.rows(ChartFile).filter(drop_id=drop_id).order_by("id")]


def file(scope: Scope, file_id: int) -> KeptFile | None:
    """One file."""
    row = scope.rows(ChartFile).filter(pk=file_id).first()
    return _file(row) if row else None


def taken(scope: Scope, files: Iterable[int]) -> dict[int, str]:
    """The visits of which these files (row ids) became a part."""
    return {row_id: account for row_id, account in found(scope, ChartFile, "id", files, "id", "account") if account}


def taken_before(scope: Scope, digests: Iterable[str]) -> dict[str, str]:
    """The visits of which files of these contents became a part."""
    rows = found(scope, ChartFile, "digest", digests, "digest", "account")
    return {digest: account for digest, account in sorted(rows) if account}


def came_before(scope: Scope, digests: Iterable[str]) -> dict[str, datetime]:
    """When files of these contents were brought in, of those that were."""
    rows = found(scope, ChartFile, "digest", digests, "digest", "drop__since", drop__state=DropState.DONE.value)
    return dict(sorted(rows))


def _seen(row: tuple[object, ...]) -> DropSeen:
    told = dict(zip(_COLUMNS, row, strict=True))
    told["refused"] = decoded(str(told["refused"]), tuple[tuple[str, str], ...])
    return DropSeen(**told)  # type: ignore[arg-type]  # the columns are its fields


def _file(row: ChartFile) -> KeptFile:
    return KeptFile(
        id=row.pk, drop=row.drop_id, name=row.name, path=row.path, digest=row.digest, data=bytes(row.content),
        account=row.account,
    )  # fmt: skip

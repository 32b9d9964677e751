"""Chart files from the browser are kept, looked into, brought in, or discarded."""

from collections.abc import Collection, Sequence
from datetime import datetime

from msgspec import Struct

from superbill.app.accounts.actors import Actor
from superbill.app.accounts.permissions import Permission
from superbill.app.documents import content_key, encoded
from superbill.app.encounters.models import ChartDrop, ChartFile, DropState
from superbill.app.work import Work, action


class NotThisDrop(ValueError):
    """These files can't be brought in or discarded as things stand; the message says why."""


class NewFile(Struct, frozen=True):
    """A file to keep: its name for people, its name inside of its ZIP, its bytes."""

    name: str
    path: str
    data: bytes


def keep_drop(actor: Actor, files: Sequence[NewFile], refused: Sequence[tuple[str, str]] = (), *, at: datetime) -> int:
    """Keep files until somebody has looked at them; the id of the drop. Raises NotThisDrop for none."""
    with action(actor, Permission.IMPORT_CHARTS, "drop charts", at) as work:
        if not files:
            raise NotThisDrop("No file of these can be read.")
        drop: ChartDrop = work.scope.rows(ChartDrop).create(
            practice_id=work.practice_id, by=actor.name, at=at, since=at, files=len(files),
            size=sum(len(one.data) for one in files), refused=encoded(tuple(refused)),
        )  # fmt: skip
        work.scope.rows(ChartFile).bulk_create(
            ChartFile(
                practice_id=work.practice_id, drop=drop, name=one.name[-240:], path=one.path[-240:],
                digest=content_key(one.data), content=one.data,
            )
            for one in files
        )  # fmt: skip
        work.note("chart drop", drop.pk, files=len(files))
        return drop.pk


def keep_look(actor: Actor, drop: int, looked: object, *, at: datetime) -> None:
    """Keep what was found in the files of a drop that waits."""
    with action(actor, Permission.IMPORT_CHARTS, "look into charts", at) as work:
        row = _waiting(work, drop)
        row.looked = encoded(looked)
        row.save(update_fields=["looked"])
        work.note("chart drop", drop)


def settle_drop(actor: Actor, drop: int, brought: object, notes: Collection[int], *, at: datetime) -> None:
    """The files are in the database now: their contents go, but for those of `notes` (row ids)."""
    with action(actor, Permission.IMPORT_CHARTS, "charts brought in", at) as work:
        row = _waiting(work, drop)
        row.state, row.since, row.brought = DropState.DONE.value, at, encoded(brought)
        row.save(update_fields=["state", "since", "brought"])
        work.scope.rows(ChartFile).filter(drop=row).exclude(pk__in=list(notes)).update(content=b"")
        work.note("chart drop", drop)


def discard_drop(actor: Actor, drop: int, *, at: datetime) -> None:
    """Leave the files out. Nothing of them was brought in. Raises NotThisDrop when they are in already."""
    with action(actor, Permission.IMPORT_CHARTS, "discard charts", at) as work:
        row = _waiting(work, drop)
        row.state, row.since, row.looked = DropState.DISCARDED.value, at, ""
        row.save(update_fields=["state", "since", "looked"])
        work.scope.rows(ChartFile).filter(drop=row).update(content=b"")
        work.note("chart drop", drop)


def note_taken(actor: Actor, file: int, account: str, *, at: datetime) -> None:
    """A note that came by itself is part of this visit now, so its file goes."""
    with action(actor, Permission.IMPORT_CHARTS, "take a note over", at) as work:
        if work.scope.rows(ChartFile).filter(pk=file, account="").update(account=account, content=b""):
            work.note("chart file", file)


def _waiting(work: Work, drop: int) -> ChartDrop:
    row: ChartDrop | None = work.scope.rows(ChartDrop).select_for_update().filter(pk=drop).first()
    if row is None:
        raise NotThisDrop("These files are not here.")
    if row.state != DropState.WAITING:
        raise NotThisDrop(f"These files are {row.state} already.")
    return row

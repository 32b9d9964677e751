"""The trail as a file: CSV for people, JSON lines for programs. Taking it out is an event too."""

import csv
import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from io import StringIO
from typing import Any

from superbill.app.accounts.actors import Actor
from superbill.app.accounts.permissions import Permission
from superbill.app.audit.queries import Asked, Told, every
from superbill.app.reports.export.files import safe
from superbill.app.work import action

FORMS = ("csv", "jsonl")
HEAD = ("number", "at", "actor", "action", "kind", "row", "subject", "detail", "hash")


def export(actor: Actor, asked: Asked, form: str, *, at: datetime) -> Iterator[str]:
    """The lines of the file, oldest event first. The event that tells of it is written before the first one is read.

    In CSV a cell that a spreadsheet would run (= + - @, tab, carriage return) gets an apostrophe before it. Raises
    UnknownSubject, NotPermitted.
    """
    with action(actor, Permission.READ_AUDIT, "export audit trail", at) as work:
        work.note("audit trail", form=form, narrowed="yes" if asked.narrows else "no")
    lines: dict[str, Callable[[Iterator[Told]], Iterator[str]]] = {"csv": _csv, "jsonl": _jsonl}
    return lines[form](every(actor.scope, asked))


def _row(told: Told) -> tuple[Any, ...]:
    at = told.at.astimezone(UTC).isoformat(timespec="microseconds")
    return (told.number, at, told.actor, told.action, told.kind, told.row_id, told.subject, told.detail, told.hash)


def _csv(events: Iterator[Told]) -> Iterator[str]:
    def line(cells: tuple[Any, ...]) -> str:
        out = StringIO()
        csv.writer(out, lineterminator="\r\n").writerow([safe(one) if isinstance(one, str) else one for one in cells])
        return out.getvalue()

    yield line(HEAD)
    for told in events:
        yield line(_row(told))


def _jsonl(events: Iterator[Told]) -> Iterator[str]:
    for told in events:
        row = dict(zip(HEAD, _row(told), strict=True))
        row["detail"] = json.loads(told.detail) if told.detail else {}
        yield json.dumps(row, ensure_ascii=False, separators=(",", ":")) + "\n"

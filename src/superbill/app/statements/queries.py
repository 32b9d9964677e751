"""Statements made, and what became of them."""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from django.db.models import Q
from msgspec import Struct

from superbill.app.accounts.actors import Scope
from superbill.app.rows import found
from superbill.app.statements.models import Delivery, Statement, StatementLine, StatementPatient, StatementRun
from superbill.money import Cents


def statements(scope: Scope, guarantor: int | None = None, *, since: date | None = None) -> Iterator[Statement]:
    """Statements by number, of one guarantor or of all, made on `since` or later."""
    rows = scope.rows(Statement).order_by("number")
    rows = rows if since is None else rows.filter(on__gte=since)
    yield from (rows if guarantor is None else rows.filter(sent_to(guarantor))).iterator(chunk_size=200)


def sent_to(guarantor: int) -> Q:
    """The statements of a guarantor, those that went to them under a record that was merged into theirs included."""
    return Q(guarantor_id=guarantor) | Q(guarantor__merged_into_id=guarantor)


def sent_rows(scope: Scope, guarantors: Iterable[int], *columns: str) -> Iterator[tuple[Any, ...]]:
    """(guarantor, columns …) of the statements of these guarantors, those of merged records under who they are now."""
    wanted = set(guarantors)
    for key in ("guarantor_id", "guarantor__merged_into_id"):
        yield from found(scope, Statement, key, wanted, key, *columns)


def statement_numbered(scope: Scope, number: int) -> Statement | None:
    """The statement of this number."""
    return scope.rows(Statement).filter(number=number).first()


def patients_on(scope: Scope, statement: int) -> list[int]:
    """The patients (row ids) whom a statement (row id) tells of."""
    return sorted(row for (row,) in found(scope, StatementPatient, "statement_id", [statement], "patient_id"))


class AskedLine(Struct, frozen=True, kw_only=True):
    """A part of a line on a statement, by the line's key; `held` says why it was not asked for."""

    key: str
    level: int
    since: date
    amount: Cents
    held: str = ""


def asked_lines(scope: Scope, statement: int) -> list[AskedLine]:
    """What a statement (row id) asked for, line by line."""
    columns = ("id", "line__key", "level", "since", "amount", "held")
    return [
        AskedLine(key=key, level=level, since=since, amount=amount, held=held)
        for _, key, level, since, amount, held in sorted(
            found(scope, StatementLine, "statement_id", [statement], *columns)
        )
    ]


def deliveries(scope: Scope, statement: int) -> list[Delivery]:
    """What happened to a statement (row id) on its way, in order."""
    return list(scope.rows(Delivery).filter(statement_id=statement).order_by("id"))


def runs(scope: Scope, limit: int = 50) -> list[StatementRun]:
    """The last runs, the latest first."""
    return list(scope.rows(StatementRun).order_by("-id")[:limit])

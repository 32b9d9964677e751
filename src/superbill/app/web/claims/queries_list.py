"""Claims as a list: a page of it, what there is by state, and what one may filter by. The same number of statements
whatever is asked; SQLite finds the page in one index (claim_list) and looks at fifty claims."""

from collections.abc import Collection, Iterable
from datetime import date, datetime
from typing import Any

from django.db import connection
from django.db.models import Count, F, Min, OuterRef, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Coalesce
from msgspec import Struct

from superbill.app.accounts.actors import Scope
from superbill.app.accounts.models import Membership
from superbill.app.accounts.permissions import ROLES, Permission
from superbill.app.billing.models import VisitBalance
from superbill.app.claims.models import BY_SERVICE, ClaimRow
from superbill.app.claims.queries import payer_book
from superbill.app.claims.told import name_of, treating
from superbill.app.documents import decoded
from superbill.app.rows import found, values_of
from superbill.app.web.claims.asking import Asked
from superbill.app.web.paging import ROWS, Page, asked
from superbill.app.web.queries import payer_names
from superbill.claims.model import Claim
from superbill.money import Cents


class ClaimLine(Struct, frozen=True, kw_only=True):
    """A claim in a list. `insurance` and `patient` are what its visit still has open, whoever is billed for it; `later`
    is the version that replaces it."""

    id: int
    number: str
    patient_name: str
    payer_key: str
    responsibility: str
    provider: str
    kind: str
    service: date
    state: str
    since: datetime
    charge: Cents
    rules: tuple[str, ...]
    assignee: str
    insurance: Cents
    patient: Cents
    later: str = ""


class StateCount(Struct, frozen=True, kw_only=True):
    """Claims of one state: how many, what they charge, and since when the oldest is in it."""

    state: str
    claims: int
    charge: Cents
    oldest: datetime


_COLUMNS = (
    "id", "control_number", "patient_name", "payer_key", "responsibility", "provider", "kind", "service_start", "state",
    "state_since", "charge", "rules", "assignee", "encounter_id",
)  # fmt: skip
_OPEN, _SERVICE = "open", "service_start"
_MANY = 20_000
# Columns that an index begins with, and a value to make an expression of them.
_INDEXED: dict[str, Any] = {name: Value("") for name in ("control_number", "payer_key", "provider", "state")}


def by_state(scope: Scope, what: Asked, today: date) -> list[StateCount]:
    """What the other filters leave, by state; one statement."""
    rows = scope.rows(ClaimRow).filter(what.condition(today)).order_by()
    # Where another index finds the few that are asked for, SQLite must not go along the one of the states.
    few = bool(what.payer or what.provider or what.rule or what.batch is not None)
    state: Any = Coalesce("state", Value("")) if few else F("state")
    grouped = rows.values_list(state)
    counted = grouped.annotate(n=Count("id"), c=Sum("charge"), o=Min("state_since"))
    return [StateCount(state=state, claims=n, charge=c, oldest=o) for state, n, c, o in counted]


def claim_list(scope: Scope, what: Asked, total: int, page: str, today: date) -> Page[ClaimLine]:
    """One page of the claims that are asked for, `total` in all; four statements."""
    number, offset = asked(page, total)
    ids = _page_of(scope, what, total, offset, today)
    return Page(rows=tuple(_lines(scope, ids)), number=number, total=total)


def _page_of(scope: Scope, what: Asked, total: int, offset: int, today: date) -> list[int]:
    """The row ids of one page. The second half of a list is read from its end: its last page is as near as its first.

    Where a filter is set, the order is no column's but an expression's: else SQLite walks the index of a sorted column
    from end to end, and looks up every claim, in search of the few that pass.
    """
    last = max(total - offset - ROWS, 0) if offset > total // 2 else None
    falls = what.by()[0].startswith("-") == (last is None)
    first, count = (offset, ROWS) if last is None else (last, max(total - offset - last, 0))
    filtered = bool(what.states or what.narrows)
    if what.column == _OPEN and (not filtered or total > _MANY):
        ids = _by_open(scope, what, today, first, count, falls=falls)
    else:
        ordered = matching(scope, what, today).order_by(*_order(what.by()[0].removeprefix("-"), filtered, falls))
        ids = list(ordered.values_list("id", flat=True)[first : first + count])
    return ids if last is None else ids[::-1]


def _order(column: str, filtered: bool, falls: bool) -> list[Any]:
    """By the column, then so that pages never overlap. The whole list by service stands in an index of its own."""
    parts: list[Any] = [F(column), F("id")]
    if column == _OPEN:
        open_now = VisitBalance._base_manager.filter(encounter=OuterRef("encounter")).values("open")
        parts = [Coalesce(Subquery(open_now), Value(0)), F("encounter_id"), F("id")]
    elif column == _SERVICE and not filtered:
        parts[0] = BY_SERVICE
    elif filtered and column in _INDEXED:
        parts[0] = Coalesce(column, _INDEXED[column])
    return [part.desc() if falls else part.asc() for part in parts]


def _by_open(scope: Scope, what: Asked, today: date, first: int, count: int, *, falls: bool) -> list[int]:
    """The same in the order of what visits have open, along the index of the visits and no further than the page: the
    way for many claims, as sorting them takes longer than meeting some that are not asked for."""
    scope.must_read(ClaimRow)
    scope.must_read(VisitBalance)
    way = "DESC" if falls else "ASC"
    visits, claims = VisitBalance._meta.db_table, ClaimRow._meta.db_table
    # Of the practice are the visits, and so their claims: to ask it of claims, too, would lead SQLite to another index.
    wanted = ClaimRow._base_manager.filter(what.condition(today)).order_by()
    wanted = wanted.filter(state__in=what.states) if what.states else wanted
    condition, values = wanted.values("id").query.sql_with_params()
    _, where, condition = condition.partition(" WHERE ")
    sql = (
        f"SELECT {claims}.id FROM {visits} b CROSS JOIN {claims} "  # noqa: S608  # names are our own tables
        f"WHERE b.practice_id = %s AND {claims}.encounter_id = b.encounter_id {f'AND ({condition})' if where else ''} "
        f'ORDER BY b."open" {way}, b.encounter_id {way}, {claims}.id {way} LIMIT %s OFFSET %s'
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, [scope.practice_id, *values, count, first])
        return [row_id for (row_id,) in cursor.fetchall()]


def matching(scope: Scope, what: Asked, today: date) -> QuerySet[ClaimRow]:
    """The claims that are asked for, in no order."""
    rows = scope.rows(ClaimRow).filter(what.condition(today))
    return rows.filter(state__in=what.states) if what.states else rows


def matching_ids(scope: Scope, what: Asked, today: date, most: int) -> list[int]:
    """Their row ids, one more than `most` where there are more."""
    order = _order(what.by()[0].removeprefix("-"), True, what.by()[0].startswith("-"))
    return list(matching(scope, what, today).order_by(*order).values_list("id", flat=True)[: most + 1])


def known_ids(scope: Scope, ids: Iterable[int]) -> list[int]:
    """Those of these row ids that are claims of the practice, in the order given."""
    wanted = list(dict.fromkeys(ids))
    there = {row_id for (row_id,) in found(scope, ClaimRow, "id", wanted, "id")}
    return [one for one in wanted if one in there]


def open_balances(scope: Scope, encounters: Collection[int]) -> dict[int, tuple[Cents, Cents]]:
    """(insurance, patient) balance of visits by row id."""
    columns = ("encounter_id", "insurance", "patient")
    rows = found(scope, VisitBalance, "encounter_id", encounters, *columns)
    return {encounter: (insurance, patient) for encounter, insurance, patient in rows}


def payers(scope: Scope) -> dict[str, str]:
    """The name of every payer by its key: those of the site, else as claims spell them."""
    return {key: entry.name for key, entry in payer_book(scope).items()} or payer_names(scope)


def providers(scope: Scope) -> dict[str, str]:
    """The name of everybody whose work is billed, by NPI, as the latest claim spells it."""
    latest = tuple((npi, last) for npi, _first, last in values_of(scope, ClaimRow, "provider"))
    return dict(sorted(_names_of(scope, latest).items(), key=lambda item: item[1]))


def _names_of(scope: Scope, latest: tuple[tuple[str, int], ...]) -> dict[str, str]:
    """The names as these claims (NPI, row id) spell them."""
    by_claim = {row_id: npi for npi, row_id in latest}
    docs = found(scope, ClaimRow, "id", by_claim, "id", "doc")
    return {by_claim[row]: name_of(treating(decoded(doc, Claim, f"claim {row}"))) for row, doc in docs}


def rules(scope: Scope) -> list[tuple[str, int]]:
    """The rules that hold claims, or for which they were refused, and how many, most first."""
    rows = scope.rows(ClaimRow).filter(rules__gt="").order_by()
    counts: dict[str, int] = {}
    for told, n in rows.values_list("rules").annotate(n=Count("id")):
        for rule in told.split():
            counts[rule] = counts.get(rule, 0) + n
    return sorted(counts.items(), key=lambda item: (-item[1], item[0]))


def hands(scope: Scope) -> list[str]:
    """Who works here and may be given a claim, by log-in name. Names of colleagues are nobody's secret here: who may
    read claims need not manage accounts for them."""
    able = [role.value for role, can in ROLES.items() if Permission.WORK_TASKS in can]
    members = Membership._base_manager.filter(practice_id=scope.practice_id, role__in=able, user__is_active=True)
    return sorted(set(members.values_list("user__username", flat=True)))


def _lines(scope: Scope, ids: list[int]) -> list[ClaimLine]:
    rows: dict[int, tuple[Any, ...]] = {row[0]: row[1:] for row in found(scope, ClaimRow, "id", ids, *_COLUMNS)}
    later = dict(found(scope, ClaimRow, "replaces_id", ids, "replaces_id", "control_number"))
    open_now = open_balances(scope, {row[-1] for row in rows.values()})
    return [_line(one, rows[one], open_now, later.get(one, "")) for one in ids if one in rows]


def _line(row_id: int, row: tuple[Any, ...], open_now: dict[int, tuple[Cents, Cents]], later: str) -> ClaimLine:
    number, name, payer, order, provider, kind, service, state, since, charge, told, hand, visit = row
    insurance, patient = open_now.get(visit, (0, 0))
    return ClaimLine(
        id=row_id, number=number, patient_name=name, payer_key=payer, responsibility=order, provider=provider,
        kind=kind, service=service, state=state, since=since, charge=charge, rules=tuple(told.split()), assignee=hand,
        insurance=insurance, patient=patient, later=later,
    )  # fmt: skip

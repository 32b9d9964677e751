"""What a coder's own page shows: how much, how right, what came back."""

from collections.abc import Iterator
from datetime import date, timedelta

from django.db.models import QuerySet
from msgspec import Struct

from superbill.app.accounts.actors import Scope
from superbill.app.claims.models import ClaimRow, ClaimState
from superbill.app.coding.audit_queries import items
from superbill.app.coding.models import CodingRow, Purpose
from superbill.app.coding.queries import same_person
from superbill.app.path.auditing import compared
from superbill.app.path.workbench import program
from superbill.app.session import Session
from superbill.codesets.release import Refused
from superbill.coding.audit.scoring import Figures, figures

WEEKS, MOST = 6, 50
_BACK = (ClaimState.HELD.value, ClaimState.REJECTED.value, ClaimState.DENIED.value, ClaimState.PARTLY_DENIED.value)


class Week(Struct, frozen=True, kw_only=True):
    """One week: visits coded, and per hour where the time is known."""

    since: date
    codings: int
    per_hour: float | None


class Returned(Struct, frozen=True, kw_only=True):
    """A claim of one's own coding that came back, and why."""

    encounter: int
    account: str
    number: str
    state: str
    since: date
    why: str


def pace_of(scope: Scope, coder: str, today: date) -> list[Week]:
    """The last weeks of a coder, this one first."""
    monday = today - timedelta(days=today.weekday())
    first = monday - timedelta(weeks=WEEKS - 1)
    rows = scope.rows(CodingRow).filter(coder=coder, purpose=Purpose.DECIDED.value, at__date__gte=first)
    counts: dict[date, list[int]] = {}
    for row in rows.only("at", "doc"):
        on = row.at.date()
        counts.setdefault(on - timedelta(days=on.weekday()), []).append(_seconds(row))
    weeks = [monday - timedelta(weeks=back) for back in range(WEEKS)]
    return [_week(start, counts.get(start, [])) for start in weeks]


def _week(start: date, seconds: list[int]) -> Week:
    timed = [each for each in seconds if each]
    hourly = round(3600 * len(timed) / sum(timed), 1) if timed else None
    return Week(since=start, codings=len(seconds), per_hour=hourly)


def _seconds(row: CodingRow) -> int:
    from superbill.app.documents import decoded
    from superbill.coding.history import Record

    return decoded(row.doc, Record, f"coding {row.pk}").seconds or 0


def score_of(session: Session | None, coder: str) -> Figures | None:
    """How right a coder's audited codings are; None where none is closed. Nobody reads another's here."""
    if session is None:
        return None
    own = (each for each in items(program(session).scope) if same_person(each.coder, coder))
    try:
        found = list(compared(session, own))
    except Refused:
        return None
    return figures(found) if found else None


def returned(scope: Scope | None, coder: str) -> list[Returned]:
    """Claims that are held, rejected or refused, of visits that this coder decided on; the latest first."""
    if scope is None:
        return []
    mine = scope.rows(CodingRow).filter(coder=coder, purpose=Purpose.DECIDED.value).values("encounter_id")
    rows = scope.rows(ClaimRow).select_related("encounter").filter(encounter_id__in=mine, state__in=_BACK)
    return list(_returned(rows.order_by("-state_since", "-id")[:MOST]))


def _returned(rows: QuerySet[ClaimRow]) -> Iterator[Returned]:
    from superbill.app.documents import decoded
    from superbill.findings import Finding, errors

    for row in rows:
        findings = decoded(row.findings, tuple[Finding, ...], row.control_number)
        worst = next(iter(errors(findings)), None) or next(iter(findings), None)
        yield Returned(
            encounter=row.encounter_id, account=row.encounter.account_number, number=row.control_number,
            state=row.state, since=row.state_since.date(), why=worst.message if worst else "",
        )  # fmt: skip

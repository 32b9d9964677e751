"""The filters of the list, as they stand in an address."""

from collections.abc import Mapping
from urllib.parse import parse_qsl

from superbill.app.accounts.permissions import Role
from superbill.app.web.desk import Desk
from superbill.app.web.filters import query
from superbill.app.worklists.models import WorkState
from superbill.app.worklists.queue import SORTS, WHOSE, Filters

AGES = (7, 14, 30, 60, 90, 180)
STATES = (WorkState.OPEN, WorkState.SNOOZED, WorkState.DONE)
_LONGEST = 64
NAMES = ("kind", "payer", "reason", "whose", "older", "overdue", "state", "sort")


def read_filters(given: Mapping[str, str]) -> Filters:
    """The filters that an address tells; what is not known is left out."""
    older, state = given.get("older", ""), given.get("state", "")
    return Filters(
        kind=given.get("kind", "")[:_LONGEST],
        payer=given.get("payer", "")[:_LONGEST],
        reason=given.get("reason", "")[:_LONGEST],
        whose=_known(given, "whose", WHOSE),
        older=int(older) if older in map(str, AGES) else 0,
        overdue=given.get("overdue") == "1",
        state=WorkState(state) if state in [one.value for one in STATES] else WorkState.OPEN,
        sort=_known(given, "sort", SORTS),
    )


def written(filters: Filters, **changed: str) -> str:
    """The filters as the end of an address, some of them changed."""
    told = {
        "kind": filters.kind,
        "payer": filters.payer,
        "reason": filters.reason,
        "whose": filters.whose,
        "older": str(filters.older or ""),
        "overdue": "1" if filters.overdue else "",
        "state": "" if filters.state == WorkState.OPEN else filters.state.value,
        "sort": filters.sort,
    }
    return query(**{**told, **changed}).removeprefix("&")


def cleaned(text: str) -> str:
    """What a form sent as filters, with nothing in it but filters."""
    return written(read_filters(dict(parse_qsl(text[:500]))))


def roles_of(at: Desk) -> list[str]:
    """The roles whose tasks come to this person first; a manager's are everybody's."""
    return [role.value for role in (Role if Role.MANAGER in at.actor.roles else at.actor.roles)]


def _known(given: Mapping[str, str], name: str, known: object) -> str:
    value = given.get(name, "")
    return value if value in known else ""  # type: ignore[operator]  # a tuple or a dictionary

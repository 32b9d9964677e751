"""The demo's patient: somebody who owes, with a log-in that no invitation made."""

import secrets
from datetime import date, datetime

from django.contrib.auth.hashers import make_password
from django.db.models import QuerySet

from superbill.app.accounts.actors import Actor, Scope
from superbill.app.accounts.permissions import Permission
from superbill.app.guarantors.queries import cards
from superbill.app.portal.access import why_not
from superbill.app.portal.models import PortalAccount
from superbill.app.portal.scope import PortalScope
from superbill.app.statements.models import Statement
from superbill.app.statements.owing import guarantors_owing
from superbill.app.work import Work, action

DEMO_PATIENT = "patient"


def has_demo_patient() -> bool:
    """Whether somebody signs in to the patients' pages by this name."""
    return _rows().exists()


def put_demo_patient(practice_id: int, password: str, *, on: date, at: datetime) -> bool:
    """Let one in who has bills and owes most of all on `on`, or give them this password; whether there is one."""
    needed = frozenset({Permission.CORRESPOND, Permission.READ_LEDGER, Permission.READ_CHARTS})
    actor = Actor(name="superbill serve", practice_id=practice_id, permissions=needed)
    with action(actor, Permission.CORRESPOND, "open patient access", at) as work:
        facts = {"password": make_password(password), "session": secrets.token_hex(16)}
        if _rows().filter(practice_id=practice_id).update(**facts):
            return True
        guarantor = _who_owes(work.scope, on)
        if guarantor is None or has_demo_patient():
            return False
        _open(work, guarantor, facts, at)
        return True


def _open(work: Work, guarantor: int, facts: dict[str, str], at: datetime) -> None:
    row = PortalAccount(practice_id=work.practice_id, guarantor_id=guarantor, login=DEMO_PATIENT, since=at, **facts)
    work.scope.rows(PortalAccount).bulk_create([row])
    work.note("guarantor", guarantor)


def _who_owes(scope: Scope, on: date) -> int | None:
    """The guarantor (row id) with statements and no log-in of their own who is asked for most; where nobody is asked
    for anything, because what they owe is in dispute or held otherwise, the one who owes most."""
    billed = set(scope.rows(Statement).values_list("guarantor_id", flat=True))
    taken = set(scope.rows(PortalAccount).filter(closed=None).values_list("guarantor_id", flat=True))
    known = cards(scope, billed - taken)
    asked: dict[int, tuple[int, int]] = {}
    for key, due in guarantors_owing(scope, on).items():
        if key in known and not why_not(known[key]):
            held = PortalScope(account=0, practice_id=scope.practice_id, guarantor=key).held(due, on)
            asked[key] = (due.owed - sum(one.amount for one in due.lines if one.key in held), due.owed)
    most = max(asked, key=lambda key: asked[key], default=None)
    return most if most is not None and asked[most][1] > 0 else None


def _rows() -> QuerySet[PortalAccount]:
    return PortalAccount._base_manager.filter(login=DEMO_PATIENT, closed=None)

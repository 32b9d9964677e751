"""Where the work of a task is done: the page of its claim, visit, account or payment that this person may open."""

from collections.abc import Mapping

from django.urls import NoReverseMatch, reverse
from msgspec import Struct

from superbill.app.accounts.permissions import Permission
from superbill.app.web.desk import CHARTS, CLAIMS, LEDGER, Desk
from superbill.app.worklists.models import WorkItem


class Place(Struct, frozen=True):
    """A route, the field of the task that it is called with ("" for none), and what it needs."""

    route: str
    field: str
    needs: tuple[Permission, ...]


_ALL = (CHARTS, CLAIMS, LEDGER)
_CLAIM = Place("claim", "label", _ALL)
_VISIT = Place("visit", "visit", (CHARTS,))
_ACCOUNT = Place("account", "patient", (CHARTS, LEDGER))
_CASE = Place("case", "label", (CHARTS, LEDGER))
_MONEY = (LEDGER, Permission.RECONCILE)
# By kind of task first, then by kind of subject; the first place that there is and that may be opened.
_BY_KIND: Mapping[str, tuple[Place, ...]] = {
    "denial": (Place("denial", "label", _ALL),),
    "appeal answer": (Place("denial", "label", _ALL),),
    "overturn not paid": (Place("denial", "label", _ALL),),
    "write-off approval": (Place("approvals", "", (CHARTS, LEDGER)),),
    "refund approval": (Place("approvals", "", (CHARTS, LEDGER)),),
    "claim status": (Place("claim-inquiries", "label", _ALL),),
}
_BY_SUBJECT: Mapping[str, tuple[Place, ...]] = {
    "claim": (_CLAIM, _VISIT),
    "encounter": (_VISIT,),
    "patient": (_ACCOUNT,),
    "line": (_ACCOUNT, _VISIT),
    "guarantor": (Place("guarantor", "subject", (CHARTS, LEDGER)), _ACCOUNT),
    "refund": (_CASE, _ACCOUNT),
    "approval": (_CASE, _ACCOUNT),
    "plan": (_CASE, _ACCOUNT),
    "placement": (_CASE, _ACCOUNT),
    "thread": (Place("thread", "subject", (CHARTS, LEDGER)), _ACCOUNT),
    "answer": (Place("answer", "subject", _ALL), _CLAIM),
    "remittance": (Place("payment", "subject", _ALL),),
    "batch": (Place("batches", "", (CHARTS, CLAIMS)),),
    "entry": (Place("provider-level", "", _ALL),),
    "deposit": (Place("deposits", "", (LEDGER,)),),
    "bank line": (Place("bank-line", "subject", _MONEY), Place("bank", "", _MONEY)),
    "bank match": (Place("bank-matches", "", _MONEY),),
    "emergency": (Place("emergency", "", ()),),
}


def place_of(at: Desk, item: WorkItem) -> str:
    """The address where the task's work is done; "" when this person has none, and the task's own page tells all."""
    for place in (*_BY_KIND.get(item.kind, ()), *_BY_SUBJECT.get(item.subject_kind, ())):
        value = getattr(item, place.field) if place.field else None
        if at.may(*place.needs) and (value or not place.field):
            try:
                return reverse(place.route, args=(at.practice.key, *((value,) if place.field else ())))
            except NoReverseMatch:
                continue
    return ""

"""Receivables: who owes what and since when, on any past day, with the lines behind each number; what waits."""

from datetime import date
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from msgspec import Struct

from superbill.app.accounts.permissions import Permission
from superbill.app.billing.parties import guarantor_of_party, patient_of
from superbill.app.reports.aging import BUCKETS, KINDS, Aged, OpenLine, Question, aged, lines_behind
from superbill.app.reports.waiting import STAGES, loose, unbilled
from superbill.app.web.charts import Bar, bars
from superbill.app.web.desk import Desk, desk, read, read_numbers, show
from superbill.app.web.filters import chosen
from superbill.app.web.manage.first import tabs
from superbill.app.web.manage.keeping import catching_up
from superbill.app.web.manage.names import names
from superbill.forms.statement.labels import service_label
from superbill.money import Cents, dollars

BY = ("payer", "patient", "guarantor", "provider", "location", "practice")
AGES = {"service": "since the service", "responsibility": "since this holder owes"}
SHOWN = 200
_ACCOUNT = (Permission.READ_CHARTS, Permission.READ_LEDGER)  # what opens an account
LISTED = 50  # visits and claims of a stage that waits
_CHARTED = 12


class Row(Struct, frozen=True, kw_only=True):
    """One holder's balances of one kind; `opens` the addresses of each bucket, and of the whole at the end."""

    name: str
    kind: str
    buckets: tuple[tuple[Cents, str], ...]
    total: Cents
    opens: str


@desk(Permission.READ_REPORTS)
def receivables(request: HttpRequest, at: Desk) -> HttpResponse:
    """Balances by holder and age; what nobody has been asked to pay; money on no line."""
    question = _question(request, at)
    if (job := catching_up(at)) is not None:
        return redirect("job", at.practice.key, job)
    found = sorted(aged(at.scope, question), key=lambda row: (-abs(row.total), row.key, row.kind))
    called, payers = names(at, question.by), names(at, "payer")
    rows = [_row(at, request, one, called) for one in found[:SHOWN]]
    sums = [sum(row.buckets[place] for row in found) for place in range(len(BUCKETS))]
    waiting = list(unbilled(at.scope, question.on))
    stages = [(stage, [one for one in waiting if one.stage == stage]) for stage in STAGES]
    read_numbers(at, [one.number for _, some in stages for one in some[:LISTED]])
    return show(
        request,
        at,
        "manage/receivables",
        "manage",
        tabs=tabs(at),
        tab="receivables",
        question=question,
        choices=BY,
        ages=AGES,
        buckets=[words for _, words in BUCKETS],
        rows=rows,
        more=len(found) - len(rows),
        sums=sums,
        total=sum(sums),
        chart=bars("Open balances by age, the darker the older", _bars(rows), last_darkest=True),
        stages=[(stage, len(some), sum(one.amount for one in some), some[:LISTED]) for stage, some in stages if some],
        loose=[(one, *_whose(at, one.party, payers)) for one in loose(at.scope, question.on)],
    )


@desk(Permission.READ_REPORTS)
def lines(request: HttpRequest, at: Desk) -> HttpResponse:
    """The charge lines behind one number, the oldest first."""
    question = _question(request, at)
    key = request.GET.get("key")
    kind = next((one for one in KINDS if one == request.GET.get("kind")), None)
    place = request.GET.get("bucket", "")
    bucket = int(place) if place.isascii() and place.isdigit() and int(place) < len(BUCKETS) else None
    found = lines_behind(at.scope, question, key=key, kind=kind, place=bucket, limit=SHOWN)
    read(at, "patient", sorted({one.patient_id for one in found}))
    called = names(at, question.by)
    return show(
        request,
        at,
        "manage/lines",
        "manage",
        tabs=tabs(at),
        tab="receivables",
        question=question,
        who=called.get(key, key) if key else "",
        kind=kind,
        bucket=BUCKETS[bucket][1] if bucket is not None else "",
        lines=[(one, _visit(at, one)) for one in found],
        payers=names(at, "payer"),
        labels={one.code: service_label(one.code) for one in found},
        total=sum(one.amount for one in found),
        limit=SHOWN,
    )


def _question(request: HttpRequest, at: Desk) -> Question:
    by = next((one for one in BY if one == request.GET.get("by")), "payer")
    age = chosen(request, "age", AGES) or "service"
    try:
        on = date.fromisoformat(request.GET.get("on", ""))
    except ValueError:
        on = at.today
    return Question(on=min(on, at.today), by=by, age=age)  # type: ignore[arg-type]  # both are chosen from the known


def _row(at: Desk, request: HttpRequest, one: Aged, called: dict[str, str]) -> Row:
    asked = {name: request.GET[name] for name in ("by", "age", "on") if name in request.GET}
    head = reverse("receivables-lines", args=(at.practice.key,))
    opens = f"{head}?{urlencode({**asked, 'key': one.key, 'kind': one.kind})}"
    buckets = tuple((cents, f"{opens}&bucket={place}") for place, cents in enumerate(one.buckets))
    name = called.get(one.key, one.key) or "Patients"
    return Row(name=name, kind=one.kind, buckets=buckets, total=one.total, opens=opens)


def _bars(rows: list[Row]) -> list[Bar]:
    """The greatest holders, what is refused and what is not together; credits are told in the table."""
    sums: dict[str, list[Cents]] = {}
    for row in rows:
        if row.total > 0:
            ages = sums.setdefault(row.name, [0] * len(BUCKETS))
            ages[:] = [age + cents for age, (cents, _) in zip(ages, row.buckets, strict=True)]
    greatest = sorted(sums.items(), key=lambda item: -sum(item[1]))[:_CHARTED]
    return [Bar(label=name, parts=tuple(ages), text=dollars(sum(ages))) for name, ages in greatest]


def _whose(at: Desk, party: str, payers: dict[str, str]) -> tuple[str, str]:
    """Whose money on no line it is, and where their account is."""
    if (patient := patient_of(party)) is not None:
        address = reverse("account", args=(at.practice.key, patient)) if at.may(*_ACCOUNT) else ""
        return str(_("account %d") % patient), address
    if (guarantor := guarantor_of_party(party)) is not None:
        address = reverse("guarantor", args=(at.practice.key, guarantor)) if at.may(*_ACCOUNT) else ""
        return str(_("guarantor %d") % guarantor), address
    return payers.get(party, party), ""


def _visit(at: Desk, one: OpenLine) -> str:
    return reverse("visit", args=(at.practice.key, one.line.rpartition("-")[0]))

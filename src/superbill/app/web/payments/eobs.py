"""Paper explanations of benefits: a check begun, its claims keyed on the numeric pad, posted when it balances."""

from decimal import Decimal
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from msgspec import Struct

from superbill.app.accounts.permissions import Permission
from superbill.app.eobs.actions import (
    BadEob,
    ChangedMeanwhile,
    drop_eob,
    key_claim,
    key_provider_adjustments,
    post_eob,
    start_eob,
    take_out_claim,
)
from superbill.app.eobs.models import EobState
from superbill.app.eobs.queries import Keyed, claims_of, eob, eobs
from superbill.app.session import Session
from superbill.app.web import sites
from superbill.app.web.desk import CHARTS, CLAIMS, LEDGER, Desk, desk, now, read, show
from superbill.app.web.filters import chosen
from superbill.app.web.forms import DayField, Form, MoneyField, attempt
from superbill.app.web.notices import Undo, tell
from superbill.app.web.payments.queries_answers import balances_of, claims_found, claims_waiting
from superbill.app.web.payments.queries_files import our_claims
from superbill.app.web.queries import payer_names
from superbill.claims.model import Adjustment, Claim, ServiceLine
from superbill.ledger.entry import Balance
from superbill.money import Cents, MoneyError, dollars
from superbill.remits.paper import (
    KeyedClaim,
    KeyedLine,
    KeyedProviderAdjustment,
    PaperRemittance,
    Parties,
    line_difference,
)
from superbill.remits.paper_rows import BadKeying, amount_of, read_line, read_provider_adjustment

POST = Permission.POST_REMITTANCE
COLUMNS = ("allowed", "paid", "deductible", "coinsurance", "copay")
STATUSES = [
    ("1", gettext_lazy("1 primary")), ("2", gettext_lazy("2 secondary")), ("3", gettext_lazy("3 tertiary")),
    ("4", gettext_lazy("4 denied")), ("22", gettext_lazy("22 taken back")),
]  # fmt: skip


class StartForm(Form):
    """The check at the top of the paper."""

    payer = forms.ChoiceField(label=gettext_lazy("Payer"), widget=forms.Select(attrs={"data-key": "n"}))
    check_number = forms.CharField(label=gettext_lazy("Check number"), max_length=50)
    on = DayField(label=gettext_lazy("Date of the check"))
    amount = MoneyField(label=gettext_lazy("Amount"), positive=False, help_text=gettext_lazy("0 for denials alone"))

    def __init__(self, *given: Any, payers: list[tuple[str, str]], **named: Any) -> None:
        super().__init__(*given, **named)
        self.fields["payer"].choices = [("", _("choose")), *payers]  # type: ignore[attr-defined]  # a ChoiceField


class Cell(Struct, frozen=True, kw_only=True):
    """One field of the grid: its name, what stands in it."""

    name: str
    label: str
    value: str = ""


class GridLine(Struct, frozen=True, kw_only=True):
    """One line of our claim with what was keyed for it. `off`: what of its charge is not explained yet."""

    line: ServiceLine
    balance: Balance
    cells: tuple[Cell, ...]
    other: str
    off: Cents


@desk(CHARTS, CLAIMS, LEDGER, methods=("GET", "HEAD", "POST"))
def papers(request: HttpRequest, at: Desk) -> HttpResponse:
    """Papers being keyed, posted or dropped; a new one is begun here."""
    state = chosen(request, "state", [one.value for one in EobState]) or EobState.KEYING.value
    names = payer_names(at.scope)
    form = StartForm(request.POST or None, payers=sorted(names.items(), key=lambda one: one[1]))
    if request.method == "POST":
        at.actor.must(POST)
        if form.is_valid():
            given = form.cleaned_data
            paper = PaperRemittance(
                payer=given["payer"], check_number=given["check_number"], on=given["on"], amount=given["amount"] or 0
            )
            with attempt(form):
                return redirect("eob", at.practice.key, start_eob(at.actor, paper, at=now()))
    return show(
        request,
        at,
        "payments/eobs",
        "payments",
        status=422 if form.errors else 200,
        papers=list(reversed(eobs(at.scope, EobState(state))))[:200],
        states=[one.value for one in EobState],
        state=state,
        form=form,
        names=names,
        may_post=at.may(POST),
    )


@desk(CHARTS, CLAIMS, LEDGER, methods=("GET", "HEAD", "POST"))
def paper(request: HttpRequest, at: Desk, row_id: int) -> HttpResponse:
    """One check: its claims, the grid of the claim at hand, and what of the check is left, always in sight."""
    found = eob(at.scope, row_id)
    if found is None:
        raise Http404
    deed = request.POST.get("deed", "")
    if request.method == "POST" and deed != "find":
        at.actor.must(POST)
        return _did(request, at, found, deed)
    return _shown(request, at, found)


def _did(request: HttpRequest, at: Desk, found: Keyed, deed: str) -> HttpResponse:
    given = request.POST.get("version", "")
    version = int(given) if given.isascii() and given.isdigit() and len(given) < 9 else found.version
    here = reverse("eob", args=(at.practice.key, found.id))
    try:
        if deed == "key":
            return redirect(f"{here}{_key(request, at, found, version)}")
        if deed == "take-out":
            take_out_claim(at.actor, found.id, version, request.POST.get("claim", ""), at=now())
            tell(request, _("Claim %s is off the paper.") % request.POST.get("claim", "")[:20])
        elif deed == "adjust":
            key_provider_adjustments(at.actor, found.id, version, _adjustments(request), at=now())
        elif deed == "drop":
            drop_eob(at.actor, found.id, version, at=now())
            tell(request, _("The paper is given up. What was keyed can still be read."))
        elif deed == "post":
            return _post(request, at, found, version)
        else:
            raise Http404
    except ChangedMeanwhile:
        return _shown(request, at, found, stale=True, status=409)
    except (BadEob, BadKeying) as error:
        return _shown(request, at, found, refused=str(error), status=422)
    return redirect(here)


def _key(request: HttpRequest, at: Desk, found: Keyed, version: int) -> str:
    number = request.POST.get("claim", "")[:20]
    ours = claims_of(at.scope, [number]).get(number)
    if ours is None:
        raise BadEob(_("There is no claim %s that was sent.") % number)
    lines = tuple(one for line in ours.lines if (one := _keyed_line(request, line)) is not None)
    status = request.POST.get("status", "1")
    claim = KeyedClaim(
        control_number=number,
        lines=lines,
        status=status if status in dict(STATUSES) else "1",
        payer_control_number=request.POST.get("payer_number", "")[:50],
    )
    key_claim(at.actor, found.id, version, claim, at=now())
    off = [line.number for line in lines if line_difference(line, _charge(ours, line.number, claim.status))]
    return f"?claim={number}" if off else ""


def _charge(ours: Claim, number: int, status: str) -> Cents:
    charge = next(line.charge for line in ours.lines if line.number == number)
    return -charge if status == "22" else charge


def _keyed_line(request: HttpRequest, line: ServiceLine) -> KeyedLine | None:
    """What was keyed for one line; None where every field is empty. Other reasons are as CO-97=12.50 N130."""
    amounts: dict[str, Cents] = {}
    for column in COLUMNS:
        text = request.POST.get(f"{column}-{line.number}", "").strip()
        if text:
            try:
                amounts[column] = amount_of(text)
            except MoneyError:
                said = _("Line %(line)d, %(column)s: write an amount in dollars, such as 125.00.")
                raise BadKeying(said % {"line": line.number, "column": column}) from None
    other = request.POST.get(f"other-{line.number}", "").strip()
    if not amounts and not other:
        return None
    told = read_line(f"{line.number} {other}")
    return KeyedLine(number=line.number, adjustments=told.adjustments, remarks=told.remarks, **amounts)


def _adjustments(request: HttpRequest) -> list[KeyedProviderAdjustment]:
    lines = request.POST.get("adjustments", "")[:2000].splitlines()
    return [read_provider_adjustment(line) for line in lines if line.strip()]


def _post(request: HttpRequest, at: Desk, found: Keyed, version: int) -> HttpResponse:
    session = sites.session(at)
    done = post_eob(at.actor, found.id, version, _parties(session, found.paper), at=now())
    undo = Undo(reverse("payment-undo", args=(at.practice.key, done.id)), {"why": _("posted by mistake")})
    said = _("Check %(check)s posted: %(amount)s.")
    tell(request, said % {"check": found.paper.check_number, "amount": dollars(found.paper.amount)}, undo=undo)
    return redirect("payment", at.practice.key, done.id)


def _parties(session: Session, paper: PaperRemittance) -> Parties:
    entry, practice = session.site.payer(paper.payer), session.site.practice
    if entry is None:
        raise BadEob(_("The site has no such payer any more. Put it back into the site file."))
    return Parties(
        payer_name=entry.name, payer_id=entry.id, payee_name=practice.name, payee_npi=practice.npi,
        payee_tin=practice.tin,
    )  # fmt: skip


def _shown(
    request: HttpRequest, at: Desk, found: Keyed, *, refused: str = "", stale: bool = False, status: int = 200
) -> HttpResponse:
    paper = found.paper
    keyed = {one.control_number: one for one in paper.claims}
    asked = request.POST.get("q", "")[:80]
    number = request.POST.get("claim", "") or request.GET.get("claim", "")
    claims = our_claims(at.scope, [*keyed, number[:20]])
    ours = claims.get(number)
    others = claims_found(at.scope, asked, paper.payer) or claims_found(at.scope, asked) if asked else []
    waiting = claims_waiting(at.scope, paper.payer, but=[*keyed, number]) if not ours and not asked else []
    read(at, "claim", sorted({one.id for one in claims.values()} | {one.id for one in (*others, *waiting)}))
    return show(
        request,
        at,
        "payments/eob",
        "payments",
        status=status,
        eob=found,
        paper=paper,
        rows=[(one, claims.get(one.control_number), sum(line.paid for line in one.lines)) for one in paper.claims],
        ours=ours,
        was=keyed.get(number),
        grid=_grid(request, at, ours.claim, keyed.get(number)) if ours else [],
        columns=COLUMNS,
        statuses=STATUSES,
        status_now=_status(ours.claim, keyed.get(number)) if ours else "1",
        adjustments="\n".join(_written(one) for one in paper.provider_adjustments),
        asked=asked,
        others=others,
        waiting=waiting,
        refused=refused,
        stale=stale,
        names=payer_names(at.scope),
        keying=found.state == EobState.KEYING and at.may(POST),
    )


def _status(ours: Claim, was: KeyedClaim | None) -> str:
    """What was keyed, else what an answer to a claim in this place has."""
    return was.status if was else {"S": "2", "T": "3"}.get(ours.subscriber.responsibility, "1")


def _written(one: KeyedProviderAdjustment) -> str:
    return f"{one.reason}={_plain(one.amount)} {one.reference}".strip()


def _grid(request: HttpRequest, at: Desk, ours: Claim, was: KeyedClaim | None) -> list[GridLine]:
    """Our lines with what was keyed; a refused or stale form keeps what its person wrote."""
    balances = balances_of(at.scope, [line.control_number for line in ours.lines])
    keyed = {line.number: line for line in was.lines} if was else {}
    typed = request.POST.get("deed") == "key"
    grid = []
    for line in ours.lines:
        one = keyed.get(line.number)
        cells = tuple(
            Cell(
                name=f"{column}-{line.number}",
                label=_("%(column)s of line %(line)d") % {"column": column, "line": line.number},
                value=request.POST.get(f"{column}-{line.number}", "") if typed else _value(one, column),
            )
            for column in COLUMNS
        )
        other = request.POST.get(f"other-{line.number}", "") if typed else _others(one)
        charge = _charge(ours, line.number, was.status if was else "1")
        off = line_difference(one, charge) if one else charge
        balance = balances.get(line.control_number, Balance())
        grid.append(GridLine(line=line, balance=balance, cells=cells, other=other, off=off))
    return grid


def _value(one: KeyedLine | None, column: str) -> str:
    amount = getattr(one, column) if one else None
    return _plain(amount) if amount or (amount == 0 and column == "allowed") else ""


def _others(one: KeyedLine | None) -> str:
    if one is None:
        return ""
    return " ".join([*(_reason(each) for each in one.adjustments), *one.remarks])


def _reason(each: Adjustment) -> str:
    return f"{each.group}-{each.reason}={_plain(each.amount)}"


def _plain(amount: Cents) -> str:
    return f"{Decimal(amount) / 100:.2f}"

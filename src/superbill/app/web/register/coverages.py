"""What covers a patient: one after the other in the order in which they pay, with the pictures of their cards."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from superbill.app.accounts.permissions import Permission
from superbill.app.patients.cards import BadCard, card, cards_of, drop_card, keep_card
from superbill.app.patients.models import Side
from superbill.app.patients.registering import NotRegistered, change_patient, coverage, ordered
from superbill.app.web.desk import CHARTS, Desk, desk, now, read
from superbill.app.web.forms import attempt
from superbill.app.web.notices import Undo, tell
from superbill.app.web.register.facts import payer_of, payers
from superbill.app.web.register.forms import CoverageForm, told_of_coverage
from superbill.app.web.register.patient import here, page
from superbill.app.web.register.queries import Stored
from superbill.app.web.register.words import standing

REASONS = (
    ("own plan", "the patient’s own plan pays before one through somebody else"),
    ("birthday rule", "birthday rule: the parent whose birthday comes first in the year"),
    ("court order", "a court order names who pays first"),
    ("large employer", "working, employer of 20 or more: the employer’s plan before Medicare"),
    ("small employer", "employer of fewer than 20, or retired: Medicare first"),
    ("kidney disease", "kidney disease: the employer’s plan first for 30 months"),
    ("medicaid last", "Medicaid pays last"),
    ("payer says", "the payer’s answer says so"),
    ("patient says", "the patient says so"),
)


@desk(CHARTS)
def coverages(request: HttpRequest, at: Desk, patient: int) -> HttpResponse:
    """All coverages, in order, with their cards."""
    found = here(at, patient)
    return page(request, at, "coverages", found, "coverages", **_shown(at, found))


def _shown(at: Desk, found: Stored) -> dict[str, Any]:
    pictures = cards_of(at.scope, found.id)
    there = [standing(at, one) for one in sorted(found.chart.coverages, key=lambda one: one.order)]
    return {
        "coverages": [
            (
                one,
                [
                    (
                        side.value,
                        next(
                            (each for each in pictures if (each.coverage, each.side) == (one.record.id, side.value)),
                            None,
                        ),
                    )
                    for side in Side
                ],
            )
            for one in there
        ],
        "reasons": REASONS,
    }


@desk(CHARTS, Permission.REGISTER, methods=("GET", "HEAD", "POST"))
def new(request: HttpRequest, at: Desk, patient: int) -> HttpResponse:
    """One more coverage; it pays last until the order is changed."""
    return _edit(request, at, here(at, patient), None)


@desk(CHARTS, Permission.REGISTER, methods=("GET", "HEAD", "POST"))
def edit(request: HttpRequest, at: Desk, patient: int, order: int) -> HttpResponse:
    """Correct the coverage that pays in this place, or give it an end."""
    found = here(at, patient)
    if all(one.order != order for one in found.chart.coverages):
        raise Http404
    return _edit(request, at, found, order)


def _edit(request: HttpRequest, at: Desk, found: Stored, order: int | None) -> HttpResponse:
    before = next((one for one in found.chart.coverages if one.order == order), None)
    entry = payer_of(at, before.payer) if before else None
    known = entry.name if entry else before.payer if before else ""
    if request.method != "POST":
        initial = told_of_coverage(before, known) if before else None
        return page(request, at, "coverage", found, "coverages", before=before,
                    form=CoverageForm(initial=initial, payers=payers(at), known=known))  # fmt: skip
    form = CoverageForm(request.POST, payers=payers(at), known=known)
    version = request.POST.get("version", "")
    if form.is_valid():
        made = form.record(before)
        if made is None:
            form.refuse(_("Choose the payer. A coverage that is over gets its last day instead."), "payer")
        else:
            with attempt(form):
                why = "coverage corrected" if before else "coverage added"
                change_patient(at.actor, found.id, _version(version), coverage(made), why, at=now())
                tell(request, _("Saved. The next claim uses it."))
                return redirect("coverages", at.practice.key, found.id)
    status = 409 if form.is_valid() and _version(version) != found.version else 422
    return page(request, at, "coverage", found, "coverages", form=form, before=before, status=status)


def _version(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


@desk(CHARTS, Permission.REGISTER, methods=("POST",))
def order(request: HttpRequest, at: Desk, patient: int) -> HttpResponse:
    """Another one pays first: the coverage of a place goes up, or the order is the one that is named (undo)."""
    found = here(at, patient)
    ids = [one.id for one in sorted(found.chart.coverages, key=lambda one: one.order)]
    reason = dict(REASONS).get(request.POST.get("reason", ""), "")
    named = request.POST.get("ids", "")
    up = _version(request.POST.get("up", ""))
    wanted = list(ids)
    if named:
        wanted, reason = named.split("\n"), "order put back"
    elif 2 <= up <= len(ids):
        wanted[up - 2], wanted[up - 1] = wanted[up - 1], wanted[up - 2]
    if not reason:
        raise NotRegistered(_("Say why this one pays first: choose the rule of coordination of benefits."))
    change_patient(at.actor, patient, _version(request.POST.get("version", "")), ordered(tuple(wanted)),
                   f"order of payers: {reason}", at=now())  # fmt: skip
    after = here(at, patient)
    back = {"ids": "\n".join(ids), "version": str(after.version)}
    tell(request, _("The order of payers is changed: %(why)s.") % {"why": reason},
         undo=None if named else Undo(reverse("coverage-order", args=(at.practice.key, patient)), back))  # fmt: skip
    return redirect("coverages", at.practice.key, patient)


@desk(CHARTS, Permission.REGISTER, methods=("POST",))
def picture(request: HttpRequest, at: Desk, patient: int, order: int) -> HttpResponse:
    """Keep, or take away, the picture of a card of the coverage that pays in this place."""
    found = here(at, patient)
    one = next((each for each in found.chart.coverages if each.order == order), None)
    if one is None:
        raise Http404
    if "drop" in request.POST:
        drop_card(at.actor, _version(request.POST["drop"]), at=now())
        tell(request, _("The picture no longer shows."))
        return redirect("coverages", at.practice.key, patient)
    kept = 0
    for side in Side:
        file = request.FILES.get(side.value)
        if file is not None:
            if (file.size or 0) > 8_000_000:
                raise BadCard(_("The picture is larger than 8 MB. Take it again at a smaller size."))
            keep_card(at.actor, patient, one.id, side, file.read(), at=now())
            kept += 1
    if not kept:
        raise BadCard(_("Choose a picture of the front or the back of the card."))
    tell(request, _("The card is kept."))
    return redirect("coverages", at.practice.key, patient)


@desk(CHARTS)
def image(_request: HttpRequest, at: Desk, card_id: int) -> HttpResponse:
    """The picture of a card, as we made it."""
    found = card(at.scope, card_id)
    if found is None:
        raise Http404
    read(at, "patient", [found.patient_id])
    return HttpResponse(
        bytes(found.content),
        content_type="image/jpeg",
        headers={"Content-Disposition": f'inline; filename="card-{found.pk}.jpg"'},
    )

"""A claim is corrected: edited as a form, checked before it is saved, compared with what was sent; and where somebody
else was faster, both edits stand side by side and nothing is lost."""

import json
from collections.abc import Mapping

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from msgspec import Struct

from superbill.app.accounts.permissions import Permission
from superbill.app.claims.actions import ClaimChanged
from superbill.app.claims.queries import StoredClaim
from superbill.app.path.mending import OPEN, Saved, as_edited, check_edit, mark_of, save_edit, why_not
from superbill.app.problems import told
from superbill.app.session import Session
from superbill.app.web.claims.boxes import form_of, page_of
from superbill.app.web.claims.editing import (
    changes,
    edited,
    given_texts,
    known_providers,
    labels_of,
    merged,
    texts_of,
)
from superbill.app.web.claims.page import WHO, claim_of, found_on, told_at_claim
from superbill.app.web.desk import Desk, desk, show
from superbill.app.web.notices import tell
from superbill.app.web.sites import session
from superbill.claims.model import Claim
from superbill.findings import Finding, errors

Texts = Mapping[str, str]


class Draft(Struct, frozen=True, kw_only=True):
    """An edit as the person has it: texts, the claim they make, what can't be read, and what is found on it."""

    texts: Texts
    claim: Claim
    wrong: dict[str, str]
    findings: tuple[Finding, ...] = ()


@desk(*WHO, Permission.BILL, methods=("GET", "HEAD", "POST"))
@told_at_claim
def correct(request: HttpRequest, at: Desk, number: str) -> HttpResponse:
    """The edit form of a claim; POST checks it (`check`, or a row of a list removed by `remove`) or saves it."""
    one, with_site = claim_of(at, number), session(at)
    if said := why_not(with_site, one):
        return _closed(request, at, one, said)
    known = known_providers(with_site.site, one.claim)
    if request.method != "POST":
        draft = Draft(texts=texts_of(one.claim), claim=one.claim, wrong={}, findings=one.findings)
        return _form(request, at, one, draft, base=texts_of(one.claim), began=mark_of(one))
    texts = _given(request, one)
    base = _base(request, one)
    if request.POST.get("began") != mark_of(one):
        return _merge(request, at, one, base, texts)
    claim, wrong = edited(one.claim, texts, known)
    draft = Draft(texts=texts, claim=as_edited(one, claim), wrong=wrong)
    if wrong or _only_looks(request):
        return _form(request, at, one, _checked(with_site, one, draft), base=base, began=mark_of(one), checked=True)
    return _save(request, at, with_site, one, draft, base)


def _save(
    request: HttpRequest, at: Desk, with_site: Session, one: StoredClaim, draft: Draft, base: Texts
) -> HttpResponse:
    try:
        saved = save_edit(with_site, one, draft.claim, keep_held="keep" in request.POST)
    except ClaimChanged:
        return _merge(request, at, claim_of(at, one.control_number), base, draft.texts)
    except Exception as error:
        if (said := told(error)) is None:
            raise
        refused = Draft(texts=draft.texts, claim=draft.claim, wrong={"": said})
        return _form(request, at, one, refused, base=base, began=mark_of(one), checked=True)
    if not isinstance(saved, Saved):  # a version that can't be sent would only stand in the way of one that can
        found = Draft(texts=draft.texts, claim=draft.claim, wrong={}, findings=saved)
        return _form(request, at, one, found, base=base, began=mark_of(one), checked=True, refused=True)
    held = len(errors(saved.findings))
    words = (
        _("Saved. %(number)s is held: %(n)s findings say why.") if held else _("Saved. %(number)s is ready to go out.")
    )
    tell(request, words % {"number": saved.control_number, "n": held}, trouble=bool(held))
    return redirect("claim", at.practice.key, saved.control_number)


def _checked(with_site: Session, one: StoredClaim, draft: Draft) -> Draft:
    """The draft with what every edit finds on it, where it can be read."""
    if draft.wrong:
        return Draft(texts=draft.texts, claim=draft.claim, wrong=draft.wrong, findings=one.findings)
    findings = check_edit(with_site, one, draft.claim)
    return Draft(texts=draft.texts, claim=draft.claim, wrong={}, findings=findings)


def _form(
    request: HttpRequest, at: Desk, one: StoredClaim, draft: Draft, *, base: Texts, began: str, checked: bool = False,
    refused: bool = False,
) -> HttpResponse:  # fmt: skip
    known = known_providers(session(at).site, one.claim)
    labels = labels_of(one.claim)
    form = form_of(
        one.claim, draft.texts, known, wrong=draft.wrong, found=draft.findings, began=texts_of(one.claim),
        page=page_of(one.claim, _page(request), {} if "to" in request.POST else draft.wrong),
    )  # fmt: skip
    shown = StoredClaim(
        id=one.id, encounter_id=one.encounter_id, control_number=one.control_number, payer_key=one.payer_key,
        next_payer=one.next_payer, state=one.state, claim=draft.claim, findings=draft.findings,
    )  # fmt: skip
    status = 422 if refused or (not _only_looks(request) and draft.wrong) else 200
    return show(
        request, at, "claims/correct", "claims", status=status,
        one=one, number=one.control_number, form=form, began=began, base=_kept(base),
        aside=_kept(form.aside, every=True),
        found=found_on(at, shown), holds=len(errors(draft.findings)), said=draft.wrong.get("", ""),
        wrong=[(name, labels[name], text) for name, text in draft.wrong.items() if name],
        changes=changes(one.claim, draft.claim), checked=checked, refused=refused, in_place=one.state in OPEN,
        becomes=as_edited(one, one.claim).control_number,
    )  # fmt: skip


def _given(request: HttpRequest, one: StoredClaim) -> dict[str, str]:
    """The fields as the form sends them, without the row that it removes."""
    given = dict(request.POST.lists())
    name, _dot, row = request.POST.get("remove", "").rpartition(".")
    if row.isascii() and row.isdigit():
        for field, cells in given.items():
            if field.startswith(f"{name}.") and 0 < int(row) <= len(cells):
                given[field] = [cell for number, cell in enumerate(cells, 1) if number != int(row)]
    aside = _texts(request, "aside")
    return {name: aside.get(name, text) for name, text in given_texts(one.claim, given).items()}


def _only_looks(request: HttpRequest) -> bool:
    return not {"check", "remove", "to"}.isdisjoint(request.POST)


def _page(request: HttpRequest) -> int:
    """The page of lines that is asked for, else the one that was sent."""
    asked = request.POST.get("to") or request.POST.get("page") or request.GET.get("page", "")
    return int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 5 else 1


def _kept(texts: Texts, *, every: bool = False) -> str:
    """Texts as a hidden field carries them: those that say something, or `every` one."""
    return json.dumps({name: text for name, text in texts.items() if text or every})


def _texts(request: HttpRequest, field: str) -> dict[str, str]:
    """Texts that a hidden field carries; none where it can't be read."""
    try:
        given = json.loads(request.POST.get(field, ""))
        return {str(name): str(text) for name, text in given.items()}
    except (ValueError, AttributeError):
        return {}


def _base(request: HttpRequest, one: StoredClaim) -> dict[str, str]:
    """What the form began from, as it carries it; the claim as it is where that can't be read."""
    return _texts(request, "base") or texts_of(one.claim)


def _merge(request: HttpRequest, at: Desk, one: StoredClaim, base: Texts, mine: Texts) -> HttpResponse:
    """409: theirs and mine side by side; every field that both changed is chosen by the person."""
    theirs = texts_of(one.claim)
    choices = merged(one.claim, base, theirs, mine)
    # what nobody changed, or both alike, goes on as it is: the page does not send it
    return show(
        request, at, "claims/merge", "claims", status=409,
        one=one, number=one.control_number, choices=choices, began=mark_of(one), base=_kept(theirs),
        conflicts=sum(1 for choice in choices if choice.open),
    )  # fmt: skip


def _closed(request: HttpRequest, at: Desk, one: StoredClaim, said: str) -> HttpResponse:
    """The claim can't be edited any more: what the person had typed is shown, so that it is not lost."""
    if request.method != "POST":
        tell(request, said, trouble=True)
        return redirect("claim", at.practice.key, one.control_number)
    theirs, mine = texts_of(one.claim), _given(request, one)
    choices = merged(one.claim, _base(request, one), theirs, mine)
    return show(
        request, at, "claims/merge", "claims", status=409,
        one=one, number=one.control_number, choices=choices, closed=said, conflicts=0,
    )  # fmt: skip

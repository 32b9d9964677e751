"""Steps from a claim that ask for a word first: void it, send it again, ask its payer, change the order of payers."""

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as later
from msgspec.structs import replace

from superbill.app.accounts.permissions import Permission
from superbill.app.claims.actions import ClaimDraft, NotThisClaim, resend
from superbill.app.claims.models import ClaimState
from superbill.app.claims.queries import StoredClaim, next_billing
from superbill.app.inquiries.queries import standing, story
from superbill.app.path.asking import ask_payers
from superbill.app.path.mending import void_claim
from superbill.app.path.payer_order import bill_first, bill_next_anyway
from superbill.app.stages import Stages
from superbill.app.web.claims.nexts import DECIDED
from superbill.app.web.claims.page import WHO, claim_of, must_be_latest, told_at_claim
from superbill.app.web.claims.queries_list import payers
from superbill.app.web.desk import Desk, desk, now, show
from superbill.app.web.forms import Form, attempt
from superbill.app.web.notices import tell
from superbill.app.web.sites import session, trading_partner
from superbill.claims.model import Subscriber
from superbill.findings import Finding, errors
from superbill.site import payer_lookup

UNDECIDED = (ClaimState.SENT, ClaimState.ACCEPTED, ClaimState.REJECTED)


class Reason(Form):
    """Why, in a sentence that an auditor understands."""

    reason = forms.CharField(label=later("Why"), min_length=10, max_length=300)


class FirstPayer(Form):
    """Another payer turns out to come first."""

    payer = forms.ChoiceField(label=later("Who pays first"))
    member_id = forms.CharField(label=later("The patient’s member id there"), max_length=30)
    group_number = forms.CharField(label=later("Group number"), max_length=30, required=False)
    reason = forms.CharField(label=later("Why"), min_length=10, max_length=300)

    def __init__(self, payers: dict[str, str], *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        chosen = self.fields["payer"]
        assert isinstance(chosen, forms.ChoiceField)
        chosen.choices = sorted(payers.items(), key=lambda item: str(item[1]))


@desk(*WHO, Permission.BILL, methods=("GET", "HEAD", "POST"))
@told_at_claim
def void(request: HttpRequest, at: Desk, number: str) -> HttpResponse:
    """Take the whole claim back from a payer that decided it, once the consequence is confirmed."""
    one = claim_of(at, number)
    must_be_latest(at, one, DECIDED, _("voiding"))
    if request.method == "POST":
        saved = void_claim(session(at), one)
        if isinstance(saved, tuple):
            return _refused(request, at, one, "claims/void", saved)
        tell(request, _("%s takes the claim back; it goes out with the next batch.") % saved.control_number)
        return redirect("claim", at.practice.key, saved.control_number)
    return show(request, at, "claims/void", "claims", one=one, number=number, findings=())


@desk(*WHO, Permission.SEND, methods=("GET", "HEAD", "POST"))
@told_at_claim
def send_again(request: HttpRequest, at: Desk, number: str) -> HttpResponse:
    """The same claim goes out again with the next batch."""
    one = claim_of(at, number)
    must_be_latest(at, one, UNDECIDED, _("sending it again"))
    form = Reason(request.POST or None)
    if form.is_valid():
        with attempt(form):
            resend(at.actor, [one.id], form.cleaned_data["reason"], at=now())
            tell(request, _("%s goes out again with the next batch.") % number)
            return redirect("claim", at.practice.key, number)
    status = 422 if form.errors else 200
    return show(request, at, "claims/resend", "claims", status=status, one=one, number=number, form=form)


@desk(*WHO, methods=("GET", "HEAD", "POST"))
@told_at_claim
def inquiries(request: HttpRequest, at: Desk, number: str) -> HttpResponse:
    """What the payer was asked about the claim and what it answered; and the next question."""
    one = claim_of(at, number)
    if request.method == "POST":
        at.actor.must(Permission.SEND)
        must_be_latest(at, one, UNDECIDED, _("asking the payer"))
        with trading_partner() as connector:
            done = ask_payers(session(at), connector, Stages(), at=now(), claims=[one.id])
        if done.findings:
            raise NotThisClaim(" ".join(str(finding) for finding in done.findings))
        tell(request, _("The payer was asked (276). Its answer comes with the files received."))
        return redirect("claim-inquiries", at.practice.key, number)
    stands = standing(at.scope, [one.id]).get(one.id)
    return show(
        request, at, "claims/inquiries", "claims",
        one=one, number=number, tab="inquiries", story=story(at.scope, one.id), stands=stands,
        may_ask=at.may(Permission.SEND) and one.state in UNDECIDED,
    )  # fmt: skip


@desk(*WHO, Permission.BILL, methods=("GET", "HEAD", "POST"))
@told_at_claim
def payer_order(request: HttpRequest, at: Desk, number: str) -> HttpResponse:
    """Another payer first, or the next payer now although this one refused."""
    one, names = claim_of(at, number), payers(at.scope)
    must_be_latest(at, one, (*DECIDED, ClaimState.REJECTED), _("another order of payers"))
    upcoming = next_billing(at.scope, one)
    which = request.POST.get("which", "")
    first = FirstPayer(names, request.POST if which == "first" else None)
    following = Reason(request.POST if which == "next" else None)
    if which == "first" and first.is_valid():
        with attempt(first):
            return _first(request, at, one, first)
    if which == "next" and following.is_valid():
        with attempt(following):
            if upcoming is None:
                raise NotThisClaim(_("There is no next payer with something to bill."))
            made = bill_next_anyway(session(at), upcoming, following.cleaned_data["reason"])
            if not isinstance(made, ClaimDraft):
                raise NotThisClaim(" ".join(str(finding) for finding in made))
            return _opened(request, at, made.claim.control_number, made.findings)
    return show(
        request, at, "claims/payers", "claims", status=422 if first.errors or following.errors else 200,
        one=one, number=number, first=first, following=following, upcoming=upcoming, names=names,
    )  # fmt: skip


def _first(request: HttpRequest, at: Desk, one: StoredClaim, form: FirstPayer) -> HttpResponse:
    with_site, given = session(at), form.cleaned_data
    found = payer_lookup(with_site.site)(given["payer"])
    if found is None:
        raise NotThisClaim(_("The site file knows no such payer."))
    subscriber = _own_coverage(one, given["member_id"], given["group_number"])
    made = bill_first(with_site, one, found, subscriber, given["reason"])
    if isinstance(made, list):
        raise NotThisClaim(" ".join(str(finding) for finding in made))
    claim, findings = made
    return _opened(request, at, claim.control_number, findings)


def _own_coverage(one: StoredClaim, member_id: str, group_number: str) -> Subscriber:
    """The patient's own coverage with another payer."""
    patient = one.claim.patient
    return replace(
        one.claim.subscriber, relationship="18", person=patient.person, member_id=member_id.strip(),
        group_number=group_number, group_name="", insurance_type="", birth_date=patient.birth_date, sex=patient.sex,
        address=patient.address or one.claim.subscriber.address, property_casualty_claim_number="",
    )  # fmt: skip


def _opened(request: HttpRequest, at: Desk, number: str, findings: tuple[Finding, ...]) -> HttpResponse:
    held = len(errors(findings))
    said = _("%(number)s is held: %(n)s findings say why.") if held else _("%(number)s is ready to go out.")
    tell(request, said % {"number": number, "n": held}, trouble=bool(held))
    return redirect("claim", at.practice.key, number)


def _refused(
    request: HttpRequest, at: Desk, one: StoredClaim, template: str, found: tuple[Finding, ...]
) -> HttpResponse:
    return show(request, at, template, "claims", status=422, one=one, number=one.control_number, findings=found)

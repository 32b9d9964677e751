"""One claim: where it stands, its lines, its whole life, its findings with what mends them, and the ways on."""

from collections.abc import Callable, Sequence
from functools import wraps

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from msgspec import Struct

from superbill.app.accounts.permissions import Permission
from superbill.app.claims.actions import NotThisClaim, override_findings
from superbill.app.claims.models import ClaimState
from superbill.app.claims.queries import StoredClaim, later_version
from superbill.app.claims.queries import claim as stored_claim
from superbill.app.path.mending import OPEN, fixed, save_edit
from superbill.app.session import BadInput
from superbill.app.web.claims.boxes import page_of_line
from superbill.app.web.claims.editing import anchor
from superbill.app.web.claims.nexts import ways
from superbill.app.web.claims.queries import ClaimStory, claim_story
from superbill.app.web.claims.queries_life import life
from superbill.app.web.claims.queries_list import hands, payers
from superbill.app.web.claims.stories import claim_lines, code_labels
from superbill.app.web.claims.timeline import timeline
from superbill.app.web.desk import CHARTS, CLAIMS, LEDGER, Desk, desk, now, read, show
from superbill.app.web.notices import Undo, tell
from superbill.app.web.sites import session
from superbill.app.web.words import CLAIM_FREQUENCY, ORDINALS, SEVERITIES, Word
from superbill.claims.model import Claim
from superbill.claims.positions import position
from superbill.codesets.type_of_bill.lookup import type_of_bill
from superbill.findings import Finding, Severity, errors

WHO = (CHARTS, CLAIMS, LEDGER)


class Found(Struct, frozen=True, kw_only=True):
    """A finding as the page shows it: where it stands on the form, and what one can do about it here. `page` of the
    form's lines, 0 where it stands on every page."""

    word: Word
    finding: Finding
    place: str
    field: str
    page: int = 0
    fix: str = ""
    may_set_aside: bool = False


@desk(*WHO)
def claim(request: HttpRequest, at: Desk, number: str) -> HttpResponse:
    """One claim with its money, its life, its findings, and the ways on under the digit keys."""
    story = claim_story(at.scope, number)
    if story is None:
        raise Http404
    names = payers(at.scope)
    whole = life(at.scope, story.row, story.others, at.actor.permissions)
    read(at, "claim", [story.stored.id])
    later = next((one.control_number for one in story.others if one.replaces_id == story.row.pk), "")
    return show(
        request, at, "claims/claim", "claims",
        story=story, claim=story.stored.claim, names=names, tab="claim", number=number,
        lines=claim_lines(story, names), timeline=timeline(story, whole, names, at.practice.key), notes=whole.notes,
        found=found_on(at, story.stored), holds=len(errors(story.stored.findings)), ways=ways(at, story, later),
        labels=code_labels(story.coded), after=_after(story, names), later=later,
        ordinal=ORDINALS.get(story.row.responsibility, _("later")), bill=type_of_bill(story.stored.claim.type_of_bill),
        frequency=CLAIM_FREQUENCY.get(story.row.frequency, story.row.frequency),
        may_work=at.may(Permission.WORK_TASKS), hands=hands(at.scope) if at.may(Permission.WORK_TASKS) else (),
    )  # fmt: skip


def claim_of(at: Desk, number: str) -> StoredClaim:
    """The claim of this number, its reading traced. Raises Http404."""
    found = stored_claim(at.scope, number)
    if found is None:
        raise Http404
    read(at, "claim", [found.id])
    return found


def found_on(at: Desk, one: StoredClaim) -> list[Found]:
    """The findings, the gravest first, those set aside last."""
    order = list(SEVERITIES)
    ordered = sorted(one.findings, key=lambda each: (each.override is not None, order.index(each.severity.value)))
    is_open = one.state in OPEN
    return [
        Found(
            word=SEVERITIES[each.severity.value],
            finding=each,
            place=place_words(each, one.claim),
            field=anchor(one.claim, each),
            page=page_of_line(one.claim, each.where.service_line),
            fix=_fix_words(each) if is_open and at.may(Permission.BILL) and each.override is None else "",
            may_set_aside=is_open and each.severity is Severity.ERROR and at.may(Permission.OVERRIDE_EDITS),
        )
        for each in ordered
    ]


def place_words(finding: Finding, claim: Claim) -> str:
    """Where a finding is: its box on the form, else its place in the file."""
    where = finding.where
    form = position(where, claim.kind).form if where.field else ""
    line = _("line %s") % where.service_line if where.service_line is not None else ""
    return ", ".join(part for part in (line, form or "" if form else str(where) if not line else where.field) if part)


def _fix_words(finding: Finding) -> str:
    """What one press does, in words; "" where the finding offers nothing."""
    said = []
    for change in finding.changes:
        what = change.path.strip("/").replace("lines/", "line ").replace("/", " ")
        if what.startswith("line ") and what.split()[1].isdigit():
            parts = what.split()
            what = " ".join(["line", str(int(parts[1]) + 1), *(part for part in parts[2:] if part != "-")])
        verb = {"add": _("add"), "replace": _("set"), "remove": _("remove")}[change.op]
        said.append(f"{verb} {what.replace('_', ' ')}{'' if change.value is None else f': {change.value}'}")
    return "; ".join(said)


def _after(story: ClaimStory, names: dict[str, str]) -> str:
    """What follows once the payer has paid."""
    if story.row.state != ClaimState.PAID:
        return ""
    balance = story.ledger.balance
    upcoming = story.row.next_payer_key
    if balance.insurance > 0 and upcoming:
        return _("%s is billed for the rest.") % names.get(upcoming, upcoming)
    if balance.insurance > 0:
        return _("Insurance still has something open; the lines say what.")
    if balance.patient > 0:
        return _("The rest is the patient’s and goes on the next statement.")
    return _("Nothing: no balance is open.")


@desk(*WHO, Permission.BILL, methods=("POST",))
def fix(request: HttpRequest, at: Desk, number: str) -> HttpResponse:
    """Do what a finding offers, and check the claim again."""
    one, with_site = claim_of(at, number), session(at)
    rule = request.POST.get("rule", "")
    claim = fixed(one, rule) if one.state in OPEN else None
    if claim is None:
        raise NotThisClaim(_("Nothing that %s found can be mended by itself any more.") % rule)
    saved = save_edit(with_site, one, claim)
    left = errors(saved.findings) if not isinstance(saved, tuple) else ()
    said = _("Mended and checked: the claim is ready.")
    if left:
        said = _("Mended and checked: %s findings hold it still.") % len(left)
    tell(request, said)
    return redirect("claim", at.practice.key, number)


@desk(*WHO, Permission.OVERRIDE_EDITS, methods=("POST",))
def override(request: HttpRequest, at: Desk, number: str) -> HttpResponse:
    """Set what a rule found aside with a reason, or take that back."""
    one = claim_of(at, number)
    rule, reason = request.POST.get("rule", ""), request.POST.get("reason", "").strip()
    if not reason and not request.POST.get("withdraw"):
        raise NotThisClaim(_("Say why %s does not hold this claim.") % rule)
    findings = override_findings(at.actor, one.id, rule, reason, at=now())
    stands = _("held") if errors(findings) else _("ready")
    if reason:
        back = Undo(reverse("claim-override", args=(at.practice.key, number)), {"rule": rule, "withdraw": "1"})
        tell(request, _("%(rule)s is set aside; the claim is %(state)s.") % {"rule": rule, "state": stands}, undo=back)
    else:
        tell(request, _("%(rule)s counts again; the claim is %(state)s.") % {"rule": rule, "state": stands})
    return redirect("claim", at.practice.key, number)


def told_at_claim(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A page of a step: where the claim does not let it, the claim's page says why instead."""

    @wraps(view)
    def answer(request: HttpRequest, at: Desk, number: str) -> HttpResponse:
        try:
            return view(request, at, number)
        except (NotThisClaim, BadInput) as refusal:
            tell(request, str(refusal), trouble=True)
            return redirect("claim", at.practice.key, number)

    return answer


def must_be_latest(at: Desk, one: StoredClaim, states: Sequence[str], what: str) -> None:
    """Raises NotThisClaim for a claim in another state, or one that was replaced."""
    if one.state not in states:
        raise NotThisClaim(_("%(number)s is %(state)s: %(what)s is not possible now.") % {
            "number": one.control_number, "state": one.state, "what": what,
        })  # fmt: skip
    if later := later_version(at.scope, one.id):
        raise NotThisClaim(_("%(number)s has a later version, %(later)s. Work on that one.") % {
            "number": one.control_number, "later": later,
        })  # fmt: skip

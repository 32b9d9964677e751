"""What is done about a refusal, in place; the next one of the queue follows."""

from collections.abc import Callable

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from msgspec.structs import replace

from superbill.app.accounts.permissions import Permission
from superbill.app.billing.errors import OverLimit
from superbill.app.billing.write_offs import limit
from superbill.app.claims.opening import ClaimDraft
from superbill.app.claims.queries import StoredClaim
from superbill.app.claims.queries import claim as stored_claim
from superbill.app.denials.actions import (
    Filing,
    ask_to_give_up,
    bill_patient,
    correct_claim,
    decide_appeal,
    file_appeal,
    give_up,
    tell,
)
from superbill.app.denials.queries import LetterWords, compose, denial
from superbill.app.path.checking import check_version
from superbill.app.session import BadInput
from superbill.app.web import sites
from superbill.app.web.accounts.forms import posted
from superbill.app.web.claims.views import pdf
from superbill.app.web.denials.forms import (
    AppealForm,
    BillPatientForm,
    CorrectForm,
    DecideForm,
    GiveUpForm,
    SnoozeForm,
    TellForm,
)
from superbill.app.web.denials.queries import standing, tasks_of, tomorrow
from superbill.app.web.denials.views import address_of, page_of, place_of, wanted_of
from superbill.app.web.denials.ways import patient_reasons
from superbill.app.web.denials.words import OUTCOMES
from superbill.app.web.desk import CHARTS, CLAIMS, LEDGER, Desk, desk, now
from superbill.app.web.forms import attempt
from superbill.app.web.notices import Undo
from superbill.app.web.notices import tell as say
from superbill.app.worklists.actions import assign, finish, refresh, reopen, snooze
from superbill.claims.changing import changed
from superbill.claims.cob import corrected
from superbill.claims.model import Claim
from superbill.denials.model import Denial
from superbill.findings import Finding, errors
from superbill.forms.letter import AppealLetter, missing, render
from superbill.money import dollars

BOTH = ("GET", "HEAD", "POST")


def _at_hand(at: Desk, number: str) -> Denial:
    one = denial(at.scope, number, at.today)
    if one is None:
        raise Http404
    return one


def _gone_on(request: HttpRequest, at: Desk, number: str, text: str, undo: Undo | None = None) -> HttpResponseRedirect:
    """Says what was done and goes to the next refusal that is looked for; to the queue after the last."""
    say(request, text, undo=undo)
    after = request.POST.get("after", "")
    wanted = wanted_of(request)
    after = after if after and denial(at.scope, after, at.today, ranked=False) else place_of(at, wanted, number).after
    return redirect(address_of(at, "denial", wanted, after) if after else address_of(at, "denials", wanted))


def _undo_entry(at: Desk, entry: str) -> Undo:
    return Undo(reverse("entry-undo", args=(at.practice.key,)), {"entry": entry})


@desk(CHARTS, CLAIMS, LEDGER, Permission.BILL, Permission.WORK_DENIALS, methods=BOTH)
def correct(request: HttpRequest, at: Desk, number: str) -> HttpResponse:
    """The corrected claim: as it is, with what the edits propose; checked before it is opened."""
    one, session = _at_hand(at, number), sites.session(at)
    stored = stored_claim(at.scope, one.refusal.control_number)
    if stored is None:
        raise Http404
    version = max((each.number for each in one.refusal.versions), default=stored.claim.version) + 1
    fresh = corrected(stored.claim, stored.payer_control_number or "0", version, {})
    form = CorrectForm(fresh, posted(request))
    if request.method != "POST":
        findings = check_version(session, stored, fresh)
        form = CorrectForm(_with_offers(fresh, findings))
        return page_of(request, at, one, way="correct", form=form, found=findings, offered=_offered(findings))
    if form.is_valid():
        claim = form.corrected(fresh)
        findings = check_version(session, stored, claim)
        if not errors(findings) and "check" not in request.POST:
            with attempt(form):
                return _open(request, at, stored, claim, findings)
        elif errors(findings):
            form.refuse(_("The claim would be refused before it is sent; it was not opened. See the findings."))
        checked = not errors(findings)
        return page_of(
            request, at, one, way="correct", form=form, found=findings, checked=checked, status=200 if checked else 422
        )
    return page_of(request, at, one, way="correct", form=form, status=422)


def _open(
    request: HttpRequest, at: Desk, stored: StoredClaim, claim: Claim, findings: tuple[Finding, ...]
) -> HttpResponse:
    if claim == corrected(stored.claim, claim.payer_control_number, claim.version, {}):
        return _refused(request, at, stored.control_number, _("Nothing was changed. Say what is corrected."))
    draft = ClaimDraft(
        encounter=stored.encounter_id, claim=claim, payer_key=stored.payer_key, next_payer=stored.next_payer,
        findings=findings,
    )  # fmt: skip
    correct_claim(at.actor, stored.control_number, draft, at.today, at=now())
    text = _("%(number)s is ready: the corrected claim goes out with the next batch.")
    return _gone_on(request, at, stored.control_number, text % {"number": claim.control_number})


def _refused(request: HttpRequest, at: Desk, number: str, text: str) -> HttpResponse:
    say(request, text, trouble=True)
    return redirect(address_of(at, "denial-correct", wanted_of(request), number))


def _offered(findings: tuple[Finding, ...]) -> list[Finding]:
    return [finding for finding in findings if finding.changes]


def _with_offers(claim: Claim, findings: tuple[Finding, ...]) -> Claim:
    """The claim with what the edits would change, as the form begins."""
    for finding in _offered(findings):
        try:
            claim = changed(claim, finding.changes)
        except ValueError:
            continue  # an offer about what another one has moved
    return claim


@desk(CHARTS, CLAIMS, LEDGER, Permission.WORK_DENIALS, methods=BOTH)
def appeal(request: HttpRequest, at: Desk, number: str) -> HttpResponse:
    """The letter with its facts; shown as PDF first, then filed."""
    one = _at_hand(at, number)
    form = AppealForm(posted(request), initial={"signer": _signer(at), "how": "mail"})
    if request.method == "POST" and form.is_valid():
        letter = _letter(at, one, form.words())
        lacking = missing(letter)
        if lacking:
            form.refuse(_("The letter lacks: %(what)s.") % {"what": "; ".join(lacking)})
        elif "preview" in request.POST:
            return pdf(render(letter), f"appeal-{one.refusal.control_number}.pdf")
        else:
            with attempt(form):
                return _file(request, at, one, form, letter)
    letter = _letter(at, one, LetterWords(signer=_signer(at)))
    status = 422 if form.errors else 200
    return page_of(request, at, one, way="appeal", form=form, letter=letter, lacking=_lacking(letter), status=status)


def _file(request: HttpRequest, at: Desk, one: Denial, form: AppealForm, letter: AppealLetter) -> HttpResponse:
    data, number = form.cleaned_data, one.refusal.control_number
    filing = Filing(on=at.today, how=data["how"], letter=letter, good_cause=data["good_cause"])
    file_appeal(at.actor, number, filing, at=now())
    text = _("%(number)s: %(level)s filed over %(amount)s.")
    undo = Undo(reverse("denial-decide", args=(at.practice.key, number)), {"outcome": "withdrawn", "on": f"{at.today}"})
    said = {"number": number, "level": letter.level, "amount": dollars(letter.refused)}
    return _gone_on(request, at, number, text % said, undo)


def _signer(at: Desk) -> str:
    return at.actor.name


def _letter(at: Desk, one: Denial, words: LetterWords) -> AppealLetter:
    try:
        payers = sites.session(at).site.payers
    except BadInput:
        payers = ()  # without a site file the payer's address is the claim's
    entry = next((each for each in payers if each.key == one.refusal.payer), None)
    return compose(at.scope, one, at.today, words, payer_address=entry.address if entry else None)


def _lacking(letter: AppealLetter) -> tuple[str, ...]:
    return tuple(words.partition(" (")[0] for words in missing(replace(letter, signer=letter.signer or "-")))


@desk(CHARTS, CLAIMS, LEDGER, Permission.WORK_DENIALS, methods=BOTH)
def decide(request: HttpRequest, at: Desk, number: str) -> HttpResponse:
    """How the appeal ended."""
    one = _at_hand(at, number)
    form = DecideForm(posted(request), initial={"on": at.today})
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        with attempt(form):
            decide_appeal(
                at.actor, number, data["outcome"], data["on"], won=data["won"] or 0, text=data["text"], at=now()
            )
            text = _("%(number)s: the appeal is %(outcome)s.")
            return _gone_on(request, at, number, text % {"number": number, "outcome": OUTCOMES[data["outcome"]]})
    return page_of(request, at, one, way="decide", form=form, status=422 if form.errors else 200)


@desk(CHARTS, CLAIMS, LEDGER, Permission.WRITE_OFF, methods=BOTH)
def write_off(request: HttpRequest, at: Desk, number: str) -> HttpResponse:
    """Give it up: at once within the limit of one's role, else it waits for a second person."""
    one = _at_hand(at, number)
    first = "timely-filing" if one.cause.category.key == "timely_filing" else "denied"
    form = GiveUpForm(posted(request), initial={"reason": first})
    if request.method == "POST" and form.is_valid():
        reason, note = form.cleaned_data["reason"], form.cleaned_data["note"]
        amount = dollars(one.refusal.amount)
        with attempt(form):
            try:
                entry = give_up(at.actor, number, reason, at.today, note=note, at=now())
            except OverLimit:
                approval = ask_to_give_up(at.actor, number, reason, at.today, note=note, at=now())
                text = _("%(number)s: %(amount)s waits for a second person as %(approval)s. Nothing is posted yet.")
                back = reverse("case-deed", args=(at.practice.key, approval, "refuse"))
                undo = Undo(back, {"reason": str(_("asked by mistake"))}, label=str(_("Take it back")))
                said = {"number": number, "amount": amount, "approval": approval}
                return _gone_on(request, at, number, text % said, undo)
            text = _("%(number)s: %(amount)s written off.")
            return _gone_on(
                request, at, number, text % {"number": number, "amount": amount}, _undo_entry(at, entry.key)
            )
    allowed = limit(at.actor, at.scope)
    return page_of(
        request, at, one, way="write-off", form=form, limit=allowed, over=one.refusal.amount > allowed,
        status=422 if form.errors else 200,
    )  # fmt: skip


@desk(CHARTS, CLAIMS, LEDGER, Permission.TRANSFER, methods=BOTH)
def bill(request: HttpRequest, at: Desk, number: str) -> HttpResponse:
    """Make it the patient's, where law and contract let it."""
    one = _at_hand(at, number)
    allowed, why_not = patient_reasons(at, one)
    form = BillPatientForm(allowed, posted(request))
    if request.method == "POST" and form.is_valid():
        with attempt(form):
            entry = bill_patient(
                at.actor, number, form.cleaned_data["why"], at.today, note=form.cleaned_data["note"], at=now()
            )
            text = _("%(number)s: %(amount)s is the patient’s now.")
            said = {"number": number, "amount": dollars(one.refusal.amount)}
            return _gone_on(request, at, number, text % said, _undo_entry(at, entry.key))
    return page_of(
        request, at, one, way="bill", form=form, why_not=why_not, allowed=allowed, status=422 if form.errors else 200
    )


@desk(CHARTS, CLAIMS, LEDGER, Permission.WORK_DENIALS, methods=BOTH)
def tell_about(request: HttpRequest, at: Desk, number: str) -> HttpResponse:
    """A note, or what was asked of the payer."""
    one = _at_hand(at, number)
    form = TellForm(posted(request))
    if request.method == "POST" and form.is_valid():
        what, text = form.cleaned_data["what"], form.cleaned_data["text"]
        with attempt(form):
            tell(at.actor, number, what, text, at.today, at=now())
            if what != "note":
                return _gone_on(request, at, number, _("Written down. It leaves the queue for thirty days."))
            say(request, _("Written down."))
            return redirect(address_of(at, "denial", wanted_of(request), number))
    return page_of(request, at, one, way="tell", form=form, status=422 if form.errors else 200)


@desk(CHARTS, CLAIMS, LEDGER, Permission.WORK_TASKS, methods=BOTH)
def put_off(request: HttpRequest, at: Desk, number: str) -> HttpResponse:
    """Out of the queue until a day."""
    one = _at_hand(at, number)
    form = SnoozeForm(posted(request), initial={"until": tomorrow(at.today, 7)})
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        with attempt(form):
            task = _task(at, one)
            snooze(at.actor, [task], data["until"], at.today, why=data["why"], at=now())
            text = _("%(number)s comes back on %(day)s.") % {"number": number, "day": f"{data['until']:%-d %b %Y}"}
            back = Undo(reverse("denials-chosen", args=(at.practice.key,)), {"number": number, "do": "reopen"})
            return _gone_on(request, at, number, text, back)
    return page_of(request, at, one, way="snooze", form=form, status=422 if form.errors else 200)


def _task(at: Desk, one: Denial) -> int:
    """The refusal's task; the list is brought up to date first where it has none yet."""
    there = tasks_of(at.scope, [one]).get(one.refusal.key)
    if there is None or there.state == "closed":
        refresh(at.actor, at.today, at=now())
        there = tasks_of(at.scope, [one]).get(one.refusal.key)
    if there is None:
        raise Http404
    return there.id


_CHOSEN: dict[str, Callable[[Desk, list[int], str], int]] = {
    "assign": lambda at, ids, to: assign(at.actor, ids, to, at=now()),
    "snooze": lambda at, ids, _to: snooze(at.actor, ids, tomorrow(at.today, 7), at.today, at=now()),
    "reopen": lambda at, ids, _to: reopen(at.actor, ids, at=now()),
    "done": lambda at, ids, _to: finish(at.actor, ids, at=now()),
}


@desk(CHARTS, CLAIMS, LEDGER, Permission.WORK_TASKS, methods=("POST",))
def chosen(request: HttpRequest, at: Desk) -> HttpResponse:
    """Several refusals at once: given to somebody, put off a week, back in the queue."""
    numbers, do = set(request.POST.getlist("number")), request.POST.get("do", "")
    some = [one for one in standing(at.scope, at.today).denials if one.refusal.control_number in numbers]
    if not some or do not in _CHOSEN:
        say(request, _("Nothing was chosen."), trouble=True)
    else:
        moved = _CHOSEN[do](at, [_task(at, one) for one in some], request.POST.get("to", ""))
        texts = {"assign": _("%(count)s changed hands."), "snooze": _("%(count)s come back in a week."),
                 "reopen": _("%(count)s back in the queue."), "done": _("%(count)s done.")}  # fmt: skip
        say(request, texts[do] % {"count": moved})
    return redirect(address_of(at, "denials", wanted_of(request)))

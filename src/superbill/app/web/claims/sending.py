"""Build, check, send, receive: from coded visits to files at the receiver, with the consequence told before."""

from collections.abc import Sequence

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from superbill.app.accounts.permissions import Permission
from superbill.app.claims.actions import NotThisClaim
from superbill.app.claims.queries import ReadyPayer, batches_to_write, count_by_state, ready_by_payer, ready_ids
from superbill.app.encounters.models import EncounterState
from superbill.app.encounters.queries import count_by_state as visits_by_state
from superbill.app.jobs.actions import start
from superbill.app.jobs.models import JobState
from superbill.app.jobs.queries import ended
from superbill.app.path.claims import build_claims, check_open_claims
from superbill.app.path.next_payers import bill_next_payers
from superbill.app.path.running import MANY
from superbill.app.path.sending import SendCounts, send_claims
from superbill.app.stages import Stages
from superbill.app.web.claims.chosen import chosen
from superbill.app.web.claims.queries_list import known_ids, payers
from superbill.app.web.desk import CHARTS, CLAIMS, LEDGER, Desk, desk, now, show
from superbill.app.web.notices import tell
from superbill.app.web.sites import session, trading_partner
from superbill.money import dollars

PATIENCE = 2.0  # seconds that one waits for the receiver before the job has a page


@desk(CHARTS, CLAIMS, LEDGER)
def ready(request: HttpRequest, at: Desk) -> HttpResponse:
    """What can be built, what is held, what is ready by payer, what waits to be handed over."""
    return _page(request, at)


def _page(request: HttpRequest, at: Desk, status: int = 200) -> HttpResponse:
    waiting = ready_by_payer(at.scope)
    states = count_by_state(at.scope)
    return show(
        request, at, "claims/ready", "claims", status=status,
        ready=waiting, names=payers(at.scope), total=_total(waiting), paper=sum(one.on_paper for one in waiting),
        coded=visits_by_state(at.scope)[EncounterState.CODED.value], held=states["held"],
        stuck=batches_to_write(at.scope),
        may_build=at.may(Permission.BILL), may_send=at.may(Permission.SEND), may_receive=at.may(Permission.RECEIVE),
    )  # fmt: skip


def _total(some: Sequence[ReadyPayer]) -> tuple[int, int, int]:
    """(claims, cents, payers) that go out electronically."""
    electronic = [one for one in some if one.claims]
    return sum(one.claims for one in electronic), sum(one.charge for one in electronic), len(electronic)


@desk(CHARTS, CLAIMS, LEDGER, Permission.BILL, methods=("POST",))
def build(request: HttpRequest, at: Desk) -> HttpResponse:
    """Open the claims of every coded visit, and those of the next payers that are due; many of them as a job."""
    if visits_by_state(at.scope)[EncounterState.CODED.value] > MANY:
        return redirect("job", at.practice.key, start(at.actor, "claims-build", at=now()))
    with_site = session(at)
    first = build_claims(with_site, Stages())
    later, _findings = bill_next_payers(with_site, Stages(), at=now())
    tell(
        request,
        _("Built: %(ready)s claims ready, %(held)s held; %(later)s to next payers.") % {
            "ready": f"{first.ready:,}", "held": f"{first.held + later.held:,}", "later": f"{later.ready:,}",
        },
    )  # fmt: skip
    return redirect("claims-ready", at.practice.key)


@desk(CHARTS, CLAIMS, LEDGER, Permission.BILL, methods=("POST",))
def check_all(request: HttpRequest, at: Desk) -> HttpResponse:
    """Check every held and ready claim on today's day; many of them as a job."""
    states = count_by_state(at.scope)
    if states["held"][0] + states["ready"][0] > MANY:
        return redirect("job", at.practice.key, start(at.actor, "claims-check", at=now()))
    counts, _checked = check_open_claims(session(at), Stages())
    said = _("Checked %(all)s claims: %(ready)s ready, %(held)s held.") % {
        "all": f"{counts.ready + counts.held:,}", "ready": f"{counts.ready:,}", "held": f"{counts.held:,}",
    }  # fmt: skip
    tell(request, said)
    return redirect("claims-ready", at.practice.key)


@desk(CHARTS, CLAIMS, LEDGER, Permission.SEND, methods=("POST",))
def confirm(request: HttpRequest, at: Desk) -> HttpResponse:
    """What sending would do, in numbers; nothing is sent yet."""
    keys = request.POST.getlist("payer")
    ids = ready_ids(at.scope, keys) if keys else chosen(request, at)
    wanted = ready_by_payer(at.scope, ids)
    total = _total(wanted)
    if not total[0]:
        tell(request, _("None of these claims is ready to be sent electronically."), trouble=True)
        return redirect("claims-ready", at.practice.key)
    return _confirmation(request, at, wanted, ids, keys)


def _confirmation(
    request: HttpRequest, at: Desk, wanted: Sequence[ReadyPayer], ids: Sequence[int], keys: Sequence[str],
    *, changed: bool = False,
) -> HttpResponse:  # fmt: skip
    total = _total(wanted)
    return show(
        request, at, "claims/send", "claims", status=409 if changed else 200,
        wanted=wanted, names=payers(at.scope), total=total, left=len(ids) - total[0], changed=changed,
        keys=keys, ids="" if keys else " ".join(map(str, ids)),
    )  # fmt: skip


@desk(CHARTS, CLAIMS, LEDGER, Permission.SEND, methods=("POST",))
def send(request: HttpRequest, at: Desk) -> HttpResponse:
    """Send what was confirmed, many as a job. Where it has changed since, it is asked again with the new numbers."""
    keys = request.POST.getlist("payer")
    given = [int(text) for text in request.POST.get("claims", "").split() if text.isascii() and text.isdigit()]
    ids = ready_ids(at.scope, keys) if keys else known_ids(at.scope, given)
    wanted = ready_by_payer(at.scope, ids)
    count, charge, _payers = _total(wanted)
    if not count:
        raise NotThisClaim(_("Nothing of it is ready any more: it was sent, or held, meanwhile."))
    if request.POST.get("expected") != f"{count} {charge}":
        return _confirmation(request, at, wanted, ids, keys, changed=True)
    if count > MANY:
        return redirect("job", at.practice.key, start(at.actor, "claims-send", at=now(), claims=sorted(ids)))
    with trading_partner() as connector:
        done = send_claims(session(at), connector, Stages(), at=now(), only=set(ids))
    tell(request, _sent(done))
    return redirect("batches", at.practice.key)


def _sent(done: SendCounts) -> str:
    files = ngettext("%(n)s file", "%(n)s files", done.batches) % {"n": f"{done.batches:,}"}
    said = _("Sent %(claims)s claims, %(money)s, in %(files)s. The receiver’s 999 comes next.") % {
        "claims": f"{done.claims:,}", "money": dollars(done.charge), "files": files,
    }  # fmt: skip
    if done.held:
        said += " " + _("%(n)s could not be written as a valid 837 and are held with the reason.") % {"n": done.held}
    return said


@desk(CHARTS, CLAIMS, LEDGER, Permission.RECEIVE, methods=("POST",))
def receive(request: HttpRequest, at: Desk) -> HttpResponse:
    """Fetch the files that wait at the receiver, and do what they say. A receiver that takes longer than a moment is
    waited for on the job's page, with what came so far."""
    job = start(at.actor, "claims-receive", at=now())
    done = ended(at.actor, job, within=PATIENCE)
    if done is None or done.state != JobState.DONE:
        return redirect("job", at.practice.key, job)
    tell(request, done.message, trouble="?" in done.result)
    return redirect(f"{reverse('practice', args=(at.practice.key,))}{done.result}")

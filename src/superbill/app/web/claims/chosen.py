"""What is done with many claims of the list at once: those that were ticked, or all that its filters leave."""

from collections import Counter
from urllib.parse import parse_qsl

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from superbill.app.accounts.permissions import Permission
from superbill.app.claims.actions import NotThisClaim, note_on_claims
from superbill.app.jobs.actions import start
from superbill.app.path.claims import check_claims
from superbill.app.path.handing import hand_over
from superbill.app.path.running import MANY
from superbill.app.web.claims.asking import asked_of
from superbill.app.web.claims.queries_list import known_ids, matching_ids
from superbill.app.web.desk import CHARTS, CLAIMS, LEDGER, Desk, desk, now
from superbill.app.web.middleware import came_from
from superbill.app.web.notices import Undo, tell
from superbill.app.web.sites import session

MOST = 2000


def chosen(request: HttpRequest, at: Desk) -> list[int]:
    """The row ids that the form is about. Raises NotThisClaim for none, and for more than one step can do."""
    if request.POST.get("all"):
        what = asked_of(dict(parse_qsl(request.POST.get("asked", ""))))
        ids = matching_ids(at.scope, what, at.today, MOST)
        if len(ids) > MOST:
            raise NotThisClaim(_("More than %(most)s claims match: filter further first.") % {"most": f"{MOST:,}"})
    else:
        given = (text for text in request.POST.getlist("claim") if text.isascii() and text.isdigit() and len(text) < 19)
        ids = known_ids(at.scope, map(int, given))
    if not ids:
        raise NotThisClaim(_("No claim is chosen: tick some, or press x on a row."))
    return ids


def _back(request: HttpRequest) -> HttpResponse:
    return redirect(came_from(request))


@desk(CHARTS, CLAIMS, LEDGER, Permission.BILL, methods=("POST",))
def check_again(request: HttpRequest, at: Desk) -> HttpResponse:
    """Check the chosen held and ready claims on today's day; many of them as a job."""
    ids = chosen(request, at)
    if len(ids) > MANY:
        return redirect("job", at.practice.key, start(at.actor, "claims-check", at=now(), claims=sorted(ids)))
    counts, left = check_claims(session(at), ids)
    said = _("Checked %(all)s: %(ready)s ready, %(held)s held.") % {
        "all": f"{counts.ready + counts.held:,}", "ready": f"{counts.ready:,}", "held": f"{counts.held:,}",
    }  # fmt: skip
    if left:
        said += " " + ngettext(
            "%(n)s was sent already and stays as it is.", "%(n)s were sent already and stay as they are.", left
        ) % {"n": f"{left:,}"}
    tell(request, said)
    return _back(request)


@desk(CHARTS, CLAIMS, LEDGER, Permission.WORK_TASKS, methods=("POST",))
def assign(request: HttpRequest, at: Desk) -> HttpResponse:
    """Give the chosen claims to a member, or to nobody."""
    to = request.POST.get("to", "")
    moved = hand_over(at.actor, chosen(request, at), to, at=now())
    said = ngettext("%(n)s claim given to %(who)s.", "%(n)s claims given to %(who)s.", len(moved)) % {
        "n": f"{len(moved):,}", "who": to or _("nobody"),
    }  # fmt: skip
    before = Counter(moved.values())
    undo = None
    if len(before) == 1 and len(moved) <= 200:  # all had the same one before: one step takes it back
        fields = {"to": next(iter(before)), "claims": " ".join(map(str, sorted(moved)))}
        undo = Undo(redirect("claims-reassign", at.practice.key)["Location"], fields)
    tell(request, said, undo=undo)
    return _back(request)


@desk(CHARTS, CLAIMS, LEDGER, Permission.WORK_TASKS, methods=("POST",))
def reassign(request: HttpRequest, at: Desk) -> HttpResponse:
    """Undo an assignment: the claims go back to who had them."""
    given = [int(text) for text in request.POST.get("claims", "").split() if text.isascii() and text.isdigit()]
    to = request.POST.get("to", "")
    moved = hand_over(at.actor, known_ids(at.scope, given), to, at=now())
    tell(request, _("Undone: %(n)s with %(who)s again.") % {"n": f"{len(moved):,}", "who": to or _("nobody")})
    return _back(request)


@desk(CHARTS, CLAIMS, LEDGER, Permission.WORK_TASKS, methods=("POST",))
def note(request: HttpRequest, at: Desk) -> HttpResponse:
    """Write the same note on the chosen claims."""
    count = note_on_claims(at.actor, chosen(request, at), request.POST.get("text", ""), at=now())
    tell(request, ngettext("Noted on %(n)s claim.", "Noted on %(n)s claims.", count) % {"n": f"{count:,}"})
    return _back(request)

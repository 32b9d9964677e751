"""Batches that went out and files that came in: what is in them, what was answered, what is held and why."""

from collections.abc import Iterator
from itertools import islice

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from superbill.app.accounts.permissions import Permission
from superbill.app.claims.actions import resend
from superbill.app.path.receiving import ReceiveCounts, process
from superbill.app.path.sending import deliver
from superbill.app.web.claims.queries_files import (
    batch_list,
    batch_story,
    claims_of_batch,
    file_list,
    received_file,
)
from superbill.app.web.claims.queries_list import payers
from superbill.app.web.claims.segments import Shown, shown_lines
from superbill.app.web.desk import CHARTS, CLAIMS, LEDGER, Desk, desk, now, read, show
from superbill.app.web.filters import chosen, query
from superbill.app.web.notices import tell
from superbill.app.web.sites import session, trading_partner
from superbill.app.web.words import BATCH_STATES, FILE_STATES

LINES = 400  # of a file on one page
WHO = (CHARTS, CLAIMS, LEDGER)


@desk(*WHO)
def batches(request: HttpRequest, at: Desk) -> HttpResponse:
    """Batches, the latest first."""
    names = payers(at.scope)
    asked = {
        "state": chosen(request, "state", BATCH_STATES),
        "payer": chosen(request, "payer", names),
        "kind": request.GET.get("kind", "")[:8],
    }
    page, kinds = batch_list(at.scope, **asked, page=request.GET.get("page", ""))
    return show(
        request, at, "claims/batches", "claims",
        page=page, kinds=kinds, names=names, payers=sorted(names.items(), key=lambda item: item[1]),
        states=BATCH_STATES, query=query(**asked), may_receive=at.may(Permission.RECEIVE), **asked,  # type: ignore[arg-type]  # none of them is the status
    )  # fmt: skip


@desk(*WHO)
def batch(request: HttpRequest, at: Desk, number: int) -> HttpResponse:
    """One batch: what is in the file, where its claims stand, what was answered."""
    story = batch_story(at.scope, number)
    if story is None:
        raise Http404
    read(at, "batch", [number])
    asked = request.GET.get("q", "").strip()[:60]
    return show(
        request, at, "claims/batch", "claims",
        story=story, names=payers(at.scope), may_send=at.may(Permission.SEND),
        **_contents(bytes(story.row.content), asked, request.GET.get("from", "")),  # type: ignore[arg-type]  # none of them is the status
    )  # fmt: skip


@desk(*WHO)
def batch_file(_request: HttpRequest, at: Desk, number: int) -> HttpResponse:
    """The file of a batch, byte for byte."""
    story = batch_story(at.scope, number)
    if story is None:
        raise Http404
    read(at, "batch", [number])
    return _download(bytes(story.row.content), story.row.file_name)


@desk(*WHO, Permission.SEND, methods=("POST",))
def batch_again(request: HttpRequest, at: Desk, number: int) -> HttpResponse:
    """Hand a file over once more, or let its claims go out again in a new file, with the reason."""
    story = batch_story(at.scope, number)
    if story is None:
        raise Http404
    if request.POST.get("how") == "file":
        with trading_partner() as connector:
            deliver(session(at), connector, story.row, now())
        tell(request, _("The same file was handed over again."))
        return redirect("batch", at.practice.key, number)
    ids = claims_of_batch(at.scope, number)
    moved = resend(at.actor, ids, request.POST.get("reason", ""), at=now())
    tell(request, ngettext("%(n)s claim is ready again.", "%(n)s claims are ready again.", moved) % {"n": moved})
    return redirect("claims-ready", at.practice.key)


@desk(*WHO)
def files(request: HttpRequest, at: Desk) -> HttpResponse:
    """Files that came in, the latest first."""
    asked = {"outcome": chosen(request, "outcome", FILE_STATES), "kind": request.GET.get("kind", "")[:8]}
    page, kinds, held = file_list(at.scope, **asked, page=request.GET.get("page", ""))
    return show(
        request, at, "claims/files", "claims",
        page=page, kinds=kinds, held=held, states=FILE_STATES, query=query(**asked),
        may_receive=at.may(Permission.RECEIVE), **asked,  # type: ignore[arg-type]  # none of them is the status
    )  # fmt: skip


@desk(*WHO)
def file(request: HttpRequest, at: Desk, number: int) -> HttpResponse:
    """One file that came in: what it says, what was found, why it is held."""
    found = received_file(at.scope, number)
    if found is None:
        raise Http404
    read(at, "file", [number])
    row, findings = found
    asked = request.GET.get("q", "").strip()[:60]
    return show(
        request, at, "claims/file", "claims",
        row=row, findings=findings, may_receive=at.may(Permission.RECEIVE),
        **_contents(bytes(row.content), asked, request.GET.get("from", "")),  # type: ignore[arg-type]  # none of them is the status
    )  # fmt: skip


@desk(*WHO)
def file_content(_request: HttpRequest, at: Desk, number: int) -> HttpResponse:
    """A received file, byte for byte."""
    found = received_file(at.scope, number)
    if found is None:
        raise Http404
    read(at, "file", [number])
    return _download(bytes(found[0].content), found[0].name)


@desk(*WHO, Permission.RECEIVE, methods=("POST",))
def file_again(request: HttpRequest, at: Desk, number: int) -> HttpResponse:
    """Try again with a file that is held: what it lacked may be there now."""
    found = received_file(at.scope, number)
    if found is None:
        raise Http404
    row, counts = found[0], ReceiveCounts()
    if row.kind == "835":
        at.actor.must(Permission.POST_REMITTANCE)
    process(session(at), row.pk, row.name, bytes(row.content), counts, now(), row.kind)
    tell(
        request,
        _("It is held still; the findings say why.") if counts.held else _("Done: it is not held any more."),
        trouble=bool(counts.held),
    )
    return redirect("file", at.practice.key, number)


def _contents(data: bytes, asked: str, start: str) -> dict[str, object]:
    """The lines of a file from `start` on, or those that say `asked`."""
    first = int(start) if start.isascii() and start.isdigit() and len(start) < 9 else 0
    every: Iterator[Shown] = shown_lines(data)
    wanted = (one for one in every if not asked or one.says(asked))
    some = list(islice(wanted, first, first + LINES + 1))
    return {
        "lines": some[:LINES], "q": asked, "next_from": first + LINES if len(some) > LINES else None,
        "before_from": max(first - LINES, 0) if first else None,
    }  # fmt: skip


def _download(content: bytes, name: str) -> HttpResponse:
    plain = "".join(one if one.isalnum() or one in ".-_" else "-" for one in name)[:120]
    return HttpResponse(
        content,
        content_type="application/octet-stream",
        headers={"Content-Disposition": f'attachment; filename="{plain}"'},
    )

"""Files that a person drops: what each of them is, by its content, and what was done with it. ZIPs are opened."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from msgspec import Struct

from superbill.app.accounts.actors import Actor
from superbill.app.claims.actions import finish_file, receive_file
from superbill.app.path.receiving import ReceiveCounts, kind_of, take_in
from superbill.app.remits.queries import can_post_again
from superbill.app.web import sites, unpacking
from superbill.app.web.desk import Desk, now
from superbill.app.web.payments.queries_files import PREVIEW
from superbill.app.web.unpacking import MEGABYTE, Dropped, Most
from superbill.findings import Finding, Place, Severity

MOST = Most(file=20 * MEGABYTE, together=100 * MEGABYTE)  # the largest 835 that a payer sends is a tenth of it
ANSWERS = ("835", "999", "277CA", "277", "TA1")


class Result(Struct, frozen=True):
    """What became of one file, in a sentence. `file` is the row of one that is kept."""

    name: str
    said: str
    trouble: bool = False
    file: int | None = None
    kind: str = ""


def unpacked(files: Iterable[UploadedFile[Any]]) -> Iterator[Dropped]:
    """Every file of a drop, those inside ZIPs too."""
    return unpacking.unpacked(files, MOST)


def take(at: Desk, one: Dropped) -> Result:
    """Keep the file when it is an answer, and do what it says; an 835 waits for its preview."""
    if one.refused:
        return Result(one.name, one.refused, trouble=True)
    kind = kind_of(one.data)
    if not kind:
        return Result(one.name, _("is no X12 file that can be read. Nothing was done with it."), trouble=True)
    if kind not in ANSWERS:
        return Result(one.name, _("is no answer of a payer (%s). Nothing was done with it.") % kind, trouble=True)
    return _remittances(at, one) if kind == "835" else _answers(at, one, kind)


def _remittances(at: Desk, one: Dropped) -> Result:
    kept = receive_file(at.actor, name=one.name[-200:], content=one.data, kind="835", at=now())
    if kept.finished and not kept.held and not can_post_again(at.scope, kept.id):
        said = _("is an 835 that came before and is posted. Nothing was posted twice.")
    elif kept.finished and kept.held:
        said = _("is an 835 that came before and still waits. Look at it and post it.")
    else:
        wait_for_preview(at.actor, kept.id, at=now())
        said = _("is an 835. Nothing is posted yet: look at it first.")
    return Result(one.name, said, file=kept.id, kind="835")


def wait_for_preview(actor: Actor, file: int, *, at: datetime) -> None:
    """Mark a kept 835 as held for a person, so that no run in the background posts it."""
    waits = Finding(
        rule=PREVIEW,
        severity=Severity.INFORMATION,
        where=Place(),
        message="Dropped by hand: it is posted once somebody has looked at it.",
        fix="Open its preview and post it.",
    )
    finish_file(actor, file, (waits,), held=True, at=at)


def _answers(at: Desk, one: Dropped, kind: str) -> Result:
    counts = ReceiveCounts()
    take_in(sites.session(at), one.name[-200:], one.data, counts, now())
    trouble = bool(counts.held)
    return Result(one.name, _answered(kind, counts), trouble=trouble, kind=kind)


def _answered(kind: str, counts: ReceiveCounts) -> str:
    if counts.already:
        return _("is a %s that came before. Nothing was done twice.") % kind
    if counts.held:
        return _("is a %(kind)s that needs a person: %(why)s") % {"kind": kind, "why": _first(counts.findings)}
    taken = ngettext("%d claim taken in", "%d claims taken in", counts.accepted) % counts.accepted
    back = ngettext("%d refused", "%d refused", counts.rejected) % counts.rejected
    told = {
        "999": _("is an acknowledgement (999) and was taken in: its batch is acknowledged, %s.") % back,
        "277CA": _("is an acknowledgement of claims (277CA) and was taken in: %(taken)s, %(back)s.")
        % {"taken": taken, "back": back},
        "277": _("is an answer about claims (277) and was taken in."),
        "TA1": _("is an acknowledgement of a file (TA1) and was taken in: %s.") % back,
    }
    return told[kind]


def _first(findings: list[Finding]) -> str:
    return findings[0].message if findings else ""

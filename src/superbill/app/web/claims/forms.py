"""A claim as it looks on paper and as it stands in the files: the form drawn, its PDF, its X12 with names."""

import re
from collections.abc import Sequence

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from msgspec.structs import replace

from superbill.app.claims.actions import BatchNumbers
from superbill.app.claims.queries import StoredClaim
from superbill.app.path.sending import interchange
from superbill.app.session import BadInput
from superbill.app.web.claims.drawing import sheets
from superbill.app.web.claims.page import claim_of, found_on
from superbill.app.web.claims.queries import files_of_claim
from superbill.app.web.claims.segments import Shown, claim_slice, shown_lines
from superbill.app.web.claims.views import pdf
from superbill.app.web.desk import CHARTS, CLAIMS, Desk, desk, now, show
from superbill.app.web.sites import session
from superbill.findings import Finding
from superbill.forms import papers
from superbill.x12 import X12WriteError

_MOST = 3000  # segments of one claim on a page


_OF_A_ROW = re.compile(r"((?:Box|FL|item) [0-9]+[A-Za-z]*)\.[0-9]+(: .*)")  # "item 30.1: 46 characters …"


def together(cut: Sequence[Finding]) -> list[Finding]:
    """What does not fit its box, once for all the lines in which it is the same."""
    kept: dict[str, list[Finding]] = {}
    for one in cut:
        told = _OF_A_ROW.match(one.message)
        kept.setdefault("".join(told.groups()) if told else one.message, []).append(one)
    return [
        some[0]
        if len(some) == 1
        else replace(some[0], message=_("%(n)s lines, %(said)s") % {"n": len(some), "said": said})
        for said, some in kept.items()
    ]


@desk(CHARTS, CLAIMS)
def form(request: HttpRequest, at: Desk, number: str) -> HttpResponse:
    """The claim on the form of its kind, with what was found in its boxes."""
    one = claim_of(at, number)
    name = papers.form_of(one.claim)
    cut = papers.findings(name, [one.claim])
    return show(
        request, at, "claims/form", "claims",
        one=one, number=number, tab="form", sheets=sheets(one.claim, one.findings), found=found_on(at, one),
        title=papers.TITLES[name], cut=together(cut),
    )  # fmt: skip


@desk(CHARTS, CLAIMS)
def paper(_request: HttpRequest, at: Desk, number: str) -> HttpResponse:
    """A claim on the paper form of its kind, drawn on our own thin grid."""
    one = claim_of(at, number)
    name = papers.form_of(one.claim)
    return pdf(papers.render(name, [one.claim]), f"{name}-{one.control_number}.pdf")


@desk(CHARTS, CLAIMS)
def x12(request: HttpRequest, at: Desk, number: str) -> HttpResponse:
    """The claim in every file that told of it: the 837 that carried it, and the answers; before it was sent, the 837
    as it would be."""
    one = claim_of(at, number)
    files = files_of_claim(at.scope, one.id)
    wanted = request.GET.get("file", "")
    chosen = next((file for file in files if file.key == wanted), files[0] if files else None)
    said, content = "", b""
    if chosen is not None:
        content = chosen.content
        content = claim_slice(content, number) if chosen.is_837 else content
        lines = shown_lines(content, "" if chosen.whole or chosen.is_837 else number)
    else:
        content, said = _preview(at, one)
        lines = shown_lines(content)
    asked = request.GET.get("q", "").strip()[:60]
    some: list[Shown] = [line for _place, line in zip(range(_MOST), lines, strict=False)]
    some = [line for line in some if not asked or line.says(asked)]
    return show(
        request, at, "claims/x12", "claims",
        number=number, one=one, tab="x12", files=files, chosen=chosen, lines=some, q=asked, said=said,
    )  # fmt: skip


def _preview(at: Desk, one: StoredClaim) -> tuple[bytes, str]:
    """The 837 as it would be sent now, with control numbers 1; and what bars it."""
    try:
        return interchange(session(at), [one], BatchNumbers(1, 1), at=now()), ""
    except X12WriteError as error:
        return b"", _("No valid 837 can be written yet: %s") % " ".join(str(each) for each in error.findings)
    except BadInput as error:
        return b"", str(error)

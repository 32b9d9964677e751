"""Claims: the list, one claim's life, its paper form, its X12."""

from django.http import Http404, HttpRequest, HttpResponse

from superbill.app.claims.models import ClaimState
from superbill.app.claims.queries import claim as stored_claim
from superbill.app.claims.queries import count_by_state
from superbill.app.web.desk import CHARTS, CLAIMS, LEDGER, Desk, desk, read, show
from superbill.app.web.queries.claims import ClaimStory, claim_list, claim_story, sent_interchange
from superbill.app.web.queries.people import payer_names
from superbill.app.web.segments import claim_segments
from superbill.app.web.stories import claim_lines, code_labels, timeline
from superbill.app.web.views.filters import chosen, query, states_of
from superbill.app.web.words import CLAIM_FREQUENCY, CLAIM_GROUPS, ORDINALS
from superbill.codesets.type_of_bill.lookup import type_of_bill
from superbill.forms import papers


@desk(CHARTS, CLAIMS, LEDGER)
def claims(request: HttpRequest, at: Desk) -> HttpResponse:
    """Claims by state and payer, the latest service first."""
    names = payer_names(at.scope)
    state = chosen(request, "state", [*CLAIM_GROUPS, *ClaimState])
    payer = chosen(request, "payer", names)
    page = claim_list(at.scope, states=states_of(state, CLAIM_GROUPS), payer=payer, page=request.GET.get("page", ""))
    read(at, "claim", [line.id for line in page.rows])
    return show(
        request,
        at,
        "claims",
        "claims",
        page=page,
        names=names,
        payers=sorted(names.items(), key=lambda item: item[1]),
        counts=[(key, count) for key, (count, _) in count_by_state(at.scope).items() if count or key == state],
        state=state,
        group=state.replace("-", " ") if state in CLAIM_GROUPS else "",
        payer=payer,
        query=query(state=state, payer=payer),
        ordinals=ORDINALS,
    )


@desk(CHARTS, CLAIMS, LEDGER)
def claim(request: HttpRequest, at: Desk, number: str) -> HttpResponse:
    """One claim: where it stands, its lines with what happened, its life, its findings."""
    story = claim_story(at.scope, number)
    if story is None:
        raise Http404
    names = payer_names(at.scope)
    read(at, "claim", [story.stored.id])
    return show(
        request,
        at,
        "claim",
        "claims",
        story=story,
        claim=story.stored.claim,
        names=names,
        lines=claim_lines(story, names),
        timeline=timeline(story, names),
        labels=code_labels(story.coded),
        after=_after(story, names),
        ordinal=ORDINALS.get(story.row.responsibility, "later"),
        bill=type_of_bill(story.stored.claim.type_of_bill),
        frequency=CLAIM_FREQUENCY.get(story.row.frequency, story.row.frequency),
        ordinals=ORDINALS,
    )


@desk(CHARTS, CLAIMS)
def paper(_request: HttpRequest, at: Desk, number: str) -> HttpResponse:
    """A claim on the paper form of its kind, drawn on our own thin grid."""
    found = stored_claim(at.scope, number)
    if found is None:
        raise Http404
    read(at, "claim", [found.id])
    form = papers.form_of(found.claim)
    return pdf(papers.render(form, [found.claim]), f"{form}-{found.control_number}.pdf")


@desk(CHARTS, CLAIMS)
def x12(request: HttpRequest, at: Desk, number: str) -> HttpResponse:
    """The claim as it stands in the 837 that carried it, segment by segment."""
    found = sent_interchange(at.scope, number)
    if found is None:
        raise Http404
    row, content = found
    read(at, "claim", [row.pk])
    segments = claim_segments(content, row.control_number)
    return show(request, at, "x12", "claims", row=row, segments=segments)


def pdf(content: bytes, name: str) -> HttpResponse:
    """A PDF shown by the browser; `name` is made of numbers that tell nothing of a patient."""
    return HttpResponse(
        content, content_type="application/pdf", headers={"Content-Disposition": f'inline; filename="{name}"'}
    )


def _after(story: ClaimStory, names: dict[str, str]) -> str:
    """What follows once the payer has paid."""
    if story.row.state != ClaimState.PAID:
        return ""
    balance = story.ledger.balance
    upcoming = story.row.next_payer_key
    if balance.insurance > 0 and upcoming:
        return f"{names.get(upcoming, upcoming)} is billed for the rest."
    if balance.insurance > 0:
        return "Insurance still has something open; the lines say what."
    if balance.patient > 0:
        return "The rest is the patient’s and goes on the next statement."
    return "Nothing: no balance is open."

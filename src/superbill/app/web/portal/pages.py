"""What I owe, why, and who can help."""

from django.http import Http404, HttpRequest, HttpResponse

from superbill.app.portal.actions import offers
from superbill.app.portal.scope import PortalScope
from superbill.app.web.desk import today
from superbill.app.web.portal.own import patient_page, payer_names, show_mine
from superbill.forms.statement.words import assistance


@patient_page()
def home(request: HttpRequest, mine: PortalScope) -> HttpResponse:
    """One number: what is owed now."""
    owing = mine.owing(today(), payer_names(mine))
    waiting = sum(thread.state == "waiting for patient" for thread in mine.threads())
    return show_mine(
        request, mine, "home", owing=owing, plans=mine.plans(today()), waiting=waiting,
        lost=mine.mail_came_back(today()),
        late=owing.due is not None and owing.due < today(), may_plan=bool(offers(mine, today())),
    )  # fmt: skip


@patient_page()
def bill(request: HttpRequest, mine: PortalScope) -> HttpResponse:
    """Each service with what is owed of it; what waits for the plan or is on hold says so."""
    owing = mine.owing(today(), payer_names(mine))
    people = {story.patient for story in owing.stories}
    return show_mine(request, mine, "bill", owing=owing, several=len(people) > 1)


@patient_page()
def why(request: HttpRequest, mine: PortalScope, line: str) -> HttpResponse:
    """Why one service is owed, step by step."""
    story = mine.story(line, today(), payer_names(mine))
    if story is None:
        raise Http404
    return show_mine(request, mine, "why", story=story, code=line)


@patient_page()
def help_with_bill(request: HttpRequest, mine: PortalScope) -> HttpResponse:
    """Who helps with a bill that is too much."""
    rules = mine.rules().statement.assistance
    may_plan = bool(mine.plans(today()) or offers(mine, today()))
    return show_mine(request, mine, "help", help=assistance(rules) if rules else None, may_plan=may_plan)

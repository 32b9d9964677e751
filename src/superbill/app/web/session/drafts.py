"""Drafts of forms, as the browser keeps and asks for them; a form that was sent leaves none."""

from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.utils.html import escape

from superbill.app.accounts.drafts import TooMuch, draft, drop, keep
from superbill.app.accounts.models import Draft, User
from superbill.app.practices.queries import practice
from superbill.app.web.desk import Desk, desk, now
from superbill.app.web.middleware import Respond

FIELD = "_draft"  # by which a form tells which draft it was
REFUSED = 303  # where an action said no, the person comes back to what they typed


@desk(methods=("POST",))
def draft_of(request: HttpRequest, at: Desk) -> HttpResponse:
    """Keep what is typed, tell what was kept, or forget it; one's own alone."""
    assert isinstance(request.user, User)
    key, do = request.POST.get("key", ""), request.POST.get("do", "")
    if not key or len(key) > 120 or "\0" in key + request.POST.get("fields", ""):
        return HttpResponse(status=400)
    if do == "drop":
        drop(request.user, at.practice.pk, key)
    elif do == "look":
        return _told(draft(request.user, at.practice.pk, key, at=now()))
    else:
        try:
            keep(request.user, at.practice.pk, key, request.POST.get("fields", ""), at=now())
        except TooMuch:
            return HttpResponse(status=413)
        except ValueError:
            return HttpResponse(status=400)
    return HttpResponse(status=204)


def sent(get_response: Respond) -> Respond:
    """A layer: where a form went through, its draft is no longer needed."""

    def respond(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        if request.method == "POST" and response.status_code < 400 and response.status_code != REFUSED:
            key, match = request.POST.get(FIELD), request.resolver_match
            found = practice(match.kwargs.get("practice", "")) if key and match else None
            if key and found and isinstance(request.user, User) and not _shows(response, key):
                drop(request.user, found.pk, key)
        return response

    return respond


def _shows(response: HttpResponseBase, key: str) -> bool:
    """Whether the answer shows the form again (what it would change, what is found in it): nothing is sent yet."""
    return isinstance(response, HttpResponse) and f'data-draft="{escape(key)}"'.encode() in response.content


def _told(kept: Draft | None) -> HttpResponse:
    return JsonResponse({"at": kept.at.isoformat(), "fields": kept.fields}) if kept else HttpResponse(status=204)

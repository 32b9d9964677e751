"""Around every page: headers that let a browser do nothing but show it, and refusals told as pages."""

from collections.abc import Callable
from urllib.parse import urlsplit

from django.contrib.sessions.middleware import SessionMiddleware
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from superbill.app.accounts.permissions import NotPermitted
from superbill.app.boot import DatabaseUnusable
from superbill.app.problems import told
from superbill.app.web.notices import tell

# Scripts, styles and images from here alone, none of them inside a page; no frame around us, forms only to us.
POLICY = (
    "default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'self'; img-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'; object-src 'none'"
)
LARGEST = 110 * 1024 * 1024  # of a whole request; each form has a limit of its own below this one
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Frame-Options": "DENY",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}
Respond = Callable[[HttpRequest], HttpResponseBase]


def headers(get_response: Respond) -> Respond:
    """The outermost layer: its headers stand on every answer, refusals and failures included."""

    def respond(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request) if _size(request) <= LARGEST else _too_large()
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        # A shared screen: nothing of a patient stays in the browser's cache.
        response.headers.setdefault("Cache-Control", "no-store")
        return response

    return respond


def _size(request: HttpRequest) -> int:
    """What the request says of its size; nothing beyond that is read of it."""
    told = request.META.get("CONTENT_LENGTH") or "0"
    return int(told) if str(told).isdigit() else 0


def _too_large() -> HttpResponse:
    """413, before a byte of it is read or kept."""
    said = _("Too large: a page takes 100 MB at once. Send the files in several parts.")
    return HttpResponse(f"{said}\n", status=413, content_type="text/plain; charset=utf-8")


class Sessions(SessionMiddleware):
    """Sessions that every request of a person prolongs. A page that asks by itself, as for progress, does not: an
    unattended screen is signed out all the same."""

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        """Leave the session as it is for a request that nobody made."""
        if "X-Superbill-Poll" in request.headers and not request.session.is_empty():
            return response
        return super().process_response(request, response)


class Refusals:
    """What the rooms below refuse, as pages: 403 without the permission, 503 while the database can't be used. What an
    action refuses for a reason of its own becomes a notice on the page that the person came from; a page, 422."""

    def __init__(self, get_response: Respond) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self._get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """A page for a known refusal; None leaves the exception to become a 500."""
        if isinstance(exception, NotPermitted):
            return HttpResponse(render_to_string("web/403.html", {"said": str(exception)}, request), status=403)
        if isinstance(exception, DatabaseUnusable):
            return HttpResponse(render_to_string("web/503.html", {}, request), status=503)
        said = told(exception)
        if said is None:
            return None
        if request.method != "POST":  # a page that lacks something a person can mend, such as the site file
            return HttpResponse(render_to_string("web/refused.html", {"said": said}, request), status=422)
        tell(request, said, trouble=True)  # an action that said no: told where the person pressed its button
        return HttpResponseRedirect(came_from(request), status=303)


def came_from(request: HttpRequest) -> str:
    """The page of ours that this request was sent from; the first page when the browser does not tell."""
    sent = urlsplit(request.headers.get("Referer", ""))
    ours = sent.netloc == request.get_host()
    return f"{sent.path}?{sent.query}" if ours and sent.query else sent.path if ours and sent.path else "/"

"""Around every page: headers that let a browser do nothing but show it, and refusals told as pages."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.template.loader import render_to_string

from superbill.app.accounts.permissions import NotPermitted
from superbill.app.boot import DatabaseUnusable

# No script at all, styles and images from here alone, no frame around us, forms only to us.
POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'; object-src 'none'"
)
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
        response = get_response(request)
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        # A shared screen: nothing of a patient stays in the browser's cache.
        response.headers.setdefault("Cache-Control", "no-store")
        return response

    return respond


class Refusals:
    """What the rooms below refuse, as pages: 403 without the permission, 503 while the database can't be used."""

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
        return None

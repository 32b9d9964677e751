"""Django's own threaded server, for the people of one machine: silent, patient with nobody, telling no values."""

import logging
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from django.core.handlers.wsgi import WSGIHandler
from django.core.servers.basehttp import ThreadedWSGIServer, WSGIRequestHandler
from django.template.loader import get_template
from django.urls import get_resolver

from superbill.app.web.assets import with_assets
from superbill.app.web.middleware import HEADERS

log = logging.getLogger("django.superbill")  # under "django", whose handler leaves values out
STALLED_SECONDS = 30
_TEMPLATES = Path(__file__).parent / "templates"


class Handler(WSGIRequestHandler):
    """Logs no request: the audit trail tells who read what. A stalled client is dropped."""

    timeout = STALLED_SECONDS

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing."""


class Server(ThreadedWSGIServer):
    """A thread per request; threads don't outlive the server."""

    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that went away or stalled is no news; anything else is logged by its place."""
        if not isinstance(sys.exc_info()[1], OSError):
            log.error("a request failed", exc_info=True)


class LastResort:
    """The application; a failure that not even its error page survived becomes a bare 500, logged by its place."""

    def __init__(self) -> None:
        self._application = WSGIHandler()

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        try:
            return self._application(environ, start_response)
        except Exception:
            log.exception("a page failed")
            start_response("500 Internal Server Error", [("Content-Type", "text/plain"), *HEADERS.items()])
            return [b"Something broke here. It is our mistake; nothing was changed.\n"]


def application_of() -> Callable[..., Any]:
    """The whole application for a WSGI server: static files, pages, and the last resort behind them."""
    served: Callable[..., Any] = with_assets(LastResort(), HEADERS)
    return served


def server_on(host: str, port: int) -> Server:
    """A server bound to `host`:`port` (0: a free one). Raises OSError when that can't be had."""
    server = Server((host, port), Handler)
    server.set_app(application_of())
    return server


def warm() -> None:
    """Load the views and compile their templates: the first person at the desk doesn't wait for it."""
    get_resolver().url_patterns  # noqa: B018  # reading it imports the views
    for path in sorted(_TEMPLATES.rglob("*.html")):
        get_template(path.relative_to(_TEMPLATES).as_posix())


def warm_search() -> None:
    """Make what the coder's search looks into, where this installation has none yet: seconds, of which nobody waits."""
    from superbill.app.web.coding.searching import ready
    from superbill.app.web.desk import today

    try:
        ready(today())
    except OSError:
        log.exception("the search for codes is not ready")


def warm_books() -> None:
    """Read what this process remembers of each practice's refusals and statements, of which big books have many: from
    then on only what was posted to is read again. A mistake here stops nobody: the page that needs it will tell."""
    from superbill.app.accounts.actors import system_actor
    from superbill.app.denials.queries.ranked import board
    from superbill.app.practices.queries import practices
    from superbill.app.statements.outlook import outlook
    from superbill.app.web.desk import today
    from superbill.app.web.sites import least_statement

    try:
        for practice in practices():
            scope = system_actor(practice.pk).scope
            board(scope, today())
            outlook(scope, today(), least_statement(practice.key))
    except Exception:
        log.exception("the books are not read yet")

"""One question to an endpoint and its answer, over HTTP; tried again where that may help."""

import http.client
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from typing import Any

from superbill.connectors.language_model.settings import Settings

_AGAIN = frozenset((408, 425, 429, 500, 502, 503, 504))
_LONGEST_WAIT = 30.0


class NoAnswer(Exception):
    """The endpoint could not be asked. The message says why, and holds nothing of what was sent or came back."""


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """A chart goes where the settings say and nowhere else."""

    def redirect_request(self, *args: Any) -> None:
        return None


def ask(settings: Settings, body: bytes, sleep: Callable[[float], None] = time.sleep) -> bytes:
    """The body of the endpoint's response to `body`. Raises NoAnswer after the last try.

    Proxies of the environment are passed over: they are another place to which a chart would go.
    """
    headers = {"Content-Type": "application/json", "Accept": "application/json", "User-Agent": "superbill"}
    if key := settings.key():
        headers["Authorization"] = f"Bearer {key}"
    request = urllib.request.Request(  # noqa: S310  settings.check lets http and https through, nothing else
        f"{settings.url.rstrip('/')}/chat/completions", data=body, headers=headers, method="POST"
    )
    opener = urllib.request.build_opener(_NoRedirect, urllib.request.ProxyHandler({}))
    wait = settings.wait
    for left in reversed(range(settings.tries)):
        try:
            return _once(opener, request, settings)
        except _Failed as failed:
            if not failed.again or not left:
                raise NoAnswer(str(failed)) from None
            sleep(min(max(wait, failed.after), _LONGEST_WAIT))
            wait *= 2
    raise NoAnswer("it was not asked")


class _Failed(Exception):
    def __init__(self, message: str, *, again: bool, after: float = 0.0) -> None:
        super().__init__(message)
        self.again = again
        self.after = after


def _once(opener: urllib.request.OpenerDirector, request: urllib.request.Request, settings: Settings) -> bytes:
    """One try. A response may take `timeout` in all, however slowly it trickles."""
    until = time.monotonic() + settings.timeout
    try:
        with opener.open(request, timeout=settings.timeout) as response:
            return _read(response, until, settings)
    except urllib.error.HTTPError as error:
        after = error.headers.get("Retry-After", "") if error.headers else ""
        error.close()
        raise _Failed(
            f"it answered with HTTP status {error.code}",
            again=error.code in _AGAIN, after=float(after) if after.isdecimal() else 0.0,
        ) from None  # fmt: skip
    except TimeoutError:
        raise _Failed(f"it didn't answer within {settings.timeout:g} seconds", again=True) from None
    except urllib.error.URLError as error:
        if isinstance(error.reason, TimeoutError):
            raise _Failed(f"it didn't answer within {settings.timeout:g} seconds", again=True) from None
        raise _Failed(f"it can't be reached ({type(error.reason).__name__})", again=True) from None
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise _Failed(f"the connection broke ({type(error).__name__})", again=True) from None


def _read(response: Any, until: float, settings: Settings) -> bytes:
    parts: list[bytes] = []
    size = 0
    while part := response.read1(65536):
        parts.append(part)
        size += len(part)
        if size > settings.most_bytes:
            raise _Failed(f"its answer is longer than {settings.most_bytes:,} bytes", again=False)
        if time.monotonic() > until:
            raise _Failed(f"it didn't answer within {settings.timeout:g} seconds", again=True)
    return b"".join(parts)

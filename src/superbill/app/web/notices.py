"""What just happened, told once on the next page, with the way to undo it where there is one."""

from typing import Any

import msgspec
from django.http import HttpRequest
from msgspec import Struct

_KEY = "notices"


class Undo(Struct, frozen=True):
    """A button that takes it back: where it posts to, and the fields it sends."""

    address: str
    fields: dict[str, str] = {}
    label: str = "Undo"


class Notice(Struct, frozen=True):
    """One sentence. `trouble` is for what was not done, and why."""

    text: str
    trouble: bool = False
    undo: Undo | None = None


def tell(request: HttpRequest, text: str, *, trouble: bool = False, undo: Undo | None = None) -> None:
    """Say it on the next page that this person opens. The text names numbers, never a patient."""
    kept: list[Any] = request.session.get(_KEY, [])
    request.session[_KEY] = [*kept, msgspec.to_builtins(Notice(text, trouble, undo))]


def told(request: HttpRequest) -> list[Notice]:
    """What is to be said now; after it, it has been said."""
    kept = request.session.pop(_KEY, []) if _KEY in request.session else []
    return msgspec.convert(kept, list[Notice])

"""Deeds: what people do with accounts, each as data. One page asks, shows what would change, and does it."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

from msgspec import Struct

from superbill.app.accounts.permissions import Permission
from superbill.app.web.accounts.forms import LinesForm
from superbill.app.web.accounts.queries_subjects import Subject
from superbill.app.web.desk import Desk


class Done(Struct, frozen=True, kw_only=True):
    """What was done: `text` for the notice, `entry` the key of what was posted and can be undone, `undo` another
    (address, fields) to take it back, `opens` the route and argument of the page that follows."""

    text: str
    entry: str = ""
    undo: tuple[str, str, dict[str, str]] | None = None
    opens: tuple[str, object] | None = None


Ask = Callable[[Desk, Subject, Any], LinesForm]
Foresee = Callable[[Desk, Subject, LinesForm], list[tuple[date, int]]]
Do = Callable[[Desk, Subject, LinesForm, str], Done]


class Deed(Struct, frozen=True, kw_only=True):
    """One thing to do. `of` are the kinds of subject; `fits` says "" or why it can't be done now; `previews`: what it
    would post is shown first; `foresee` tells the instalments that it would promise."""

    name: str
    of: Sequence[str]
    title: Any
    verb: Any
    needs: Permission
    ask: Ask
    do: Do
    about: Any = ""
    key: str = ""
    group: str = ""
    previews: bool = True
    foresee: Foresee | None = None
    fits: Callable[[Subject], str] = lambda _subject: ""


def registry() -> Mapping[tuple[str, str], Deed]:
    """Every deed by kind of subject and name."""
    from superbill.app.web.accounts import deeds_balances, deeds_cases, deeds_money, deeds_people

    every = (*deeds_money.DEEDS, *deeds_balances.DEEDS, *deeds_people.DEEDS, *deeds_cases.DEEDS)
    return {(kind, deed.name): deed for deed in every for kind in deed.of}


def deeds_of(at: Desk, subject: Subject) -> list[Deed]:
    """What this person can do with it now."""
    return [
        deed
        for (kind, _name), deed in registry().items()
        if kind == subject.kind and at.may(deed.needs) and not deed.fits(subject)
    ]

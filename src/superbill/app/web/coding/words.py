"""The steps of a draft in words."""

from collections.abc import Sequence
from datetime import datetime

from msgspec import Struct

from superbill.app.coding.draft import Draft
from superbill.app.coding.draft_queries import Coder
from superbill.app.coding.edits import Edit

_SAID = {
    "keep": "kept {code}", "refuse": "refused {code}", "open": "opened {code} again", "up": "moved {code} up",
    "down": "moved {code} down", "first": "put {code} first", "point": "pointed {code} to {value}",
    "units": "changed the units of {code} to {value}", "modifier": "switched modifier {value} of {code}",
    "poa": "said {value} for {code} on admission", "recode": "put {new} in place of {code}", "add": "added {new}",
    "keep all": "kept all that was undecided", "leave out": "left an element of the level out",
    "count": "counted an element of the level", "count more": "added an element to the level",
    "minutes": "set the minutes to {value}", "patient": "said that the patient is {value}",
    "as read": "took the level as it was read", "hold": "held the visit", "not billable": "found it not billable",
    "release": "released the visit", "take back": "took the visit back", "undo": "took the last step back",
}  # fmt: skip


class Step(Struct, frozen=True):
    """One step as people read it."""

    by: str
    at: datetime
    words: str
    reason: str


def told(steps: Sequence[Coder], draft: Draft) -> list[Step]:
    """Steps in words, the last one first."""
    return [Step(each.by, each.at, step_words(each.edit, draft), each.edit.reason) for each in reversed(steps)]


def step_words(edit: Edit, draft: Draft) -> str:
    """One step in words."""
    line = draft.line(edit.key)
    target = draft.line(edit.value)
    words = _SAID.get(edit.do, edit.do)
    value = target.code if target else edit.value
    return words.format(code=line.code if line else "a code", new=edit.code, value=value or "nothing")

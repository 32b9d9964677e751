"""From which family of codes a visit is: by its kind, its place, the payer, the day, and what the note calls it."""

from collections.abc import Mapping
from datetime import date
from functools import cache

from msgspec import Struct

from superbill.coding.em.view import PACKAGE, View
from superbill.coding.reading.tables import table
from superbill.coding.suggest.model import Complexity, Visit

LEVELS: tuple[Complexity, ...] = ("straightforward", "low", "moderate", "high")

_PLACES = {
    "02": "telehealth", "10": "telehealth", "12": "home", "13": "home", "14": "home", "16": "home", "33": "home",
    "54": "nursing facility", "55": "home", "56": "nursing facility", "21": "hospital", "51": "hospital",
    "61": "hospital", "23": "emergency", "31": "nursing facility", "32": "nursing facility",
}  # fmt: skip
"""Places of service (CMS) that decide the family; every other is an office or other outpatient visit."""
_KINDS = {
    "office": "office", "emergency": "emergency", "observation": "hospital", "inpatient": "hospital",
    "discharge": "discharge", "consultation": "consultation", "telehealth": "telehealth", "audio": "audio",
    "telephone": "audio", "critical care": "critical care", "home": "home", "nursing facility": "nursing facility",
}  # fmt: skip
_CONSULTATIONS_END = date(2010, 1, 1)


class Series(Struct, frozen=True, forbid_unknown_fields=True):
    """The codes for the four levels of decision making, and the least minutes of each."""

    codes: tuple[str, str, str, str]
    minutes: tuple[int, int, int, int] | None = None


class Prolonged(Struct, frozen=True, forbid_unknown_fields=True):
    """The code for each further 15 minutes, and the total minutes from which the first counts."""

    code: str
    new: int
    established: int


class Family(Struct, frozen=True, forbid_unknown_fields=True):
    """A family of codes as it stands between two dates of service."""

    since: date
    new: Series
    established: Series
    until: date | None = None
    prolonged: Prolonged | None = None
    medicare: Prolonged | None = None

    def series(self, patient: str) -> Series:
        return self.new if patient == "new" else self.established

    def code(self, patient: str, level: Complexity) -> str:
        """The code of a level of decision making."""
        return self.series(patient).codes[LEVELS.index(level)]


@cache
def _families() -> Mapping[str, tuple[Family, ...]]:
    return table(PACKAGE, "families.yaml", dict[str, tuple[Family, ...]])


def family(name: str, on: date) -> Family | None:
    """The family on a day of service; None on a day on which decision making alone did not select its codes."""
    return next(
        (each for each in _families().get(name, ()) if each.since <= on and (each.until is None or on <= each.until)),
        None,
    )


def newest(name: str) -> Family:
    """The family as it stands last. Raises KeyError for a name that is none."""
    return _families()[name][-1]


def medicare(visit: Visit) -> bool:
    """Is the payer Medicare (part B or an Advantage plan that follows it)?"""
    return "medicare" in visit.payer_kind.casefold() or visit.payer_kind.casefold() in ("mb", "ma")


class Category(Struct, frozen=True):
    """The family of a visit: its name, the modifiers that say how it was held, and why."""

    name: str
    modifiers: tuple[str, ...] = ()
    why: str = ""
    missing: str = ""


def category(view: View) -> Category:
    """The family: what the visit says, else its place, else what the note calls itself."""
    visit = view.visit
    kind = _KINDS.get(visit.kind.casefold(), "") or _PLACES.get(visit.place_of_service, "") or _told(view)
    inpatient = visit.setting == "inpatient"
    if kind in ("", "office"):
        kind = "hospital" if inpatient and not visit.kind else "office"
    if kind == "telehealth" and view.called("audio") and not view.called("video"):
        kind = "audio"
    return _CHOICES.get(kind, _plain)(view, kind)


def _told(view: View) -> str:
    """Telehealth, when the note says so in its opening or heading."""
    opening = len(view.text) // 3
    for name, kind in (("audio", "audio"), ("video", "telehealth")):
        hit = view.called(name)
        if hit and hit.start <= opening:
            return kind
    return ""


def _plain(_view: View, kind: str) -> Category:
    return Category(kind or "office")


def _remote(view: View, kind: str) -> Category:
    """CPT 2025 has own codes for audio-video and audio-only visits; Medicare pays none but 98016 and takes office codes
    with the place 02 or 10, modifier 95 for video and 93 for audio only (CMS CY2025 physician fee schedule)."""
    modifier = "93" if kind == "audio" else "95"
    if medicare(view.visit) or family(kind, view.visit.on) is None:
        why = "Medicare takes office codes" if medicare(view.visit) else "before 2025 no codes of its own"
        return Category("office", (modifier,), f"{kind}: {why}")
    return Category(kind, (), kind)


def _consultation(view: View, _kind: str) -> Category:
    """Medicare has taken no consultation codes since 2010: office or hospital codes instead."""
    inpatient = view.visit.setting == "inpatient" or view.visit.place_of_service in ("21", "31", "51", "61")
    if medicare(view.visit) and view.visit.on >= _CONSULTATIONS_END:
        name = "initial hospital" if inpatient else "office"
        return Category(name, (), "Medicare takes no consultation codes since 2010")
    name = "inpatient consultation" if inpatient else "consultation"
    missing = "" if view.first("referred_here") else "Who asked for the opinion, and that a report went back to them."
    return Category(name, (), "consultation", missing)


def _hospital(view: View, _kind: str) -> Category:
    """Initial, subsequent, or in and out on one day."""
    admits, leaves = view.called("admits"), view.called("goes_home")
    if admits and leaves:
        missing = "That the stay lasted more than eight hours and had two visits, one for each of its ends."
        return Category("same day hospital", (), "admission and discharge in one note", missing)
    if leaves:
        return Category("discharge")
    if admits or view.visit.new_patient or view.first("says_new"):
        return Category("initial hospital", (), "first visit of the stay")
    return Category("subsequent hospital", (), "a later day of the stay")


def _nursing(view: View, _kind: str) -> Category:
    if view.called("goes_home"):
        return Category("nursing facility discharge")
    first = view.called("admits") or view.visit.new_patient or view.first("says_new")
    return Category("initial nursing facility" if first else "subsequent nursing facility")


_CHOICES = {
    "telehealth": _remote,
    "audio": _remote,
    "consultation": _consultation,
    "hospital": _hospital,
    "nursing facility": _nursing,
}

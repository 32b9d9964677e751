"""New or established, by what the visit knows and what the note says.

New: nothing professional from this physician, or from one of the same specialty and group, within three years (CPT).
"""

from typing import Literal

from msgspec import Struct

from superbill.coding.em.view import Hit, View, Zone

RULE = "CPT E/M guidelines, new and established patient: three years, same specialty and group"
_WHERE = (Zone.HISTORY, Zone.PLAN, Zone.LISTED)


class Patient(Struct, frozen=True):
    """Who comes: new or established, why, the phrase that says so, and what a coder should look up."""

    status: Literal["new", "established"]
    why: str
    hit: Hit | None = None
    missing: str = ""


def patient(view: View) -> Patient:
    """As the visit says, else the note, else established, since then nothing is claimed that could not be shown."""
    told = view.visit.new_patient
    if told is not None:
        return Patient("new" if told else "established", "as the visit says")
    new, known = _first(view, "says_new", _WHERE), _known(view)
    referred = _first(view, "referred_here", (Zone.HISTORY, Zone.LISTED))
    if new and not (known and known.start < new.start):
        return Patient("new", "the note says so", new)
    if known and not referred:
        return Patient("established", "the note says so", known)
    if referred:
        missing = "" if not known else "Whether the patient was seen here within three years: the note says both."
        return Patient("new", "referred to this practice", referred, missing)
    follows = _first(view, "follows_up", (Zone.HISTORY,))
    if follows:
        return Patient("established", "a follow-up", follows)
    missing = "Whether the patient was seen by this specialty of the group within three years: the note does not say."
    return Patient("established", "the note does not say; established claims less", None, missing)


def _known(view: View) -> Hit | None:
    """A word of earlier visits; in the plan not that the patient shall return."""
    for hit in view.hits:
        if hit.name == "says_established" and hit.zone in _WHERE and not hit.negated:
            ahead = view.text[hit.start : hit.end].casefold().startswith(("return", "follow", "recheck", "here"))
            if not (ahead and hit.zone is Zone.PLAN):
                return hit
    return None


def _first(view: View, name: str, zones: tuple[Zone, ...]) -> Hit | None:
    """The first that is not denied; a referral "for possible stones" is a referral."""
    return next((each for each in view.hits if each.name == name and each.zone in zones and not each.negated), None)

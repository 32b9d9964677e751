"""A person decides on the codes of a visit, or codes it a second time."""

from datetime import datetime

from superbill.app.accounts.actors import Actor
from superbill.app.accounts.permissions import Permission
from superbill.app.coding.history import Coding, add
from superbill.app.coding.models import Purpose
from superbill.app.documents import encoded
from superbill.app.encounters.actions import STATES
from superbill.app.encounters.models import EncounterRow, EncounterState
from superbill.app.rows import found, update
from superbill.app.work import Work, action
from superbill.coding.deciding import Final, decisions, signed
from superbill.coding.history import Record
from superbill.coding.model import CodedEncounter
from superbill.coding.suggest.model import Suggestion


class NotDecided(ValueError):
    """A decision that can't be taken; the message says why and what to do."""


def decide(
    actor: Actor, encounter: int, coded: CodedEncounter, suggestion: Suggestion, final: Final, *,
    record: str, at: datetime, seconds: int | None = None,
) -> CodedEncounter:  # fmt: skip
    """Store what a person decided for a visit (row id): its codes with their name, and what became of each suggested.

    `coded` is what coding makes of `final`; `record` names the note. Gives the codes as stored. Raises NotDecided for
    a visit that is unknown here or billed already, NotPermitted.
    """
    with action(actor, Permission.CODE, "decide coding", at) as work:
        _must_be_open(work, encounter)
        mine = signed(coded, suggestion, record, by=actor.name, at=at)
        kept = Record(coded=mine, suggestion=suggestion, decisions=decisions(suggestion, final), seconds=seconds)
        state = STATES[mine.disposition].value
        update(
            EncounterRow, ("state", "coded", "findings"), [(state, encoded(mine), encoded(mine.findings), encounter)]
        )
        add(work, [Coding(
            encounter=encounter, purpose=Purpose.DECIDED, coder=actor.name, record=kept, release=suggestion.release
        )])  # fmt: skip
        verdicts = [each.verdict for each in kept.decisions]
        accepted, refused = verdicts.count("accepted"), verdicts.count("refused")
        work.note("encounter", encounter, accepted=accepted, refused=refused, added=verdicts.count("added"))
        return mine


def code_again(
    actor: Actor, encounter: int, coded: CodedEncounter, *, release: str, at: datetime, seconds: int | None = None
) -> None:
    """Keep a second coding of a visit (row id), for an audit; what is billed stays as it is.

    Raises NotDecided for a visit that is unknown here, NotPermitted.
    """
    with action(actor, Permission.CODE, "code again", at) as work:
        if not _state(work, encounter):
            raise NotDecided("This visit is not known here.")
        kept = Record(coded=coded, seconds=seconds)
        add(work, [Coding(
            encounter=encounter, purpose=Purpose.SECOND, coder=actor.name, record=kept, release=release
        )])  # fmt: skip
        work.note("encounter", encounter)


def _must_be_open(work: Work, encounter: int) -> None:
    state = _state(work, encounter)
    if not state:
        raise NotDecided("This visit is not known here.")
    if state == EncounterState.BILLED:
        raise NotDecided("This visit is billed: correct its claim instead (superbill claim correct).")


def _state(work: Work, encounter: int) -> str:
    rows = list(found(work.scope, EncounterRow, "id", [encounter], "state", lock=True))
    return rows[0][0] if rows else ""

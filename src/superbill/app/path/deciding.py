"""Decisions on visits that only a note tells of: a person's, or those of the demo's simulated coder."""

from collections.abc import Mapping
from pathlib import Path

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from superbill.app.accounts.actors import Actor, Scope, actor_with
from superbill.app.accounts.permissions import Role
from superbill.app.coding.actions import NotDecided, decide
from superbill.app.coding.models import Purpose
from superbill.app.coding.queries import codings, suggested
from superbill.app.encounters.models import EncounterState
from superbill.app.encounters.queries import Visit, encounters_of, service_dates, visits
from superbill.app.path.coding import code_one
from superbill.app.session import Session
from superbill.coding.deciding import AWAITS, Final, record_of, recorded
from superbill.coding.model import CodedEncounter
from superbill.coding.suggest.model import Suggestion


class DecisionFile(Struct, frozen=True, forbid_unknown_fields=True):
    """Decisions taken beforehand, by encounter id; `coder` is the name they are kept under."""

    coder: str
    visits: Mapping[str, Final]


class Decided(Struct):
    """How many visits were decided on, and what became of the codes suggested for them."""

    visits: int = 0
    accepted: int = 0
    refused: int = 0
    added: int = 0


def read_decisions(path: Path) -> DecisionFile:
    """The file's decisions. Raises msgspec.ValidationError naming the place."""
    return msgspec.json.decode(path.read_bytes(), type=DecisionFile)


def decide_visit(
    session: Session, actor: Actor, visit: Visit, final: Final, *, seconds: int | None = None
) -> CodedEncounter:
    """Store a person's decision on a visit; gives its codes as they are kept.

    Raises NotDecided for a visit that waits for none, NotPermitted.
    """
    suggestion = suggestion_of(session, visit)
    dates = service_dates(session.scope, {visit.patient_id})[visit.patient_id]
    chart = replace(visit.chart, encounters=encounters_of(session.scope, [visit.patient_id])[visit.patient_id])
    coded = code_one(session.site, chart, recorded(visit.encounter, final), dates)
    return decide(
        actor, visit.id, coded, suggestion, final, record=record_of(visit.encounter), at=session.at,
        seconds=seconds,
    )  # fmt: skip


def suggestion_of(session: Session, visit: Visit) -> Suggestion:
    """What was last suggested for a visit. Raises NotDecided where nothing was."""
    kept = suggested(session.scope, visit.id)
    if kept is None or kept.suggestion is None:
        raise NotDecided(f"{visit.account_number}: nothing was suggested for this visit. Code it: superbill code")
    return kept.suggestion


def awaits(visit: Visit) -> bool:
    """Does the visit wait for a person to decide on its codes?"""
    return any(finding.rule == AWAITS for finding in visit.findings)


def decide_all(session: Session, given: DecisionFile) -> int:
    """Take the decisions of a file for the visits that wait for one; for how many. The coder may what coders may."""
    actor = actor_with(given.coder, session.actor.practice_id, Role.CODER)
    done = 0
    waiting = [visit for some in visits(session.scope, EncounterState.HELD) for visit in some if awaits(visit)]
    for visit in waiting:
        final = given.visits.get(visit.encounter.id)
        if final is None:
            continue
        decide_visit(session, actor, visit, final)
        done += 1
    return done


def tally(scope: Scope) -> Decided:
    """What became of the codes suggested in a practice, over all its decisions."""
    done = Decided()
    for kept in codings(scope, Purpose.DECIDED):
        done.visits += 1
        for each in kept.record.decisions:
            setattr(done, each.verdict, getattr(done, each.verdict) + 1)
    return done

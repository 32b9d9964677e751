"""A coding under way, kept at each step; released, held, or taken back. Every step says who took it and when."""

from collections.abc import Sequence
from datetime import datetime

from msgspec.structs import replace

from superbill.app.accounts.actors import Actor
from superbill.app.accounts.permissions import Permission
from superbill.app.coding.actions import NotDecided
from superbill.app.coding.draft import Draft
from superbill.app.coding.draft_queries import Coder, Kept, draft_of
from superbill.app.coding.edits import BadEdit, Edit, applied
from superbill.app.coding.history import Coding, add
from superbill.app.coding.models import AuditItemRow, AuditStepRow, DraftStepRow, Purpose
from superbill.app.coding.queries import same_person
from superbill.app.documents import encoded
from superbill.app.encounters.actions import STATES
from superbill.app.encounters.models import EncounterRow, EncounterState
from superbill.app.rows import found, insert, update
from superbill.app.work import Work, action
from superbill.coding.deciding import Decision
from superbill.coding.history import Record
from superbill.coding.model import CodedEncounter, Disposition
from superbill.findings import Finding, Severity, header

REASON_LIMIT = 2_000
HELD_RULE, NOT_BILLABLE_RULE, BACK_RULE = "coding.held-by-coder", "coding.not-billable-by-coder", "coding.taken-back"


class Changed(NotDecided):
    """Somebody else took steps on this draft since the page was shown. `theirs` are those steps; nothing of yours was
    kept yet, and nothing of theirs is lost."""

    def __init__(self, now: Kept, theirs: Sequence[Coder]) -> None:
        super().__init__("Somebody changed this coding meanwhile. Look at both; nothing was lost.")
        self.now, self.theirs = now, tuple(theirs)


def take_step(actor: Actor, encounter: int, edit: Edit, version: str, *, at: datetime, item: int = 0) -> Kept:
    """Take one step on the draft of a visit (row id); the draft after it.

    `version` is that of the draft which the person saw. `item`: on the blind second coding of a sampled visit (row id),
    which begins with no code. Raises Changed when another step came between, BadEdit, NotDecided, NotPermitted.
    """
    with action(actor, _needed(item), "step of coding", at) as work:
        _must_be_there(work, encounter)
        if item:
            _must_be_sampled(work, encounter, item)
        if edit.do in ("hold", "not billable", "release", "take back"):
            raise BadEdit("This is no step on a code.")
        kept = _current(work, encounter, item, version)
        if edit.do == "undo":
            if kept.undoable is None:
                raise BadEdit("There is no step of this draft to take back.")
        else:
            _must_be_short(edit)
            applied(kept.draft, edit, by=actor.name)
        _append(work, encounter, item, kept, edit)
        return draft_of(work.scope, encounter, item=item)


def release(
    actor: Actor, encounter: int, coded: CodedEncounter, version: str, *, at: datetime, seconds: int | None = None
) -> CodedEncounter:
    """The draft is final: its codes (as `coded` has them) are the visit's, to be billed.

    Raises NotDecided while a code waits for a decision or `coded` bills nothing; Changed, NotPermitted.
    """
    with action(actor, Permission.CODE, "release coding", at) as work:
        _must_be_there(work, encounter)
        kept = _current(work, encounter, 0, version)
        if kept.draft.state == "released":
            raise NotDecided("This visit is released already.")
        if kept.draft.undecided:
            raise NotDecided(
                f"{len(kept.draft.undecided)} codes wait for a decision. Keep or refuse each, then release."
            )
        if coded.disposition is not Disposition.CODED:
            said = next((each.message for each in coded.findings if each.severity is Severity.ERROR), "")
            raise NotDecided(said or "Nothing on this visit can be billed. Add a code, or say that it is not billable.")
        record = Record(
            coded=coded, suggestion=kept.record.suggestion if kept.record else None, decisions=_decisions(kept.draft),
            seconds=seconds,
        )  # fmt: skip
        release_name = next((each.release for each in coded.diagnoses if each.release), kept.release)
        _append(work, encounter, 0, kept, Edit(do="release"))
        _settle(encounter, coded)
        add(work, [Coding(
            encounter=encounter, purpose=Purpose.DECIDED, coder=actor.name, record=record, release=release_name
        )])  # fmt: skip
        verdicts = [each.verdict for each in record.decisions]
        work.note(
            "encounter", encounter, accepted=verdicts.count("accepted"), refused=verdicts.count("refused"),
            added=verdicts.count("added"),
        )  # fmt: skip
        return coded


def hold(actor: Actor, encounter: int, reason: str, version: str, *, at: datetime) -> None:
    """Set the visit aside with a reason; its draft stays. Raises NotDecided, Changed, NotPermitted."""
    _set_aside(actor, encounter, reason, version, "hold", at)


def not_billable(actor: Actor, encounter: int, reason: str, version: str, *, at: datetime) -> None:
    """Nothing of this visit is billed, for this reason. Raises NotDecided, Changed, NotPermitted."""
    _set_aside(actor, encounter, reason, version, "not billable", at)


def take_back(actor: Actor, encounter: int, version: str, *, at: datetime) -> None:
    """A visit that was released, held or found not billable is worked on again, from where its draft stood.

    Raises NotDecided once it is billed; Changed, NotPermitted.
    """
    with action(actor, Permission.CODE, "take coding back", at) as work:
        _must_be_there(work, encounter)
        kept = _current(work, encounter, 0, version)
        if not kept.draft.state:
            raise NotDecided("This visit is not set aside or released: its draft can be changed as it is.")
        _append(work, encounter, 0, kept, Edit(do="take back"))
        finding = _said(BACK_RULE, "Its coding is not finished.", "Decide on its codes, then release it.")
        _settle(encounter, replace(_stored(kept), disposition=Disposition.HELD, findings=(finding,)))
        work.note("encounter", encounter)


def _set_aside(actor: Actor, encounter: int, reason: str, version: str, do: str, at: datetime) -> None:
    said = reason.strip()
    if not said or len(said) > REASON_LIMIT:
        raise NotDecided("Say why, in a sentence: whoever looks at this visit next reads it.")
    name = "hold visit" if do == "hold" else "visit is not billable"
    with action(actor, Permission.CODE, name, at) as work:
        _must_be_there(work, encounter)
        kept = _current(work, encounter, 0, version)
        if kept.draft.state == "released":
            raise NotDecided("This visit is released. Take it back first.")
        _append(work, encounter, 0, kept, Edit(do=do, reason=said))
        held = do == "hold"
        finding = _said(HELD_RULE if held else NOT_BILLABLE_RULE, said, "", by=actor.name)
        end = Disposition.HELD if held else Disposition.NOT_BILLABLE
        _settle(encounter, replace(_stored(kept), disposition=end, findings=(finding,)))
        work.note("encounter", encounter)


def _said(rule: str, message: str, fix: str, by: str = "") -> Finding:
    severity = Severity.INFORMATION if rule == NOT_BILLABLE_RULE else Severity.ERROR
    return Finding(
        rule=rule, severity=severity, where=header("disposition"), message=message, fix=fix,
        source=f"said by {by}" if by else "",
    )  # fmt: skip


def _stored(kept: Kept) -> CodedEncounter:
    """The visit's coding without codes: what the draft holds is not final."""
    return replace(kept.coded, diagnoses=(), services=(), facility=None)


def _settle(encounter: int, coded: CodedEncounter) -> None:
    state = STATES[coded.disposition].value
    update(EncounterRow, ("state", "coded", "findings"), [(state, encoded(coded), encoded(coded.findings), encounter)])


def _decisions(draft: Draft) -> tuple[Decision, ...]:
    verdicts = {"kept": "accepted", "refused": "refused", "added": "added"}
    return tuple(
        Decision(system=each.system, code=each.code, verdict=verdicts[each.verdict], reason=each.reason)  # type: ignore[arg-type]  # one of the three
        for each in draft.lines
        if each.verdict in verdicts
    )


def _needed(item: int) -> Permission:
    return Permission.AUDIT_CODING if item else Permission.CODE


def _must_be_short(edit: Edit) -> None:
    if len(edit.reason) > REASON_LIMIT or len(edit.title) > REASON_LIMIT or len(edit.code) > 20 or len(edit.value) > 60:
        raise BadEdit(f"A reason has at most {REASON_LIMIT:,} characters.")


def _must_be_there(work: Work, encounter: int) -> None:
    if not list(found(work.scope, EncounterRow, "id", [encounter], "id", lock=True)):
        raise NotDecided("This visit is not known here.")


def _must_be_sampled(work: Work, encounter: int, item: int) -> None:
    """The visit waits in an audit for its second coding, by another than who coded it first."""
    rows = work.scope.rows(AuditItemRow).filter(pk=item, encounter_id=encounter).values_list("first__coder")
    coders = [coder for (coder,) in rows]
    if not coders:
        raise NotDecided("This visit is not in the audit.")
    if same_person(coders[0], work.actor.name):
        raise NotDecided(f"{coders[0]} coded it first. Another has to look at it.")
    if work.scope.rows(AuditStepRow).filter(item_id=item).exists():
        raise NotDecided("This visit has its second coding already.")


def _current(work: Work, encounter: int, item: int, version: str) -> Kept:
    kept = draft_of(work.scope, encounter, item=item)
    if not item and kept.state == EncounterState.BILLED:
        raise NotDecided("This visit is billed: correct its claim instead. Its coding stays as it was billed.")
    if version != kept.version:
        seen = int(version.rpartition("-")[2]) if version.rpartition("-")[2].isdigit() else 0
        same = version.rpartition("-")[0] == str(kept.base)
        raise Changed(kept, kept.steps[seen:] if same else kept.steps)
    return kept


def _append(work: Work, encounter: int, item: int, kept: Kept, edit: Edit) -> None:
    insert(
        DraftStepRow, ("practice_id", "encounter_id", "item", "base", "number", "coder", "at", "doc"),
        [(work.practice_id, encounter, item, kept.base, len(kept.steps) + 1, work.actor.name, work.at, encoded(edit))],
    )  # fmt: skip

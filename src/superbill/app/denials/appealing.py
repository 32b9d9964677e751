"""Appeals: filed at a level within its time, decided, taken on to the next level."""

from datetime import date, datetime

from msgspec import Struct

from superbill.app.accounts.actors import Actor
from superbill.app.accounts.permissions import Permission
from superbill.app.billing.journal import hold_journal
from superbill.app.claims.models import ClaimRow
from superbill.app.denials.models import DenialStep, StepKind
from superbill.app.denials.queries.steps import StepFacts
from superbill.app.denials.steps import (
    NotThisDenial,
    must_not_be_to_come,
    refused_lines,
    standing_denial,
    step_there,
    write_step,
)
from superbill.app.documents import decoded
from superbill.app.rows import found
from superbill.app.work import Work, action
from superbill.claims.control import ControlNumber, read_control_number
from superbill.denials.model import Denial, Outcome
from superbill.forms.letter import AppealLetter
from superbill.money import Cents, dollars

OUTCOMES: tuple[Outcome, ...] = ("overturned", "partly", "upheld", "dismissed", "withdrawn")


class Filing(Struct, frozen=True, kw_only=True):
    """An appeal to file. `how` it goes (mail, fax, portal); `letter` as it was sent, kept with it; `good_cause`: why it
    may come after the time (42 CFR 405.942(b)), needed when it does."""

    on: date
    how: str = "mail"
    letter: AppealLetter | None = None
    good_cause: str = ""


def file_appeal(actor: Actor, control_number: str, filing: Filing, *, key: str = "", at: datetime) -> int:
    """Write down that the next level's appeal was filed; the step's row. The same day and level are one appeal.

    Raises NotThisDenial while one is undecided, when no level is left or known, when the amount is below the level's
    minimum, late without good cause, or for a day to come.
    """
    with action(actor, Permission.WORK_DENIALS, "file appeal", at) as work:
        hold_journal(work.scope)
        if key and (there := step_there(work, f"appeal:{key}")) is not None:
            return there
        must_not_be_to_come(control_number, filing.on, at)
        about = standing_denial(work, control_number, filing.on)
        level = _next_level(about, filing)
        key = f"appeal:{key or f'{about.refusal.control_number}:{about.level_number}:{filing.on}'}"
        if (there := step_there(work, key)) is not None:
            return there
        words = "; ".join(part for part in (filing.how, filing.good_cause) if part)
        facts = StepFacts(lines=refused_lines(about), level_name=level, text=words, letter=filing.letter)
        return write_step(work, about.refusal, StepKind.APPEAL, filing.on, key, facts, level=about.level_number)


def _next_level(about: Denial, filing: Filing) -> str:
    """The name of the level that the appeal goes to. Raises NotThisDenial."""
    number = about.refusal.control_number
    if about.state == "in_appeal":
        raise NotThisDenial(
            f"{number}: an appeal is under way; say first how it ended: superbill appeal decide {number}"
        )
    if about.level is None and about.level_number > 1:
        raise NotThisDenial(f"{number}: every appeal level of this payer was used")
    if about.level is None:
        raise NotThisDenial(
            f"{number}: no appeal levels are known for this payer; put [[payers.appeal_levels]] in the site file"
        )
    if about.refusal.amount < about.level.minimum:
        short = (
            f"{dollars(about.refusal.amount)} is in dispute, {about.level.name} takes {dollars(about.level.minimum)}"
        )
        raise NotThisDenial(f"{number}: {short}; add up claims with the same question, or write it off")
    if filing.on < about.refusal.since:
        raise NotThisDenial(f"{number}: it was refused on {about.refusal.since}; an appeal can't be filed before")
    if about.appeal_by and about.appeal_by.passed and not filing.good_cause:
        raise NotThisDenial(
            f"{number}: the last day for {about.level.name} was {about.appeal_by.last_day}; "
            "tell the good cause for the delay (--good-cause), or write it off"
        )
    return about.level.name


class _Filed(Struct, frozen=True, kw_only=True):
    """The last appeal step about a claim, and how it was filed where it is the appeal itself."""

    row: int
    claim: int
    payer: str
    kind: str
    on: date
    level: int
    outcome: str
    amount: Cents
    doc: str


def decide_appeal(
    actor: Actor,
    control_number: str,
    outcome: Outcome,
    on: date,
    *,
    won: Cents = 0,
    text: str = "",
    at: datetime,
) -> int:
    """Write down how the appeal that is under way ended; the step's row. Telling the same again changes nothing.

    `won`: cents that the decision grants, where it says; the journal shows what is paid, before or after. Raises
    NotThisDenial when none is under way, or for a day before it was filed.
    """
    with action(actor, Permission.WORK_DENIALS, "decide appeal", at) as work:
        hold_journal(work.scope)
        if outcome not in OUTCOMES:
            raise NotThisDenial(f"{outcome!r}: an appeal ends as one of {', '.join(OUTCOMES)}")
        must_not_be_to_come(control_number, on, at)
        filed = _last_filed(work, control_number)
        if filed is not None and filed.kind == StepKind.DECISION and (filed.outcome, filed.on) == (outcome, on):
            return filed.row
        if filed is None or filed.kind == StepKind.DECISION:
            raise NotThisDenial(
                f"{control_number}: no appeal is under way; file one first: superbill appeal file {control_number}"
            )
        if on < filed.on:
            raise NotThisDenial(f"{control_number}: the appeal was filed on {filed.on}; a decision can't be older")
        if not 0 <= won <= filed.amount:
            raise NotThisDenial(
                f"{control_number}: {dollars(filed.amount)} was in dispute; {dollars(won)} can't be won"
            )
        asked_for = decoded(filed.doc, StepFacts, f"step {filed.row}")
        facts = StepFacts(lines=asked_for.lines, level_name=asked_for.level_name, text=text)
        key = f"decision:{filed.row}"
        return write_step(
            work, filed, StepKind.DECISION, on, key, facts, level=filed.level, outcome=outcome, amount=won
        )


_APPEALS = (StepKind.APPEAL.value, StepKind.DECISION.value)


def _last_filed(work: Work, control_number: str) -> _Filed | None:
    """The last appeal step about any version of this claim to its payer."""
    named = next(found(work.scope, ClaimRow, "control_number", [control_number], "encounter_id", "payer_key"), None)
    if named is None:
        raise NotThisDenial(f"{control_number}: no claim of this number. See superbill denial list.")
    mine = read_control_number(control_number)
    others = found(work.scope, ClaimRow, "encounter_id", [named[0]], "id", "control_number", payer_key=named[1])
    rows = [row for row, number in others if _same_claim(mine, read_control_number(number))]
    columns = ("id", "claim_id", "payer", "kind", "on", "level", "outcome", "amount", "doc")
    steps = sorted(found(work.scope, DenialStep, "claim_id", rows, *columns, kind__in=_APPEALS))
    return _Filed(**dict(zip(_Filed.__struct_fields__, steps[-1], strict=True))) if steps else None


def _same_claim(one: ControlNumber | None, other: ControlNumber | None) -> bool:
    """Two versions of one claim."""
    return one is not None and other is not None and (one.account, one.part) == (other.account, other.part)

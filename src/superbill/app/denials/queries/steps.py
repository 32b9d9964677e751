"""The steps that were taken, as documents."""

from collections.abc import Iterable
from typing import cast

from msgspec import Struct

from superbill.app.accounts.actors import Scope
from superbill.app.denials.models import DenialStep
from superbill.app.documents import decoded
from superbill.app.rows import found
from superbill.denials.model import Step, StepKind
from superbill.forms.letter import AppealLetter
from superbill.money import Cents


class StepFacts(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What a step says beyond its columns: the lines with their amounts, the level's name, words, the letter as it was
    sent, the journal entry that settled the amount."""

    lines: tuple[tuple[str, Cents], ...] = ()
    level_name: str = ""
    text: str = ""
    letter: AppealLetter | None = None
    entry: str = ""


_COLUMNS = (
    "id", "claim_id", "kind", "on", "by", "at", "level", "outcome", "amount", "through", "doc",
)  # fmt: skip


def steps_of(scope: Scope, claims: Iterable[int]) -> dict[int, tuple[Step, ...]]:
    """The steps about these claims (row ids), by claim, in order."""
    made: dict[int, list[Step]] = {}
    for row in sorted(found(scope, DenialStep, "claim_id", claims, *_COLUMNS)):
        step = _step(*row)
        made.setdefault(step.claim, []).append(step)
    return {claim: tuple(some) for claim, some in made.items()}


def _step(row: int, claim: int, kind: str, *rest: object) -> Step:
    on, by, at, level, outcome, amount, through, doc = rest
    facts = decoded(cast("str", doc), StepFacts, f"step {row} about claim {claim}")
    values = {"on": on, "by": by, "at": at, "level": level, "outcome": outcome, "amount": amount, "through": through}
    return Step(
        row=row,
        claim=claim,
        kind=cast("StepKind", kind),
        level_name=facts.level_name,
        text=facts.text,
        lines=tuple(line for line, _ in facts.lines),
        **values,  # type: ignore[arg-type]  # as the columns have them
    )


def letter_of(scope: Scope, step: int) -> AppealLetter | None:
    """The letter that an appeal (the row of its step) was filed with, as it was sent."""
    row = scope.rows(DenialStep).filter(pk=step).first()
    return decoded(row.doc, StepFacts, f"step {step}").letter if row else None

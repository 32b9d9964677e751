"""Where a refusal stands on a day, and its place in the queue: pure, from its facts, its payer's rules and history."""

from datetime import date, timedelta

from msgspec.structs import replace

from superbill.denials.levels import appeal_deadline, correction_deadline, levels_of
from superbill.denials.model import ASKED, Denial, Refusal, State, Step
from superbill.denials.ranking import History, rank
from superbill.site.appeals import AppealLevel, PayerRules

UNDER_WAY = frozenset({"held", "ready", "sent", "accepted"})
PATIENCE = 30  # days that a payer is given where no rule names any
_SPENT = frozenset({"upheld", "partly", "dismissed"})


def assess(refusal: Refusal, rules: PayerRules, history: History, today: date) -> Denial:
    """The denial as it stands `today`."""
    levels = levels_of(rules, today)
    appeals = [step for step in refusal.own_steps if step.kind in ("appeal", "decision")]
    pending = appeals[-1] if appeals and appeals[-1].kind == "appeal" else None
    decided = [step for step in appeals if step.kind == "decision"]
    number = 1 + sum(step.outcome in _SPENT for step in decided)
    level = levels[number - 1] if number <= len(levels) and pending is None else None
    decided_on = next((step.on for step in reversed(decided) if step.outcome in _SPENT), None)
    appeal_by = appeal_deadline(level, denied=refusal.since, decided=decided_on, today=today) if level else None
    replaceable = rules.takes_replacement(refusal.kind)
    correct_by = correction_deadline(rules, service_end=refusal.service_end, today=today) if replaceable else None
    state, answer_due = _state(refusal, levels, pending, decided, number, today)
    bare = Denial(
        refusal=refusal,
        state=state,
        rank=rank(refusal.amount, estimate=0, history=history, days_left=None),
        level=level,
        level_number=number,
        appeal_by=appeal_by,
        correct_by=correct_by,
        answer_due=answer_due,
        replaceable=replaceable,
    )
    left = bare.deadline.days_left if bare.deadline else None
    estimate = refusal.cause.category.chance / 100
    ranked = rank(refusal.amount, estimate=estimate, history=history, days_left=left)
    return replace(bare, rank=ranked)


def _state(
    refusal: Refusal,
    levels: tuple[AppealLevel, ...],
    pending: Step | None,
    decided: list[Step],
    number: int,
    today: date,
) -> tuple[State, date | None]:
    """The state, and the day by which an answer should be there."""
    answered = next((v.number for v in refusal.versions if v.row == refusal.claim), 0)
    if any(version.number > answered and version.state in UNDER_WAY for version in refusal.versions):
        return "corrected", None
    if pending is not None:
        level = levels[pending.level - 1] if 0 < pending.level <= len(levels) else None
        days = (level.decision_days if level else None) or PATIENCE
        return "in_appeal", pending.on + timedelta(days=days)
    if decided and decided[-1].outcome in ("overturned", "partly") and not _asked_later(refusal, decided[-1]):
        due = decided[-1].on + timedelta(days=PATIENCE)
        if decided[-1].outcome == "overturned" or today <= due:
            return "overturned", due
    asked = [step for step in refusal.own_steps if step.kind in ASKED]
    if asked and today < asked[-1].on + timedelta(days=PATIENCE):
        return "waiting", asked[-1].on + timedelta(days=PATIENCE)
    if levels and number > len(levels):
        return "exhausted", None
    return "open", None


def _asked_later(refusal: Refusal, decision: Step) -> bool:
    return any(step.row > decision.row and step.kind in ASKED for step in refusal.own_steps)

"""The tasks of threads: somebody waits for our answer, or has kept us waiting for theirs."""

from collections.abc import Iterator
from datetime import date, timedelta

from django.db.models import Sum

from superbill.app.accounts.actors import Scope
from superbill.app.billing.models import LineBalance
from superbill.app.threads.models import ThreadLine, ThreadState, Topic
from superbill.app.threads.queries import ThreadCard, threads
from superbill.app.worklists.items import Wanted

ANSWER_WITHIN = {Topic.QUESTION.value: 5, Topic.DISPUTE.value: 10}  # days, ours; no law sets them for a practice
PATIENCE = 30
EVERY = 1_000_000


def wanted(scope: Scope, on: date) -> Iterator[Wanted]:
    """Threads that wait for us, and those whose patient has not answered for a month."""
    for one in threads(scope, states=(ThreadState.OPEN, ThreadState.WAITING), limit=EVERY):
        at_stake = _at_stake(scope, one)
        if one.state == ThreadState.OPEN:
            due = one.since + timedelta(days=ANSWER_WITHIN[one.topic])
            yield _task(
                one, f"{one.topic} to answer", "The patient waits for our answer. Answer, or resolve it.", due, at_stake
            )
        elif one.since + timedelta(days=PATIENCE) <= on:
            why = "The patient has not answered. Ask again, or resolve it."
            yield _task(one, "patient silent", why, None, at_stake)


def _at_stake(scope: Scope, one: ThreadCard) -> int:
    lines = scope.rows(ThreadLine).filter(thread__number=one.number).values_list("line_id", flat=True)
    return scope.rows(LineBalance).filter(line_id__in=lines).aggregate(total=Sum("patient"))["total"] or 0


def _task(one: ThreadCard, kind: str, why: str, due: date | None, amount: int) -> Wanted:
    return Wanted(
        key=f"thread:{one.number}",
        kind=kind,
        subject_kind="thread",
        subject=one.number,
        why=why,
        amount=amount,
        due=due,
        role="front desk" if one.topic == Topic.QUESTION else "poster",
        rank=amount,
        facts=f"{one.state}:{one.since}",
    )

"""Tasks that follow from payers' answers about claims, and from questions that nobody answered."""

from collections.abc import Iterator
from datetime import date, timedelta

from superbill.app.accounts.actors import Scope
from superbill.app.accounts.permissions import Role
from superbill.app.inquiries.queries import Open, under_way
from superbill.app.practices.queries import policy
from superbill.app.worklists.items import Wanted


def wanted(scope: Scope, on: date) -> Iterator[Wanted]:
    """A task for every claim under way whose last answer needs a person, or whose question was not answered."""
    days = policy(scope).silence_days[1]
    for one in under_way(scope):
        about = one.standing
        if about.unanswered:
            if about.asked is not None and about.asked + timedelta(days=days) <= on:
                yield _item(one, f"unanswered:{about.asked}", _unanswered(one, days))
        elif about.step is not None and about.step.do:
            why = f"{one.payer_key} says of claim {one.control_number}: {about.words} {about.step.do}"
            yield _item(one, f"{about.category}:{about.status}", why)


def _unanswered(one: Open, days: int) -> str:
    return (
        f"{one.payer_key} was asked about claim {one.control_number} on {one.standing.asked} and has not answered in "
        f"{days} days. Look at its portal or call; if it takes no such questions, set electronic_status = false."
    )


def _item(one: Open, facts: str, why: str) -> Wanted:
    return Wanted(
        key=f"claim status:{one.control_number}",
        kind="claim status",
        subject_kind="claim",
        subject=one.standing.claim,
        why=why,
        amount=one.charge,
        role=Role.BILLER.value,
        rank=one.charge,
        facts=facts[:64],
    )

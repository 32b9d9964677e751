"""Claims are given to a person together with the tasks about them."""

from collections.abc import Sequence
from datetime import datetime

from superbill.app.accounts.actors import Actor
from superbill.app.claims.actions import assign_claims
from superbill.app.work import together
from superbill.app.worklists.actions import assign
from superbill.app.worklists.queries import live_tasks_about


def hand_over(actor: Actor, claims: Sequence[int], to: str, *, at: datetime) -> dict[int, str]:
    """Give claims (row ids) and their live tasks to a member, or to nobody (""); who had the claims that changed hands.

    Raises NotThisClaim, NotThisTask, NotPermitted.
    """
    with together():
        moved = assign_claims(actor, claims, to, at=at)
        tasks = live_tasks_about(actor.scope, "claim", claims)
        if tasks:
            assign(actor, tasks, to, at=at)
        return moved

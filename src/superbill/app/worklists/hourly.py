"""Lists that nobody has looked at are brought up to the facts too: so a morning begins with the day's own list."""

from datetime import date, datetime, timedelta

from superbill.app.accounts.actors import system_actor
from superbill.app.practices.queries import practices
from superbill.app.worklists.actions import refresh
from superbill.app.worklists.freshness import freshness

EVERY = timedelta(hours=1)


def bring_up_lists(on: date, at: datetime) -> int:
    """Refresh the tasks of every practice whose facts have changed, once an hour at most; how many were."""
    done = 0
    for practice in practices():
        actor = system_actor(practice.pk)
        fresh = freshness(actor.scope, on)
        if fresh.stale and (fresh.at is None or at - fresh.at >= EVERY):
            refresh(actor, on, at=at)
            done += 1
    return done

"""What reports derive from the journal: the spells in which money stood with somebody, and the sums of days."""

from datetime import datetime

from superbill.app.accounts.actors import Actor
from superbill.app.reports.actions import build, drop, refresh
from superbill.app.reports.deriving import COLUMNS
from superbill.app.reports.models import DaySum, Spell
from superbill.app.reports.sums import COLUMNS as SUMMED

__all__ = ["TABLES", "build", "drop", "freshen"]

TABLES = ((Spell, COLUMNS), (DaySum, SUMMED))


def freshen(actor: Actor, at: datetime) -> None:
    """Spells and sums of what was posted since the last time."""
    refresh(actor, at=at, look_back=0)

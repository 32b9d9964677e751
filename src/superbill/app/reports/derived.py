"""What reports derive from the journal: the spells in which money stood with somebody."""

from datetime import datetime

from superbill.app.accounts.actors import Actor
from superbill.app.reports.actions import build, drop, refresh
from superbill.app.reports.deriving import COLUMNS
from superbill.app.reports.models import Spell

__all__ = ["TABLES", "build", "drop", "freshen"]

TABLES = ((Spell, COLUMNS),)


def freshen(actor: Actor, at: datetime) -> None:
    """Spells of what was posted since the last time."""
    refresh(actor, at=at, look_back=0)

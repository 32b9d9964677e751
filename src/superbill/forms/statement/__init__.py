"""The patient statement: plain words for every amount, as a tagged PDF.

Entries of the journal → `events` → `LineFacts` → `visits` → `StatementData` → `render`.
"""

from superbill.forms.statement.compose import LineEvent, LineFacts, Unexplained, visits
from superbill.forms.statement.history import events
from superbill.forms.statement.model import Guarantor, PracticeParty, StatementData, StatementLine, Visit, Why
from superbill.forms.statement.pdf import NothingToSay, render, render_many

__all__ = [
    "Guarantor",
    "LineEvent",
    "LineFacts",
    "NothingToSay",
    "PracticeParty",
    "StatementData",
    "StatementLine",
    "Unexplained",
    "Visit",
    "Why",
    "events",
    "render",
    "render_many",
    "visits",
]

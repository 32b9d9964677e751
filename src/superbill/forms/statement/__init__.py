"""The patient statement: plain words for every amount, as a tagged PDF.

Entries of the journal → `events` → `LineFacts` → `visits` → `StatementData` → `render`.
"""

from superbill.forms.statement.compose import LineEvent, LineFacts, Unexplained, visits
from superbill.forms.statement.explain import Explanation, LineStory, Step, explain, steps
from superbill.forms.statement.history import events
from superbill.forms.statement.model import Guarantor, PracticeParty, StatementData, StatementLine, Visit, Why
from superbill.forms.statement.pdf import NothingToSay, render, render_many

__all__ = [
    "Explanation",
    "Guarantor",
    "LineEvent",
    "LineFacts",
    "LineStory",
    "NothingToSay",
    "PracticeParty",
    "StatementData",
    "StatementLine",
    "Step",
    "Unexplained",
    "Visit",
    "Why",
    "events",
    "explain",
    "render",
    "render_many",
    "steps",
    "visits",
]

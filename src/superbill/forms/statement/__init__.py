"""The patient statement: plain words for every amount, as a tagged PDF."""

from superbill.forms.statement.model import Guarantor, PracticeParty, StatementData, StatementLine, Visit, Why
from superbill.forms.statement.pdf import NothingToSay, render, render_many

__all__ = [
    "Guarantor",
    "NothingToSay",
    "PracticeParty",
    "StatementData",
    "StatementLine",
    "Visit",
    "Why",
    "render",
    "render_many",
]

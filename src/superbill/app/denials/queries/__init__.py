"""What payers refuse, why, what was done, and what came of it."""

from superbill.app.denials.queries.appeals import Appeal, appeals
from superbill.app.denials.queries.causes import CauseRow, PreventionRow, by_cause, prevention
from superbill.app.denials.queries.letters import LetterWords, NotOurs, compose
from superbill.app.denials.queries.ranked import Board, board, denial, denials, history_of
from superbill.app.denials.queries.steps import StepFacts, letter_of, steps_of

__all__ = [
    "Appeal",
    "Board",
    "CauseRow",
    "LetterWords",
    "NotOurs",
    "PreventionRow",
    "StepFacts",
    "appeals",
    "board",
    "by_cause",
    "compose",
    "denial",
    "denials",
    "history_of",
    "letter_of",
    "prevention",
    "steps_of",
]

"""What payers refuse, why, what was done, and what came of it."""

from superbill.app.denials.queries.appeals import Appeal, appeals
from superbill.app.denials.queries.causes import CauseRow, PreventionRow, by_cause, prevention
from superbill.app.denials.queries.letters import LetterWords, NotOurs, compose
from superbill.app.denials.queries.open import Moves, denial, denials, moves_on_denied
from superbill.app.denials.queries.steps import StepFacts, letter_of, steps_of

__all__ = [
    "Appeal",
    "CauseRow",
    "LetterWords",
    "Moves",
    "NotOurs",
    "PreventionRow",
    "StepFacts",
    "appeals",
    "by_cause",
    "compose",
    "denial",
    "denials",
    "letter_of",
    "moves_on_denied",
    "prevention",
    "steps_of",
]

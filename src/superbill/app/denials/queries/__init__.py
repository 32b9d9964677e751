"""What payers refuse, why, what was done, and what came of it."""

from superbill.app.denials.queries.appeals import Appeal, appeals
from superbill.app.denials.queries.causes import CauseRow, PreventionRow, by_cause, prevention
from superbill.app.denials.queries.open import Moves, denial, denials, moves_on_denied
from superbill.app.denials.queries.steps import StepFacts, steps_of

__all__ = [
    "Appeal",
    "CauseRow",
    "Moves",
    "PreventionRow",
    "StepFacts",
    "appeals",
    "by_cause",
    "denial",
    "denials",
    "moves_on_denied",
    "prevention",
    "steps_of",
]

"""Which refusal to work first: dollars × chance of recovery × urgency, with every factor open to see.

rank = amount × chance × urgency, in cents

- amount: what stands refused.
- chance: how often such refusals were paid in the end. A practice's own history of a payer and CARC counts, drawn
  towards the handbook's estimate while it is short: (won + 4 × estimate) ÷ (resolved + 4), the mean of a Beta
  distribution with the weight of four cases. Both the estimate and the weight are ours.
- urgency: 1 with ninety days or more, then rising evenly to 4 on the last day; 0.1 once the time has passed, when only
  good cause is left; 1 where no deadline is known.
"""

from msgspec import Struct

from superbill.money import Cents

PRIOR_WEIGHT = 4
CALM_DAYS = 90
MOST_URGENT = 4.0
PASSED = 0.1


class History(Struct, frozen=True, kw_only=True):
    """Refused lines of one payer and CARC whose story has ended, and how many of them ended with a payment."""

    resolved: int = 0
    won: int = 0


class Rank(Struct, frozen=True, kw_only=True):
    """The factors of one refusal's place in the queue. `estimate` is the handbook's, before any history."""

    amount: Cents
    chance: float
    urgency: float
    estimate: float
    resolved: int
    won: int
    days_left: int | None

    @property
    def score(self) -> int:
        """Cents that working it now is worth; whole, so that equal is equal on any database."""
        return round(self.amount * self.chance * self.urgency)

    @property
    def formula(self) -> str:
        """The product as a person checks it."""
        history = f"{self.won} of {self.resolved} won before" if self.resolved else "no history"
        left = "no deadline known" if self.days_left is None else f"{self.days_left} days left"
        return (
            f"${self.amount / 100:,.2f} × {self.chance:.0%} chance ({history}, estimate {self.estimate:.0%}) × "
            f"{self.urgency:.2f} urgency ({left}) = {self.score / 100:,.2f}"
        )


def rank(amount: Cents, *, estimate: float, history: History, days_left: int | None) -> Rank:
    """The place of a refused amount. `estimate` between 0 and 1."""
    return Rank(
        amount=amount,
        chance=chance(estimate, history),
        urgency=urgency(days_left),
        estimate=estimate,
        resolved=history.resolved,
        won=history.won,
        days_left=days_left,
    )


def chance(estimate: float, history: History) -> float:
    """The smoothed share of such refusals that are paid in the end."""
    return (history.won + PRIOR_WEIGHT * estimate) / (history.resolved + PRIOR_WEIGHT)


def urgency(days_left: int | None) -> float:
    """How much sooner it should be looked at than one with plenty of time."""
    if days_left is None:
        return 1.0
    if days_left < 0:
        return PASSED
    return 1.0 + (MOST_URGENT - 1.0) * max(0, CALM_DAYS - days_left) / CALM_DAYS

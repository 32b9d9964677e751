"""Card payments behind one interface. The processor's own fields take the card, on its side; we see a token."""

from typing import Protocol

from django.conf import settings
from msgspec import Struct

from superbill.money import Cents


class Charge(Struct, frozen=True, kw_only=True):
    """What became of a charge: the processor's reference, and of the card its brand and last four digits alone."""

    approved: bool
    reference: str = ""
    brand: str = ""
    last_four: str = ""


class Choice(Struct, frozen=True):
    """A token that the page offers by itself, where a processor has no fields of its own to show."""

    token: str
    label: str


class Processor(Protocol):
    """One who charges cards. `charge` with the same `key` charges once: its answer is then the first one's."""

    name: str
    moves_money: bool
    choices: tuple[Choice, ...]

    def charge(self, token: str, amount: Cents, key: str) -> Charge: ...


class TestProcessor:
    """Cards for trying the pages. No money moves, and the page says so."""

    name = "test"
    moves_money = False
    choices: tuple[Choice, ...] = (
        Choice("approve", "Test card ending in 4242"),
        Choice("decline", "Test card that gets turned down"),
    )

    def charge(self, token: str, amount: Cents, key: str) -> Charge:
        """Approves one of its tokens and no other."""
        if token != self.choices[0].token or amount <= 0:
            return Charge(approved=False)
        return Charge(approved=True, reference=f"test {key[:12]}", brand="Test card", last_four="4242")


TEST = TestProcessor()


def processor() -> Processor | None:
    """Who charges cards here: what SUPERBILL_CARDS names; a demo with simulated payers has the test. None: nobody."""
    simulated = (settings.SUPERBILL_PARTNER or "").startswith("simulated:")
    return TEST if settings.SUPERBILL_CARDS == "test" or (simulated and not settings.SUPERBILL_CARDS) else None

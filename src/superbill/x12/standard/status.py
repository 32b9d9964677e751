"""Segments of claim status and acknowledgment (277, 277CA, and 275 that answers a 277)."""

from superbill.x12.standard.base import Day, Money, Segment
from superbill.x12.standard.composites import C043


class STC(Segment, frozen=True):
    """The status of a claim, of a line of it, or of all that was sent; up to three, the most important first.

    `charge` and `paid` are cents. `finalized` is the day on which the claim was adjudicated, `payment_date` that of
    the check or transfer, `trace_number` its number. In acknowledgments `action` says whether it was accepted.
    """

    ELEMENTS = "C043 373 306 782 782 373 591 373 429 C043 C043 933"

    status: C043 | None = None
    date: Day = None
    action: str = ""
    charge: Money = None
    paid: Money = None
    finalized: Day = None
    payment_method: str = ""
    payment_date: Day = None
    trace_number: str = ""
    second_status: C043 | None = None
    third_status: C043 | None = None
    text: str = ""

    @property
    def statuses(self) -> tuple[C043, ...]:
        """The statuses that are there, in order."""
        every = (self.status, self.second_status, self.third_status)
        return tuple(status for status in every if status is not None)

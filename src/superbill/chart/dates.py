"""Dates as charts write them: whole or partial days, moments with their offset."""

from datetime import UTC, date, datetime


def parse_day(text: str) -> date:
    """The first day that an ISO date, partial date or moment names: "2019" → 2019-01-01, "2019-05" → 2019-05-01.

    A moment gives the calendar day that it names where it was recorded. Raises ValueError for anything else.
    """
    if len(text) >= 10 and text[4] == "-" and text[7] == "-":
        if len(text) > 10 and text[10] not in "T ":
            raise ValueError(f"not a date: {text!r}")
        return date.fromisoformat(text[:10])
    if len(text) == 7 and text[4] == "-":
        return date.fromisoformat(f"{text}-01")
    if len(text) == 4:
        return date.fromisoformat(f"{text}-01-01")
    raise ValueError(f"not a date: {text!r}")


def is_whole(text: str) -> bool:
    """Whether a date names its day, and not only a month or a year."""
    return len(text) >= 10


def parse_moment(text: str) -> datetime:
    """The moment of an ISO date-time with its offset; a bare day is its midnight.

    Where no offset was recorded, UTC stands in for it, so that moments can always be compared; the day that the
    text names stays the same. Raises ValueError for partial dates and anything else.
    """
    day = parse_day(text)
    if len(text) == 10:
        return datetime(day.year, day.month, day.day, tzinfo=UTC)
    if len(text) < 13:
        raise ValueError(f"not a moment: {text!r}")
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)

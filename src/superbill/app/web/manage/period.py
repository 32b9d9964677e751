"""The months that a figure is asked for."""

from datetime import date, timedelta

from django.http import HttpRequest
from msgspec import Struct

MONTHS = 12


class Months(Struct, frozen=True):
    """From the first day of one month to the last day of another, or today where that is earlier."""

    first: date
    last: date

    @property
    def names(self) -> list[str]:
        """Every month of them, as YYYY-MM."""
        found, day = [], self.first
        while day <= self.last:
            found.append(f"{day:%Y-%m}")
            day = _after(day)
        return found

    @property
    def labels(self) -> dict[str, str]:
        """Every month of them as people write it: Nov 2026."""
        return {name: f"{date.fromisoformat(f'{name}-01'):%b %Y}" for name in self.names}

    @property
    def query(self) -> str:
        """The months in an address."""
        return f"from={self.first:%Y-%m}&to={self.last:%Y-%m}"


def months(request: HttpRequest, today: date, *, back: int = MONTHS) -> Months:
    """What the address says (?from=2026-01&to=2026-10); without it, or where it is nonsense, the last `back` months."""
    last = _month(request.GET.get("to", "")) or today.replace(day=1)
    first = _month(request.GET.get("from", "")) or _before(last, back - 1)
    if first > last or (last.year - first.year) > 5:
        first = _before(last, back - 1)
    end = _after(last) - timedelta(days=1)
    return Months(first, min(end, today) if last <= today else end)


def _month(text: str) -> date | None:
    try:
        return date.fromisoformat(f"{text}-01")
    except ValueError:
        return None


def _after(day: date) -> date:
    return (day.replace(day=1) + timedelta(days=32)).replace(day=1)


def _before(day: date, by: int) -> date:
    whole = day.year * 12 + day.month - 1 - by
    return date(whole // 12, whole % 12 + 1, 1)

"""A release: one edition of one code system, from one official source, in force from its effective date."""

from datetime import date

from msgspec import Struct


class Refused(ValueError):
    """A file that is not taken in, or a question that the store can't answer: `str()` says where, why and what to do.

    `place` names the file and, where there is one, the line: "icd10cm_order_2026.txt:1,204".
    """

    def __init__(self, reason: str, *, place: str = "", fix: str = "") -> None:
        self.reason, self.place, self.fix = reason, place, fix
        super().__init__(" ".join(part for part in (f"{place}: {reason}" if place else reason, fix) if part))


class Release(Struct, frozen=True, kw_only=True):
    """What a release file says of itself.

    `system` is the slug of the code system ("icd10cm"); `version` its edition as the publisher names it ("2026");
    `effective` its first day; `until` its last, None as long as only the next release ends it; `revision` counts
    the files taken in for the same system and day, from 1; `source` and `sha256` are of the official file;
    `layout` counts up when our reading of the same file changes; `rows` counts the rows of each table.
    """

    system: str
    version: str
    effective: date
    until: date | None = None
    revision: int = 1
    source: str
    sha256: str
    layout: int = 1
    rows: dict[str, int] = {}

    @property
    def name(self) -> str:
        """What the release file is called, without its ending: "icd10cm-2025-10-01-r1"."""
        return f"{self.system}-{self.effective.isoformat()}-r{self.revision}"

    @property
    def order(self) -> tuple[date, int]:
        """Later is newer, and a later revision of the same day counts."""
        return (self.effective, self.revision)


def fiscal_year(day: date) -> int:
    """The federal fiscal year of a day: 2026 begins on 2025-10-01."""
    return day.year + (day.month >= 10)


def fiscal_year_end(day: date) -> date:
    """The last day on which a list of the day's fiscal year holds: the next year's replaces it on 1 October."""
    return date(fiscal_year(day), 9, 30)

"""What a list of claims is asked: filters and sort, as they stand in an address. Nonsense in one asks nothing."""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from urllib.parse import urlencode

from django.db.models import Q
from django.utils.timezone import get_current_timezone
from msgspec import Struct

from superbill.app.claims.models import ClaimState
from superbill.app.web.words import CLAIM_GROUPS
from superbill.money import Cents, MoneyError, parse_dollars

SORTS: Mapping[str, str] = {
    "claim": "control_number", "patient": "patient_name", "payer": "payer_key", "provider": "provider",
    "service": "service_start", "state": "state", "since": "state_since", "charge": "charge", "hand": "assignee",
    "open": "open",
}  # fmt: skip
USUAL = "-service"
NOBODY = "-"
_DATES = ("%Y-%m-%d", "%m/%d/%Y")
_MOST = 120


class Asked(Struct, frozen=True, kw_only=True):
    """The filters, "" or None where one is not set. `age` is days in the state, at least; `hand` NOBODY's or a
    person's; `low` and `high` bound the charge; `sort` a column of SORTS, with "-" before it the greatest first."""

    state: str = ""
    payer: str = ""
    provider: str = ""
    kind: str = ""
    order: str = ""
    rule: str = ""
    hand: str = ""
    batch: int | None = None
    age: int | None = None
    start: date | None = None
    end: date | None = None
    low: Cents | None = None
    high: Cents | None = None
    sort: str = USUAL

    @property
    def states(self) -> tuple[str, ...]:
        """The states that are asked for; none for all."""
        return tuple(CLAIM_GROUPS.get(self.state, (self.state,) if self.state else ()))

    @property
    def column(self) -> str:
        return self.sort.removeprefix("-")

    @property
    def narrows(self) -> int:
        """How many filters beside the state are set."""
        return sum(1 for name in _FIELDS if name not in ("state", "sort") and getattr(self, name) not in ("", None))

    def by(self) -> tuple[str, str]:
        """The order as the database takes it: the column, then the row, so that pages never overlap."""
        sign = "-" if self.sort.startswith("-") else ""
        return f"{sign}{SORTS[self.column]}", f"{sign}id"

    def condition(self, today: date) -> Q:
        """What the filters but the state ask of a claim."""
        wanted = Q()
        for field, value in self._exact():
            wanted &= Q(**{field: value}) if value else Q()
        if self.hand:
            wanted &= Q(assignee="" if self.hand == NOBODY else self.hand)
        if self.rule:
            wanted &= Q(rules__gt="", rules__contains=f" {self.rule} ")
        if self.batch is not None:
            wanted &= Q(batch_id=self.batch)
        if self.age is not None:
            before = datetime.combine(today - timedelta(days=self.age - 1), time.min, get_current_timezone())
            wanted &= Q(state_since__lt=before)
        for field, bound in (("service_start__gte", self.start), ("service_start__lte", self.end)):
            wanted &= Q(**{field: bound}) if bound else Q()
        for field, cents in (("charge__gte", self.low), ("charge__lte", self.high)):
            wanted &= Q(**{field: cents}) if cents is not None else Q()
        return wanted

    def _exact(self) -> tuple[tuple[str, str], ...]:
        return (
            ("payer_key", self.payer), ("provider", self.provider), ("kind", self.kind),
            ("responsibility", self.order),
        )  # fmt: skip

    def address(self, **changed: str) -> str:
        """The filters as the query of an address, some of them changed; "" for none."""
        values = {name: self.text(name) for name in _FIELDS} | changed
        kept = {name: value for name, value in values.items() if value and (name, value) != ("sort", USUAL)}
        return urlencode(kept)

    def text(self, name: str) -> str:
        """A filter as it stands in a form and in an address."""
        value = getattr(self, name)
        if value is None:
            return ""
        if name in ("low", "high"):
            return f"{value / 100:.2f}"
        return f"{value:%m/%d/%Y}" if isinstance(value, date) else str(value)


_FIELDS = Asked.__struct_fields__


def asked_of(given: Mapping[str, str]) -> Asked:
    """What an address, or a form with the same names, asks."""
    found = {name: given.get(name, "").strip()[:_MOST] for name in _FIELDS}
    state, sort = found["state"], found["sort"]
    return Asked(
        state=state if state in {*CLAIM_GROUPS, *ClaimState} else "",
        payer=found["payer"],
        provider=found["provider"],
        kind=found["kind"] if found["kind"] in ("professional", "institutional", "dental") else "",
        order=found["order"] if found["order"] in tuple("PSTABCDEFGH") else "",
        rule=found["rule"],
        hand=found["hand"],
        batch=_number(found["batch"]),
        age=_number(found["age"]),
        start=_day(found["start"]),
        end=_day(found["end"]),
        low=_cents(found["low"]),
        high=_cents(found["high"]),
        sort=sort if sort.removeprefix("-") in SORTS else USUAL,
    )


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and 0 < len(text) < 10 else None


def _day(text: str) -> date | None:
    for shape in _DATES:
        try:
            return datetime.strptime(text, shape).date()  # noqa: DTZ007  # a day has no zone
        except ValueError:
            continue
    return None


def _cents(text: str) -> Cents | None:
    try:
        return parse_dollars(text.replace("$", "").replace(",", "")) if text else None
    except MoneyError:
        return None

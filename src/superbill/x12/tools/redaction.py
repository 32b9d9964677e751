"""A file without whom it is about: the same claims and sums, other names, numbers and dates.

Names, addresses and numbers become pseudonyms, the same for the same under one secret, in all files; dates move back
by weeks, those of a patient by as many everywhere; a birth date that tells an age over 89 tells 90; free text is gone.
What is not known to be safe (`safe`) is never passed on: segments without a place are left out, and a transaction set
without a guide is refused. The result is as valid as the file was, and balances as it did.
"""

from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from typing import Any

from msgspec.structs import replace

from superbill.effective import Period
from superbill.x12.codec import Field, fields
from superbill.x12.convert import day, day_text
from superbill.x12.lexer import Source
from superbill.x12.library import guides_of
from superbill.x12.nodes import Slot
from superbill.x12.rules import SegmentRule
from superbill.x12.standard.base import Composite, Segment
from superbill.x12.standard.control import SE
from superbill.x12.standard.parties import N1, NM1, REF
from superbill.x12.tools import safe
from superbill.x12.tools.envelopes import padded
from superbill.x12.tools.pseudonyms import Pseudonyms
from superbill.x12.tools.words import ToolError
from superbill.x12.tree import UNPLACED, Group, Interchange, Loop, Transaction, Unplaced
from superbill.x12.walk import walk

_OLDEST = 89  # ages above it are one: 45 CFR 164.514(b)(2)(i)(C)
_PROVIDERS_SEGMENTS = frozenset(("NM1", "N1", "N2", "N3", "N4", "REF"))


def redact(source: Source, secret: bytes, *, keep_providers: bool = False) -> Iterator[Interchange]:
    """The interchanges of a file, redacted; `render` makes the file.

    The same `secret` gives the same pseudonyms: keep it as you keep the data, or throw it away. `keep_providers` leaves
    providers and payers as they are. Raises ToolError for a transaction set without a guide, X12ReadError.
    """
    redactor = _Redactor(Pseudonyms(secret), keep_providers)
    for interchange in walk(source, guides_of, units=False):
        assert isinstance(interchange, Interchange)
        yield redactor.interchange(interchange)


class _Redactor:
    def __init__(self, pseudonyms: Pseudonyms, keep_providers: bool) -> None:
        self.pseudonyms = pseudonyms
        self.keep_providers = keep_providers
        self.file_days = pseudonyms.days()
        self.today: date | None = None  # of the group, before it is moved: the day on which ages are told
        self.left_out = 0

    # --- the tree ---

    def interchange(self, interchange: Interchange) -> Interchange:
        body: list[Any] = []
        for part in interchange.body:
            if isinstance(part, Group):
                body.append(self.group(part))
            elif not isinstance(part, Unplaced):
                body.append(self.segment(part, None, self.file_days, False))
        body[0] = padded(body[0], authorization_qualifier="00", security_qualifier="00")
        return Interchange(delimiters=interchange.delimiters, ending=interchange.ending, body=body)

    def group(self, group: Group) -> Group:
        self.today = group.header.date if group.header is not None else None
        body: list[Any] = []
        for part in group.body:
            if isinstance(part, Transaction):
                body.append(self.transaction(part))
            elif not isinstance(part, Unplaced):
                body.append(self.segment(part, None, self.file_days, False))
        return Group(body=body)

    def transaction(self, transaction: Transaction) -> Transaction:
        if not transaction.compiled.guide.versions:
            identifier = transaction.header.identifier[:6]
            raise ToolError(
                f"Segment {transaction.position:,}: there is no guide for transaction set {identifier!r}, so that "
                "nobody knows what in it is about whom. Nothing was written."
            )
        self.left_out = 0
        root = self.loop(transaction.root, self.file_days)
        last = root.body[-1]
        if self.left_out and isinstance(last, SE) and last.segments is not None:
            trailer = replace(last, segments=last.segments - self.left_out)
            root = type(root)((*root.body[:-1], trailer), root.shape)
        return replace(transaction, root=root)

    def loop(self, loop: Loop, days: timedelta) -> Loop:
        days = self._days(loop, days)
        kept = self.keep_providers and _is_provider(loop.body[0])
        body: list[Segment | Loop] = []
        shape = bytearray()
        for index, part in zip(loop.shape, loop.body, strict=True):
            if index == UNPLACED:
                self.left_out += 1
                continue
            if isinstance(part, Loop):
                body.append(self.loop(part, days))
            else:
                slot = loop.node.parts[index]
                assert isinstance(slot, Slot)
                made = self.segment(part, slot.rule, days, kept)
                if made == type(made)() and part != type(part)(raw=part.raw):  # all that it said is gone
                    self.left_out += 1
                    continue
                body.append(made)
            shape.append(index)
        return type(loop)(tuple(body), bytes(shape))

    def _days(self, loop: Loop, days: timedelta) -> timedelta:
        """How far the dates of a loop move: at a level or a claim, as far as those of the patient it is about."""
        if loop.node.rule.opener.id != "HL" and not loop.node.rule.unit:
            return days
        people: dict[str, NM1] = {}
        for part in loop.body:
            for each in part.body if isinstance(part, Loop) else (part,):
                if isinstance(each, NM1):
                    people.setdefault(each.entity, each)
        found = next((people[entity] for entity in safe.PATIENTS if entity in people), None)
        if found is None:
            return days
        return self.pseudonyms.days(person=f"{found.name}|{found.first}".upper())

    # --- segments ---

    def segment(self, segment: Segment, rule: SegmentRule | None, days: timedelta, kept: bool) -> Segment:
        id = type(segment).__name__
        kept = kept or (self.keep_providers and _is_provider(segment))
        kept = kept and id in _PROVIDERS_SEGMENTS and not _is_personal(segment)
        made = self._struct(segment, rule, 0, days, kept)
        if "length" in made and "data" in made:
            made["length"] = len(made["data"])
        return type(segment)(**made)

    def _struct(
        self, struct: Segment | Composite, rule: SegmentRule | None, position: int, days: timedelta, kept: bool
    ) -> dict[str, Any]:
        """The fields that are left of a segment, or of a composite at a position of one."""
        id = type(struct).__name__
        made: dict[str, Any] = {}
        numbers = type(struct).ELEMENTS.split()
        for place, (field, number) in enumerate(zip(fields(type(struct)), numbers, strict=True), 1):
            value = getattr(struct, field.name)
            if value is None or value == "" or value == ():
                continue
            at = (position, place) if position else (place, 0)

            def one(each: Any, field: Field = field, number: str = number, at: tuple[int, int] = at) -> Any:
                if isinstance(each, Composite):
                    inner = self._struct(each, rule, at[0], days, kept)
                    return type(each)(**inner)
                if isinstance(each, (date, Period)) or (field.kind is not None and field.kind.name == "when"):
                    return self._moved(each, id, field.name, struct, days)
                if not isinstance(each, str):
                    return each if number in safe.NUMBERS else None
                return self._text(each, id, field.name, number, rule, at, kept)

            left = tuple(map(one, value)) if field.repeats else one(value)
            if left is not None:
                made[field.name] = left
        return made

    def _text(
        self,
        text: str,
        id: str,
        name: str,
        number: str,
        rule: SegmentRule | None,
        at: tuple[int, int],
        kept: bool,
    ) -> str:
        element = rule.at(*at) if rule is not None else None
        if element is not None and text in element.codes:
            return text
        if number in safe.CODES or (id, name) in safe.CODE_FIELDS:
            return text if safe.is_code(text) else self.pseudonyms.words_of(text)
        if id == "PRV" and safe.is_taxonomy(text):
            return text
        if number == "I08":
            return self._file_date(text)
        if number in safe.DROPPED:
            return ""
        if number in safe.TEXTS:
            return safe.GONE if element is None or element.usage == "R" else ""
        if kept or (self.keep_providers and (id, name) in safe.PROVIDER_FIELDS):
            return text
        return self._pseudonym(number)(text)

    def _pseudonym(self, number: str) -> Callable[[str], str]:
        if number in safe.WORDS:
            return self.pseudonyms.words_of
        if number in safe.ROUTING_NUMBERS:
            return self.pseudonyms.routing_number
        return self.pseudonyms.originator if number in safe.ORIGINATORS else self.pseudonyms.number

    # --- dates ---

    def _file_date(self, text: str) -> str:
        try:
            moved = self.pseudonyms.day(day(text), self.file_days)
        except ValueError:
            return ""
        return day_text(moved)[2:] if moved is not None else ""

    def _moved(self, value: Any, id: str, name: str, struct: Any, days: timedelta) -> Any:
        """A date, range or moment moved back; a time of day or number of days as it is; anything else is gone."""
        if isinstance(value, str):
            return value if safe.is_no_date(value, getattr(struct, "format", "")) else None
        if isinstance(value, Period):
            start = self.pseudonyms.day(value.start, days) if value.start else None
            end = self.pseudonyms.day(value.end, days) if value.end else None
            return Period(start, end) if start is not None else None
        if (id, name) == ("DMG", "birth_date") and isinstance(value, date):
            value = self._old(value)
        moved: Callable[[date, timedelta], date | None] = self.pseudonyms.day
        return moved(value, days)

    def _old(self, birth: date) -> date:
        """The birth date, of somebody over 89 that of a person of 90."""
        on = self.today
        if on is None or isinstance(birth, datetime):
            return birth
        age = on.year - birth.year - ((on.month, on.day) < (birth.month, birth.day))
        return date(on.year - _OLDEST - 1, 1, 1) if age > _OLDEST else birth


def _is_provider(part: Any) -> bool:
    return isinstance(part, (NM1, N1)) and part.entity in safe.PROVIDERS


def _is_personal(segment: Segment) -> bool:
    return isinstance(segment, REF) and segment.qualifier in safe.PERSONAL_REFERENCES

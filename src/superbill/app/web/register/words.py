"""A patient's record in the words of the desk: facts, what changed, where a coverage stands."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from msgspec import Struct

from superbill.app.web.desk import Desk
from superbill.app.web.forms import Form, told_zip
from superbill.app.web.register.facts import payer_of
from superbill.app.web.templatetags.desk import day as shown_day
from superbill.app.web.templatetags.desk import phone as shown_phone
from superbill.chart.model import Chart, CoverageRecord, PatientRecord, PostalAddress

PLACES = {1: "primary", 2: "secondary", 3: "tertiary"}
RELATIONSHIP = {"self": "insured in their own name", "spouse": "through husband or wife", "child": "through a parent",
                "other": "through somebody else"}  # fmt: skip
SEX = {"F": "female", "M": "male", "U": ""}


class Standing(Struct, frozen=True, kw_only=True):
    """A coverage as the desk sees it today. `payer` is its name, `key` the payer's key where it is known."""

    record: CoverageRecord
    payer: str
    key: str
    place: str
    relationship: str
    state: str  # in force, ended, not yet
    insured: str = ""


def standing(at: Desk, one: CoverageRecord) -> Standing:
    """Where a coverage stands on this day."""
    entry = payer_of(at, one.payer)
    first, last = one.period.start, one.period.end
    state = "ended" if last and last < at.today else "not yet" if first and first > at.today else "in force"
    insured = one.subscriber.name if one.subscriber else None
    return Standing(
        record=one,
        payer=entry.name if entry else one.payer,
        key=entry.key if entry else "",
        place=PLACES.get(one.order, str(one.order)),
        relationship=RELATIONSHIP[one.relationship],
        state=state,
        insured=f"{insured.family.upper()}, {' '.join(insured.given)}" if insured else "",
    )


def address_lines(place: PostalAddress | None) -> list[str]:
    """An address as an envelope has it."""
    if place is None:
        return []
    parts = (f"{place.city},", place.state, told_zip(place.postal_code))
    return [*place.lines, " ".join(part for part in parts if part.strip(","))]


def facts_of(chart: Chart) -> list[tuple[str, str, str]]:
    """(label, value, style) of what a person at the desk reads out."""
    one = chart.patient
    return [
        (_("Born"), shown_day(one.birth_date) or "–", ""),
        (_("Sex"), SEX[one.sex] or "–", ""),
        (_("Phone"), shown_phone(one.phone) or "–", ""),
        (_("Address"), ", ".join(address_lines(one.address)) or "–", ""),
        (_("Record number"), one.medical_record_number or "–", "code"),
        (_("Record from"), _source(one), ""),
        *([(_("Died"), shown_day(one.deceased), "trouble")] if one.deceased else []),
    ]


def _source(one: PatientRecord) -> str:
    return one.source.file or "–"


def side_by_side(one: Chart, other: Chart) -> list[tuple[str, str, str, bool]]:
    """(label, of the one, of the other, whether they agree) of two records that may be of one person."""
    return [
        (label, mine, theirs, mine.casefold() == theirs.casefold())
        for (label, mine), (_label, theirs) in zip(_compared(one), _compared(other), strict=True)
    ]


def _compared(chart: Chart) -> list[tuple[str, str]]:
    one = chart.patient
    return [
        (
            _("Name"),
            " ".join(part for part in (one.name.family.upper() + ",", *one.name.given, one.name.suffix) if part),
        ),
        (_("Born"), shown_day(one.birth_date) or "–"),
        (_("Sex"), SEX[one.sex] or "–"),
        (_("Phone"), shown_phone(one.phone) or "–"),
        (_("Address"), ", ".join(address_lines(one.address)) or "–"),
        (_("Record number"), one.medical_record_number or "–"),
        (_("Insurance"), "; ".join(f"{each.payer} {each.member_id}".strip() for each in chart.coverages) or "–"),
    ]


def differences(before: Chart, after: Chart) -> list[tuple[str, str, str]]:
    """(what, before, after) of two versions of a record."""
    told = [(label, was, is_) for (label, was), (_label, is_) in zip(_compared(before), _compared(after), strict=True)
            if was != is_ and label != _("Insurance")]  # fmt: skip
    return [*told, *_coverage_changes(before, after)]


def _coverage_changes(before: Chart, after: Chart) -> Iterator[tuple[str, str, str]]:
    was, now_ = ({one.id: one for one in chart.coverages} for chart in (before, after))
    for id in dict.fromkeys((*was, *now_)):
        mine, theirs = _coverage_line(was.get(id)), _coverage_line(now_.get(id))
        if mine != theirs:
            yield _("Coverage"), mine, theirs


def _coverage_line(one: CoverageRecord | None) -> str:
    if one is None:
        return "–"
    days = _days(one.period.start, one.period.end)
    parts = (PLACES.get(one.order, str(one.order)), one.payer, one.member_id, one.group_number, one.relationship, days)
    return ", ".join(part for part in parts if part)


def _days(first: date | None, last: date | None) -> str:
    return f"{shown_day(first) or '…'} to {shown_day(last) or '…'}" if first or last else ""


def changes(theirs: Form, mine: Form) -> list[tuple[str, str, str]]:
    """(field, as it is now, as filled in) where somebody else's version and one's own differ."""
    told: list[tuple[str, str, str]] = []
    for name, field in mine.fields.items():
        is_ = _value(field.prepare_value(theirs.initial.get(name)))
        wanted = _value(field.prepare_value(mine.cleaned_data.get(name)))
        if is_ != wanted:
            told.append((str(field.label), is_ or "–", wanted or "–"))
    return told


def _value(value: Any) -> str:
    return shown_day(value) if isinstance(value, date) else str(value or "")

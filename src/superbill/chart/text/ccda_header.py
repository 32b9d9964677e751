"""Whom a C-CDA document is about, and of which visit (HL7 CDA R2 header: recordTarget, componentOf)."""

from datetime import date
from xml.etree.ElementTree import Element

from msgspec import Struct

from superbill.chart.model import PersonName
from superbill.chart.text.ccda import parsed
from superbill.chart.text.decoding import decoded
from superbill.chart.text.report import Trouble

_V3 = "{urn:hl7-org:v3}"
_PATIENT = f"{_V3}recordTarget/{_V3}patientRole/{_V3}patient"
_VISIT = f"{_V3}componentOf/{_V3}encompassingEncounter/{_V3}effectiveTime"


class Header(Struct, frozen=True, kw_only=True):
    """The patient, and the day of the visit; None where the document does not tell."""

    name: PersonName
    birth_date: date | None = None
    visit: date | None = None


def ccda_header(data: bytes) -> Header | None:
    """The header of a document; None for a file that is none, or names nobody. Never raises for what is in it."""
    text, _found = decoded(data, "")
    try:
        root = parsed(text or "")
    except Trouble:
        return None
    patient = root.find(_PATIENT)
    family = _text(patient, f"{_V3}name/{_V3}family")
    if patient is None or not family:
        return None
    given = tuple(words for one in patient.findall(f"{_V3}name/{_V3}given") if (words := (one.text or "").strip()))
    when = root.find(_VISIT)
    return Header(
        name=PersonName(family, given),
        birth_date=_day(patient.find(f"{_V3}birthTime")),
        visit=_day(when) or _day(when.find(f"{_V3}low") if when is not None else None),
    )


def _text(element: Element | None, path: str) -> str:
    found = element.find(path) if element is not None else None
    return (found.text or "").strip() if found is not None else ""


def _day(element: Element | None) -> date | None:
    """A time of HL7 (20261030, with a time of day or without) as a day."""
    value = element.get("value", "") if element is not None else ""
    try:
        return date(int(value[:4]), int(value[4:6]), int(value[6:8]))
    except ValueError:
        return None

"""A visit's record as the desk filled it in, and back."""

from datetime import date, datetime, time
from typing import Any, cast

from django.utils import timezone
from msgspec import Struct
from msgspec.structs import replace

from superbill.app.patients.registering import DESK
from superbill.app.web.register.visit_kinds import BY_KEY, VisitKind, kind_of
from superbill.chart.model import (
    AccidentRecord,
    Concept,
    EncounterRecord,
    HospitalRecord,
    Note,
    PersonName,
    ProviderRecord,
    ServiceLocation,
)
from superbill.coding.deciding import note_of
from superbill.site import Facility, Location, RenderingProvider, Site
from superbill.site.parties import location_of, rendering_provider

OPEN, CLOSED = "in-progress", "finished"


class Filled(Struct, frozen=True, kw_only=True):
    """The fields of the form, checked. `kind` and `place` are keys, "" for as recorded; `text` is the note."""

    day: date
    end_time: time | None  # before `time`, which hides the type from what comes after it
    time: time
    kind: str
    place: str
    ends: date | None
    admission_type: str
    admit_source: str
    discharge: str
    provider: str
    supervisor: str
    referrer_last: str
    referrer_first: str
    referrer_npi: str
    reason: str
    authorization: str
    accident: str
    accident_day: date | None
    accident_state: str
    accident_claim: str
    text: str


def entry_of(site: Site, key: str) -> Location | Facility | None:
    """The location or facility of this key."""
    every: tuple[Location | Facility, ...] = (*site.locations, *site.facilities)
    return next((one for one in every if one.key == key), None)


def made(told: Filled, site: Site, before: EncounterRecord | None) -> EncounterRecord:
    """The record; its number in the chart and its source are the action's. What the form does not ask for, and what
    was not changed in it, stays as it was recorded. A visit without a note, or a stay without its end, stays open."""
    zone = before.start.tzinfo if before else timezone.get_current_timezone()
    start = datetime.combine(told.day, told.time, tzinfo=zone)
    if before and _minute(before.start) == start:
        start = before.start
    base = before or EncounterRecord(id="", start=start, source=DESK)
    kind = BY_KEY.get(told.kind)
    same_kind = before is not None and kind in (None, kind_of(before))
    entry = next(one for one in site.providers if one.key == told.provider)
    return replace(
        base, start=start, end=_end(told, base, start), status=_status(told, kind, base),
        class_code=base.class_code if same_kind or kind is None else kind.class_code,
        kind=base.kind if same_kind or kind is None else kind.concept,
        performer=base.performer if before and rendering_provider(site, before) == entry else _provider(entry),
        supervisor=_supervisor(told, site, base), referrer=_referrer(told, base),
        location=base.location if same_kind and before and told.place == place_key(site, before)
        else _location(site, told.place, kind),
        reasons=_reasons(told.reason.strip(), base), authorization_number=told.authorization.strip(),
        accident=_accident(told), hospital=_hospital(told, base), notes=_notes(told.text, entry, base, told.day),
    )  # fmt: skip


def told_of(site: Site, one: EncounterRecord) -> dict[str, Any]:
    """The form's fields as the record has them."""
    kind, who, hurt = kind_of(one), one.referrer, one.accident
    there = one.hospital or HospitalRecord()
    end = one.end if kind and kind.stay else None
    supervisor = site.provider(one.supervisor.id, one.supervisor.npi) if one.supervisor else None
    return {
        "day": one.date_of_service, "time": one.start.time(), "kind": kind.key if kind else "",
        "place": place_key(site, one), "ends": end.date() if end else None,
        "end_time": end.time() if end else None, "admission_type": there.priority, "admit_source": there.admit_source,
        "discharge": there.discharge,
        "provider": rendering_provider(site, one).key, "supervisor": supervisor.key if supervisor else "",
        "referrer_last": who.name.family if who else "", "referrer_first": " ".join(who.name.given) if who else "",
        "referrer_npi": who.npi if who else "", "reason": one.reasons[0].label if one.reasons else "",
        "authorization": one.authorization_number, "accident": hurt.kind if hurt else "",
        "accident_day": hurt.on if hurt else None, "accident_state": hurt.state if hurt else "",
        "accident_claim": hurt.claim_number if hurt else "", "note": note_of(one),
    }  # fmt: skip


def place_key(site: Site, one: EncounterRecord) -> str:
    """The key of the site's entry for where the visit was; "elsewhere" where it has none."""
    if one.location is None:
        return location_of(site, one).key
    if (entry := entry_of(site, one.location.id)) is not None:
        return entry.key
    names = [text for text in (one.location.id, one.location.npi, one.location.name) if text]
    found = site.location(*names) or next(
        (each for each in site.facilities if {each.key, each.npi, each.name, *each.match} & set(names)), None
    )
    return found.key if found else "elsewhere"


def _end(told: Filled, base: EncounterRecord, start: datetime) -> datetime | None:
    if told.ends:
        hour = told.end_time or (base.end.time() if base.end else told.time)
        end = datetime.combine(told.ends, hour, tzinfo=start.tzinfo)
        same = base.end is not None and base.end.replace(second=0, microsecond=0) == end.replace(
            second=0, microsecond=0
        )
        return base.end if same else max(end, start)
    kind = BY_KEY.get(told.kind)
    if base.end is None or (kind and kind.stay):
        return None
    return base.end + (start - base.start)  # the visit was moved as a whole


def _minute(moment: datetime) -> datetime:
    """As a form shows it."""
    return moment.replace(second=0, microsecond=0)


def _status(told: Filled, kind: VisitKind | None, base: EncounterRecord) -> str:
    if base.source != DESK:
        return base.status
    unfinished = not told.text.strip() or (kind is not None and kind.key == "inpatient" and not told.ends)
    return OPEN if unfinished else CLOSED


def _provider(entry: RenderingProvider) -> ProviderRecord:
    name = PersonName(entry.last, tuple(entry.first.split()))
    return ProviderRecord(id=entry.key, name=name, npi=entry.npi, taxonomy=entry.taxonomy)


def _supervisor(told: Filled, site: Site, base: EncounterRecord) -> ProviderRecord | None:
    entry = next((one for one in site.providers if one.key == told.supervisor), None)
    if entry is None:
        return None
    was = base.supervisor
    return was if was and site.provider(was.id, was.npi) == entry else _provider(entry)


def _referrer(told: Filled, base: EncounterRecord) -> ProviderRecord | None:
    name = PersonName(told.referrer_last.strip(), tuple(told.referrer_first.split()))
    if not name.family:
        return None
    was = base.referrer
    if was and (was.npi, was.name.family, was.name.given) == (told.referrer_npi, name.family, name.given):
        return was
    return ProviderRecord(id=told.referrer_npi, name=name, npi=told.referrer_npi)


def _location(site: Site, key: str, kind: VisitKind | None) -> ServiceLocation | None:
    """Where it was. The place of service is the kind's own, unless the location is of another that fits it."""
    entry, usual = entry_of(site, key), kind.place if kind else ""
    if entry is None:
        return ServiceLocation(id="", place_of_service=usual) if usual else None
    if isinstance(entry, Facility):
        own = usual or ("22" if entry.kind == "hospital" else "31")
    else:
        away = kind is not None and (kind.anywhere or not kind.fits(entry.place_of_service))
        own = usual if away else entry.place_of_service
    return ServiceLocation(id=entry.key, name=entry.name, npi=entry.npi, place_of_service=own)


def _reasons(text: str, base: EncounterRecord) -> tuple[Concept, ...]:
    was = base.reasons[0].label if base.reasons else ""
    if text == was:
        return base.reasons
    return ((Concept(text=text),) if text else ()) + base.reasons[1:]


def _accident(told: Filled) -> AccidentRecord | None:
    if not told.accident or told.accident_day is None:
        return None
    return AccidentRecord(
        kind=cast(Any, told.accident), on=told.accident_day,
        state=told.accident_state if told.accident == "auto" else "", claim_number=told.accident_claim.strip(),
    )  # fmt: skip


def _hospital(told: Filled, base: EncounterRecord) -> HospitalRecord | None:
    """What was recorded of the admission, in the NUBC's codes, or as it was."""
    now = HospitalRecord(priority=told.admission_type, admit_source=told.admit_source, discharge=told.discharge)
    return base.hospital if now == (base.hospital or HospitalRecord()) else now


def _notes(text: str, author: RenderingProvider, base: EncounterRecord, day: date) -> tuple[Note, ...]:
    text = text.replace("\r\n", "\n").strip("\n")
    if text == note_of(base).strip("\n"):
        return base.notes
    if not text.strip():
        return ()
    known = base.notes[0].id if len(base.notes) == 1 else "note"
    return (
        Note(id=known, text=text, kind="Visit note", written=day, author=f"{author.first} {author.last}", source=DESK),
    )

"""The short hand in which visits are written down (see README.md beside this file)."""

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

_SERVICE = re.compile(r"(?P<code>[A-Z]?\d{4,}[A-Z]?)(?P<modifiers>(?:-[0-9A-Z]{2})*)(?:x(?P<units>\d+))?")
_FIELDS = {
    "v", "status", "cc", "dx", "do", "vax", "rx", "obs", "note", "signed", "accident", "auth", "copay", "sup", "ref",
    "told",
}  # fmt: skip


@dataclass(frozen=True)
class Service:
    """`20610-RT`, `J3301x4`, `99213-25`: a code, its modifiers, its units (None: not recorded)."""

    code: str
    modifiers: tuple[str, ...]
    units: int | None


@dataclass(frozen=True)
class Visit:
    start: datetime
    end: datetime
    provider: str
    location: str
    kind: str
    status: str
    complaint: str
    diagnoses: tuple[str, ...]
    services: tuple[Service, ...]
    vaccines: tuple[str, ...]
    prescriptions: tuple[str, ...]
    measures: dict[str, Any]
    note: str
    signed: datetime | None
    accident: dict[str, Any]
    authorization: str
    copay: int | None
    supervisor: str
    referrer: str
    told_by_note: bool


def read_service(text: str) -> Service:
    match = _SERVICE.fullmatch(text)
    if match is None:
        raise ValueError(f"not a service: {text!r}; write 20610-RT or J3301x4")
    modifiers = tuple(match["modifiers"].split("-")[1:])
    return Service(match["code"], modifiers, int(match["units"]) if match["units"] else None)


def read_visit(source: dict[str, Any]) -> Visit:
    """One visit of a source file. `v` is `2025-05-06 09:20 20m provider location kind`."""
    unknown = set(source) - _FIELDS
    if unknown:
        raise ValueError(f"visit {source.get('v')}: unknown {sorted(unknown)}")
    day, clock, minutes, provider, location, kind = source["v"].split()
    start = datetime.strptime(f"{day} {clock}", "%Y-%m-%d %H:%M")  # noqa: DTZ007 the clinic's own wall clock
    signed = source.get("signed")
    return Visit(
        start=start,
        end=start + timedelta(minutes=int(minutes.removesuffix("m"))),
        provider=provider,
        location=location,
        kind=kind,
        status=source.get("status", "finished"),
        complaint=source.get("cc", ""),
        diagnoses=tuple(str(source.get("dx", "")).split()),
        services=tuple(read_service(text) for text in str(source.get("do", "")).split()),
        vaccines=tuple(source.get("vax", "").split()),
        prescriptions=tuple(source.get("rx", ())),
        measures=source.get("obs", {}),
        note=source.get("note", ""),
        signed=datetime.combine(signed, start.time()) if signed else None,
        accident=source.get("accident", {}),
        authorization=source.get("auth", ""),
        copay=source.get("copay"),
        supervisor=source.get("sup", ""),
        referrer=source.get("ref", ""),
        told_by_note=source.get("told", "") == "note",
    )


def local_time(moment: datetime) -> str:
    """The moment as the clinic's clocks name it: US Central, with the offset of the day (15 U.S.C. 260a)."""
    march, november = date(moment.year, 3, 8), date(moment.year, 11, 1)
    starts = march + timedelta(days=(6 - march.weekday()) % 7)
    ends = november + timedelta(days=(6 - november.weekday()) % 7)
    offset = "-05:00" if starts <= moment.date() < ends else "-06:00"
    return moment.strftime("%Y-%m-%dT%H:%M:00") + offset

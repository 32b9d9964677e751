"""One way in to every code system: by its slug, a code and a day.

A code alone says nothing: 6,761 codes of ICD-10-CM have the shape of HCPCS, and revenue code 0450 that of an MS-DRG's
neighbor. So every question names its system.
"""

from collections.abc import Callable
from datetime import date

from msgspec import Struct

from superbill.codesets import lists
from superbill.codesets.cdt import lookup as cdt
from superbill.codesets.cpt import lookup as cpt
from superbill.codesets.hcpcs import lookup as hcpcs
from superbill.codesets.hcpcs import record as hcpcs_record
from superbill.codesets.icd10cm import lookup as icd10cm
from superbill.codesets.icd10cm import order, schema
from superbill.codesets.icd10pcs import lookup as icd10pcs
from superbill.codesets.msdrg import importer as msdrg
from superbill.codesets.ndc import importer as ndc_directory
from superbill.codesets.ndc import lookup as ndc
from superbill.codesets.opps import lookup as opps
from superbill.codesets.release import Refused, Release
from superbill.codesets.store import Store
from superbill.codesets.taxonomy import importer as taxonomy
from superbill.codesets.taxonomy import lookup as provider_kinds

_NOT_BY_HOSPITALS = frozenset(["B", "C", "D", "E1", "E2", "M", "Y"])
"""Status indicators of what an outpatient hospital bill isn't paid for, whatever stands beside it."""


class UnknownSystem(LookupError):
    """A slug that is no code system; `str()` names those that are."""


class Found(Struct, frozen=True, kw_only=True):
    """A code as it stands on a day.

    `code` is written as people write it. `title` is "" where no text is on file. `billable` says whether it may be
    reported on the day, None where nothing on file tells; `note` why not, or what else is to be known. `release` is
    what the answer is from, None for a list that ships with Superbill and for a bare number.
    """

    system: str
    code: str
    title: str
    billable: bool | None
    release: Release | None
    note: str


Finder = Callable[[Store, str, date], Found | None]
LicensedCode = cpt.CptCode | cdt.CdtCode


class System(Struct, frozen=True):
    """A code system: its slug, its name, how its codes are keyed, the releases that hold it, and how one is found.

    `held_in`: one of these must be in the store; () for a system that needs none.
    """

    slug: str
    name: str
    key: Callable[[str], str]
    held_in: tuple[str, ...]
    find: Finder


def look_up(store: Store, system: str, code: str, on: date) -> Found | None:
    """The code of the system as it stands on the day (of service; of discharge for an inpatient), or None.

    Raises UnknownSystem, and Refused when the store has no release at all of the system.
    """
    chosen = named(system)
    if chosen.held_in and not any(store.releases(each) for each in chosen.held_in):
        raise Refused(f"The store holds no {chosen.name}.", fix="Import it: superbill codesets import FILE.")
    return chosen.find(store, chosen.key(code), on)


def named(system: str) -> System:
    """The system with this slug; "occurrence-code" will do for "occurrence_code". Raises UnknownSystem."""
    found = _SYSTEMS.get(system.strip().lower().replace("-", "_"))
    if found is None:
        raise UnknownSystem(f"{system!r} is no code system. There are: {', '.join(_SYSTEMS)}.")
    return found


def systems() -> tuple[System, ...]:
    """Every code system, those with releases first."""
    return tuple(_SYSTEMS.values())


def _upper(code: str) -> str:
    return code.strip().upper()


def _drg(code: str) -> str:
    return code.strip().zfill(3)


def _ndc(code: str) -> str:
    return ndc.eleven(code) or code.strip()


def _told(*parts: str) -> str:
    return "; ".join(part for part in parts if part)


def _stand_in(release: Release, exact: bool, on: date) -> str:
    return "" if exact else f"by {release.name}: no release is in force on {on}"


def _icd10cm(store: Store, code: str, on: date) -> Found | None:
    book = icd10cm.book(store, on)
    found = book.code(code)
    if found is None:
        return None
    note = "" if found.billable else "a header: choose a code under it"
    return Found(
        system=schema.CODES, code=found.code, title=found.title, billable=found.billable, release=book.release,
        note=_told(note, _stand_in(book.release, book.exact, on)),
    )  # fmt: skip


def _icd10pcs(store: Store, code: str, on: date) -> Found | None:
    book = icd10pcs.book(store, on)
    found = book.code(code)
    if found is None:
        return None
    note = "" if found.billable else "a table: four characters more make a code"
    return Found(
        system=order.PCS, code=found.code, title=found.title, billable=found.billable, release=book.release,
        note=_told(note, _stand_in(book.release, book.exact, on)),
    )  # fmt: skip


def _hcpcs(store: Store, code: str, on: date) -> Found | None:
    return _level_two("hcpcs", hcpcs.book(store, on).code(code), on)


def _hcpcs_modifier(store: Store, code: str, on: date) -> Found | None:
    return _level_two("hcpcs_modifier", hcpcs.book(store, on).modifier(code), on)


def _level_two(system: str, found: hcpcs.HcpcsCode | None, on: date) -> Found | None:
    if found is None:
        return None
    elsewhere = found.title_from is not None and found.title_from != found.release
    source = f"title of {found.title_from.name}" if elsewhere and found.title_from else ""
    return Found(
        system=system, code=found.code, title=found.title, billable=found.in_use, release=found.release,
        note=_told(found.why, source, _stand_in(found.release, found.exact, on)),
    )  # fmt: skip


def _licensed(system: str, look: Callable[[Store, str, date], LicensedCode | None]) -> Finder:
    """How a code is found whose text comes from the files of a licensee."""

    def find(store: Store, code: str, on: date) -> Found | None:
        found = look(store, code, on)
        if found is None:
            return None
        behind = _stand_in(found.release, found.exact, on) if found.release else ""
        return Found(
            system=system, code=found.code, title=found.title, billable=True if found.release else None,
            release=found.release, note=_told(found.note, behind),
        )  # fmt: skip

    return find


def _drug(store: Store, code: str, on: date) -> Found | None:
    found = ndc.drug(store, code, on)
    if found is None:
        return None
    sold = found.on_the_market(on)
    reason = "" if sold else f"marketed from {found.start or '?'} to {found.end or '?'}"
    return Found(
        system="ndc", code=found.code, title=found.title, billable=sold and not found.sample and not found.excluded,
        release=found.release,
        note=_told(
            reason, "a sample" if found.sample else "", "excluded from the directory" if found.excluded else "",
            _stand_in(found.release, found.exact, on),
        ),
    )  # fmt: skip


def _taxonomy(store: Store, code: str, on: date) -> Found | None:
    answer = store.nearest(taxonomy.SYSTEM, on)
    found = provider_kinds.provider_kind(store, code, on)
    if found is None or answer is None:
        return None
    return Found(
        system=taxonomy.SYSTEM, code=found.code, title=found.name, billable=True, release=answer.opened.release,
        note=_told(found.section, _stand_in(answer.opened.release, answer.exact, on)),
    )  # fmt: skip


def _opps(store: Store, code: str, on: date) -> Found | None:
    found = opps.item(store, code, on)
    if found is None:
        return None
    bare = "" if found.short else cpt.NUMBER_ONLY if cpt.is_cpt(found.code) else cdt.NUMBER_ONLY
    return Found(
        system="opps", code=found.code, title=found.short, billable=found.status not in _NOT_BY_HOSPITALS,
        release=found.release,
        note=_told(f"status {found.status}: {found.means}", bare, _stand_in(found.release, found.exact, on)),
    )  # fmt: skip


def _msdrg(store: Store, code: str, on: date) -> Found | None:
    found = msdrg.find(store, code, on)
    opened = store.in_force(msdrg.SYSTEM, on)
    if found is None or opened is None:
        return None
    return Found(
        system=msdrg.SYSTEM, code=found.drg, title=found.title, billable=True, release=opened.release,
        note=f"weight {found.weight}",
    )  # fmt: skip


def _list(slug: str) -> Callable[[Store, str, date], Found | None]:
    def find(_store: Store, code: str, on: date) -> Found | None:
        found = lists.look_up(slug, code)
        if found is None:
            return None
        valid = on in found.valid
        return Found(
            system=slug, code=found.code, title=found.name, billable=valid, release=None,
            note=_told("" if valid else f"not in use on {on}", found.note),
        )  # fmt: skip

    return find


_HCPCS = (hcpcs_record.SYSTEM, hcpcs_record.NUMBERS)
_SYSTEMS = {
    each.slug: each
    for each in (
        System(schema.CODES, "ICD-10-CM", schema.undotted, (schema.CODES,), _icd10cm),
        System(order.PCS, "ICD-10-PCS", icd10pcs.normal, (order.PCS,), _icd10pcs),
        System("hcpcs", "HCPCS Level II", _upper, _HCPCS, _hcpcs),
        System("hcpcs_modifier", "HCPCS Level II modifiers", _upper, (hcpcs_record.SYSTEM,), _hcpcs_modifier),
        System("cpt", "CPT", _upper, (), _licensed("cpt", cpt.code)),
        System("cdt", "CDT", _upper, (), _licensed("cdt", cdt.code)),
        System("ndc", "NDC directory", _ndc, (ndc_directory.PACKAGES,), _drug),
        System("taxonomy", "provider taxonomy", _upper, (taxonomy.SYSTEM,), _taxonomy),
        System("opps", "OPPS Addendum B", _upper, ("opps",), _opps),
        System("msdrg", "MS-DRG weights", _drg, (msdrg.SYSTEM,), _msdrg),
        *(System(each.system, each.title, _upper, (), _list(each.system)) for each in lists.systems()),
    )
}

"""All small public code lists behind one door: by system and code, or by words.

A system is called as the X12 code sets are called where they know it ("revenue", "pos", "bill_type").
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from functools import cache
from typing import Protocol

from msgspec import Struct

from superbill.codesets import listed
from superbill.codesets.admission_type import lookup as admission_type
from superbill.codesets.carc import lookup as carc
from superbill.codesets.claim_adjustment_group import lookup as claim_adjustment_group
from superbill.codesets.claim_status import lookup as claim_status
from superbill.codesets.condition_code import lookup as condition_code
from superbill.codesets.discharge_status import lookup as discharge_status
from superbill.codesets.listed import ListedCode
from superbill.codesets.modifier import lookup as modifier
from superbill.codesets.occurrence_code import lookup as occurrence_code
from superbill.codesets.occurrence_span_code import lookup as occurrence_span_code
from superbill.codesets.place_of_service import lookup as place_of_service
from superbill.codesets.poa_indicator import lookup as poa_indicator
from superbill.codesets.point_of_origin import lookup as point_of_origin
from superbill.codesets.rarc import lookup as rarc
from superbill.codesets.revenue_code import lookup as revenue_code
from superbill.codesets.type_of_bill import lookup as type_of_bill
from superbill.codesets.value_code import lookup as value_code
from superbill.effective import Period

ALWAYS = Period()


class UnknownList(LookupError):
    """A system that is none of these lists; `str()` names those that are."""


class CodeList(Struct, frozen=True):
    """One list: the name it is asked by, its title, whose list it is, how long its codes are, and its codes."""

    system: str
    title: str
    owner: str
    width: int
    codes: Callable[[], Mapping[str, ListedCode]]


class _Named(Protocol):
    @property
    def code(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def valid(self) -> Period: ...
    @property
    def note(self) -> str: ...


def _plain(system: str, rows: Iterable[_Named]) -> dict[str, ListedCode]:
    return {row.code: ListedCode(system, row.code, row.name, row.valid, row.note) for row in rows}


@cache
def _modifiers() -> dict[str, ListedCode]:
    return {
        row.code: ListedCode(
            modifier.SYSTEM, row.code, row.name, row.valid, "; ".join(filter(None, (row.payment, row.side, row.note)))
        )
        for row in modifier.all_modifiers().values()
    }


@cache
def _value_codes() -> dict[str, ListedCode]:
    return {
        row.code: ListedCode(value_code.SYSTEM, row.code, row.name, row.valid, row.note or row.measure)
        for row in value_code.all_value_codes().values()
    }


@cache
def _bill_types() -> dict[str, ListedCode]:
    return _plain(type_of_bill.CLASSIFICATION_SYSTEM, type_of_bill.all_classifications().values())


@cache
def _types_of_bill() -> dict[str, ListedCode]:
    """Every classification with every frequency. That a payer takes a pair isn't said."""
    codes = (f"0{two}{last}" for two in type_of_bill.all_classifications() for last in type_of_bill.all_frequencies())
    made = (type_of_bill.type_of_bill(code) for code in codes)
    return {
        row.code: ListedCode(type_of_bill.SYSTEM, row.code, row.name, row.classification.valid, row.classification.note)
        for row in made
        if row is not None
    }


@cache
def _reasons() -> dict[str, ListedCode]:
    return {
        row.code: ListedCode("adjustment_reason", row.code, row.meaning, ALWAYS, row.handling)
        for row in carc.all_reasons().values()
    }


@cache
def _remarks() -> dict[str, ListedCode]:
    return {
        row.code: ListedCode("remark", row.code, row.meaning, ALWAYS, row.kind) for row in rarc.all_remarks().values()
    }


@cache
def _categories() -> dict[str, ListedCode]:
    return {
        row.code: ListedCode("claim_status_category", row.code, row.meaning, ALWAYS, row.kind)
        for row in claim_status.all_categories().values()
    }


@cache
def _statuses() -> dict[str, ListedCode]:
    return {
        row.code: ListedCode("claim_status", row.code, row.meaning, ALWAYS)
        for row in claim_status.all_statuses().values()
    }


@cache
def _places() -> dict[str, ListedCode]:
    return _plain("pos", place_of_service.all_places().values())


@cache
def _revenue_codes() -> dict[str, ListedCode]:
    return _plain(revenue_code.SYSTEM, revenue_code.all_revenue_codes().values())


@cache
def _discharges() -> dict[str, ListedCode]:
    return _plain(discharge_status.SYSTEM, discharge_status.all_statuses().values())


_LISTS = {
    each.system: each
    for each in (
        CodeList("adjustment_group", "Claim adjustment group", "X12 974", 2, claim_adjustment_group.all_groups),
        CodeList("adjustment_reason", "Claim adjustment reason (CARC)", "X12 139", 0, _reasons),
        CodeList("admission_type", "Type of admission", "NUBC", 1, admission_type.all_admission_types),
        CodeList("bill_type", "Facility and bill classification", "NUBC", 2, _bill_types),
        CodeList("claim_frequency", "Claim frequency", "NUBC", 1, type_of_bill.all_frequencies),
        CodeList("claim_status", "Claim status", "X12 508", 0, _statuses),
        CodeList("claim_status_category", "Claim status category", "X12 507", 0, _categories),
        CodeList("condition_code", "Condition code", "NUBC", 2, condition_code.all_condition_codes),
        CodeList("discharge_status", "Patient discharge status", "NUBC", 2, _discharges),
        CodeList("facility_type", "Type of facility", "NUBC", 1, type_of_bill.all_facilities),
        CodeList("modifier", "Procedure modifier", "CMS, AMA", 2, _modifiers),
        CodeList("newborn_origin", "Point of origin of a newborn", "NUBC", 1, point_of_origin.all_newborn_origins),
        CodeList("occurrence_code", "Occurrence code", "NUBC", 2, occurrence_code.all_occurrence_codes),
        CodeList("occurrence_span", "Occurrence span code", "NUBC", 2, occurrence_span_code.all_occurrence_spans),
        CodeList("poa_indicator", "Present on admission", "NUBC", 1, poa_indicator.all_indicators),
        CodeList("point_of_origin", "Point of origin", "NUBC", 1, point_of_origin.all_origins),
        CodeList("pos", "Place of service", "CMS", 2, _places),
        CodeList("remark", "Remittance advice remark (RARC)", "X12 411", 0, _remarks),
        CodeList("revenue", "Revenue code", "NUBC", 4, _revenue_codes),
        CodeList("type_of_bill", "Type of bill", "NUBC", 4, _types_of_bill),
        CodeList("value_code", "Value code", "NUBC", 2, _value_codes),
    )
}


def systems() -> tuple[CodeList, ...]:
    """The lists, by name."""
    return tuple(_LISTS.values())


def code_list(system: str) -> CodeList:
    """The list called `system`; "occurrence-span" will do for "occurrence_span". Raises UnknownList."""
    found = _LISTS.get(system.strip().lower().replace("-", "_"))
    if found is None:
        raise UnknownList(f"{system!r} is no code list. There are: {', '.join(_LISTS)}.")
    return found


def look_up(system: str, code: str, on: date | None = None) -> ListedCode | None:
    """The code of the list, or None when it has none such, or none on the day `on`. Raises UnknownList.

    Case doesn't matter, nor do the leading zeros that a list's digits have: 450 is revenue code 0450.
    """
    chosen = code_list(system)
    codes = chosen.codes()
    asked = code.strip().upper()
    found = codes.get(asked)
    if found is None and asked.isdecimal():
        found = codes.get(asked.zfill(chosen.width))
    return listed.valid_on(found, on)


def check(system: str) -> Callable[[str, date | None], bool | str]:
    """A check of exact codes: True for one that is on file and in use on the day (None: any day), else why not.

    Of the form that `superbill.x12.code_sets` takes for a `table`. Raises UnknownList.
    """
    chosen = code_list(system)
    title = chosen.title[:1].lower() + chosen.title[1:]

    def answer(code: str, on: date | None) -> bool | str:
        found = chosen.codes().get(code)
        if found is None:
            return f"{title} {code!r} is not on file"
        return on is None or on in found.valid or f"{title} {code!r} was not in use on {on}"

    return answer


def search(system: str, words: str, on: date | None = None) -> Iterator[ListedCode]:
    """The codes of the list in whose code, name or note every one of `words` begins a word. Raises UnknownList."""
    asked = words.lower().split()
    return (
        row
        for row in code_list(system).codes().values()
        if listed.valid_on(row, on) and all(any(word.startswith(part) for word in _words(row)) for part in asked)
    )


def _words(row: ListedCode) -> list[str]:
    text = f"{row.code} {row.name} {row.note}".lower()
    return "".join(char if char.isalnum() or char in "'." else " " for char in text).split()

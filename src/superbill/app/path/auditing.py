"""Audits of coding as commands work on them: with the code books, the practice's charges and a grouper at hand."""

from collections.abc import Iterable, Iterator
from datetime import date

from msgspec.structs import replace

from superbill.app.code_books import code_books
from superbill.app.coding.audit_queries import Item, pair
from superbill.app.path.coding import INPATIENT
from superbill.app.session import Session
from superbill.codesets.icd10cm.lookup import CodeBook, book
from superbill.codesets.icd10cm.schema import undotted
from superbill.codesets.msdrg.lookup import Grouper, Stay, group, grouper
from superbill.codesets.msdrg.stay import Diagnosis
from superbill.codesets.optional import NotInstalled
from superbill.coding.audit.comparing import Compared, compare
from superbill.coding.audit.model import Pair
from superbill.coding.checks import check
from superbill.coding.checks.model import Coded
from superbill.coding.deciding import Final, note_of

_PCS = 7


def book_on(day: date) -> CodeBook:
    """The code book of a day."""
    return book(code_books(), day)


def compared(session: Session, items: Iterable[Item]) -> Iterator[Compared]:
    """The closed visits among these, compared: with the findings of the coding checks, at the practice's charges."""
    for item in items:
        both = pair(item)
        if both is not None:
            yield compare(_with_findings(item, both), book_on(both.on), session.price)


def _with_findings(item: Item, both: Pair) -> Pair:
    patient, inpatient = item.chart.patient, item.encounter.class_code in INPATIENT
    found = check(
        Coded(
            diagnoses=both.first.diagnoses, on=both.on, born=patient.birth_date, note=note_of(item.encounter),
            setting="inpatient" if inpatient else "outpatient",
            procedures=tuple(service.code for service in both.first.services),
        ),
        code_books(),
    )  # fmt: skip
    return replace(both, findings=tuple(found), drgs=_groups(item, both) if inpatient else None)


def _groups(item: Item, both: Pair) -> tuple[str, str] | None:
    """The MS-DRG of the first coding and of the reference; None where no grouper is installed or no version fits."""
    try:
        by = grouper()
        return _group(item, both.first, by), _group(item, both.reference, by)
    except (NotInstalled, ValueError):
        return None


def _group(item: Item, codes: Final, by: Grouper) -> str:
    """As if all was present on admission and the patient went home: the chart says neither."""
    principal, *others = (Diagnosis(undotted(code)) for code in codes.diagnoses)
    patient, first_day = item.chart.patient, item.encounter.date_of_service
    stay = Stay(
        principal=principal, secondary=tuple(others), age=_age(patient.birth_date, first_day), sex=patient.sex,
        procedures=tuple(service.code for service in codes.services if len(service.code) == _PCS),
    )  # fmt: skip
    return group(stay, item.encounter.last_date_of_service, by).drg


def _age(born: date | None, day: date) -> int:
    if born is None:
        raise ValueError("a group depends on the age")
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))

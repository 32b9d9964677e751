"""What the Medicare Code Editor finds on an inpatient claim, told with the code that it is about.

CMS, Definitions of Medicare Code Edits; Claims Processing Manual ch. 3 §20.2.1. The editor is adopted
(codesets/msdrg/editor.py) and answers with names and counts; which code is meant is found by editing each alone. One
rule stands for each of its edits, so that each can be set aside by itself. Invalid codes, duplicates and external
causes as principal are the diagnosis family's, which every claim passes.
"""

from collections.abc import Iterator
from datetime import date
from functools import lru_cache, partial
from typing import NamedTuple

from superbill.claims.model import Claim
from superbill.codesets.msdrg.editor import SYSTEM as CODE_EDITOR
from superbill.codesets.msdrg.editor import Edited, editor
from superbill.codesets.msdrg.stay import Diagnosis, Stay
from superbill.edits.rule import ERROR, WARNING, Problem, rule
from superbill.findings import Place, header

_SOURCE = "CMS, Definitions of Medicare Code Edits; Claims Processing Manual ch. 3 §20.2.1"
_rule = partial(
    rule, source=_SOURCE, forms=("institutional",), when="institutional", payers=("medicare",), needs=CODE_EDITOR
)
_DIAGNOSES, _PROCEDURES = "diagnoses", "institutional.procedures"


class _Asked(NamedTuple):
    """A stay as the editor is asked, hashable, so that the rules of one claim ask once."""

    stay: Stay
    day: int
    admitting: str


@lru_cache(256)
def _edited(asked: _Asked) -> tuple[Edited, ...]:
    adopted = editor()
    return adopted.edit(asked.stay, date.fromordinal(asked.day), asked.admitting) if adopted is not None else ()


def _asked(claim: Claim) -> _Asked | None:
    """The claim as a stay; None where the editor can't be asked: no inpatient, no principal, no birth date or end."""
    detail, born = claim.institutional, claim.patient.birth_date
    last = claim.service.end
    if detail is None or not detail.inpatient or not claim.diagnoses or born is None or last is None:
        return None
    admitted = claim.admission or claim.service.start or last
    age = admitted.year - born.year - ((admitted.month, admitted.day) < (born.month, born.day))
    principal, *others = (Diagnosis(each.code) for each in claim.diagnoses)
    stay = Stay(
        principal=principal,
        secondary=tuple(others),
        procedures=tuple(each.code for each in detail.procedures),
        age=max(age, 0),
        sex=claim.patient.sex,
        discharge_status=detail.discharge_status if detail.discharge_status.isdecimal() else "01",
    )
    return _Asked(stay, last.toordinal(), detail.admitting_diagnosis)


def _found(claim: Claim, name: str) -> bool:
    asked = _asked(claim)
    return asked is not None and any(each.name == name for each in _edited(asked))


def _diagnoses(claim: Claim, name: str) -> list[str]:
    """The diagnoses that the edit is about: those of which it also speaks alone, as principal or behind one."""
    asked = _asked(claim)
    if asked is None or not _found(claim, name):
        return []
    codes = [each.code for each in claim.diagnoses]
    alone = [_with(asked, asked.stay.principal, (Diagnosis(code),)) for code in codes[1:]]
    first = _with(asked, asked.stay.principal, ())
    if any(each.name == name for each in _edited(first)):
        return codes[:1]
    speaking = [code for code, one in zip(codes[1:], alone, strict=True) if any(e.name == name for e in _edited(one))]
    return speaking or codes[:1]


def _procedures(claim: Claim, name: str) -> list[str]:
    """The procedures that the edit is about."""
    asked = _asked(claim)
    if asked is None or not _found(claim, name):
        return []
    stay = asked.stay
    speaking = []
    for code in stay.procedures:
        one = Stay(
            principal=stay.principal, secondary=stay.secondary, procedures=(code,), age=stay.age, sex=stay.sex,
            discharge_status=stay.discharge_status,
        )  # fmt: skip
        if any(each.name == name for each in _edited(_Asked(one, asked.day, asked.admitting))):
            speaking.append(code)
    return speaking or list(stay.procedures[:1])


def _with(asked: _Asked, principal: Diagnosis, secondary: tuple[Diagnosis, ...]) -> _Asked:
    stay = Stay(
        principal=principal, secondary=secondary, age=asked.stay.age, sex=asked.stay.sex,
        discharge_status=asked.stay.discharge_status,
    )  # fmt: skip
    return _Asked(stay, asked.day, "")


def _problems(codes: list[str], field: str, what: str, fix: str) -> Iterator[Problem]:
    where: Place = header(field)
    for code in codes:
        yield Problem(where, f"{code} {what}.", fix)


@_rule("mce.age", WARNING)
def age(claim: Claim) -> Iterator[Problem]:
    """A diagnosis fits the patient's age: perinatal, pediatric, maternity or adult, as the editor's lists have it."""
    codes = _diagnoses(claim, "AGE_CONFLICT")
    yield from _problems(codes, _DIAGNOSES, "is not for a patient of this age", "Check the birth date and the code.")


@_rule("mce.manifestation", ERROR)
def manifestation(claim: Claim) -> Iterator[Problem]:
    """A manifestation is no principal diagnosis: the disease behind it comes first."""
    if _found(claim, "MANIFESTATION_AS_PDX"):
        what = "is a manifestation and stands as principal diagnosis"
        yield from _problems([claim.diagnoses[0].code], _DIAGNOSES, what, "Sequence the underlying disease first.")


@_rule("mce.unacceptable", ERROR)
def unacceptable(claim: Claim) -> Iterator[Problem]:
    """The principal diagnosis is a current illness or injury, not a circumstance that influences health."""
    if _found(claim, "UNACCEPTABLE_PDX") or _found(claim, "REQUIRES_SDX"):
        what = "can't be the principal diagnosis of an inpatient, or not without the diagnosis behind it"
        fix = "Sequence the condition that was the reason for admission first."
        yield from _problems([claim.diagnoses[0].code], _DIAGNOSES, what, fix)


@_rule("mce.questionable", WARNING)
def questionable(claim: Claim) -> Iterator[Problem]:
    """The principal diagnosis is one for which patients are usually admitted."""
    if _found(claim, "QUESTIONABLE_ADMISSION"):
        what = "is usually no reason for admission"
        fix = "See that the record shows why the patient was admitted, or bill observation as outpatient."
        yield from _problems([claim.diagnoses[0].code], _DIAGNOSES, what, fix)


@_rule("mce.unspecified", WARNING, since=date(2022, 4, 1))
def unspecified(claim: Claim) -> Iterator[Problem]:
    """A diagnosis says the side, where codes of either side exist and the code of no side is a CC or MCC.

    The editor has had this edit since April 2022 (FY2022 IPPS final rule, unspecified code edit).
    """
    codes = _diagnoses(claim, "UNSPECIFIED")
    fix = "Code the side from the record, or ask; or tell in a remark that it can't be known (UB-04 FL 80)."
    yield from _problems(codes, _DIAGNOSES, "does not say the side", fix)


@_rule("mce.not-covered", ERROR)
def not_covered(claim: Claim) -> Iterator[Problem]:
    """A procedure is one that Medicare covers."""
    codes = _procedures(claim, "NON_COVERED")
    fix = "Bill the stay without it, as non-covered with the proper occurrence span, or to the patient with notice."
    yield from _problems(codes, _PROCEDURES, "is not covered by Medicare", fix)


@_rule("mce.limited", WARNING)
def limited(claim: Claim) -> Iterator[Problem]:
    """A procedure of limited coverage is done where and for what Medicare covers it."""
    codes = _procedures(claim, "LIMITED_COVERAGE")
    fix = "See the national coverage determination; give trial or approval numbers where it asks for them."
    yield from _problems(codes, _PROCEDURES, "is covered in limits only", fix)


@_rule("mce.obstetric", WARNING)
def obstetric(claim: Claim) -> Iterator[Problem]:
    """A delivery by procedure has a diagnosis that says that there was one."""
    codes = _procedures(claim, "QUESTIONABLE_OBSTETRIC_ADMISSION")
    fix = "Add the outcome of delivery (Z37) and the reason for the procedure."
    yield from _problems(codes, _PROCEDURES, "is a delivery, and no diagnosis is", fix)


@_rule("mce.length-of-stay", ERROR)
def length_of_stay(claim: Claim) -> Iterator[Problem]:
    """A procedure that takes more than four days of ventilation is not on a shorter stay."""
    detail, period = claim.institutional, claim.service
    if detail is None or period.start is None or period.end is None:
        return
    days = (period.end - (claim.admission or period.start)).days
    ventilated = [each.code for each in detail.procedures if each.code == "5A1955Z"]
    if days < 4 and ventilated:
        what = f"is ventilation of more than 96 hours on a stay of {days} days"
        yield from _problems(ventilated, _PROCEDURES, what, "Count the hours again: 5A1945Z is 24 to 96 hours.")

"""What two charts of one person say together, and the chart that stays as it was before."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import Model
from msgspec import Struct
from msgspec.structs import replace

from superbill.app.accounts.actors import Scope
from superbill.app.documents import decoded
from superbill.app.eligibility.models import CoverageCheck
from superbill.app.guarantors.storing import derive_guarantors
from superbill.app.patients.keys import forget_keys, index_patients
from superbill.app.patients.models import CardImage, PatientRow, PatientVersion
from superbill.app.patients.versions import Revision, revise
from superbill.app.rows import found
from superbill.app.work import Work
from superbill.chart.model import Chart, CoverageRecord

_BY_COVERAGE: Mapping[str, type[Model]] = {"card pictures": CardImage, "coverage checks": CoverageCheck}
_BLANK: Mapping[str, Any] = {
    "birth_date": None, "sex": "U", "address": None, "phone": "", "medical_record_number": "", "deceased": None,
}  # fmt: skip
Pointed = dict[str, dict[int, str]]  # by the word of their table: row ids and the coverage that they pointed to


class Added(Struct, frozen=True, kw_only=True):
    """What the record that stays got of the other: coverages (ids) and facts."""

    coverages: tuple[str, ...] = ()
    filled: tuple[str, ...] = ()


class Joined(Struct, frozen=True, kw_only=True):
    """The chart that stays with what the other adds, and what each coverage of the other is called now."""

    chart: Chart
    added: Added
    ids: dict[str, str]


class Revised(Struct, frozen=True, kw_only=True):
    """What the merge made of the chart that stays: the number of its version (0: left as it was), and whether it was
    as imported before."""

    version: int = 0
    as_imported: bool = False


def joined(one: Chart, other: Chart, gone: int) -> Joined:
    """`one` stays and learns from `other`, the chart of record `gone`."""
    known = {(each.payer.casefold(), each.member_id): each.id for each in one.coverages}
    ids: dict[str, str] = {}
    added: list[CoverageRecord] = []
    for each in other.coverages:
        same = known.get((each.payer.casefold(), each.member_id))
        ids[each.id] = same or f"merged-{gone}-{each.id}"
        if same is None:
            order = len(one.coverages) + len(added) + 1
            added.append(replace(each, id=ids[each.id], order=order))
    empty = (None, "", "U")
    filled = tuple(
        name for name in _BLANK if getattr(one.patient, name) in empty and getattr(other.patient, name) not in empty
    )
    patient = replace(one.patient, **{name: getattr(other.patient, name) for name in filled})
    chart = replace(one, patient=patient, coverages=(*one.coverages, *added))
    got = Added(coverages=tuple(each.id for each in added), filled=filled)
    return Joined(chart=chart, added=got, ids=ids)


def store_joined(work: Work, kept: int, gone: int, told: Joined) -> Revised:
    """The record that stays as it is from now on; the other is found no more, and points to it."""
    work.scope.rows(PatientRow).filter(pk=gone).update(merged_into_id=kept)
    done = _revise(work, kept, told.chart, f"merged with record {gone}")
    forget_keys(work, [gone])
    index_patients(work, {kept: told.chart})
    derive_guarantors(work, {kept: told.chart})
    return done


def point_to(work: Work, moved: Mapping[str, Iterable[int]], ids: Mapping[str, str]) -> Pointed:
    """Pictures and checks that moved (row ids, by their word) point to the coverages as they are called now."""
    pointed: Pointed = {}
    for word, model in _BY_COVERAGE.items():
        for row_id, coverage in found(work.scope, model, "id", moved.get(word, ()), "id", "coverage"):
            if coverage in ids:
                pointed.setdefault(word, {})[row_id] = coverage
                work.scope.rows(model).filter(pk=row_id).update(coverage=ids[coverage])
    return pointed


def point_back(work: Work, pointed: Pointed) -> None:
    """They point to the coverages as they were called before."""
    for word, rows in pointed.items():
        for row_id, coverage in rows.items():
            work.scope.rows(_BY_COVERAGE[word]).filter(pk=row_id).update(coverage=coverage)


def store_parted(work: Work, kept: int, gone: int, told: Added, done: Revised) -> None:
    """The records as they were; where somebody changed the one that stayed since, only what came with the merge
    leaves it."""
    rows = {row.pk: row for row in work.scope.rows(PatientRow).filter(pk__in=(kept, gone))}
    now, other = (decoded(rows[one].doc, Chart, f"patient {one}") for one in (kept, gone))
    untouched = done.version and rows[kept].version == done.version
    chart = _before(work.scope, kept, done.version) if untouched else _without(now, other, told)
    work.scope.rows(PatientRow).filter(pk=gone).update(merged_into_id=None)
    _revise(work, kept, chart, f"taken apart from record {gone}")
    if untouched and done.as_imported:
        work.scope.rows(PatientRow).filter(pk=kept).update(imported="")
    index_patients(work, {kept: chart, gone: other})
    derive_guarantors(work, {kept: chart, gone: other})


def _before(scope: Scope, patient: int, version: int) -> Chart:
    doc = scope.rows(PatientVersion).get(patient_id=patient, number=version - 1).doc
    return decoded(doc, Chart, f"patient {patient}")


def _without(chart: Chart, other: Chart, told: Added) -> Chart:
    blank = {name: _BLANK[name] for name in told.filled if getattr(chart.patient, name) == getattr(other.patient, name)}
    coverages = chart.coverages
    if told.coverages:
        left = sorted((one for one in coverages if one.id not in told.coverages), key=lambda one: one.order)
        coverages = tuple(replace(one, order=place) for place, one in enumerate(left, 1))
    return replace(chart, patient=replace(chart.patient, **blank), coverages=coverages)


def _revise(work: Work, patient: int, chart: Chart, why: str) -> Revised:
    row = work.scope.rows(PatientRow).get(pk=patient)
    if decoded(row.doc, Chart, f"patient {patient}") == chart:
        return Revised()
    was = (row.version, row.doc, row.changed_by, row.changed_at, row.changed_why)
    revise(work, [Revision(patient, was, chart, imported=row.imported or row.doc)], why=why)
    return Revised(version=row.version + 1, as_imported=not row.imported)

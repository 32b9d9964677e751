"""Guarantors derived from charts, inside the import's action: once each, and only what changed."""

from collections.abc import Iterable, Mapping
from datetime import date

from msgspec import Struct
from msgspec.structs import replace

from superbill.app.documents import encoded
from superbill.app.guarantors.deriving import Guaranteed, Party, Term, identity, same_person, terms
from superbill.app.guarantors.models import Guarantee, Guarantor
from superbill.app.guarantors.queries import stored_terms
from superbill.app.patients.models import PatientRow
from superbill.app.rows import chunks, found, insert, update
from superbill.app.work import Work
from superbill.chart.model import Chart


class _Who(Struct, frozen=True):
    """A party of a chart under the key that makes them one person; `patient` (row id) is who they are here, if any."""

    party: Party
    key: str
    patient: int | None = None


def derive_guarantors(work: Work, charts: Mapping[int, Chart]) -> int:
    """Store who pays for these patients (row id → chart), where it is not as it was; for how many it changed.

    A change of the chart counts from the day of the action on: what was done before stays with who was asked for it.
    """
    today = work.at.date()
    wanted = {patient: terms(chart, today) for patient, chart in charts.items()}
    people = _people(work, wanted)
    ids = _stored_guarantors(work, people)
    there = stored_terms(work.scope, charts)
    added: list[tuple[object, ...]] = []
    ended: list[tuple[object, ...]] = []
    changed = 0
    for patient, those in wanted.items():
        now = [one for one in there.get(patient, ()) if not one.decided]
        new = [
            Guaranteed(guarantor=ids[people[patient, one.party].key], basis=one.basis, since=one.since, until=one.until)
            for one in those
        ]
        if now:
            if _from(today, now) == _from(today, new):
                continue
            new = _from(today, new)
            ended += [_ending(one, today, work) for one in now if one.until is None or one.until > today]
        changed += 1
        added += [
            (work.practice_id, patient, one.guarantor, one.basis, one.since, one.until, work.actor.name, work.at)
            for one in new
        ]
    update(Guarantee, ("until", "replaced"), ended)
    columns = ("practice_id", "patient_id", "guarantor_id", "basis", "since", "until", "actor", "at")
    insert(Guarantee, columns, added)
    return changed


def _from(day: date, stored: Iterable[Guaranteed]) -> list[Guaranteed]:
    """What the terms say of `day` and later."""
    return sorted(
        (
            replace(one, id=0, since=day if one.since is None or one.since < day else one.since)
            for one in stored
            if one.until is None or one.until > day
        ),
        key=lambda one: one.since or date.min,
    )


def _ending(one: Guaranteed, today: date, work: Work) -> tuple[object, ...]:
    """(until, replaced, id) of a term that another takes the place of: it ends today, or never was."""
    begun = one.since is None or one.since < today
    return (today, None, one.id) if begun else (one.until, work.at, one.id)


def _people(work: Work, wanted: Mapping[int, tuple[Term, ...]]) -> dict[tuple[int, Party], _Who]:
    """Who each party of each chart is: the patient, somebody who is a patient here too, or another."""
    persons = [one.party for those in wanted.values() for one in those if one.party.kind == "person"]
    by_birth: dict[date, list[tuple[int, str, str]]] = {}
    for some in chunks(sorted({one.birth_date for one in persons if one.birth_date})):
        rows = work.scope.rows(PatientRow).filter(birth_date__in=some)
        columns = ("id", "merged_into_id", "family", "given", "birth_date")
        for row_id, now, family, given, born in rows.values_list(*columns):
            if born is not None:  # papers go on naming them as the record did that was merged
                by_birth.setdefault(born, []).append((now or row_id, family, given))
    known: dict[tuple[int, Party], _Who] = {}
    for patient, those in wanted.items():
        for term in those:
            party = term.party
            if party.kind == "patient":
                known[patient, party] = _Who(party, f"patient:{patient}", patient)
            elif party.kind == "guardian":  # one for each child: no paper says that two children share them
                known[patient, party] = _Who(party, f"guardian:{patient}")
            else:
                there = by_birth.get(party.birth_date, []) if party.birth_date else []
                same = list({row_id for row_id, family, given in there if same_person(party.name, family, given)})
                if len(same) == 1 and same[0] != patient:
                    known[patient, party] = _Who(party, f"patient:{same[0]}", same[0])
                else:
                    known[patient, party] = _Who(party, identity(party))
    return known


def _stored_guarantors(work: Work, people: Mapping[tuple[int, Party], _Who]) -> dict[str, int]:
    """Row ids by key; makes those that are not there, and brings the papers of the others up to date."""
    who: dict[str, _Who] = {}
    for one in people.values():  # a patient's own chart tells more of them than their child's
        if one.key not in who or one.party.kind == "patient":
            who[one.key] = one
    patients = {one.patient for one in who.values() if one.patient}
    columns = ("id", "identity", "patient_id", "doc")
    ids: dict[str, int] = {}
    docs: dict[int, str] = {}
    for row_id, _, patient, doc in found(work.scope, Guarantor, "patient_id", patients, *columns):
        ids[f"patient:{patient}"], docs[row_id] = row_id, doc
    adopted = _adopted(work, [one for key, one in who.items() if one.patient and key not in ids])
    ids |= adopted
    named = [key for key in who if key not in ids and not who[key].patient]
    for row_id, key, _, doc in found(work.scope, Guarantor, "identity", named, *columns):
        ids[key], docs[row_id] = row_id, doc
    new = {key: one for key, one in who.items() if key not in ids}
    insert(
        Guarantor,
        ("practice_id", "identity", "patient_id", "family", "given", "doc"),
        [(work.practice_id, key, one.patient, *_name(one.party), encoded(one.party)) for key, one in new.items()],
    )
    ids |= {key: row_id for row_id, key in found(work.scope, Guarantor, "identity", new, "id", "identity")}
    fresh = {ids[key]: one.party for key, one in who.items() if key not in new}
    changed = {row_id: party for row_id, party in fresh.items() if _newer(docs.get(row_id, ""), party)}
    rows = [(*_name(party), encoded(party), row_id) for row_id, party in changed.items()]
    update(Guarantor, ("family", "given", "doc"), rows)
    return ids


def _newer(stored: str, party: Party) -> bool:
    """Whether a chart tells something new: a child's papers never take the place of a patient's own."""
    return stored != encoded(party) and not (party.kind == "person" and '"kind":"patient"' in stored)


def _adopted(work: Work, whos: list[_Who]) -> dict[str, int]:
    """Patients who were known as somebody's guarantor before they became patients: that guarantor is theirs."""
    own = {identity(one.party): one for one in whos if one.party.birth_date}
    ids: dict[str, int] = {}
    rows = []
    for row_id, text, patient in found(work.scope, Guarantor, "identity", own, "id", "identity", "patient_id"):
        if patient is None and own[text].key not in ids:
            ids[own[text].key] = row_id
            rows.append((own[text].patient, row_id))
    update(Guarantor, ("patient_id",), rows)
    return ids


def _name(party: Party) -> tuple[str, str]:
    return party.name.family[:120], " ".join(party.name.given)[:120]

"""From resources to charts: whose each one is, and to which visit it belongs."""

import contextlib
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import msgspec
from msgspec import structs

from superbill.chart import dates
from superbill.chart.fhir import clinical, insurance, notes
from superbill.chart.fhir.context import Context, first_code
from superbill.chart.fhir.decode import Item
from superbill.chart.fhir.elements import Reference
from superbill.chart.fhir.encounters import Contents, encounter_record
from superbill.chart.fhir.people import patient_record
from superbill.chart.fhir.references import Index, key_of
from superbill.chart.fhir.resources import (
    REFERENCE_TYPES,
    Claim,
    Clinical,
    Condition,
    Coverage,
    DocumentReference,
    Encounter,
    Immunization,
    MedicationRequest,
    Observation,
    Owned,
    Patient,
    Procedure,
    Resource,
)
from superbill.chart.model import Chart, ConditionRecord, CoverageRecord, EncounterRecord
from superbill.chart.report import ReadReport
from superbill.findings import Finding

Mine = dict[str, list[Item]]

_INDEXED = frozenset({"Patient", "RelatedPerson", "Coverage", "Encounter", "Condition"})
# Which of several ranks of one condition in Encounter.diagnosis counts: by its use (FHIR diagnosis-role).
_USES = {"billing": 0, "DD": 1, "pre-op": 3, "post-op": 3, "AD": 2, "CC": 4, "CM": 4}


class Gathering:
    """Resources that are read together: of one bundle, or of all ndjson files.

    With `in_order_of_id` the order in which resources came does not matter: ndjson has no order to mean.
    """

    def __init__(self, shared: Index, report: ReadReport, *, in_order_of_id: bool = False) -> None:
        self._shared = shared
        self._report = report
        self._in_order_of_id = in_order_of_id
        self._items: dict[str, dict[str, Item]] = defaultdict(dict)
        self._doubts: list[Finding] = []

    def add(self, item: Item) -> None:
        """Take one resource in. Of two with the same type and id the one last updated stays."""
        known = self._items[item.kind].setdefault(item.id, item)
        if known is item:
            return
        old, new = msgspec.json.encode(known.resource), msgspec.json.encode(item.resource)
        if old == new:
            self._report.skipped[f"{item.kind} repeated"] += 1
            return
        self._report.add(
            "chart.resource-again", item.place, f"{item.kind} {item.id} comes twice, with different contents."
        )
        if (item.resource.meta.last_updated, new) > (known.resource.meta.last_updated, old):
            self._items[item.kind][item.id] = item

    @property
    def kinds(self) -> set[str]:
        """The types of resources that were taken in."""
        return {kind for kind, items in self._items.items() if items}

    def share(self) -> None:
        """Put the people and places into the index that serves all files."""
        for kind in REFERENCE_TYPES & self.kinds:
            for item in self._sorted(self._items.pop(kind)):
                self._shared.add(item)

    def charts(self, make_context: Callable[[Index], Context]) -> Iterator[Chart]:
        """One chart per patient. What was gathered is used up on the way."""
        index = Index(self._shared)
        for kind in (_INDEXED | REFERENCE_TYPES) & self.kinds:
            for item in self._sorted(self._items[kind]):
                index.add(item)
        context = make_context(index)
        patients = self._sorted(self._items.pop("Patient", {}))
        owned = self._by_patient(context)
        # Somebody else's coverage in a patient's own bundle: whose it should be, a person must say before we bill.
        doubts = () if self._in_order_of_id else tuple(self._doubts)
        for item in patients:
            chart = _chart(item, owned.pop(item.id, {}), context)
            yield structs.replace(chart, findings=doubts) if doubts else chart

    def _sorted(self, items: dict[str, Item]) -> list[Item]:
        return [items[id_] for id_ in sorted(items)] if self._in_order_of_id else list(items.values())

    def _by_patient(self, context: Context) -> dict[str, Mine]:
        """All resources of patients, by patient id and type; those of unknown patients are reported."""
        owned: dict[str, Mine] = defaultdict(lambda: defaultdict(list))
        owners: dict[str, str | None] = {}
        strangers: dict[tuple[str, str, str], list[Item]] = defaultdict(list)
        for kind in sorted(self.kinds - REFERENCE_TYPES - {"RelatedPerson"}):
            for item in self._sorted(self._items.pop(kind)):
                key = _owner_key(item.resource)
                if key not in owners:
                    owners[key] = _owner(key, context.index)
                owner = owners[key]
                if owner is not None:
                    owned[owner][kind].append(item)
                else:
                    strangers[item.source.file, kind, key].append(item)
        for (_, kind, key), items in strangers.items():
            rule = "chart.other-patients-coverage" if kind == "Coverage" else "chart.unknown-patient"
            whom = f"for {key!r}, who is not there" if key else "for no patient"
            finding = context.report.add(rule, items[0].place, f"{len(items)} {kind} {whom}: left out.")
            if kind == "Coverage":
                self._doubts.append(finding)
            context.report.skipped[f"{kind} of an unknown patient"] += len(items)
        return owned


def visit_of(resource: Resource) -> Reference:
    """The reference to the visit that a resource belongs to; empty where it names none."""
    if isinstance(resource, Clinical):
        return resource.encounter
    return resource.encounter if isinstance(resource, DocumentReference) else Reference()


def _owner_key(resource: Resource) -> str:
    """What names the patient; where the resource doesn't say, its visit."""
    subject = key_of(resource.subject) if isinstance(resource, Owned) else ""
    return subject or key_of(visit_of(resource))


def _owner(key: str, index: Index) -> str | None:
    """The id of the patient that `key` names, directly or through an encounter."""
    found = index.named(key, ("Patient", "Encounter")) if key else None
    if found is None or found.kind == "Patient":
        return found.id if found else None
    assert isinstance(found.resource, Encounter)
    patient = index.named(key_of(found.resource.subject), ("Patient",))
    return patient.id if patient else None


class _Visits:
    """The visits of one patient, and what is found to belong to each."""

    def __init__(self, items: list[Item], context: Context) -> None:
        self.contents: dict[str, Contents] = {}
        self._items = {}
        self._context = context
        self._days: dict[date, list[str]] = defaultdict(list)
        self._keys: dict[str, str | None] = {}
        self._strangers: Counter[tuple[str, str]] = Counter()
        for item in items:
            self._items[item.id] = item
            self.contents[item.id] = Contents()
            with contextlib.suppress(ValueError):
                self._days[dates.parse_day(_encounter(item).period.start)].append(item.id)

    def of(self, item: Item, day: date | None = None) -> Contents | None:
        """Where `item` belongs: the visit that it names; if it names none, the only visit of `day`."""
        key = key_of(visit_of(item.resource))
        if key:
            return self.named(key, item)
        that_day = self._days.get(day, []) if day else []
        if len(that_day) == 1:
            self._context.report.linked_by_day[item.kind] += 1
            return self.contents[that_day[0]]
        return None

    def named(self, key: str, item: Item) -> Contents | None:
        """The visit that `key` names; a finding, one per key and type, when it is none of this patient's."""
        if key not in self._keys:
            found = self._context.index.named(key, ("Encounter",))
            self._keys[key] = found.id if found and found.id in self.contents else None
        visit = self._keys[key]
        if visit is not None:
            return self.contents[visit]
        if not self._strangers[key, item.kind]:
            self._context.report.add(
                "chart.unknown-encounter", item.place, f"{item.kind} of encounter {key!r}, which this patient has not."
            )
        self._strangers[key, item.kind] += 1
        return None

    def records(self) -> tuple[EncounterRecord, ...]:
        """The visits in order of their start."""
        made = (
            encounter_record(item, _encounter(item), self.contents[id_], self._context)
            for id_, item in self._items.items()
        )
        return tuple(sorted((one for one in made if one is not None), key=lambda one: (one.start, one.id)))


def _encounter(item: Item) -> Encounter:
    assert isinstance(item.resource, Encounter)
    return item.resource


def _chart(item: Item, mine: Mine, context: Context) -> Chart:
    assert isinstance(item.resource, Patient)
    visits = _Visits(_in_force(mine.get("Encounter", []), context), context)
    problems = _conditions(mine, visits, context)
    for kind, place in _PLACES.items():
        for one in _in_force(mine.get(kind, []), context):
            place(one, visits, context)
    _payer_hints(mine, visits, context)
    found = (
        insurance.coverage_record(one, one.resource, context)
        for one in mine.get("Coverage", [])
        if isinstance(one.resource, Coverage)
    )
    return Chart(
        patient=patient_record(item, item.resource, context),
        coverages=tuple(sorted((one for one in found if one is not None), key=_coverage_order)),
        encounters=visits.records(),
        problems=tuple(problems),
    )


def _coverage_order(coverage: CoverageRecord) -> tuple[int, date]:
    return coverage.order, coverage.period.start or date.min


def _in_force(items: list[Item], context: Context) -> list[Item]:
    """Without those that were entered in error, which are counted."""
    kept = []
    for item in items:
        if getattr(item.resource, "status", "") == "entered-in-error":
            context.report.skipped[f"{item.kind} entered-in-error"] += 1
        else:
            kept.append(item)
    return kept


def _conditions(mine: Mine, visits: _Visits, context: Context) -> list[ConditionRecord]:
    """All problems of the patient; on the way each goes to its visit, and to those that list it as a diagnosis."""
    ranks = _diagnosis_ranks(mine.get("Encounter", []), context)
    problems = []
    for item in mine.get("Condition", []):
        condition = item.resource
        assert isinstance(condition, Condition)
        record = clinical.condition_record(item, condition, context)
        if record.verification == "entered-in-error":
            context.report.skipped["Condition entered-in-error"] += 1
            continue
        problems.append(record)
        listed = ranks.get(item.id, {})
        for visit, rank in listed.items():
            if visit in visits.contents:
                ranked = structs.replace(record, rank=rank) if rank is not None else record
                visits.contents[visit].conditions.append(ranked)
        key = key_of(visit_of(condition))
        own = visits.named(key, item) if key else None
        if own is not None and all(own is not visits.contents.get(visit) for visit in listed):
            own.conditions.append(record)
    return problems


def _diagnosis_ranks(encounters: list[Item], context: Context) -> dict[str, dict[str, int | None]]:
    """Condition id → visit id → rank, from Encounter.diagnosis; of several uses the one nearest to billing."""
    ranks: dict[str, dict[str, int | None]] = defaultdict(dict)
    for item in encounters:
        listed = sorted(
            _encounter(item).diagnosis, key=lambda one: (one.rank is None, _USES.get(first_code(one.use), 3))
        )
        for diagnosis in listed:
            found = context.index.find(diagnosis.condition, Condition)
            if found:
                ranks[found[0]].setdefault(item.id, diagnosis.rank)
    return ranks


def _place_procedure(item: Item, visits: _Visits, context: Context) -> None:
    assert isinstance(item.resource, Procedure)
    record = clinical.procedure_record(item, item.resource, context)
    _append(visits.of(item, record.performed), "procedures", [record], item, context)


def _place_immunization(item: Item, visits: _Visits, context: Context) -> None:
    assert isinstance(item.resource, Immunization)
    record = clinical.immunization_record(item, item.resource, context)
    _append(visits.of(item, record.given), "immunizations", [record], item, context)


def _place_observation(item: Item, visits: _Visits, context: Context) -> None:
    assert isinstance(item.resource, Observation)
    records = list(clinical.observation_records(item, item.resource, context))
    _append(visits.of(item, records[0].observed), "observations", records, item, context)


def _place_medication(item: Item, visits: _Visits, context: Context) -> None:
    assert isinstance(item.resource, MedicationRequest)
    record = clinical.medication_record(item, item.resource, context)
    _append(visits.of(item, record.authored), "medications", [record], item, context)


def _place_note(item: Item, visits: _Visits, context: Context) -> None:
    assert isinstance(item.resource, DocumentReference)
    note = notes.note_of(item, item.resource, context)
    if note is not None:
        _append(visits.of(item, note.written), "notes", [note], item, context)


_PLACES = {
    "Procedure": _place_procedure,
    "Immunization": _place_immunization,
    "Observation": _place_observation,
    "MedicationRequest": _place_medication,
    "DocumentReference": _place_note,
}


def _append(contents: Contents | None, where: str, records: list[Any], item: Item, context: Context) -> None:
    """Put records into a visit; without one they are left out and counted."""
    if contents is None:
        context.report.skipped[f"{item.kind} of no visit"] += 1
    else:
        getattr(contents, where).extend(records)


def _payer_hints(mine: Mine, visits: _Visits, context: Context) -> None:
    """The payer of each visit as an ExplanationOfBenefit names it, else as a Claim does."""
    for kind in ("ExplanationOfBenefit", "Claim"):
        for item in mine.get(kind, []):
            assert isinstance(item.resource, Claim)
            if item.resource.status in ("cancelled", "draft", "entered-in-error"):
                context.report.skipped[f"{kind} {item.resource.status}"] += 1
                continue
            keys = {key_of(one): None for part in item.resource.item for one in part.encounter}
            billed = [contents for key in keys if key and (contents := visits.named(key, item))]
            if any(not contents.payer_hint for contents in billed):
                hint = insurance.payer_hint(item.resource, context)
                for contents in billed:
                    contents.payer_hint = contents.payer_hint or hint

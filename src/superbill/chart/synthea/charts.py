"""Charts from Synthea's CSV tables.

payer_transitions say who insured a patient over time. A transition's last day is the day before its end, because
the next one starts on that same moment. NO_INSURANCE makes no coverage; "Dual Eligible" makes two, Medicare before
Medicaid; a SECONDARY_PAYER makes a second one. Synthea draws one member id per transition, so both carry it.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import TypeVar

from superbill.chart import dates, normal
from superbill.chart.model import (
    CVX,
    LOINC,
    RXNORM,
    SNOMED,
    Chart,
    Coding,
    Concept,
    ConditionRecord,
    CoverageRecord,
    EncounterRecord,
    ImmunizationRecord,
    MedicationRecord,
    ObservationRecord,
    PatientRecord,
    PersonName,
    PostalAddress,
    ProcedureRecord,
    ProviderRecord,
    Relationship,
    Source,
    SubscriberRecord,
)
from superbill.chart.report import ReadReport
from superbill.chart.streams import Limits, SourceFile
from superbill.chart.synthea.tables import READ, Row, rows
from superbill.effective import Period
from superbill.findings import Place

T = TypeVar("T")
Rows = dict[str, list[tuple[Source, Row]]]

_CLASSES = {
    "ambulatory": "AMB", "outpatient": "AMB", "urgentcare": "AMB", "wellness": "WELLNESS", "emergency": "EMER",
    "inpatient": "IMP", "snf": "IMP", "hospice": "HH", "home": "HH", "virtual": "VR",
}  # fmt: skip
_OWNERS: dict[str, Relationship] = {"guardian": "child", "spouse": "spouse"}
_NO_INSURANCE = "NO_INSURANCE"
_DUAL = ("Dual Eligible", ("Medicare", "Medicaid"))


def read_tables(files: Mapping[str, SourceFile], report: ReadReport, limits: Limits) -> Iterator[Chart]:
    """One chart per row of patients, in order. All tables are held in memory."""
    for needed in ("patients", "encounters"):
        if needed not in files:
            named = ", ".join(sorted(file.name for file in files.values()))
            report.add(
                "chart.missing-table", Place(file=f"{needed}.csv"), f"There is no {needed} table beside {named}."
            )
    plain = {name: _by_id(name, files, report, limits) for name in ("payers", "organizations", "providers")}
    owned: dict[str, Rows] = defaultdict(lambda: defaultdict(list))
    people: list[tuple[Source, Row]] = []
    for name in READ[3:]:
        if name not in files:
            continue
        for number, row in rows(name, files[name], report, limits):
            source = Source(files[name].name, number)
            if name == "patients":
                people.append((source, row))
            else:
                owned[row["PATIENT"]][name].append((source, row))
    for source, row in people:
        yield _Patient(row, source, owned.pop(row["Id"], {}), plain, report).chart()
    for patient, left in owned.items():
        for name, found in left.items():
            where = Place(file=found[0][0].file, position=found[0][0].position, field=name)
            report.add(
                "chart.unknown-patient", where, f"{len(found)} rows for {patient!r}, who is not there: left out."
            )
            report.skipped[f"{name} of an unknown patient"] += len(found)


def _by_id(name: str, files: Mapping[str, SourceFile], report: ReadReport, limits: Limits) -> dict[str, Row]:
    return {row["Id"]: row for _, row in rows(name, files[name], report, limits)} if name in files else {}


class _Patient:
    """One patient's rows on their way to a chart."""

    def __init__(
        self, row: Row, source: Source, mine: Rows, plain: dict[str, dict[str, Row]], report: ReadReport
    ) -> None:
        self._row = row
        self._source = source
        self._mine = mine
        self._plain = plain
        self._report = report
        self._visits: dict[str, Rows] = {}

    def chart(self) -> Chart:
        self._visits = {row["Id"]: defaultdict(list) for _, row in self._mine.get("encounters", [])}
        for name in ("conditions", "procedures", "immunizations", "observations", "medications"):
            for source, row in self._mine.get(name, []):
                self._place(name, source, row)
        made = (self._encounter(source, row) for source, row in self._mine.get("encounters", []))
        encounters = sorted((one for one in made if one is not None), key=lambda one: (one.start, one.id))
        return Chart(
            patient=self._patient(),
            coverages=tuple(self._coverages()),
            encounters=tuple(encounters),
            problems=tuple(problem for encounter in encounters for problem in encounter.conditions),
        )

    def _place(self, name: str, source: Source, row: Row) -> None:
        visit = self._visits.get(row["ENCOUNTER"])
        if visit is not None:
            visit[name].append((source, row))
            return
        self._report.skipped[f"{name} of no visit"] += 1
        if row["ENCOUNTER"]:
            place = Place(file=source.file, position=source.position, field=name)
            words = f"Encounter {row['ENCOUNTER']!r} is not one of this patient's."
            self._report.add("chart.unknown-encounter", place, words)

    def _day(self, text: str, source: Source, field: str) -> date | None:
        return self._read(dates.parse_day, text, source, field)

    def _moment(self, text: str, source: Source, field: str) -> datetime | None:
        return self._read(dates.parse_moment, text, source, field)

    def _read(self, parse: Callable[[str], T], text: str, source: Source, field: str) -> T | None:
        if not text:
            return None
        try:
            return parse(text)
        except ValueError:
            place = Place(file=source.file, position=source.position, field=field)
            self._report.add("chart.bad-date", place, f"{text!r} is not a date.")
            return None

    def _in_order(self, first: date | None, last: date | None, source: Source, words: str) -> bool:
        if first is None or last is None or first <= last:
            return True
        place = Place(file=source.file, position=source.position)
        self._report.add("chart.impossible-dates", place, f"{words}: {last.isoformat()} < {first.isoformat()}.")
        return False

    def _patient(self) -> PatientRecord:
        row, source = self._row, self._source
        born = self._day(row["BIRTHDATE"] if dates.is_whole(row["BIRTHDATE"]) else "", source, "BIRTHDATE")
        if born is None:
            place = Place(file=source.file, position=source.position, field="BIRTHDATE")
            self._report.add("chart.birth-date", place, f"The birth date is not whole: {row['BIRTHDATE']!r}.")
        died = self._day(row.get("DEATHDATE", ""), source, "DEATHDATE")
        given = tuple(name for name in (row["FIRST"], row.get("MIDDLE", "")) if name)
        return PatientRecord(
            id=row["Id"],
            name=PersonName(row["LAST"], given, row.get("SUFFIX", "")),
            birth_date=born,
            sex=normal.sex(row["GENDER"]),
            address=_address(row),
            medical_record_number=row["Id"],
            deceased=died if self._in_order(born, died, source, "Died before the birth") else None,
            source=source,
        )

    def _coverages(self) -> Iterator[CoverageRecord]:
        for number, (source, row) in enumerate(self._mine.get("payer_transitions", []), 1):
            period = self._transition_period(row, source)
            payers = [self._payer(row["PAYER"]), self._payer(row.get("SECONDARY_PAYER", ""))]
            if payers[0] == _DUAL[0]:
                payers[:1] = _DUAL[1]
            relationship = _OWNERS.get(row["OWNERSHIP"].casefold(), "self")
            owner = row.get("OWNERNAME", row.get("OWNER_NAME", ""))
            others = SubscriberRecord(name=normal.person_name(owner)) if relationship != "self" else None
            named = [payer for payer in payers if payer and payer != _NO_INSURANCE]
            for order, payer in enumerate(named, 1):
                yield CoverageRecord(
                    id=f"{row['PATIENT']}:{number}:{order}",
                    payer=payer,
                    member_id=row.get("MEMBERID", ""),
                    relationship=relationship,
                    subscriber=others,
                    order=order,
                    period=period,
                    source=source,
                )

    def _transition_period(self, row: Row, source: Source) -> Period:
        """Days of a transition; older versions of Synthea write whole years, newer ones moments."""
        first, last = row.get("START_YEAR", row.get("START_DATE", "")), row.get("END_YEAR", row.get("END_DATE", ""))
        start, end = self._day(first, source, "START"), self._day(last, source, "END")
        if end is not None:
            end = end - timedelta(days=1) if dates.is_whole(last) else date(end.year, 12, 31)
        if start is not None and end is not None and end < start and dates.is_whole(last):
            end = start  # began and ended within one day
        return Period(start, end)

    def _payer(self, id_: str) -> str:
        return self._plain["payers"].get(id_, {}).get("NAME", id_)

    def _encounter(self, source: Source, row: Row) -> EncounterRecord | None:
        start = self._moment(row["START"], source, "START")
        end = self._moment(row.get("STOP", ""), source, "STOP")
        if start is None:
            place = Place(file=source.file, position=source.position)
            self._report.add("chart.encounter-without-start", place, "The visit has no start and was left out.")
            return None
        if end is not None and end < start:
            self._in_order(start.astimezone(UTC).date(), end.astimezone(UTC).date(), source, "Ends before it starts")
            end = None
        mine = self._visits[row["Id"]]
        return EncounterRecord(
            id=row["Id"],
            class_code=_CLASSES.get(row["ENCOUNTERCLASS"].casefold(), "AMB"),
            kind=_concept(SNOMED, row["CODE"], row["DESCRIPTION"]),
            start=start,
            end=end,
            reasons=_reasons(row),
            performer=self._provider(row.get("PROVIDER", "")),
            organization=self._organization(row.get("ORGANIZATION", "")),
            conditions=tuple(self._condition(n, s, r) for n, (s, r) in enumerate(mine["conditions"], 1)),
            procedures=tuple(self._procedure(n, s, r) for n, (s, r) in enumerate(mine["procedures"], 1)),
            immunizations=tuple(self._immunization(n, s, r) for n, (s, r) in enumerate(mine["immunizations"], 1)),
            observations=tuple(self._observation(s, r) for s, r in mine["observations"]),
            medications=tuple(self._medication(s, r) for s, r in mine["medications"]),
            payer_hint=self._payer(row.get("PAYER", "")),
            source=source,
        )

    def _provider(self, id_: str) -> ProviderRecord | None:
        row = self._plain["providers"].get(id_)
        if row is None:
            self._report.unresolved["providers"] += bool(id_)
            return ProviderRecord(id=id_, name=PersonName("")) if id_ else None
        return ProviderRecord(id=id_, name=normal.person_name(row["NAME"]), address=_address(row))

    def _organization(self, id_: str) -> ProviderRecord | None:
        row = self._plain["organizations"].get(id_)
        if row is None:
            self._report.unresolved["organizations"] += bool(id_)
            return ProviderRecord(id=id_, kind="organization", name=PersonName("")) if id_ else None
        return ProviderRecord(
            id=id_,
            kind="organization",
            name=PersonName(row["NAME"]),
            address=_address(row),
            phone=normal.phone_digits(row.get("PHONE", "")),
        )

    def _condition(self, number: int, source: Source, row: Row) -> ConditionRecord:
        onset, abatement = self._day(row["START"], source, "START"), self._day(row["STOP"], source, "STOP")
        if not self._in_order(onset, abatement, source, "Ends before it starts"):
            abatement = None
        return ConditionRecord(
            id=_id(row, "condition", number),
            concept=_concept(SNOMED, row["CODE"], row["DESCRIPTION"]),
            onset=onset,
            abatement=abatement,
            clinical_status="resolved" if abatement else "active",
            source=source,
        )

    def _procedure(self, number: int, source: Source, row: Row) -> ProcedureRecord:
        return ProcedureRecord(
            id=_id(row, "procedure", number),
            concept=_concept(SNOMED, row["CODE"], row["DESCRIPTION"]),
            performed=self._day(row.get("START") or row.get("DATE", ""), source, "START"),
            reasons=_reasons(row),
            source=source,
        )

    def _immunization(self, number: int, source: Source, row: Row) -> ImmunizationRecord:
        return ImmunizationRecord(
            id=_id(row, "immunization", number),
            concept=_concept(CVX, row["CODE"], row["DESCRIPTION"]),
            given=self._day(row["DATE"], source, "DATE"),
            source=source,
        )

    def _observation(self, source: Source, row: Row) -> ObservationRecord:
        return ObservationRecord(
            concept=_concept(LOINC, row["CODE"], row["DESCRIPTION"]),
            value=row["VALUE"],
            unit=row["UNITS"],
            observed=self._day(row["DATE"], source, "DATE"),
            category=row.get("CATEGORY", ""),
        )

    def _medication(self, source: Source, row: Row) -> MedicationRecord:
        return MedicationRecord(
            concept=_concept(RXNORM, row["CODE"], row["DESCRIPTION"]),
            authored=self._day(row["START"], source, "START"),
            status="stopped" if row.get("STOP") else "active",
        )


def _id(row: Row, kind: str, number: int) -> str:
    """Rows of these tables have no id: the visit, the kind, and the number within the visit."""
    return f"{row['ENCOUNTER']}:{kind}:{number}"


def _concept(system: str, code: str, words: str) -> Concept:
    return Concept((Coding(system, code, words),) if code else (), words)


def _reasons(row: Row) -> tuple[Concept, ...]:
    code, words = row.get("REASONCODE", ""), row.get("REASONDESCRIPTION", "")
    return (_concept(SNOMED, code, words),) if code or words else ()


def _address(row: Row) -> PostalAddress:
    lines = (row["ADDRESS"],) if row.get("ADDRESS") else ()
    return PostalAddress(
        lines, row.get("CITY", ""), normal.state_code(row.get("STATE", "")), normal.digits(row.get("ZIP", ""))
    )

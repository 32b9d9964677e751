"""The CSV tables that Synthea writes: which file is which by its header, and its rows.

Columns vary between Synthea's versions; only those named in `_TABLES` are needed, others are used where present.
"""

import csv
from collections.abc import Iterator, Sequence
from typing import BinaryIO

from superbill.chart.report import ReadReport
from superbill.chart.streams import BROKEN, Limits, SourceFile, lines, opened
from superbill.findings import Place

Row = dict[str, str]

# Header columns that make a table. The first table whose columns are all there is the one: special before general.
_TABLES: dict[str, frozenset[str]] = {
    name: frozenset(columns.split())
    for name, columns in {
        "claims_transactions": "ID CLAIMID CHARGEID PATIENTID TYPE",
        "claims": "Id PATIENTID PROVIDERID PRIMARYPATIENTINSURANCEID",
        "payer_transitions": "PATIENT PAYER OWNERSHIP",
        "payers": "Id NAME AMOUNT_COVERED AMOUNT_UNCOVERED",
        "patients": "Id BIRTHDATE FIRST LAST GENDER",
        "providers": "Id ORGANIZATION NAME GENDER SPECIALITY",
        "organizations": "Id NAME ADDRESS CITY STATE ZIP",
        "encounters": "Id START PATIENT ENCOUNTERCLASS CODE DESCRIPTION",
        "medications": "START PATIENT ENCOUNTER CODE DESCRIPTION DISPENSES",
        "allergies": "START PATIENT ENCOUNTER CODE DESCRIPTION CATEGORY",
        "devices": "START PATIENT ENCOUNTER CODE DESCRIPTION UDI",
        "careplans": "Id START PATIENT ENCOUNTER CODE DESCRIPTION",
        "imaging_studies": "Id PATIENT ENCOUNTER MODALITY_CODE",
        "observations": "DATE PATIENT ENCOUNTER CODE DESCRIPTION VALUE UNITS",
        "supplies": "DATE PATIENT ENCOUNTER CODE DESCRIPTION QUANTITY",
        "immunizations": "DATE PATIENT ENCOUNTER CODE DESCRIPTION",
        "procedures": "PATIENT ENCOUNTER CODE DESCRIPTION BASE_COST",
        "conditions": "START STOP PATIENT ENCOUNTER CODE DESCRIPTION",
    }.items()
}

READ = (
    "payers", "organizations", "providers", "patients", "payer_transitions", "encounters", "conditions",
    "procedures", "immunizations", "observations", "medications",
)  # fmt: skip
"""The tables that charts are made of. The others are counted and left."""


def table_of(columns: Sequence[str]) -> str:
    """The table with this header; "" when it is none of Synthea's."""
    present = {column.strip() for column in columns}
    return next((name for name, needed in _TABLES.items() if needed <= present), "")


def rows(table: str, file: SourceFile, report: ReadReport, limits: Limits) -> Iterator[tuple[int, Row]]:
    """The rows of a table with their line numbers. A broken line or stream is a finding; what came before counts."""
    try:
        with opened(file) as stream:
            yield from _rows(table, stream, file.name, report, limits)
    except (*BROKEN, ValueError, csv.Error) as error:
        report.add("chart.broken-gzip", Place(file=file.name), f"The file breaks off: {error}.")


def _rows(table: str, stream: BinaryIO, name: str, report: ReadReport, limits: Limits) -> Iterator[tuple[int, Row]]:
    text = _Text(stream, name, report, limits)
    reader = csv.reader(text)
    columns = [column.strip() for column in next(reader, [])]
    for values in reader:
        if len(values) != len(columns):
            report.add(
                "chart.broken-line",
                Place(file=name, position=text.line),
                f"The line has {len(values)} columns, the header {len(columns)}.",
            )
            continue
        report.resources[table] += 1
        yield text.line, dict(zip(columns, values, strict=True))


class _Text:
    """Lines of a stream as text: UTF-8, or Latin-1 with one finding. Knows the number of the last line."""

    def __init__(self, stream: BinaryIO, name: str, report: ReadReport, limits: Limits) -> None:
        self._lines = lines(stream, limits)
        self._name = name
        self._report = report
        self._latin = False
        self.line = 0

    def __iter__(self) -> "_Text":
        return self

    def __next__(self) -> str:
        self.line, raw = next(self._lines)
        try:
            return raw.decode()
        except UnicodeDecodeError:
            if not self._latin:
                self._latin = True
                where = Place(file=self._name, position=self.line)
                self._report.add("chart.wrong-encoding", where, "The text is not UTF-8; it was read as Latin-1.")
            return raw.decode("latin-1")

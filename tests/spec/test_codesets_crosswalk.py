"""A code is right on the date of service: the day before, the day, the day after; and every code really exists."""

import csv
import gzip
import io
import json
import re
import xml.etree.ElementTree as ET
import zipfile
from datetime import date, timedelta
from pathlib import Path

import pytest

from superbill.codesets.crosswalk import all_billing_codes, lookup

CODESETS = Path(__file__).parents[3] / "shared" / "data" / "codesets"
shared = [
    pytest.mark.shared_data,
    pytest.mark.skipif(not CODESETS.is_dir(), reason="../shared/data/codesets is not here"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("system", "code", "day", "answer"),
    [
        ("ICD-10-CM", "I10", "2015-09-30", None),
        ("ICD-10-CM", "I10", "2015-10-01", "I10"),
        ("ICD-10-CM", "E66.813", "2024-09-30", "E66.01"),
        ("ICD-10-CM", "E66.813", "2024-10-01", "E66.813"),
        ("ICD-10-CM", "M54.50", "2021-09-30", "M54.5"),
        ("ICD-10-CM", "M54.50", "2021-10-01", "M54.50"),
        ("ICD-10-CM", "U07.1", "2020-03-31", "B97.29"),
        ("ICD-10-CM", "U07.1", "2020-04-01", "U07.1"),
        ("ICD-10-CM", "N18.30", "2020-09-30", "N18.3"),
        ("ICD-10-CM", "N18.30", "2020-10-01", "N18.30"),
        ("ICD-10-CM", "Z20.822", "2020-12-31", "Z20.828"),
        ("ICD-10-CM", "Z20.822", "2021-01-01", "Z20.822"),
        ("ICD-10-CM", "R05.9", "2021-09-30", "R05"),
        ("ICD-10-CM", "R05.9", "2021-10-01", "R05.9"),
        ("ICD-10-CM", "I21.9", "2017-09-30", "I21.3"),
        ("ICD-10-CM", "I21.9", "2017-10-01", "I21.9"),
        ("ICD-10-CM", "O00.109", "2016-09-30", "O00.1"),
        ("ICD-10-CM", "O00.109", "2016-10-01", "O00.10"),
        ("ICD-10-CM", "O00.109", "2017-10-01", "O00.109"),
        ("ICD-10-CM", "E88.810", "2023-09-30", "E88.81"),
        ("ICD-10-CM", "E88.810", "2023-10-01", "E88.810"),
        ("ICD-10-CM", "Z59.10", "2023-03-31", "Z59.1"),
        ("ICD-10-CM", "Z59.10", "2023-04-01", "Z59.10"),
        ("ICD-10-CM", "Z79.85", "2022-09-30", "Z79.899"),
        ("ICD-10-CM", "Z79.85", "2022-10-01", "Z79.85"),
        ("ICD-10-CM", "M54.5", "2021-10-01", None),
        ("CPT", "91300", "2020-12-10", None),
        ("CPT", "91300", "2023-04-18", "91300"),
        ("CPT", "91300", "2023-04-19", None),
        ("CPT", "91303", "2023-06-01", "91303"),
        ("CPT", "91303", "2023-06-02", None),
        ("CPT", "90480", "2023-09-10", None),
        ("CPT", "90480", "2023-09-11", "90480"),
        ("CPT", "94626", "2021-12-31", "G0424"),
        ("CPT", "94626", "2022-01-01", "94626"),
        ("CPT", "71046", "2017-12-31", "71020"),
        ("CPT", "71046", "2018-01-01", "71046"),
        ("CPT", "55707", "2025-12-31", "55700"),
        ("CPT", "55707", "2026-01-01", "55707"),
        ("HCPCS", "J0165", "2025-06-30", "J0171"),
        ("HCPCS", "J0165", "2025-07-01", "J0165"),
    ],
)
def test_a_code_is_right_on_the_date_of_service(system: str, code: str, day: str, answer: str | None) -> None:
    assert lookup.in_force(system, code, date.fromisoformat(day)) == answer


def test_every_predecessor_holds_on_the_day_before_its_successor() -> None:
    for dates in lookup.code_dates().values():
        if dates.before and dates.valid.start and dates.valid.start > lookup.ICD10_START:
            eve = dates.valid.start - timedelta(days=1)
            found = lookup.in_force(dates.system, dates.code, eve)
            assert found is not None and found != dates.code, dates.code


def test_one_code_of_several_kinds_of_visit_is_told_apart_by_its_display() -> None:
    routine = lookup.encounter("185349003", "AMB", "Encounter for check up (procedure)")
    follow = lookup.encounter("185349003", "AMB", "Encounter for 'check-up'")
    assert routine is not None and routine.visit == "preventive_by_age"
    assert follow is not None and follow.visit == "procedure_only_else_office_mdm"
    assert lookup.encounter("185347001", "EMER", "Encounter for problem").code == "99223"  # type: ignore[union-attr]
    assert lookup.encounter("185347001", "EMER", "Encounter for Problem").code == "99284"  # type: ignore[union-attr]
    assert lookup.encounter("0", "AMB") is None


def test_all_billing_codes_hold_what_the_rules_can_give() -> None:
    codes = all_billing_codes()
    assert {("CPT", "99213"), ("CPT", "90471"), ("HCPCS", "G0439"), ("HCPCS", "J1050"), ("CPT", "0001A")} <= codes
    assert all(re.fullmatch(r"[0-9]{4}[0-9A-Z]", code) for system, code in codes if system == "CPT")
    assert all(re.fullmatch(r"[A-Z][0-9]{4}", code) for system, code in codes if system == "HCPCS")


def _icd_codes() -> set[str]:
    found: set[str] = set()
    for row in lookup.conditions().values():
        found |= {
            row.code,
            *row.sides.values(),
            *row.trimesters.values(),
            *row.also,
            *row.choices,
            *(code for _, code in row.when),
        }
    for procedure in lookup.procedures().values():
        found |= set(procedure.dx)
    found |= {kind.dx for rows in lookup._encounters().values() for kind in rows} | {
        kind.likely for rows in lookup._encounters().values() for kind in rows
    }
    return found - {"", "-"}


def _billable() -> set[str]:
    with zipfile.ZipFile(CODESETS / "cms_2026_dx.zip") as archive:
        text = archive.read("icd10cm_order_2026.txt").decode()
    codes = {line[6:13].strip() for line in text.splitlines() if line[14] == "1"}
    addenda = json.loads((CODESETS / "icd10cm_addenda_2027.json").read_text())
    return codes - set(addenda["delete"]) | {code for code, _ in addenda["add"]}


def _conversions() -> dict[str, str]:
    """Code → first day in force, of the official conversion table (a year means its 1 October; else a day number)."""
    name = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
    with zipfile.ZipFile(CODESETS / "ICD-10-CM-CONVERSION-TABLE-FY2026.xlsx") as book:
        strings = [
            "".join(t.text or "" for t in item.iter(name + "t"))
            for item in ET.fromstring(book.read("xl/sharedStrings.xml"))
        ]
        sheet = ET.fromstring(book.read("xl/worksheets/sheet1.xml"))
    found: dict[str, str] = {}
    for row in sheet.iter(name + "row"):
        cells: dict[str, str] = {}
        for cell in row.iter(name + "c"):
            value = cell.find(name + "v")
            text = "" if value is None or value.text is None else value.text
            cells[cell.get("r", "")[0]] = strings[int(text)] if cell.get("t") == "s" and text else text
        effective = cells.get("B", "").strip()
        if effective.isdigit():
            day = (
                date(int(effective), 10, 1)
                if len(effective) == 4
                else date(1899, 12, 30) + timedelta(days=int(effective))
            )
            found[cells["A"].strip()] = day.isoformat()
    return found


class TestAgainstOfficialReleases:
    pytestmark = shared

    def test_every_diagnosis_is_billable_today(self) -> None:
        billable = _billable()
        today = date(2026, 11, 1)
        wrong = [
            code
            for code in _icd_codes()
            if (lookup.in_force("ICD-10-CM", code, today) or "").replace(".", "") not in billable
        ]
        assert wrong == []

    def test_every_diagnosis_newer_than_icd_10_has_its_official_first_day(self) -> None:
        official = _conversions()
        dated = {
            dates.code: dates.valid.start for (system, _), dates in lookup.code_dates().items() if system == "ICD-10-CM"
        }
        missing = {code: official[code] for code in _icd_codes() if code in official and not dated.get(code)}
        assert missing == {}
        different = {
            c: (str(d), official[c]) for c, d in dated.items() if d and c in official and official[c] != d.isoformat()
        }
        assert different == {}

    def test_no_predecessor_is_of_today_by_mistake(self) -> None:
        """An ICD code with an end is not billable today, one without is."""
        billable = _billable()
        for (system, code), dates in lookup.code_dates().items():
            if system == "ICD-10-CM":
                assert (code.replace(".", "") in billable) is (dates.valid.end is None), code

    def test_every_level_ii_code_exists_or_has_ended(self) -> None:
        known = set(gzip.decompress((CODESETS / "hcpcs_level2_2026q3.txt.gz").read_bytes()).decode().split())
        ended = {dates.code for dates in lookup.code_dates().values() if dates.valid.end}
        ours = {code for system, code in all_billing_codes() if system == "HCPCS"}
        assert {code for code in ours - known - ended if not code.startswith("D")} == set()

    def test_every_cpt_code_is_in_the_fee_schedule_or_known_to_be_paid_elsewhere(self) -> None:
        rows = csv.reader(
            io.StringIO(gzip.decompress((CODESETS / "PPRRVU2026_Jul_nonQPP.csv.gz").read_bytes()).decode("latin-1"))
        )
        known = {row[0] for row in rows if row}
        day = date(2026, 7, 1)
        ours = {
            code
            for system, code in all_billing_codes()
            if system == "CPT" and lookup.in_force("CPT", code, day) == code
        }
        laboratory_or_vaccine = {
            code for code in ours if "80000" <= code < "90000" or "90476" <= code < "90760" or code > "91299"
        }
        assert ours - known - laboratory_or_vaccine == set()

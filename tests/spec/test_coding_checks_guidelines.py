"""Every guideline rule with its pass and fail cases (coding_checks/guidelines/<section>.yaml)."""

import atexit
import shutil
import tempfile
from collections.abc import Iterator
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Literal

import msgspec
import pytest
from tests.codesets import APRIL, embedded_folder

from superbill.codesets.icd10cm.lookup import book
from superbill.codesets.icd10cm.schema import undotted
from superbill.codesets.poa_exempt.importer import SYSTEM
from superbill.codesets.release import Release
from superbill.codesets.sqlite_file import Draft, Table
from superbill.codesets.store import Store
from superbill.coding.checks.guidelines import guidelines, rules
from superbill.coding.checks.guidelines.rule import ICD10
from superbill.coding.checks.model import Coded, Context, Setting
from superbill.findings import Finding, Severity

FOLDER = Path(__file__).parent / "coding_checks" / "guidelines"
PREFIX = "coding.icd10cm."


# Present-on-admission: a list of exempt diagnoses as the yearly ones are, of two codes.
EXEMPT_FROM = date(2016, 10, 1)
EXEMPT = [("Z7901",), ("Z8673",)]


@cache
def store() -> Store:
    """The embedded code sets, and a list of exempt diagnoses."""
    folder = Path(tempfile.mkdtemp(prefix="superbill-guidelines-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    for path in embedded_folder().iterdir():
        shutil.copy(path, folder)
    release = Release(system=SYSTEM, version="2017", effective=EXEMPT_FROM, source="made here", sha256="0" * 64)
    table = Table("exempt", "CREATE TABLE exempt (code TEXT PRIMARY KEY) WITHOUT ROWID", EXEMPT)
    Store(folder).add([Draft(release=release, tables=(table,))])
    return Store(folder)


class Case(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An encounter and the rules that find something, the rest of them nothing."""

    name: str
    codes: tuple[str, ...]
    finds: tuple[str, ...] = ()
    not_checked: tuple[str, ...] = ()
    day: date = APRIL
    setting: Setting = "outpatient"
    born: date | None = None
    sex: Literal["female", "male", ""] = ""
    weeks: int | None = None
    poa: tuple[str, ...] = ()
    procedures: tuple[str, ...] = ()
    note: str = ""

    def coded(self, on: date) -> Coded:
        return Coded(
            diagnoses=self.codes, on=on, setting=self.setting, born=self.born, sex=self.sex, weeks=self.weeks,
            poa=self.poa, procedures=self.procedures, note=self.note,
        )  # fmt: skip

    def found(self, on: date | None = None) -> list[Finding]:
        coded = self.coded(on or self.day)
        return list(guidelines(Context(coded, tuple(map(undotted, self.codes)), book(store(), coded.on))))


def names(findings: list[Finding], *, checked: bool = True) -> set[str]:
    return {each.rule.removeprefix(PREFIX) for each in findings if (each.severity != Severity.NOT_CHECKED) is checked}


def cases() -> Iterator[tuple[str, Case]]:
    for path in sorted(FOLDER.glob("*.yaml")):
        for case in msgspec.yaml.decode(path.read_bytes(), type=list[Case]):
            yield path.stem, case


CASES = list(cases())
RULES = {rule.id: rule for rule in rules()}


@pytest.mark.parametrize("case", [pytest.param(case, id=f"{section}: {case.name}") for section, case in CASES])
def test_case(case: Case) -> None:
    found = case.found()
    assert names(found) == set(case.finds), [str(each) for each in found]
    assert names(found, checked=False) == set(case.not_checked)


def test_cases_stand_in_the_file_of_a_section_that_they_find() -> None:
    for section, case in CASES:
        for rule in case.finds[:1]:
            assert rule == section or rule.startswith(f"{section}."), f"{case.name}: {rule} in {section}.yaml"


@pytest.mark.parametrize("rule", RULES)
def test_every_rule_has_a_case_that_it_fails_and_one_that_it_passes(rule: str) -> None:
    """It passes a case when one of its codes is there, or one of their category, and it finds nothing."""
    on = RULES[rule].on
    categories = {each[:3] for each in on.beginnings}
    coded = [(case, tuple(map(undotted, case.codes))) for _, case in CASES]
    asked = [case for case, codes in coded if on.any(codes) or any(code[:3] in categories for code in codes)]
    assert any(rule in case.finds for case in asked), "no case fails it"
    assert any(rule not in (*case.finds, *case.not_checked) for case in asked), "no case passes it"


@pytest.mark.parametrize("rule", [each.id for each in rules() if each.since > ICD10])
def test_a_rule_holds_from_its_first_day(rule: str) -> None:
    case = next(case for _, case in CASES if rule in case.finds)
    first = RULES[rule].since
    assert rule in names(case.found(first))
    assert rule not in names(case.found(first - timedelta(days=1)))


@pytest.mark.parametrize("rule", [each.id for each in rules() if each.until])
def test_a_rule_holds_to_its_last_day(rule: str) -> None:
    case = next(case for _, case in CASES if rule in case.finds)
    last = RULES[rule].until
    assert last is not None
    assert rule in names(case.found(last))
    assert rule not in names(case.found(last + timedelta(days=1)))


def test_cases_are_of_billable_codes() -> None:
    known = book(store(), APRIL)
    found = {code: known.code(code) for _, case in CASES for code in case.codes}
    assert [code for code, entry in found.items() if entry is None or not entry.billable] == []


def test_rule_ids_are_unique() -> None:
    assert len(RULES) == len(rules())


def test_findings_cite_their_section() -> None:
    for _, case in CASES:
        for each in case.found():
            rule = RULES[each.rule.removeprefix(PREFIX)]
            assert each.source.endswith(f", {rule.section}")
            assert each.since == rule.since
            assert each.where.position is not None and 1 <= each.where.position <= len(case.codes)

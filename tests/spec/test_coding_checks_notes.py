"""What the Tabular List's own instructions find: the YAML beside is specification, test and manual in one."""

import random
from datetime import date
from functools import cache
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.codesets import APRIL, embedded_book, embedded_folder, embedded_store

from superbill.codesets.icd10cm import schema
from superbill.codesets.icd10cm.instructions import coverage
from superbill.codesets.release import Release
from superbill.codesets.sqlite_file import Draft
from superbill.codesets.store import Store
from superbill.coding.checks import Coded, check
from superbill.coding.checks.compiled import entries
from superbill.findings import Severity

HERE = Path(__file__).parent / "coding_checks"
NAMES = ("validity", "excludes", "sequence")
FILES = {name: yaml.safe_load((HERE / f"{name}.yaml").read_text()) for name in NAMES}
CASES = [
    pytest.param(file["rules"], case, id=f"{name}: {title}")
    for name, file in FILES.items()
    for title, case in file["cases"].items()
]


RELEASES = {"release-of-codes", "release-of-notes", "deleted", "not-yet"}
OURS = RELEASES.union(*(file["rules"] for file in FILES.values()))


def found_on(*codes, on=APRIL, store=None):
    """What these rules find; the guidelines have cases of their own."""
    found = check(Coded(diagnoses=codes, on=on), store or embedded_store())
    return [each for each in found if each.rule.removeprefix("coding.icd10cm.") in OURS]


def short(finding):
    return f"{finding.rule.removeprefix('coding.icd10cm.')} {finding.severity} {finding.where.position}"


@pytest.mark.parametrize("rules, case", CASES)
def test_the_notes_find_what_the_case_says(rules, case):
    found = [
        each for each in found_on(*case["codes"]) if each.rule.removeprefix("coding.icd10cm.") in rules
    ]  # fmt: skip
    assert sorted(map(short, found)) == sorted(case["finds"])
    for field, attribute in (("fix", "fix"), ("cites", "source"), ("why", "why")):
        if field in case:
            assert case[field] in getattr(found[0], attribute)


def test_every_rule_has_a_case_that_fails():
    for file in FILES.values():
        failing = {find.split()[0] for case in file["cases"].values() for find in case["finds"]}
        assert failing == set(file["rules"])


def test_the_share_of_the_tabular_list_that_is_enforced():
    rows = {row.kind: row for row in coverage(embedded_book())}
    assert sum(row.items for row in rows.values()) > 10_000
    for kind in (schema.EXCLUDES1, schema.CODE_FIRST, schema.USE_ADDITIONAL):
        assert rows[kind].enforced >= 0.99, rows[kind]
    assert rows[schema.EXCLUDES1].read >= 0.99
    assert rows[schema.CODE_FIRST].read >= 0.90
    assert rows[schema.USE_ADDITIONAL].read >= 0.94
    for row in rows.values():
        assert row.items == row.headlines + row.readable + row.roughly + row.words_only


@cache
def billable():
    rows = embedded_book().codes_file.execute("SELECT code FROM code WHERE billable = 1 ORDER BY code")
    return [code for (code,) in rows]


def test_a_billable_code_alone_is_accepted_or_told_what_must_accompany_it():
    assert len(billable()) > 74_000
    for code in random.Random(4).sample(billable(), 3_000):
        for finding in found_on(code):
            kind = finding.rule.removeprefix("coding.icd10cm.")
            assert kind in ("code-first", "use-additional", "code-also"), finding
            assert finding.severity is not Severity.NOT_CHECKED
            assert finding.where.position == 1
            assert finding.fix.startswith(("Put ", "Add "))
            assert finding.source.startswith("ICD-10-CM Tabular List 2026")


WITH_NOTES = """
    E11.9 E10.9 E11.621 L97.411 G63 E85.9 N18.4 I12.9 I10 F45.8 G47.63 J91.0 C34.90 M24.211 S43.014A N39.0 B96.20
    S06.0X0A F07.81 T45.515A D68.32 O24.419 D72.10 D72.824 R65.20 A41.9 Z00.01 I82.401 E11.22 T36.0X5A G01 A39.0
    S52.521 E11
""".split()  # noqa: SIM905 - a list of codes reads best as text
anywhere = st.integers(0, 2**32 - 1).map(lambda seed: random.Random(seed).choice(billable()))
encounters = st.lists(st.sampled_from(WITH_NOTES) | anywhere, min_size=1, max_size=6, unique=True)
SOURCES = ("ICD-10-CM Tabular List 2026, ", "ICD-10-CM Official Guidelines", "ICD-10-CM 2026")
STATUS = "Z60.2"  # living alone: no note names it


@settings(max_examples=150, deadline=None)
@given(encounters, st.integers(0, 6))
def test_an_unrelated_code_never_removes_an_error(codes, place):
    def errors(of):
        return {(each.rule, each.message) for each in found_on(*of) if each.severity is Severity.ERROR}

    place = min(place, len(codes))
    assert errors(codes) <= errors([*codes[:place], STATUS, *codes[place:]])


@settings(max_examples=150, deadline=None)
@given(encounters.flatmap(lambda codes: st.tuples(st.just(codes), st.permutations(codes))))
def test_what_excludes_itself_does_so_in_any_sequence(both):
    def pairs(of):
        return {
            (each.severity, each.message, each.source)
            for each in found_on(*of)
            if each.rule.endswith("excludes1") and "in words alone" not in each.message
        }

    one, other = both
    assert pairs(one) == pairs(other)


@settings(max_examples=150, deadline=None)
@given(encounters)
def test_every_finding_cites_its_source_and_says_what_to_do(codes):
    for finding in found_on(*codes):
        assert finding.source.startswith(
            ("ICD-10-CM Tabular List 2026, ", "ICD-10-CM Official Guidelines", "ICD-10-CM 2026")
        )
        assert finding.message.endswith(".")
        assert finding.fix.endswith((".", "…"))
        assert 1 <= finding.where.position <= len(codes)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.text(max_size=12), max_size=4))
def test_whatever_is_typed_gives_findings(typed):
    found = found_on(*typed)
    known = {finding.where.position for finding in found}
    assert known == set(range(1, len(typed) + 1)) or all(
        embedded_book().code(code) is not None for place, code in enumerate(typed, 1) if place not in known
    )


def test_what_is_written_out_matches_what_the_note_names():
    """Beginnings of codes are another way to say a range: both must mean the same codes."""
    book = embedded_book()
    made = entries(book)
    codes = random.Random(7).sample(billable(), 4_000)
    nodes = [node for (node,) in book.notes_file.execute("SELECT DISTINCT node FROM note ORDER BY id")]
    compared = 0
    for node in random.Random(8).sample(nodes, 400):
        for note in book.notes(node):
            if note.kind not in ("excludes1", "code_first", "use_additional", "code_also"):
                continue
            for target in note.targets:
                named = made.named((target,))
                for code in codes[compared % 17 :: 17]:
                    beginnings = tuple(code[:end] for end in range(3, len(code) + 1))
                    assert named.names(beginnings) == target.matches(code), (target, code)
                compared += 1
    assert compared > 400


def test_a_day_without_its_release_is_said(tmp_path):
    found = found_on("I10", "E11.ZZ", on=date(2031, 1, 1))
    kinds = {(each.rule.removeprefix("coding.icd10cm."), each.severity) for each in found}
    assert ("release-of-codes", Severity.NOT_CHECKED) in kinds
    assert ("release-of-notes", Severity.NOT_CHECKED) in kinds
    assert ("unknown", Severity.NOT_CHECKED) in kinds


def test_a_code_of_another_release_is_dated(tmp_path):
    for path in embedded_folder().iterdir():
        (tmp_path / path.name).symlink_to(path)
    rows = [("I10", 0, "", 1, "", "Hypertension"), ("I10X", 1, "", 1, "", "One to come")]
    release = Release(system=schema.CODES, version="2027", effective=date(2026, 10, 1), source="made", sha256="0")
    Store(tmp_path).add([Draft(release=release, tables=(schema.code_table(rows),), after=())])
    store = Store(tmp_path)
    (gone,) = [each for each in found_on("E11.9", on=date(2026, 10, 1), store=store) if each.severity == "error"]
    assert gone.rule == "coding.icd10cm.deleted"
    assert "2026-04-01 was its last" in gone.message
    (coming,) = [each for each in found_on("I10X", on=date(2026, 9, 30), store=store) if each.severity == "error"]
    assert coming.rule == "coding.icd10cm.not-yet"
    assert "begins on 2026-10-01" in coming.message
    assert not [each for each in found_on("I10X", on=date(2026, 10, 1), store=store) if each.severity == "error"]

"""Diagnoses on claims by the release of their day: over 1 October and 1 April, by line, by discharge."""

from datetime import date

import pytest
import yaml
from tests.codesets import embedded_folder

from superbill.codesets.importing import import_file
from superbill.codesets.store import Store
from superbill.edits import Reference, check
from superbill.edits.cases import made

TITLES = {
    "A00": (0, "Cholera"), "A000": (1, "Cholera due to Vibrio cholerae 01, biovar cholerae"),
    "E11": (0, "Type 2 diabetes mellitus"), "E119": (1, "Type 2 diabetes mellitus without complications"),
    "I10": (1, "Essential (primary) hypertension"),
    "J02": (0, "Acute pharyngitis"), "J029": (1, "Acute pharyngitis, unspecified"),
    "Z98": (0, "Other postprocedural states"), "Z9890": (1, "Other specified postprocedural states"),
}  # fmt: skip
# The code that each release adds, and how long it stays: made up, like the releases.
AUTUMN = {"A009": (1, "Cholera, unspecified")}
SPRING = {"J021": (1, "A pharyngitis that April brings")}


def order(codes):
    rows = []
    for number, (code, (billable, title)) in enumerate(sorted(codes.items()), 1):
        rows.append(f"{number:05} {code:<7} {billable} {title[:60]:<60} {title}")
    return "\n".join(rows) + "\n"


@pytest.fixture(scope="module")
def reference(tmp_path_factory):
    """FY2025 with A00.9, FY2026 without it, April 2026 with J02.1; the notes are those of the installation."""
    folder, sources = tmp_path_factory.mktemp("store"), tmp_path_factory.mktemp("sources")
    for release in embedded_folder().glob("icd10cm-tabular*"):
        (folder / release.name).hardlink_to(release)
    editions = ((2024, 10, TITLES | AUTUMN), (2025, 10, TITLES), (2026, 4, TITLES | SPRING))
    for year, month, codes in editions:
        path = sources / f"order-{year}-{month}.txt"
        path.write_text(order(codes))
        import_file(path, folder, effective=date(year, month, 1), force=True)
    return Reference(Store(folder))


def found(reference, words):
    claim, context = made(yaml.safe_load(words), reference)
    return {(each.rule, each.message) for each in check(claim, context) if each.rule.startswith("diagnosis.")}


@pytest.mark.parametrize(
    "code, day, fails",
    [
        ("A009", "2025-09-30", False),
        ("A009", "2025-10-01", True),
        ("J021", "2026-03-31", True),
        ("J021", "2026-04-01", False),
    ],
)
def test_a_code_holds_on_the_days_of_its_release(reference, code, day, fails):
    told = found(
        reference,
        f"{{diagnoses: [{code}], line1.day: {day}, line1.diagnosis_pointers: [1], context.today: 2026-05-01}}",
    )
    assert bool(told) == fails
    if fails:
        ((rule, message),) = told
        assert rule == "diagnosis.not-in-force"
        assert ("begins on 2026-04-01" if code == "J021" else "2024-10-01 was its last") in message


@pytest.mark.parametrize("pointers, fails", [((1, 2), False), ((2, 1), True)])
def test_a_claim_over_the_change_is_judged_line_by_line(reference, pointers, fails):
    words = f"""
        diagnoses: [A009, J029]
        line1.day: 2025-09-30
        line1.diagnosis_pointers: [{pointers[0]}]
        line2.day: 2025-10-01
        line2.diagnosis_pointers: [{pointers[1]}]
        context.today: 2025-11-01"""
    assert bool(found(reference, words)) == fails


@pytest.mark.parametrize(
    "facility, start, end, fails",
    [
        ("11", "2025-09-28", "2025-09-30", False),
        ("11", "2025-09-28", "2025-10-01", True),
        ("13", "2025-09-30", "2025-10-01", False),
    ],
)
def test_an_inpatient_is_judged_by_the_day_of_discharge(reference, facility, start, end, fails):
    words = f"""
        kind: institutional
        institutional: {{facility_type: "{facility}", statement: {{start: {start}, end: {end}}}}}
        diagnoses: [A009]
        line1.day: {start}
        line1.diagnosis_pointers: []
        context.today: 2025-11-01"""
    assert ("diagnosis.not-in-force" in {rule for rule, _ in found(reference, words)}) == fails


def test_codes_beside_the_list_are_judged_too(reference):
    words = """
        kind: institutional
        institutional:
          facility_type: "13"
          statement: {start: 2026-03-02, end: 2026-03-02}
          reasons_for_visit: [A009]
          external_causes: [{code: W1830XA}]
        diagnoses: [I10]"""
    assert {rule for rule, _ in found(reference, words)} == {"diagnosis.not-in-force"}
    assert len(found(reference, words)) == 2


def test_without_a_release_for_the_day_nothing_is_said(reference):
    assert not found(reference, "{diagnoses: [Q9999], line1.day: 2023-05-01, line1.diagnosis_pointers: [1]}")

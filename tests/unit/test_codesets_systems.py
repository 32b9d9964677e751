"""One way in: every code system answers alike, by its slug, and a code of one is none of another's."""

from datetime import date
from pathlib import Path

import pytest
from tests.codesets import embedded_store
from tests.codesets_samples import hcpcs_file, hcpcs_line, order_file, store_of

from superbill.codesets import lists, systems
from superbill.codesets.release import Refused
from superbill.codesets.store import Store
from superbill.codesets.systems import Found, UnknownSystem, look_up

TAXONOMY = (
    "Code,Grouping,Classification,Specialization,Definition,Notes,Display Name,Section\n"
    "111A00000X,Healers,Bone Setter,,,,Bone Setter,Individual\n"
)
TABLE_5 = (
    '"TABLE 5"\r\nMS-DRG\tFY 2031 Post-Acute DRG\tFY 2031 Special Pay DRG\tMDC\tTYPE\tMS-DRG Title\tWeights\t'
    "Geometric mean LOS\tArithmetic mean LOS\r\n7\tNo\tNo\t08\tSURG\tSNOW\t1.25\t1.0\t2.0\r\n"
)
ADDENDUM = "HCPCSCode,ShortDescriptor,StatusIndicator,PaymentRate,Changed?,Source\r\nA0100,Sled,C,,false,2031-01\r\n"
ADDENDUM += "99213,,V,10.00,false,2031-01\r\nD0100,,N,,false,2031-01\r\n"
PACKAGES = (
    "PRODUCTID\tPRODUCTNDC\tNDCPACKAGECODE\tPACKAGEDESCRIPTION\tSTARTMARKETINGDATE\tENDMARKETINGDATE\tNDC_EXCLUDE_FLAG\t"
    "SAMPLE_PACKAGE\r\na\t1234-5678\t1234-5678-90\t30 in a flask\t20300101\t20310131\tN\tN\r\n"
    "b\t1234-5679\t1234-5679-90\t1 in a bag\t20300101\t\tN\tY\r\n"
)
ON = date(2031, 1, 31)


@pytest.fixture(scope="module")
def store(tmp_path_factory) -> Store:
    return store_of(
        tmp_path_factory.mktemp("systems") / "store",
        ("icd10pcs_order_2031.txt", order_file([("0DT", "Gut, Resection"), ("0DTJ0ZZ", "Resection of Worm")])),
        (
            "HCPC2031_JAN_ANWEB.txt",
            hcpcs_file([
                hcpcs_line("GX", 100, "7", "A paw", added="20200101", terminated="20310131"),
                hcpcs_line("A0100", 100, "3", "Sled", added="20200101", terminated="20310131"),
            ]),
        ),
        ("nucc_taxonomy_310.csv", TAXONOMY), ("table5.txt", TABLE_5), ("addendum_b.csv", ADDENDUM),
        ("package 2031-01-01.txt", PACKAGES), ("cdt 2031.csv", "D0100,Look at a tusk\n"),
        ("SHORTU 2031.txt", "00100 SLEEP ON THE SLED\n00200 WAKE\n00300 WALK\n"),
    )  # fmt: skip


def told(found: Found | None) -> tuple[str, str, bool | None, str] | None:
    return found and (found.code, found.title, found.billable, found.note)


@pytest.mark.parametrize(
    ("system", "code", "expected"),
    [
        ("icd10pcs", "0dtj0zz", ("0DTJ0ZZ", "Resection of Worm", True, "")),
        ("icd10pcs", "0DT", ("0DT", "Gut, Resection", False, "a table: four characters more make a code")),
        ("icd10pcs", "0DTJ0ZX", None),
        ("hcpcs", "a0100", ("A0100", "Sled", True, "")),
        ("hcpcs", "J9999", None),
        ("hcpcs_modifier", "gx", ("GX", "A paw", True, "")),
        ("cpt", "00100", ("00100", "SLEEP ON THE SLED", True, "")),
        ("cpt", "99213", None),
        ("cdt", "d0100", ("D0100", "Look at a tusk", True, "")),
        ("ndc", "1234-5678-90", ("01234567890", "30 in a flask", True, "")),
        ("ndc", "1234-5679-90", ("01234567990", "1 in a bag", False, "a sample")),
        ("ndc", "1", None),
        ("taxonomy", "111a00000x", None),  # version 31.0 is of April
        ("opps", "A0100", ("A0100", "Sled", False, "status C: Inpatient only: not paid when done as an outpatient")),
        (
            "opps", "99213",
            ("99213", "", True, "status V: Clinic or emergency department visit; "
             "number only: CPT descriptors need your AMA licence"),
        ),
        ("msdrg", "7", ("007", "SNOW", True, "weight 1.25")),
        ("msdrg", "8", None),
        ("revenue", "450", ("0450", "Emergency room", True, "")),
        ("value-code", "zz", None),
    ],
)  # fmt: skip
def test_every_system_answers_alike(store: Store, system: str, code: str, expected) -> None:
    found = look_up(store, system, code, ON)
    if system == "taxonomy":
        assert told(found) == (
            "111A00000X", "Bone Setter", True,
            "Individual; by taxonomy-2031-04-01-r1: no release is in force on 2031-01-31",
        )  # fmt: skip
    else:
        assert told(found) == expected
    assert found is None or found.system == system


@pytest.mark.parametrize(
    ("system", "code", "day", "note"),
    [
        ("hcpcs", "A0100", date(2031, 2, 1), "could be used until 2031-01-31"),
        ("hcpcs_modifier", "GX", date(2031, 2, 1), "could be used until 2031-01-31"),
        ("ndc", "01234567890", date(2031, 2, 1), "marketed from 2030-01-01 to 2031-01-31"),
        ("modifier", "JZ", date(2022, 12, 31), "not in use on 2022-12-31"),
    ],
)
def test_the_day_after_the_last(store: Store, system: str, code: str, day: date, note: str) -> None:
    found = look_up(store, system, code, day)
    assert found.billable is False
    assert found.note.startswith(note)


def test_without_the_licensees_files_a_number_is_a_number(tmp_path: Path) -> None:
    found = look_up(Store(tmp_path), "cpt", "99213", ON)
    assert told(found) == ("99213", "", None, "number only: CPT descriptors need your AMA licence")
    assert look_up(Store(tmp_path), "cdt", "D0100", ON).billable is None


@pytest.mark.parametrize(
    "system", ["icd10cm", "icd10pcs", "hcpcs", "hcpcs_modifier", "ndc", "taxonomy", "opps", "msdrg"]
)
def test_a_system_without_a_release_is_refused(tmp_path: Path, system: str) -> None:
    with pytest.raises(Refused, match="The store holds no"):
        look_up(Store(tmp_path), system, "A0100", ON)


def test_an_unknown_system_is_told_from_an_unknown_code(store: Store) -> None:
    with pytest.raises(UnknownSystem, match=r"'colors' is no code system\. There are: icd10cm, icd10pcs"):
        look_up(store, "colors", "1", ON)


def test_every_list_is_a_system() -> None:
    slugs = [system.slug for system in systems.systems()]
    assert len(slugs) == len(set(slugs))
    assert {each.system for each in lists.systems()} < set(slugs)


def test_a_diagnosis_with_the_shape_of_hcpcs_stays_a_diagnosis(store: Store) -> None:
    """J0100 is sinusitis and was an injection's number; which one is meant, only the system says."""
    found = look_up(embedded_store(), "icd10cm", "j0100", date(2026, 5, 1))
    assert (found.code, found.title, found.billable) == ("J01.00", "Acute maxillary sinusitis, unspecified", True)
    assert look_up(store, "hcpcs", "J0100", ON) is None
    assert look_up(embedded_store(), "icd10cm", "A0100", date(2026, 5, 1)).title == "Typhoid fever, unspecified"
    assert look_up(store, "hcpcs", "A0100", ON).title == "Sled"


def test_a_header_is_not_billable() -> None:
    found = look_up(embedded_store(), "icd10cm", "L8915", date(2026, 5, 1))
    assert (found.code, found.billable, found.note) == ("L89.15", False, "a header: choose a code under it")

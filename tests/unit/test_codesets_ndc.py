"""NDC: ten digits and eleven, FDA's directory in small, and a package on a day."""

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.codesets_samples import drafts, store_of

from superbill.codesets.ndc.importer import NdcPackageLayout, NdcProductLayout
from superbill.codesets.ndc.lookup import drug
from superbill.codesets.ndc.number import eleven, hyphenated, possible
from superbill.codesets.release import Refused
from superbill.codesets.sources import Source
from superbill.codesets.store import Store

PRODUCTS = (
    "PRODUCTID\tPRODUCTNDC\tPRODUCTTYPENAME\tPROPRIETARYNAME\tPROPRIETARYNAMESUFFIX\tNONPROPRIETARYNAME\tDOSAGEFORMNAME"
    "\tROUTENAME\tSTARTMARKETINGDATE\tENDMARKETINGDATE\tLABELERNAME\tSUBSTANCENAME\tACTIVE_NUMERATOR_STRENGTH\t"
    "ACTIVE_INGRED_UNIT\tPHARM_CLASSES\tDEASCHEDULE\r\n"
    '1234-5678_a\t1234-5678\tDRUG\tFrost"ol\tXR\tglaciol\tTABLET\tORAL\t20200101\t\tIgloo\tGLACIOL\t10\tmg/1\t\tCII\r\n'
    "12345-678_b\t12345-678\tDRUG\t\t\tniveol\tCR\xc8ME\tTOPICAL\t20200101\t\tIgloo Inc\tNIVEOL\t\t\t\t\r\n"
)
PACKAGES = (
    "PRODUCTID\tPRODUCTNDC\tNDCPACKAGECODE\tPACKAGEDESCRIPTION\tSTARTMARKETINGDATE\tENDMARKETINGDATE\tNDC_EXCLUDE_FLAG\t"
    "SAMPLE_PACKAGE\r\n"
    "1234-5678_a\t1234-5678\t1234-5678-90\t30 in a flask\t20200101\t20251231\tN\tN\r\n"
    "1234-5678_c\t1234-5678\t1234-5678-90\t30 in a jar\t20260101\t\tN\tN\r\n"
    "12345-678_b\t12345-678\t12345-678-90\t5 g in a tube\t20200101\t\tN\tY\r\n"
    "12345-6789_x\t12345-6789\t12345-6789-1\tone\t20300101\t\tN\tN\r\n"
)
DAY = date(2026, 7, 1)


def source(text: str, name: str = "package.txt") -> Source:
    return Source(name, text.encode("cp1252"))


@pytest.mark.parametrize(
    ("written", "digits"),
    [
        ("1234-5678-90", "01234567890"),
        ("12345-678-90", "12345067890"),
        ("12345-6789-0", "12345678900"),
        ("12345-6789-01", "12345678901"),
        (" 12345678901 ", "12345678901"),
        ("1234567890", None),
        ("1234-567-890", None),
        ("1234-5678-9", None),
        ("123456-789-01", None),
        ("1234567890A", None),
        ("١٢٣٤٥٦٧٨٩٠١", None),
    ],
)
def test_eleven_digits(written: str, digits: str | None) -> None:
    assert eleven(written) == digits


def test_ten_digits_may_be_three_codes() -> None:
    assert possible("1234567890") == ("01234567890", "12345067890", "12345678900")
    assert possible("1234-5678-90") == ("01234567890",)
    assert possible("123") == ()
    assert hyphenated("01234567890") == "01234-5678-90"
    with pytest.raises(ValueError, match="eleven digits"):
        hyphenated("1234567890")


@given(st.text("0123456789", min_size=10, max_size=10))
def test_what_ten_digits_may_be_are_the_three_configurations(ten: str) -> None:
    cuts = ((4, 8), (5, 8), (5, 9))
    assert possible(ten) == tuple(eleven(f"{ten[:a]}-{ten[a:b]}-{ten[b:]}") for a, b in cuts)


def test_the_directory_comes_in(tmp_path: Path) -> None:
    assert NdcProductLayout().recognizes(source(PRODUCTS))
    assert NdcPackageLayout().recognizes(source(PACKAGES))
    assert not NdcPackageLayout().recognizes(source(PRODUCTS))
    (products,) = drafts(NdcProductLayout(), source(PRODUCTS, "product.txt"), tmp_path, DAY)
    (packages,) = drafts(NdcPackageLayout(), source(PACKAGES, "ndc 2026-07-01/package.txt"), tmp_path)
    assert (packages.release.system, packages.release.effective, packages.release.until) == ("ndc-package", DAY, None)
    assert [row[0] for row in products.tables[0].rows] == ["1234-5678_a", "12345-678_b"]
    assert [row[:2] for row in packages.tables[0].rows] == [
        ("01234567890", "1234-5678-90"), ("01234567890", "1234-5678-90"), ("12345067890", "12345-678-90"),
        ("12345678901", "12345-6789-1"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (
            PACKAGES.replace("1234-5678-90\t30 in a jar", "1234-567-890\t30 in a jar"),
            ":3: has '1234-567-890', which is no",
        ),
        (PACKAGES.replace("20251231", "20251331"), ":2: has '20251331' where a day is due"),
        (PACKAGES.replace("20251231", "soon"), ":2: has 'soon' where a day is due"),
        (PACKAGES[:-20], ":5: has 3 columns, not 8"),
        (PACKAGES.replace("SAMPLE_PACKAGE", "SAMPLE"), ":1: has no column SAMPLE_PACKAGE"),
        (PACKAGES.splitlines()[0], ": has no row"),
    ],
)
def test_a_spoiled_file_is_refused_at_its_line(tmp_path: Path, text: str, says: str) -> None:
    with pytest.raises(Refused) as refused:
        drafts(NdcPackageLayout(), source(text), tmp_path, DAY)
    assert str(refused.value).startswith(f"package.txt{says}")


def test_a_product_twice_a_byte_that_is_none_and_a_file_without_its_day_are_refused(tmp_path: Path) -> None:
    twice = PRODUCTS + PRODUCTS.splitlines(keepends=True)[1]
    with pytest.raises(Refused, match=r"product.txt:4: has the product '1234-5678_a' again"):
        drafts(NdcProductLayout(), source(twice, "product.txt"), tmp_path, DAY)
    with pytest.raises(Refused, match=r"product.txt:3: is not cp1252"):
        spoiled = PRODUCTS.encode("cp1252").replace(b"CR\xc8ME", b"CR\x81ME")
        drafts(NdcProductLayout(), Source("product.txt", spoiled), tmp_path, DAY)
    with pytest.raises(Refused, match="doesn't say its day"):
        drafts(NdcProductLayout(), source(PRODUCTS, "product.txt"), tmp_path)


@pytest.fixture(scope="module")
def directory(tmp_path_factory) -> Store:
    folder = tmp_path_factory.mktemp("ndc") / "store"
    return store_of(
        folder, ("product.txt", PRODUCTS.encode("cp1252")), ("package.txt", PACKAGES.encode("cp1252")), effective=DAY
    )


def test_a_package_is_known_by_all_ways_to_write_it(directory: Store) -> None:
    first, *others = (drug(directory, written, DAY) for written in ("01234567890", "1234-5678-90", "01234-5678-90"))
    assert first.description == "30 in a jar"
    assert others == [first, first]
    assert drug(directory, "1234567890", DAY) is None  # 1234-5678-90 or 12345-678-90: both are listed
    assert drug(directory, "1234567891", DAY).written == "12345-6789-1"  # of its three readings one is listed
    assert drug(directory, "1234567892", DAY) is None


@pytest.mark.parametrize(
    ("day", "description", "sold"),
    [
        (date(2019, 12, 31), "30 in a jar", False),
        (date(2020, 1, 1), "30 in a flask", True),
        (date(2025, 12, 31), "30 in a flask", True),
        (date(2026, 1, 1), "30 in a jar", True),
    ],
)
def test_a_package_listed_twice_is_that_on_the_market(directory: Store, day, description, sold) -> None:
    found = drug(directory, "01234567890", day)
    assert (found.description, found.on_the_market(day), found.exact) == (description, sold, False)


def test_what_a_drug_is(directory: Store, tmp_path: Path) -> None:
    found = drug(directory, "1234-5678-90", date(2021, 1, 1))
    assert found.title == 'Frost"ol XR (glaciol) 10 mg/1 TABLET, 30 in a flask'
    assert (found.labeler, found.schedule, found.sample) == ("Igloo", "CII", False)
    sample = drug(directory, "12345-678-90", DAY)
    assert (sample.title, sample.sample) == ("niveol CRÈME, 5 g in a tube", True)
    alone = store_of(tmp_path / "store", ("package.txt", PACKAGES.encode("cp1252")), effective=DAY)
    assert drug(alone, "1234-5678-90", date(2021, 1, 1)).title == "30 in a flask"
    assert drug(Store(tmp_path / "none"), "1234-5678-90", DAY) is None

"""HCPCS Level II: the contractors' file in both its forms, the list of numbers, and what is in use on a day."""

from datetime import date
from pathlib import Path

import pytest
from tests.codesets_samples import drafts, hcpcs_file, hcpcs_line, sheet, store_of

from superbill.codesets.hcpcs.importer import ContractorLayout, ContractorSheetLayout, NumbersLayout
from superbill.codesets.hcpcs.lookup import HcpcsBook
from superbill.codesets.release import Refused
from superbill.codesets.sources import Source
from superbill.codesets.store import Store

LINES = [
    hcpcs_line("A1", 100, "7", "Bandage for a paw", short="Bandage paw", added="20020701", changed="20020701"),
    hcpcs_line("CP", 100, "7", "Adjunct", short="Adjunct", added="20160101", terminated="20171231"),
    hcpcs_line("CP", 200, "8", "to the adjunct"),
    hcpcs_line(
        "A0100", 100, "3", "Ride on a sled, pulled by dogs of at least two years of age, with all harness,",
        short="Sled", added="19850101", changed="20190101", coverage="D", betos="O1A", tos="1P", pricing="0051",
        action="C",
    ),
    hcpcs_line("A0100", 200, "4", "blankets, and the musher;"),
    hcpcs_line("A0100", 300, "4", "per mile"),
    hcpcs_line("J0200", 100, "3", "Potion, 10 mg", short="Potion", added="20100101", terminated="20190630"),
    hcpcs_line("Q0300", 100, "3", "Late comer", short="Late", added="20190401"),
]  # fmt: skip
HEADER = (
    "HCPC", "SEQNUM", "RECID", "LONG DESCRIPTION", "SHORT DESCRIPTION", "PRICE1", "PRICE2", "MULT_PI", "STATUTE",
    "XREF1", "COV", "BETOS", "TOS1", "TOS2", "ADD DT", "ACT EFF DT", "TERM DT", "ACTION CD",
)  # fmt: skip
ROWS = [
    ("   CP", "0010", "7", "Adjunct", "Adjunct", "", "", "", "", "", "", "", "", "", "20160101", "", "20171231", "N"),
    ("   CP", "0020", "8", "to the adjunct", *[""] * 14),
    (
        "A0100", "0010", "3", "Ride on a sled,", "Sled", "00", "51", "A", "1861", "A0200", "D", "O1A", "1", "P",
        "19850101", "20190101", "", "C",
    ),
    ("A0100", "0020", "4", "per mile", *[""] * 14),
]  # fmt: skip
ADDENDUM = (
    "HCPCSCode,ShortDescriptor,StatusIndicator,PaymentRate,Changed?,Source\r\n"
    'A0100,"Sled, dogs",A,,false,2026-07\r\nJ0400,New potion,K,12.345,false,2026-07\r\n'
    "Q0300,Late comer,D,,false,2026-07\r\n"
)


def file(lines: list[str]) -> Source:
    return Source("HCPC2019_CONTR_ANWEB.txt", hcpcs_file(lines).encode("cp1252"))


def rows(draft, table: str) -> dict[str, tuple]:
    (found,) = (each for each in draft.tables if each.name == table)
    return {row[0]: row for row in found.rows}


def test_a_fixed_width_file_comes_in_with_its_texts_joined(tmp_path: Path) -> None:
    assert ContractorLayout().recognizes(file(LINES))
    (draft,) = drafts(ContractorLayout(), file(LINES), tmp_path)
    assert (draft.release.version, draft.release.effective, draft.release.until) == (
        "2019", date(2019, 1, 1), date(2019, 12, 31),
    )  # fmt: skip
    codes, modifiers = rows(draft, "code"), rows(draft, "modifier")
    assert set(codes) == {"A0100", "J0200", "Q0300"}
    assert codes["A0100"] == (
        "A0100",
        "Ride on a sled, pulled by dogs of at least two years of age, with all harness, blankets, and the musher; "
        "per mile",
        "Sled", "0051", "", "D", "", "", "O1A", "1P", "1985-01-01", "2019-01-01", None, "C",
    )  # fmt: skip
    assert codes["J0200"][10:13] == ("2010-01-01", None, "2019-06-30")
    assert modifiers["CP"][1] == "Adjunct to the adjunct"


def test_trailing_blanks_may_be_cut_from_a_continuation(tmp_path: Path) -> None:
    lines = [line.rstrip() if line[10] == "4" else line for line in LINES]
    (draft,) = drafts(ContractorLayout(), file(lines), tmp_path)
    assert rows(draft, "code")["A0100"][1].endswith("the musher; per mile")


def cut(lines):
    return [*lines[:6], lines[6][:200]], 10, "is not a record"


def without_a_continuation(lines):
    return [*lines[:4], *lines[5:]], 8, "goes on with A0100, sequence 300"


def without_a_beginning(lines):
    return [*lines[:3], *lines[4:]], 7, "goes on with A0100, sequence 200"


def moved(lines):
    return [*lines[:4], lines[5], lines[4], *lines[6:]], 8, "goes on with A0100, sequence 300"


def twice(lines):
    return [*lines, lines[6]], 12, "has J0200 again"


def no_day(lines):
    return [*lines[:6], lines[6][:268] + "20190231" + lines[6][276:], *lines[7:]], 10, "has '20190231' where a day"


def mis_encoded(lines):
    return [*lines[:6], lines[6].replace("Potion, 10", "Pot\x81on, 10"), *lines[7:]], 10, "is not cp1252 text"


def from_the_middle(lines):
    return [*lines[:1], lines[1][:5] + "00200" + lines[1][10:], *lines[2:]], 5, "begins CP with sequence 200"


@pytest.mark.parametrize(
    "spoil", [cut, without_a_continuation, without_a_beginning, moved, twice, no_day, mis_encoded, from_the_middle]
)
def test_a_spoiled_file_is_refused_at_its_line(tmp_path: Path, spoil) -> None:
    lines, line, says = spoil(LINES)
    spoiled = Source("HCPC2019_CONTR_ANWEB.txt", hcpcs_file(lines).encode("latin-1"))
    with pytest.raises(Refused) as refused:
        drafts(ContractorLayout(), spoiled, tmp_path)
    assert refused.value.place == f"HCPC2019_CONTR_ANWEB.txt:{line}"
    assert says in refused.value.reason


def test_a_file_of_modifiers_alone_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="has no code"):
        drafts(ContractorLayout(), file(LINES[:3]), tmp_path)


@pytest.mark.parametrize(
    ("name", "given", "version", "first", "last"),
    [
        ("HCPC2026_JUL_ANWEB.txt", None, "2026Q3", date(2026, 7, 1), date(2026, 9, 30)),
        ("HCPC2026_OCT_ANWEB.txt", None, "2026Q4", date(2026, 10, 1), date(2026, 12, 31)),
        ("HCPC2018_CONTR_ANWEB.txt", None, "2018", date(2018, 1, 1), date(2018, 12, 31)),
        ("any.txt", date(2024, 4, 1), "2024Q2", date(2024, 4, 1), date(2024, 6, 30)),
    ],
)
def test_the_days_of_a_file(tmp_path: Path, name, given, version, first, last) -> None:
    (draft,) = drafts(ContractorLayout(), Source(name, hcpcs_file(LINES).encode()), tmp_path, given)
    assert (draft.release.version, draft.release.effective, draft.release.until) == (version, first, last)


def test_a_file_that_does_not_tell_its_days_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="doesn't say its quarter"):
        drafts(ContractorLayout(), Source("any.txt", hcpcs_file(LINES).encode()), tmp_path)


def test_the_workbook_says_the_same(tmp_path: Path) -> None:
    source = Source("HCPC2019_CONTR_ANWEB.xlsx", sheet([("***Notice",), (), HEADER, *ROWS]))
    assert ContractorSheetLayout().recognizes(source)
    assert not ContractorSheetLayout().recognizes(Source("other.xlsx", sheet([("a", "b")])))
    (draft,) = drafts(ContractorSheetLayout(), source, tmp_path)
    assert rows(draft, "code")["A0100"] == (
        "A0100", "Ride on a sled, per mile", "Sled", "0051", "A", "D", "1861", "A0200", "O1A", "1P", "1985-01-01",
        "2019-01-01", None, "C",
    )  # fmt: skip
    assert rows(draft, "modifier")["CP"][1] == "Adjunct to the adjunct"


@pytest.mark.parametrize(
    ("rows", "place", "says"),
    [
        ([HEADER[:14] + HEADER[15:], *ROWS], ":1", "has no column 'ADD DT'"),
        ([HEADER, ("A01", *ROWS[2][1:])], ":2", "is not a record"),
        ([HEADER, ROWS[3]], ":2", "goes on with A0100"),
        ([HEADER, ROWS[2], ROWS[2]], ":3", "has A0100 again"),
    ],
)
def test_a_spoiled_workbook_is_refused_at_its_row(tmp_path: Path, rows, place, says) -> None:
    with pytest.raises(Refused) as refused:
        drafts(ContractorSheetLayout(), Source("HCPC2019_A.xlsx", sheet(rows)), tmp_path)
    assert refused.value.place == f"HCPC2019_A.xlsx{place}"
    assert says in refused.value.reason


def test_numbers_come_in_and_must_be_in_order(tmp_path: Path) -> None:
    source = Source("hcpcs_2026q3.txt", b"A0100\nJ0200\nJ0400\n")
    assert NumbersLayout().recognizes(source)
    (draft,) = drafts(NumbersLayout(), source, tmp_path)
    assert (draft.release.system, draft.release.effective) == ("hcpcs-numbers", date(2026, 7, 1))
    for text, line in ((b"A0100\nJ0200\nJ04\n", 3), (b"J0200\nA0100\n", 2), (b"A0100\nA0100\n", 2)):
        with pytest.raises(Refused) as refused:
            drafts(NumbersLayout(), Source("hcpcs_2026q3.txt", text), tmp_path)
        assert refused.value.place == f"hcpcs_2026q3.txt:{line}"


# --- on a day -------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def contractors(tmp_path_factory) -> Store:
    folder = tmp_path_factory.mktemp("hcpcs") / "store"
    return store_of(folder, ("HCPC2019_CONTR_ANWEB.txt", hcpcs_file(LINES)))


@pytest.fixture(scope="module")
def everything(tmp_path_factory) -> Store:
    folder = tmp_path_factory.mktemp("hcpcs") / "store"
    return store_of(
        folder,
        ("HCPC2019_CONTR_ANWEB.txt", hcpcs_file(LINES)),
        ("hcpcs_2026q3.txt", "A0100\nJ0200\nJ0400\nQ0300\nV0500\n"),
        ("addendum_b.csv", ADDENDUM),
    )


@pytest.mark.parametrize(
    ("code", "day", "in_use", "why"),
    [
        ("J0200", date(2019, 6, 30), True, ""),
        ("J0200", date(2019, 7, 1), False, "could be used until 2019-06-30"),
        ("J0200", date(2010, 1, 1), True, ""),
        ("J0200", date(2009, 12, 31), False, "came into use on 2010-01-01"),
        ("Q0300", date(2019, 3, 31), False, "came into use on 2019-04-01"),
        ("Q0300", date(2019, 4, 1), True, ""),
        ("A0100", date(2019, 12, 31), True, ""),
        ("A0100", date(2020, 1, 1), None, "was in use in 2019; whether it still is isn't on file"),
    ],
)
def test_a_code_on_both_sides_of_a_day(contractors: Store, code, day, in_use, why) -> None:
    found = HcpcsBook(contractors, day).code(code)
    assert (found.in_use, found.why) == (in_use, why)


@pytest.mark.parametrize(("day", "in_use"), [(date(2017, 12, 31), True), (date(2018, 1, 1), False)])
def test_a_modifier_on_both_sides_of_its_last_day(contractors: Store, day: date, in_use: bool) -> None:
    found = HcpcsBook(contractors, day).modifier("cp")
    assert (found.in_use, found.title, found.exact) == (in_use, "Adjunct to the adjunct", False)


def test_what_is_not_there_is_not_found(contractors: Store, tmp_path: Path) -> None:
    on = HcpcsBook(contractors, date(2019, 1, 1))
    assert (on.code("Z9999"), on.modifier("ZZ"), on.code("A1"), on.modifier("A0100")) == (None, None, None, None)
    with pytest.raises(Refused, match="holds no HCPCS"):
        HcpcsBook(Store(tmp_path), date(2019, 1, 1))


@pytest.mark.parametrize(
    ("code", "in_use", "title", "title_from"),
    [
        ("A0100", True, "Sled, dogs", "opps-2026-07-01-r1"),
        ("J0400", True, "New potion", "opps-2026-07-01-r1"),
        ("J0200", False, "Potion, 10 mg", "hcpcs-2019-01-01-r1"),
        ("Q0300", None, "Late comer", "opps-2026-07-01-r1"),  # discontinued in Addendum B: that alone is no proof
        ("V0500", None, "", None),
    ],
)
def test_three_files_are_put_together(everything: Store, code, in_use, title, title_from) -> None:
    found = HcpcsBook(everything, date(2026, 8, 1)).code(code)
    assert (found.release.name, found.exact) == ("hcpcs-numbers-2026-07-01-r1", True)
    assert (found.in_use, found.title) == (in_use, title)
    assert (found.title_from.name if found.title_from else None) == title_from


def test_the_file_in_force_decides(everything: Store) -> None:
    found = HcpcsBook(everything, date(2019, 2, 1)).code("A0100")
    assert (found.release.name, found.title_from.name) == ("hcpcs-2019-01-01-r1", "hcpcs-2019-01-01-r1")
    assert HcpcsBook(everything, date(2019, 2, 1)).code("J0400") is None


def test_a_list_proves_that_there_is_no_such_code(tmp_path: Path) -> None:
    store = store_of(
        tmp_path / "store",
        ("HCPC2019_CONTR_ANWEB.txt", hcpcs_file(LINES)),
        ("hcpcs_2026q3.txt", "A0100\nB0100\nC0100\n"),
    )
    gone = HcpcsBook(store, date(2026, 9, 30)).code("Q0300")
    assert (gone.in_use, gone.why) == (False, "is not among the codes of 2026Q3")
    later = HcpcsBook(store, date(2026, 10, 1)).code("Q0300")
    assert (later.in_use, later.exact) == (None, False)

"""Addendum B of OPPS: both forms of the file, what is refused and where, and how a code is paid in a quarter."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from tests.codesets_samples import drafts, store_of

from superbill.codesets.opps.importer import AddendumBLayout
from superbill.codesets.opps.lookup import item, statuses
from superbill.codesets.release import Refused, Release
from superbill.codesets.sources import Source
from superbill.codesets.sqlite_file import Draft, Table, write
from superbill.codesets.store import Store

OFFICIAL = (
    '"Addendum B. Payment by HCPCS Code, April 2031",,,,,,,\r\n"A notice, of copyright",,,,,,,\r\n'
    "HCPCS Code,Short Descriptor,SI,APC,Relative Weight,Payment Rate,National Unadjusted Copayment,"
    "Minimum Unadjusted Copayment\r\n"
    '99213,Words of the AMA,V,5012,1.4,"$1,126.50",$30.10,$25.30\r\n'
    "D0120,Words of the ADA,S,5871,,$4.00,,\r\n"
    "J0100,Potion 10 mg,K,1234,,$319.944,.,$63.989\r\n"
    "A0100,Sled,A,,,,,\r\n"
)
SHEET = "HCPCSCode,ShortDescriptor,StatusIndicator,PaymentRate,Changed?,Source\r\nA0100,Sled,E1,,false,2031-07\r\n"


def test_the_official_file(tmp_path: Path) -> None:
    source = Source("addendum_b.csv", OFFICIAL.encode("cp1252"))
    assert AddendumBLayout().recognizes(source)
    (draft,) = drafts(AddendumBLayout(), source, tmp_path)
    assert (draft.release.version, draft.release.effective, draft.release.until) == (
        "2031Q2", date(2031, 4, 1), date(2031, 6, 30),
    )  # fmt: skip
    assert list(draft.tables[0].rows) == [
        ("99213", "", "V", "5012", "1126.50", "30.10", "25.30", "1.4"),
        ("A0100", "Sled", "A", "", "", "", "", ""),
        ("D0120", "", "S", "5871", "4.00", "", "", ""),
        ("J0100", "Potion 10 mg", "K", "1234", "319.944", "", "63.989", ""),
    ]


@pytest.mark.parametrize(
    ("name", "text", "effective", "first"),
    [
        ("January_2032_Web_Addendum_B.csv", OFFICIAL, None, date(2032, 1, 1)),
        ("b.csv", SHEET, None, date(2031, 7, 1)),
        ("b.csv", SHEET, date(2031, 10, 1), date(2031, 10, 1)),
        ("april-1-2031-b.csv", OFFICIAL.replace(", April 2031", ""), None, date(2031, 4, 1)),
    ],
)
def test_the_first_day(tmp_path: Path, name, text, effective, first) -> None:
    (draft,) = drafts(AddendumBLayout(), Source(name, text.encode()), tmp_path, effective)
    assert draft.release.effective == first


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (SHEET + "A010,Sled,E1,,false,2031-07\r\n", "b.csv:3: has code 'A010' with status 'E1'"),
        (SHEET + "A0200,Sled,,,false,2031-07\r\n", "b.csv:3: has code 'A0200' with status ''"),
        (SHEET + "A0200,Sled,S,twelve,false,2031-07\r\n", "b.csv:3: has 'twelve' where an amount is due"),
        (SHEET + "A0200,Sled,S,-12,false,2031-07\r\n", "b.csv:3: has '-12' where an amount is due"),
        (SHEET + "A0200,Sled,S\r\n", "b.csv:3: has 3 columns"),
        (SHEET + "A0100,Sled,S,,false,2031-07\r\n", "b.csv:3: has A0100 again"),
        (SHEET.splitlines()[0] + "\r\n", "b.csv: has no code"),
        (SHEET.replace("2031-07", "2031-77"), "b.csv: doesn't say its quarter"),
        (SHEET.replace("Sled", "Sl\x81d"), "b.csv:2: is not cp1252 text"),
    ],
)
def test_what_is_refused_and_where(tmp_path: Path, text: str, says: str) -> None:
    with pytest.raises(Refused) as refused:
        drafts(AddendumBLayout(), Source("b.csv", text.encode("latin-1")), tmp_path)
    assert str(refused.value).startswith(says)


def test_a_code_in_its_quarter(tmp_path: Path) -> None:
    store = store_of(tmp_path / "store", ("addendum_b.csv", OFFICIAL), ("b.csv", SHEET))
    potion = item(store, "J0100", date(2031, 6, 30))
    assert (potion.rate, potion.least_copayment, potion.copayment, potion.exact) == (
        Decimal("319.944"), Decimal("63.989"), None, True,
    )  # fmt: skip
    assert potion.means.startswith("Drug, biological")
    assert item(store, "A0100", date(2031, 6, 30)).status == "A"
    assert item(store, "A0100", date(2031, 7, 1)).status == "E1"
    assert item(store, "J0100", date(2031, 7, 1)) is None
    assert item(store, "A0100", date(2031, 10, 1)).exact is False


def test_every_status_has_a_meaning_of_our_own() -> None:
    assert len(statuses()) == 29
    assert all(10 < len(meaning) < 110 for meaning in statuses().values())


def test_relative_weights_and_releases_from_before_they_were_read(tmp_path: Path) -> None:
    with_weights = store_of(tmp_path / "new", ("addendum_b.csv", OFFICIAL))
    assert item(with_weights, "99213", date(2031, 6, 30)).weight == Decimal("1.4")
    assert item(with_weights, "J0100", date(2031, 6, 30)).weight is None
    create = (
        "CREATE TABLE item (code TEXT PRIMARY KEY, short TEXT, status TEXT, apc TEXT, rate TEXT, copayment TEXT, "
        "least TEXT)"
    )
    release = Release(system="opps", version="2030Q2", effective=date(2030, 4, 1), source="b.csv", sha256="")
    rows = [("99213", "", "V", "5012", "99.50", "", "")]
    write([Draft(release=release, tables=(Table("item", create, rows),))], tmp_path / "old")
    found = item(Store(tmp_path / "old"), "99213", date(2030, 4, 1))
    assert (found.rate, found.weight) == (Decimal("99.50"), None)

"""Table 5 of the IPPS final rule: groups, weights and days, and what is refused. The rows here are made up."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from superbill.codesets.msdrg.importer import SYSTEM, DrgTableLayout, find
from superbill.codesets.release import Refused
from superbill.codesets.sources import Source
from superbill.codesets.store import Store

TITLE = '"TABLE 5.—LIST OF GROUPS,\nAND LENGTH OF STAY—FY 2026 Final Rule"\t\t\t\t\t\t\t\t\r\n'
HEADER = (
    "MS-DRG \tFY 2026 Final Post-Acute DRG\tFY 2026 Final Special Pay DRG\tMDC\tTYPE\tMS-DRG Title\t"
    "Weights\tGeometric mean LOS\tArithmetic mean LOS\r\n"
)
CAPPED = HEADER.replace("Weights", "Weights - Before Cap\tWeights - 10% Cap Applied ")
FIRST = "001\tNo\tNo\tPRE\tSURG\tNEW HEAD\t28.1664\t28.5\t38.5\r\n"
SECOND = "470\tYes\tYes\t08\tMED\tNEW KNEE\t1.8855\t1.7\t2.1\r\n"
LAST = "999\tNo\tNo\t**\t**\tUNGROUPABLE\t0.0000\t0.0\t0.0\r\n"


def source(text: str, name: str = "Table 5.txt") -> Source:
    return Source(name, text.encode("cp1252"))


def test_the_layout_is_known_by_its_header() -> None:
    layout = DrgTableLayout()
    assert layout.recognizes(source(TITLE + HEADER + FIRST))
    assert layout.recognizes(source(HEADER))
    assert not layout.recognizes(source(TITLE))
    assert not layout.recognizes(source("MS-DRG\tTitle\n"))
    assert not layout.recognizes(Source("x", b"\xff\x00"))


def test_the_groups_by_the_day_of_discharge(tmp_path: Path) -> None:
    store = Store(tmp_path)
    assert find(store, "470", date(2026, 1, 1)) is None
    store.add(DrgTableLayout().drafts(source(TITLE + HEADER + FIRST + "\r\n" + SECOND + LAST), store, None))
    opened = Store(tmp_path)
    knee = find(opened, "470", date(2026, 9, 30))
    assert knee is not None
    assert (knee.mdc, knee.kind, knee.title) == ("08", "MED", "NEW KNEE")
    assert (knee.weight, knee.geometric, knee.arithmetic) == (Decimal("1.8855"), Decimal("1.7"), Decimal("2.1"))
    assert knee.post_acute and knee.special_pay
    head = find(opened, "001", date(2025, 10, 1))
    assert head is not None and head.mdc == "PRE" and not head.post_acute
    none = find(opened, "999", date(2026, 1, 1))
    assert none is not None and (none.mdc, none.kind) == ("", "")
    assert find(opened, "002", date(2026, 1, 1)) is None
    assert find(opened, "470", date(2025, 9, 30)) is None
    assert find(opened, "470", date(2026, 10, 1)) is None
    (release,) = opened.releases(SYSTEM)
    assert (release.version, release.rows) == ("2026", {"msdrg": 3})
    opened.close()


def test_the_capped_weight_is_the_one_that_pays(tmp_path: Path) -> None:
    store = Store(tmp_path)
    row = SECOND.replace("1.8855", "1.7000\t1.8855")
    store.add(DrgTableLayout().drafts(source(TITLE + CAPPED + row), store, None))
    opened = Store(tmp_path)
    knee = find(opened, "470", date(2026, 1, 1))
    assert knee is not None and knee.weight == Decimal("1.8855")
    opened.close()


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (TITLE + HEADER, "Table 5.txt: has no group at all"),
        (TITLE + HEADER + FIRST + FIRST, "Table 5.txt:5: has MS-DRG 001 twice"),
        (TITLE + HEADER + FIRST.replace("28.1664", "n/a"), "Table 5.txt:4: has 'n/a' where a number is due"),
        (TITLE + HEADER + FIRST.replace("28.1664", "-1"), "Table 5.txt:4: has '-1' where a number is due"),
        (TITLE + HEADER + FIRST.replace("28.1664", "NaN"), "Table 5.txt:4: has 'NaN' where a number is due"),
        (TITLE + HEADER + FIRST.replace("SURG", "BOTH"), "Table 5.txt:4: has the type 'BOTH'"),
        (TITLE + HEADER + "001\tNo\r\n", "Table 5.txt:4: has 2 columns"),
        (TITLE + HEADER.replace("MDC", "") + FIRST, "Table 5.txt:3: has no column for 'mdc'"),
    ],
)
def test_what_is_refused_and_where(tmp_path: Path, text: str, says: str) -> None:
    store = Store(tmp_path)
    with pytest.raises(Refused) as refused:
        store.add(DrgTableLayout().drafts(source(text), store, None))
    assert str(refused.value).startswith(says)
    assert list(tmp_path.iterdir()) == []

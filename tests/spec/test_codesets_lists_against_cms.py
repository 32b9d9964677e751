"""Our small code lists against the code systems that CMS publishes: the same codes, the same days."""

import gzip
import json
import re
import zipfile
from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from superbill.codesets import lists
from superbill.codesets.modifier import lookup as modifiers
from superbill.codesets.type_of_bill import lookup as bills

pytestmark = pytest.mark.shared_data
FOLDER = Path(__file__).parents[3] / "shared/data/codesets"
NOT_A_CODE = re.compile(
    r"RESERVED FOR (?!NATIONAL ASSIGNMENT \(NEWBORN)|^RESERVED$|UNASSIGNED|NO DESCRIPTION|OBSOLETE|"
    r"PAYER CODE|PAYER ONLY|NOT USED|^DISCONTINUED|^UNKNOWN( VALUE.*)?$|BYPASS",
    re.IGNORECASE,
)
SINCE = re.compile(r"(?<!TITLE )\bEFF(?:ECTIVE|\.)?\s*(?:ON\s*)?:?\s*(\d{1,2})/(\d{1,2})/(\d{2,4})", re.IGNORECASE)
ANOTHERS_DAY = {("condition_code", "46")}  # its text runs on into that of 47


@cache
def systems() -> dict[str, Any]:
    path = FOLDER / "cms_codesystems_cc0.json.gz"
    if not path.exists():
        pytest.skip("the code systems of CMS are not beside this checkout")
    with gzip.open(path) as stream:
        loaded: dict[str, Any] = json.load(stream)
    return loaded


def theirs(system: str) -> dict[str, str]:
    codes: Mapping[str, str] = systems()[system]["codes"]
    return {code: text for code, text in codes.items() if not NOT_A_CODE.search(text)}


KNOWN: dict[str, tuple[str, str, str]] = {
    # ours: theirs, codes that only they list, codes that only we list
    "revenue": ("CLM-REV-CNTR-CD", "", "0161"),
    "pos": ("CLM-POS-CD", "", ""),
    "condition_code": ("CLM-RLT-COND-CD", "", "60 61 KX"),
    "discharge_status": ("BENE-PTNT-STUS-CD", "", ""),
    "point_of_origin": ("CLM-ADMSN-SRC-CD", "", "3 7 A B C"),
    "admission_type": ("CLM-ADMSN-TYPE-CD", "", ""),
    "adjustment_group": ("ANSI-GRP-CD", "", ""),
    "bill_type": ("CLM-BILL-CLSFCTN-CD", "", ""),
}


@pytest.mark.parametrize("ours", sorted(KNOWN))
def test_the_same_codes(ours: str) -> None:
    system, only_they, only_we = KNOWN[ours]
    mine, other = set(lists.code_list(ours).codes()), set(theirs(system))
    assert sorted(other - mine) == only_they.split()
    assert sorted(mine - other) == only_we.split()


@pytest.mark.parametrize("ours", ["revenue", "condition_code", "discharge_status", "point_of_origin"])
def test_the_same_first_days(ours: str) -> None:
    compared = 0
    for code, text in theirs(KNOWN[ours][0]).items():
        told = SINCE.search(text)
        row = lists.look_up(ours, code)
        if told is None or row is None or (ours, code) in ANOTHERS_DAY:
            continue
        month, day, year = (int(part) for part in told.groups())
        year += 0 if year > 99 else 1900 if year > 80 else 2000
        assert row.valid.start == date(year, month, day), (code, text)
        compared += 1
    assert compared >= {"revenue": 15, "condition_code": 40, "discharge_status": 16, "point_of_origin": 1}[ours]


def test_the_same_frequencies() -> None:
    used = {code[2] for code in systems()["CLM-BILL-FREQ-CD"]["codes"] if re.fullmatch(r"\d{2}[0-9A-Z]", code)}
    assert used - set(bills.all_frequencies()) == {"O"}  # a letter where the digit 0 is meant
    assert set(bills.all_frequencies()) - used == set()


def plain(text: str) -> str:
    return re.sub(r"[^a-z]+", " ", text.lower()).strip()


def test_no_name_is_the_owners_text() -> None:
    same: list[str] = []
    for ours, (system, _, _) in KNOWN.items():
        texts = {plain(text) for text in systems()[system]["codes"].values()}
        for row in lists.code_list(ours).codes().values():
            if len(row.name.split()) > 4 and plain(row.name) in texts:
                same.append(f"{ours} {row.code} {row.name}")
    assert same == []


def test_the_modifiers_of_the_official_file_with_their_days() -> None:
    path = FOLDER / "2019-Alpha-Numeric-HCPCS-File.zip"
    if not path.exists():
        pytest.skip("the HCPCS file of 2019 is not beside this checkout")
    with zipfile.ZipFile(path) as archive:
        text = archive.read("HCPC2019_CONTR_ANWEB.txt").decode("latin-1")
    official = {line[3:5]: line for line in text.splitlines() if line[10:11] == "7"}
    assert len(official) == 360
    for code, line in official.items():
        found = modifiers.modifier(code)
        assert found is not None, code
        if found.level == "cpt":
            continue
        added, ended = (date.fromisoformat(part) if part.strip() else None for part in (line[268:276], line[284:292]))
        assert (found.valid.start, found.valid.end) == (added, ended), code

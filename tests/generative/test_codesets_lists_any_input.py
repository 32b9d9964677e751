"""Whatever is asked or imported: lists answer or say no, importers give rows or refuse, and nothing else happens."""

import io
from collections.abc import Callable, Iterable
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from superbill.codesets import lists
from superbill.codesets.ccsr import lookup as ccsr
from superbill.codesets.gems import lookup as gems
from superbill.codesets.modifier.lookup import trip
from superbill.codesets.msdrg.importer import DrgTableLayout
from superbill.codesets.release import Refused
from superbill.codesets.sources import Source
from superbill.codesets.taxonomy import importer as taxonomy
from superbill.codesets.type_of_bill import lookup as bills

SYSTEMS = [each.system for each in lists.systems()]
DAYS = st.none() | st.dates()


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(SYSTEMS), st.text(max_size=6), DAYS)
def test_any_text_is_a_code_or_none(system: str, code: str, on: date | None) -> None:
    found = lists.look_up(system, code, on)
    assert found is None or (found.system == system and (on is None or on in found.valid))
    assert found is None or lists.check(system)(found.code, on) is True
    for row in lists.search(system, code, on):
        assert on is None or on in row.valid


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet="0123456789ABCxX ", max_size=5), DAYS)
def test_a_type_of_bill_is_one_or_there_is_a_reason(code: str, on: date | None) -> None:
    assert (bills.type_of_bill(code, on) is None) == bool(bills.refusal(code, on))
    assert trip(code) is None or len(code) == 2


@given(st.sampled_from(SYSTEMS), st.data())
def test_every_code_is_found_by_itself_and_its_name(system: str, data: st.DataObject) -> None:
    row = data.draw(st.sampled_from(list(lists.code_list(system).codes().values())))
    assert lists.look_up(system, f" {row.code.lower()} ") == row
    assert row in list(lists.search(system, row.code))


def _drgs(stream: io.BytesIO) -> Iterable[object]:
    layout, source = DrgTableLayout(), Source("x", stream.getvalue())
    return layout.drafts(source, None, None) if layout.recognizes(source) else ()  # type: ignore[arg-type]


READERS: list[Callable[[io.BytesIO], Iterable[object]]] = [taxonomy.read, gems.read, ccsr.read, _drgs]
PIECES = [
    ",".join(taxonomy.COLUMNS).encode(), b"111A00000X", b"0010  A000    00000", b"\n", b"\r\n", b'"', b"'", b",", b"\t",
    b"MS-DRG\tFY 2026 Post-Acute DRG\tFY 2026 Special Pay DRG\tMDC\tTYPE\tMS-DRG Title\tWeights\tGeometric mean LOS\t"
    b"Arithmetic mean LOS\r\n", b"001\tNo\tNo\tPRE\tSURG\tX\t1\t1\t1", b"\xff", b"\x00", b"\xef\xbb\xbf",
    b"'ICD-10-CM CODE'",
]  # fmt: skip


@pytest.mark.parametrize("read", READERS, ids=["taxonomy", "gems", "ccsr", "drg"])
@settings(max_examples=150, deadline=None)
@given(data=st.lists(st.sampled_from(PIECES) | st.binary(max_size=12), max_size=12).map(b"".join))
def test_any_bytes_are_rows_or_refused(read: Callable[[io.BytesIO], Iterable[object]], data: bytes) -> None:
    try:
        assert all(row is not None for row in read(io.BytesIO(data)))
    except Refused as refused:
        assert refused.place

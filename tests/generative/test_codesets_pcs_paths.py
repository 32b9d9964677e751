"""Whatever codes an order file has: every path of values ends in one of them, and each is reached, once."""

import tempfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st
from tests.codesets_samples import order_file

from superbill.codesets.icd10cm.order import OrderLayout
from superbill.codesets.icd10pcs.lookup import PcsBook
from superbill.codesets.sources import Source
from superbill.codesets.store import Store

ON = date(2030, 1, 1)
_CHARACTERS = st.sampled_from("0129BDXYZ")
_WORDS = st.lists(st.sampled_from(["Left", "Right", "Worm", "to", "with", "Open", ",", "of"]), min_size=1, max_size=6)
_CODES = st.dictionaries(
    st.tuples(st.sampled_from("0BX"), *[_CHARACTERS] * 6).map("".join), _WORDS.map(" ".join), min_size=1, max_size=40
)


def paths(book: PcsBook, prefix: str = "") -> Iterator[str]:
    values = book.values(prefix)
    assert len({value.character for value in values}) == len(values)
    assert all(value.label for value in values)
    if not values:
        yield prefix
    for value in values:
        yield from paths(book, prefix + value.character)


@given(_CODES)
def test_every_path_ends_in_a_code_and_every_code_is_reached(titles: dict[str, str]) -> None:
    titles = {"0010000": "An official file begins in section 0", **titles}
    headers = {code[:3]: f"Organs, Operation {code[2]}" for code in titles}
    rows = sorted((headers | titles).items())
    with tempfile.TemporaryDirectory() as folder:
        store = Store(Path(folder))
        store.add(OrderLayout().drafts(Source("order_2030.txt", order_file(rows).encode()), store, None))
        store = Store(Path(folder))
        book = PcsBook(store, ON)
        assert list(paths(book)) == sorted(titles)
        for code in titles:
            assert book.build(code).code == book.code(code)
            assert [each.code for each in book.complete(code[:4])] == sorted(
                each for each in titles if each.startswith(code[:4])
            )
        store.close()

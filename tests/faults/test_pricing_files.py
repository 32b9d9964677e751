"""Whatever a contract, a fee schedule or a rate sheet says: it is read, or refused with a place, and nothing else."""

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.cli_runs import CLINIC
from tests.contracts import TABLES, beside

from superbill.pricing import clause_import, fee_import
from superbill.pricing.contract import Contract
from superbill.pricing.contract_file import read_contract, read_fees, read_weights
from superbill.pricing.contract_model import ContractError
from superbill.pricing.table_import import read_table

GOOD = (
    (CLINIC / "contract-blue-peak-2026.toml").read_text()
    + """
[[terms]]
id = "r"
scope = { bills = ["011X"], revenue_codes = ["0110-0169"], drgs = ["001-999"], claims = ["institutional"] }
pays = { method = "per-diem", days = [{ through = 3, rate = 1_800_00 }, { rate = 1_200_00 }] }

[[reductions]]
id = "mp"
scope = { codes = ["10004-69990"] }
percents = ["1", "0.5"]

[[stop_loss]]
id = "s"
threshold = 50_000_00
percent = "0.7"
"""
)
FILES = {**TABLES, "contract-blue-peak-injections.csv": (CLINIC / "contract-blue-peak-injections.csv").read_text()}
pieces = st.one_of(
    st.text(max_size=6),
    st.sampled_from(
        ['"', "=", "[", "]", "{", "}", "-1", "99", '"NaN"', "2026-02-30", "[[terms]]", "after", "=\n", ",", "-", "_"]
    ),
)


@st.composite
def spoiled(draw, text):
    """A text with a few places cut out or written over."""
    for _ in range(draw(st.integers(1, 3))):
        start = draw(st.integers(0, len(text)))
        text = text[:start] + draw(pieces) + text[start + draw(st.integers(0, 12)) :]
    return text


@settings(deadline=None, max_examples=200)
@given(spoiled(GOOD))
def test_a_spoiled_contract_is_read_or_refused_with_its_file(text):
    try:
        found = read_contract(text, "c.toml", beside(FILES))
    except ContractError as refused:
        assert refused.told
        assert all(told.startswith(("c.toml", "contract-")) for told in refused.told)
    else:
        assert isinstance(found, Contract)


cells = st.one_of(
    st.text(st.characters(exclude_categories=["Cs"]), max_size=8),
    st.sampled_from(
        ["99213", "20610", "2026-01-01", "80", "$1,200.50", "per-diem", "flat", "3:1800; 1200", "62%", "", "NaN", "-5"]
    ),
)
sheets = st.lists(st.lists(cells, max_size=6).map(",".join), max_size=6)


@settings(deadline=None, max_examples=200)
@given(
    st.sampled_from(["code,modifier,start,amount", "drg,start,weight", "id,method,percent,amount,days,codes", ""]),
    sheets,
)
def test_a_table_of_anything_is_read_or_refused_row_by_row(head, rows):
    lines = [head, *rows]
    readers = (
        lambda: read_fees(lines, "f.csv"),
        lambda: read_weights(lines, "f.csv"),
        lambda: clause_import.read_clauses(lines, "f.csv"),
        lambda: fee_import.read_rows(read_table(lines, "f.csv", {}, fee_import.FIELDS, fee_import.REQUIRED), None),
    )
    for read in readers:
        try:
            read()
        except ContractError as refused:
            assert all(told.startswith("f.csv") for told in refused.told)

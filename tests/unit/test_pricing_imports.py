"""Fee schedules and clauses from a payer's CSV: read by a mapping, shown as changes, refused cell by cell."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from superbill.pricing.clause_import import FIELDS, clause_text, read_clauses
from superbill.pricing.contract_file import read_contract, read_fees
from superbill.pricing.contract_model import ContractError, PercentOfCharge, PerDiem, Scope, Term, Tier
from superbill.pricing.fee_import import FIELDS as FEE_FIELDS
from superbill.pricing.fee_import import REQUIRED, changes, merged, read_rows
from superbill.pricing.table_import import amount, day, part, read_mapping, read_table

START = date(2027, 1, 1)
OLD = read_fees(
    ["code,modifier,start,amount", "99213,,2026-01-01,80", "99214,,2026-01-01,120", "93000,26,2026-01-01,10"], "old.csv"
)


def rows(*lines, mapping="", start=START):
    table = read_table(lines, "rates.csv", read_mapping(mapping, FEE_FIELDS), FEE_FIELDS, REQUIRED)
    return read_rows(table, start)


def test_columns_are_found_below_a_title_and_whatever_their_case():
    found = rows(
        "Rates of 2027,,",
        ",,",
        "CPT,mod,RATE",
        "99213,,$85.00",
        '93000,26,"1,010.50"',
        mapping="code=cpt,modifier=Mod,amount=Rate",
    )
    assert found == {("99213", START): 85_00, ("93000-26", START): 1_010_50}


def test_a_preview_says_what_is_added_raised_lowered_and_ended():
    new = rows("code,amount", "99213,85", "99214,115", "99215,180")
    found = {each.key: (each.kind, each.before, each.after) for each in changes(OLD, new, ends=START)}
    assert found == {
        "99213": ("raised", 80_00, 85_00),
        "99214": ("lowered", 120_00, 115_00),
        "99215": ("added", None, 180_00),
        "93000-26": ("ended", 10_00, None),
    }
    assert [each.kind for each in changes(OLD, rows("code,amount", "99213,80"))] == ["unchanged"]


def test_what_is_written_keeps_old_fees_until_the_new_begin():
    text = merged(OLD, changes(OLD, rows("code,amount", "99213,85"), ends=START))
    new = read_fees(text.splitlines(), "new.csv")
    days = [date(2026, 1, 1), date(2026, 12, 31), START]
    assert [new.fee("99213", each) for each in days] == [80_00, 80_00, 85_00]
    assert [new.fee("99214", each) for each in days] == [120_00, 120_00, None]


@pytest.mark.parametrize(
    ("lines", "mapping", "says"),
    [
        (["CPT,Rate", "99213,80"], "", "rates.csv:1: no column for code (column 'code'), amount (column 'amount')"),
        (["code,amount"], "", "rates.csv: has no row below its head"),
        (["code,amount", "99213,eighty"], "", "rates.csv:2: column 'amount': not an amount of money: 'eighty'"),
        (["code,amount", "99213,80.005"], "", "rates.csv:2: column 'amount': an amount has at most two decimals"),
        (["code,amount", "99-13,80"], "", "rates.csv:2: column 'code': not a code: '99-13'"),
        (["code,modifier,amount", "99213,123,80"], "", "rates.csv:2: column 'modifier': a modifier has two characters"),
        (["code,amount,start", "99213,80,13/1/2027"], "", "rates.csv:2: column 'start': not a day"),
        (
            ["code,amount", "99213,80", "99213,81"],
            "",
            "rates.csv:3: 99213 has another amount in row 2 from the same day",
        ),
        (["code,amount", "99213,80"], "cod=CPT", "--map: 'cod' is none of"),
        (["code,amount", "99213,80"], "code", "--map: 'code': write FIELD=COLUMN"),
    ],
)
def test_what_cannot_be_meant_is_told_with_row_and_column(lines, mapping, says):
    with pytest.raises(ContractError) as refused:
        rows(*lines, mapping=mapping)
    assert says in str(refused.value)


def test_a_row_without_a_first_day_needs_one_from_the_command():
    with pytest.raises(ContractError, match="no first day"):
        rows("code,amount", "99213,80", start=None)


@pytest.mark.parametrize(
    ("read", "good", "bad"),
    [
        (amount, {"$1,234.50": 1_234_50, "85": 85_00, ".5": 50}, ["1,23", "-5", "1.2.3", ""]),
        (part, {"115%": Decimal("1.15"), "62.5 %": Decimal("0.625"), "1.15": Decimal("1.15")}, ["115", "-1", "x"]),
        (day, {"2027-01-31": date(2027, 1, 31), "1/31/2027": date(2027, 1, 31)}, ["31/1/2027", "2027-13-01", "x"]),
    ],
    ids=["amounts", "parts", "days"],
)
def test_cells_are_read_as_people_write_them(read, good, bad):
    assert {text: read(text) for text in good} == good
    for text in bad:
        with pytest.raises(ValueError, match=r"\S"):
            read(text)


@settings(deadline=None)
@given(st.dictionaries(st.sampled_from(["99213", "99214", "99215", "36415"]), st.integers(0, 10**6), min_size=1))
def test_importing_what_is_on_file_changes_nothing(fees):
    text = merged(None, changes(None, {(code, START): cents for code, cents in fees.items()}))
    on_file = read_fees(text.splitlines(), "fees.csv")
    again = changes(on_file, rows(*text.splitlines()), ends=START)
    assert {each.kind for each in again} == {"unchanged"}
    assert merged(on_file, again) == text


# --- clauses --------------------------------------------------------------------------------------------------------

SHEET = [
    "Section,What,How,Pct,Rate,Tiers,Revenue,Apart",
    "1,,percent-of-charge,62%,,,,",
    "2,99202-99215 99381,percent-of-medicare,115 %,,,,",
    "3,,per-diem,,,3:1800; 1200,0110-0169,",
    "4,J0120-J9999,flat,,12.50,,,yes",
]
MAP = "id=Section,codes=What,method=How,percent=Pct,amount=Rate,days=Tiers,revenue_codes=Revenue,carve_out=Apart"


def clauses(*lines, mapping=MAP):
    return read_clauses(lines, "sheet.csv", read_mapping(mapping, FIELDS))


def test_a_rate_sheet_becomes_clauses_and_its_own_file_gives_them_back():
    found = clauses(*SHEET)
    assert found[0] == Term(id="1", pays=PercentOfCharge(percent=Decimal("0.62")))
    assert found[1].scope == Scope(codes=("99202-99215", "99381"))
    assert found[2].pays == PerDiem(days=(Tier(rate=1_800_00, through=3), Tier(rate=1_200_00)))
    assert found[3].carve_out
    assert read_clauses(clause_text(found).splitlines(), "again.csv") == found


@pytest.mark.parametrize(
    ("row", "says"),
    [
        ("9,,half,,,,,", "sheet.csv:2: column 'How': 'half' is none of percent-of-medicare"),
        (",,flat,,5,,,", "sheet.csv:2: column 'Section': give the clause an id"),
        ("9,,flat,50%,5,,,", "sheet.csv:2: column 'Pct': flat has no percent. Leave the cell empty"),
        ("9,,percent-of-charge,62,,,,", "sheet.csv:2: column 'Pct': a part, or a percentage with its sign"),
        ("9,,flat,,,,,", "sheet.csv:2: Object missing required field `amount`"),
        ("9,,per-diem,,,x:1,0120,", "sheet.csv:2: column 'Tiers': write the last day and the rate"),
        ("9,,flat,,5,,,perhaps", "sheet.csv:2: column 'Apart': yes or no"),
    ],
)
def test_a_clause_that_cannot_be_meant_is_told_with_row_and_column(row, says):
    with pytest.raises(ContractError) as refused:
        clauses(SHEET[0], row)
    assert says in str(refused.value)


def test_a_contract_takes_clauses_from_a_csv_beside_it_and_checks_them_with_its_own():
    head = 'key = "k"\npayer = "p"\nstart = 2026-01-01\nclauses = "sheet.csv"\n'
    files = {"sheet.csv": clause_text(clauses(*SHEET))}
    assert [term.id for term in read_contract(head, "c.toml", files.__getitem__).agreement.terms] == [
        "1",
        "2",
        "3",
        "4",
    ]
    more = head + '[[terms]]\nid = "9"\npays = { method = "flat", amount = 1 }\n'
    with pytest.raises(ContractError, match="'1': scope: names the same as '9'"):
        read_contract(more, "c.toml", files.__getitem__)

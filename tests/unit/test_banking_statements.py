"""Statement files: every format says the same of the same account, and what is wrong is told with its place."""

from datetime import date

import pytest
from tests.banking_samples import ALL, BAI2, CAMT, CSV, OFX

from superbill.banking import StatementError, guess_mapping, read_mapping, read_statement
from superbill.banking.amounts import parse_amount
from superbill.banking.csv_mapping import mapping_text
from superbill.banking.trace import Trace, find_trace
from superbill.money import MoneyError


def read(text, **options):
    return read_statement(text if isinstance(text, bytes) else text.encode(), "s", account="987654321", **options)


@pytest.mark.parametrize("form", ALL)
def test_every_format_says_the_same_of_the_same_account(form):
    found = read(ALL[form])
    assert [(line.account, line.booked_on, line.amount) for line in found.lines] == [
        ("987654321", date(2026, 11, 2), 1234_50),
        ("987654321", date(2026, 11, 3), 210_00),
        ("987654321", date(2026, 11, 4), -25_00),
    ]
    first, slip, fee = found.lines
    assert (first.trace, first.originator) == ("0000017401", "1123456789")
    assert "AETNA" in first.text
    assert "DEPOSIT SLIP 17" in slip.text
    assert "SERVICE CHARGE" in fee.text
    assert not slip.trace
    assert len({line.id for line in found.lines}) == 3


@pytest.mark.parametrize("form", ALL)
def test_the_same_line_has_the_same_id_whenever_its_file_is_read(form):
    assert read(ALL[form]).lines == read(ALL[form]).lines


def test_two_equal_lines_of_a_day_are_two_and_an_overlapping_statement_has_the_same_two():
    row = '11/03/2026,DEPOSIT SLIP 17,210.00,17,"5,210.00"\n'
    twice = read(CSV.replace(row, row * 2)).lines
    later = read(CSV.split("11/02/2026")[0] + row * 2 + "11/06/2026,MORE,1.00,,\n").lines
    assert len({line.id for line in twice}) == 4
    assert [line.id for line in twice[1:3]] == [line.id for line in later[:2]]


def test_the_bank_s_day_is_the_day_it_writes_whatever_its_zone():
    assert read(OFX).lines[0].booked_on == date(2026, 11, 2)  # 23:30 in New York is the next day in London


DATES = {"2026-11-13": "ymd", "11/13/2026": "mdy", "13/11/2026": "dmy", "13.11.2026": "dots", "Nov 13, 2026": "words"}


@pytest.mark.parametrize("written", DATES, ids=DATES.get)
def test_dates_are_read_in_the_only_form_that_fits(written):
    found = read(f'Date;Payee;Amount\n"{written}";x;-5.00\n')
    assert [line.booked_on for line in found.lines] == [date(2026, 11, 13)]


COLUMNS = {
    "one signed column": ("Date,Amount\n1/2/2026,-5.00\n", -500),
    "debit and credit": ("Date,Debit,Credit\n1/2/2026,5.00,\n", -500),
    "debit written negative": ("Date,Withdrawals,Deposits\n1/2/2026,-5.00,0.00\n", -500),
    "credit": ("Date,Debit,Credit\n1/2/2026,,\"$1,000.05\"\n", 1000_05),
    "a word for the side": ("Date,Type,Amount\n1/2/2026,DEBIT,5.00\n1/2/2026,CREDIT,1.00\n", -500),
    "a side behind the amount": ("Date,Amount\n1/2/2026,5.00 DR\n", -500),
    "european": ("Date;Amount\n1/2/2026;-1.234,50\n", -1234_50),
    "tabs": ("Date\tAmount\n1/2/2026\t(5.00)\n", -500),
    "booked or not": ("Date,Amount,Status\n1/2/2026,7.00,Pending\n1/2/2026,-5.00,Posted\n", -500),
}  # fmt: skip


@pytest.mark.parametrize("form", COLUMNS)
def test_columns_and_signs_are_told_by_what_is_in_them(form):
    text, amount = COLUMNS[form]
    assert read(text).lines[0].amount == amount


def test_a_mapping_says_what_a_header_does_not():
    mapping = read_mapping(
        'date = "When"\namount = "Betrag"\ntext = ["What"]\nsign = "debit positive"\ndate_format = "%d.%m.%Y"\n'
        'decimal = ","\ndelimiter = ";"\n',
        "m.toml",
    )
    assert read("When;Betrag;What\n03.11.2026;1.000,00;x\n", mapping=mapping).lines[0].amount == -1000_00
    assert read_mapping(mapping_text(mapping), "m.toml") == mapping


def test_the_guess_can_be_written_down_and_read_again():
    guess = guess_mapping(CSV.encode(), "s")
    assert (guess.date, guess.amount, guess.reference, guess.header_line) == (
        "Posting Date", "Amount", "Check or Slip #", 4,
    )  # fmt: skip
    assert read_mapping(mapping_text(guess), "m.toml") == guess


@pytest.mark.parametrize(
    "text, cents",
    [("1,234.50", 123450), ("$12", 1200), ("(12.00)", -1200), ("12.00-", -1200), ("-$5", -500), ("$-5.1", -510),
     ("12.00 CR", 1200), ("12.00DR", -1200), ("−3.00", -300), ("1'000.00", 100000), (" .05 ", 5)],
)  # fmt: skip
def test_amounts_as_banks_write_them(text, cents):
    assert parse_amount(text) == cents


@pytest.mark.parametrize(
    "text", ["", "12,34.50", "1,23", "1.234", "--5", "-5-", "1e3", "NaN", "five", "1.2.3", "$", "٣"]
)
def test_what_is_no_amount_is_refused_not_guessed(text):
    with pytest.raises(MoneyError):
        parse_amount(text)


TRACES = {
    "TRN*1*0000017401*1123456789\\": Trace("0000017401", "1123456789"),
    "pmt TRN*1*0000017401*1123456789*EXTRA~ more": Trace("0000017401", "1123456789"),
    "TRN*1*00000 17401*1123456789\\": Trace("0000017401", "1123456789"),
    "trn*1*ab-12~": Trace("AB-12"),
    "TRN*1*A1*1123456789\\ TRN*1*A1*1123456789\\": Trace("A1", "1123456789"),
    "TRN*1*A1*1123456789\\ TRN*1*B2*1123456789\\": None,
    "TRACE NO 0000017401": None,
    "RETRN*2*5": None,
}


@pytest.mark.parametrize("text", TRACES)
def test_the_payer_s_trace_number_is_found_in_the_addendum(text):
    assert find_trace(text) == TRACES[text]


BOMB = '<!DOCTYPE a [<!ENTITY b "x"><!ENTITY c "&b;&b;&b;">]>'
BAD = {
    "empty": (b"  \n", "is empty"),
    "a picture": (b"\x89PNG\x00\x01\x02\x81", "not a text file"),
    "a pdf": (b"%PDF-1.4 x", "no bank statement"),
    "no header": (b"1,2,3\n4,5,6\n", "no header"),
    "a day that is none": (b"Date,Amount\n11/31/2026,5\n", "no form that is known"),
    "an amount that is none": (b"Date,Amount\n1/2/2026,five\n", "no amount of money"),
    "both sides": (b"Date,Debit,Credit\n1/2/2026,1.00,2.00\n", "s:2.*both a debit and a credit"),
    "euros in a CSV": (b"Date,Amount,Currency\n1/2/2026,1.00,EUR\n", "s:2.*EUR is not dollars"),
    "broken quotes": (b'Date,Amount\n1/2/2026,"5\n', "not CSV"),
    "OFX cut off": (OFX[:900].encode(), "cut off"),
    "OFX without its end of a line": (OFX.replace("</STMTTRN>", "", 1).encode(), "s:16.*does not end"),
    "OFX in euros": (OFX.replace("USD", "EUR").encode(), "s:14.*EUR"),
    "OFX without an amount": (OFX.replace("210.00", "lots").encode(), "s:19.*TRNAMT"),
    "OFX without a day": (OFX.replace("20261103<", "20261303<").encode(), "s:19.*DTPOSTED"),
    "OFX with a bomb": ((BOMB + OFX).encode(), "declarations"),
    "BAI2 cut off": (BAI2[: BAI2.index("\n98,2500")].encode(), "cut off"),
    "BAI2 with another amount": (BAI2.replace("16,175,21000", "16,175,21100").encode(), "s:11.*control total"),
    "BAI2 with a line less": (BAI2.replace("16,890,,,,,NOTE TO OUR CUSTOMERS\n", "").encode(), "number of records"),
    "BAI2 in euros": (BAI2.replace("2359,USD", "2359,EUR").encode(), "s:2.*EUR"),
    "BAI2 with a strange type": (BAI2.replace("16,698", "16,798").encode(), "s:15.*798"),
    "BAI2 out of order": (BAI2.replace("03,987654321,USD,/\n", "").encode(), "outside of an account"),
    "OFX with a section that does not end": (OFX.replace("<MEMO>", "<MEMO><![CDATA[" * 9).encode(), "s:17.*CDATA"),
    "an amount as long as a book": (b"Date,Amount\n1/2/2026,1" + b" " * 100_000 + b"2\n", "no amount of money"),
    "BAI2 without end": (BAI2.replace("16,165", "88,x\n" * 1100 + "16,165").encode(), "more than 1000 lines"),
    "CAMT cut off": (CAMT[:-40].encode(), "not whole XML"),
    "CAMT with a bomb": (CAMT.replace("<Document", BOMB + "<Document", 1).encode(), "declares types or entities"),
    "CAMT in euros": (CAMT.replace('"USD"', '"EUR"').encode(), "EUR"),
    "CAMT that does not add up": (CAMT.replace("5419.50", "5419.51").encode(), "do not make"),
    "CAMT of another kind": (CAMT.replace("BkToCstmrStmt", "BkToCstmrDbtCdtNtfctn").encode(), "camt.054"),
    "CAMT without a side": (CAMT.replace("DBIT", "LEFT").encode(), "entry 3.*CRDT nor DBIT"),
}  # fmt: skip


@pytest.mark.parametrize("kind", BAD)
def test_what_can_not_be_read_is_refused_whole_with_its_place(kind):
    data, message = BAD[kind]
    with pytest.raises(StatementError, match=message):
        read(data)


def test_a_file_without_its_account_asks_for_it():
    with pytest.raises(StatementError, match="--account"):
        read_statement(b"Date,Amount\n1/2/2026,5\n", "s")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_banks_write_in_several_encodings(encoding):
    found = read("Date,Amount,Description\n1/2/2026,5.00,CAFÉ\n".encode(encoding))
    assert [line.text for line in found.lines] == ["CAFÉ"]


def test_what_is_passed_over_is_told():
    assert read(CAMT).notes == ("s: entry 4 of statement 1: passed over, not booked yet (PDNG)",)
    assert read("Date,Amount,Description\n1/1/2026,,Opening balance\n1/2/2026,5.00,x\n").notes == (
        "s:2: passed over, no amount",
    )
    interim = read(BAI2.replace("261104,2359,,2/", "261104,1200,,3/"))
    assert len(interim.lines) == 2
    assert "not final yet" in interim.notes[0]

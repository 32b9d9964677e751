"""Statements of one account in every format, made by hand: the same three lines in each."""

from datetime import date

from superbill.banking import BankLine, Payment

TRN = "TRN*1*0000017401*1123456789\\"
AETNA_TEXT = f"AETNA A04 HCCLAIMPMT {TRN}"

CSV = f"""Account activity for …4321
As of,11/05/2026

Posting Date,Description,Amount,Check or Slip #,Balance
11/02/2026,"{AETNA_TEXT}","1,234.50",,"5,000.00"
11/03/2026,DEPOSIT SLIP 17,210.00,17,"5,210.00"
11/04/2026,SERVICE CHARGE,(25.00),,"5,185.00"
"""

OFX = f"""OFXHEADER:100
DATA:OFXSGML
VERSION:102
SECURITY:NONE
ENCODING:USASCII
CHARSET:1252
COMPRESSION:NONE
OLDFILEUID:NONE
NEWFILEUID:NONE

<OFX><SIGNONMSGSRSV1><SONRS><STATUS><CODE>0<SEVERITY>INFO</STATUS>
<DTSERVER>20261105<LANGUAGE>ENG</SONRS></SIGNONMSGSRSV1>
<BANKMSGSRSV1><STMTTRNRS><TRNUID>1<STATUS><CODE>0<SEVERITY>INFO</STATUS>
<STMTRS><CURDEF>USD<BANKACCTFROM><BANKID>011000015<ACCTID>987654321<ACCTTYPE>CHECKING</BANKACCTFROM>
<BANKTRANLIST><DTSTART>20261101<DTEND>20261105
<STMTTRN><TRNTYPE>CREDIT<DTPOSTED>20261102233000[-5:EST]<TRNAMT>1234.50<FITID>F1<NAME>AETNA A04 HCCLAIMPMT
<MEMO>{TRN}
</STMTTRN>
<STMTTRN><TRNTYPE>DEP<DTPOSTED>20261103<TRNAMT>210.00<FITID>F2<NAME>DEPOSIT SLIP 17</STMTTRN>
<STMTTRN><TRNTYPE>SRVCHG<DTPOSTED>20261104<TRNAMT>-25.00<FITID>F3<NAME>SERVICE CHARGE &amp; TAX</STMTTRN>
</BANKTRANLIST><LEDGERBAL><BALAMT>5185.00<DTASOF>20261105</LEDGERBAL></STMTRS></STMTTRNRS></BANKMSGSRSV1></OFX>
"""

OFX2 = f"""<?xml version="1.0" encoding="UTF-8"?>
<?OFX OFXHEADER="200" VERSION="211" SECURITY="NONE" OLDFILEUID="NONE" NEWFILEUID="NONE"?>
<OFX><BANKMSGSRSV1><STMTTRNRS><STMTRS><CURDEF>USD</CURDEF>
<BANKACCTFROM><BANKID>011000015</BANKID><ACCTID>987654321</ACCTID></BANKACCTFROM><BANKTRANLIST>
<STMTTRN><TRNTYPE>CREDIT</TRNTYPE><DTPOSTED>20261102</DTPOSTED><TRNAMT>1234.50</TRNAMT><FITID>F1</FITID>
<NAME>AETNA A04 HCCLAIMPMT</NAME><MEMO><![CDATA[{TRN}]]></MEMO></STMTTRN>
<STMTTRN><TRNTYPE>DEP</TRNTYPE><DTPOSTED>20261103</DTPOSTED><TRNAMT>210,00</TRNAMT><FITID>F2</FITID>
<NAME>DEPOSIT SLIP 17</NAME></STMTTRN>
<STMTTRN><TRNTYPE>SRVCHG</TRNTYPE><DTPOSTED>20261104</DTPOSTED><TRNAMT>-25.00</TRNAMT><FITID>F3</FITID>
<NAME>SERVICE CHARGE</NAME></STMTTRN></BANKTRANLIST></STMTRS></STMTTRNRS></BANKMSGSRSV1></OFX>
"""

BAI2 = """01,011000015,LAKESIDE,261105,0600,1,,,2/
02,LAKESIDE,011000015,1,261102,2359,USD,2/
03,987654321,USD,010,400000,,,015,523450,,/
16,165,123450,Z,B1,,AETNA A04 HCCLAIMPMT TRN*1*00000
88,17401*1123456789\\
49,1046900,4/
98,1046900,1,6/
02,LAKESIDE,011000015,1,261103,2359,USD,2/
03,987654321,USD,/
16,175,21000,S,0,0,21000,B2,17,DEPOSIT SLIP 17
49,21000,3/
98,21000,1,5/
02,LAKESIDE,011000015,1,261104,2359,,2/
03,987654321,,/
16,698,2500,,B3,,SERVICE CHARGE, MONTHLY
16,890,,,,,NOTE TO OUR CUSTOMERS
49,2500,4/
98,2500,1,6/
99,1070400,3,19/
"""


def _entry(day: str, amount: str, way: str, reference: str, text: str, more: str = "") -> str:
    return (
        f'<Ntry><Amt Ccy="USD">{amount}</Amt><CdtDbtInd>{way}</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts>'
        f"<BookgDt><Dt>{day}</Dt></BookgDt><AcctSvcrRef>{reference}</AcctSvcrRef>"
        f"<NtryDtls><TxDtls>{more}<RmtInf><Ustrd>{text}</Ustrd></RmtInf></TxDtls></NtryDtls></Ntry>"
    )


def _balance(code: str, amount: str) -> str:
    return (
        f'<Bal><Tp><CdOrPrtry><Cd>{code}</Cd></CdOrPrtry></Tp><Amt Ccy="USD">{amount}</Amt>'
        "<CdtDbtInd>CRDT</CdtDbtInd><Dt><Dt>2026-11-05</Dt></Dt></Bal>"
    )


CAMT = (
    '<?xml version="1.0" encoding="UTF-8"?><Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08">'
    "<BkToCstmrStmt><GrpHdr><MsgId>1</MsgId></GrpHdr><Stmt><Id>S1</Id>"
    "<Acct><Id><Othr><Id>987654321</Id></Othr></Id><Ccy>USD</Ccy></Acct>"
    + _balance("OPBD", "4000.00")
    + _balance("CLBD", "5419.50")
    + _entry(
        "2026-11-02", "1234.50", "CRDT", "C1", f"HCCLAIMPMT {TRN}",
        "<RltdPties><Dbtr><Pty><Nm>AETNA A04</Nm></Pty></Dbtr></RltdPties>",
    )
    + _entry("2026-11-03", "210.00", "CRDT", "C2", "DEPOSIT SLIP 17")
    + _entry("2026-11-04", "25.00", "DBIT", "C3", "SERVICE CHARGE")
    + '<Ntry><Amt Ccy="USD">9.00</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts><Cd>PDNG</Cd></Sts></Ntry>'
    + "</Stmt></BkToCstmrStmt></Document>"
)  # fmt: skip

ALL = {"csv": CSV, "ofx": OFX, "ofx 2": OFX2, "bai2": BAI2, "camt.053": CAMT}


def line(number: int, amount: int, day: date, text: str = "", *, trace: str = "", originator: str = "") -> BankLine:
    """A bank line whose id is its number."""
    return BankLine(
        account="987654321",
        booked_on=day,
        amount=amount,
        text=text,
        trace=trace,
        originator=originator,
        id=f"line{number}",
    )


def eft(key: str, amount: int, day: date, *, trace: str = "", originator: str = "", name: str = "Aetna") -> Payment:
    """An 835 paid by EFT."""
    return Payment(key=key, kind="eft", amount=amount, on=day, trace=trace, originator=originator, names=(name,))

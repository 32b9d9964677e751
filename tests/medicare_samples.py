"""Small Medicare files in the official layouts, with invented values, and a store made of them."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path

from superbill.pricing.medicare import Line, Locality, Medicare, Setting
from tests.codesets_samples import store_of

HERE = Locality("99102", "ZZ", "01")
DAY = date(2031, 8, 4)

_TITLE = (
    ",,2031 National Physician Fee Schedule Relative Value File July Release",
    ",,A notice of copyright",
    "",
    ",,,,,,,,,,,,,,,,,,,,,,,,,,,,,NON-FACILITY,FACILITY,",
    ",,,,NOT USED,,,,,,,,,,,,,,,,,,,,,,PHYSICIAN,,DIAGNOSTIC,PE USED,PE USED,MP USED",
    ",,,,FOR,,,NON-FAC,,FACILITY,,,,,,,,,,,,,,,,,SUPERVISION OF,,IMAGING,FOR OPPS,FOR OPPS,FOR OPPS",
    ",,,STATUS,MEDICARE,WORK,NON-FAC,NA,FACILITY,NA,MP,NON-FACILITY,FACILITY,PCTC,GLOB,PRE,INTRA,POST,MULT,BILAT,ASST,"
    "CO-,TEAM,PRIC,ENDO,CONV,DIAGNOSTIC,CALCULATION,FAMILY,PAYMENT,PAYMENT,PAYMENT",
    "HCPCS,MOD,DESCRIPTION,CODE,PAYMENT,RVU,PE RVU,INDICATOR,PE RVU,INDICATOR,RVU,TOTAL,TOTAL,IND,DAYS,OP,OP,OP,PROC,"
    "SURG,SURG,SURG,SURG,IND,BASE,FACTOR,PROCEDURES,FLAG,INDICATOR,AMOUNT,AMOUNT,AMOUNT",
)
_PLACES = {
    "code": 0, "modifier": 1, "status": 3, "work": 5, "office": 6, "office_na": 7, "facility": 8, "facility_na": 9,
    "malpractice": 10, "components": 13, "global_days": 14, "pre": 15, "intra": 16, "post": 17, "multiple": 18,
    "bilateral": 19, "assistant": 20, "cosurgeons": 21, "team": 22, "pricing": 23, "base": 24, "factor": 25,
    "supervision": 26, "flag": 27, "family": 28, "cap_office": 29, "cap_facility": 30, "cap_malpractice": 31,
}  # fmt: skip
_PLAIN = {
    "status": "A", "work": "0.00", "office": "0.00", "facility": "0.00", "malpractice": "0.00", "components": "0",
    "global_days": "XXX", "pre": "0.00", "intra": "0.00", "post": "0.00", "multiple": "0", "bilateral": "0",
    "assistant": "0", "cosurgeons": "0", "team": "0", "pricing": "9", "factor": "10.0000", "supervision": "09",
    "flag": "0", "family": "99", "cap_office": "0.00", "cap_facility": "0.00", "cap_malpractice": "0.00",
}  # fmt: skip

Row = Mapping[str, str]


def row(code: str, modifier: str = "", **told: str) -> Row:
    """A row of PPRRVU; what is not told is as of a plain service. The conversion factor is 10 dollars."""
    return {**_PLAIN, "code": code, "modifier": modifier, **told}


def cells(told: Row) -> list[str]:
    """The 32 cells of a row."""
    found = [""] * 32
    for name, at in _PLACES.items():
        found[at] = told.get(name, "")
    return found


def relative_values(rows: Sequence[Row], title: Sequence[str] = _TITLE) -> str:
    """PPRRVU as CSV."""
    return "\r\n".join([*title, *(",".join(cells(each)) for each in rows), ""])


def relative_value_rows(rows: Sequence[Row]) -> list[list[str]]:
    """PPRRVU as the rows of a sheet."""
    return [*(line.split(",") for line in _TITLE), *(cells(each) for each in rows)]


def relative_values_fixed(rows: Sequence[Row]) -> str:
    """PPRRVU as text of 200 columns."""
    places = (
        (1, "code"), (6, "modifier"), (58, "status"), (60, "work"), (67, "office"), (73, "office_na"),
        (76, "facility"), (82, "facility_na"), (85, "malpractice"), (103, "components"), (104, "global_days"),
        (107, "pre"), (110, "intra"), (113, "post"), (116, "multiple"), (117, "bilateral"), (118, "assistant"),
        (119, "cosurgeons"), (120, "team"), (128, "base"), (133, "factor"), (142, "supervision"), (146, "family"),
        (152, "cap_office"), (159, "cap_facility"), (166, "cap_malpractice"),
    )  # fmt: skip
    lines = ["HDR A notice of copyright".ljust(150)]
    for each in rows:
        columns = [" "] * 200
        for first, name in places:
            text = each.get(name, "")
            if name in {"pre", "intra", "post"}:
                text = text.removeprefix("0")
            columns[first - 1 : first - 1 + len(text)] = text
        lines.append("".join(columns))
    return "\r\n".join([*lines, ""])


GPCI = (
    "ADDENDUM E. GEOGRAPHIC PRACTICE COST INDICES,,,,,,\r\n,,,,,,\r\n"
    "Medicare Administrative Contractor (MAC),State,Locality Number,Locality Name,2031 PW GPCI (with 1.0 Floor)***,"
    "2031 PE GPCI,2031 MP GPCI\r\n"
    "99102,ZZ,01,NOWHERE*,1.100,0.900,0.500\r\n99102,YY,01,ELSEWHERE,1.000,1.000,1.000\r\n"
    ",,,,,,\r\n*Work GPCI reflects a floor.,,,,,,\r\n"
)
ANES = (
    "Contractor,Locality,Locality Name,Qualifying APM Anes CF of 20.5,Non-Qualifying APM Anes CF of 20.4\r\n"
    "99102,01,NOWHERE,20.50,20.40\r\n"
)
BASE_UNITS = "2031 Anesthesia Base Units by CPT Code\r\nCode,Base Units\r\n00100,5\r\n00103,5\r\n01953,1\r\n01996,3\r\n"
LABORATORY = (
    "2031 Clinical Diagnostic Laboratory Fee Schedule\r\nA notice of copyright\r\n\r\n"
    "YEAR,HCPCS,MOD,EFF_DATE,INDICATOR,RATE,SHORTDESC,LONGDESC,EXTENDEDLONGDESC\r\n"
    "2031,80048,,20310101,N,8.46,words,words,words\r\n2031,80048,QW,20310101,N,8.46,words,words,words\r\n"
    "2031,0001U,,20310101,N,0.00,words,words,words\r\n"
)
DRUGS = (
    "Payment Allowance Limits for Medicare Part B Drugs,,,\r\n"
    '"Effective July 1, 2031 through September 30, 2031",,,\r\n'
    "HCPCS Code,Short Description,HCPCS Code Dosage,Payment Limit,Co-insurance Percentage,Notes\r\n"
    "J1100,words,1 MG,0.125,20%,\r\nJ9999,words,1 MG,,,a note\r\n"
)


def zip_line(state: str, zip_code: str, mac: str, locality: str, *, split: str = "0", four: str = "    ") -> str:
    """A record of ZIP5 or ZIP9 of the third quarter of 2031."""
    return f"{state}{zip_code}{mac}{locality} {'':5}{split}{four:4}{'':50}20313\r\n"


def medicare(folder: Path, rows: Sequence[Row], *others: tuple[str, str]) -> Medicare:
    """Prices by these rows, the indices above, and further files by name and content."""
    files = (("PPRRVU2031_Jul.csv", relative_values(rows)), ("GPCI2031.csv", GPCI), *others)
    return Medicare.of(store_of(folder / "store", *files))


def line(
    code: str, *modifiers: str, number: int = 1, units: int = 1, minutes: int | None = None, charge: int | None = None,
    day: date = DAY, place: str = "", provider: str = "", performer: str = "",
) -> Line:  # fmt: skip
    """A line to price."""
    return Line(
        number=number, code=code, day=day, modifiers=modifiers, units=Decimal(units), charge=charge,
        minutes=None if minutes is None else Decimal(minutes), place_of_service=place, provider=provider,
        performer=performer,
    )  # fmt: skip


def cents_of(medicare: Medicare, *lines: Line, **setting: object) -> list[int | None]:
    """What is allowed for each line."""
    return [priced.amount for priced in medicare.price(lines, Setting(**setting))]

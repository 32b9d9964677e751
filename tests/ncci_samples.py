"""Small tables of NCCI pairs, units and add-on codes in the official layouts, all made up."""

from collections.abc import Iterable, Sequence
from io import BytesIO
from zipfile import ZipFile

NOTICE = "A notice.\t\t\t\t\t\t"
HEADER = (
    "Column 1\tColumn 2\t*=in existence\tEffective\tDeletion\tModifier\tPTP Edit Rationale",
    "\t\tprior to 1996\tDate\tDate\t0=not allowed\t",
    "\t\t\t\t*=no data\t1=allowed\t",
    "\t\t\t\t\t9=not applicable\t",
)
QUOTED = (
    'Column 1\tColumn 2\t"*=in existence\nprior to 1996"\tEffective Date\t"Deletion Date\n*=no data"\t'
    '"Modifier\n0=not allowed\n1=allowed\n9=not applicable"\tPTP Edit Rationale'
)
HEAD = ("Column 1", "Column 2", "*=in existence prior to 1996", "Effective Date", "Deletion Date", "Modifier",
        "PTP Edit Rationale")  # fmt: skip
WHY = "Standards of medical / surgical practice"


def row(one: str, two: str, first: str = "20200101", last: str = "*", indicator: str = "1", old: str = "") -> str:
    """A line of pairs."""
    return "\t".join((one, two, old, first, last, indicator, WHY))


def pairs(*rows: str, header: Sequence[str] = HEADER) -> str:
    """A file of pairs: notice, title, header, rows."""
    return "".join(f"{each}\r\n" for each in (NOTICE, "Column1/Column2 Edits\t\t\t\t\t\t", *header, *rows))


def units(*rows: str, whose: str = "Practitioner Services") -> str:
    """An MUE table: a notice over several lines, the header with a line break in it, rows."""
    head = f'"A notice.\r\n\r\nMore of it.",,,\r\n"HCPCS/\r\nCPT Code",{whose} MUE Values,'
    return head + "MUE Adjudication Indicator,MUE Rationale\r\n" + "".join(f"{each}\r\n" for each in rows)


def add_on(
    code: str, primary: str, kind: str = "1", first: str = "2013091", last: str = "", ended: str = "",
    primary_ended: str = "", note: str = "",
) -> str:  # fmt: skip
    """A line of add-on codes."""
    return f"{kind}{code}{ended:7}{primary}{primary_ended:7}{first:7}{last:7}{note:<58}"


def add_ons(*rows: str) -> str:
    """A file of add-on codes."""
    return "".join(f"{each}\r\n" for each in rows)


def zipped(*members: tuple[str, str | bytes]) -> bytes:
    """An archive."""
    made = BytesIO()
    with ZipFile(made, "w") as archive:
        for name, content in members:
            archive.writestr(name, content)
    return made.getvalue()


def cells(rows: Iterable[str]) -> list[list[str]]:
    """Lines of pairs as cells of a sheet."""
    return [each.split("\t") for each in rows]

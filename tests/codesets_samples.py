"""Small files in the layouts of code sets that can't be shipped, with invented texts, and a store made of some."""

import io
import zipfile
from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path

from superbill.codesets.importing import import_file
from superbill.codesets.sources import Layout, Source
from superbill.codesets.sqlite_file import Draft
from superbill.codesets.store import Store


def drafts(layout: Layout, source: Source, store_folder: Path, effective: date | None = None) -> list[Draft]:
    """What the layout makes of the source, read through."""
    store = Store(store_folder)
    try:
        return list(layout.drafts(source, store, effective))
    finally:
        store.close()


def store_of(folder: Path, *files: tuple[str, bytes | str], effective: date | None = None) -> Store:
    """A store into which these files, by name and content, were imported."""
    for name, content in files:
        path = folder.parent / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        import_file(path, folder, effective=effective)
    return Store(folder)


def order_file(rows: Iterable[tuple[str, str]]) -> str:
    """An order file of (code, title); what has three characters is a header."""
    return "".join(
        f"{number:05} {code:<7} {int(len(code) > 3)} {title[:60]:<60} {title}\r\n"
        for number, (code, title) in enumerate(rows, 1)
    )


def hcpcs_line(
    code: str, sequence: int, kind: str, long: str, *, short: str = "", added: str = "", changed: str = "",
    terminated: str = "", coverage: str = "", betos: str = "", tos: str = "", pricing: str = "", action: str = "N",
) -> str:  # fmt: skip
    """A record of the contractors' file: 320 columns."""
    columns = [" "] * 320
    written = code if len(code) == 5 else f"   {code}"
    for start, text in (
        (1, written), (6, f"{sequence:05}"), (11, kind), (12, long[:80]), (92, short[:28]), (120, pricing),
        (230, coverage), (257, betos), (261, tos), (269, added), (277, changed), (285, terminated), (293, action),
    ):  # fmt: skip
        columns[start - 1 : start - 1 + len(text)] = text
    return "".join(columns)


def hcpcs_file(lines: Sequence[str]) -> str:
    """The contractors' file: a notice, then the records."""
    return "\r\n".join(["***Notice", "*Words that are no record.", "", *lines, ""])


def _cell(cell: str | float) -> str:
    return f'<c t="inlineStr"><is><t>{cell}</t></is></c>' if isinstance(cell, str) else f"<c><v>{cell!r}</v></c>"


def sheet(rows: Iterable[Sequence[str | float]]) -> bytes:
    """A workbook of one sheet, every cell a text or, where it is one, a number."""
    cells = "".join("<row>" + "".join(map(_cell, row)) + "</row>" for row in rows)
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    relation = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006"
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{package}/content-types"><Default Extension="xml" '
        'ContentType="application/xml"/><Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{package}/relationships"><Relationship Id="r1" '
        f'Type="{relation}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{main}" xmlns:r="{relation}"><sheets>'
        '<sheet name="A" sheetId="1" r:id="r1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{package}/relationships"><Relationship Id="r1" '
        f'Type="{relation}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{main}"><sheetData>{cells}</sheetData></worksheet>',
    }
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for name, text in parts.items():
            archive.writestr(zipfile.ZipInfo(name, (2026, 1, 1, 0, 0, 0)), f'<?xml version="1.0"?>{text}')
    return made.getvalue()

"""Whatever is done to an official file: it comes in, or it is refused with its place; nothing else is raised."""

import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests import medicare_samples as medicare
from tests.codesets_samples import hcpcs_file, hcpcs_line, sheet

from superbill.codesets.layouts import LAYOUTS
from superbill.codesets.release import Refused
from superbill.codesets.sources import Source
from superbill.codesets.store import Store

XML = '<?xml version="1.0"?>\n<ICD10PCS.{0}><version>2031</version>{1}</ICD10PCS.{0}>\n'
AXIS = '<axis pos="{0}" values="1"><title>T</title><label code="{1}">Label</label></axis>'
FILES = {
    "tables.xml": XML.format(
        "tabular",
        "<pcsTable>" + "".join(AXIS.format(n, c) for n, c in ((1, 0), (2, "D"), (3, "T"))) + '<pcsRow codes="1">'
        + "".join(AXIS.format(n, "Z") for n in (4, 5, 6, 7)) + "</pcsRow></pcsTable>",
    ).encode(),
    "definitions.xml": XML.format(
        "definitions",
        '<section code="0"><title>A</title><axis pos="3"><title>B</title><terms><title>C</title><definition>D'
        "</definition><includes>E</includes></terms></axis></section>",
    ).encode(),
    "index.xml": XML.format(
        "index",
        "<letter><title>A</title><mainTerm><title>Ax</title><see>B<tab>0DT</tab></see>"
        '<term level="1"><title>C</title>'
        "<code>0DTJ0ZZ</code></term></mainTerm></letter>",
    ).encode(),
    "HCPC2031_JAN_ANWEB.txt": hcpcs_file([
        hcpcs_line("A1", 100, "7", "A paw", added="20200101"),
        hcpcs_line("A0100", 100, "3", "Sled with", added="20200101", terminated="20310101"),
        hcpcs_line("A0100", 200, "4", "dogs"),
    ]).encode(),
    "HCPC2031_JAN_ANWEB.xlsx": sheet([
        ("HCPC", "SEQNUM", "RECID", "LONG DESCRIPTION", "SHORT DESCRIPTION", "MULT_PI", "COV", "STATUTE", "BETOS",
         "ADD DT", "ACT EFF DT", "TERM DT", "ACTION CD"),
        ("A0100", "0010", "3", "Sled", "Sled", "A", "C", "", "Z2", "20200101", "", "20310101", "N"),
    ]),
    "hcpcs_2031q1.txt": b"A0100\nA0200\nJ0100\nJ0200\n",
    "addendum_b.csv": b"HCPCS Code,Short Descriptor,SI,APC,Payment Rate\r\n"
    b"A0100,Sled,S,1234,$1.25\r\nJ0100,Potion,K,,\r\n",
    "product.txt": b"PRODUCTID\tPRODUCTNDC\tPRODUCTTYPENAME\tPROPRIETARYNAME\tPROPRIETARYNAMESUFFIX\t"
    b"NONPROPRIETARYNAME\t"
    b"DOSAGEFORMNAME\tROUTENAME\tLABELERNAME\tSUBSTANCENAME\tACTIVE_NUMERATOR_STRENGTH\tACTIVE_INGRED_UNIT\t"
    b"PHARM_CLASSES\tDEASCHEDULE\r\na\t1234-5678\tD\tFrost\t\tglaciol\tTABLET\tORAL\tIgloo\tG\t1\tmg\t\t\r\n",
    "package.txt": b"PRODUCTID\tPRODUCTNDC\tNDCPACKAGECODE\tPACKAGEDESCRIPTION\tSTARTMARKETINGDATE\tENDMARKETINGDATE\t"
    b"NDC_EXCLUDE_FLAG\tSAMPLE_PACKAGE\r\na\t1234-5678\t1234-5678-90\tflask\t20200101\t\tN\tN\r\n",
    "SHORTU.txt": b"Notice\r\n00100 SLEEP\r\n00200 WAKE\r\n0042T MAP\r\n",
    "LONGULT.txt": b"Notice\r\n00100\tSleep\r\n00200\tWake\r\n0042T\tMap\r\n",
    "cdt.csv": b'Code,Descriptor\r\nD0100,"Look, afar"\r\nD9999,Other\r\n',
    "PPRRVU2031_Jul.csv": medicare.relative_values([medicare.row("99213", work="1.00")]).encode(),
    "PPRRVU2031_Jul.txt": medicare.relative_values_fixed([medicare.row("99213", work="1.00")]).encode(),
    "GPCI2031.csv": medicare.GPCI.encode(),
    "ANES2031.csv": medicare.ANES.encode(),
    "base2031.csv": medicare.BASE_UNITS.encode(),
    "ZIP5.txt": medicare.zip_line("ZZ", "00001", "99102", "01").encode(),
    "31CLABQ3.csv": medicare.LABORATORY.encode(),
    "asp.csv": medicare.DRUGS.encode(),
}  # fmt: skip
EDITS = st.lists(
    st.tuples(
        st.floats(0, 1, exclude_max=True),
        st.sampled_from(["cut", "drop", "put", "turn"]),
        st.binary(max_size=6)
        | st.sampled_from([b"\n", b"\r\n", b"\t", b",", b'"', b"\x81", b"9999-99-99", b"<", b"I"]),
    ),
    max_size=5,
)


@contextmanager
def empty_store() -> Iterator[Store]:
    with tempfile.TemporaryDirectory() as folder, closing(Store(Path(folder))) as store:
        yield store


def spoiled(data: bytes, edits: list[tuple[float, str, bytes]]) -> bytes:
    for place, what, piece in edits:
        at = int(place * len(data))
        if what == "cut":
            data = data[:at]
        elif what == "drop":
            data = data[:at] + data[at + 1 + len(piece) :]
        elif what == "put":
            data = data[:at] + piece + data[at:]
        else:
            data = data[:at] + data[at + len(piece) :][:40] + piece + data[at + len(piece) + 40 :]
    return data


@pytest.mark.parametrize("name", FILES)
def test_one_layout_knows_a_whole_file_and_reads_it(name: str) -> None:
    source = Source(name, FILES[name])
    (layout,) = (layout for layout in LAYOUTS if layout.recognizes(source))
    with empty_store() as store:
        (draft,) = layout.drafts(source, store, date(2031, 1, 1))
        assert draft.release.system in layout.systems
        assert list(draft.tables[0].rows)


@pytest.mark.parametrize("name", FILES)
@given(edits=EDITS)
def test_a_spoiled_file_comes_in_or_is_refused(name: str, edits: list[tuple[float, str, bytes]]) -> None:
    source = Source(name, spoiled(FILES[name], edits))
    for layout in LAYOUTS:
        if layout.recognizes(source):
            with empty_store() as store:
                try:
                    for draft in layout.drafts(source, store, date(2031, 1, 1)):
                        for table in draft.tables:
                            list(table.rows)
                except Refused as refused:
                    assert refused.place.startswith(name)
                    assert refused.fix
            break

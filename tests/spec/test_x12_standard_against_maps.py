"""Our dictionary of the standard says what pyx12's 5010 maps say: elements of segments, components, syntax notes."""

from collections.abc import Iterator
from pathlib import Path
from xml.etree.ElementTree import Element, parse

import pytest
import pyx12

from superbill.x12.standard import COMPOSITES, SEGMENTS

MAPS = Path(pyx12.__file__).parent / "map"

# What the maps say otherwise, and we hold to be right.
ELEMENTS = {
    ("ISA", "I01 I02 I03 I04 I05 I06 I05 I07 I08 I09 I10 I11 I12 I13 I14 I15"):
        "ISA11 is the repetition separator (I65) since release 00402; one map still has the identifier (I10)",
}  # fmt: skip
NOTES = {
    "MEA": "the map leaves out that element 12 and 04 exclude each other",
    "NM1": "the map leaves out that element 12 needs 03",
}


def said(node: Element, what: str) -> str:
    return node.get(what) or node.findtext(what) or ""


def entries(tag: str, *within: str) -> Iterator[tuple[str, str, str]]:
    """Id, elements and syntax notes of every segment or composite of the maps."""
    for path in sorted(MAPS.glob("*5010*.xml")):
        for node in parse(path).iter(tag):
            inner = [each for each in node if each.tag in within]
            notes = sorted(each.text.strip() for each in node.iterfind("syntax"))
            if inner:
                id = said(node, "xid" if tag == "segment" else "data_ele")
                yield id, " ".join(said(each, "data_ele") for each in inner), " ".join(notes)


WITH_ELEMENTS = sorted(set(entries("segment", "element", "composite")))
WITH_COMPONENTS = sorted({(id, elements) for id, elements, _ in entries("composite", "element")})


def test_every_segment_of_the_maps_is_in_the_dictionary():
    assert {id for id, _, _ in WITH_ELEMENTS} <= set(SEGMENTS)


@pytest.mark.parametrize("id, elements, notes", WITH_ELEMENTS)
def test_a_segment_has_the_elements_of_its_map(id, elements, notes):
    """Maps may leave out the last ones, and the notes of a segment whole."""
    same = f"{SEGMENTS[id].ELEMENTS} ".startswith(f"{elements} ")
    assert same == ((id, elements) not in ELEMENTS)


@pytest.mark.parametrize("id, elements, notes", [each for each in WITH_ELEMENTS if each[2]])
def test_a_segment_has_the_syntax_notes_of_its_map(id, elements, notes):
    ours = " ".join(sorted(SEGMENTS[id].NOTES.split()))
    assert set(notes.split()) <= set(ours.split())
    assert (ours == notes) or id in NOTES


@pytest.mark.parametrize("id, elements", WITH_COMPONENTS)
def test_a_composite_has_the_components_of_its_map(id, elements):
    assert f"{COMPOSITES[id].ELEMENTS} ".startswith(f"{elements} ")

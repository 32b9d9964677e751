"""The standard's dictionary is sound in itself, and says what pyx12's dictionary and maps of release 005010 say."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any, get_args, get_origin, get_type_hints
from xml.etree import ElementTree

import pytest

from superbill.x12 import standard
from superbill.x12.standard import COMPOSITES, ELEMENTS, SEGMENTS, Composite, element
from superbill.x12.standard.claim import CAS, HI
from superbill.x12.standard.composites import C003, C004, C022, C042
from superbill.x12.standard.elements import INTERCHANGE
from superbill.x12.standard.parties import PER
from superbill.x12.standard.payment import PLB

pyx12 = pytest.importorskip("pyx12")
MAPS = Path(pyx12.__file__).parent / "map"

ALL = SEGMENTS | COMPOSITES

# How the text of a kind of element is read, and the elements that are read in another way.
TEXT = dict.fromkeys(("AN", "ID", "TM", "B"), "str")
READ_AS = TEXT | {"DT": "day", "R": "quantity", "N0": "count", "N2": "count"}
READ_OTHERWISE = {
    "28": "str",  # control numbers keep their zeros
    "I12": "str",
    "I08": "str",  # YYMMDD, of no century
    "782": "money",
    "1251": "when",
}

# number: ours, with the reason why pyx12's is not release 005010's
ELEMENT_DIFFERENCES = {
    "719": ("N0", 1, 10),  # six digits are release 004010's
    "1335": ("ID", 1, 3),  # a yes or no in release 004010, a type of insulin in 005010
}
POSITION_DIFFERENCES = {
    ("ISA", 11): "I65",  # I10, the standard's identifier, is release 004010's; some of the maps have it still
}
NOTE_DIFFERENCES = {
    "MEA": {"E0412"},  # a unit may stand in MEA04 or as a code in MEA12; where L050412 asks for one, not for both
}
LOOP_ID = "447"  # text in the dictionary, a code in every guide
CONTEXT_NAME = "9999"  # of CTX: the names are a list, though the standard calls them text


def fields(name: str) -> list[tuple[str, Any]]:
    hints = get_type_hints(ALL[name], include_extras=True)
    return [(field, hints[field]) for field in ALL[name].__struct_fields__ if field != "raw"]


def read_as(annotation: Any) -> str:
    """The word for how a field is read: str, money and so on, or the name of its composite."""
    if get_origin(annotation) is Annotated:
        return str(annotation.__metadata__[0])
    if get_origin(annotation) is tuple:
        return read_as(get_args(annotation)[0])
    for each in (annotation, *get_args(annotation)):
        if isinstance(each, type) and issubclass(each, str | Composite):
            return each.__name__
    raise AssertionError(annotation)


@pytest.mark.parametrize("name", sorted(ALL))
def test_a_class_has_a_field_for_each_element_and_reads_it_as_its_kind_says(name):
    numbers = ALL[name].ELEMENTS.split()
    assert len(numbers) == len(fields(name))
    for number, (field, annotation) in zip(numbers, fields(name), strict=True):
        other = number if number in COMPOSITES else READ_OTHERWISE.get(number)
        expected = other or READ_AS[element(number).kind]
        assert read_as(annotation) == expected, f"{name}.{field} is element {number}"


@pytest.mark.parametrize("name", sorted(ALL))
def test_nothing_is_said_of_an_element_that_there_is_not(name):
    cls = ALL[name]
    most = len(cls.ELEMENTS.split())
    for note in cls.NOTES.split():
        assert re.fullmatch(r"[PRECL](\d\d){2,}", note), f"{name}: {note}"
        places = [int(place) for place in re.findall(r"\d\d", note)]
        assert len(set(places)) == len(places) and 1 <= min(places) <= max(places) <= most, f"{name}: {note}"


@pytest.mark.parametrize("name", sorted(SEGMENTS))
def test_a_key_is_a_code(name):
    cls = SEGMENTS[name]
    numbers = ["", *cls.ELEMENTS.split()]
    assert 0 <= cls.KEY < len(numbers)
    if not cls.KEY:
        assert not cls.KEY_PART
        return
    key = numbers[cls.KEY]
    if cls.KEY_PART:
        key = COMPOSITES[key].ELEMENTS.split()[cls.KEY_PART - 1]
    assert element(key).kind == "ID" or key in (LOOP_ID, CONTEXT_NAME), f"{name}: {key}"


def test_a_class_says_what_it_is():
    for name, cls in ALL.items():
        assert (cls.__doc__ or "").strip(), name
        assert cls.__name__ == name
        assert cls() == cls(), name  # every field has a default


def test_no_segment_is_defined_twice():
    families = [standard._classes(family, standard.Segment) for family in standard._FAMILIES]
    assert sum(map(len, families)) == len(SEGMENTS)


def test_lengths_are_in_order():
    for each in (*ELEMENTS.values(), *INTERCHANGE.values()):
        assert 1 <= each.shortest <= each.longest, each


def test_an_element_is_found_by_its_entry():
    assert element("1028") is ELEMENTS[1028]
    assert (element("I05").kind, element("I05").longest) == ("ID", 2)
    with pytest.raises(KeyError):
        element("4711")
    with pytest.raises(KeyError):
        element("I99")
    with pytest.raises(ValueError, match="C003"):
        element("C003")


# What pyx12 says ------------------------------------------------------------------------------------------------


def dictionary() -> dict[str, tuple[str, int, int]]:
    rows = ElementTree.parse(MAPS / "dataele.xml").iter("data_ele")
    return {
        row.attrib["ele_num"]: (row.attrib["data_type"], int(row.attrib["min_len"]), int(row.attrib["max_len"]))
        for row in rows
    }


def test_data_elements_are_those_of_the_dictionary():
    theirs = dictionary()
    ours = {str(each.number): each for each in ELEMENTS.values()} | INTERCHANGE
    different = {
        number: (each.kind, each.shortest, each.longest)
        for number, each in ours.items()
        if number in theirs and (each.kind, each.shortest, each.longest) != theirs[number]
    }
    assert different == ELEMENT_DIFFERENCES
    assert len(ours.keys() & theirs.keys()) > 250


def test_the_dictionary_has_what_segments_and_composites_name_and_nothing_else():
    named = {number for cls in ALL.values() for number in cls.ELEMENTS.split()} - COMPOSITES.keys()
    ours = {str(number) for number in ELEMENTS} | INTERCHANGE.keys()
    assert named == ours - {"I10"}  # release 004010's, where 005010 has the repetition separator


def value(node: ElementTree.Element, name: str) -> str:
    return node.findtext(name) or node.get(name) or ""


def mapped_segments() -> Iterator[ElementTree.Element]:
    for path in sorted([*MAPS.glob("*.5010*.xml"), MAPS / "x12.control.00501.xml"]):
        yield from ElementTree.parse(path).iter("segment")


def parts(node: ElementTree.Element) -> Iterator[tuple[int, str]]:
    """The number of each element of a segment or composite, by its position."""
    for part in node:
        if part.tag in ("element", "composite"):
            yield int(value(part, "seq")), value(part, "data_ele")


def test_elements_are_where_the_maps_have_them():
    """And every segment and composite of the maps is in the dictionary."""
    seen = set()
    for segment in mapped_segments():
        for node in (segment, *segment.iter("composite")):
            name = segment.attrib["xid"] if node is segment else value(node, "data_ele")
            numbers = ALL[name].ELEMENTS.split()
            for position, number in parts(node):
                seen.add(name)
                expected = POSITION_DIFFERENCES.get((name, position), number)
                assert numbers[position - 1] == expected, f"{name}{position:02d}"
    assert len(seen) > 80


def test_syntax_notes_are_those_of_the_maps():
    theirs: dict[str, set[str]] = {}
    for segment in mapped_segments():
        theirs.setdefault(segment.attrib["xid"], set()).update(note.text or "" for note in segment.findall("syntax"))
    different = {
        name: set(SEGMENTS[name].NOTES.split()) ^ notes
        for name, notes in theirs.items()
        if set(SEGMENTS[name].NOTES.split()) != notes
    }
    assert different == NOTE_DIFFERENCES


# What a class saves its users -----------------------------------------------------------------------------------


def test_adjustments_of_a_claim():
    cas = CAS(group="CO", reason_1="45", amount_1=1250, reason_3="97", amount_3=-300, quantity_3=None)
    assert cas.adjustments == (("CO", "45", 1250, None), ("CO", "97", -300, None))
    assert CAS(group="PR").adjustments == ()


def test_adjustments_of_a_provider():
    first, second = C042(reason="WO", reference="1"), C042(reason="L6")
    plb = PLB(reason_1=first, amount_1=500, reason_6=second)
    assert plb.adjustments == ((first, 500), (second, None))


def test_codes_of_a_claim():
    principal, other = C022(qualifier="ABK", code="E119"), C022(qualifier="ABF", code="I10")
    assert HI(code_1=principal, code_12=other).codes == (principal, other)


def test_parts_of_composites():
    assert C003(qualifier="HC", code="99213", modifier_1="25", modifier_3="GT").modifiers == ("25", "GT")
    assert C004(pointer_1=2, pointer_2=1).pointers == (2, 1)


def test_numbers_of_a_contact():
    contact = PER(function="IC", qualifier_1="TE", number_1="5551234", qualifier_2="EX", number_2="12")
    assert contact.numbers == (("TE", "5551234"), ("EX", "12"))


@pytest.mark.parametrize(
    ("name", "list_of", "field"),
    [
        ("C005", "surfaces", "surface"),
        ("C006", "areas", "area"),
        ("C024", "causes", "cause"),
        ("C052", "reasons", "reason"),
        ("AK5", "errors", "error"),
        ("AK9", "errors", "error"),
        ("IK5", "errors", "error"),
        ("CRC", "conditions", "condition"),
        ("MIA", "remarks", "remark"),
        ("MOA", "remarks", "remark"),
    ],
)
def test_lists_leave_out_what_is_not_there(name, list_of, field):
    """And name every one of the fields that they are made of, in order."""
    cls = ALL[name]
    every = [each for each in cls.__struct_fields__ if re.fullmatch(rf"{field}_\d", each)]
    assert getattr(cls(), list_of) == ()
    assert getattr(cls(**{each: each for each in every}), list_of) == tuple(every)
    assert getattr(cls(**{every[-1]: "x"}), list_of) == ("x",)

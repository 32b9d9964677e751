"""The tool that holds guide tables against each other finds what was changed, and names the place."""

import pytest
from msgspec.structs import replace
from tools.x12_compare import compare, find_guide, map_name, read_map

from superbill.x12.rules import MANY, Guide, loop, seg

NAME = loop(
    "1000A", "payer", "R", 1,
    seg("N1", "payer", "R", "1R:PR 2R<60 3 4"),
    seg("PER", "business_contact", "S", "1R:CX 2"),
    seg("PER", "technical_contact", "R", "1R:BL 2", repeat=MANY),
)  # fmt: skip
ROOT = loop("ST", "remittance", "R", 1, seg("ST", "header", "R", "1R:835 2R"), NAME)


def changed(*parts, **fields):
    return replace(ROOT, parts=(*ROOT.parts[:1], replace(NAME, parts=(*parts, *NAME.parts[len(parts) :]), **fields)))


@pytest.mark.parametrize(
    "other, said",
    [
        (ROOT, []),
        (changed(usage="S"), ["1000A usage: R, map S"]),
        (changed(repeat=MANY), ["1000A repeat: 1, map any"]),
        (changed(seg("N1", "", "R", "1R:PR 2<35 3")),
         ["1000A N1 [02] usage: R, map S", "1000A N1 [02] longest: 60, map 35", "1000A N1 [04] usage: S, map N"]),
        (changed(seg("N1", "", "R", "1R:PE,PR 2R<60 3.1R 4")),
         ["1000A N1 [01] extra codes: none, map PE", "1000A N1 [03] usage: S, map R"]),
        (changed(seg("N1", "", "S", "1R:PR 2R<60 3 4", repeat=2)),
         ["1000A N1 usage: R, map S", "1000A N1 repeat: 1, map 2"]),
        (changed(NAME.parts[0], NAME.parts[2], NAME.parts[1]), []),
        (changed(NAME.parts[0], seg("PER", "", "S", "1R:IC 2")), ["1000A PER CX [01] extra codes: CX, map IC"]),
        (changed(NAME.parts[0], seg("N3", "", "S", "1R")),
         ["1000A PER CX segment: S, map none", "1000A N3 segment: none, map S"]),
        (replace(ROOT, parts=(ROOT.parts[0], loop("1000", "", "S", 1, ROOT.parts[0], NAME))),
         ["1000A place: another, map another", "1000 loop: none, map S"]),
        (replace(ROOT, parts=ROOT.parts[::-1]), ["ST order: ST,1000A, map 1000A,ST"]),
        (replace(ROOT, parts=(ROOT.parts[0], loop("1000", "", "S", 1, ROOT.parts[0], replace(NAME, id="1000X")))),
         ["1000A loop: R, map none", "1000 loop: none, map S"]),
        (changed(id="1000B"), ["1000A id: 1000A, map 1000B"]),
        (changed(seg("N1", "", "R", "1R:PE 2R<60 3 4"), id="1000B"),
         ["1000A loop: R, map none", "1000B loop: none, map R"]),
        (replace(ROOT, parts=ROOT.parts[:1]), ["1000A loop: R, map none"]),
    ],
)  # fmt: skip
def test_each_change_is_one_difference(other, said):
    assert [str(each) for each in compare(ROOT, other)] == said


def test_a_composite_sent_whole_is_not_asked_for_its_components():
    whole, apart = (loop("2110", "line", "R", 1, seg("SVC", "", "R", text)) for text in ("1R", "1.1R:HC 1.2R"))
    assert compare(whole, apart) == []


def test_the_components_of_a_composite_are_compared():
    one, other = (loop("2110", "line", "R", 1, seg("SVC", "", "R", text)) for text in ("1.1R:HC 1.2R", "1.1R:HC,AD"))
    found = [str(each) for each in compare(one, other)]
    assert found == ["2110 SVC [01-1] extra codes: none, map AD", "2110 SVC [01-2] usage: R, map N"]


def guide(version, functional_id):
    return Guide(
        key="", title="", identifier="", functional_id=functional_id, version=version, versions=(version,), root=ROOT
    )


@pytest.mark.parametrize(
    "version, functional_id, name",
    [
        ("005010X221A1", "HP", "835.5010.X221.A1.xml"),
        ("004010X098A1", "HC", "837.4010.X098.A1.xml"),
        ("005010X212", "HN", "277.5010.X212.xml"),
        ("005010X212", "HR", None),
        ("005010X279A1", "HS", None),
    ],
)
def test_the_map_of_a_guide_is_found_by_version_and_group(version, functional_id, name):
    assert map_name(guide(version, functional_id)) == name


@pytest.mark.parametrize(
    "name, segments",
    [("835.5010.X221.A1.xml", 53), ("837Q3.I.5010.X223.A1.v2.xml", 273), ("277.5010.X212.xml", 44)],
)
def test_a_map_is_read_whole(name, segments):
    """Less the envelope, where the map has it."""

    def count(each):
        return sum(count(part) if hasattr(part, "parts") else 1 for part in each.parts)

    assert count(read_map(name)) == segments


def test_a_guide_is_named_by_its_module():
    with pytest.raises(AssertionError):
        find_guide("superbill.x12.rules:Guide")

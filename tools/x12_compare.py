"""What one of our guide tables says otherwise than pyx12's map of the same guide, a second opinion on the facts.

    python -m tools.x12_compare 837P
    python -m tools.x12_compare superbill.x12.guides.remittance_835:GUIDE 835.5010.X221.A1.xml

A map is read into the same words as our tables (superbill.x12.rules), so that any two tables can be compared. A loop
meets the loop of its id, a segment the segment of its id that shares most of the codes of its first elements.
Compared are what is there and its order, usages, repeats, codes and lengths. What a map leaves to external
code lists is not compared, nor are conditions, of which maps know nothing.
"""

import sys
from collections.abc import Iterable, Iterator, Sequence
from importlib import import_module
from pathlib import Path
from xml.etree.ElementTree import Element, parse

import pyx12
from msgspec import Struct

from superbill.x12.rules import MANY, NOT_USED, REQUIRED, ElementRule, Guide, LoopRule, Part, SegmentRule

MAPS = Path(pyx12.__file__).parent / "map"

# A map that is there, but not in the index of maps.
UNLISTED = {("005010X212", "HN"): "277.5010.X212.xml"}

# Codes of the first elements tell segments of one id apart; later ones only describe.
TELLING = 3

# Of longer lists of codes, so many are shown.
SHOWN = 8

# Between an empty list of codes and a shared one.
UNTOLD, DISJOINT = 0.0, -1.0


class Difference(Struct, frozen=True, order=True):
    """One thing of which the two tables differ, `ours` and `theirs` in words; "" for what is not there.

    `loop` and `segment` name the place, `element` the element ("02") or component ("05-1"), `what` the property.
    """

    loop: str
    segment: str
    element: str
    what: str
    ours: str
    theirs: str

    def __str__(self) -> str:
        place = " ".join(filter(None, (self.loop, self.segment, self.element and f"[{self.element}]")))
        return f"{place} {self.what}: {self.ours or 'none'}, map {self.theirs or 'none'}"


# --- a map in our words -------------------------------------------------------------------------------------------


def map_name(guide: Guide) -> str | None:
    """The file of the map of a guide, None where pyx12 has none."""
    index = {
        (each.get("vriic", ""), each.get("fic", "")): each.text or "" for each in parse(MAPS / "maps.xml").iter("map")
    }
    known = UNLISTED | index
    found = (known.get((version, guide.functional_id)) for version in (guide.version, *guide.versions))
    return next(filter(None, found), None)


def read_map(name: str) -> LoopRule:
    """The transaction set of a map as a loop of ours, titles for names."""
    tree = parse(MAPS / name).getroot()
    above = {child: each for each in tree.iter("loop") for child in each}
    root = next(each for each in tree.iter("loop") if each.get("xid") == "ST_LOOP")
    beside = [each for each in above.get(root, ()) if _is_wrapper(each)]
    return LoopRule(
        id="ST", name="", usage=REQUIRED, parts=(*_parts(root), *(part for each in beside for part in _parts(each)))
    )


def _is_wrapper(node: Element) -> bool:
    """Areas of a map that are no loops."""
    return node.tag == "loop" and node.get("type") == "wrapper"


def _parts(node: Element) -> Iterator[Part]:
    for each in node:
        if _is_wrapper(each):
            yield from _parts(each)
        elif each.tag == "loop":
            yield LoopRule(
                id=each.get("xid", ""),
                name=_said(each, "name"),
                usage=_said(each, "usage"),
                repeat=_times(_said(each, "repeat")),
                parts=tuple(_parts(each)),
            )
        elif each.tag == "segment":
            yield _segment(each)


def _segment(node: Element) -> SegmentRule:
    elements = (rule for each in node if each.tag in ("element", "composite") for rule in _elements(each))
    return SegmentRule(
        id=node.get("xid", ""),
        name=_said(node, "name"),
        usage=_said(node, "usage"),
        elements=tuple(elements),
        repeat=_times(_said(node, "max_use")),
    )


def _elements(node: Element, within: int = 0) -> Iterator[ElementRule]:
    """The rule of an element or composite, and of its components; none of what is not used."""
    at = int(_said(node, "seq"))
    usage = _said(node, "usage")
    if usage == NOT_USED:
        return
    listed = node.find("valid_codes")
    inline = listed is not None and listed.get("external") is None
    yield ElementRule(
        position=within or at,
        component=at if within else 0,
        usage=usage,
        codes=tuple(code.text or "" for code in node.iterfind("valid_codes/code")) if inline else (),
        longest=_lengths().get(_said(node, "data_ele"), 0),
    )
    for each in node.iterfind("element"):
        yield from _elements(each, at)


def _said(node: Element, what: str) -> str:
    """Newer maps have attributes where older ones have children."""
    return node.get(what) or node.findtext(what) or ""


def _times(text: str) -> int:
    """How often; maps write any number as >1, nothing, or 999999."""
    return int(text) if text.isdigit() and int(text) < 99_999 else MANY


_LENGTHS: dict[str, int] = {}


def _lengths() -> dict[str, int]:
    """The greatest length of each data element of the standard."""
    if not _LENGTHS:
        for each in parse(MAPS / "dataele.xml").iter("data_ele"):
            _LENGTHS[each.get("ele_num", "")] = int(each.get("max_len", "0"))
    return _LENGTHS


# --- the comparison -----------------------------------------------------------------------------------------------


def compare(ours: LoopRule, theirs: LoopRule) -> list[Difference]:
    """Every difference between two tables, in our order. Alike loops at many places count once."""
    found: dict[Difference, None] = {}
    alone, missed = _compare_down(ours, theirs, found)
    placed: set[str] = set()
    while pairs := _moved(alone, missed, placed):
        for own, other in pairs:
            found[Difference(own.id, "", "", "place", "another", "another")] = None
            alone = [each for each in alone if each is not own]
            missed = [each for each in missed if each is not other]
            more, less = _compare_down(own, other, found)
            alone += more
            missed += less
            placed.add(own.id)
    found |= {Difference(each.id, "", "", "loop", each.usage, ""): None for each in alone}
    found |= {Difference(each.id, "", "", "loop", "", each.usage): None for each in missed}
    return list(found)


def _compare_down(
    ours: LoopRule, theirs: LoopRule, found: dict[Difference, None]
) -> tuple[list[LoopRule], list[LoopRule]]:
    """Adds the differences of two loops and of those within that meet; answers the loops of each side that don't."""
    found |= dict.fromkeys(_loop_differences(ours, theirs))
    alone: list[LoopRule] = []
    missed = _loops(theirs)
    named = {each.id for each in _loops(ours)}
    for each in _loops(ours):
        other = _counterpart(each, missed, named)
        if other is None:
            alone.append(each)
            continue
        if other.id != each.id:
            found[Difference(each.id, "", "", "id", each.id, other.id)] = None
        missed.remove(other)
        more, less = _compare_down(each, other, found)
        alone += more
        missed += less
    return alone, missed


def _counterpart(loop: LoopRule, others: list[LoopRule], named: set[str]) -> LoopRule | None:
    """The loop of the same id, else the one that opens alike and that no loop beside ours has the id of."""
    same = [each for each in others if each.id == loop.id]
    alike = [
        each
        for each in others
        if each.id not in named and each.opener.id == loop.opener.id and likeness(loop.opener, each.opener) != DISJOINT
    ]
    return next(iter(same or alike), None)


def _moved(alone: list[LoopRule], missed: list[LoopRule], placed: set[str]) -> list[tuple[LoopRule, LoopRule]]:
    """The loops of one id, not placed yet, at another place on either side; loops within one that moved go with it."""
    there = {each.id: each for top in missed for each in _within(top) if each.id not in placed}
    met: list[tuple[LoopRule, LoopRule]] = []
    waiting = list(alone)
    while waiting:
        own = waiting.pop(0)
        if own.id in there:
            met.append((own, there.pop(own.id)))
        else:
            waiting += _loops(own)
    return met


def _within(loop: LoopRule) -> Iterator[LoopRule]:
    yield loop
    for each in _loops(loop):
        yield from _within(each)


def _loops(loop: LoopRule) -> list[LoopRule]:
    return [part for part in loop.parts if isinstance(part, LoopRule)]


def _segments(loop: LoopRule) -> list[SegmentRule]:
    return [part for part in loop.parts if isinstance(part, SegmentRule)]


def _order(loop: LoopRule, beside: LoopRule) -> list[str]:
    """The ids of the parts that both loops have, in the order of the first; neighbours of one id are one."""
    shared = {part.id for part in beside.parts}
    ids = [part.id for part in loop.parts if part.id in shared]
    return [id for at, id in enumerate(ids) if ids[at - 1 : at] != [id]]


def _apart(one: list[str], other: list[str]) -> tuple[str, str]:
    """Two orders less what both start with."""
    start = next((at for at, pair in enumerate(zip(one, other, strict=False)) if pair[0] != pair[1]), 0)
    return _codes(one[start : start + 3]), _codes(other[start : start + 3])


def _loop_differences(own: LoopRule, other: LoopRule) -> Iterator[Difference]:
    if own.usage != other.usage:
        yield Difference(own.id, "", "", "usage", own.usage, other.usage)
    if own.repeat != other.repeat:
        yield Difference(own.id, "", "", "repeat", _count(own.repeat), _count(other.repeat))
    order, expected = _order(own, other), _order(other, own)
    if order != expected:
        yield Difference(own.id, "", "", "order", *_apart(order, expected))
    rest = _segments(other)
    ids = [[each.id for each in side] for side in (_segments(own), rest)]
    shared = {id for side in ids for id in side if side.count(id) > 1}
    alone: list[SegmentRule] = []
    for each in _segments(own):
        alike = [(likeness(each, one), -at) for at, one in enumerate(rest) if one.id == each.id]
        if not alike or max(alike)[0] == DISJOINT:
            alone.append(each)
        else:
            yield from _segment_differences(own.id, label(each, shared), each, rest.pop(-max(alike)[1]))
    for each in alone:
        left = [one for one in rest if one.id == each.id]
        if len(left) == 1 and sum(one.id == each.id for one in alone) == 1:
            rest.remove(left[0])
            yield from _segment_differences(own.id, label(each, shared), each, left[0])
        else:
            yield Difference(own.id, label(each, shared), "", "segment", each.usage, "")
    for each in rest:
        yield Difference(own.id, label(each, shared), "", "segment", "", each.usage)


def likeness(one: SegmentRule, other: SegmentRule) -> float:
    """How much of the codes that tell segments of one id apart is shared; DISJOINT where an element shares none."""
    total = UNTOLD
    for rule in one.elements:
        beside = other.at(rule.position, rule.component)
        if rule.position <= TELLING and beside is not None and rule.codes and beside.codes:
            mine, his = set(rule.codes), set(beside.codes)
            if not mine & his:
                return DISJOINT
            total += len(mine & his) / len(mine | his)
    return total


def label(segment: SegmentRule, shared: set[str]) -> str:
    """Id, and where segments share it, the first codes that tell it apart."""
    if segment.id not in shared:
        return segment.id
    telling = next((rule.codes for rule in segment.elements if rule.codes and rule.position <= TELLING), ())
    return " ".join(filter(None, (segment.id, ",".join(telling[:4]) + ("…" if len(telling) > 4 else ""))))


def _segment_differences(loop: str, name: str, own: SegmentRule, other: SegmentRule) -> Iterator[Difference]:
    if own.usage != other.usage:
        yield Difference(loop, name, "", "usage", own.usage, other.usage)
    if own.repeat != other.repeat:
        yield Difference(loop, name, "", "repeat", _count(own.repeat), _count(other.repeat))
    mine, his = _by_place(own.elements), _by_place(other.elements)
    for at in sorted({*mine, *his}):
        if at[1] and not _has_components(at[0], mine) and (at[0], 0) in mine:
            continue  # sent whole: what is in it, the standard says
        if at[1] and not _has_components(at[0], his):
            continue
        yield from _element_differences(loop, name, at, mine.get(at), his.get(at))


def _by_place(rules: Iterable[ElementRule]) -> dict[tuple[int, int], ElementRule]:
    """Rules by element and component; a composite of which only components are named is required if one of them is."""
    found = {(rule.position, rule.component): rule for rule in rules}
    for rule in list(found.values()):
        whole = found.setdefault((rule.position, 0), rule)
        if rule.component and whole.component and rule.usage == REQUIRED:
            found[rule.position, 0] = rule
    return found


def _has_components(position: int, rules: dict[tuple[int, int], ElementRule]) -> bool:
    return any(component for at, component in rules if at == position)


def _element_differences(
    loop: str, segment: str, at: tuple[int, int], own: ElementRule | None, other: ElementRule | None
) -> Iterator[Difference]:
    place = f"{at[0]:02}-{at[1]}" if at[1] else f"{at[0]:02}"
    if own is None or other is None:
        usages = (own.usage if own else NOT_USED, other.usage if other else NOT_USED)
        yield Difference(loop, segment, place, "usage", *usages)
        return
    if own.usage != other.usage:
        yield Difference(loop, segment, place, "usage", own.usage, other.usage)
    if other.codes and own.component == other.component and set(own.codes) != set(other.codes):
        more = [code for code in own.codes if code not in other.codes] if own.codes else ["any"]
        less = [code for code in other.codes if code not in own.codes]
        yield Difference(loop, segment, place, "extra codes", _codes(more), _codes(less))
    if own.longest > other.longest:
        yield Difference(loop, segment, place, "longest", str(own.longest), str(other.longest))


def _codes(codes: Sequence[str]) -> str:
    """The codes, of long lists the first and how many."""
    return ",".join(codes) if len(codes) <= SHOWN else f"{','.join(codes[:SHOWN])}… ({len(codes)})"


def _count(repeat: int) -> str:
    return "any" if repeat >= MANY else str(repeat)


# --- at the shell -------------------------------------------------------------------------------------------------


def find_guide(name: str) -> Guide:
    """A guide by its key in the catalog, or by module:ATTRIBUTE."""
    if ":" in name:
        module, _, attribute = name.partition(":")
        found = getattr(import_module(module), attribute)
        assert isinstance(found, Guide), f"{name} is no guide"
        return found
    guides: tuple[Guide, ...] = import_module("superbill.x12.guides.catalog").GUIDES
    return next(guide for guide in guides if guide.key == name)


def main(arguments: list[str]) -> None:
    """Lists what differs; the map is the guide's own where none is named."""
    guide = find_guide(arguments[0])
    name = arguments[1] if len(arguments) > 1 else map_name(guide)
    if name is None:
        raise SystemExit(f"there is no map of {guide.version}")
    found = compare(guide.root, read_map(name))
    for each in found:
        print(each)
    print(f"{len(found)} differences from {name}")


if __name__ == "__main__":
    main(sys.argv[1:])

"""Which sites go with which head in a sentence: "right knee and left hip pain" is pain of two sites."""

from collections.abc import Sequence
from typing import NamedTuple

from superbill.coding.reading.model import Token
from superbill.coding.reading.sites import HEAD, NEVER, PART, PATTERN, PLAIN, SIDE, SITE, Label, vocabulary
from superbill.coding.reading.units import BREAK, COPULA, JOIN, LINK, THE, WITH, WORD, Unit, units

_GATHERED = frozenset((SITE, PART, PATTERN, SIDE, PLAIN))
_FARTHEST = 14


class Group(NamedTuple):
    """One site as said, with its parts and side: "the distal phalanx of the right middle finger"."""

    ids: frozenset[str]
    sites: tuple[str, ...]
    side: str
    first: int
    after: int


class Phrase(NamedTuple):
    """A head, what qualifies it, and its sites; `own` when they are in its phrase; `company`: what comes with it;
    `nearest`: the nearest site of the sentence."""

    head: Label
    patterns: frozenset[str]
    groups: tuple[Group, ...]
    own: bool
    taken: frozenset[int]
    company: tuple[Label, ...] = ()
    side: str = ""
    nearest: tuple[Group, ...] = ()


def phrases(text: str, words: Sequence[Token], labels: Sequence[Label]) -> list[Phrase]:
    """The heads of a sentence with their sites."""
    line = units(text, words, labels)
    found: list[Phrase] = []
    for place, unit in enumerate(line):
        if unit.kind != HEAD or unit.label is None:
            continue
        left = _left(line, place)
        right = _right(line, place)
        groups = _grouped(left, right)
        kept = (*left, *right)
        patterns = {each for u in kept if u.kind == PATTERN and u.label for each in u.label.ids}
        company = _accompanying(line, place + 1 + len(right))
        taken = {inner for u in kept for inner in range(u.first, u.after)} | set(range(unit.first, unit.after))
        found.append(
            Phrase(unit.label, frozenset(patterns), groups, bool(groups), frozenset(taken), company, _side(kept))
        )
    return _shared(line, found)


def _side(units: Sequence[Unit]) -> str:
    """The one side said in a phrase."""
    said = {each.label.ids[0] for each in units if each.kind == SIDE and each.label}
    return said.pop() if len(said) == 1 else "bilateral" if said else ""


def _left(line: Sequence[Unit], head: int) -> list[Unit]:
    """What stands before a head and belongs to it."""
    at = head - 1
    copula = False
    while at >= 0 and line[at].kind == COPULA:
        copula, at = True, at - 1
    end = at + 1
    while at >= 0:
        kind = line[at].kind
        if kind in _GATHERED or (kind in (JOIN, LINK) and at and line[at].label is None and _continues(line, at)):
            at -= 1
        else:
            break
    units = list(line[at + 1 : end])
    if copula and not any(each.kind == SITE for each in units):
        units = []
    if at > 0 and line[at].kind in (LINK, THE) and any(each.kind == JOIN for each in units):
        owner = at
        while owner >= 0 and line[owner].kind in (LINK, THE):
            owner -= 1
        if owner >= 0 and line[owner].kind == HEAD:
            last = max(place for place, each in enumerate(units) if each.kind == JOIN)
            units = units[last + 1 :]
    return units


def _continues(line: Sequence[Unit], at: int) -> bool:
    """Does the phrase go on before this joining or linking mark? A word that links ("in") doesn't."""
    if line[at].kind == LINK and line[at].after > line[at].first:
        return False
    before = line[at - 1]
    if before.kind == JOIN and at > 1:
        before = line[at - 2]
    return before.kind in (SITE, SIDE, PART, PATTERN)


def _right(line: Sequence[Unit], head: int) -> list[Unit]:
    """What follows a head and belongs to it."""
    at = head + 1
    while at < len(line):
        kind = line[at].kind
        if (
            kind in _GATHERED
            or kind in (LINK, THE)
            or (kind in (COPULA, WITH) and any(line[n].kind == LINK for n in range(at + 1, min(at + 3, len(line)))))
        ):
            at += 1
        elif kind == JOIN:
            follows = _group_after(line, at + 1)
            if follows == HEAD:
                return _trimmed(line[head + 1 : at])
            if follows not in (SITE, PATTERN):
                break
            at += 1
        else:
            break
    kept = list(line[head + 1 : at])
    if at < len(line) and line[at].kind == HEAD:
        joins = [place for place, each in enumerate(kept) if each.kind == JOIN]
        kept = kept[: joins[-1]] if joins else _only_linked(kept)
    return _trimmed(kept)


def _only_linked(kept: list[Unit]) -> list[Unit]:
    """Sites right before another head are its own unless "of" and the like tie them to this one."""
    return kept if kept and kept[0].kind == LINK and kept[0].after > kept[0].first else []


def _trimmed(kept: Sequence[Unit]) -> list[Unit]:
    end = len(kept)
    while end and kept[end - 1].kind not in (SITE, SIDE, PART, PATTERN):
        end -= 1
    return list(kept[:end])


def _group_after(line: Sequence[Unit], at: int) -> str:
    """What the units after a join lead to: a site of this head's, a head, or something else."""
    seen = ""
    while at < len(line):
        kind = line[at].kind
        if kind == HEAD:
            return HEAD
        if kind in (SITE, SIDE, PART):
            seen = SITE
        elif kind == PATTERN:
            seen = seen or PATTERN
        elif kind not in (THE, LINK, PLAIN, JOIN):
            break
        at += 1
    return seen


def _accompanying(line: Sequence[Unit], at: int) -> tuple[Label, ...]:
    """What a head is said to be with: "with radiculopathy", "with retained foreign body"."""
    found: list[Label] = []
    if at < len(line) and line[at].kind == JOIN:
        at += 1
    if at < len(line) and line[at].kind == WITH:
        for each in line[at + 1 : at + 7]:
            if each.kind in (BREAK, WITH) or (each.kind == WORD and found):
                break
            if each.kind in (PATTERN, HEAD) and each.label:
                found.append(each.label)
    return tuple(found)


def _grouped(left: Sequence[Unit], right: Sequence[Unit]) -> tuple[Group, ...]:
    """The sites of a head, coordinated ones apart, those of one place together."""
    before, after = _split(left), _split(right)
    if before and after:
        merged = [_merged(group, after) for group in before] if any(g.sites for g in before) else after
        if not any(g.sites for g in before):
            return _completed([_with_parts(each, before) for each in after])
        return _completed(merged)
    return _completed(before or after)


def _split(line: Sequence[Unit]) -> list[Group]:
    groups: list[list[Unit]] = [[]]
    for each in line:
        if each.kind == JOIN or (each.kind == LINK and each.after == each.first):
            groups.append([])
        elif each.kind in (SITE, PART, SIDE):
            groups[-1].append(each)
    found = [_group(each) for each in groups if each]
    related: list[Group] = []
    for group in found:
        if related and _one_place(related[-1], group):
            related[-1] = _union(related[-1], group)
        else:
            related.append(group)
    return related


def _group(units: Sequence[Unit]) -> Group:
    known = vocabulary()
    ids: set[str] = set()
    sites: list[str] = []
    sides: set[str] = set()
    for each in units:
        if each.label is None:
            continue
        if each.kind == SIDE:
            sides.add(each.label.ids[0])
            continue
        if each.kind == SITE:
            sites.append(each.label.ids[0])
            ids.update(known.above(each.label.ids[0]))
        ids.update(each.label.ids)
    side = sides.pop() if len(sides) == 1 else "bilateral" if sides else ""
    return Group(frozenset(ids), tuple(sites), side, units[0].first, units[-1].after)


def _one_place(one: Group, other: Group) -> bool:
    """Is one site within the other, or a comma between a place and its side ("sprain, ankle, right")?"""
    if not one.sites or not other.sites:
        return bool(one.sites) and bool(other.side) and not other.sites and not other.ids and not one.side
    if one.side and other.side and one.side != other.side:
        return False
    deepest = max(other.sites, key=lambda site: vocabulary().depth.get(site, 0))
    own = max(one.sites, key=lambda site: vocabulary().depth.get(site, 0))
    if deepest != own and (deepest in one.ids or own in other.ids):
        return True
    return not one.side and bool(other.side) and "phalanx" in one.ids and bool({"finger", "toe"} & other.ids)


def _union(one: Group, other: Group) -> Group:
    side = one.side or other.side
    return Group(
        one.ids | other.ids, one.sites + other.sites, side, min(one.first, other.first), max(one.after, other.after)
    )


def _merged(group: Group, others: Sequence[Group]) -> Group:
    """A site before the head with what is said after it, where that is in the same limb or region."""
    known = vocabulary()
    tops = {known.above(site)[-1] for site in group.sites}
    for other in others:
        apart = group.sites and other.sites and not tops & {known.above(site)[-1] for site in other.sites}
        if not apart and not (group.side and other.side and group.side != other.side):
            group = _union(group, other)
    return group


def _with_parts(group: Group, before: Sequence[Group]) -> Group:
    ids = frozenset().union(*(each.ids for each in before))
    side = group.side or next((each.side for each in before if each.side), "")
    return group._replace(ids=group.ids | ids, side=side)


def _completed(groups: Sequence[Group]) -> tuple[Group, ...]:
    """Coordinated groups lend what they lack: "medial and lateral meniscus", "right and left knee", "bilateral knee and
    hip"."""
    sited = [each for each in groups if each.sites]
    if not sited:
        return ()
    sides = {each.side for each in groups if each.side}
    parts = sited[0].ids - frozenset(inner for site in sited[0].sites for inner in vocabulary().above(site))
    found: list[Group] = []
    for each in groups:
        if each.sites:
            lent = parts if each is not sited[0] and each.ids <= _bare(each) else frozenset()
            side = each.side or (next(iter(sides)) if len(sides) == 1 and groups[0].side else "")
            found.append(each._replace(ids=each.ids | lent, side=side))
        elif (each.ids and not each.ids & {"n1", "n2", "n3", "n4", "n5"}) or each.ids:
            found.append(
                sited[0]._replace(
                    ids=(_bare(sited[0]) | each.ids),
                    side=each.side or sited[0].side,
                    first=each.first,
                    after=each.after,
                )
            )
        elif each.side and sited[0].side and each.side != sited[0].side:
            found = [g._replace(side="bilateral") for g in found] or found
            sited[0] = sited[0]._replace(side="bilateral")
            groups = [g._replace(side="bilateral") if g.sites else g for g in groups]
    if any(not g.sites and not g.ids and g.side for g in groups) and len(sides) > 1:
        found = [g._replace(side="bilateral") for g in found]
    return tuple(found)


def _bare(group: Group) -> frozenset[str]:
    return frozenset(inner for site in group.sites for inner in vocabulary().above(site))


def _shared(line: Sequence[Unit], found: Sequence[Phrase]) -> list[Phrase]:
    """Coordinated heads share their sites ("pain and swelling of the knee", "knee pain and stiffness")."""
    heads = [place for place, unit in enumerate(line) if unit.kind == HEAD]
    shared = list(found)
    for number in range(len(found) - 2, -1, -1):
        _share(line, heads, shared, number, number + 1)
    for number in range(1, len(found)):
        _share(line, heads, shared, number, number - 1)
    return [each._replace(nearest=_nearest(line, heads[n])) for n, each in enumerate(shared)]


def _share(line: Sequence[Unit], heads: Sequence[int], shared: list[Phrase], number: int, other: int) -> None:
    """Gives a head the sites of the one beside it, and a side that only one of them says to both."""
    one, giving = shared[number], shared[other]
    if one.groups or not giving.own or not _coordinated(line, heads[min(number, other)], heads[max(number, other)]):
        return
    side = one.side or giving.side
    groups = tuple(each if each.side else each._replace(side=side) for each in giving.groups)
    shared[number] = one._replace(groups=groups, own=True)
    shared[other] = giving._replace(groups=groups)


def _coordinated(line: Sequence[Unit], one: int, other: int) -> bool:
    between = line[one + 1 : other]
    if not any(each.kind == JOIN for each in between):
        return not between
    return all(each.kind in (JOIN, SITE, PART, SIDE, PATTERN, PLAIN, LINK, THE) for each in between)


def _nearest(line: Sequence[Unit], head: int) -> tuple[Group, ...]:
    """The nearest site of the sentence, before the head if any; none beyond a mark that parts."""
    for step in (-1, 1):
        at = head + step
        while 0 <= at < len(line) and abs(at - head) <= _FARTHEST and line[at].kind not in (BREAK, NEVER):
            if line[at].kind == SITE:
                return _around(line, at)
            at += step
    return ()


def _around(line: Sequence[Unit], at: int) -> tuple[Group, ...]:
    first, after = at, at + 1
    while first > 0 and line[first - 1].kind in (SITE, PART, SIDE):
        first -= 1
    while after < len(line) and line[after].kind in (SITE, PART, SIDE):
        after += 1
    return _completed(_split(line[first:after]))


def groups(text: str, words: Sequence[Token], labels: Sequence[Label]) -> list[Group]:
    """All sites of a sentence, whatever is said of them."""
    line = units(text, words, labels)
    found: list[Group] = []
    at = 0
    while at < len(line):
        if line[at].kind == SITE:
            found += _around(line, at)
            while at < len(line) and line[at].kind in (SITE, PART, SIDE):
                at += 1
        at += 1
    return found

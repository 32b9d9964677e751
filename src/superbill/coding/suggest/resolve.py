"""From a mention to whole codes: as specific as the note says, and no more.

The titles of the codes beside and under where the mention starts are weighed against what the note says of it: a word
that is said speaks for a title, one that isn't speaks against it, "unspecified" and "without" stand for silence
(guidelines I.A.9.b, I.A.14 to I.A.15, I.B.2, I.B.18).
"""

import re
from collections.abc import Sequence

from msgspec import Struct

from superbill.codesets.icd10cm.lookup import Code
from superbill.coding.model import Evidence
from superbill.coding.reading.model import Mention
from superbill.coding.suggest import episodes
from superbill.coding.suggest.model import Step
from superbill.coding.suggest.said import Note, Said
from superbill.coding.suggest.titles import SITES, Shelf, Title, roots, shelf, vocabulary

SOURCE = "ICD-10-CM Official Guidelines"
_MOST_LEAVES = 600
_MOST_ANSWERS = 20_000
_SAID, _NEAR, _UNSAID, _LOST = 3.0, 1.6, -4.0, -5.0
_FORBIDDEN = -100.0
_RADIATING = ("M54.3", "M54.4")
"""Sciatica: its side is that of the leg into which the pain goes."""
_STEM = 6  # characters of a code that tell what it is; those behind tell its side and encounter
_PLACE = re.compile(r"\bunspecified (?:[\w-]+ ){0,2}(?:region|level|site)\b", re.IGNORECASE)


class Resolved(Struct, frozen=True):
    """A billable code, how it was come to, and the codes that stood beside it."""

    code: Code
    way: tuple[Step, ...] = ()
    over: tuple[str, ...] = ()


def resolve(mention: Mention, note: Note) -> list[Resolved]:
    """The billable codes of a mention: one; two where none says both sides; [] when its words lead to none."""
    base = base_of(mention, note)
    if base is None:
        return []
    found = _from(base, mention, note.said(mention), note, shelf(note.book))
    return [done for one in found if (done := _whole(one, mention, note)) is not None]


def base_of(mention: Mention, note: Note) -> Code | None:
    """The code or category of the book from which a mention's words start; None when the book has none of them."""
    named = [code for each in mention.codes if (code := note.book.code(each)) is not None]
    return next((code for code in named if not _of_other_sex(code.code, note.visit.sex)), named[0] if named else None)


_OF_ONE_SEX = {
    "male": ("N7", "N8", "N90", "N91", "N92", "N93", "N94", "N95", "N96", "N97", "O"),
    "female": ("N4", "N50"),
}


def _of_other_sex(code: str, sex: str) -> bool:
    """Is it of an organ that the patient doesn't have, so that another sense of the same words is meant?"""
    return code.startswith(_OF_ONE_SEX.get(sex, ("?",)))


def _from(base: Code, mention: Mention, said: Said, note: Note, known: Shelf) -> list[Resolved]:
    """The best leaves in reach of a base; of both sides where the note says both and no title does."""
    reach = _reach(base, note, known)
    sites = _sites(base, reach, known)
    side = said.side or note.side(mention, sites) if any(known.title(leaf).side for leaf in reach) else ""
    words = frozenset(
        word for leaf in reach for word in known.title(leaf).says | known.title(leaf).denies | known.title(leaf).aside
    )
    key = (base.code, said.strong & words, said.near & words, said.own, said.name & words, said.denied & words, side)
    answer: tuple[Resolved, ...] | None = known.answers.get(key)
    if answer is None:
        if len(known.answers) > _MOST_ANSWERS:
            known.answers.clear()
        answer = known.answers[key] = tuple(_chosen(base, reach, said, side, known))
    return list(answer)


def _reach(base: Code, note: Note, known: Shelf) -> tuple[Code, ...]:
    """The leaves that the note's words may lead to: those under the base; beside it too where its title leaves open."""
    book = note.book
    title = known.title(base)
    top = base
    if base.billable or title.unspecified:
        while top.parent and (title.unspecified or title.denies or title.side or top is base):
            above = book.code(top.parent)
            if above is None or len(known.leaves(above, book)) > _MOST_LEAVES:
                break
            top = above
            if not (title.unspecified or title.denies) and not (title.side and len(top.code) > 3):
                break
    return known.leaves(top, book)


def _sites(base: Code, reach: Sequence[Code], known: Shelf) -> frozenset[str]:
    """The words that follow a side in the titles: the sites whose side the note may name."""
    said = known.title(base).says
    sided = [known.title(leaf) for leaf in reach if known.title(leaf).side]
    qualifiers = vocabulary()[1]
    if not sided:
        return frozenset()
    if base.code.startswith(_RADIATING):
        return frozenset(roots("side leg buttock thigh calf"))
    shared = frozenset.intersection(*(each.says for each in sided)) | said
    return frozenset(word for word in shared if word not in qualifiers and word in SITES)


def _chosen(base: Code, reach: Sequence[Code], said: Said, side: str, known: Shelf) -> list[Resolved]:
    vague = _vague(base, reach, known)
    scored = sorted(
        ((_score(leaf, base, said, side, known, vague), -number, leaf) for number, leaf in enumerate(reach)),
        key=lambda each: (-each[0], -each[1]),
    )
    best = _best(scored, base)
    if base.billable and best.code[:_STEM] != base.code[:_STEM] and _unspecific(best) >= _unspecific(base):
        # What the words mean is known: from there nothing leads to a code that says less.
        near = [each for each in scored if each[2].code[:_STEM] == base.code[:_STEM]]
        best = _best(near, base) if near else best
    over = tuple(leaf.code for score, _, leaf in scored if leaf is not best and score > _FORBIDDEN / 2)[:3]
    steps = _steps(base, best, side, known)
    if side == "bilateral" and known.title(best).side != "bilateral":
        pair = [_sided(best, one, reach, known) for one in ("right", "left")]
        if all(pair):
            step = Step("coding.resolve.both-sides", "no code says both sides: one for each", f"{SOURCE} I.B.13")
            return [Resolved(each, (*steps, step)) for each in pair if each is not None]
    return [Resolved(best, steps, over)]


def _unspecific(code: Code) -> int:
    return code.title.casefold().count("unspecified")


def _best(scored: list[tuple[float, int, Code]], base: Code) -> Code:
    """The highest; the base itself where nothing beside it is said."""
    top, _, leaf = scored[0]
    for score, _, each in scored:
        if each.code == base.code and score >= top:
            return each
    return leaf


def _vague(base: Code, reach: Sequence[Code], known: Shelf) -> bool:
    """Does a title leave open which condition it is? Not one that leaves open its place only ("unspecified foot")."""
    start = known.title(base)
    left = _PLACE.sub("", base.title).casefold().count("unspecified")
    if left != 1 or not start.says:
        return left > 0
    return not any(known.title(leaf).side and known.title(leaf).says == start.says for leaf in reach)


def _score(leaf: Code, base: Code, said: Said, side: str, known: Shelf, vague: bool) -> float:
    """How well a title says what the note says."""
    title, start = known.title(leaf), known.title(base)
    total = _side_score(title, side, leaf)
    qualifiers = vocabulary()[1]
    gained = lacking = False
    inside = leaf.code.startswith(base.code) or not start.other
    for word in title.says:
        if word in said.strong:
            new = word not in start.says and word not in said.name
            total += _SAID if new else 0.5
            gained = gained or new
        elif word in start.says:
            continue
        elif word in said.near and word not in qualifiers and (start.unspecified or inside):
            total += _NEAR
            gained = True
        else:
            total += _UNSAID
            lacking = True
    for word in title.aside:
        total += 0.4 if word in said.strong else 0.0
    for word in title.denies:
        spoken = word in said.strong or (word in said.near and word not in qualifiers)
        total += -_SAID if spoken else 1.0 if word in said.denied else -0.45 / len(title.denies)
    total += _LOST * len((start.says & said.own) - title.says - title.aside)
    total += -0.9 if title.other else 0.0
    total += -6.0 if title.elsewhere else 0.0
    total += -0.4 if title.unspecified else 0.0
    if leaf.code == base.code:
        return total + 0.3
    if leaf.code.startswith(base.code):
        return total
    if not (vague or (start.other and start.unspecified == vague) or start.says <= title.says | title.aside):
        return total + _FORBIDDEN  # a condition that is named stays that condition
    return total - (0.2 if (gained or (side and title.side == side)) and not lacking else 12.0)


def _side_score(title: Title, side: str, leaf: Code) -> float:
    one = "unilateral" in leaf.title.casefold()
    if side == "bilateral":
        return 3.0 if title.side == "bilateral" else -8.0 if title.side or one else 0.0
    if side:
        return 3.0 if title.side == side else _FORBIDDEN if title.side else 0.0
    return -6.0 if title.side else -1.0 if one else 0.0


def _sided(leaf: Code, side: str, reach: Sequence[Code], known: Shelf) -> Code | None:
    """The leaf of a side that says all that another says."""
    own = known.title(leaf)
    alike = [each for each in reach if known.title(each).side == side and known.title(each).says == own.says]
    return alike[0] if alike else None


def _steps(base: Code, best: Code, side: str, known: Shelf) -> tuple[Step, ...]:
    if best.code == base.code:
        return ()
    more = known.title(best).says - known.title(base).says
    told = ", ".join(sorted(more)) or side or "nothing more is said"
    if known.title(best).side and side:
        return (Step("coding.resolve.side", f"{base.code} on the {side} side: {best.code}", f"{SOURCE} I.B.13"),)
    if not more:
        return (Step("coding.resolve.default", f"{base.code} without more said: {best.code}", f"{SOURCE} I.A.9.b"),)
    return (Step("coding.resolve.specific", f"{base.code}, said with {told}: {best.code}", f"{SOURCE} I.B.2"),)


def _whole(one: Resolved, mention: Mention, note: Note) -> Resolved | None:
    """With its episode of care."""
    if one.code.billable:
        return one
    done = episodes.completed(one.code, mention, note)
    if done is None:
        return None
    code, step = done
    return Resolved(code, (*one.way, step), one.over)


def evidence(note: Note, start: int, end: int) -> Evidence:
    """A span of the note as evidence."""
    return Evidence(note.visit.record, note.text[start:end], start, end)

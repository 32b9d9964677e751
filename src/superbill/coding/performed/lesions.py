"""Skin: repairs by site, depth and length; excisions, shavings, biopsies and destructions by size, site and number;
debridement by depth and area.

Lengths of one kind of repair and group of sites are added up (CPT, repair). An excision's size is the lesion's
greatest diameter with the narrowest margins on both sides. What is not documented counts as the least.
"""

import re
from collections.abc import Iterable, Iterator
from functools import cache
from math import ceil

from msgspec import Struct
from msgspec.structs import replace

from superbill.coding.performed import status, units
from superbill.coding.performed.catalog import phrases_of, read
from superbill.coding.performed.model import Done, Entry, Hit, Said
from superbill.coding.performed.words import Index, Phrase, compiled

_LAYERED = re.compile(
    r"\b(?:layered|layers?|two[- ]layer|deep (?:dermal |layer )?sutures?|"
    r"subcutaneous (?:layer|sutures?|tissue)|intermediate|buried|"
    r"vicryl|monocryl deep|dermal sutures)\b"
)
_COMPLEX = re.compile(
    r"\b(?:complex|undermin\w+|retention sutures|stents?|wound edges (?:were )?(?:excised|trimmed))\b"
)
_STRIPS = re.compile(r"\bsteri[- ]?strips?\b")
_SEWN = re.compile(
    r"\b(?:sutur\w+|stapl\w+|glue\w*|dermabond|adhesive|nylon|prolene|ethilon|vicryl|gut|repair\w*|stitch\w*)\b"
)
_WOUND = re.compile(r"\b(?:lacerat\w+|cut|gash|avulsion|wound|bite|closure|defect)\b")
_LENGTH = re.compile(r"\b(?:length|size|measur\w+|total)\b")
_MALIGNANT = re.compile(r"\b(?:carcinoma|bcc|scc|melanoma|malignan\w+|squamous|basal cell|sarcoma)\b")
_MARGIN = re.compile(r"(\d(?:\.\d+)?)\s*(mm|cm)\s*margins?|margins? of (\d(?:\.\d+)?)\s*(mm|cm)")
_LIMB = re.compile(r"\b(?:scalp|arm|forearm|leg|thigh|calf|shin|knee|elbow|extremit\w+)\b")
_LID = re.compile(r"\b(?:eyelid|nose|nasal|ear|earlobe|lips?)\b")
_KERATOSIS = re.compile(r"\b(?:actinic|solar|ak|aks|premalignant|precancer\w*)\b")
_WART = re.compile(r"\b(?:warts?|verruca\w*|molluscum|seborrheic|sk|sks|condylom\w*|benign|lentig\w+|milia)\b")
_TAGS = re.compile(r"\b(?:skin tags?|acrochordons?)\b")
_THINGS = re.compile(
    r"\b(?:(?:actinic|seborrheic|plantar|common|flat|skin|separate|distinct|individual|thin|hypertrophic|inflamed|aks?|"
    r"viral|hand|foot|facial|suspicious|such|of these|of the) )*(?:lesions?|keratos[ei]s|warts?|verrucae?|aks?|sks?|"
    r"molluscum(?: lesions)?|papules|spots|areas|sites|biops(?:y|ies)|moles|nevi|punch biops(?:y|ies)|condylomata?)\b"
)
_AT = re.compile(
    r"\b(\d{1,2}|one|two|three|four|five|six|seven|eight|nine|"
    r"ten)\)? (?:\w+ ){0,3}?(?:on|of|at|to|over) (?:the|his|her|their) "
)
_DEPTHS = (
    ("bone", re.compile(r"\b(?:bone|osteomyel\w*)\b")),
    ("muscle", re.compile(r"\b(?:muscle|fascia|tendon)\b")),
    ("subcutaneous", re.compile(r"\b(?:subcutaneous|subq|fat|adipose)\b")),
    (
        "skin",
        re.compile(
            r"\b(?:selective\w*|epiderm\w+|dermis|dermal|devitalized|fibrin|slough|biofilm|eschar|ulcer|wound)\b"
        ),
    ),
)
Rows = tuple[tuple[float, str], ...]


class Tables(Struct, frozen=True, forbid_unknown_fields=True):
    """The tables of this family."""

    said: dict[str, str]
    sites: dict[str, str]
    repair: dict[str, dict[str, Rows]]
    excision: dict[str, dict[str, Rows]]
    shave: dict[str, Rows]
    debridement: dict[str, tuple[str, str]]
    destruction: dict[str, Rows]


@cache
def tables() -> Tables:
    """The tables of codes by site and size."""
    found: Tables = read("lesions.yaml", Tables)
    return found


@cache
def _sites() -> Index:
    return Index(p for key, said in tables().sites.items() for p in compiled(Entry("sites", "site", key, key), said))


def phrases() -> Iterator[Phrase]:
    """The phrases of this family."""
    yield from phrases_of("lesions", "lesion", tables().said)


def done(hit: Hit, around: tuple[Said, ...]) -> Iterator[Done]:
    """What was done to the skin."""
    score, why = status.judged(hit.said, hit.start, hit.end, status.Manner(0.25, True))
    kind = hit.entry.key
    if kind == "repair":
        yield from _repair(hit, around, score, why)
    elif kind in ("excision", "shave"):
        yield from _sized(kind, hit, around, score, why)
    elif kind == "destruction":
        yield from _destroyed(hit, around, score, why)
    elif kind == "debridement":
        yield from _debrided(hit, around, score, why)
    else:
        yield from _biopsied(kind, hit, score, why)


def _made(hit: Hit, code: str, score: float, why: str, rule: str, what: str, count: int = 1) -> Done:
    return Done(
        code=code, label=f"skin: {hit.entry.key}", start=hit.start, end=hit.end, score=score, why=why, what=what,
        units=count, group="lesion", rule=rule,
    )  # fmt: skip


def _place(hit: Hit, around: tuple[Said, ...]) -> tuple[str, str]:
    """The group of the site and the text that says it."""
    for said in (hit.said, *around):
        found = _sites().hits(said)
        if found:
            nearest = min(found, key=lambda site: abs(site.start - hit.start))
            return nearest.entry.key, said.lower
    return "", hit.said.lower


def _row(rows: Rows, size: float) -> str:
    return next(code for most, code in rows if size <= most + 1e-9)


def _repair(hit: Hit, around: tuple[Said, ...], score: float, why: str) -> Iterator[Done]:
    near = [hit.said.lower, *(said.lower for said in around)]
    text = " ".join(near)
    if not _WOUND.search(text) or (_STRIPS.search(hit.said.lower) and not _SEWN.search(hit.said.lower)):
        return
    site, said = _place(hit, around)
    depth = "complex" if _COMPLEX.search(text) else "intermediate" if _LAYERED.search(text) else "simple"
    site = site or "trunk"
    group = "body" if depth == "simple" and site != "face" else site
    if depth == "complex" and site != "face":
        group = "limb" if _LIMB.search(said) else "face" if site == "hands" else "trunk"
    elif depth == "complex" and _LID.search(said):
        group = "lid"
    lengths = [size for size, _, _ in units.sizes(hit.said.lower)]
    for other in () if lengths else around:
        lengths = lengths or [
            size for size, _, _ in units.sizes(other.lower) if _WOUND.search(other.lower) or _LENGTH.search(other.lower)
        ]
    size = sum(lengths)
    code = _row(tables().repair[depth][group], size)
    rule = f"{depth}, {size:g} cm in all" if size else f"{depth}; no length is said: the least"
    yield replace(_made(hit, code, score, why, rule, f"repair {depth} {group}"), size=size)


def _sized(kind: str, hit: Hit, around: tuple[Said, ...], score: float, why: str) -> Iterator[Done]:
    site, _ = _place(hit, around)
    site = site or "trunk"
    near = [hit.said.lower, *(said.lower for said in around)]
    text, size = hit.said.lower, 0.0
    for each in near:
        bare = _MARGIN.sub(" ", each)
        lengths = [length for length, _, _ in units.sizes(bare)]
        if lengths:
            text, size = each, max(lengths)
            break
    margin = _MARGIN.search(" ".join(near))
    if margin and kind == "excision":
        number, unit = (margin[1] or margin[3]), (margin[2] or margin[4])
        size += 2 * float(number) * (0.1 if unit == "mm" else 1)
    if kind == "shave":
        rows = tables().shave[site]
    else:
        malignant = _MALIGNANT.search(text) or _MALIGNANT.search(near[0])
        rows = tables().excision["malignant" if malignant else "benign"][site]
    rule = f"{size:g} cm" if size else "no size is said: the least"
    yield _made(hit, _row(rows, size), score, why, rule, f"{kind} {site} {size:g}")


def _biopsied(kind: str, hit: Hit, score: float, why: str) -> Iterator[Done]:
    first, more = {"tangential": ("11102", "11103"), "punch": ("11104", "11105"), "incisional": ("11106", "11107")}[
        kind
    ]
    count = units.count_of(hit.said.lower, _THINGS)
    yield _made(hit, first, score, why, f"{count} counted", f"biopsy {kind}")
    if count > 1:
        yield _made(hit, more, score, why, f"{count} counted", f"biopsy {kind} more", count - 1)


def _destroyed(hit: Hit, around: tuple[Said, ...], score: float, why: str) -> Iterator[Done]:
    lower = hit.said.lower
    text = lower if any(p.search(lower) for p in (_KERATOSIS, _WART, _TAGS, _MALIGNANT)) else " ".join(
        [lower, *(said.lower for said in around)]
    )  # fmt: skip
    if _TAGS.search(text):
        return  # counted by itself
    if not _KERATOSIS.search(text) and not _WART.search(text):
        if _MALIGNANT.search(text):
            site, _ = _place(hit, around)
            size = max((length for length, _, _ in units.sizes(text)), default=0.0)
            code = _row(tables().destruction[site or "trunk"], size)
            yield _made(hit, code, score, why, f"{size:g} cm", f"destruction {site}")
        else:
            yield _made(hit, "17110", min(score, 0.45), why, "what was destroyed is not said", "destruction")
        return
    count = max(units.count_of(text, _THINGS), sum(int(units.number(m[1]) or 0) for m in _AT.finditer(text)))
    rule = f"{count} counted"
    if _KERATOSIS.search(text):
        if count >= 15:
            yield _made(hit, "17004", score, why, rule, "destruction keratosis")
            return
        yield _made(hit, "17000", score, why, rule, "destruction keratosis")
        if count > 1:
            yield _made(hit, "17003", score, why, rule, "destruction keratosis more", count - 1)
    else:
        yield _made(hit, "17111" if count >= 15 else "17110", score, why, rule, "destruction wart")


def _debrided(hit: Hit, around: tuple[Said, ...], score: float, why: str) -> Iterator[Done]:
    near = [hit.said.lower, *(said.lower for said in around[:4])]
    depth = next((name for each in near for name, pattern in _DEPTHS if pattern.search(each)), "")
    if not depth:
        return
    square = next((found for each in near if (found := units.area(each)) is not None), 0.0)
    first, more = tables().debridement[depth]
    rule = f"{depth}, {square:g} square cm" if square else f"{depth}; no area is said: the least"
    yield _made(hit, first, score, why, rule, f"debridement {depth}")
    if square > 20:
        yield _made(hit, more, score, why, rule, f"debridement {depth} more", ceil((square - 20) / 20))


def summed(found: Iterable[Done]) -> list[Done]:
    """Repairs of one depth and group of sites as one, by the sum of their lengths; of biopsies by several techniques
    one is the first (incisional, else punch, else tangential) and the others are additional."""
    kept: list[Done] = []
    repairs: dict[str, list[Done]] = {}
    for one in found:
        if one.what.startswith("repair ") and one.score >= 0.5:
            repairs.setdefault(one.what, []).append(one)
        else:
            kept.append(one)
    for what, several in repairs.items():
        _, depth, group = what.split(" ")
        size = sum({round(one.size, 2) for one in several})
        best = max(several, key=lambda one: one.score)
        rule = f"{depth}, {size:g} cm in all" if size else best.rule
        kept.append(replace(best, code=_row(tables().repair[depth][group], size), size=size, rule=rule))
    return _biopsies(kept)


_FURTHER = {"11102": "11103", "11104": "11105", "11106": "11107"}


def _biopsies(found: list[Done]) -> list[Done]:
    sure = {one.code for one in found if one.score >= 0.5}
    first = max(sure & set(_FURTHER), default="")
    if not first:
        return found
    return [
        replace(one, code=_FURTHER[one.code], rule="a further biopsy by another technique")
        if one.code in _FURTHER and one.code != first and one.score >= 0.5 and _FURTHER[one.code] not in sure
        else one
        for one in found
    ]

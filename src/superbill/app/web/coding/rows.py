"""The codes of a draft as rows of the workbench: meaning, evidence, why, what was found, and what may be done."""

from collections.abc import Iterable, Sequence
from datetime import date

from msgspec import Struct

from superbill.app.code_books import code_books
from superbill.app.coding.draft import Draft, Kind, Line
from superbill.app.path.workbench import Placed, Proposal, confidence
from superbill.app.web.coding.marks import Span, spans
from superbill.codesets.icd10cm.lookup import book
from superbill.codesets.icd10pcs.lookup import book as pcs_book
from superbill.codesets.modifier.lookup import modifier as modifier_of
from superbill.codesets.release import Refused
from superbill.codesets.systems import look_up
from superbill.findings import Finding, Severity
from superbill.forms.statement.labels import service_label

SHOWN_AT_ONCE = (Severity.ERROR, Severity.WARNING)
WORDS_AT_MOST = 90
USUAL_MODIFIERS = ("25", "59", "RT", "LT", "50", "76", "26", "TC", "95")
VERDICTS = {
    "offered": ("○", "to decide"), "kept": ("●", "kept"), "added": ("✚", "added"), "refused": ("✕", "refused"),
}  # fmt: skip


class Quote(Struct, frozen=True):
    """Words of the chart, and their mark in the note ("" where they are not in it)."""

    words: str
    mark: str


class Point(Struct, frozen=True):
    """One diagnosis that a service may point to."""

    number: int
    key: str
    code: str
    on: bool


class BenchRow(Struct, frozen=True, kw_only=True):
    """One code as shown. `next`: the first that waits for a decision after the last one taken."""

    line: Line
    number: str
    meaning: str
    shape: str
    word: str
    sure: str
    quotes: tuple[Quote, ...]
    found: tuple[Finding, ...]
    points: tuple[Point, ...]
    pointed: str
    modifiers: tuple[tuple[str, str], ...]
    proposals: tuple[Proposal, ...]
    offered: tuple[tuple[str, str], ...]
    slug: str
    next: bool


SLUGS = {"ICD-10-CM": "icd10cm", "ICD-10-PCS": "icd10pcs", "CPT": "cpt", "HCPCS": "hcpcs"}


def rows_of(
    draft: Draft, kind: Kind, on: date, placed: Iterable[Placed], proposals: Sequence[Proposal], next_key: str
) -> list[BenchRow]:
    """The rows of a kind, refused ones after the others."""
    said: dict[str, list[Finding]] = {}
    for each in placed:
        if each.finding.severity in SHOWN_AT_ONCE:
            said.setdefault(each.key, []).append(each.finding)
    places = draft.places()
    ordered = sorted(draft.of(kind), key=lambda line: not line.stands)
    numbers = {line.key: place for place, line in enumerate(draft.standing(kind), 1)}
    return [
        _row(line, str(numbers.get(line.key, "")), draft, places, on, said.get(line.key, []), proposals, next_key)
        for line in ordered
    ]


def _row(
    line: Line, number: str, draft: Draft, places: dict[str, int], on: date, found: list[Finding],
    proposals: Sequence[Proposal], next_key: str,
) -> BenchRow:  # fmt: skip
    shape, word = VERDICTS[line.verdict]
    mine = {each.modifier: each for each in proposals if each.key == line.key}
    points = tuple(
        Point(places[each.key], each.key, each.code, each.key in line.pointers) for each in draft.standing("dx")
    )
    offered = tuple((each, modifier_words(each)) for each in USUAL_MODIFIERS if each not in line.modifiers)
    return BenchRow(
        line=line, number=number, meaning=line.title or meaning(line.system, line.code, on), shape=shape, word=word,
        sure="" if line.score >= 0.999 or line.verdict != "offered" else confidence(line.score),
        quotes=quotes(line), found=tuple(found), points=points if line.kind == "sv" else (),
        pointed=" ".join(str(each.number) for each in points if each.on), proposals=tuple(mine.values()),
        modifiers=tuple((each, modifier_words(each)) for each in line.modifiers),
        offered=offered if line.kind == "sv" else (), slug=SLUGS[line.system], next=line.key == next_key,
    )  # fmt: skip


def quotes(line: Line) -> tuple[Quote, ...]:
    """What the chart says for a code, each saying once."""
    found: dict[str, Quote] = {}
    for each in line.evidence:
        words = " ".join(each.text.split())
        if words and words.casefold() not in found:
            short = words if len(words) <= WORDS_AT_MOST else f"{words[:WORDS_AT_MOST].rstrip()} …"
            found[words.casefold()] = Quote(short, f"e{each.start}" if each.start is not None else "")
    return tuple(found.values())


def numbered(draft: Draft, length: int) -> list[Span]:
    """The evidence of every standing code: diagnoses under their numbers, services and procedures under their codes'
    last characters."""
    found: list[Span] = []
    for place, each in enumerate(draft.standing("dx"), 1):
        found += spans(each.evidence, each.key, str(place), length)
    for each in (*draft.standing("px"), *draft.standing("sv")):
        found += spans(each.evidence, each.key, each.code, length)
    return found


def meaning(system: str, code: str, on: date) -> str:
    """What a code means, in a few words: the official title, or for CPT the practice's label."""
    try:
        if system == "ICD-10-CM":
            found = book(code_books(), on).code(code)
            return found.title if found else "no such code on the day of the visit"
        if system == "ICD-10-PCS":
            procedure = pcs_book(code_books(), on).code(code)
            return procedure.title if procedure else "no such code on the day of discharge"
        known = look_up(code_books(), "hcpcs", code, on) if system == "HCPCS" else None
        return known.title if known and known.title else service_label(code)
    except Refused:
        return service_label(code) if system in ("CPT", "HCPCS") else ""


def modifier_words(code: str) -> str:
    """What a modifier says, in a few words."""
    known = modifier_of(code)
    return known.name if known else ""

"""Excludes1: two codes that are not coded together (guideline I.A.12.a).

A note at any place above one code that names the other. The guideline lets both stand when the two conditions are
unrelated: where that can be (other chapter, other side, a code for several conditions) the finding is a warning to
be answered, else an error. Conditions of pregnancy and of the newborn are never unrelated to the body they are in.
"""

from collections.abc import Iterator
from itertools import combinations

from superbill.codesets.icd10cm import schema
from superbill.coding.checks.compiled import Entry, Rule, entries
from superbill.coding.checks.model import GUIDELINES, Context, finding
from superbill.findings import Finding, Severity

_GUIDELINE = f"{GUIDELINES}, I.A.12.a"
_PREGNANCY, _NEWBORN = "15", "16"


def check(context: Context) -> Iterator[Finding]:
    """One finding for each pair that excludes itself, at the code with the note; then notes that can't be checked."""
    entry = entries(context.book).entry
    coded = [
        (position, found)
        for position, plain in enumerate(context.codes, 1)
        if (found := entry(plain)) is not None and plain not in context.codes[: position - 1]
    ]
    if len(coded) < 2:
        return
    for one, other in combinations(coded, 2):
        if one[1].excluded.isdisjoint(other[1].beginnings) and other[1].excluded.isdisjoint(one[1].beginnings):
            continue
        yield from _pair(one, other)
    yield from _unread(coded)


def _pair(one: tuple[int, Entry], other: tuple[int, Entry]) -> Iterator[Finding]:
    """The innermost note of either; of two alike the one at the lesser code, whatever the sequence."""
    found: list[tuple[int, str, int, Entry, Entry, Rule]] = []
    for (position, own), (_, named) in ((one, other), (other, one)):
        for rule in own.excludes:
            if rule.named.names(named.beginnings) or rule.roughly.names(named.beginnings):
                found.append((-len(schema.undotted(rule.node)), own.plain, position, own, named, rule))
                break
    if found:
        _, _, position, own, named, rule = min(found, key=lambda each: each[:2])
        yield _finding(position, own, named, rule)


def _finding(position: int, own: Entry, named: Entry, rule: Rule) -> Finding:
    pair = f"{own.code.code} and {named.code.code}"
    if not rule.named.names(named.beginnings):
        return finding(
            "excludes1", Severity.NOT_CHECKED, position,
            f"Whether {pair} may stand together depends on what the note says in words.",
            why=rule.cited, fix="Read the note and compare it with the record.", source=rule.source,
        )  # fmt: skip
    asked = _asked_together(own, named) or _asked_together(named, own)
    if asked is not None:
        return finding(
            "excludes1", Severity.WARNING, position,
            f"Two notes disagree on {pair}: one excludes, the other asks for both.",
            why=f"{rule.cited} {asked.cited}",
            fix="Keep both only where the documentation supports each; else keep one.",
            source=f"{rule.source}; {asked.source}",
        )  # fmt: skip
    if may_be_unrelated(own, named):
        return finding(
            "excludes1", Severity.WARNING, position,
            f"{pair} are not coded together unless the two conditions are unrelated.",
            why=f"{rule.cited} Guideline I.A.12.a excepts conditions that are unrelated to each other.",
            fix="Keep one; or answer that the conditions are unrelated and keep both. Ask the provider if unclear.",
            source=f"{rule.source}; {_GUIDELINE}",
        )  # fmt: skip
    return finding(
        "excludes1", Severity.ERROR, position,
        f"{pair} are not coded together.",
        why=rule.cited, fix="Keep the one that the documentation supports.",
        source=f"{rule.source}; {_GUIDELINE}",
    )  # fmt: skip


def _asked_together(own: Entry, named: Entry) -> Rule | None:
    """A note for the one code that wants or lets the other beside it. An Excludes2 note of a whole block or chapter
    is too general to speak against an Excludes1 note."""
    beside = (rule for rule in own.beside if not rule.general)
    rules = (*own.first, *own.additional, *own.also, *beside)
    return next((rule for rule in rules if rule.named.names(named.beginnings)), None)


def may_be_unrelated(one: Entry, other: Entry) -> bool:
    """Whether two conditions can be unrelated, as guideline I.A.12.a allows (its example: F45.8 and G47.63).

    Another chapter, another side of the body, or a code for several conditions ("other …") of another block.
    """
    chapters = {one.chapter, other.chapter}
    if chapters & {_PREGNANCY, _NEWBORN}:
        return False
    if len(chapters) > 1:
        return True
    if one.side and other.side and one.side != other.side:
        return True
    return (one.residual or other.residual) and one.block != other.block


def _unread(coded: list[tuple[int, Entry]]) -> Iterator[Finding]:
    """Notes in words alone bear on a code as soon as another stands beside it."""
    said: set[tuple[str, str]] = set()
    for position, own in coded:
        for rule in own.in_words:
            if (rule.node, rule.text) not in said:
                said.add((rule.node, rule.text))
                yield finding(
                    "excludes1", Severity.NOT_CHECKED, position,
                    f"What {own.code.code} excludes in words alone was not compared with the other codes.",
                    why=rule.cited, fix="Read the note and compare it with the other codes.", source=rule.source,
                )  # fmt: skip

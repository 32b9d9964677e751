"""Codes that can't stand together: an unspecified one beside a specific one, sides that are told twice, Excludes1."""

import re

from superbill.codesets.icd10cm import schema
from superbill.coding.checks.compiled import Entry, entries
from superbill.coding.checks.excludes import may_be_unrelated
from superbill.coding.suggest.candidates import Candidate, Case
from superbill.coding.suggest.model import Step
from superbill.coding.suggest.titles import shelf

_GUIDELINES = "ICD-10-CM Official Guidelines"
_UNSPECIFIED = re.compile(r"\bunspecified\b", re.IGNORECASE)


def settled(case: Case) -> None:
    """Leaves of codes that can't stand together the one that says more."""
    _unspecified(case)
    _sides(case)
    _excluded(case)


def _unspecified(case: Case) -> None:
    """An unspecified code whose category has a specific one, of the same side or of none."""
    for one in list(case.candidates):
        if one.name[0] == "Z" or not _UNSPECIFIED.search(one.code.title):
            continue
        for other in case.candidates:
            if other is not one and _more(one, other, case):
                words = f"{other.name} says more than {one.name}"
                case.drop(one, Step("coding.conflict.unspecified", words, f"{_GUIDELINES} I.B.18"))
                break


def _more(one: Candidate, other: Candidate, case: Case) -> bool:
    """Does another code of the category say all that this one says, and more?"""
    if one.name[:3] != other.name[:3]:
        return False
    known = shelf(case.note.book)
    own, its = known.title(one.code), known.title(other.code)
    if own.side and its.side and own.side != its.side:
        return False
    unsided = own.side == "" or own.side == its.side
    less = len(_UNSPECIFIED.findall(one.code.title)) > len(_UNSPECIFIED.findall(other.code.title))
    return unsided and less and own.says <= its.says | its.aside


def _sides(case: Case) -> None:
    """A code without side beside the same with one; both sides where one code says bilateral."""
    known = shelf(case.note.book)
    for one in list(case.candidates):
        title = known.title(one.code)
        if title.side != "right":
            continue
        for other in list(case.candidates):
            its = known.title(other.code)
            if other.name[:3] != one.name[:3] or its.side != "left" or its.says != title.says:
                continue
            both = next(
                (
                    each
                    for each in case.note.book.under(one.code.parent)
                    if each.billable and known.title(each).side == "bilateral" and known.title(each).says == title.says
                ),
                None,
            )
            if both is not None:
                step = Step("coding.conflict.bilateral", f"both sides are {both.code}", f"{_GUIDELINES} I.B.13")
                case.put(one, both.code, step)
                case.drop(other, step)
                break


def _excluded(case: Case) -> None:
    """Of two codes that exclude each other, the one assessed, else the one that says more."""
    known = entries(case.note.book)
    changed = True
    while changed:
        changed = False
        made = [(each, entry) for each in case.candidates if (entry := known.entry(schema.undotted(each.name)))]
        for number, (one, own) in enumerate(made):
            for other, its in made[number + 1 :]:
                note = _against(own, its)
                if note and not _may_stay(own, its):
                    loser = _loser(one, own, other, its)
                    winner = other if loser is one else one
                    words = f"{winner.name} excludes {loser.name}"
                    case.drop(loser, Step("coding.conflict.excludes1", words, note))
                    changed = True
                    break
            if changed:
                break


def _against(own: Entry, its: Entry) -> str:
    for one, other in ((own, its), (its, own)):
        for rule in one.excludes:
            if rule.named.names(other.beginnings):
                return rule.source
    return ""


def _may_stay(own: Entry, its: Entry) -> bool:
    """Another chapter may be unrelated; a symptom beside a disease that excludes it never is."""
    symptoms = own.plain.startswith("R") or its.plain.startswith("R")
    asked = any(
        rule.named.names(two.beginnings)
        for one, two in ((own, its), (its, own))
        for rule in (*one.first, *one.additional, *one.also)
    )
    return asked or (may_be_unrelated(own, its) and not symptoms)


def _loser(one: Candidate, own: Entry, other: Candidate, its: Entry) -> Candidate:
    """The companion, then the symptom, then the status, then the unspecified one, then the later."""

    def worth(each: Candidate, entry: Entry) -> tuple[bool, bool, bool, bool, int]:
        plain = entry.plain
        return (
            each.score < 0.5, plain.startswith("R"), plain.startswith("Z"),
            bool(_UNSPECIFIED.search(each.code.title)), each.place,
        )  # fmt: skip

    return one if worth(one, own) > worth(other, its) else other

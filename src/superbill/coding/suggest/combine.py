"""Conditions that one code says together, and words that lead to another code of the same condition.

The rules of structured data (coding/data/combinations.yaml), those that need the note's words (suggest/data), and the
pairs of the checks (checks/guidelines/combinations.yaml) run one after the other: guidelines I.A.15 ("with"), I.B.9.
"""

import re
from functools import cache
from typing import Literal

from msgspec import Struct

from superbill.codesets.icd10cm import schema
from superbill.coding.checks.compiled import entries
from superbill.coding.checks.guidelines import tables
from superbill.coding.checks.guidelines.codes import Codes
from superbill.coding.reading.tables import table
from superbill.coding.suggest.candidates import Candidate, Case, considered
from superbill.coding.suggest.model import Step

_GUIDELINES = "ICD-10-CM Official Guidelines"
_KEPT = ("N18", "L97", "I50", "J12", "J13", "J14", "J15", "J16", "J17", "J18", "J20", "J21", "J22", "G30", "B95", "B96")
_UNRELATED = re.compile(
    r"\b(?:unrelated to|not (?:due to|related to|caused by|from|secondary to|because of)|independent of)[^.;]{0,30}"
    r"\b(?:diabet\w*|hypertens\w*|htn|dm)\b",
    re.IGNORECASE,
)


_PLAIN = re.compile(r"fail|chf|hfp|hfr|kidney|renal|ckd|esrd|nephropath", re.IGNORECASE)


class Rule(Struct, frozen=True, forbid_unknown_fields=True):
    """One row of a table of combinations: all cells but `said` and `unless` are beginnings of codes.

    It holds when a candidate of each of `all` (alternatives parted by blanks), one of `any` and none of `none` is
    there, and the note says `said` but not `unless` in the problem of the first of `all`, in its title, or anywhere
    (`where`). `documented`: conditions that may stand anywhere in the note as current; they become candidates. Then
    `replace` puts one code in another's place, `drop` leaves out, `add` brings in.
    """

    name: str
    source: str
    all: tuple[str, ...] = ()
    any: tuple[str, ...] = ()
    none: tuple[str, ...] = ()
    said: str = ""
    unless: str = ""
    where: Literal["problem", "title", "note"] = "problem"
    documented: tuple[str, ...] = ()
    replace: dict[str, str] = {}
    drop: tuple[str, ...] = ()
    add: tuple[str, ...] = ()
    optional: bool = False

    @property
    def presumed(self) -> bool:
        """Does it link two conditions by a "with" of the book, unless the provider says otherwise?"""
        return "I.A.15" in self.source or "I.C.9.a" in self.source

    @property
    def step(self) -> Step:
        return Step(f"coding.combine.{self.name}", self.name.replace("-", " "), self.source)


@cache
def _rules(package: str, name: str) -> tuple[Rule, ...]:
    return table(package, name, tuple[Rule, ...])


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


@cache
def _pairs() -> tuple[tuple[Codes, Codes, str, Step], ...]:
    """The checks' pairs that name one whole code to use."""
    found = []
    for rule in tables.table("combinations"):
        for pattern in rule.patterns:
            use = re.search(r": ([A-Z]\d[\dA-Z](?:\.[\dA-Z]{1,4})?)(?:\.$|$)", pattern.message)
            if use and pattern.with_ is not None and rule.name in ("diabetes-with", "combination"):
                step = Step(f"coding.combine.{rule.name}", rule.title, f"{_GUIDELINES} {rule.section}")
                found.append((pattern.when, pattern.with_, use[1], step))
    return tuple(found)


def refined(case: Case) -> None:
    """Words of the note that lead from one code to another of the same condition."""
    _run(case, _rules("superbill.coding.suggest.data", "refinements.yaml"))


def combined(case: Case) -> None:
    """Combination codes and presumed links."""
    _run(case, _rules("superbill.coding.suggest.data", "combinations.yaml"))
    _run(case, _rules("superbill.coding.data", "combinations.yaml"))
    _paired(case)


def _run(case: Case, rules: tuple[Rule, ...]) -> None:
    for rule in rules:
        _apply(case, rule)


@cache
def _alternatives(beginnings: str) -> tuple[str, ...]:
    return tuple(beginnings.split())


def _apply(case: Case, rule: Rule) -> None:
    firsts = []
    for each in rule.all:
        found_of = case.having(*_alternatives(each))
        if not found_of:
            return
        firsts.append(found_of)
    if (rule.any and not case.having(*rule.any)) or (rule.none and case.having(*rule.none)):
        return
    lead = firsts[0][0] if firsts else None
    span = (0, 0)
    if rule.said:
        found = spoken(case, rule.said, lead, rule.where)
        if found is None:
            return
        span = found
    if rule.unless and spoken(case, rule.unless, lead, rule.where):
        return
    if rule.presumed and _vetoed(case, rule):
        return
    for wanted in rule.documented:
        if not case.having(*wanted.split()) and not _documented(case, wanted.split(), rule.step):
            return
    _change(case, rule, lead, span)


def _change(case: Case, rule: Rule, lead: Candidate | None, span: tuple[int, int]) -> None:
    for old, new in rule.replace.items():
        for one in case.having(old):
            if one.name != new:
                changed = case.put(one, new, rule.step)
                lead = changed if one is lead else lead
    for code in rule.add:
        spans = (span,) if span[1] and not rule.presumed else lead.spans if lead else ()
        case.add(code, spans, rule.step, like=lead, score=0.4 if rule.optional else 1.0)
    for one in case.having(*rule.drop) if rule.drop else ():
        case.drop(one, rule.step)


def spoken(case: Case, pattern: str, lead: Candidate | None, where: str) -> tuple[int, int] | None:
    """Where the note says a pattern of a candidate, undenied."""
    note, compiled = case.note, _compiled(pattern)
    if where == "note" or lead is None:
        return note.find(compiled)
    outline = note.reading.outline
    reach: list[tuple[int, int]] = []
    if lead.problem >= 0:
        problem = outline.problems[lead.problem]
        reach.append((problem.start, problem.title_end if where == "title" else problem.end))
        if problem.discussed and where != "title":
            reach.append(problem.discussed)
    places = {lead.mention.sentence} if lead.mention else set()
    if lead.mention and where != "title":
        places |= {each.sentence for each in note.same(lead.mention)}
    reach += [(outline.sentences[place].start, outline.sentences[place].end) for place in sorted(places)]
    return next((found for start, end in reach if (found := note.find(compiled, start, end))), None)


def _documented(case: Case, beginnings: list[str], step: Step) -> bool:
    """Brings in a condition that the note states as current somewhere."""
    for category, mentions in case.note.by_category.items():
        if not any(category.startswith(each[:3]) for each in beginnings):
            continue
        for mention in mentions:
            if mention.codes[0].startswith(tuple(beginnings)) and _PLAIN.search(mention.name):
                case.candidates += considered(mention, case.note, 5_000, step)
                return bool(case.having(*beginnings))
    return False


def _paired(case: Case) -> None:
    known = entries(case.note.book)
    for when, with_, use, step in _pairs():
        one = next((each for each in case.candidates if when.matches(schema.undotted(each.name))), None)
        if one is None:
            continue
        others = [each for each in case.candidates if with_.matches(schema.undotted(each.name)) and each is not one]
        if not others or _parted(case, others[0]):
            continue
        new = case.put(one, use, step)
        entry = known.entry(schema.undotted(use))
        if new is None or entry is None:
            continue
        for other in others:
            its = known.entry(schema.undotted(other.name))
            asked = not entry.asks.isdisjoint(_beginnings(other.name))
            asked = asked or (its is not None and any(rule.named.names(entry.beginnings) for rule in its.first))
            if not asked and not other.name.startswith(_KEPT):
                case.drop(other, step)


def _vetoed(case: Case, rule: Rule) -> bool:
    """Does the provider say of one of the conditions that it is not due to the other?"""
    groups = (*(each.split() for each in rule.all), *(each.split() for each in rule.documented))
    return any(_parted(case, one) for each in groups for one in case.having(*each))


def _beginnings(code: str) -> tuple[str, ...]:
    plain = schema.undotted(code)
    return tuple(plain[:length] for length in range(3, len(plain) + 1))


def _parted(case: Case, other: Candidate) -> bool:
    """Does the provider say that the two are unrelated?"""
    return spoken(case, _UNRELATED.pattern, other, "problem") is not None

"""The cases of the edits: for every rule, claims that pass and claims that fail. Specification, test and manual in one.

A family's `cases.yaml` gives, for each rule, the names of cases under `passes` and `fails`, each with what makes its
claim other than a clean one (base_claims.yaml; `like` names another base): `line2.code: 99213`, `patient.sex: F`,
`diagnoses: [I10]`, `context.kind: medicare`. They run on the tables of samples/, which are made up.
"""

from collections.abc import Callable, Iterable, Iterator
from copy import deepcopy
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any, Literal

import msgspec
import msgspec.yaml
from msgspec import Struct

from superbill.claims.inputs import Price
from superbill.claims.model import Claim
from superbill.edits.context import (
    Authorization,
    Context,
    CoverageSpan,
    Enrolment,
    History,
    PastClaim,
    PayerFacts,
)
from superbill.edits.reference import NO_REFERENCE, Reference
from superbill.effective import Dated

TODAY = date(2026, 3, 10)
"""The day of the cases, where one doesn't say another with `context.today`."""

Words = dict[str, Any]
# Short words of the cases for what stands deeper in a line.
_LINE_WORDS = {
    "code": ("procedure", "code"),
    "modifiers": ("procedure", "modifiers"),
    "day": ("service", "start"),
    "end": ("service", "end"),
}


class Case(Struct, frozen=True):
    """A case of a rule, with the words that make its claim."""

    rule: str
    outcome: Literal["passes", "fails"]
    name: str
    words: Words


@cache
def base_claims() -> dict[str, Words]:
    """The claims that cases start from, by name."""
    read: dict[str, Words] = msgspec.yaml.decode(files("superbill.edits").joinpath("base_claims.yaml").read_bytes())
    return read


def cases(family: str) -> Iterator[Case]:
    """Every case of a family's rules."""
    text = files(f"superbill.edits.{family}").joinpath("cases.yaml").read_text("utf-8")
    yield from read_cases(msgspec.yaml.decode(text))


def read_cases(rules: dict[str, dict[str, dict[str, Words]]]) -> Iterator[Case]:
    """The cases of a document {rule: {passes: {name: words}, fails: …}}."""
    outcomes: tuple[Literal["passes", "fails"], ...] = ("passes", "fails")
    for rule, by_outcome in rules.items():
        for outcome in outcomes:
            for name, words in by_outcome.get(outcome, {}).items():
                yield Case(rule, outcome, str(name), words or {})


def made(words: Words, reference: Reference = NO_REFERENCE) -> tuple[Claim, Context]:
    """The claim that a case describes, and its context. Raises what msgspec raises for words that fit no field."""
    claim, context = _described(words)
    return _claim(claim), _context(context, reference)


def _described(words: Words) -> tuple[Words, Words]:
    words = dict(words)
    like = words.pop("like", "clean")
    if like == "clean":
        claim, context = deepcopy(base_claims()["clean"]), {"today": TODAY}
    else:
        claim, context = _described(base_claims()[like])
    for key, value in words.items():
        head, *rest = key.split(".")
        if head == "context":
            context[rest[0]] = value
        elif head.startswith("line") and head[4:].isdigit():
            line = _line(claim, int(head[4:]))
            _set(line, _LINE_WORDS.get(rest[0], rest), value)
            if rest[0] == "day" and f"{head}.end" not in words:
                line["service"]["end"] = value
        elif key == "diagnoses":
            claim["diagnoses"] = [code if isinstance(code, dict) else {"code": code} for code in value]
        else:
            _set(claim, [head, *rest], value)
    return claim, context


def _set(document: Words, path: Iterable[str], value: Any) -> None:
    *parents, last = path
    for parent in parents:
        document = document.setdefault(parent, {})
    if value is None:
        document.pop(last, None)
    else:
        document[last] = deepcopy(value)


def _line(claim: Words, number: int) -> Words:
    lines: list[Words] = claim["lines"]
    while len(lines) < number:
        copy = deepcopy(lines[0])
        copy.update({"number": len(lines) + 1, "control_number": f"A1007-{len(lines) + 1}"})
        lines.append(copy)
    return lines[number - 1]


def _claim(document: Words) -> Claim:
    return msgspec.convert(msgspec.to_builtins(document), Claim)


def _past(words: Words) -> PastClaim:
    """An earlier claim; `state` says what became of it."""
    words = dict(words)
    state = words.pop("state", "paid")
    return PastClaim(claim=_claim(_described(words)[0]), state=state)


def _listed(kind: Any) -> Callable[[Any], Any]:
    """Reads rows as a tuple of `kind`, given as tuple[X, ...]."""
    return lambda rows: msgspec.convert(msgspec.to_builtins(rows), kind, strict=False)


def _prices(prices: dict[str, int]) -> Price:
    def price(code: str, _modifiers: tuple[str, ...], _day: date) -> int | None:
        return prices.get(code)

    return price


# The words for the context, each with its field and its reader; any other is a fact of the payer.
_CONTEXT_WORDS: dict[str, tuple[str, Callable[[Any], Any]]] = {
    "today": ("today", lambda day: day),
    "prices": ("price", _prices),
    "history": ("history", lambda claims: History(_past(words) for words in claims)),
    "authorizations": ("authorizations", _listed(tuple[Authorization, ...])),
    "coverage": ("coverage", _listed(tuple[CoverageSpan, ...])),
    "enrolments": ("enrolments", _listed(tuple[Enrolment, ...])),
}


def _context(words: Words, reference: Reference) -> Context:
    mine = {_CONTEXT_WORDS[word][0]: _CONTEXT_WORDS[word][1](words[word]) for word in words if word in _CONTEXT_WORDS}
    rest = {word: value for word, value in words.items() if word not in _CONTEXT_WORDS}
    payer: Words = {word: tuple(value) if isinstance(value, list) else value for word, value in rest.items()}
    limit = payer.pop("filing_limit", None)
    steps = limit.items() if isinstance(limit, dict) else [(date.min, limit)] if limit is not None else []
    return Context(payer=PayerFacts(filing_limit=Dated(steps), **payer), reference=reference, **mine)

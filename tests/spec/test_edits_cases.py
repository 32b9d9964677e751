"""Every edit does what its cases say: the same YAML is the specification, the test and the manual."""

from copy import deepcopy
from datetime import date
from importlib.resources import files
from pathlib import Path

import msgspec
import pytest
import yaml
from tests.edits_reference import sample_reference

from superbill.claims.model import Claim
from superbill.edits import (
    FAMILIES,
    RULES,
    Authorization,
    Context,
    CoverageSpan,
    Enrolment,
    History,
    PastClaim,
    PayerFacts,
    check,
)
from superbill.effective import Dated
from superbill.findings import Severity

CLAIMS = yaml.safe_load((Path(__file__).parent / "edits_claims.yaml").read_text())
TODAY = date(2026, 3, 10)
NAMES = [family.__name__.rsplit(".", 1)[1] for family in FAMILIES]
CASES = {
    name: rule_cases
    for family in NAMES
    for name, rule_cases in yaml.safe_load(
        files(f"superbill.edits.{family}").joinpath("cases.yaml").read_text()
    ).items()
}
ALL = [
    pytest.param(rule, outcome, changes, id=f"{rule}: {name}")
    for rule, outcomes in CASES.items()
    for outcome in ("passes", "fails")
    for name, changes in outcomes.get(outcome, {}).items()
]
# Short words of the cases for what stands deeper in a line.
LINE_WORDS = {
    "code": ("procedure", "code"),
    "modifiers": ("procedure", "modifiers"),
    "day": ("service", "start"),
    "end": ("service", "end"),
}


def set_in(document, path, value):
    *parents, last = path
    for parent in parents:
        document = document.setdefault(parent, {})
    if value is None:
        document.pop(last, None)
    else:
        document[last] = deepcopy(value)


def service_line(claim, number):
    lines = claim["lines"]
    while len(lines) < number:
        copy = deepcopy(lines[0])
        copy.update({"number": len(lines) + 1, "control_number": f"A1007-{len(lines) + 1}"})
        lines.append(copy)
    return lines[number - 1]


def described(changes):
    """The document of a claim, and its context, from a case's words."""
    changes = dict(changes or {})
    like = changes.pop("like", "clean")
    if like == "clean":
        claim, context = deepcopy(CLAIMS["clean"]), {"today": TODAY}
    else:
        claim, context = described(CLAIMS[like])
    for key, value in changes.items():
        head, *rest = key.split(".")
        if head == "context":
            context[rest[0]] = value
        elif head.startswith("line") and head[4:].isdigit():
            line = service_line(claim, int(head[4:]))
            path = LINE_WORDS.get(rest[0], rest)
            set_in(line, path, value)
            if rest[0] == "day" and f"{head}.end" not in changes:
                line["service"]["end"] = value
        elif key == "diagnoses":
            claim["diagnoses"] = [{"code": code} for code in value]
        else:
            set_in(claim, [head, *rest], value)
    return claim, context


def claim_of(changes):
    """A Claim from a case's words."""
    return msgspec.convert(msgspec.to_builtins(described(changes)[0]), Claim)


def past(changes):
    """An earlier claim from a case's words; `state` says what became of it."""
    changes = dict(changes)
    state = changes.pop("state", "paid")
    return PastClaim(claim=claim_of(changes), state=state)


def listed(kind):
    return lambda rows: msgspec.convert(msgspec.to_builtins(rows), tuple[kind, ...], strict=False)


# The words of a case for the context; others are of the payer.
CONTEXT_WORDS = {
    "today": lambda day: day,
    "prices": lambda prices: lambda code, modifiers, day: prices.get(code),
    "history": lambda claims: History(past(changes) for changes in claims),
    "authorizations": listed(Authorization),
    "coverage": listed(CoverageSpan),
    "enrolments": listed(Enrolment),
}


def payer_words(words):
    limit = words.pop("filing_limit", None)
    steps = limit.items() if isinstance(limit, dict) else [(date.min, limit)] if limit is not None else []
    return PayerFacts(filing_limit=Dated(steps), **words)


def context_of(words):
    mine = {word: read(words[word]) for word, read in CONTEXT_WORDS.items() if word in words}
    about_payer = {word: value for word, value in words.items() if word not in mine}
    if "prices" in mine:
        mine["price"] = mine.pop("prices")
    return Context(payer=payer_words(about_payer), reference=sample_reference(), **mine)


def findings(changes):
    claim, context = described(changes)
    return check(msgspec.convert(msgspec.to_builtins(claim), Claim), context_of(context))


@pytest.mark.parametrize("rule, outcome, changes", ALL)
def test_an_edit_does_what_its_case_says(rule, outcome, changes):
    found = findings(changes)
    mine = [finding for finding in found if finding.rule == rule]
    assert not [finding for finding in found if finding.severity is Severity.NOT_CHECKED]
    if outcome == "passes":
        assert not mine
    else:
        assert mine, f"found only {sorted({finding.rule for finding in found})}"
        for finding in mine:
            assert str(finding.where) and finding.message.endswith(".") and finding.fix.endswith((".", "…", "…."))
            assert finding.source and finding.severity is not Severity.NOT_CHECKED


def test_every_edit_has_cases_that_pass_and_cases_that_fail():
    assert set(CASES) == set(RULES)
    lacking = {rule for rule, outcomes in CASES.items() if not (outcomes.get("passes") and outcomes.get("fails"))}
    assert not lacking


@pytest.mark.parametrize("like", CLAIMS)
def test_the_claims_that_the_cases_start_from_are_clean(like):
    assert findings({"like": like}) == []

"""The challenge set: short notes of our own, named by phenomenon (coding_challenge/*.yaml), through the whole engine.

A case names the codes that must come (`codes`; `any`: one of each group), in their order where `ordered`, the one that
comes first (`first`), and the starts of codes that must not (`not`). Cases known to fail are listed with their reason
in coding_challenge/known/failing.yaml: one that passes meanwhile, or that fails without being listed, fails the test.
"""

from collections import Counter
from functools import cache
from pathlib import Path
from typing import Literal

import msgspec
import pytest
from tests.codesets import APRIL, embedded_book, embedded_store

from superbill.coding.suggest.engine import suggest
from superbill.coding.suggest.model import Visit

FOLDER = Path(__file__).parent / "coding_challenge"
FILES = sorted(FOLDER.glob("*.yaml"))
SHARE = 0.95


class About(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is known of the visit."""

    setting: Literal["outpatient", "inpatient"] = "outpatient"
    age: float | None = 45
    sex: Literal["female", "male", ""] = ""


class Case(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A short note and its codes."""

    name: str
    note: str
    codes: tuple[str, ...] = ()
    any: tuple[tuple[str, ...], ...] = ()
    not_: tuple[str, ...] = msgspec.field(name="not", default=())
    first: str = ""
    ordered: bool = False
    visit: About = About()


@cache
def cases() -> dict[str, Case]:
    """Every case by "phenomenon: name"."""
    found = {}
    for path in FILES:
        for case in msgspec.yaml.decode(path.read_bytes(), type=tuple[Case, ...]):
            key = f"{path.stem}: {case.name}"
            assert key not in found, f"{key} twice"
            found[key] = case
    return found


@cache
def failing() -> dict[str, str]:
    return msgspec.yaml.decode((FOLDER / "known" / "failing.yaml").read_bytes(), type=dict[str, str])


def wrong(case: Case) -> str:
    """What the engine gets wrong in a case, "" for nothing."""
    visit = Visit(on=APRIL, setting=case.visit.setting, age=case.visit.age, sex=case.visit.sex)
    got = [each.code for each in suggest(case.note, embedded_store(), visit).diagnoses]
    said = []
    if missing := [code for code in case.codes if code not in got]:
        said.append(f"misses {missing}")
    if none := [group for group in case.any if not set(group) & set(got)]:
        said.append(f"has none of {none}")
    if extra := [code for code in got if code.startswith(case.not_)] if case.not_ else []:
        said.append(f"must not give {extra}")
    if case.first and got[:1] != [case.first]:
        said.append(f"{case.first} is not first")
    if case.ordered and not missing and [code for code in got if code in case.codes] != list(case.codes):
        said.append("not in sequence")
    return f"{', '.join(said)}: {got}" if said else ""


@cache
def results() -> dict[str, str]:
    return {name: wrong(case) for name, case in cases().items()}


def test_there_are_enough_cases_and_each_asks_for_something():
    assert len(cases()) >= 300
    assert [name for name, case in cases().items() if not (case.codes or case.any or case.not_ or case.first)] == []


def test_every_expected_code_is_one_that_can_be_billed():
    book = embedded_book()
    for name, case in cases().items():
        for code in {*case.codes, *(code for group in case.any for code in group), *filter(None, [case.first])}:
            known = book.code(code)
            assert known is not None and known.billable, f"{name}: {code}"


def test_known_failures_are_of_cases_that_exist_and_say_why():
    assert [name for name, why in failing().items() if name not in cases() or len(why) < 10] == []


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_phenomenon_is_coded_as_the_guidelines_have_it(path):
    mine = {name: why for name, why in results().items() if name.startswith(f"{path.stem}: ")}
    unlisted = {name: why for name, why in mine.items() if why and name not in failing()}
    stale = [name for name, why in mine.items() if not why and name in failing()]
    assert not unlisted, "\n".join(f"{name}: {why}" for name, why in unlisted.items())
    assert not stale, f"pass now, take them out of known/failing.yaml: {stale}"


def test_the_share_of_cases_coded_rightly(record_property):
    right = Counter(name.partition(":")[0] for name, why in results().items() if not why)
    every = Counter(name.partition(":")[0] for name in results())
    share = right.total() / every.total()
    for name in every:
        record_property(name, f"{right[name]}/{every[name]}")
    assert share >= SHARE, f"{share:.3f}: " + ", ".join(f"{name} {right[name]}/{every[name]}" for name in every)

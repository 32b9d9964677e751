"""From mentions to codes: own cases for each family of rules (coding_resolve/*.yaml), through the whole engine.

`has`: codes that must come; `lacks`: the starts of codes that must not; `first`: the code listed first; `order`: codes
in this sequence; `step`: the id of a rule that must stand on the way to a code.
"""

from pathlib import Path
from typing import Literal

import msgspec
import pytest
from tests.codesets import APRIL, embedded_book, embedded_store

from superbill.coding.checks import check_in
from superbill.coding.checks.model import Coded
from superbill.coding.suggest.engine import suggest
from superbill.coding.suggest.model import Visit
from superbill.findings import Severity

FOLDER = Path(__file__).parent / "coding_resolve"


class About(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    setting: Literal["outpatient", "inpatient"] = "outpatient"
    age: float | None = 50
    sex: Literal["female", "male", ""] = ""


class Case(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    name: str
    note: str
    has: tuple[str, ...] = ()
    lacks: tuple[str, ...] = ()
    first: str = ""
    order: tuple[str, ...] = ()
    step: dict[str, str] = {}
    visit: About = About()


CASES = [
    pytest.param(case, id=f"{path.stem}: {case.name}")
    for path in sorted(FOLDER.glob("*.yaml"))
    for case in msgspec.yaml.decode(path.read_bytes(), type=tuple[Case, ...])
]


@pytest.mark.parametrize("case", CASES)
def test_a_note_gives_the_codes_that_it_supports(case):
    visit = Visit(on=APRIL, setting=case.visit.setting, age=case.visit.age, sex=case.visit.sex)

    codes = {each.code: each for each in suggest(case.note, embedded_store(), visit).diagnoses}

    got = list(codes)
    assert [code for code in case.has if code not in got] == [], got
    assert [code for code in got if case.lacks and code.startswith(case.lacks)] == [], got
    assert not case.first or got[:1] == [case.first]
    assert [code for code in got if code in case.order] == list(case.order)
    for code, rule in case.step.items():
        assert rule in [step.rule for step in codes[code].way]
    coded = Coded(diagnoses=tuple(got), on=APRIL, setting=case.visit.setting)
    wrong = [each for each in check_in(coded, embedded_book()) if each.severity is Severity.ERROR]
    assert [each.message for each in wrong if "MCE" not in each.rule] == []


def test_every_rule_family_has_enough_cases():
    assert len(CASES) >= 90

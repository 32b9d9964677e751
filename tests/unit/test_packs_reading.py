"""A pack says what it means, or where it is wrong."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from superbill.packs import PackError, read_pack
from superbill.packs.fields import FIELDS, OPERATORS
from superbill.packs.model import AllOf, AnyOf, NotOf, Pack, PackRule, Test
from superbill.packs.writing import write_pack

PACK = """\
pack: buckeye
version: 2
about: What Buckeye Mutual asks for.
source: Buckeye provider manual 2026, chapter 7
applies: {field: payer, is: BKM01}
rules:
  - id: therapy-authorization
    severity: error
    since: 2026-01-01
    until: 2026-12-31
    forms: [professional]
    when:
      all:
        - {field: line.code, in: [97110-97140, 97530]}
        - {field: prior_authorization, missing: true}
        - not: {field: modifiers, contains: GP}
        - any:
            - {field: line.units, above: 4}
            - {field: line.charge, at least: 100.00}
    say: "{line.code} needs an authorization."
    fix: Ask for it on the portal.
    where: prior_authorization
"""


def test_a_pack_is_read_whole():
    pack = read_pack(PACK)
    assert (pack.name, pack.version, pack.applies) == ("buckeye", 2, Test("payer", "is", "BKM01"))
    (rule,) = pack.rules
    assert (rule.since, rule.until, rule.forms) == (date(2026, 1, 1), date(2026, 12, 31), ("professional",))
    assert rule.when == AllOf(
        (
            Test("line.code", "in", ("97110-97140", "97530")),
            Test("prior_authorization", "missing"),
            NotOf(Test("modifiers", "contains", "GP")),
            AnyOf((Test("line.units", "above", Decimal(4)), Test("line.charge", "at least", 10000))),
        )
    )


WRONG = {
    "an unknown key": ("severity: error", "severety: error", "p.yaml:8: severety: is no key of a rule. Did you mean"),
    "no version": ("version: 2\n", "", "p.yaml:1: version: is missing."),
    "a version that is none": ("version: 2", "version: new", "p.yaml:2: version: 'new' is not a number"),
    "an unknown field": ("field: line.units", "field: line.unit", "p.yaml:18: field: 'line.unit' is no field of a"),
    "an operator that does not fit": ("above: 4", "contains: 4", "p.yaml:18: contains: does not fit line.units"),
    "no number": ("above: 4", "above: four", "p.yaml:18: above: 'four' is not a number."),
    "no amount": ("100.00", "a lot", "p.yaml:19: at least: 'a lot' is not an amount like 120.00."),
    "a range backwards": ("97110-97140", "97140-97110", "p.yaml:14: in: '97140-97110' is no range of codes"),
    "a day that is none": ("2026-12-31", "2026-13-31", "p.yaml:10: until: '2026-13-31' is not a day"),
    "days backwards": ("2026-12-31", "2025-12-31", "p.yaml:10: until: 2025-12-31 is before since, 2026-01-01."),
    "an unknown form": ("[professional]", "[paper]", "p.yaml:11: forms: 'paper' is none of professional,"),
    "braces around nothing known": ("{line.code} needs", "{code} needs", "p.yaml:20: say: {code} is no field."),
    "two tests in one": ("missing: true", "missing: true, is: x", "p.yaml:15: all: a test has field: and one operator"),
    "not YAML": ("rules:", "rules: [", "p.yaml:"),
    "a name with blanks": ("pack: buckeye", "pack: Buck Eye", "p.yaml:1: pack: 'Buck Eye' is no name"),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_is_wrong_is_told_with_file_line_and_key(name):
    before, after, said = WRONG[name]
    assert before in PACK
    with pytest.raises(PackError) as told:
        read_pack(PACK.replace(before, after, 1), "p.yaml")
    assert any(problem.startswith(said) for problem in told.value.problems), told.value.problems


def test_all_that_is_wrong_is_told_at_once():
    spoiled = PACK.replace("above: 4", "above: four").replace("100.00", "much")
    with pytest.raises(PackError) as told:
        read_pack(spoiled)
    assert len(told.value.problems) == 2


@pytest.mark.parametrize("text", ["", "[]", "just words", "pack: x", "a: &a [*a]", "- " * 3000], ids=range(6))
def test_what_is_no_pack_is_refused(text):
    with pytest.raises(PackError):
        read_pack(text)


@given(st.text(max_size=200))
def test_any_text_is_a_pack_or_refused(text):
    try:
        read_pack(text)
    except PackError as told:
        assert told.problems


VALUES = {
    "text": st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=1, max_size=8),
    "code": st.from_regex(r"[0-9A-Z]{5}", fullmatch=True),
    "codes": st.from_regex(r"[0-9A-Z]{5}", fullmatch=True),
    "list": st.from_regex(r"[0-9A-Z]{2}", fullmatch=True),
    "number": st.decimals(0, 999, places=1),
    "money": st.integers(0, 10_000_00),
    "day": st.dates(date(2020, 1, 1), date(2030, 1, 1)),
}


@st.composite
def one_test(draw):
    field = draw(st.sampled_from(sorted(FIELDS)))
    kind = FIELDS[field].kind
    operator = draw(st.sampled_from(OPERATORS[kind]))
    if operator in ("present", "missing"):
        return Test(field, operator)
    if operator in ("in", "not in"):
        return Test(field, operator, tuple(draw(st.lists(VALUES[kind], min_size=1, max_size=3))))
    return Test(field, operator, draw(VALUES[kind]))


CONDITIONS = st.recursive(
    one_test(),
    lambda parts: st.one_of(
        st.lists(parts, min_size=1, max_size=3).map(lambda some: AllOf(tuple(some))),
        st.lists(parts, min_size=1, max_size=3).map(lambda some: AnyOf(tuple(some))),
        parts.map(NotOf),
    ),
    max_leaves=6,
)


@given(CONDITIONS)
def test_what_is_written_reads_back_the_same(condition):
    rule = PackRule(id="a-rule", when=condition, say="It is {payer}.", fix="Mend it.")
    text = write_pack(Pack(name="a-pack", version=1, rules=(rule,)))
    assert read_pack(text).rules == (rule,)

"""A pack's rules find what their conditions say, are replayed on what is past, and are proposed from denials."""

from datetime import date

import pytest
from msgspec.structs import replace
from tests.claims_makers import claim

from superbill.claims.model import Adjustment, Procedure
from superbill.edits import Context, History, PastClaim
from superbill.findings import Severity
from superbill.packs import Answer, AnsweredClaim, Pack, compiled, propose, read_pack, replay

TODAY = Context(today=date(2026, 3, 10))
HEAD = "pack: test\nversion: 1\nsource: a manual\nrules:\n  - id: one\n    fix: Mend it.\n"


def ruled(when, say="Found.", more=""):
    return compiled(read_pack(f'{HEAD}    say: "{say}"\n    when: {when}\n{more}'))


def with_lines(*codes, **changes):
    first = claim().lines[0]
    lines = tuple(
        replace(first, number=number, control_number=f"A1-{number}", procedure=Procedure(code))
        for number, code in enumerate(codes, 1)
    )
    return replace(claim(), lines=lines, **changes)


def found(when, a_claim, context=TODAY):
    return [finding.where.service_line for finding in ruled(when).run(a_claim, context)]


@pytest.mark.parametrize(
    ("when", "lines"),
    [
        ("{field: line.code, is: 99213}", [1]),
        ("{field: line.code, is not: 99213}", [2, 3]),
        ("{field: line.code, in: [97110-97140]}", [2]),
        ("{field: line.code, starts with: J}", [3]),
        ("{field: line.units, at least: 1}", [1, 2, 3]),
        ("{field: line.charge, above: 1000000.00}", []),
        ("{field: line.ndc, missing: true}", [1, 2, 3]),
        ("{field: line.diagnoses, in: [E08-E13]}", [1, 2, 3]),
        ("{field: line.diagnoses, contains: Z00}", []),
        ("{field: line.other_codes, contains: 99213}", [2, 3]),
        ("{all: [{field: line.code, is: 97110}, {field: prior_authorization, missing: true}]}", [2]),
        ("{any: [{field: line.code, is: 97110}, {field: line.code, is: J1885}]}", [2, 3]),
        ("{all: [{field: line.code, present: true}, {not: {field: line.code, is: 97110}}]}", [1, 3]),
    ],
    ids=range(13),
)
def test_a_condition_on_lines_is_asked_of_each_line(when, lines):
    assert found(when, with_lines("99213", "97110", "J1885")) == lines


@pytest.mark.parametrize(
    ("when", "speaks"),
    [
        ("{field: patient.age, below: 18}", False),
        ("{field: patient.age, at least: 40}", True),
        ("{field: payer, is: BUCKE}", True),
        ("{field: diagnoses.first, is: E11.9}", True),
        ("{field: diagnoses, in: [I10]}", True),
        ("{field: codes, contains: 97110}", True),
        ("{field: day, at least: 2026-03-02}", True),
        ("{field: day, above: 2026-03-02}", False),
        ("{field: accident, present: true}", False),
        ("{field: charge, is: 375.00}", True),
    ],
    ids=range(10),
)
def test_a_condition_on_the_claim_is_asked_once(when, speaks):
    assert found(when, with_lines("99213", "97110", "J1885")) == ([None] if speaks else [])


def test_a_finding_fills_in_its_fields_and_names_its_rule_and_source():
    (finding,) = ruled("{field: line.code, is: 99213}", "{line.code} at {payer}.").run(claim(), TODAY)
    assert (finding.rule, finding.message, finding.fix) == ("pack.test.one", "99213 at BUCKE.", "Mend it.")
    assert (finding.severity, finding.source) == (Severity.ERROR, "a manual")


def test_a_pack_speaks_only_where_it_applies():
    text = f'{HEAD}    say: "Found."\n    when: {{field: codes, present: true}}\n'
    assert compiled(read_pack(text + "applies: {field: payer, is: BUCKE}\n")).run(claim(), TODAY)
    assert not compiled(read_pack(text + "applies: {field: payer, is: OTHER}\n")).run(claim(), TODAY)


@pytest.mark.parametrize(
    ("day", "speaks"),
    [(date(2026, 1, 31), False), (date(2026, 2, 1), True), (date(2026, 3, 31), True), (date(2026, 4, 1), False)],
    ids=["day before", "first day", "last day", "day after"],
)
def test_a_rule_holds_from_its_first_to_its_last_day(day, speaks):
    rules = ruled("{field: codes, present: true}", more="    since: 2026-02-01\n    until: 2026-03-31\n")
    line = claim().lines[0]
    dated = replace(claim(), lines=(replace(line, service=replace(line.service, start=day, end=day)),))
    assert bool(rules.run(dated, TODAY)) is speaks


def test_how_often_in_a_year_counts_what_was_billed_before():
    def before(*days):
        line = claim().lines[0]
        return History(
            PastClaim(claim=replace(claim(), lines=(replace(line, service=replace(line.service, start=day, end=day)),)))
            for day in days
        )

    when = "{field: line.times_in_year, above: 2}"
    day = claim().lines[0].service.start
    assert found(when, claim(), replace(TODAY, history=before(day.replace(year=2025, month=4), day))) == [1]
    assert found(when, claim(), replace(TODAY, history=before(day.replace(year=2025, day=1), day))) == []


def answered(number, *, code="97110", authorization="", denied=True):
    one = with_lines("99213", code, control_number=f"C{number}", prior_authorization=authorization)
    refused = Answer(paid=0, adjustments=(Adjustment("CO", "197", one.lines[1].charge),))
    paid = Answer(paid=100_00, adjustments=(Adjustment("CO", "45", 25_00),))
    return AnsweredClaim(one, TODAY, {"A1-1": paid, "A1-2": refused if denied else paid})


def test_a_replay_says_what_would_have_been_stopped_rightly_and_wrongly():
    rules = ruled("{field: line.code, is: 97110}")
    past = [answered(1), answered(2), answered(3, denied=False), AnsweredClaim(with_lines("97110"), TODAY, {})]
    said = replay(rules, past)
    (tally,) = said.tallies
    assert (said.claims, said.denied_lines, said.caught) == (4, 2, 2)
    assert (tally.rightly, tally.wrongly, tally.unanswered) == (2, 1, 1)
    assert (tally.denied, tally.held_up, tally.precision) == (250_00, 100_00, 2 / 3)
    assert [each.reasons for each in said.stopped] == [("CO-197",), ("CO-197",), (), ()]


def test_what_a_contract_takes_off_is_no_denial():
    paid = Answer(paid=0, adjustments=(Adjustment("CO", "45", 25_00), Adjustment("PR", "1", 100_00)))
    (one,) = replay(ruled("{field: codes, present: true}"), [AnsweredClaim(claim(), TODAY, {"A1007-1": paid})]).stopped
    assert one.verdict == "wrongly"


def test_denials_of_one_code_without_authorization_propose_that_rule():
    past = [answered(number) for number in range(4)]
    past += [answered(number, authorization="PA1", denied=False) for number in range(10, 16)]
    (proposal,) = propose(past)
    assert (proposal.payer, proposal.reason, proposal.denied, proposal.lines) == ("BUCKE", "CO-197", 4, 4)
    pack = Pack(name="denials", version=1, rules=(proposal.rule,))
    (tally,) = replay(compiled(pack), past).tallies
    assert (tally.rightly, tally.wrongly) == (4, 0)


def test_denials_that_follow_no_pattern_propose_nothing():
    assert propose([answered(1), answered(2)]) == ()
    assert propose([answered(number, denied=number % 2 == 0) for number in range(12)]) == ()

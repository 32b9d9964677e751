"""A rule run on what is past: which claims it would have stopped, rightly (later denied) and wrongly (later paid)."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Literal, NamedTuple

from msgspec import Struct

from superbill.claims.model import Adjustment, Claim
from superbill.codesets.carc.lookup import handling
from superbill.edits.context import Context
from superbill.edits.rule import RuleSet
from superbill.findings import Finding
from superbill.money import Cents

Verdict = Literal["rightly", "wrongly", "unanswered"]


class Answer(Struct, frozen=True, kw_only=True):
    """What the payer made of one service line: cents paid, what it took off and why, its remarks (RARC)."""

    paid: Cents
    adjustments: tuple[Adjustment, ...] = ()
    remarks: tuple[str, ...] = ()

    @property
    def denials(self) -> tuple[Adjustment, ...]:
        """The adjustments that refuse the service: neither contract nor patient's share nor another payer's part."""
        return tuple(one for one in self.adjustments if handling(one.group, one.reason) == "denial" and one.amount > 0)

    @property
    def denied(self) -> bool:
        """Whether the line was refused: denied, and nothing paid for it."""
        return bool(self.denials) and self.paid <= 0


class AnsweredClaim(NamedTuple):
    """A claim as sent, the context it was sent in, and the answer to each line, by line control number."""

    claim: Claim
    context: Context
    answers: Mapping[str, Answer]


class Stopped(Struct, frozen=True, kw_only=True):
    """One finding on one past claim, and what became of the lines that it is about. Cents charged and paid on them."""

    control_number: str
    finding: Finding
    verdict: Verdict
    charge: Cents
    paid: Cents
    reasons: tuple[str, ...] = ()


class Tally(Struct, frozen=True, kw_only=True):
    """What one rule would have done: how many findings of each verdict, dollars denied that it would have caught, and
    dollars paid that it would have held up."""

    rule: str
    rightly: int = 0
    wrongly: int = 0
    unanswered: int = 0
    denied: Cents = 0
    held_up: Cents = 0

    @property
    def precision(self) -> float | None:
        """The share of its answered findings that were denied; None where nothing was answered."""
        answered = self.rightly + self.wrongly
        return self.rightly / answered if answered else None


class Replay(Struct, frozen=True, kw_only=True):
    """What rules would have done on past claims. `denied_lines`: refused lines in all of them; `caught` of these."""

    claims: int
    denied_lines: int
    caught: int
    tallies: tuple[Tally, ...]
    stopped: tuple[Stopped, ...]


def replay(rules: RuleSet, past: Iterable[AnsweredClaim]) -> Replay:
    """Runs the rules on answered claims. A finding at a line is judged by that line's answer, one of the whole claim by
    all of its lines: rightly where any was denied, wrongly where all that are answered were paid."""
    stopped: list[Stopped] = []
    claims = denied = 0
    caught: set[tuple[str, str]] = set()
    for one in past:
        claims += 1
        refused = {key for key, answer in one.answers.items() if answer.denied}
        denied += len(refused)
        for finding in rules.run(one.claim, one.context):
            lines = _lines(one.claim, finding)
            stopped.append(_judged(one, finding, lines))
            caught |= {(one.claim.control_number, key) for key in refused.intersection(lines)}
    tallies = tuple(_tally(rule.id, [each for each in stopped if each.finding.rule == rule.id]) for rule in rules.rules)
    return Replay(claims=claims, denied_lines=denied, caught=len(caught), tallies=tallies, stopped=tuple(stopped))


def _lines(claim: Claim, finding: Finding) -> tuple[str, ...]:
    number = finding.where.service_line
    return tuple(line.control_number for line in claim.lines if number is None or line.number == number)


def _judged(one: AnsweredClaim, finding: Finding, lines: Sequence[str]) -> Stopped:
    answers = [one.answers[key] for key in lines if key in one.answers]
    verdict: Verdict = "unanswered"
    if answers:
        verdict = "rightly" if any(answer.denied for answer in answers) else "wrongly"
    reasons = {f"{each.group}-{each.reason}" for answer in answers if answer.denied for each in answer.denials}
    return Stopped(
        control_number=one.claim.control_number,
        finding=finding,
        verdict=verdict,
        charge=sum(line.charge for line in one.claim.lines if line.control_number in lines),
        paid=sum(answer.paid for answer in answers),
        reasons=tuple(sorted(reasons)),
    )


def _tally(rule: str, stopped: Sequence[Stopped]) -> Tally:
    def of(verdict: Verdict) -> list[Stopped]:
        return [each for each in stopped if each.verdict == verdict]

    return Tally(
        rule=rule,
        rightly=len(of("rightly")),
        wrongly=len(of("wrongly")),
        unanswered=len(of("unanswered")),
        denied=sum(each.charge for each in of("rightly")),
        held_up=sum(each.paid for each in of("wrongly")),
    )

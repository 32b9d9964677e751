"""What `superbill coding` says to people."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

import click

from superbill.cli.output import MARKS, say

if TYPE_CHECKING:
    from superbill.coding.model import Evidence
    from superbill.coding.suggest.engine import Study
    from superbill.coding.suggest.explaining import Explanation
    from superbill.coding.suggest.model import Column, Query, Step, SuggestedCode, Suggestion, Visits

_LONGEST = 100


def put_suggestion(name: str, study: "Study | None") -> None:
    """The codes of one note with their evidence, the services, the visit and what to ask."""
    if study is None:
        say(f"{name}", bold=True)
    else:
        put_codes(name, study.suggestion)


def put_codes(name: str, said: "Suggestion") -> None:
    """A suggestion."""
    say(f"{name}", bold=True)
    if said.nothing:
        say(f"  {said.nothing}")
    for number, each in enumerate((*said.diagnoses, *said.procedures), 1):
        on_admission = f"  [POA {said.present[number - 1]}]" if number <= len(said.present) else ""
        say(f"  {number:>2}  {each.code:<10}{each.title}{on_admission}")
        _put_way(each)
    for number, service in enumerate(said.services):
        modifiers = "".join(f"-{each}" for each in service.modifiers)
        pointers = ",".join(map(str, service.diagnosis_pointers))
        text = f"{service.code.code}{modifiers} × {service.units}" + (f" for {pointers}" if pointers else "")
        say(f"{'Services' if number == 0 else '':<10}{text:<22}{service.code.title}")
        _put_way(service.code)
    if said.em:
        _put_level(said.em)
    for query in said.queries:
        say(f"  ? {query.rule}: {query.text}")
    for finding in said.findings:
        say(f"  {MARKS[finding.severity]} {finding.rule}  {finding}")
    say("Suggestions. No code is final until a person has decided.")
    click.echo()


def _put_way(each: "SuggestedCode") -> None:
    if each.evidence:
        say(f"      {_quoted(each.evidence[0])}  [{each.score:.2f}]")
    for step in each.way:
        say(f"        {_step(step)}")


def _step(step: "Step") -> str:
    return step.words + (f" ({step.source})" if step.source else "")


def _quoted(evidence: "Evidence") -> str:
    text = " ".join(evidence.text.split())
    text = text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"
    return f"“{text}” at {evidence.start}"


def put_em(name: str, level: "Visits | None") -> None:
    """The level of one visit with its grid."""
    say(f"{name}", bold=True)
    if level is None:
        say("  The note supports no evaluation and management service.")
        return
    _put_level(level)
    for title, column in (("problems", level.problems), ("data", level.data), ("risk", level.risk)):
        _put_column(title, column)
    for step in level.way:
        say(f"  {_step(step)}")
    for missing in level.missing:
        say(f"  ? {missing}")
    click.echo()


def _put_level(level: "Visits") -> None:
    modifiers = "".join(f"-{each}" for each in level.modifiers)
    codes = [each for each in (level.preventive, f"{level.code}{modifiers}" if level.code else "") if each]
    spread = f" ({level.low} to {level.high})" if level.low != level.high else ""
    parts = [
        " + ".join(codes) or "none",
        spread.strip(),
        f"{level.patient} patient" if level.patient else "",
        level.basis,
    ]
    say("Visit     " + "  ".join(part for part in parts if part))
    for code in level.also:
        say(f"          also {code}")


def _put_column(title: str, column: "Column") -> None:
    say(f"  {title:<10}{column.level}")
    for counted in column.counted:
        say(f"            {counted.element} ({counted.level}): {_quoted(counted.evidence)}")
    if column.missing:
        say(f"            for the next level: {column.missing}")


def put_queries(name: str, queries: "Iterable[Query]") -> None:
    """What to ask about one note."""
    say(f"{name}", bold=True)
    empty = True
    for query in queries:
        empty = False
        say(f"  {query.rule}")
        say(f"    {query.text}")
        for choice in query.choices:
            say(f"      [ ] {choice}")
        for evidence in query.evidence:
            say(f"    {_quoted(evidence)}")
    if empty:
        say("  Nothing to ask.")


def put_explanation(told: "Explanation") -> None:
    """Why a code is suggested, or not."""
    say(f"{told.code.code}  {told.code.title}", bold=True)
    if told.suggested:
        say("suggested")
        _put_way(told.suggested)
    else:
        say("not suggested" + ("" if told.places else ": no words of the note lead to its category"))
    for other in told.instead:
        say(f"instead     {other.code}  {other.title}")
        _put_way(other)
    for place in told.places:
        say(f"{place.decided:<12}{_quoted(place.evidence)}, {place.section}: {_step(place.why)}")
        say(f"            {place.sentence}")
    for note in told.notes:
        say(f"{note.kind.replace('_', ' ') + ' at ' + note.node:<32}{note.text}")

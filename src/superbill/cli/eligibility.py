"""`superbill eligibility`: payers' answers about coverage, brought in, listed, asked for."""

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from superbill.app.session import BadInput, Books, Session, moment
from superbill.cli.output import json_option, put_json, put_table, say
from superbill.cli.session import books_options, session_options
from superbill.effective import Period

if TYPE_CHECKING:
    from superbill.app.eligibility.actions import Answer
    from superbill.app.patients.matching import Matched
    from superbill.x12.documents.coverage_271 import MemberCoverage


@click.group("eligibility")
def command() -> None:
    """What payers answer about patients' coverage (270, 271)."""


@command.command("import")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--payer", default="", help="The payer, where the site does not know the one that the file names.")
@session_options
@json_option
def import_(session: Session, file: Path, payer: str, as_json: bool) -> None:
    """Put the answers of a 271 on record; from then on claims are checked against them.

    A patient is matched by member id with birth date or name, or by name with birth date. Every answer is kept: the
    latest about a day counts. The same file again adds nothing. Exit 1 when an answer could not be put on record.

    \b
    superbill eligibility import answers.271 --db practice.db
    """
    from superbill.app.documents import content_key
    from superbill.app.eligibility.actions import record_eligibility
    from superbill.app.patients.matching import Wanted, matched
    from superbill.x12 import X12ReadError
    from superbill.x12.documents.coverage_271 import member_coverages, refusals

    content = file.read_bytes()
    try:
        told = [*member_coverages(content), *refusals(content)]
    except X12ReadError as error:
        raise BadInput(f"{file}: {error}") from None
    if not told:
        raise BadInput(f"{file}: holds no answer about eligibility (271). Look at it: superbill x12 show {file}")
    if payer and session.site.payer(payer) is None:
        raise BadInput(_no_payer(f"--payer {payer}", session))
    wanted = [
        Wanted(member_id=one.member_id, last=one.last, first=one.first, birth_date=one.birth_date) for one in told
    ]
    people = matched(session.scope, wanted)
    answers, left = [], []
    for place, (one, person) in enumerate(zip(told, people, strict=True), 1):
        made = _answer(session, payer, one, person, file.name, content_key(content))
        if isinstance(made, str):
            left.append((place, made))
        else:
            answers.append(made)
    new = record_eligibility(session.actor, answers, at=moment(None))
    rows = [
        (person.source_id, _state(bool(one.active)), _days(one.period), one.plan, ", ".join(one.others))
        for one, person in zip(told, people, strict=True)
        if person.patient is not None and any(each.patient == person.patient for each in answers)
    ]
    if as_json:
        put_json({"answers": len(told), "recorded": new, "left": [{"member": n, "why": why} for n, why in left]})
    else:
        put_table("On record", ("patient", "coverage", "days", "plan", "other payers told"), rows)
        for place, why in left:
            say(f"Member {place} of the file is not on record: {why}.")
        say(f"{len(told)} answers read, {new} new on record, {len(left)} left out.")
    raise SystemExit(1 if left else 0)


def _answer(
    session: Session, payer: str, one: "MemberCoverage", person: "Matched", name: str, digest: str
) -> "Answer | str":
    """What to record, or why nothing is."""
    from superbill.app.eligibility.actions import Answer

    if one.rejected and one.active is None:
        return f"the payer did not answer (AAA {', '.join(one.rejected)}); mend the inquiry and ask again"
    if one.active is None:
        return "the answer does not say whether the coverage is active (no EB of 1 to 8)"
    if person.patient is None:
        return person.why
    entry = session.site.payer(payer) if payer else session.site.payer(one.payer_id) or session.site.payer(one.payer)
    if entry is None:
        return _no_payer(f"{one.payer} ({one.payer_id})", session)
    if one.on is None:
        return "the file does not tell its day (BHT04)"
    return Answer(
        patient=person.patient,
        payer_key=entry.key,
        member_id=one.member_id,
        active=one.active,
        verified_on=one.on,
        period=one.period,
        plan=one.plan,
        order=one.place,
        source=name,
        digest=digest,
    )


def _no_payer(name: str, session: Session) -> str:
    known = ", ".join(entry.key for entry in session.site.payers)
    return f"{name} is no payer of the site: name one of {known} with --payer, or add the name to its `match` words"


@command.command("list")
@click.option("--patient", default="", help="Only of this patient (chart id).")
@click.option("--payer", default="", help="Only of this payer (its key).")
@books_options
@json_option
def list_(books: Books, patient: str, payer: str, as_json: bool) -> None:
    """The answers on record, the latest first.

    \b
    superbill eligibility list --patient p1 --db practice.db
    """
    from superbill.app.eligibility.queries import listed

    found = listed(books.scope, patient=patient, payer=payer)
    if as_json:
        put_json(found)
        return
    rows = [
        (
            one.source_id, books.payer_name(one.payer_key), one.member_id, _state(one.active), _days(one.period),
            one.plan, one.order or "", one.verified_on, one.source, one.by,
        )
        for one in found
    ]  # fmt: skip
    columns = ("patient", "payer", "member id", "coverage", "days", "plan", "place", "verified", "file", "by")
    put_table("Answers of payers", columns, rows)


def _state(active: bool) -> str:
    return "active" if active else "not active"


def _days(period: Period) -> str:
    """From and to, as far as they are told."""
    ends: tuple[date | None, Any] = (period.start, period.end)
    first, last = (day.isoformat() if day else "" for day in ends)
    return f"{first or '…'} to {last or '…'}" if first or last else ""

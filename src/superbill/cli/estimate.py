"""`superbill estimate`: the patient's share before the visit, Good Faith Estimates, and the $400 check of a bill."""

from datetime import date
from pathlib import Path
from typing import Any

import click
from msgspec import Struct
from msgspec.structs import replace

from superbill.app.contracts import SERVICE_HELP, Office, payer_key, read_plan, services
from superbill.app.session import BadInput, moment, open_books
from superbill.cli.contracts import office_options
from superbill.cli.estimate_good_faith import check_bill, good_faith
from superbill.cli.output import json_option, put_findings, put_json, put_table, say
from superbill.cli.session import day_option, note_reading
from superbill.findings import errors
from superbill.money import MoneyError, dollars, parse_dollars
from superbill.pricing.benefits import Accumulators, Benefits
from superbill.pricing.eligibility import Coverage, coverage
from superbill.pricing.estimate import Estimate, estimate


@click.group("estimate")
def command() -> None:
    """What the patient will owe, before the visit; Good Faith Estimates for who pays himself."""


command.add_command(good_faith)
command.add_command(check_bill)


class _Known(Struct, kw_only=True):
    """What is known of the plan and of what is met, and where from."""

    benefits: Benefits
    accumulators: Accumulators
    notes: list[str]


@command.command("share")
@click.option("--payer", required=True, help="The payer: its key, name or id at the site.")
@click.option("--service", "texts", multiple=True, required=True, help=SERVICE_HELP)
@click.option("--place", default="11", show_default=True, help="Place of service.")
@day_option("--date", "The day of the visit  [default: the site's as_of, else today]")
@click.option("--eligibility", type=click.Path(path_type=Path, exists=True, dir_okay=False), help="The payer's 271.")
@click.option("--member", default="", help="The member id, where the 271 holds several members.")
@click.option(
    "--benefits",
    "plan",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="TOML with the plan's benefits; what the 271 tells goes before.",
)
@click.option("--deductible-met", default="", help="Dollars of the deductible that are met.")
@click.option("--out-of-pocket-met", default="", help="Dollars of the out-of-pocket maximum that are met.")
@click.option("--patient", default="", help="Count what remittances of the year left to this patient (chart id).")
@click.option("--db", default="superbill.db", show_default=True, envvar="SUPERBILL_DB", help="For --patient.")
@office_options
@json_option
def share(
    office: Office,
    payer: str,
    texts: tuple[str, ...],
    place: str,
    day: date | None,
    eligibility: Path | None,
    member: str,
    plan: Path | None,
    deductible_met: str,
    out_of_pocket_met: str,
    patient: str,
    db: str,
    as_json: bool,
) -> None:
    """What the payer allows for the services of a visit, and what of it the patient will owe, line by line.

    The plan comes from the payer's 271, from a TOML file, or both. What is met of the deductible comes from the 271,
    from posted remittances (--patient), or from the options. Exit 1 when a service has no price.

    \b
    superbill estimate share --payer bluepeak --service 99214-25 --service 20610-RT --eligibility 271.x12
    """
    on = day or moment(office.site.as_of).date()
    contract = office.contract(payer, on)
    known = _known(eligibility, member, plan)
    if patient:
        known.accumulators = _from_books(db, office, payer_key(office.site, payer), patient, on, known)
    known.accumulators = replace(
        known.accumulators,
        **_met("deductible", "--deductible-met", deductible_met),
        **_met("out_of_pocket", "--out-of-pocket-met", out_of_pocket_met),
    )
    found = estimate(services(texts, office, on, place), contract, known.benefits, known.accumulators)
    if as_json:
        put_json({"estimate": found, "patient": found.patient, "plan": found.plan, "notes": known.notes})
    else:
        _put(found, contract.agreement.title or contract.agreement.key, on, known.notes)
    raise SystemExit(1 if errors(found.findings) else 0)


def _known(eligibility: Path | None, member: str, plan: Path | None) -> _Known:
    base = read_plan(plan) if plan else Benefits()
    if eligibility is None:
        notes = [] if plan else ["Neither a 271 nor a plan is given: nothing is left to the patient."]
        return _Known(benefits=base, accumulators=Accumulators(), notes=notes)
    told = _answer(eligibility, member)
    notes = list(told.notes)
    if told.active is False:
        notes.insert(0, "The coverage is NOT active by this answer.")
    # What the 271 tells goes before; what it can't tell (preventive codes, exclusions) comes from the plan.
    said = {field: getattr(told.benefits, field) for field in Benefits.__struct_fields__}
    empty = Benefits()
    fields = {field: value for field, value in said.items() if value != getattr(empty, field)}
    return _Known(benefits=replace(base, **fields), accumulators=told.accumulators, notes=notes)


def _answer(path: Path, member: str) -> Coverage:
    from superbill.x12 import X12ReadError
    from superbill.x12.documents.benefits_271 import members

    try:
        with path.open("rb") as source:
            found = [each for each in members(source) if member in ("", each.member_id)]
    except X12ReadError as error:
        raise BadInput(f"{path}: {error}") from None
    if len(found) != 1:
        what = "no member" if not found else f"{len(found)} members"
        raise BadInput(f"{path}: holds {what}{f' {member}' if member else ''}. Name one with --member, or give a 271.")
    if found[0].rejected:
        raise BadInput(
            f"{path}: the payer did not answer (AAA {', '.join(found[0].rejected)}). Mend the inquiry, ask again."
        )
    return coverage(found[0].statements)


def _from_books(db: str, office: Office, payer: str, patient: str, on: date, known: _Known) -> Accumulators:
    books = open_books(db, office.path)
    note_reading(books)
    from superbill.app.patients import queries as patients
    from superbill.app.remits.queries import answered_claims
    from superbill.remits.expected import accumulated

    if patients.patient(books.scope, patient) is None:
        raise BadInput(f"{patient!r}: no patient of {books.practice_name} has this chart id.")
    first, last = date(on.year, 1, 1), date(on.year, 12, 31)
    answers = [
        each.answer
        for each in answered_claims(books.scope, payer=payer, patient=patient, since=first, until=last)
        if each.claim.subscriber.responsibility == "P"
    ]
    ours = accumulated(answers)
    known.notes.append(
        f"Our remittances of {on.year} ({len(answers)} answered) left {dollars(ours.deductible)} of deductible and "
        f"{dollars(ours.out_of_pocket)} in all; what other providers were paid is not in our books."
    )
    # The payer knows at least what we know: the larger sum is nearer to the truth.
    return Accumulators(
        max(ours.deductible, known.accumulators.deductible),
        max(ours.out_of_pocket, known.accumulators.out_of_pocket),
        max(ours.deductible, known.accumulators.family_deductible),
        max(ours.out_of_pocket, known.accumulators.family_out_of_pocket),
    )


def _met(field: str, option: str, text: str) -> dict[str, Any]:
    if not text:
        return {}
    try:
        return {field: parse_dollars(text.lstrip("$"))}
    except MoneyError as error:
        raise BadInput(f"{option}: {error}.") from None


def _put(found: Estimate, title: str, on: date, notes: list[str]) -> None:
    say(f"Estimate for {on:%-d %b %Y} under {title}", bold=True)
    rows = [
        (
            each.priced.label,
            dollars(each.priced.charge),
            "no price" if each.priced.allowed is None and not each.excluded else dollars(each.priced.allowed or 0),
            each.priced.clause.id if each.priced.clause else "",
            dollars(each.patient),
            "; ".join(each.steps),
        )
        for each in found.lines
    ]
    rows.append(("all", dollars(found.charge), dollars(found.allowed), "", dollars(found.patient), ""))
    columns = ("service", "charged", "allowed", "clause", "patient", "why")
    put_table("", columns, rows, right="charged allowed patient")
    say(f"The patient is expected to owe {dollars(found.patient)}, the plan to pay {dollars(found.plan)}.", bold=True)
    put_findings(found.findings)
    for note in notes:
        say(f"i {note}")


__all__ = ["command"]

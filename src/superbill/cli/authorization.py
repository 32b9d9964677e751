"""`superbill authorization`: what payers granted, entered, imported, listed with what is left of it, withdrawn."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any

import click

from superbill.app.session import BadInput, Session, moment
from superbill.cli.authorization_import import import_
from superbill.cli.output import json_option, put_json, put_table, say
from superbill.cli.session import session_options
from superbill.effective import Period

if TYPE_CHECKING:
    from superbill.app.authorizations.queries import Grant

KINDS = ("authorization", "referral")


@click.group("authorization")
def command() -> None:
    """Prior authorizations and referrals: what payers granted, and what is left of it."""


command.add_command(import_)


def _day(name: str, parameter: str, about: str) -> Callable[[Any], Any]:
    def as_date(_context: click.Context, _parameter: click.Parameter, value: Any) -> date | None:
        return value.date() if value else None

    return click.option(name, parameter, type=click.DateTime(["%Y-%m-%d"]), callback=as_date, help=about)


@command.command("add")
@click.argument("number")
@click.option("--patient", required=True, help="The patient's chart id.")
@click.option("--payer", required=True, help="The payer: its key, name or id at the site.")
@click.option("--kind", type=click.Choice(KINDS), default="authorization", show_default=True)
@click.option("--code", "codes", multiple=True, help="A code or a range (97110-97140); again for more. None: any.")
@_day("--from", "start", "First day.")
@_day("--to", "end", "Last day.")
@click.option("--units", default="", help="Units, or visits of a referral, that are granted.  [default: not counted]")
@click.option("--provider", default="", help="The NPI of the one provider for whom it is.")
@click.option("--note", default="", help="What to know about it (at most 200 characters).")
@session_options
@json_option
def add(
    session: Session,
    number: str,
    patient: str,
    payer: str,
    kind: str,
    codes: tuple[str, ...],
    start: date | None,
    end: date | None,
    units: str,
    provider: str,
    note: str,
    as_json: bool,
) -> None:
    """Enter what a payer granted; the same number again changes it. A claim that it fits takes the number by itself.

    \b
    superbill authorization add A-77 --patient p1 --payer bluepeak --code 97110-97140 --from 2026-03-01 --units 12
    """
    from superbill.app.authorizations.actions import Entry, NotGranted, add_authorizations
    from superbill.app.authorizations.models import GrantKind

    entry = Entry(
        patient=patient_id(session, patient),
        payer_key=payer_key(session, payer),
        number=number.strip(),
        kind=GrantKind(kind),
        codes=tuple(code.strip().upper() for code in codes),
        period=Period(start, end),
        units=_units(units),
        provider_npi=provider,
        note=note[:200],
    )
    try:
        new = add_authorizations(session.actor, [entry], at=moment(None))
    except NotGranted as error:
        raise BadInput(f"{number}: {error}") from None
    if as_json:
        put_json({"number": entry.number, "kind": kind, "patient": patient, "added": new})
    else:
        say(f"{kind.capitalize()} {entry.number}: {'entered' if new else 'is there already, unchanged'}.")


def _units(text: str) -> Decimal | None:
    try:
        units = Decimal(text) if text else None
    except InvalidOperation:
        units = Decimal("NaN")
    if units is not None and not units.is_finite():
        raise BadInput(f"--units {text}: give a number, such as 12.")
    return units


def patient_id(session: Session, source_id: str) -> int:
    """The row id of the patient whom charts call so. Raises BadInput."""
    from superbill.app.patients.queries import patient

    row = patient(session.scope, source_id)
    if row is None:
        raise BadInput(f"--patient {source_id}: no patient of {session.practice_name} has this chart id.")
    return row.pk


def payer_key(session: Session, name: str) -> str:
    """The key of a payer of the site. Raises BadInput."""
    entry = session.site.payer(name)
    if entry is None:
        known = ", ".join(one.key for one in session.site.payers)
        raise BadInput(f"--payer {name}: no payer of the site. Name one of {known}.")
    return entry.key


@command.command("withdraw")
@click.argument("number")
@click.option("--patient", default="", help="The patient's chart id, where several have the number.")
@click.option("--payer", default="", help="The payer, where several gave the number.")
@click.option("--note", default="", help="Why (at most 200 characters).")
@session_options
@json_option
def withdraw(session: Session, number: str, patient: str, payer: str, note: str, as_json: bool) -> None:
    """Let an authorization or referral no longer count. What was billed on it stays as it is.

    \b
    superbill authorization withdraw A-77 --note "payer's letter of 2026-05-02" --db practice.db
    """
    from superbill.app.authorizations.actions import NotGranted, withdraw_authorization

    whose = patient_id(session, patient) if patient else None
    key = payer_key(session, payer) if payer else ""
    try:
        withdraw_authorization(session.actor, number, patient=whose, payer_key=key, note=note, at=moment(None))
    except NotGranted as error:
        raise BadInput(str(error)) from None
    if as_json:
        put_json({"number": number, "withdrawn": True})
    else:
        say(f"{number}: withdrawn.")


@command.command("list")
@click.option("--patient", default="", help="Only of this patient (chart id).")
@click.option("--payer", default="", help="Only of this payer.")
@click.option("--all", "withdrawn", is_flag=True, help="The withdrawn ones, too.")
@session_options
@json_option
def list_(session: Session, patient: str, payer: str, withdrawn: bool, as_json: bool) -> None:
    """What payers granted, what claims have taken of it, and what is left.

    Used is what stands on claims with the number that were not denied, rejected, reversed, voided or held.

    \b
    superbill authorization list --patient p1 --db practice.db
    """
    from superbill.app.authorizations.queries import listed

    key = payer_key(session, payer) if payer else ""
    found = listed(session.scope, patient=patient, payer=key, withdrawn=withdrawn)
    rows = [_row(session, one, used) for one, used in zip(found, _used(session, found), strict=True)]
    if as_json:
        put_json(rows)
        return
    columns = ("patient", "payer", "kind", "number", "codes", "from", "to", "granted", "used", "left", "provider", "")
    put_table("Authorizations and referrals", columns, [tuple(row.values()) for row in rows], right="granted used left")


def _used(session: Session, found: "list[Grant]") -> list[Decimal]:
    from superbill.app.claims.queries import past_claims
    from superbill.app.path.known import authorization
    from superbill.edits import Context, History
    from superbill.edits.authorization.grants import spent

    pasts = past_claims(session.scope, {one.patient for one in found})
    used = []
    for one in found:
        history = History(past for some in pasts.get(one.patient, {}).values() for past in some)
        used.append(spent(authorization(session.site, one), Context(today=session.today, history=history)))
    return used


def _row(session: Session, one: "Grant", used: Decimal) -> dict[str, Any]:
    ended = one.period.end is not None and one.period.end < session.today
    return {
        "patient": one.source_id,
        "payer": session.payer_name(one.payer_key),
        "kind": one.kind,
        "number": one.number,
        "codes": " ".join(one.codes) or "any",
        "from": str(one.period.start or ""),
        "to": str(one.period.end or ""),
        "granted": "" if one.units is None else str(one.units),
        "used": str(used),
        "left": "" if one.units is None else str(max(one.units - used, Decimal(0))),
        "provider": one.provider_npi,
        "state": "withdrawn" if one.withdrawn else "ended" if ended else "",
    }

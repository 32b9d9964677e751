"""`superbill denial correct`, `tell`, `write-off`, `bill-patient`: the ways on from a refusal."""

from typing import TYPE_CHECKING, Any

import click
from msgspec.structs import replace

from superbill.app.session import BadInput, Session
from superbill.claims.cob import corrected
from superbill.claims.model import Claim
from superbill.cli.claim_change import header_fields
from superbill.cli.claim_show import stored_claim
from superbill.cli.output import json_option, put_findings, put_json
from superbill.cli.session import session_options
from superbill.findings import errors
from superbill.money import dollars

if TYPE_CHECKING:
    from superbill.ledger.entry import Entry

TELL = ("reopening", "documents", "peer_to_peer", "note")
REASONS = ("timely-filing", "no-authorization", "denied")
WHY = ("not-covered", "coverage-ended", "plan-paid-patient", "no-answer-from-patient", "signed-notice", "patient-share")


@click.command("correct")
@click.argument("number", metavar="CONTROL")
@header_fields
@click.option("--modifier", "modifiers", multiple=True, metavar="LINE:CODE", help="Add a modifier to a line (2:59).")
@session_options
@json_option
def correct(session: Session, number: str, modifiers: tuple[str, ...], as_json: bool, **given: str | None) -> None:
    """Open a corrected claim (frequency 7, with the payer's control number) for a refused one; a batch sends it.

    It leaves the desk until it is answered. Exit 1 when the corrected claim still has an error; then it is not opened.

    \b
    superbill denial correct A1001P1 --modifier 2:59 --db practice.db
    superbill denial correct A1001P1 --prior-authorization PA5512 --db practice.db
    """
    from superbill.app.claims.actions import ClaimDraft
    from superbill.app.denials.actions import correct_claim
    from superbill.app.path.checking import check_version

    changes = {name: value for name, value in given.items() if value is not None}
    if not changes and not modifiers:
        raise BadInput("Nothing to correct. Say what changes, such as --modifier 2:59.")
    one = stored_claim(session, number)
    if not one.payer_control_number:
        raise BadInput(f"{number}: the payer gave no control number, and a replacement must name it. Ask the payer.")
    fresh = corrected(one.claim, one.payer_control_number, one.claim.version + 1, {})
    claim = _with_modifiers(_with(fresh, changes), modifiers)
    findings = check_version(session, one, claim)
    wrong = errors(findings)
    if not wrong:
        draft = ClaimDraft(
            encounter=one.encounter_id,
            claim=claim,
            payer_key=one.payer_key,
            next_payer=one.next_payer,
            findings=findings,
        )
        correct_claim(session.actor, number, draft, session.today, at=session.at)
    state = "not opened" if wrong else "ready"
    if as_json:
        put_json({"control_number": claim.control_number, "frequency": "7", "state": state, "findings": findings})
    else:
        click.echo(f"{claim.control_number} is {state}" + ("" if wrong else "; superbill batch send sends it"))
        put_findings(findings, kind=claim.kind)
    raise SystemExit(1 if wrong else 0)


def _with(claim: Claim, changes: dict[str, str]) -> Claim:
    insured = {name: value for name, value in changes.items() if name in ("member_id", "group_number")}
    rest: dict[str, Any] = {name: value for name, value in changes.items() if name not in insured}
    return replace(claim, subscriber=replace(claim.subscriber, **insured), **rest)


def _with_modifiers(claim: Claim, modifiers: tuple[str, ...]) -> Claim:
    lines = {line.number: line for line in claim.lines}
    for asked in modifiers:
        number, _, code = asked.partition(":")
        if not number.isdigit() or int(number) not in lines or len(code) != 2:
            raise BadInput(
                f"--modifier {asked}: give a line of the claim and a modifier, such as {claim.lines[0].number}:59"
            )
        line = lines[int(number)]
        had = line.procedure.modifiers
        if code.upper() in had:
            raise BadInput(f"--modifier {asked}: line {number} has modifier {code.upper()} already")
        lines[int(number)] = replace(line, procedure=replace(line.procedure, modifiers=(*had, code.upper())))
    return replace(claim, lines=tuple(lines[line.number] for line in claim.lines))


@click.command("tell")
@click.argument("number", metavar="CONTROL")
@click.argument("what", type=click.Choice(TELL))
@click.argument("text")
@session_options
@json_option
def tell(session: Session, number: str, what: str, text: str, as_json: bool) -> None:
    """Write down that a reopening was asked for, documents were sent, a physician called the payer's, or a note.

    What was asked of the payer takes the claim off the desk for thirty days.

    \b
    superbill denial tell A1001P1 documents "operative note, by portal" --db practice.db
    superbill denial tell A1001P1 peer_to_peer "Dr. Lopez spoke with the payer's physician" --db practice.db
    """
    from superbill.app.denials.actions import tell as write

    step = write(session.actor, number, what, text, session.today, at=session.at)
    if as_json:
        put_json({"control_number": number, "step": step, "kind": what})
    else:
        click.echo(f"{number}: written down")


@click.command("write-off")
@click.argument("number", metavar="CONTROL")
@click.option("--reason", type=click.Choice(REASONS), default="denied", show_default=True, help="Why it is given up.")
@click.option("--note", default="", help="For who reads the books.")
@click.option("--ask", is_flag=True, help="Leave it for a second person, where it is above your limit.")
@session_options
@json_option
def write_off(session: Session, number: str, reason: str, note: str, ask: bool, as_json: bool) -> None:
    """Give up what stands refused of a claim, up to the limit of your role. Undoing the entry brings it back.

    \b
    superbill denial write-off A1001P1 --reason timely-filing --db practice.db
    superbill denial write-off A1002P1 --ask --note "no proof of filing" --db practice.db
    """
    from superbill.app.denials.actions import ask_to_give_up, give_up

    if ask:
        approval = ask_to_give_up(session.actor, number, reason, session.today, note=note, at=session.at)
        if as_json:
            put_json({"control_number": number, "approval": approval})
        else:
            click.echo(f"{number}: waits for a second person as {approval}; nothing is posted yet")
        return
    entry = give_up(session.actor, number, reason, session.today, note=note, at=session.at)
    _posted(number, entry, "written off", as_json)


@click.command("bill-patient")
@click.argument("number", metavar="CONTROL")
@click.option("--why", type=click.Choice(WHY), required=True, help="What makes it the patient's.")
@click.option("--note", default="", help="For who reads the books, such as where the signed notice is kept.")
@session_options
@json_option
def bill_patient(session: Session, number: str, why: str, note: str, as_json: bool) -> None:
    """Make what stands refused the patient's, where law and contract let it.

    Group CO is the practice's own loss without a notice that the patient signed before (modifier GA).

    \b
    superbill denial bill-patient A1001P1 --why signed-notice --note "ABN of 2026-09-01" --db practice.db
    """
    from superbill.app.denials.actions import bill_patient as move

    entry = move(session.actor, number, why, session.today, note=note, at=session.at)
    _posted(number, entry, "the patient's now", as_json)


def _posted(number: str, entry: "Entry", what: str, as_json: bool) -> None:
    amount = sum(posting.amount for posting in entry.postings if posting.amount > 0)
    if as_json:
        put_json({"control_number": number, "entry": entry.key, "amount": amount})
    else:
        click.echo(f"{number}: {dollars(amount)} {what} (entry {entry.key})")

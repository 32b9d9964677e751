"""`superbill followup next` and `first`: a person decides which payer is billed."""

import click
from msgspec.structs import replace

from superbill.app.session import BadInput, Session
from superbill.claims.model import Subscriber
from superbill.cli.claim_show import stored_claim
from superbill.cli.output import json_option, put_findings, put_json, say
from superbill.cli.session import session_options
from superbill.site import payer_lookup

_REASON = click.option("--reason", required=True, help="Why; it stays with the transfer of the balance.")
DECIDED = ("paid", "partly_denied", "denied", "rejected")


@click.command("next")
@click.argument("number", metavar="CONTROL")
@_REASON
@session_options
@json_option
def bill_next(session: Session, number: str, reason: str, as_json: bool) -> None:
    """Bill the next payer although this one refused: it may cover what the first does not.

    What the first payer still holds moves to the next one. Paid claims need no such word: superbill followup run bills
    the next payer by itself. Exit 1 when the claim is held or can't be made.

    \b
    superbill followup next A1001P1 --reason "Not covered by Medicare, covered by the plan" --db practice.db
    """
    from superbill.app.claims.actions import ClaimDraft
    from superbill.app.claims.queries import next_billing
    from superbill.app.path.payer_order import bill_next_anyway
    from superbill.findings import errors

    one = stored_claim(session, number)
    waiting = next_billing(session.scope, one)
    if waiting is None:
        why = "has no further payer" if not one.next_payer else "has no standing answer, or its next payer has a claim"
        raise BadInput(f"{number}: {why}. superbill claim show tells where it stands.")
    made = bill_next_anyway(session, waiting, reason)
    if not isinstance(made, ClaimDraft):
        put_json({"control_number": None, "findings": made}) if as_json else put_findings(made)
        raise SystemExit(1)
    held = bool(errors(made.findings))
    if as_json:
        put_json({"control_number": made.claim.control_number, "held": held, "findings": made.findings})
    else:
        say(f"{made.claim.control_number} to {made.payer_key} is {'held' if held else 'ready'}")
        put_findings(made.findings)
    raise SystemExit(1 if held else 0)


@click.command("first")
@click.argument("number", metavar="CONTROL")
@click.option("--payer", required=True, help="Who pays first: its key, id or name.")
@click.option("--member-id", required=True, help="The insured's number with that payer.")
@click.option("--group-number", default="", help="The insured's group.")
@_REASON
@session_options
@json_option
def bill_first(
    session: Session, number: str, payer: str, member_id: str, group_number: str, reason: str, as_json: bool
) -> None:
    """Bill another payer first: one that nobody knew of, as when Medicare turns out to be secondary.

    The patient's own coverage. The former first payer comes next: once the new one has answered it gets its claim, as
    a replacement (frequency 7) where it had paid. Exit 1 when the claim is held, or can't be made.

    \b
    superbill followup first A1001P1 --payer bluepeak --member-id XB100 --reason "Employer plan found" --db practice.db
    """
    from superbill.app.claims.queries import later_version
    from superbill.app.path.payer_order import bill_first as do
    from superbill.findings import errors

    one = stored_claim(session, number)
    found = payer_lookup(session.site)(payer)
    if found is None:
        raise BadInput(f"{payer}: no payer of the site is called that.")
    if one.state not in DECIDED:
        raise BadInput(f"{number}: is {one.state}. Wait for its payer's answer, or correct it before it is sent.")
    if later := later_version(session.scope, one.id):
        raise BadInput(f"{number}: has a later version already, {later}. Work on that one.")
    patient = one.claim.patient
    subscriber: Subscriber = replace(
        one.claim.subscriber,
        relationship="18",
        person=patient.person,
        member_id=member_id.strip(),
        group_number=group_number,
        group_name="",
        insurance_type="",
        birth_date=patient.birth_date,
        sex=patient.sex,
        address=patient.address or one.claim.subscriber.address,
        property_casualty_claim_number="",
    )
    made = do(session, one, found, subscriber, reason)
    if isinstance(made, list):
        put_json({"control_number": None, "findings": made}) if as_json else put_findings(made)
        raise SystemExit(1)
    claim, findings = made
    held = bool(errors(findings))
    if as_json:
        put_json({"control_number": claim.control_number, "payer": found.key, "held": held, "findings": findings})
    else:
        stands = "held" if held else "ready"
        say(f"{claim.control_number} to {found.payer.name} is {stands}; {one.payer_key} is billed after its answer")
        put_findings(findings)
    raise SystemExit(1 if held else 0)

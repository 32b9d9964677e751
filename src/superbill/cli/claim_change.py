"""`superbill claim correct` and `void`: a held claim mended in place, a sent one in a new version."""

from typing import TYPE_CHECKING, Any, NoReturn

import click
from msgspec.structs import replace

from superbill.claims.cob import corrected
from superbill.claims.cob import void as voided
from superbill.claims.model import Claim
from superbill.cli.claim_show import stored_claim
from superbill.cli.output import json_option, put_findings, put_json
from superbill.cli.session import BadInput, Session, session_options
from superbill.findings import Finding, errors

if TYPE_CHECKING:
    from superbill.app.claims.queries import StoredClaim

OPEN = ("held", "ready")
WAITING = ("sent", "accepted")
REJECTED = "rejected"


@click.command("correct")
@click.argument("number", metavar="CONTROL")
@click.option("--member-id", help="The insured's member id (box 1a).")
@click.option("--group-number", help="The insured's group (box 11).")
@click.option("--prior-authorization", help="Prior authorization number (box 23).")
@click.option("--referral-number", help="Referral number.")
@click.option("--clia", help="CLIA number of the laboratory.")
@click.option("--note", help="Claim note (NTE).")
@session_options
@json_option
def correct(session: Session, number: str, as_json: bool, **given: str | None) -> None:
    """Change what is wrong in a claim. Codes and charges are the chart's and stay.

    A held or ready claim is mended in place. After a rejection a new original is opened, after the payer's decision
    a replacement (frequency 7). Exit 1 when the claim still has an error: a held one stays held, a new version that
    could not be sent is not opened.

    \b
    superbill claim correct A1001P1 --member-id 1EG4TE5MK73 --db practice.db
    """
    one = stored_claim(session, number)
    changes = {name: value for name, value in given.items() if value is not None}
    if not changes:
        raise BadInput("Nothing to correct. Say what changes, such as --member-id.")
    if one.state in WAITING:
        raise BadInput(f"{number}: is {one.state}. Wait for the payer's answer, then correct it.")
    if one.state in OPEN:
        _mend(session, one, _changed(one.claim, changes), as_json)
        return
    version = _next_version(session, one)
    fresh = corrected(one.claim, one.payer_control_number, version, {})
    if one.state == REJECTED:  # it never reached the payer's system: there is nothing to replace
        fresh = replace(fresh, frequency="1", payer_control_number="")
    _open(session, one, _changed(fresh, changes), as_json)


@click.command("void")
@click.argument("number", metavar="CONTROL")
@session_options
@json_option
def void(session: Session, number: str, as_json: bool) -> None:
    """Take back a claim that the payer has decided: a void (frequency 8), sent with the next batch.

    The books change when the payer answers with its reversal.

    \b
    superbill claim void A1001P1 --db practice.db
    """
    one = stored_claim(session, number)
    if one.state in (*OPEN, *WAITING, REJECTED):
        raise BadInput(f"{number}: is {one.state}. Only a claim that its payer has decided can be voided.")
    _open(session, one, voided(one.claim, one.payer_control_number, _next_version(session, one)), as_json)


def _changed(claim: Claim, changes: dict[str, str]) -> Claim:
    on_insured = {"member_id", "group_number"}
    insured = {name: value for name, value in changes.items() if name in on_insured}
    rest: dict[str, Any] = {name: value for name, value in changes.items() if name not in on_insured}
    return replace(claim, subscriber=replace(claim.subscriber, **insured), **rest)


def _next_version(session: Session, one: "StoredClaim") -> int:
    """One more than the latest version of this claim. Raises BadInput while a later version is still open."""
    from superbill.app.claims.models import ClaimRow

    later = session.scope.rows(ClaimRow).filter(replaces_id=one.id).values_list("control_number", flat=True).first()
    if later:
        raise BadInput(f"{one.control_number}: has a later version already, {later}. Work on that one.")
    return one.claim.version + 1


def _mend(session: Session, one: "StoredClaim", claim: Claim, as_json: bool) -> None:
    from superbill.app.claims.actions import release_held
    from superbill.cli.path.claims import check_claim

    findings = check_claim(session, one.payer_key, claim, session.today)
    release_held(session.actor, [(one.id, claim, findings)], at=session.at)
    _tell(claim, findings, "held" if errors(findings) else "ready", as_json)


def _open(session: Session, one: "StoredClaim", claim: Claim, as_json: bool) -> None:
    from superbill.app.claims.actions import ClaimDraft, open_corrected_claim
    from superbill.cli.path.claims import check_claim

    findings = check_claim(session, one.payer_key, claim, session.today)
    if errors(findings):  # a version that can't be sent would only stand in the way of one that can
        _tell(claim, findings, "not opened", as_json)
    draft = ClaimDraft(
        encounter=one.encounter_id,
        claim=claim,
        payer_key=one.payer_key,
        next_payer=one.next_payer,
        findings=findings,
    )
    open_corrected_claim(session.actor, one.id, draft, at=session.at)
    _tell(claim, findings, "ready", as_json)


def _tell(claim: Claim, findings: tuple[Finding, ...], state: str, as_json: bool) -> NoReturn:
    if as_json:
        put_json(
            {
                "control_number": claim.control_number,
                "frequency": claim.frequency,
                "state": state,
                "findings": findings,
            }
        )
    else:
        click.echo(
            f"{claim.control_number} is {state}" + ("; superbill batch send sends it" if state == "ready" else "")
        )
        put_findings(findings)
    raise SystemExit(0 if state == "ready" else 1)

"""`superbill claim correct` and `void`: a held claim mended in place, a sent one in a new version."""

from typing import TYPE_CHECKING, Any, NoReturn

import click
from msgspec.structs import replace

from superbill.app.session import BadInput, Session
from superbill.claims.changing import changed
from superbill.claims.cob import corrected
from superbill.claims.cob import void as voided
from superbill.claims.model import Claim
from superbill.cli.claim_show import stored_claim
from superbill.cli.output import json_option, put_findings, put_json
from superbill.cli.session import session_options
from superbill.findings import Change, Finding, errors

if TYPE_CHECKING:
    from superbill.app.claims.queries import StoredClaim

OPEN = ("held", "ready")
WAITING = ("sent", "accepted")
REJECTED = "rejected"


_FIELDS = {
    "--member-id": "The insured's member id (box 1a).",
    "--group-number": "The insured's group (box 11).",
    "--prior-authorization": "Prior authorization number (box 23).",
    "--referral-number": "Referral number.",
    "--clia": "CLIA number of the laboratory.",
    "--note": "Claim note (NTE).",
}


def header_fields(command: Any) -> Any:
    """Options for what a correction may change about a claim as a whole."""
    for name, told in reversed(_FIELDS.items()):
        command = click.option(name, help=told)(command)
    return command


@click.command("correct")
@click.argument("number", metavar="CONTROL")
@header_fields
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


@click.command("fix")
@click.argument("number", metavar="CONTROL")
@click.option("--rule", help="Only what this rule found.")
@session_options
@json_option
def fix(session: Session, number: str, rule: str | None, as_json: bool) -> None:
    """Make the changes that the findings of a held or ready claim offer: slips that have one way out. Then check it.

    Each change is told before it counts; what needs a person's judgment is not among them. Exit 1 when nothing is
    offered, or the claim still has an error.

    \b
    superbill claim fix A1001P1 --db practice.db
    """
    one = stored_claim(session, number)
    if one.state not in OPEN:
        raise BadInput(f"{number}: is {one.state}. Only a claim that was not sent yet is fixed in place.")
    mended, told = _fixed(session, one, rule)
    if not told:
        what = f"{rule} found on it" if rule else "was found on it"
        fix = "Charges are on the books and stay. See superbill claim show."
        raise BadInput(f"{number}: nothing that {what} can be mended without a person. {fix}")
    for change in told:
        if not as_json:
            click.echo(f"{change.op} {change.path} {'' if change.value is None else change.value}".rstrip())
    _mend(session, one, mended, as_json)


_MOST_FIXES = 30


def _fixed(session: Session, one: "StoredClaim", rule: str | None) -> tuple[Claim, list[Change]]:
    """The claim with the offers of its findings taken, one finding after the other, as each may move what the next is
    about; and the changes. An offer that would change what is charged is passed over."""
    from superbill.app.path.checking import check_stored

    claim = one.claim
    told: list[Change] = []
    passed: set[str] = set()
    for _ in range(_MOST_FIXES):
        ((_, findings),) = check_stored(session, [replace(one, claim=claim)])
        asked = (found for found in findings if found.changes and rule in (None, found.rule))
        next_one = next((found for found in asked if str(found) not in passed), None)
        if next_one is None:
            break
        passed.add(str(next_one))
        mended = changed(claim, next_one.changes)
        if _charged(mended) == _charged(one.claim):
            claim = mended
            told += next_one.changes
    return claim, told


def _charged(claim: Claim) -> list[tuple[str, int]]:
    return [(line.control_number, line.charge) for line in claim.lines]


@click.command("override")
@click.argument("number", metavar="CONTROL")
@click.argument("rule")
@click.option("--reason", default="", help="Why what the rule found does not hold this claim, for who audits it.")
@click.option("--withdraw", is_flag=True, help="Take an earlier override back.")
@session_options
@json_option
def override(session: Session, number: str, rule: str, reason: str, withdraw: bool, as_json: bool) -> None:
    """Set aside an error on a held claim, with a reason; it stays on the claim, with who set it aside and why.

    Exit 1 when other errors still hold the claim.

    \b
    superbill claim override A1001P1 subscriber.child-older --reason "Adopted; birth certificate seen" --db practice.db
    """
    from superbill.app.claims.actions import NotThisClaim, override_findings

    if bool(reason) == withdraw:
        raise BadInput("Give a --reason, or --withdraw to take an override back.")
    one = stored_claim(session, number)
    try:
        findings = override_findings(session.actor, one.id, rule, reason, at=session.at)
    except NotThisClaim as problem:
        raise BadInput(str(problem)) from None
    _tell(one.claim, findings, "held" if errors(findings) else "ready", as_json)


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
    from superbill.app.claims.queries import later_version

    if later := later_version(session.scope, one.id):
        raise BadInput(f"{one.control_number}: has a later version already, {later}. Work on that one.")
    return one.claim.version + 1


def _mend(session: Session, one: "StoredClaim", claim: Claim, as_json: bool) -> None:
    from superbill.app.claims.actions import release_held
    from superbill.app.path.checking import check_stored

    ((_, findings),) = check_stored(session, [replace(one, claim=claim)])
    release_held(session.actor, [(one.id, claim, findings)], at=session.at)
    _tell(claim, findings, "held" if errors(findings) else "ready", as_json)


def _open(session: Session, one: "StoredClaim", claim: Claim, as_json: bool) -> None:
    from superbill.app.claims.actions import ClaimDraft, open_corrected_claim
    from superbill.app.path.checking import check_version

    findings = check_version(session, one, claim)
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
        put_findings(findings, kind=claim.kind)
    raise SystemExit(0 if state == "ready" else 1)

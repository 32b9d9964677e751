"""Papers are begun, keyed claim by claim, and posted like an 835; or dropped."""

from collections.abc import Sequence
from datetime import datetime

from msgspec.structs import replace

from superbill.app.accounts.actors import Actor
from superbill.app.accounts.permissions import Permission
from superbill.app.documents import decoded, encoded
from superbill.app.eobs.models import EobRow, EobState
from superbill.app.eobs.queries import claims_of
from superbill.app.remits.actions import PostingResult, post_remittance
from superbill.app.remits.models import Origin, RemittanceRow, RemittanceState
from superbill.app.rows import found, insert_one, update
from superbill.app.work import Work, action
from superbill.findings import Finding
from superbill.remits.paper import (
    KeyedClaim,
    KeyedProviderAdjustment,
    PaperRemittance,
    Parties,
    as_remittance,
    findings,
)


class BadEob(ValueError):
    """A paper that can't be begun, keyed or posted; the message says why. `findings` name the places."""

    def __init__(self, message: str, wrong: Sequence[Finding] = ()) -> None:
        super().__init__(message)
        self.findings = tuple(wrong)


class ChangedMeanwhile(Exception):
    """Somebody else has keyed this paper since it was read. Nothing was changed; read it again."""


def start_eob(actor: Actor, paper: PaperRemittance, *, at: datetime) -> int:
    """Begin a paper; its row. Raises BadEob for a check that is being keyed or was posted, by paper or by 835."""
    with action(actor, Permission.POST_REMITTANCE, "start paper remittance", at) as work:
        if not paper.check_number.strip() or not paper.payer or paper.amount < 0:
            raise BadEob("A paper needs its payer, the number of its check, and an amount that is not negative.")
        _must_be_new(work, paper)
        columns = ("practice_id", "payer_key", "check_number", "on", "amount", "doc", "by", "at")
        row = (paper.payer, paper.check_number, paper.on, paper.amount, encoded(paper), actor.name, work.at)
        row_id = insert_one(EobRow, columns, (work.practice_id, *row))
        work.note("paper", row_id)
        return row_id


def key_claim(actor: Actor, eob_id: int, version: int, claim: KeyedClaim, *, at: datetime) -> int:
    """Key a claim, or key it anew; the paper's next version. Wrong amounts are kept: `queries.eob` tells what is off.

    Raises BadEob, ChangedMeanwhile.
    """
    with action(actor, Permission.POST_REMITTANCE, "key paper claim", at) as work:
        paper = _keying(work, eob_id, version)
        others = [one for one in paper.claims if _name(one) != _name(claim)]
        place = next((at for at, one in enumerate(paper.claims) if _name(one) == _name(claim)), len(others))
        others.insert(place, claim)
        return _keep(work, eob_id, version, replace(paper, claims=tuple(others)))


def take_out_claim(actor: Actor, eob_id: int, version: int, control_number: str, *, at: datetime) -> int:
    """Take a claim off the paper again; the paper's next version. Raises BadEob, ChangedMeanwhile."""
    with action(actor, Permission.POST_REMITTANCE, "take out paper claim", at) as work:
        paper = _keying(work, eob_id, version)
        others = tuple(one for one in paper.claims if one.control_number != control_number)
        if len(others) == len(paper.claims):
            raise BadEob(f"Claim {control_number} is not on this paper.")
        return _keep(work, eob_id, version, replace(paper, claims=others))


def key_provider_adjustments(
    actor: Actor, eob_id: int, version: int, adjustments: Sequence[KeyedProviderAdjustment], *, at: datetime
) -> int:
    """The check's money that belongs to no claim is this; the paper's next version. Raises BadEob, ChangedMeanwhile."""
    with action(actor, Permission.POST_REMITTANCE, "key paper adjustments", at) as work:
        paper = _keying(work, eob_id, version)
        return _keep(work, eob_id, version, replace(paper, provider_adjustments=tuple(adjustments)))


def drop_eob(actor: Actor, eob_id: int, version: int, *, at: datetime) -> None:
    """Give a paper up before it is posted; what was keyed stays to be read. Raises BadEob, ChangedMeanwhile."""
    with action(actor, Permission.POST_REMITTANCE, "drop paper remittance", at) as work:
        _keying(work, eob_id, version)
        update(EobRow, ("state", "version", "at"), [(EobState.DROPPED.value, version + 1, work.at, eob_id)])
        work.note("paper", eob_id)


def post_eob(actor: Actor, eob_id: int, version: int, parties: Parties, *, at: datetime) -> PostingResult:
    """Post a paper whose check is explained to the cent, as the 835 that it would have been.

    Raises BadEob with findings when something is still off, or when the check was posted from an 835 meanwhile;
    ChangedMeanwhile.
    """
    with action(actor, Permission.POST_REMITTANCE, "post paper remittance", at) as work:
        paper = _keying(work, eob_id, version)
        claims = claims_of(work.scope, (claim.control_number for claim in paper.claims))
        if wrong := findings(paper, claims):
            raise BadEob(f"{wrong[0].message} Nothing was posted.", wrong)
        _must_not_be_posted(work, paper)
        remittance = as_remittance(paper, parties, claims)
        result = post_remittance(actor, remittance, payer_key=paper.payer, origin=Origin.PAPER, at=at)
        if result.held:
            raise BadEob(f"{result.findings[0].message} Nothing was posted.", result.findings)
        changes = [(EobState.POSTED.value, result.id, version + 1, work.at, eob_id)]
        update(EobRow, ("state", "remittance_id", "version", "at"), changes)
        work.note("paper", eob_id, remittance=result.id)
        return result


def _name(claim: KeyedClaim) -> tuple[str, str]:
    """A reversal and the corrected claim of one number stand side by side."""
    return claim.control_number, "22" if claim.status == "22" else ""


def _must_be_new(work: Work, paper: PaperRemittance) -> None:
    columns = ("check_number", "payer_key", "state")
    for _, payer, state in found(work.scope, EobRow, "check_number", [paper.check_number], *columns):
        if payer == paper.payer and state != EobState.DROPPED:
            raise BadEob(f"Check {paper.check_number} of {paper.payer} is {state} already.")
    _must_not_be_posted(work, paper)


def _must_not_be_posted(work: Work, paper: PaperRemittance) -> None:
    columns = ("payer_key", "payment_amount")
    posted = found(
        work.scope, RemittanceRow, "trace_number", [paper.check_number], *columns, state=RemittanceState.POSTED
    )
    if any(payer == paper.payer for payer, _ in posted):
        raise BadEob(f"Check {paper.check_number} of {paper.payer} is posted already, from its 835.")


def _keying(work: Work, eob_id: int, version: int) -> PaperRemittance:
    rows = found(work.scope, EobRow, "id", [eob_id], "doc", "version", "state", lock=True)
    doc, current, state = next(rows, ("", 0, ""))
    if not doc:
        raise BadEob(f"There is no paper {eob_id} in this practice.")
    if state != EobState.KEYING:
        raise BadEob(f"Paper {eob_id} is {state}; it takes no changes.")
    if current != version:
        raise ChangedMeanwhile(
            f"Paper {eob_id} was changed meanwhile (version {current}, not {version}). Read it again."
        )
    return decoded(doc, PaperRemittance, f"paper {eob_id}")


def _keep(work: Work, eob_id: int, version: int, paper: PaperRemittance) -> int:
    update(EobRow, ("doc", "version", "by", "at"), [(encoded(paper), version + 1, work.actor.name, work.at, eob_id)])
    work.note("paper", eob_id, version=version + 1, left=paper.left)
    return version + 1

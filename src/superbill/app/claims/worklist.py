"""Tasks that follow from claims on their way: refused, silent, to be mailed, or stuck before the next payer."""

from collections.abc import Iterator, Mapping
from datetime import date

from superbill.app.accounts.actors import Scope
from superbill.app.accounts.permissions import Role
from superbill.app.claims.models import ClaimState
from superbill.app.claims.queries import (
    NextChange,
    Paper,
    Refused,
    Waiting,
    claims_to_bill_next,
    next_claims_to_correct,
    papers_to_mail,
    payer_book,
    payers_known,
    refused_claims,
    silent_claims,
)
from superbill.app.inquiries.queries import Standing, standing
from superbill.app.practices.queries import policy
from superbill.app.worklists.items import Wanted
from superbill.money import Cents, dollars
from superbill.remits.secondary import leaves_share, secondary_claim
from superbill.site.policy import MoneyPolicy

USUAL_DAYS = 30
# What the law says of a payer's silence, by its kind.
LAW: Mapping[str, str] = {
    "medicare": "Medicare owes interest on a clean claim after 30 days (CMS Pub. 100-04, ch. 1, section 80.2.2). ",
    "medicaid": "A state pays nine of ten clean claims within 30 days (42 CFR 447.45(d)). ",
    "commercial": "The state's prompt-payment law may owe interest. ",
}


def rank(amount: Cents, due: date | None, on: date) -> int:
    """Which task comes first: cents at stake × 30 ÷ days left (30 where no limit is known; a limit that has passed
    counts as one day)."""
    return amount * USUAL_DAYS // _days(due, on)


def how(amount: Cents, due: date | None, on: date) -> str:
    """The rank's parts, as a person checks them."""
    left = f"{(due - on).days} days to the filing limit" if due is not None else "no filing limit known"
    return f"{dollars(amount)} × {USUAL_DAYS} ÷ {_days(due, on)} ({left}) = {dollars(rank(amount, due, on))}"


def _days(due: date | None, on: date) -> int:
    return USUAL_DAYS if due is None else max((due - on).days, 1)


def wanted(scope: Scope, on: date) -> Iterator[Wanted]:
    """Every task of claims on their way to an answer."""
    for refused in refused_claims(scope):
        yield _refused(refused, on)
    yield from _silences(scope, on)
    for paper in papers_to_mail(scope):
        yield _paper(paper, on)
    yield from _stuck(scope, on)
    for change in next_claims_to_correct(scope):
        if (item := _changed(change, on)) is not None:
            yield item


def _item(
    kind: str, number: str, claim: int, why: str, amount: Cents, due: date | None, on: date, facts: str
) -> Wanted:
    return Wanted(
        key=f"{kind}:{number}",
        kind=kind,
        subject_kind="claim",
        subject=claim,
        why=why,
        amount=amount,
        due=due,
        role=Role.BILLER.value,
        rank=rank(amount, due, on),
        how=how(amount, due, on),
        facts=facts[:64],
    )


def _by(due: date | None, on: date) -> str:
    if due is None:
        return ""
    return (
        f" File it by {due}." if due >= on else f" Its filing limit has passed ({due}): attach proof of timely filing."
    )


def _refused(one: Refused, on: date) -> Wanted:
    said = " ".join(dict.fromkeys(f"{found.message} {found.fix}" for found in one.findings))
    how = "superbill claim correct mends it, superbill followup resend sends it as it is."
    why = f"{one.payer_key} did not take claim {one.control_number} on {one.since}. {said} {how}{_by(one.file_by, on)}"
    rules = ",".join(sorted({found.rule for found in one.findings}))
    facts = f"{one.since}:{rules}"
    return _item("rejected claim", one.control_number, one.id, why, one.charge, one.file_by, on, facts)


def _silences(scope: Scope, on: date) -> Iterator[Wanted]:
    """Files that were not acknowledged, claims that were not, and answers that did not come."""
    rules, kinds = policy(scope), {key: entry.kind for key, entry in payer_book(scope).items()}
    files: dict[int | None, list[Waiting]] = {}
    claims = []
    for one in silent_claims(scope, on):
        if one.stage == "999":
            files.setdefault(one.batch, []).append(one)
        else:
            claims.append(one)
    for some in files.values():
        yield _no_999(some, on)
    told = standing(scope, (one.id for one in claims))
    for one in claims:
        about = told.get(one.id)
        if not _spoken_for(about, rules, on):
            yield _no_answer(one, about, LAW.get(kinds.get(one.payer_key, ""), ""), on)


def _spoken_for(about: Standing | None, rules: MoneyPolicy, on: date) -> bool:
    """Whether the payer has been heard: what it said is a task of its own, or it asked for patience not long ago."""
    if about is None or about.told is None or about.step is None:
        return False
    return bool(about.step.do) or (on - about.told).days < rules.pending_days


def _no_999(some: list[Waiting], on: date) -> Wanted:
    """One task for a file, however many claims are in it."""
    first, amount = some[0], sum(one.charge for one in some)
    due = min((one.file_by for one in some if one.file_by is not None), default=None)
    why = (
        f"A file of {len(some):,} claims to {first.payer_key} went out on {first.since} and no 999 has come: perhaps "
        "nobody got it. Look into the receiver's mailbox. If it is not there, superbill followup resend sends the "
        f"claims again.{_by(due, on)}"
    )
    return Wanted(
        key=f"no 999:{first.batch}:{first.since}",
        kind="silent file",
        subject_kind="batch",
        subject=first.batch or 0,
        why=why,
        amount=amount,
        due=due,
        role=Role.BILLER.value,
        rank=rank(amount, due, on),
        how=how(amount, due, on),
    )


def _no_answer(one: Waiting, about: Standing | None, law: str, on: date) -> Wanted:
    said = f" It last said: {about.words}" if about is not None and about.words else ""
    if one.stage == "277CA":
        what = (
            f"The file with claim {one.control_number} was taken on {one.since}, but {one.payer_key} has not "
            "acknowledged the claim (277CA). Ask with superbill inquiry send; if it is not there, superbill followup "
            "resend."
        )
    else:
        what = (
            f"{one.payer_key} has had claim {one.control_number} since {one.since} and has not answered. {law}Ask with "
            "superbill inquiry send; look for an 835 that could not be matched; if the claim is not there, superbill "
            "followup resend with the proof of timely filing."
        )
    why = f"{what}{said}{_by(one.file_by, on)}"
    facts = f"{one.stage}:{one.since}"
    return _item("silent claim", one.control_number, one.id, why, one.charge, one.file_by, on, facts)


def _paper(one: Paper, on: date) -> Wanted:
    step = "superbill followup mailed says that it is gone" if one.printed else "superbill followup print makes the PDF"
    why = (
        f"{one.payer_key} takes claim {one.control_number} by mail only, with what the payer before explained behind "
        f"it: {step}.{_by(one.file_by, on)}"
    )
    return _item("paper claim", one.control_number, one.id, why, one.charge, one.file_by, on, str(bool(one.printed)))


def _stuck(scope: Scope, on: date) -> Iterator[Wanted]:
    """Answers whose next payer can't be billed, and why."""
    payers = payers_known(scope)
    for one in claims_to_bill_next(scope, on):
        made = secondary_claim(one.stored.claim, one.answer, one.paid_on, payers)
        if isinstance(made, list):
            said = " ".join(f"{found.message} {found.fix}" for found in made)
            number, charge = one.stored.control_number, one.stored.claim.charge
            why = f"After claim {number}, {one.stored.next_payer or 'a further payer'} can't be billed. {said}"
            facts = ",".join(found.rule for found in made)
            yield _item("next payer", number, one.stored.id, why, charge, None, on, facts)


def _changed(change: NextChange, on: date) -> Wanted | None:
    """The earlier payer took back what a later one's claim says, and left nothing in its place."""
    following, stored = change.following, change.stored
    number = following.control_number
    if change.answer is not None and leaves_share(change.answer):
        return None  # the run corrects it by itself, or once it is answered
    if following.state in (ClaimState.HELD, ClaimState.READY, ClaimState.REJECTED):
        what = f"Claim {number} was stopped and waits for its new answer."
    elif following.state in (ClaimState.SENT, ClaimState.ACCEPTED):
        what = (
            f"Claim {number} is under way with it: wait for its answer, then void it (superbill claim void {number})."
        )
    elif following.claim.frequency == "8":
        return None
    else:
        what = (
            f"{stored.next_payer} has answered claim {number} on the strength of it. If no new answer comes, void it: "
            f"superbill claim void {number}."
        )
    how = "took back its answer to" if change.answer is None else "leaves no share of"
    why = f"{stored.payer_key} {how} claim {stored.control_number} on {change.paid_on}. {what}"
    facts = f"{following.state}:{change.paid_on}"
    return _item("payer changed", number, following.id, why, following.claim.charge, None, on, facts)

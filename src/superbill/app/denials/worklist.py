"""The tasks of refusals: one for each claim that can be worked now, one for each answer that should have come."""

from collections.abc import Iterator
from datetime import date

from superbill.app.accounts.actors import Scope
from superbill.app.denials.queries.ranked import denials
from superbill.app.practices.queries import policy
from superbill.app.worklists.items import Wanted
from superbill.denials.model import Denial
from superbill.money import dollars

# A clinician has no tasks of the office: the biller asks them.
_ROLES = {"front_desk": "front desk", "coder": "coder", "biller": "biller", "provider": "biller", "nobody": "biller"}


def wanted(scope: Scope, on: date) -> Iterator[Wanted]:
    """What stands refused on `on` and waits for us; and appeals whose answer or payment is overdue."""
    soon = policy(scope).filing_warning_days
    for one in denials(scope, on):
        if one.state in ("open", "exhausted"):
            yield _task(one, "denial", _why(one, soon), due=one.deadline.last_day if one.deadline else None)
        elif one.state in ("in_appeal", "overturned") and one.answer_due is not None and one.answer_due < on:
            late = "appeal answer" if one.state == "in_appeal" else "overturn not paid"
            yield _task(one, late, _overdue(one), due=one.answer_due, role="biller")


def _task(one: Denial, kind: str, why: str, *, due: date | None, role: str = "") -> Wanted:
    refusal = one.refusal
    codes = ",".join(dict.fromkeys(line.cause.name for line in refusal.lines))
    return Wanted(
        key=f"{kind}:{refusal.key}",
        kind=kind,
        subject_kind="claim" if refusal.claim else "encounter",
        subject=refusal.claim or refusal.encounter,
        why=why,
        amount=refusal.amount,
        due=due,
        role=role or _ROLES[one.cause.task],
        rank=one.rank.score,
        reason=one.cause.name,
        chance=round(100 * one.rank.chance),
        how=one.rank.formula,
        since=refusal.since,
        facts=f"{refusal.amount}:{refusal.since:%Y%m%d}:{one.level_number}:{codes}"[:64],
    )


def _why(one: Denial, soon: int) -> str:
    cause, deadline = one.cause, one.deadline
    if one.state == "exhausted":
        way = "Every appeal level was used: give it up, or bill the patient where that is allowed."
    elif deadline is not None and deadline.passed:
        way = f"The time for {deadline.what} ended on {deadline.last_day}: show good cause, or give it up."
    else:
        left = f", {deadline.days_left} days left" if deadline and deadline.days_left <= soon else ""
        by = f" By {deadline.last_day} ({deadline.what}{left})." if deadline else ""
        ask = "Ask the clinician. " if cause.task == "provider" else ""
        instead = " This payer takes no corrected claim: ask for a reopening." if one.route != cause.route else ""
        way = f"{ask}{cause.mend}{instead}{by}"
    return f"{dollars(one.refusal.amount)} refused, {cause.name}: {cause.code_says}. {way}"


def _overdue(one: Denial) -> str:
    if one.state == "in_appeal":
        return (
            f"The answer to the appeal over {dollars(one.refusal.amount)} was due on {one.answer_due}: ask the payer."
        )
    return f"The appeal over {dollars(one.refusal.amount)} was won, but not paid by {one.answer_due}: ask the payer."

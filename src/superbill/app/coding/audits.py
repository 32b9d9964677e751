"""Audits of coding: a sample is drawn and kept, another codes its visits blindly, both agree on what stands."""

from collections.abc import Callable, Collection, Sequence
from datetime import date, datetime

from superbill.app.accounts.actors import Actor
from superbill.app.accounts.permissions import Permission
from superbill.app.coding.actions import NotDecided
from superbill.app.coding.audit_queries import Item, candidates, item
from superbill.app.coding.history import Coding, add
from superbill.app.coding.models import AuditItemRow, AuditRow, AuditStep, AuditStepRow, Purpose
from superbill.app.coding.queries import same_person
from superbill.app.documents import encoded
from superbill.app.practices.actions import take
from superbill.app.rows import insert, insert_one
from superbill.app.work import Work, action
from superbill.codesets.icd10cm.lookup import CodeBook
from superbill.coding.audit.model import Plan, Price, coded_of, same_codes
from superbill.coding.audit.sampling import draw, sized
from superbill.coding.deciding import Final
from superbill.coding.history import Record

BookOn = Callable[[date], CodeBook]


class NotAudited(NotDecided):
    """A step of an audit that can't be taken; the message says why and what to do."""


def draw_audit(
    actor: Actor,
    plan: Plan,
    *,
    at: datetime,
    price: Price | None = None,
    books: BookOn | None = None,
    only: Collection[int] = (),
) -> int:
    """Draw a sample of the codings that bill and keep it; its number.

    A coding that an audit holds already is not drawn again. `plan.margin` decides on the size where it is given; `only`
    names the visits (row ids) to draw from, as an auditor has chosen them.
    Raises NotAudited when there is no coding to draw, NotPermitted.
    """
    with action(actor, Permission.AUDIT_CODING, "draw audit", at) as work:
        number = take(work.practice_id, "coding audit")  # first: who draws at the same time waits here
        every = candidates(work.scope, plan, price=price, books=books)
        known = [each for each in every if not only or each.encounter in only]
        plan = sized(plan, len(known))
        drawn = draw((each.candidate for each in known), plan)
        if not drawn:
            raise NotAudited("There is no coding to audit: none by a person that no audit holds already.")
        row = insert_one(
            AuditRow, ("practice_id", "number", "auditor", "at", "known", "drawn", "doc"),
            (work.practice_id, number, actor.name, at, len(known), len(drawn), encoded(plan)),
        )  # fmt: skip
        visits = {each.candidate.key: each.encounter for each in known}
        insert(
            AuditItemRow, ("practice_id", "audit_id", "encounter_id", "first_id", "doc"),
            [(work.practice_id, row, visits[each.key], each.key, encoded(each)) for each in drawn],
        )  # fmt: skip
        work.note("coding audit", row, known=len(known), drawn=len(drawn), basis=plan.basis.value, seed=plan.seed)
        return number


def code_blindly(
    actor: Actor, number: int, account: str, final: Final, *, release: str, at: datetime, seconds: int | None = None
) -> bool:
    """Keep the second coding of a sampled visit, made without sight of the first; whether both agree.

    Where they do the visit is closed. What is billed stays as it is. Raises NotAudited for a visit that is not in the
    audit or has its second coding, and for the first coder; NotPermitted.
    """
    with action(actor, Permission.AUDIT_CODING, "code for audit", at) as work:
        sampled = _open(work, number, account)
        if sampled.second is not None:
            raise NotAudited(f"{account}: is coded a second time already, by {sampled.second_coder}.")
        coded = coded_of(final, sampled.encounter, sampled.patient, by=actor.name, at=at)
        kept = Record(coded=coded, seconds=seconds)
        add(work, [Coding(
            encounter=sampled.encounter_id, purpose=Purpose.SECOND, coder=actor.name, record=kept, release=release
        )])  # fmt: skip
        agreed = same_codes(sampled.first, final)
        _steps(work, sampled, [(AuditStep.SECOND, final), *([(AuditStep.RECONCILED, final)] if agreed else [])])
        work.note("coding audit", sampled.audit, agreed=int(agreed))
        return agreed


def reconcile(actor: Actor, number: int, account: str, final: Final, *, at: datetime) -> None:
    """Close a sampled visit with the codes that both coders came to, or a third decided on.

    Raises NotAudited for a visit that is not in the audit, has no second coding yet or is closed, and for the first
    coder; NotPermitted.
    """
    with action(actor, Permission.AUDIT_CODING, "reconcile audit", at) as work:
        sampled = _open(work, number, account)
        if sampled.second is None:
            raise NotAudited(f"{account}: has no second coding yet. First: superbill coding audit code")
        _steps(work, sampled, [(AuditStep.RECONCILED, final)])
        work.note("coding audit", sampled.audit)


def _open(work: Work, number: int, account: str) -> Item:
    sampled = item(work.scope, number, account, lock=True)
    if sampled is None:
        raise NotAudited(f"{account}: is not among the visits of audit {number}. See superbill coding audit show.")
    if sampled.reference is not None:
        raise NotAudited(f"{account}: is closed in audit {number}. What was found is never changed.")
    if same_person(sampled.coder, work.actor.name):
        raise NotAudited(f"{account}: {sampled.coder} coded it first. Another has to look at it.")
    return sampled


def _steps(work: Work, sampled: Item, taken: Sequence[tuple[AuditStep, Final]]) -> None:
    insert(
        AuditStepRow, ("practice_id", "item_id", "step", "auditor", "at", "doc"),
        [(work.practice_id, sampled.id, step.value, work.actor.name, work.at, encoded(final)) for step, final in taken],
    )  # fmt: skip

"""Payment plans: what a patient promises to pay and when, how promises were kept, and how a plan ends.

The balance stays the patient's all the while; payments go to the plan's lines first.
"""

from collections.abc import Sequence
from datetime import date, datetime

from django.db.models import Max, Q

from superbill.app.accounts.actors import Actor, Scope
from superbill.app.accounts.permissions import Permission
from superbill.app.billing.cases import case_numbered, known_case, label, move_case, must_be, open_case
from superbill.app.billing.errors import BadAmount, NotPossible
from superbill.app.billing.journal import hold_journal
from superbill.app.billing.models import ChargeLine, JournalEntry, LineBalance, PaymentPlan, PlanState, Posting
from superbill.app.billing.parties import patient_party
from superbill.app.billing.standing import PATIENT_MONEY, PlanFacts, open_lines, promised_lines
from superbill.app.documents import decoded
from superbill.app.practices.queries import policy
from superbill.app.rows import found
from superbill.app.work import Work, action
from superbill.ledger.instalments import BadSchedule, Promise, missed_in_a_row, progress, schedule
from superbill.money import Cents

KEPT_TO = (PlanState.ACTIVE.value, PlanState.DEFAULTED.value)


def make_plan(
    actor: Actor,
    patient_id: int,
    first: date,
    key: str,
    on: date,
    *,
    months: int = 0,
    each: Cents = 0,
    down: Cents = 0,
    lines: Sequence[str] = (),
    at: datetime,
) -> str:
    """A plan over what the patient owes on `lines` (all lines, when none are named); its number.

    Monthly from `first` on: `months` equal instalments, or `each` until it is paid, after `down` on `on`. The same
    `key` makes one plan. Raises BadAmount for nothing owed or a schedule that can't be; NotPossible for lines of
    another plan.
    """
    with action(actor, Permission.TAKE_PAYMENT, "make payment plan", at) as work:
        hold_journal(work.scope)
        row = known_case(work.scope, PaymentPlan, key)
        if row is None:
            row = _open(work, patient_id, first, key, on, months=months, each=each, down=down, lines=lines)
            work.note("plan", row.pk)
        return label(PaymentPlan, row.number)


def renegotiate_plan(
    actor: Actor,
    number: int,
    first: date,
    key: str,
    on: date,
    *,
    reason: str,
    months: int = 0,
    each: Cents = 0,
    down: Cents = 0,
    at: datetime,
) -> str:
    """A new plan over what is still owed on the lines of an old one, which ends as replaced; the new one's number."""
    with action(actor, Permission.TAKE_PAYMENT, "renegotiate payment plan", at) as work:
        hold_journal(work.scope)
        there = known_case(work.scope, PaymentPlan, key)
        if there is not None:
            return label(PaymentPlan, there.number)
        row = case_numbered(work.scope, PaymentPlan, number)
        must_be(row, *KEPT_TO)
        move_case(work, row, PlanState.REPLACED, on=on, reason=reason)
        facts, patient = facts_of(row), row.patient_id or 0
        new = _open(work, patient, first, key, on, months=months, each=each, down=down, lines=facts.lines)
        work.note("plan", new.pk)
        return label(PaymentPlan, new.number)


def cancel_plan(actor: Actor, number: int, on: date, *, reason: str, at: datetime) -> None:
    """The plan is no more; what is owed is owed at once again."""
    with action(actor, Permission.TAKE_PAYMENT, "cancel payment plan", at) as work:
        hold_journal(work.scope)
        row = case_numbered(work.scope, PaymentPlan, number)
        must_be(row, *KEPT_TO)
        if not reason.strip():
            raise NotPossible("say why the plan is cancelled")
        move_case(work, row, PlanState.CANCELLED, on=on, reason=reason)
        work.note("plan", row.pk)


def reinstate_plan(actor: Actor, number: int, on: date, *, reason: str, at: datetime) -> None:
    """A plan in default goes on: the patient has caught up, or was let off."""
    with action(actor, Permission.TAKE_PAYMENT, "reinstate payment plan", at) as work:
        hold_journal(work.scope)
        row = case_numbered(work.scope, PaymentPlan, number)
        must_be(row, PlanState.DEFAULTED)
        move_case(work, row, PlanState.ACTIVE, on=on, reason=reason)
        work.note("plan", row.pk)


def review_plans(actor: Actor, on: date, *, at: datetime) -> dict[str, list[str]]:
    """Plans by what became of them today: "paid off" when nothing is owed on their lines, "defaulted" after as many
    promises broken in a row as the policy says, "active" again when a payment came back on a plan that was paid off."""
    with action(actor, Permission.TAKE_PAYMENT, "review payment plans", at) as work:
        hold_journal(work.scope)
        allowed = policy(work.scope).plan_missed
        ended: dict[str, list[str]] = {}
        owing = work.scope.rows(LineBalance).filter(patient__gt=0).values("line__patient_id")
        open_again = Q(state=PlanState.PAID_OFF.value, patient_id__in=owing)
        rows = work.scope.rows(PaymentPlan).filter(Q(state__in=KEPT_TO) | open_again).order_by("number")
        for row in rows:
            state = _today(work.scope, row, on, allowed)
            if state != row.state:
                move_case(work, row, state, on=on, reason="review")
                ended.setdefault(state, []).append(label(PaymentPlan, row.number))
        work.note("plan", moved=sum(len(names) for names in ended.values()))
        return ended


def facts_of(row: PaymentPlan) -> PlanFacts:
    """What the plan promised, over which lines."""
    return decoded(row.doc, PlanFacts, f"plan {row.number}")


def promises(scope: Scope, row: PaymentPlan, on: date) -> tuple[Promise, ...]:
    """Each instalment of a plan and how it was kept by `on`."""
    facts = facts_of(row)
    return progress(facts.instalments, paid_on_plan(scope, facts), on, facts.grace_days)


def paid_on_plan(scope: Scope, facts: PlanFacts) -> list[tuple[date, Cents]]:
    """Patients' money that came to the plan's lines since it was made, and what left them again."""
    ids = dict(found(scope, ChargeLine, "key", facts.lines, "key", "id"))
    columns = ("entry__number", "entry__on", "amount")
    moved = found(scope, Posting, "line_id", ids.values(), *columns, account__in=PATIENT_MONEY)
    sums: dict[tuple[int, date], Cents] = {}
    for number, day, amount in moved:
        if number > facts.through:
            sums[number, day] = sums.get((number, day), 0) + amount
    return [(day, amount) for (_, day), amount in sorted(sums.items()) if amount]


def still_owed(scope: Scope, facts: PlanFacts) -> Cents:
    """What the patient owes on the plan's lines now."""
    return sum(max(owed, 0) for (owed,) in found(scope, LineBalance, "line__key", facts.lines, "patient"))


def _open(
    work: Work,
    patient_id: int,
    first: date,
    key: str,
    on: date,
    *,
    months: int,
    each: Cents,
    down: Cents,
    lines: Sequence[str],
) -> PaymentPlan:
    owed = {one.line: one.owed for one in open_lines(work.scope, [patient_id]) if one.owed > 0}
    taken = promised_lines(work.scope, [patient_id])
    wanted = tuple(sorted(lines)) or tuple(sorted(owed.keys() - taken))
    if strange := [line for line in lines if line not in owed and not _known(work.scope, line, patient_id)]:
        raise BadAmount(f"line {strange[0]} is not this patient's")
    if there := sorted(set(wanted) & taken):
        raise NotPossible(f"line {there[0]} is in another payment plan; renegotiate that one")
    wanted = tuple(line for line in wanted if line in owed)
    amount = sum(owed[line] for line in wanted)
    if not amount or first < on:
        raise BadAmount("a plan needs a balance that the patient owes, and a first day that has not passed")
    try:
        instalments = schedule(amount, first, months=months, each=each, down=down, down_on=on)
    except BadSchedule as error:
        raise BadAmount(f"{error}") from None
    through = work.scope.rows(JournalEntry).aggregate(last=Max("number"))["last"] or 0
    grace = policy(work.scope).plan_grace_days
    return open_case(
        work,
        PaymentPlan,
        key=key,
        amount=amount,
        doc=PlanFacts(lines=wanted, instalments=instalments, through=through, grace_days=grace),
        state=PlanState.ACTIVE,
        on=on,
        patient=patient_id,
        party=patient_party(patient_id),
    )


def _known(scope: Scope, line: str, patient_id: int) -> bool:
    return (patient_id,) in found(scope, ChargeLine, "key", [line], "patient_id")


def _today(scope: Scope, row: PaymentPlan, on: date, allowed: int) -> str:
    if not still_owed(scope, facts_of(row)):
        return PlanState.PAID_OFF
    if row.state == PlanState.PAID_OFF:
        return PlanState.ACTIVE
    missed = missed_in_a_row(promises(scope, row, on))
    return PlanState.DEFAULTED if row.state == PlanState.DEFAULTED or missed >= allowed else PlanState.ACTIVE

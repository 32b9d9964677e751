"""The tasks of statements: mail that came back, guarantors whom no mail reaches or nobody named, and what is left when
the last reminder has passed. They follow from the facts of the day alone."""

from collections.abc import Iterator
from datetime import date, timedelta

from django.db.models import Min

from superbill.app.accounts.actors import Scope
from superbill.app.practices.queries import policy as policy_of
from superbill.app.statements.dunning import days_at_level
from superbill.app.statements.holds import all_holds
from superbill.app.statements.models import HoldKind, StatementLine
from superbill.app.statements.planning import Planned, former_parts, last_statements, plans
from superbill.app.worklists.items import Wanted
from superbill.money import Cents, dollars
from superbill.site.policy import MoneyPolicy


def wanted(scope: Scope, on: date) -> Iterator[Wanted]:
    """What somebody should do about statements on `on`."""
    rules = policy_of(scope)
    every = list(plans(scope, on, 1, whoever=True))
    yield from _mail(scope, every, on)
    yield from _candidates(scope, rules, every, on)


def _mail(scope: Scope, every: list[Planned], on: date) -> Iterator[Wanted]:
    holds = all_holds(scope, [plan.card.id for plan in every])
    for plan in every:
        stopped = holds.guarantor(plan.card.id, on)
        if stopped and stopped.kind in (HoldKind.RETURNED_MAIL, HoldKind.BAD_ADDRESS):
            yield _task(plan, "returned mail", "Mail came back. Find the new address and send the statement again.")
        elif plan.verdict == "no address":
            yield _task(plan, "no address", "Owes money and has no address. Ask for it at the next call or visit.")
        if plan.card.kind == "guardian" and plan.due.owed > 0:
            yield _task(
                plan, "guardian unknown", "A minor owes and nobody signed. Find the parent or guardian who pays."
            )


def _candidates(scope: Scope, rules: MoneyPolicy, every: list[Planned], on: date) -> Iterator[Wanted]:
    """What stands at the last level for long enough and began long enough ago: a person decides what becomes of it."""
    final, policy = len(rules.dunning), rules.statement
    asked = [plan for plan in every if plan.verdict in ("send", "made", "small", "later", "no address")]
    lasts = last_statements(scope, [plan.card.id for plan in asked])
    former = former_parts(scope, [last.id for last in lasts.values()])
    holds = all_holds(scope, lasts)
    for plan in asked:
        last = lasts.get(plan.card.id)
        if last is None or not final:
            continue
        ripe: dict[int, Cents] = {}
        for one in plan.lines:
            if one.held or one.owed <= 0:
                continue
            parts = [part for part in former[last.id].get(one.line, ()) if part.level >= final]
            pauses = holds.pauses(plan.card.id, one.line)
            if parts and all(days_at_level(part, on, pauses) >= policy.collections_days for part in parts):
                ripe[one.line] = min(one.owed, sum(part.amount for part in parts))
        earliest = on - timedelta(days=policy.earliest_collections_days)
        first = _first_asked(scope, list(ripe))
        amount = sum(cents for line, cents in ripe.items() if first[line] <= earliest)
        amount = min(amount, plan.due.owed)
        if amount > 0:
            why = f"{dollars(amount)} was not paid after the last reminder. Decide: plan, help, agency, or write off."
            yield _task(plan, "collections candidate", why, amount)


def _first_asked(scope: Scope, lines: list[int]) -> dict[int, date]:
    """The day of the first statement that asked for each line."""
    rows = scope.rows(StatementLine).filter(line_id__in=lines, held="").order_by()
    return dict(rows.values_list("line_id").annotate(first=Min("statement__on")))


def _task(plan: Planned, kind: str, why: str, amount: Cents | None = None) -> Wanted:
    at_stake = plan.due.owed if amount is None else amount
    return Wanted(
        key=f"{kind}:guarantor:{plan.card.id}",
        kind=kind,
        subject_kind="guarantor",
        subject=plan.card.id,
        why=why,
        amount=at_stake,
        role="poster",
        rank=at_stake,
        facts=f"{at_stake}",
    )

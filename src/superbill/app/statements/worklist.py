"""The tasks of statements: mail that came back, guarantors whom no mail reaches or nobody named, and what is left when
the last reminder has passed. They follow from the facts of the day alone."""

from collections.abc import Iterator
from datetime import date, timedelta

from superbill.app.accounts.actors import Scope
from superbill.app.practices.queries import policy as policy_of
from superbill.app.rows import found
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
    asked = [plan for plan in every if plan.verdict in ("send", "made", "small", "later", "no address")]
    ripe = list(_ripe(scope, rules, asked, on)) if rules.dunning else []
    earliest = on - timedelta(days=rules.statement.earliest_collections_days)
    first = _first_asked(scope, [line for _, lines in ripe for line in lines])
    for plan, lines in ripe:
        amount = min(sum(cents for line, cents in lines.items() if first[line] <= earliest), plan.due.owed)
        if amount > 0:
            why = f"{dollars(amount)} was not paid after the last reminder. Decide: plan, help, agency, or write off."
            yield _task(plan, "collections candidate", why, amount)


def _ripe(
    scope: Scope, rules: MoneyPolicy, asked: list[Planned], on: date
) -> Iterator[tuple[Planned, dict[int, Cents]]]:
    """Guarantors with the lines (row ids, cents) that have stood at the last level for the policy's days."""
    lasts = last_statements(scope, [plan.card.id for plan in asked], on)
    former = former_parts(scope, [last.id for last in lasts.values()])
    holds = all_holds(scope, lasts)
    for plan in asked:
        before = former.get(lasts[plan.card.id].id, {}) if plan.card.id in lasts else {}
        lines: dict[int, Cents] = {}
        for one in plan.lines:
            parts = [part for part in before.get(one.line, ()) if part.level >= len(rules.dunning)]
            if not parts or one.held or one.owed <= 0:
                continue
            pauses = holds.pauses(plan.card.id, one.line)
            if all(days_at_level(part, on, pauses) >= rules.statement.collections_days for part in parts):
                lines[one.line] = min(one.owed, sum(part.amount for part in parts))
        if lines:
            yield plan, lines


def _first_asked(scope: Scope, lines: list[int]) -> dict[int, date]:
    """The day of the first statement that asked for each line."""
    first: dict[int, date] = {}
    for line, on in found(scope, StatementLine, "line_id", lines, "line_id", "statement__on", held=""):
        first[line] = min(on, first.get(line, on))
    return first


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

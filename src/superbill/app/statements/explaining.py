"""Why is this owed? The journal's answer for a line, a visit, a statement, a patient or a guarantor."""

from collections.abc import Iterable, Mapping
from datetime import date

from superbill.app.accounts.actors import Scope
from superbill.app.billing.models import ChargeLine
from superbill.app.billing.queries import entries_of_lines, ledger_lines
from superbill.app.rows import chunks, found
from superbill.app.statements.models import StatementLine
from superbill.app.statements.owing import due_of
from superbill.forms.statement import Explanation, LineFacts, events, explain
from superbill.money import Cents


def explained(scope: Scope, payer_names: Mapping[str, str], lines: Iterable[int], unapplied: Cents = 0) -> Explanation:
    """The stories of these charge lines (row ids), with the names that patients know of the payers' keys."""
    facts: dict[str, LineFacts] = {}
    entries = []
    for some in chunks(sorted(set(lines))):
        rows = scope.rows(ChargeLine).filter(pk__in=some)
        people = {key: f"{given.split(' ')[0]} {family}".strip() for key, given, family in rows.values_list(
            "key", "patient__given", "patient__family"
        )}  # fmt: skip
        known = list(ledger_lines(rows))
        told = entries_of_lines(scope, [line.key for line in known])
        entries += told
        happened = events(told, payer_names)
        for line in known:
            facts[line.key] = LineFacts(
                on=line.service_start,
                code=line.code,
                charge=line.balance.charge,
                balance=line.balance,
                events=happened.get(line.key, ()),
                patient=people[line.key],
                payer=payer_names.get(line.payer, line.payer) if line.balance.insurance else "",
            )
    return explain(facts, entries, payer_names, unapplied)


def lines_of_visit(scope: Scope, account_number: str) -> list[int]:
    """The charge lines (row ids) of a visit."""
    rows = scope.rows(ChargeLine).filter(encounter__account_number=account_number)
    return list(rows.order_by("id").values_list("id", flat=True))


def lines_of_statement(scope: Scope, statement: int) -> list[int]:
    """The charge lines (row ids) on a statement (row id)."""
    return sorted({line for (line,) in found(scope, StatementLine, "statement_id", [statement], "line_id")})


def explained_account(scope: Scope, payer_names: Mapping[str, str], guarantor: int, on: date) -> Explanation:
    """Everything that a guarantor owes now."""
    due = due_of(scope, guarantor, on)
    return explained(scope, payer_names, [one.line for one in due.lines], sum(due.unapplied.values()))

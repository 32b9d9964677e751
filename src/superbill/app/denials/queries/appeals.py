"""Appeals as they were filed, what was decided, and what came in afterwards: told by the journal, never stored."""

from datetime import date
from typing import Literal

from msgspec import Struct

from superbill.app.accounts.actors import Scope
from superbill.app.billing.models import ENTRY_ID_STEP, ChargeLine, Posting
from superbill.app.claims.models import ClaimRow
from superbill.app.denials.models import DenialStep, StepKind
from superbill.app.denials.queries.steps import StepFacts
from superbill.app.documents import decoded
from superbill.app.rows import found
from superbill.ledger.accounts import Account
from superbill.money import Cents

Result = Literal["pending", "overturned", "partly", "upheld", "dismissed", "withdrawn"]
_KINDS = (StepKind.APPEAL.value, StepKind.DECISION.value)


class Appeal(Struct, frozen=True, kw_only=True):
    """One appeal. `disputed` cents of `lines`; `recovered` is what the payer has paid on these lines since it was filed
    and before the next one was. `result` is the decision that was told us, or what the money says: a payment without a
    letter is an overturn."""

    row: int
    claim: int
    control_number: str
    payer: str
    level: int
    level_name: str
    filed: date
    disputed: Cents
    lines: tuple[str, ...]
    result: Result
    decided: date | None = None
    recovered: Cents = 0


def appeals(scope: Scope, *, payer: str = "", claim: int = 0) -> list[Appeal]:
    """Every appeal, the latest first."""
    rows = scope.rows(DenialStep).filter(kind__in=_KINDS).order_by("id")
    rows = rows.filter(payer=payer) if payer else rows
    rows = rows.filter(claim_id=claim) if claim else rows
    steps = [(row, decoded(row.doc, StepFacts, f"step {row.pk}")) for row in rows]
    numbers = dict(found(scope, ClaimRow, "id", {row.claim_id for row, _ in steps}, "id", "control_number"))
    paid = _payments(scope, {line for _, facts in steps for line, _ in facts.lines})
    made: list[Appeal] = []
    for place, (row, facts) in enumerate(steps):
        if row.kind != StepKind.APPEAL:
            continue
        later = [one for one, _ in steps[place + 1 :] if one.claim_id == row.claim_id and one.payer == row.payer]
        decision = later[0] if later and later[0].kind == StepKind.DECISION else None
        following = next((one.through for one in later if one.kind == StepKind.APPEAL), None)
        made.append(_appeal(scope, row, facts, numbers[row.claim_id], decision, following, paid))
    return made[::-1]


def _appeal(
    scope: Scope,
    row: DenialStep,
    facts: StepFacts,
    number: str,
    decision: DenialStep | None,
    following: int | None,
    paid: dict[tuple[str, str], list[tuple[int, Cents]]],
) -> Appeal:
    first = scope.practice_id * ENTRY_ID_STEP
    since, until = first + row.through, None if following is None else first + following
    recovered = sum(
        cents
        for line, _ in facts.lines
        for entry, cents in paid.get((line, row.payer), ())
        if entry > since and (until is None or entry <= until)
    )
    return Appeal(
        row=row.pk,
        claim=row.claim_id,
        control_number=number,
        payer=row.payer,
        level=row.level,
        level_name=facts.level_name,
        filed=row.on,
        disputed=row.amount,
        lines=tuple(line for line, _ in facts.lines),
        result=_result(decision, recovered, row.amount),
        decided=decision.on if decision else None,
        recovered=recovered,
    )


def _result(decision: DenialStep | None, recovered: Cents, disputed: Cents) -> Result:
    if decision is not None:
        return decision.outcome  # type: ignore[return-value]  # the action took no other
    if recovered <= 0:
        return "pending"
    return "overturned" if recovered >= disputed else "partly"


def _payments(scope: Scope, lines: set[str]) -> dict[tuple[str, str], list[tuple[int, Cents]]]:
    """What payers paid, by line and payer, as (entry, cents)."""
    keys = dict(found(scope, ChargeLine, "key", lines, "id", "key"))
    made: dict[tuple[str, str], list[tuple[int, Cents]]] = {}
    columns = ("line_id", "payer", "entry_id", "amount")
    for line, payer, entry, cents in found(scope, Posting, "line_id", keys, *columns, account=Account.CLEARING.value):
        made.setdefault((keys[line], payer), []).append((entry, cents))
    return made

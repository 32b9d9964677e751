"""A practice with patients who owe, for tests of their payments."""

from typing import Any

from superbill.app.accounts.actors import Actor, actor_with
from superbill.app.accounts.permissions import Role
from superbill.app.billing.models import LineBalance, Posting
from superbill.app.claims.actions import SelfPayDraft, bill_self_pay
from superbill.app.encounters.actions import record_coding
from superbill.app.encounters.models import EncounterRow
from superbill.app.guarantors.models import Guarantee, Guarantor
from superbill.app.patients.actions import import_charts
from superbill.ledger.entry import Balance
from tests.app_samples import AT, TODAY, chart, claim, coded


def owing(actor: Actor, charts: int = 1, visits: int = 2) -> list[int]:
    """Patients (row ids) who owe each visit in full: 120.00 on its line 1, 30.00 on line 2. Accounts from A1001 on."""
    import_charts(actor, [chart(number, visits) for number in range(1, charts + 1)], at=AT)
    rows = list(actor.scope.rows(EncounterRow).select_related("patient").order_by("id"))
    record_coding(actor, [(row.pk, coded(row.source_id, row.patient.source_id)) for row in rows], at=AT)
    drafts = [
        SelfPayDraft(encounter=row.pk, lines=claim(row.account_number, day=row.date_of_service).lines) for row in rows
    ]
    bill_self_pay(actor, drafts, TODAY, at=AT)
    return sorted({row.patient_id for row in rows})


def guaranteeing(actor: Actor, *patients: Any) -> int:
    """A guarantor (row id) who pays for these patients; one given as (patient, since, until) for those days alone."""
    payer = Guarantor(practice_id=actor.practice_id, identity="g", family="Family", doc="{}")
    Guarantor._base_manager.bulk_create([payer])
    terms = [one if isinstance(one, tuple) else (one, None, None) for one in patients]
    Guarantee._base_manager.bulk_create(
        Guarantee(
            practice_id=actor.practice_id, patient_id=patient, guarantor_id=payer.pk, basis="parent",
            since=since, until=until, actor="x", at=AT,
        )
        for patient, since, until in terms
    )  # fmt: skip
    return int(payer.pk)


def member(actor: Actor, role: Role, name: str = "") -> Actor:
    """A person of this role in the actor's practice."""
    return actor_with(name or role.value, actor.practice_id, role)


def owed(actor: Actor) -> dict[str, int]:
    """What patients owe by line, lines without a balance left out."""
    rows = actor.scope.rows(LineBalance).exclude(patient=0).order_by("line__key")
    return dict(rows.values_list("line__key", "patient"))


def standing(actor: Actor) -> dict[Any, Any]:
    """Everything that the books say: the balance of every line, and each account's total by payer."""
    names = Balance.__struct_fields__
    lines = {key: tuple(rest) for key, *rest in actor.scope.rows(LineBalance).values_list("line__key", *names)}
    sums: dict[Any, Any] = {}
    for account, payer, amount in actor.scope.rows(Posting).values_list("account", "payer", "amount"):
        if account in ("cash", "unapplied", "fees", "bad_debt", "clearing"):
            sums[account, payer] = sums.get((account, payer), 0) + amount
    return {**lines, **{place: amount for place, amount in sums.items() if amount}}

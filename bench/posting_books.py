"""Books to post against: a practice with claims that wait for their payer, behind as many paid ones as are wanted.

The first some hundreds go the whole way through the app. The rest are their rows again, copied by the database under
other ids and keys: the journal, its indexes and its guards are as big as in a practice that billed them all.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any

from msgspec.structs import replace

from superbill.app.boot import connect
from superbill.claims.model import Claim
from superbill.x12.model import Remittance

LINES = 3
CHARGES = (120_00, 30_00, 45_50)
PAID_BEFORE = 300  # claims of the history that were billed and paid through the app
STEP = 500
AT_ONCE = 50  # copies in one transaction
OWN_NAMES = frozenset({"source_id", "account_number", "control_number", "key", "source", "content_key", "trace_number"})


def bill(actor: Any, first: int, count: int) -> list[Claim]:
    """Charts, codes, charges and claims sent for `count` encounters, two a patient; the claims as sent."""
    from tests.app_samples import AT, TODAY, chart, claim, coded, interchange

    from superbill.app.claims.actions import ClaimDraft, mark_sent, open_claims, prepare_batch
    from superbill.app.claims.models import ClaimRow
    from superbill.app.encounters.actions import record_coding
    from superbill.app.encounters.models import EncounterRow
    from superbill.app.patients.actions import import_charts

    claims: list[Claim] = []
    for start in range(first, first + count // 2, STEP // 2):
        import_charts(actor, [chart(one, 2) for one in range(start, min(start + STEP // 2, first + count // 2))], at=AT)
        rows = list(actor.scope.rows(EncounterRow).filter(state="imported").select_related("patient").order_by("id"))
        record_coding(actor, [(row.pk, coded(row.source_id, row.patient.source_id)) for row in rows], at=AT)
        drafts = [
            ClaimDraft(encounter=row.pk, claim=claim(row.account_number, CHARGES), payer_key="one") for row in rows
        ]
        open_claims(actor, drafts, TODAY, at=AT)
        ready = list(actor.scope.rows(ClaimRow).filter(state="ready").order_by("id").values_list("id", flat=True))

        def written(numbers: Any, drafts: Sequence[ClaimDraft] = drafts) -> bytes:
            return interchange(drafts, numbers.group)

        batch = prepare_batch(actor, "one", ready, written, at=AT)
        mark_sent(actor, batch.pk, at=AT)
        claims += [draft.claim for draft in drafts]
    return claims


def answers(claims: Sequence[Claim], trace: str) -> Remittance:
    """One payment that answers all of `claims`: a line paid, one denied, one adjusted in full."""
    from tests.app_samples import remittance, usual_answer

    paid = remittance(trace, *(usual_answer(claim) for claim in claims))
    return replace(paid, payment_date=date(2026, 11, 3))


def open_books(address: str) -> Any:
    """The program at work in a new practice whose history is posted; see `grow` for more of it."""
    from tests.app_samples import AT

    from superbill.app.accounts.actors import system_actor
    from superbill.app.practices.actions import open_practice
    from superbill.app.remits.actions import post_remittance

    connect(address)
    actor = system_actor(open_practice("bench", "Bench").pk)
    claims = bill(actor, 1, PAID_BEFORE)
    for place in range(0, PAID_BEFORE, 100):
        post_remittance(actor, answers(claims[place : place + 100], f"H{place}"), payer_key="one", at=AT)
    return actor


def reopen(address: str) -> Any:
    """The program at work in books that are there."""
    from superbill.app.accounts.actors import system_actor
    from superbill.app.practices.models import Practice

    connect(address)
    return system_actor(Practice.objects.get(key="bench").pk)


def _copied() -> list[Any]:
    """The tables whose rows are copied, those first that others point to; the batches and files stay as they are."""
    from superbill.app.billing.models import ChargeLine, JournalEntry, LineBalance, Posting
    from superbill.app.claims.models import ClaimRow
    from superbill.app.encounters.models import EncounterRow
    from superbill.app.patients.models import PatientRow
    from superbill.app.remits.models import RemittanceClaimRow, RemittanceRow

    return [
        PatientRow, EncounterRow, ClaimRow, ChargeLine, Posting, JournalEntry, LineBalance, RemittanceRow,
        RemittanceClaimRow,
    ]  # fmt: skip


def grow(actor: Any, lines: int) -> int:
    """Copy the history until the practice has `lines` charge lines or a little more; how many there are then."""
    from django.db import connection, transaction

    from superbill.app.billing.models import JournalEntry
    from superbill.app.practices.models import Counter

    steps = {model: _step(model) for model in _copied()}
    wanted = max(-(-lines // (PAID_BEFORE * LINES)) - 1, 0)
    for first in range(1, wanted + 1, AT_ONCE):
        with transaction.atomic(), connection.cursor() as cursor:
            for model in _copied():
                last = min(first + AT_ONCE - 1, wanted)
                cursor.execute(_copy(model, steps), [first, last, steps[model][1]])
    with connection.cursor() as cursor:
        for model in _copied() if connection.vendor == "postgresql" else ():
            if model._meta.pk.db_returning:
                table = model._meta.db_table
                cursor.execute(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), (SELECT MAX(id) FROM {table}))")
        if connection.vendor == "postgresql":
            cursor.execute("VACUUM ANALYZE")
        else:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    rows = actor.scope.rows(JournalEntry)
    Counter.objects.filter(practice_id=actor.practice_id, name="journal").update(
        value=rows.order_by("-number").values_list("number", flat=True)[0]
    )
    return (wanted + 1) * PAID_BEFORE * LINES


def _step(model: Any) -> tuple[int, int]:
    """By how much the ids of a copy differ from those of the one before, and the last id of the original."""
    from django.db.models import Max

    from superbill.app.billing.models import ENTRY_ID_STEP

    last = model._base_manager.aggregate(last=Max("pk"))["last"]
    return last % ENTRY_ID_STEP, last


def _copy(model: Any, steps: dict[Any, tuple[int, int]]) -> str:
    """INSERT … SELECT of the copies numbered from one parameter to the next, of rows up to the id of the third."""
    table, names, values = model._meta.db_table, [], []
    for field in model._meta.concrete_fields:
        column = f'"{field.column}"'
        names.append(column)
        step = steps.get(field.related_model if field.is_relation else model if field.primary_key else None)
        if step is None and (model._meta.label, field.name) == ("billing.JournalEntry", "number"):
            step = steps[model]
        if step is not None:
            values.append(f"t.{column} + k.n * {step[0]}")
        else:
            own = field.name in OWN_NAMES
            values.append(f"SUBSTR(k.n || '~' || t.{column}, 1, {field.max_length})" if own else f"t.{column}")
    key = model._meta.pk.column
    return (
        f"WITH RECURSIVE k(n) AS (SELECT CAST(%s AS bigint) UNION ALL SELECT n + 1 FROM k WHERE n < %s) "
        f"INSERT INTO {table} ({', '.join(names)}) SELECT {', '.join(values)} FROM k, {table} t WHERE t.{key} <= %s "
        f"ORDER BY k.n, t.{key}"
    )

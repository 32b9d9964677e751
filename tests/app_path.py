"""The whole path on a few visits, in small steps that find their work in the database, as the commands do."""

from typing import Any

from superbill.app.claims.actions import ClaimDraft, mark_sent, open_claims, prepare_batch
from superbill.app.claims.models import ClaimRow, ClaimState
from superbill.app.claims.queries import batches_to_write, claims_in, ready_groups
from superbill.app.encounters.actions import record_coding
from superbill.app.encounters.models import EncounterState
from superbill.app.encounters.queries import visits
from superbill.app.patients.actions import import_charts
from superbill.app.remits.actions import post_remittance
from tests.app_samples import AT, TODAY, chart, claim, coded, remittance, usual_answer

PATIENTS, VISITS, STEP = 6, 2, 3


def walk(actor: Any) -> None:
    """From charts to posted remittances. Run again after any stop, it goes on where it was."""
    for first in range(0, PATIENTS, STEP):
        import_charts(actor, [chart(number, VISITS) for number in range(first, first + STEP)], at=AT)
    for some in visits(actor.scope, EncounterState.IMPORTED, chunk=STEP):
        results = [(one.id, coded(one.encounter.id, one.chart.patient.id)) for one in some]
        record_coding(actor, results, at=AT)
    for some in visits(actor.scope, EncounterState.CODED, chunk=STEP):
        drafts = [
            ClaimDraft(
                encounter=one.id, claim=claim(one.account_number, day=one.encounter.date_of_service), payer_key="one"
            )
            for one in some
        ]
        open_claims(actor, drafts, TODAY, at=AT)
    for group in ready_groups(actor.scope, limit=STEP):
        prepare_batch(actor, "one", group.claim_ids, lambda numbers: str(numbers.interchange).encode(), at=AT)
    for batch in batches_to_write(actor.scope):
        mark_sent(actor, batch.pk, at=AT)
    for some in claims_in(actor.scope, chunk=STEP):
        # The payer answers by claim, whatever was posted before: the same payments again and again.
        answers = [usual_answer(one.claim) for one in some]
        result = post_remittance(actor, remittance(f"T{some[0].control_number}", *answers), payer_key="one", at=AT)
        assert not result.held, result.findings
    assert actor.scope.rows(ClaimRow).filter(state=ClaimState.PARTLY_DENIED).count() == PATIENTS * VISITS

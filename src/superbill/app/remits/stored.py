"""Rows of remittances and their answers, and the claims' states that follow from them."""

from collections.abc import Sequence

from superbill.app.claims.models import ClaimRow
from superbill.app.documents import encoded
from superbill.app.remits.lookup import SentClaims
from superbill.app.remits.models import RemittanceClaimRow, RemittanceClaimState, RemittanceRow, RemittanceState
from superbill.app.remits.payments import Arrived
from superbill.app.rows import found, insert, insert_one, update
from superbill.app.work import Work
from superbill.remits.answering import REVERSAL
from superbill.remits.model import ClaimOutcome, PostingPlan
from superbill.x12.model import Remittance

_SET_ASIDE = ("held", "unmatched")
_MOVES_CLAIM = frozenset({"paid", "partly_denied", "denied", "reversed"})
_ROW = (
    "origin", "payer_key", "trace_number", "originator_id", "source", "application", "payment_amount", "payment_date",
    "method", "doc", "received_file_id", "part_of_id", "state", "since", "findings",
)  # fmt: skip


def store_remittance(
    work: Work,
    arrived: Arrived,
    *,
    source: str,
    application: int,
    state: RemittanceState,
    planned: PostingPlan,
    known: int | None = None,
    part_of: int | None = None,
) -> int:
    """Write the row of a remittance, anew or over what it said before; its id. `application`: how often it has been
    posted."""
    one = arrived.remittance
    row = (
        arrived.origin, arrived.payer_key, one.trace_number, one.originator_id, source, application,
        one.payment_amount, one.payment_date, one.payment_method, encoded(one), arrived.file, part_of, state.value,
        work.at, encoded(planned.findings),
    )  # fmt: skip
    if known is None:
        return insert_one(RemittanceRow, ("practice_id", "content_key", *_ROW), (work.practice_id, arrived.key, *row))
    update(RemittanceRow, _ROW, [(*row, known)])
    work.scope.rows(RemittanceClaimRow).filter(remittance_id=known).delete()
    return known


_COLUMNS = (
    "practice_id", "remittance_id", "claim_id", "position", "control_number", "status", "payer_control_number",
    "charge", "paid", "state", "outcome", "bill_next", "findings", "event", "state_before", "number_before",
)  # fmt: skip


def store_claims(work: Work, row_id: int, remittance: Remittance, planned: PostingPlan, sent: SentClaims) -> None:
    """Write a row per CLP, and give each claim the state of its last posted outcome and the payer's number."""
    outcomes = {outcome.position: outcome for outcome in planned.outcomes}
    moves = _Moves(work, remittance, () if planned.held else planned.outcomes, sent)
    rows = []
    for position, claim in enumerate(remittance.claims):
        outcome = outcomes.get(position)
        kind = "held" if planned.held or outcome is None else outcome.state
        state = kind if kind in _SET_ASIDE else RemittanceClaimState.POSTED.value
        rows.append(
            (
                work.practice_id, row_id, sent.row_id(claim), position, claim.control_number, claim.status,
                claim.payer_control_number, claim.charge, claim.paid, state, outcome.state if outcome else "held",
                bool(outcome and outcome.bill_next and not planned.held), encoded(outcome.findings if outcome else ()),
                outcome.event if outcome else "", *moves.before.get(position, ("", "")),
            )
        )  # fmt: skip
    insert(RemittanceClaimRow, _COLUMNS, rows)
    moves.write(work)


class _Moves:
    """What becomes of the claims: per position what the claim had before, and in the end what it has."""

    def __init__(self, work: Work, remittance: Remittance, outcomes: Sequence[ClaimOutcome], sent: SentClaims) -> None:
        answers = [(remittance.claims[outcome.position], outcome) for outcome in outcomes]
        moving = [
            (row_id, claim, outcome)
            for claim, outcome in sorted(answers, key=lambda each: each[0].status != REVERSAL)
            if moves_claim(outcome.state) and (row_id := sent.row_id(claim)) is not None and not sent.crossover(claim)
        ]
        columns = ("id", "state", "payer_control_number")
        rows = found(work.scope, ClaimRow, "id", {row_id for row_id, _, _ in moving}, *columns)
        self._now: dict[int, tuple[str, str]] = {row_id: (state, number) for row_id, state, number in rows}
        self.before: dict[int, tuple[str, str]] = {}
        for row_id, claim, outcome in moving:
            self.before[outcome.position] = self._now[row_id]
            self._now[row_id] = (outcome.state, claim.payer_control_number or self._now[row_id][1])

    def write(self, work: Work) -> None:
        changes = [(state, work.at, number, row_id) for row_id, (state, number) in sorted(self._now.items())]
        update(ClaimRow, ("state", "state_since", "payer_control_number"), changes)


def moves_claim(outcome: str) -> bool:
    """Whether an outcome is a state of the claim, too."""
    return outcome in _MOVES_CLAIM

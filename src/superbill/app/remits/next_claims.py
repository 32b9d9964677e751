"""Claims to the next payer that were made from an answer: what stands in the way of taking that answer back."""

from collections.abc import Iterable

from django.db.models import ProtectedError

from superbill.app.billing.errors import NotPossible
from superbill.app.claims.models import ClaimRow, ClaimState
from superbill.app.rows import found
from superbill.app.work import Work
from superbill.claims.control import read_control_number

_NOT_SENT = (ClaimState.HELD.value, ClaimState.READY.value)


def withdraw_next_claims(work: Work, claims: Iterable[int]) -> int:
    """Take back the claims to the next payers of `claims` (row ids) that have not gone out; how many.

    They are made anew from the answer that is posted in its place. Raises NotPossible for one that is with its payer,
    or that people have worked on.
    """
    columns = ("id", "encounter_id", "control_number", "next_payer_key")
    answered = [row for row in found(work.scope, ClaimRow, "id", claims, *columns) if row[3]]
    rows = found(
        work.scope,
        ClaimRow,
        "encounter_id",
        {row[1] for row in answered},
        "encounter_id", "payer_key", "id", "control_number", "state", "batch_id",
    )  # fmt: skip
    later = {
        (encounter, payer, _account(number)): (row_id, number, state, batch)
        for encounter, payer, row_id, number, state, batch in rows
    }
    withdrawn = 0
    for row_id, encounter, number, next_payer in answered:
        found_next = later.get((encounter, next_payer, _account(number)))
        if found_next is None or found_next[0] == row_id:
            continue
        next_id, next_number, state, batch = found_next
        if state not in _NOT_SENT or batch is not None:
            raise NotPossible(
                f"Claim {next_number} has gone to {next_payer} with what this payment says of {number}. "
                "Void that claim (frequency 8) or correct it, and post a correction instead of undoing."
            )
        try:
            work.scope.rows(ClaimRow).filter(pk=next_id).delete()
        except ProtectedError:
            raise NotPossible(
                f"Claim {next_number} to {next_payer} was made from this payment and has been worked on. "
                "Send it or hold it, then post a correction instead of undoing."
            ) from None
        work.note("claim", next_id, withdrawn=1)
        withdrawn += 1
    return withdrawn


def _account(number: str) -> tuple[str, int]:
    read = read_control_number(number)
    return (read.account, read.part) if read else (number, 0)

"""Packs at work, and the past that rules are replayed on."""

from collections.abc import Callable, Iterator, Sequence

from superbill.app.accounts.actors import Scope
from superbill.app.claims.models import ClaimRow
from superbill.app.claims.queries import past_claims
from superbill.app.documents import decoded
from superbill.app.encounters.models import EncounterRow
from superbill.app.remits.models import RemittanceClaimRow, RemittanceClaimState, RemittanceRow
from superbill.app.rows import chunks, found
from superbill.app.rules.models import PackRow
from superbill.claims.model import Claim
from superbill.edits import Context, History
from superbill.packs import Answer, AnsweredClaim, Pack, read_pack
from superbill.x12.model import Remittance, RemittanceClaim

# The context of a claim: payer key, the claim, what was billed before.
MakeContext = Callable[[str, Claim, History], Context]
_REVERSAL = "22"


def latest(scope: Scope, name: str) -> PackRow | None:
    """The last row of a pack of this name; without text it is retired."""
    return scope.rows(PackRow).filter(name=name).order_by("-id").first()


def packs(scope: Scope) -> list[PackRow]:
    """The last row of every pack, by name; those without text are retired."""
    last = {row.name: row for row in scope.rows(PackRow).order_by("id")}
    return [last[name] for name in sorted(last)]


def active_packs(scope: Scope) -> list[Pack]:
    """The packs at work."""
    return [read_pack(row.text, f"pack {row.name}") for row in packs(scope) if row.text]


def answered(scope: Scope, context: MakeContext, *, payer: str = "") -> Iterator[AnsweredClaim]:
    """Every claim that was sent, with its payer's first answer to each line, in the order of opening.

    The first answer counts: what was denied and paid after a correction had been denied. `payer`: only its claims.
    """
    rows = scope.rows(ClaimRow).exclude(state__in=("held", "ready")).order_by("id")
    ids = list((rows.filter(payer_key=payer) if payer else rows).values_list("id", flat=True))
    columns = ("id", "encounter_id", "control_number", "payer_key", "doc")
    for some in chunks(ids):
        stored = {row[0]: row[1:] for row in found(scope, ClaimRow, "id", some, *columns)}
        answers = _first_answers(scope, some)
        patients = dict(found(scope, EncounterRow, "id", {row[0] for row in stored.values()}, "id", "patient_id"))
        before = past_claims(scope, patients.values())
        for row_id in some:
            encounter, number, payer_key, doc = stored[row_id]
            claim = decoded(doc, Claim, f"claim {number}")
            others = before.get(patients[encounter], {}).items()
            history = History(past for other, pasts in others if other != encounter for past in pasts)
            yield AnsweredClaim(claim, context(payer_key, claim, history), answers.get(row_id, {}))


def _first_answers(scope: Scope, claims: Sequence[int]) -> dict[int, dict[str, Answer]]:
    columns = ("claim_id", "remittance_id", "position", "status", "id")
    rows = found(scope, RemittanceClaimRow, "claim_id", claims, *columns, "state")
    first: dict[int, tuple[int, int]] = {}
    for claim, remittance, position, status, _, state in sorted(rows, key=lambda row: row[4]):
        if status != _REVERSAL and state == RemittanceClaimState.POSTED:
            first.setdefault(claim, (remittance, position))
    docs = {
        key: decoded(doc, Remittance, f"remittance {key}")
        for key, doc in found(scope, RemittanceRow, "id", {place[0] for place in first.values()}, "id", "doc")
    }
    return {claim: _lines(docs[remittance].claims[position]) for claim, (remittance, position) in first.items()}


def _lines(answer: RemittanceClaim) -> dict[str, Answer]:
    return {
        line.control_number: Answer(paid=line.paid, adjustments=line.adjustments, remarks=line.remarks)
        for line in answer.lines
        if line.control_number
    }

"""What was done about denials: every step readable, about a claim of its payer; a decision follows its appeal."""

from superbill.app.accounts.actors import Scope
from superbill.app.claims.models import ClaimRow
from superbill.app.denials.models import DenialStep, StepKind
from superbill.app.denials.queries import StepFacts
from superbill.app.doctor.report import Notes
from superbill.app.documents import BadDocument, decoded
from superbill.app.rows import found

_FIX = "It was changed past the app. Restore a backup."


def check_denials(scope: Scope, notes: Notes) -> None:
    """Steps in the order in which they were written; an appeal ends once, and only after it was filed."""
    columns = ("id", "claim_id", "payer", "kind", "doc")
    pending: dict[tuple[int, str], bool] = {}
    rows = list(scope.rows(DenialStep).order_by("id").values_list(*columns))
    claims = {
        row: rest
        for row, *rest in found(scope, ClaimRow, "id", {row[1] for row in rows}, "id", "control_number", "payer_key")
    }
    for row, claim, payer, kind, doc in rows:
        number, owner = claims.get(claim, ("", ""))
        place = f"claim {number or claim}"
        if owner != payer:
            notes.add("denial", place, f"Step {row} about {place} is of payer {payer}, the claim of {owner}.", _FIX)
        try:
            decoded(doc, StepFacts, f"step {row} about {place}")
        except BadDocument as error:
            notes.add("document", place, f"{error}.", _FIX)
        if kind == StepKind.DECISION and not pending.get((claim, payer)):
            notes.add("denial", place, f"Step {row} about {place} decides an appeal that was not filed.", _FIX)
        if kind in (StepKind.APPEAL, StepKind.DECISION):
            pending[claim, payer] = kind == StepKind.APPEAL

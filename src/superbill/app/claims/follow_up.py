"""Claims that nobody answered, or that were refused on the way: sent once more. Paper: printed, mailed."""

from collections.abc import Sequence
from datetime import date, datetime

from superbill.app.accounts.actors import Actor
from superbill.app.accounts.permissions import Permission
from superbill.app.claims.events import tell
from superbill.app.claims.models import BatchState, ClaimEventKind, ClaimRow, ClaimState, PaperRow
from superbill.app.claims.opening import NotThisClaim
from superbill.app.claims.told import RULES
from superbill.app.documents import content_key, encoded
from superbill.app.rows import found, insert_one, update
from superbill.app.work import action

AGAIN = (ClaimState.REJECTED, ClaimState.SENT, ClaimState.ACCEPTED)
_SHORTEST = 10


def resend(actor: Actor, claims: Sequence[int], reason: str, *, at: datetime) -> int:
    """The same claims (row ids) go out again with the next batch: the same numbers and content, no replacement.

    For what was lost or refused on the way through no fault of the claim. A wrong claim is corrected instead. How many
    were moved; one that is ready already stays. Raises NotThisClaim for a claim that its payer has decided, one that
    has a later version, one whose batch was not handed over yet, and a reason that explains nothing.
    """
    with action(actor, Permission.SEND, "send claims again", at) as work:
        if len(reason.strip()) < _SHORTEST:
            raise NotThisClaim(f"Say in {_SHORTEST} characters or more why the claim goes out again.")
        columns = ("id", "control_number", "state", "batch__state")
        rows = {row[0]: row[1:] for row in found(work.scope, ClaimRow, "id", claims, *columns)}
        list(found(work.scope, ClaimRow, "id", claims, "id", lock=True))
        later = dict(found(work.scope, ClaimRow, "replaces_id", claims, "replaces_id", "control_number"))
        moved = []
        for row_id in dict.fromkeys(claims):
            number, state, batch = rows.get(row_id, (row_id, "not in this practice", None))
            if row_id in later:
                raise NotThisClaim(f"claim {number} has a later version, {later[row_id]}: send that one")
            if batch == BatchState.PREPARED and state == ClaimState.SENT:
                raise NotThisClaim(f"claim {number} waits in a batch that was not handed over: superbill batch send")
            if state not in (*AGAIN, ClaimState.READY):
                raise NotThisClaim(f"claim {number} is {state}; only what was sent and not decided goes out again")
            moved += [row_id] if state != ClaimState.READY else []
        changes = [(ClaimState.READY.value, at, encoded(()), "", row_id) for row_id in moved]
        update(ClaimRow, ("state", "state_since", "findings", *RULES), changes)
        tell(work, moved, ClaimEventKind.RESENT, texts=[reason.strip()] * len(moved))
        work.note("claim", ids=moved, resent=len(moved))
        return len(moved)


def keep_paper(actor: Actor, claim: int, form: str, content: bytes, *, at: datetime) -> int:
    """Keep the print of a claim that goes by mail; its row id. The same bytes again are the same print.

    Raises NotThisClaim for a claim that is not ready, or whose payer takes it electronically.
    """
    with action(actor, Permission.SEND, "print claim", at) as work:
        row = work.scope.rows(ClaimRow).select_for_update().filter(pk=claim).first()
        if row is None or not row.on_paper or row.state != ClaimState.READY:
            raise NotThisClaim(f"claim {row.control_number if row else claim} does not wait to be mailed")
        key = content_key(content)
        known = work.scope.rows(PaperRow).filter(claim_id=claim, sha256=key).values_list("id", flat=True).first()
        if known is not None:
            return known
        columns = ("practice_id", "claim_id", "form", "sha256", "content", "printed")
        paper = insert_one(PaperRow, columns, (work.practice_id, claim, form, key, content, at))
        work.note("paper", paper, claim=claim)
        return paper


def mark_mailed(actor: Actor, claims: Sequence[int], on: date, how: str = "", *, at: datetime) -> int:
    """These claims (row ids) were mailed on `on`: they wait for their answers now. `how`: the service and its number.

    How many were marked; saying so twice changes nothing. Raises NotThisClaim for a claim that was not printed, is
    held or goes electronically, and for a day to come.
    """
    with action(actor, Permission.SEND, "mark claims mailed", at) as work:
        if on > at.date():
            raise NotThisClaim(f"{on} is still to come: say so once it is in the mail")
        columns = ("id", "control_number", "state", "on_paper")
        rows = {row[0]: row[1:] for row in found(work.scope, ClaimRow, "id", claims, *columns, lock=True)}
        prints: dict[int, int] = dict(sorted(found(work.scope, PaperRow, "claim_id", claims, "claim_id", "id")))
        moved = []
        for row_id in dict.fromkeys(claims):
            number, state, on_paper = rows.get(row_id, (row_id, "not in this practice", True))
            if not on_paper or state not in (ClaimState.READY, ClaimState.SENT):
                raise NotThisClaim(f"claim {number} is {state}{'' if on_paper else ' and goes electronically'}")
            if state == ClaimState.READY and row_id not in prints:
                raise NotThisClaim(f"claim {number} was not printed yet: superbill followup print")
            moved += [row_id] if state == ClaimState.READY else []
        update(ClaimRow, ("state", "state_since"), [(ClaimState.SENT.value, at, row_id) for row_id in moved])
        update(PaperRow, ("mailed_on",), [(on, prints[row_id]) for row_id in moved])
        tell(work, moved, ClaimEventKind.MAILED, reference=on.isoformat(), texts=[how.strip()] * len(moved))
        work.note("claim", ids=moved, mailed=len(moved))
        return len(moved)

"""Who has a claim in hand, and what they wrote on it for the next one."""

from collections.abc import Collection, Sequence
from datetime import datetime

from superbill.app.accounts.actors import Actor
from superbill.app.accounts.models import Membership
from superbill.app.accounts.permissions import Permission
from superbill.app.claims.models import ClaimNote, ClaimRow
from superbill.app.claims.opening import NotThisClaim
from superbill.app.rows import found, insert, update
from superbill.app.work import Work, action

_LONGEST = 4000


def assign_claims(actor: Actor, claims: Sequence[int], to: str, *, at: datetime) -> dict[int, str]:
    """Give claims (row ids) to a member of the practice, or to nobody (""); who had those that changed hands.

    Raises NotThisClaim for a claim that is not of this practice, and for who is no member.
    """
    with action(actor, Permission.WORK_TASKS, "assign claims", at) as work:
        had = dict(found(work.scope, ClaimRow, "id", claims, "id", "assignee", lock=True))
        _must_be_ours(claims, had)
        if to and to != actor.name and not _is_member(work, to):
            raise NotThisClaim(f"{to} is no member of this practice. An administrator gives roles.")
        moved = {row_id: before for row_id, before in had.items() if before != to}
        update(ClaimRow, ("assignee",), [(to, row_id) for row_id in sorted(moved)])
        work.note("claim", ids=sorted(moved), assigned=len(moved))
        return moved


def note_on_claims(actor: Actor, claims: Sequence[int], text: str, *, at: datetime) -> int:
    """Write the same on each of these claims (row ids); on how many. Raises NotThisClaim for an empty or overlong note,
    and for a claim that is not of this practice."""
    with action(actor, Permission.WORK_TASKS, "note on claims", at) as work:
        said = text.strip()
        if not said or len(said) > _LONGEST:
            raise NotThisClaim(f"A note says something, in {_LONGEST:,} characters or less.")
        there = [row_id for (row_id,) in found(work.scope, ClaimRow, "id", claims, "id")]
        _must_be_ours(claims, there)
        columns = ("practice_id", "claim_id", "text", "by", "at")
        insert(ClaimNote, columns, [(work.practice_id, row_id, said, actor.name, work.at) for row_id in sorted(there)])
        work.note("claim", ids=sorted(there), noted=len(there))
        return len(there)


def _must_be_ours(claims: Sequence[int], there: Collection[int]) -> None:
    missing = [one for one in claims if one not in there]
    if missing or not claims:
        raise NotThisClaim("Choose claims of this practice first." if not claims else f"no claim {missing[0]} here")


def _is_member(work: Work, name: str) -> bool:
    return work.scope.rows(Membership).filter(user__username=name, user__is_active=True).exists()

"""What happens to claims on their way, written down once for all of them."""

from collections.abc import Sequence

from superbill.app.claims.models import ClaimEvent, ClaimEventKind
from superbill.app.rows import insert
from superbill.app.work import Work

_COLUMNS = ("practice_id", "claim_id", "batch_id", "what", "reference", "text", "by", "at")


def tell(
    work: Work,
    claims: Sequence[int],
    what: ClaimEventKind,
    *,
    batch: int | None = None,
    reference: str = "",
    texts: Sequence[str] = (),
) -> None:
    """The same happened to each of these claims (row ids); `texts`, one for each, where they differ."""
    said = texts or [""] * len(claims)
    rows = [
        (work.practice_id, claim, batch, what.value, reference[:50], text, work.actor.name, work.at)
        for claim, text in zip(claims, said, strict=True)
    ]
    insert(ClaimEvent, _COLUMNS, rows)

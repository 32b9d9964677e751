"""What happens to claims on their way, written down once for all of them."""

from collections.abc import Sequence

from superbill.app.claims.models import ClaimEvent, ClaimEventKind
from superbill.app.rows import insert
from superbill.app.work import Work

_COLUMNS = ("practice_id", "claim_id", "batch_id", "what", "reference", "text", "by", "at", "file_id")


def tell(
    work: Work,
    claims: Sequence[int],
    what: ClaimEventKind,
    *,
    batch: int | None = None,
    reference: str = "",
    texts: Sequence[str] = (),
    file: int | None = None,
) -> None:
    """The same happened to each of these claims (row ids); `texts`, one for each, where they differ. `file`: the
    received one (row id) that says so."""
    said = texts or [""] * len(claims)
    rows = [
        (work.practice_id, claim, batch, what.value, reference[:50], text, work.actor.name, work.at, file)
        for claim, text in zip(claims, said, strict=True)
    ]
    insert(ClaimEvent, _COLUMNS, rows)

"""The history of tasks, written down once for all of them."""

from collections.abc import Sequence

from superbill.app.rows import insert
from superbill.app.work import Work
from superbill.app.worklists.models import WorkEvent

_COLUMNS = ("practice_id", "item_id", "what", "text", "by", "at")


def tell(work: Work, ids: Sequence[int], what: str, text: str = "") -> None:
    """The same happened to each of these tasks."""
    rows = [(work.practice_id, row_id, what, text, work.actor.name, work.at) for row_id in ids]
    insert(WorkEvent, _COLUMNS, rows)

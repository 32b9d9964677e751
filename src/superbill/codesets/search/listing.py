"""The search in the small lists that ship with Superbill: revenue codes, places of service, condition codes …"""

from collections import Counter
from datetime import date

from superbill.codesets import lists
from superbill.codesets.listed import ListedCode
from superbill.codesets.search.lookup import Hit
from superbill.codesets.search.words import STOP, words


class ListSearch:
    """The search in one list on a day; asks nothing but memory."""

    def __init__(self, on: date, system: str) -> None:
        """Raises lists.UnknownList."""
        self.on = on
        self._list = lists.code_list(system)

    @property
    def name(self) -> str:
        """What is searched."""
        return self._list.title

    def find(
        self, text: str, *, limit: int = 10, billable: bool | None = None, chapter: str | None = None,
        under: str | None = None,
    ) -> list[Hit]:  # fmt: skip
        """The codes in whose code, name or note most of the words begin a word; then those of fewer.

        `under`: only codes that begin so. A list has no chapters: with one there is no answer. `billable` is whether
        the code may be used on the day.
        """
        asked = [word for word in dict.fromkeys(words(text)) if word not in STOP]
        if not asked or limit < 1 or chapter:
            return []
        code = lists.look_up(self._list.system, text)
        found = Counter({code.code: len(asked) + 1} if code else {})
        for word in asked:
            found.update(row.code for row in lists.search(self._list.system, word))
        codes = self._list.codes()
        most = max(found.values(), default=0)
        hits = (
            Hit(row.code, row.name, self.on in row.valid, round(count / len(asked), 4), (_why(row.code, code),))
            for row, count in ((codes[each], count) for each, count in found.items())
            if 2 * count >= most
        )
        kept = (hit for hit in hits if billable in (None, hit.billable) and hit.code.startswith((under or "").upper()))
        return sorted(kept, key=lambda hit: (-hit.score, len(hit.title), hit.code))[:limit]


def _why(code: str, asked: ListedCode | None) -> str:
    return "code" if asked and asked.code == code else "name or note"

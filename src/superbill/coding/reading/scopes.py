"""How far a cue reaches: the ConText idea (Harkema, Dowling, Thornblade, Chapman 2009) on words, lists and clauses."""

from collections.abc import Sequence
from typing import Literal

from msgspec import Struct

from superbill.coding.reading.model import Token

Does = Literal[
    "negated", "uncertain", "past", "history", "once", "planned", "hypothetical", "family", "other", "believed",
    "feared", "untaken", "nothing", "stop", "subject", "cause",
]  # fmt: skip
Way = Literal["ahead", "back", "both", "ahead or back"]
Lists = Literal["all", "or", "one", "word"]


class Cue(Struct, frozen=True, kw_only=True):
    """What phrases do to the mentions that they reach.

    `does` with `history`: past for what passes, listed for what stays (data: `chronic`); `once` likewise, but not for
    complaints and injuries, which are told in the past tense; `feared`: all but those are hypothetical; `untaken`: a
    drug is negated; `stop` ends scopes, `subject` (another person, a new clause) those of family too, `cause` ends them
    but may follow a cue directly; `nothing` hides shorter phrases. `lists`: over commas always, only in a list with
    "or", never, or not even over "and". `most`: words that it reaches over at most. `skip`: mentions that it passes
    over ("likely cause of X:").
    """

    does: tuple[Does, ...]
    way: Way = "ahead"
    lists: Lists = "all"
    most: int = 40
    skip: int = 0


class Hit(Struct, frozen=True):
    """A cue in a row: words from `first` up to `after`."""

    first: int
    after: int
    cue: Cue


_FARTHEST = 40
"""Words after a comma in which the "or" of a list is looked for."""
_CLAUSE = frozenset(
    ("he", "she", "it", "they", "patient", "pt", "i", "we", "has", "had", "is", "was", "are", "were", "does", "did",
     "will", "then", "so", "there", "this", "these", "his", "her", "their", "currently", "now", "today")
)  # fmt: skip
_FILLING = frozenset(("it", "is", "this", "that", "to", "be", "are", "these", "may", "was", "all"))
_ALTERNATIVES = frozenset(("or", "nor", "vs", "versus"))
_CHOICES = _ALTERNATIVES | {"and"}
_PERSONS = frozenset(("family", "other"))


class Row:
    """The words of a sentence with its cues, ready to be asked for scopes."""

    def __init__(self, text: str, row: Sequence[Token], hits: Sequence[Hit], end: int) -> None:
        self.text = text
        self.row = row
        self.hits = hits
        self.end = end
        self._gaps = [""] + [text[row[at - 1].end : row[at].start] for at in range(1, len(row))]
        self._last = text[row[-1].end : end] if row else ""
        self._starts = {hit.first: hit for hit in hits}
        self._ends = {hit.after: hit for hit in hits}

    def ahead(self, hit: Hit) -> tuple[int, int]:
        """The span that a cue reaches forward, in characters."""
        start = at = hit.after
        if at >= len(self.row):
            return self.end, self.end
        opened, chosen = 0, False
        while at < len(self.row):
            gap = self._gaps[at]
            opened += gap.count("(") - gap.count(")")
            stop = self._starts.get(at)
            if (
                at - start >= hit.cue.most
                or opened < 0
                or _parts(gap, hit.cue, first=at == start)
                or ("," in gap and at > start and not self._over_comma(at, hit.cue, chosen=chosen))
                or (
                    stop is not None
                    and stop is not hit
                    and _stops(stop.cue, hit.cue, directly=self._directly(start, at))
                )
            ):
                break
            word = self.row[at].word
            if hit.cue.lists == "word" and word in _CHOICES:
                break
            chosen = chosen or word in _ALTERNATIVES
            at += 1
        return self.row[hit.after].start, self.row[at - 1].end if at > start else self.row[start].start

    def _directly(self, start: int, at: int) -> bool:
        """Is there nothing, or only "it is", from a cue to a word?"""
        return at - start <= 3 and all(self.row[place].word in _FILLING for place in range(start, at))

    def _over_comma(self, at: int, cue: Cue, *, chosen: bool) -> bool:
        """Does a list go on after the comma before this word?"""
        if self.row[at].word in _CLAUSE and not _PERSONS.intersection(cue.does):
            return False
        if cue.lists == "all":
            return True
        if cue.lists != "or" or chosen:
            return False
        for place in range(at, min(at + _FARTHEST, len(self.row))):
            if ";" in self._gaps[place] or ((stop := self._starts.get(place)) and _stops(stop.cue, cue)):
                return False
            if self.row[place].word in _ALTERNATIVES:
                return True
        return False

    def back(self, hit: Hit) -> tuple[int, int]:
        """The span that a cue reaches backward, in characters."""
        at = hit.first
        while at > 0:
            gap = self._gaps[at]
            if ";" in gap or ":" in gap or "—" in gap or hit.first - at >= min(hit.cue.most, 15):
                break
            if "," in gap and hit.cue.lists != "all" and at != hit.first:
                break
            ended = self._ends.get(at)
            if ended is not None and ended is not hit and _stops(ended.cue, hit.cue):
                break
            if self.row[at].word in _CLAUSE and self.row[at - 1].word in ("and", "but", "so"):
                break
            at -= 1
        if at == hit.first:
            return self.row[at].start, self.row[at].start
        return self.row[at].start, self.row[hit.first - 1].end


def _parts(gap: str, cue: Cue, *, first: bool) -> bool:
    """Does a mark between two words end what a cue reaches?"""
    if ";" in gap or (":" in gap and not first):
        return True
    return cue.lists != "all" and ("—" in gap or " - " in gap or " – " in gap) and not first


def _stops(stop: Cue, cue: Cue, *, directly: bool = False) -> bool:
    if "subject" in stop.does:
        return not directly
    if _PERSONS.intersection(cue.does) or "hypothetical" in cue.does:
        return False
    if "cause" in stop.does:
        return not directly
    return "stop" in stop.does and not (directly and "history" in stop.does)

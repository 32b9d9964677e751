"""What coders can learn from an audit: a note for each of the most frequent causes, in plain words, with its source."""

from collections.abc import Mapping, Sequence
from functools import cache

from msgspec import Struct

from superbill.coding.audit.comparing import Compared
from superbill.coding.audit.model import Difference
from superbill.coding.audit.scoring import figures
from superbill.coding.reading.tables import table

MOST = 5
_EXAMPLES = 3


class Lesson(Struct, frozen=True, forbid_unknown_fields=True):
    """A cause: its title, what to do about it, and where the rule stands (data/causes.yaml)."""

    cause: str
    title: str
    lesson: str
    source: str


class Note(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A note for coders about one cause: how often, what to do, the rule's source, and examples as codes alone."""

    cause: str
    text: str
    source: str
    examples: tuple[str, ...] = ()


@cache
def lessons() -> Mapping[str, Lesson]:
    """Every cause there is, in the order of the table."""
    return {each.cause: each for each in table("superbill.coding.audit.data", "causes.yaml", list[Lesson])}


def notes(compared: Sequence[Compared], most: int = MOST) -> tuple[Note, ...]:
    """A note for each of the `most` frequent causes, the most frequent first. They name no patient and no visit."""
    found = []
    for cause in figures(compared).causes[:most]:
        lesson = lessons()[cause.cause]
        times = "once" if cause.count == 1 else f"{cause.count} times"
        text = f"{lesson.title}: {times}, in {cause.visits.hits} of {cause.visits.total} visits. {lesson.lesson}"
        shown = [_shown(one) for each in compared for one in each.differences if one.cause == cause.cause]
        examples = tuple(dict.fromkeys(shown))[:_EXAMPLES]
        found.append(Note(cause=cause.cause, text=text, source=lesson.source, examples=examples))
    return tuple(found)


def _shown(difference: Difference) -> str:
    one, other = difference.first, difference.reference
    text = f"{one} for {other}" if one and other else one or f"without {other}"
    cited = difference.finding.source if difference.finding else ""
    return f"{text} ({cited})" if cited else text

"""Two places of a note that can't both be right: sides, types, and what is denied here and assessed there."""

from collections.abc import Iterator
from itertools import combinations

from superbill.coding.queries.asking import PRACTICE, Asked, open_question, quoted
from superbill.coding.reading.model import ASSESSING, Kind, Mention
from superbill.coding.suggest.model import Query

_TELLING = frozenset((*ASSESSING, Kind.CHIEF_COMPLAINT, Kind.HISTORY, Kind.EXAM, Kind.RESULTS, Kind.PROCEDURE))
_ONE_SIDED = frozenset(("right", "left"))
_TYPES = {"E10": "type 1 diabetes", "E11": "type 2 diabetes"}


def queries(asked: Asked) -> Iterator[Query]:
    """The conflicts between what is assessed and what other sections say."""
    yield from _sides(asked)
    yield from _types(asked)
    yield from _denied(asked)


def _sides(asked: Asked) -> Iterator[Query]:
    """The same condition on the right in one section, on the left in another, and nowhere on both."""
    told: dict[str, list[Mention]] = {}
    for each in asked.reading.mentions:
        if each.codes and each.asserted and asked.reading.kind_of(each) in _TELLING:
            told.setdefault(each.codes[0][:5], []).append(each)
    for mentions in told.values():
        sides = [(each, {one.value for one in each.attributes if one.axis == "side"}) for each in mentions]
        if any(len(values) > 1 or "bilateral" in values for _, values in sides):
            continue
        sections = {each: asked.reading.sentence_of(each).section for each, _ in sides}
        for (one, first), (other, second) in combinations(sides, 2):
            if first | second == _ONE_SIDED and sections[one] != sections[other]:
                said = (
                    f"The note documents {quoted(_sentence(asked, one))} and, elsewhere, "
                    f"{quoted(_sentence(asked, other))}."
                )
                evidence = (asked.words(one), asked.words(other))
                yield open_question(
                    "side-conflict", said, "which side is affected", evidence, ("right", "left", "both sides"), PRACTICE
                )  # fmt: skip
                break


def _types(asked: Asked) -> Iterator[Query]:
    first: dict[str, Mention] = {}
    for each in asked.reading.mentions:
        category = each.codes[0][:3] if each.codes else ""
        if category in _TYPES and each.asserted and each.value("type") and asked.reading.kind_of(each) in _TELLING:
            first.setdefault(category, each)
    if len(first) == len(_TYPES):
        one, other = sorted(first.values(), key=lambda each: each.start)
        said = f"The note documents {quoted(_sentence(asked, one))} and {quoted(_sentence(asked, other))}."
        evidence = (asked.words(one), asked.words(other))
        yield open_question("diabetes-type", said, "the type of the diabetes", evidence, ("type 1", "type 2"), PRACTICE)


def _denied(asked: Asked) -> Iterator[Query]:
    """A complaint that is assessed, and denied in the history of the same note."""
    denied: dict[str, Mention] = {}
    for each in asked.reading.mentions:
        if each.negated and each.codes and asked.reading.kind_of(each) in (Kind.HISTORY, Kind.REVIEW):
            denied.setdefault(each.codes[0], each)
    for code in asked.diagnoses:
        mention = next((each for start, each in denied.items() if code.code.startswith(start)), None)
        evidence = code.evidence[0] if code.evidence else None
        if mention is None or evidence is None or evidence.start is None or code.code[0] != "R":
            continue
        said = f"The note assesses {quoted(evidence.text)} and says {quoted(_sentence(asked, mention))}."
        yield open_question(
            "denied-and-assessed", said, "whether it is present", (evidence, asked.words(mention)),
            ("present", "not present"), PRACTICE,
        )  # fmt: skip


def _sentence(asked: Asked, mention: Mention) -> str:
    sentence = asked.reading.sentence_of(mention)
    text = " ".join(asked.reading.text[sentence.start : sentence.end].split())
    return text if len(text) <= 120 else " ".join(asked.reading.text[mention.start : mention.end].split())

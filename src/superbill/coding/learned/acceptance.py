"""Which of a note's mentions a practice reports, learned from what its coders accepted and refused.

The rules of `suggest.reportable` come first: what they say is itself a feature, so that a history moves away from them
only where it has reason to. The same history gives the same model, in whatever order it is told.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from msgspec import Struct

from superbill.coding.learned.ranker import Ranker, fitted
from superbill.coding.reading.model import ASSESSING, PLANNING, Kind, Mention, Reading
from superbill.coding.suggest.model import Suggestion, Visit
from superbill.coding.suggest.reportable import Verdict, complains

_MANAGED = frozenset(
    ("continue", "start", "stop", "increase", "decrease", "refill", "prescribe", "prescribed", "order", "ordered",
     "refer", "referral", "monitor", "recheck", "follow", "stable", "controlled", "worsening", "improving",
     "recommend", "treat")
)  # fmt: skip
_CLOSE = (Kind.HISTORY, Kind.INTERVAL, Kind.CHIEF_COMPLAINT, Kind.INDICATION)


LEAST = 0.3
"""Below this score what rules report is left out (bench/coding_acceptance)."""
Described = tuple[Mention, tuple[str, ...]]
"""A mention with its features."""


class Example(Struct, frozen=True, kw_only=True):
    """One decision of the past: what was known of the code in its note, and whether a person accepted it."""

    features: tuple[str, ...]
    code: str
    accepted: bool


class Acceptance(Struct, frozen=True):
    """What was learned, and from how many decisions."""

    ranker: Ranker
    accepted: int
    refused: int

    def score(self, features: Iterable[str], code: str = "") -> float:
        """How likely a person accepts what has these features, 0 to 1."""
        return self.ranker.score((*features, *_of_code(code)) if code else features)

    def kept(self, reported: Iterable[Mention], known: Sequence[Described], least: float = LEAST) -> list[Mention]:
        """Of the mentions that rules report, those whose condition scores `least` or more anywhere in the note.

        Nothing is added: on the visit notes that did harm. Leaving out helps a history that differs from the rules; on
        the visit notes, which the rules know well, it changes next to nothing (bench/coding_acceptance).
        """
        best: dict[str, float] = {}
        for mention, features in known:
            category = mention.codes[0][:3]
            best[category] = max(best.get(category, 0.0), self.score(features, mention.codes[0]))
        return [each for each in reported if not each.codes or best.get(each.codes[0][:3], 1.0) >= least]


def train(examples: Iterable[Example]) -> Acceptance:
    """Learns from decisions. Raises ValueError unless some were accepted and some refused."""
    ordered = sorted(examples, key=lambda each: (each.features, each.code, each.accepted))
    accepted = sum(each.accepted for each in ordered)
    if not 0 < accepted < len(ordered):
        raise ValueError("nothing to learn from: there must be codes that were accepted and codes that were refused")
    pairs = [((*each.features, *_of_code(each.code)), each.accepted) for each in ordered]
    return Acceptance(fitted(pairs, epochs=8, rate=0.05, shrink=1e-3), accepted, len(ordered) - accepted)


def _of_code(code: str) -> Iterator[str]:
    yield f"chapter {code[:1]}"
    yield f"category {code[:3]}"


def described(judged: Sequence[tuple[Mention, Verdict]], reading: Reading, visit: Visit) -> list[Described]:
    """The mentions that lead to codes, with their features."""
    at: Mapping[str, list[Mention]] = _by_category(judged)
    first = {category: said[0] for category, said in at.items()}
    rules = Counter(verdict.step.rule for _, verdict in judged)
    return [
        (
            mention,
            (
                *_of_verdict(mention, verdict, rules),
                *_of_place(mention, reading),
                *_of_others(mention, at[mention.codes[0][:3]], first[mention.codes[0][:3]], reading),
                f"setting {visit.setting}",
            ),
        )
        for mention, verdict in judged
        if mention.codes
    ]


def decided(known: Sequence[Described], suggestion: Suggestion, accepted: Mapping[str, bool]) -> list[Example]:
    """A person's decisions on a suggestion, by diagnosis code, as examples: each by the mention in which the code's
    deciding evidence stands. Codes without a decision, or added without a mention of their own, teach nothing."""
    found = []
    for code in suggestion.diagnoses:
        start, end = code.evidence[0].start, code.evidence[0].end
        if code.code not in accepted or start is None or end is None:
            continue
        at = next((each for each in known if each[0].start < end and start < each[0].end), None)
        if at is not None:
            found.append(Example(features=at[1], code=at[0].codes[0], accepted=accepted[code.code]))
    return found


def _by_category(judged: Sequence[tuple[Mention, Verdict]]) -> dict[str, list[Mention]]:
    found: dict[str, list[Mention]] = defaultdict(list)
    for mention, _ in judged:
        if mention.codes:
            found[mention.codes[0][:3]].append(mention)
    return found


def _of_verdict(mention: Mention, verdict: Verdict, rules: Mapping[str, int]) -> Iterator[str]:
    rule = verdict.step.rule.rpartition(".")[2]
    kind = "complaint" if complains(mention) else "disease"
    yield "all"
    yield f"rule {rule}"
    yield f"rule {rule} {kind}"
    yield f"rule {rule} chapter {mention.codes[0][0]}"
    yield f"titles {min(rules.get('coding.report.title', 0), 4)} {rule}"
    yield kind
    for flag in ("negated", "uncertain"):
        if getattr(mention, flag):
            yield flag
    yield f"time {mention.time}"
    yield f"said of {mention.experiencer}"


def _of_place(mention: Mention, reading: Reading) -> Iterator[str]:
    sentence = reading.sentence_of(mention)
    kind = reading.kind_of(mention)
    yield f"section {kind}"
    yield f"section {kind} {'complaint' if complains(mention) else 'disease'}"
    yield f"label {bool(sentence.label)}"
    yield f"where {5 * mention.start // max(len(reading.text), 1)}"
    yield f"words {min(len(mention.name.split()), 4)}"
    if not _MANAGED.isdisjoint(token.word for token in reading.tokens[mention.sentence]):
        yield "managed in its sentence"
    for each in mention.attributes:
        yield f"attribute {each.axis}"


def _of_others(mention: Mention, said: Sequence[Mention], first: Mention, reading: Reading) -> Iterator[str]:
    """The same condition elsewhere in the note."""
    kinds = {reading.kind_of(each) for each in said if each is not mention}
    yield f"mentions {min(len(said), 5)}"
    yield "the first" if mention is first else "said before"
    if not kinds.isdisjoint(ASSESSING):
        yield "also assessed"
    if not kinds.isdisjoint(PLANNING):
        yield "also planned"
    if not kinds.isdisjoint(_CLOSE):
        yield "also in the history"
    if Kind.MEDICAL_HISTORY in kinds or Kind.PROBLEM_LIST in kinds:
        yield "also in the past or problem list"
    if any(each.negated for each in said if each is not mention):
        yield "also denied"

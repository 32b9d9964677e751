"""What a practice accepts and refuses moves what is suggested to it, and nothing else does."""

from datetime import date

import pytest

from superbill.coding.learned.acceptance import Acceptance, Described, Example, decided, described, train
from superbill.coding.model import Evidence
from superbill.coding.reading import sections, sentences
from superbill.coding.reading.model import Mention, Reading, Token
from superbill.coding.suggest.model import SuggestedCode, Suggestion, Visit
from superbill.coding.suggest.reportable import judged, reportable

VISIT = Visit(on=date(2026, 5, 1))
NOTE = """HISTORY OF PRESENT ILLNESS
She denies fever. Her father had asthma.

ASSESSMENT AND PLAN
1. Hypertension. Continue lisinopril.
2. Obesity. Diet discussed.
"""


SAID = {"fever": "R50.9", "asthma": "J45.909", "Hypertension": "I10", "Obesity": "E66.9"}


def known() -> tuple[Reading, list[Described]]:
    """The note as it is read: what is mentioned where and in which context."""
    outline = sentences.outline(NOTE, sections.sections(NOTE))
    found = []
    for words, code in SAID.items():
        start = NOTE.index(words)
        place = next(n for n, each in enumerate(outline.sentences) if each.start <= start < each.end)
        found.append(
            Mention(
                start=start, end=start + len(words), what="problem", name=words, codes=(code,), sentence=place,
                negated=words == "fever", experiencer="family" if words == "asthma" else "patient",
            )
        )  # fmt: skip
    tokens = tuple(
        tuple(Token(each.start, each.end, word, word) for word in NOTE[each.start : each.end].casefold().split())
        for each in outline.sentences
    )
    reading = Reading(outline, tokens, tuple(found))
    return reading, described(judged(reading, VISIT), reading, VISIT)


def history(refused: str, times: int = 12) -> list[Example]:
    """A practice that accepts all that is titled but one category."""
    return [
        Example(features=features, code=mention.codes[0], accepted=not mention.codes[0].startswith(refused))
        for _ in range(times)
        for mention, features in known()[1]
        if mention.asserted
    ]


def kept(model: Acceptance) -> list[str]:
    reading, said = known()
    return [each.codes[0][:3] for each in model.kept(reportable(reading, VISIT), said)]


def test_what_was_refused_time_and_again_is_no_longer_suggested():
    assert kept(train(history("E66"))) == ["I10"]
    assert kept(train(history("I10"))) == ["E66"]


def test_nothing_is_added_to_what_rules_report():
    reading, said = known()
    model = train([*history("I10"), *history("E66")])
    assert model.kept([], said) == []
    assert set(kept(model)) <= {each.codes[0][:3] for each in reportable(reading, VISIT)}


def test_every_further_refusal_lowers_the_score():
    _, said = known()
    mention, features = next(each for each in said if each[0].codes[0].startswith("E66"))
    accepted = [each for each in history("never") if each.accepted] + history("I10", times=1)
    scores = []
    for times in (0, 4, 16):
        refusals = [Example(features=features, code=mention.codes[0], accepted=False)] * times
        scores.append(train([*accepted, *refusals]).score(features, mention.codes[0]))
    assert scores == sorted(scores, reverse=True)
    assert scores[0] - scores[-1] > 0.3


def test_the_order_of_decisions_does_not_matter():
    assert train(history("E66")) == train(history("E66")[::-1])


def suggested(words: str, code: str) -> SuggestedCode:
    start = NOTE.index(words)
    return SuggestedCode(system="ICD-10-CM", code=code, evidence=(Evidence("note", words, start, start + len(words)),))


def test_decisions_on_a_suggestion_become_examples_of_their_mentions():
    suggestion = Suggestion(
        visit=VISIT, release="",
        diagnoses=(
            suggested("Hypertension", "I10"), suggested("Obesity", "E66.811"), suggested("fever", "R50.9"),
            suggested("lisinopril", "Z79.899"),
            SuggestedCode(system="ICD-10-CM", code="Z00.00", evidence=(Evidence("note"),)),
        ),
    )  # fmt: skip
    decisions = {"I10": True, "E66.811": False, "Z79.899": True, "Z00.00": True}
    found = decided(known()[1], suggestion, decisions)
    assert [(each.code, each.accepted) for each in found] == [("I10", True), ("E66.9", False)]
    assert found[0].features == next(features for mention, features in known()[1] if mention.codes == ("I10",))


@pytest.mark.parametrize("accepted", [True, False])
def test_a_history_of_one_kind_teaches_nothing(accepted):
    with pytest.raises(ValueError, match="nothing to learn from"):
        train([Example(features=("all",), code="I10", accepted=accepted)] * 5)
    with pytest.raises(ValueError, match="nothing to learn from"):
        train([])


def test_a_denied_mention_and_a_relatives_are_told_apart_from_the_patients():
    said = {mention.codes[0][:3]: set(features) for mention, features in known()[1]}
    assert "negated" in said["R50"]
    assert "said of family" in said["J45"]
    assert {"time current", "said of patient", "rule title"} <= said["I10"]

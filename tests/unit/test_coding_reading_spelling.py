"""Misspelt words of conditions are read as what they must mean; drugs, numbers, denials and other words are not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.codesets import APRIL, embedded_store

from superbill.codesets.terms.lookup import open_terms
from superbill.coding.reading.read import read
from superbill.coding.reading.spelling import a_step
from superbill.coding.suggest.engine import suggest
from superbill.coding.suggest.model import Visit

MISSPELT = (
    ("Hypertenison, at goal.", "I10", "Hypertenison"),
    ("Essential hypertensoin, continue lisinopril.", "I10", "hypertensoin"),
    ("Acute bronchtis.", "J20.9", "bronchtis"),
    ("Acute phayngitis.", "J02.9", "phayngitis"),
    ("Hypothyroidsm, continue levothyroxine.", "E03.9", "Hypothyroidsm"),
    ("Hyperlipidemmia, continue atorvastatin.", "E78.5", "Hyperlipidemmia"),
    ("Osteoprosis, dexa ordered.", "M81.0", "Osteoprosis"),
    ("Acute sinustis.", "J01.90", "sinustis"),
    ("Iron deficency anemia, start ferrous sulfate.", "D50.9", "deficency"),
    ("Plantar fascitiis.", "M72.2", "fascitiis"),
    ("Fibromyalgai, stable on duloxetine.", "M79.7", "Fibromyalgai"),
    ("Psoraisis of the elbows.", "L40.9", "Psoraisis"),
    ("Divertculitis of the colon.", "K57.32", "Divertculitis"),
    ("Chronic migriane.", "G43.709", "migriane"),
    ("Atrial fibrilltion, on apixaban.", "I48.91", "fibrilltion"),
    ("Insomina, sleep hygiene discussed.", "G47.00", "Insomina"),
    ("Constipaton, start polyethylene glycol.", "K59.00", "Constipaton"),
    ("Gastroentertis.", "K52.9", "Gastroentertis"),
    ("Pneumnoia, start azithromycin.", "J18.9", "Pneumnoia"),
    ("CELLULITTIS of the left leg.", "L03.116", "CELLULITTIS"),
    ("Tonsilltis.", "J03.90", "Tonsilltis"),
    ("Vertgio, meclizine as needed.", "R42", "Vertgio"),
)
LEFT = (
    "Lesson on diet given.", "Motility is preserved.", "Macrocytosis on the smear.", "Hemithorax is symmetric.",
    "Seen with Mrs Herpe and Dr. Sinusitus.", "She met Vertgio there.", "A thirty minute walk.", "Serious talk.",
    "Hypetension was not said.", "Deneid and withuot.", "Orchidectomy was discussed.", "Insulni and metformim.",
)  # fmt: skip


@pytest.fixture(scope="module")
def terms():
    return open_terms(embedded_store(), APRIL)


@pytest.mark.parametrize("said, code, word", MISSPELT, ids=[word for _, _, word in MISSPELT])
def test_a_misspelt_condition_is_coded_on_the_notes_own_words_and_says_how_it_was_read(said, code, word):
    found = suggest(f"ASSESSMENT AND PLAN\n1. {said}\n", embedded_store(), Visit(on=APRIL, age=60))
    assert code in [each.code for each in found.diagnoses]
    (one,) = (each for each in found.diagnoses if each.code == code)
    assert word in one.evidence[0].text
    assert any(step.rule == "coding.read.spelling" and repr(word) in step.words for step in one.way), one.way


@pytest.mark.parametrize("said", LEFT)
def test_words_of_their_own_names_denials_drugs_and_what_two_words_may_mean_stay(said, terms):
    assert read(f"HPI: {said}\n", terms).respelt == ()


def test_what_is_denied_stays_denied_when_it_is_misspelt(terms):
    (mention,) = read("HPI: She denies consitpation.\n", terms).mentions
    assert mention.negated and mention.name.casefold().startswith("constipation")


@given(word=st.text("abcdehimnoprst", min_size=6, max_size=14), at=st.integers(1, 12), other=st.sampled_from("xyz"))
def test_one_letter_less_more_or_turned_is_a_step_both_ways(word, at, other):
    at = min(at, len(word) - 2)
    more = word[:at] + other + word[at:]
    assert a_step(word, more) and a_step(more, word)
    turned = word[:at] + word[at + 1] + word[at] + word[at + 2 :]
    if turned != word and turned[-1] == word[-1]:
        assert a_step(word, turned) and a_step(turned, word)
    assert not a_step(word, word) and not a_step(word, word + "ab")

"""Our English dictionary finds terms in texts of another language of Latin letters, by what their words share."""

import pytest
from tests.codesets import embedded_book

from superbill.codesets.terms.model import LEXICON, TITLE, Term
from superbill.coding.learned.crossing import Crossing, skeleton
from superbill.coding.learned.words import stem


def term(text: str, *codes: str, source: int = LEXICON, kind: str = "synonym") -> Term:
    """A term as the dictionary keeps it."""
    return Term(text=text, codes=codes, source=source, kind=kind)


TERMS = (
    term("Calculus of kidney", "N20.0", source=TITLE),
    term("nephrolithiasis", "N20.0"),
    term("anemia", "D64.9"),
    term("hemolytic anemia", "D58.9"),
    term("renal insufficiency", "N28.9"),
    term("fever", "R50.9"),
    term("ALL", "C91.00", kind="abbreviation"),
    term("fat", "E66.9", kind="lay"),
)
TABLE = {"fiebr": "fever", "piedr": "calculus", "rinon": "kidnei"}


@pytest.fixture(scope="module")
def crossing() -> Crossing:
    return Crossing(TERMS, embedded_book(), TABLE)


@pytest.mark.parametrize(
    "here, there",
    [
        ("nefrolitiasis", "nephrolithiasis"),
        ("anemia", "anaemia"),
        ("hemorragia", "haemorrhage"),
        ("esofagitis", "oesophagitis"),
        ("insuficiencia", "insufficiencia"),
        ("colecistitis", "cholecystitis"),
    ],
)
def test_words_of_one_origin_share_a_skeleton(here, there):
    assert skeleton(stem(here)) == skeleton(stem(there))


@pytest.mark.parametrize("one, other", [("nefritis", "neuritis"), ("hipertension", "hipotension"), ("ileo", "ilion")])
def test_words_of_different_meaning_do_not(one, other):
    assert skeleton(stem(one)) != skeleton(stem(other))


@pytest.mark.parametrize(
    "text, found",
    [
        ("Nefrolitiasis bilateral.", {"nephrolithiasis": "n20.0"}),
        ("Tiene fiebre.", {"fever": "r50.9"}),
        ("Piedra en el riñón.", {"Calculus of kidney": "n20.0"}),
        ("Anemia hemolítica.", {"hemolytic anemia": "d58.9"}),
        ("Anemia.", {"anemia": "d64.9"}),
        ("All fat.", {}),
        ("", {}),
    ],
)
def test_terms_are_found_in_another_language(crossing, text, found):
    assert {each.name: each.codes[0] for each in crossing.hints(text)} == found


def test_a_hint_says_where_it_stands(crossing):
    text = "Ingresa por la fiebre."
    (hint,) = crossing.hints(text)
    assert text[hint.start : hint.end] == "fiebre"


def test_a_code_above_others_leads_to_the_one_that_says_no_more():
    crossing = Crossing([term("thalassemia", "D56")], embedded_book(), {})
    (hint,) = crossing.hints("Talasemia.")
    assert hint.codes == ("d56.9", "d56")

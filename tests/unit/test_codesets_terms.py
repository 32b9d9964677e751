"""The forms of terms, what a note may not say just so, results of tests, and what a drug's name tells."""

import pytest
from tests.codesets import APRIL, embedded_book, embedded_store

from superbill.codesets.terms import contexts, drugs, forms, lookup, results, variants
from superbill.codesets.terms.model import CAPITALS, LEXICON, Kept, Term
from superbill.coding.reading import scan


@pytest.mark.parametrize(
    "text, form",
    [
        ("Pain in right knee", "pain knee"),
        ("Hepatitis A", "hepatit a"),
        ("History of a fall", "histor fall"),
        ("Encounter for screening, unspecified", "screen"),
        ("Migraine, not intractable", "migrain"),
        ("not eating", "not eating"),
        ("", ""),
        ("one two three four five six seven eight nine", ""),
    ],
)
def test_the_form_of_a_term(text, form):
    assert forms.form(text) == form


@pytest.mark.parametrize(
    "text, side",
    [("left sided colitis", "left"), ("colitis", ""), ("right or left", ""), ("Bilateral THA", "bilateral")],
)
def test_the_side_of_a_term(text, side):
    assert forms.side_of(text) == side


@pytest.mark.parametrize(
    "title, shorter",
    [
        ("Pneumonia, unspecified organism", ["Pneumonia"]),
        ("Type 2 diabetes mellitus without complications", ["Type 2 diabetes mellitus"]),
        ("Unspecified atrial fibrillation", ["atrial fibrillation"]),
        ("Encounter for immunization", ["immunization"]),
        ("Essential (primary) hypertension", []),
        ("Juvenile arthritis, unspecified, hand", ["Juvenile arthritis, hand"]),
    ],
)
def test_titles_without_what_nobody_says(title, shorter):
    assert list(variants.shorter(title)) == shorter


def test_other_is_left_out_of_a_title():
    assert list(variants.otherwise("Other fatigue")) == ["fatigue"]
    assert list(variants.otherwise("Fatigue")) == []


def test_no_phrase_is_also_denied_and_none_is_said_twice():
    table = contexts.contexts()
    phrases = [text.casefold() for texts in table.phrases.values() for text in texts]
    assert sorted({text for text in phrases if phrases.count(text) > 1}) == []
    assert all(" " in forms.form(text) for text in phrases)


def test_every_result_leads_to_a_whole_code():
    book = embedded_book()
    codes = {code for _, code in results.phrases()}
    assert {code for code in codes if not (found := book.code(code)) or not found.billable} == set()
    assert len(codes) > 60


def known(*terms: Term) -> lookup.Terms:
    by_form = {forms.form(term.text): term for term in terms}
    company = {stem: name for name in by_form for stem in name.split()}
    phrases = {name.split()[0]: len(name.split()) for name, term in by_form.items() if term.kind == "phrase"}
    kept = Kept(by_form, {}, {}, {}, company, phrases, ("test",), ("diet",), {"ra": ("sat",)}, {})
    return lookup.Terms(kept, release=embedded_book().release)


def names(text: str, terms: lookup.Terms) -> list[str]:
    words = scan.tokens(text, 0, len(text))
    return [term.text for _, _, term in scan.terms(text, words, terms) if term.kind != "phrase"]


STRESS = Term("acute stress", ("F43.0",), LEXICON, "synonym")
PHRASE = Term("stress test", (), LEXICON, "phrase", means="test")
RA = Term("RA", ("M06.9",), LEXICON, "abbreviation", CAPITALS, surfaces=("ra",))


@pytest.mark.parametrize(
    "text, found",
    [
        ("acute stress", ["acute stress"]),
        ("acute stress test", []),
        ("acute stress, test pending", ["acute stress"]),
        ("acute stress diet", []),
        ("RA", ["RA"]),
        ("ra", []),
        ("RA sat 98", []),
        ("RA test", []),
        ("RA, tests pending", ["RA"]),
        ("non-RA", []),
    ],
)
def test_what_stands_around_a_term_decides(text, found):
    assert names(text, known(STRESS, PHRASE, RA)) == found


def drug(name: str) -> Term:
    return lookup.open_terms(embedded_store(), APRIL).known[forms.form(name)]


@pytest.mark.parametrize(
    "name, code", [("warfarin", "Z79.01"), ("metformin", "Z79.84"), ("lisinopril", ""), ("insulin glargine", "Z79.4")]
)
def test_the_code_of_long_term_use(name, code):
    assert drugs.long_term_code(drug(name)) == code
    assert drugs.drug_class(drug(name)) != ""


def test_what_is_no_drug_tells_nothing_of_one():
    term = Term("chronic warfarin use", ("Z79.01",), LEXICON, "synonym")
    assert (drugs.long_term_code(term), drugs.indications(term), drugs.drug_class(term)) == ("", (), "")


def test_a_drug_hints_at_what_it_is_given_for():
    assert drugs.indications(drug("lisinopril"))[0] == "I10"

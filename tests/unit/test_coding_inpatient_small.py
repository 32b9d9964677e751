"""The procedures of a stay by a small hand-made release: only its values count, and each axis is asked or told."""

from datetime import date

import pytest
from tests.codesets import APRIL, embedded_book, embedded_store
from tests.codesets_samples import order_file, store_of

from superbill.codesets.icd10pcs.lookup import PcsBook, book
from superbill.codesets.terms.lookup import open_terms
from superbill.coding.inpatient.find import Procedures, procedures
from superbill.coding.inpatient.phrases import Phrases, words
from superbill.coding.inpatient.scope import clauses, sides, without_access
from superbill.coding.inpatient.special import ventilation
from superbill.coding.inpatient.tables import operations, patterns
from superbill.coding.reading.read import read
from superbill.coding.suggest.model import Visit

OCTOBER = date(2025, 10, 1)
ORDER = order_file(
    [
        ("0DJ", "Gut, Look"),
        ("0DJ08ZZ", "Look at Upper Gut, Scope Approach"),
        ("0DT", "Gut, Wholly Out"),
        ("0DTJ0ZZ", "Wholly Out of Worm, Open Approach"),
        ("0DTJ4ZZ", "Wholly Out of Worm, Keyhole Approach"),
        ("0FT", "Bile, Wholly Out"),
        ("0FT40ZZ", "Wholly Out of Bag, Open Approach"),
        ("0TT", "Water, Wholly Out"),
        ("0TT00ZZ", "Wholly Out of Right Bean, Open Approach"),
        ("0TT10ZZ", "Wholly Out of Left Bean, Open Approach"),
    ]
)


@pytest.fixture(scope="module")
def pcs(tmp_path_factory: pytest.TempPathFactory) -> PcsBook:
    return book(
        store_of(tmp_path_factory.mktemp("pcs") / "store", ("icd10pcs_small_2026.txt", ORDER), effective=OCTOBER), APRIL
    )


def of(text: str, pcs: PcsBook) -> Procedures:
    terms = open_terms(embedded_store(), embedded_book().release.effective)
    return procedures(read(f"Hospital Course:\n{text}\n", terms), Visit(on=APRIL, setting="inpatient"), pcs)


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("She underwent open appendectomy.", ["0DTJ0ZZ"]),
        ("She underwent laparoscopic appendectomy.", ["0DTJ4ZZ"]),
        ("Cholecystectomy was performed.", ["0FT40ZZ"]),  # the table has one approach only
        ("Left nephrectomy was performed.", ["0TT10ZZ"]),
        ("Bilateral nephrectomy was performed.", ["0TT00ZZ", "0TT10ZZ"]),  # no value for both: B4.3
        ("Total knee arthroplasty was performed.", []),  # no such table in this release
        ("", []),
    ],
)
def test_only_codes_of_the_release_are_given(text: str, codes: list[str], pcs: PcsBook) -> None:
    assert [each.code for each in of(text, pcs).codes] == codes


def test_the_choices_of_a_question_are_those_of_the_tables(pcs: PcsBook) -> None:
    (query,) = of("She underwent appendectomy.", pcs).queries
    assert len(query.choices) == 4  # two approaches, other, unable to determine


def test_a_second_mention_does_not_ask_what_the_first_told(pcs: PcsBook) -> None:
    found = of("She underwent laparoscopic appendectomy. After appendectomy she received fluids.", pcs)
    assert [each.code for each in found.codes] == ["0DTJ4ZZ"]
    assert not found.queries


def test_every_operation_of_the_table_is_well_formed() -> None:
    assert list(operations().found(words("laparoscopic cholecystectomy")))
    with pytest.raises(ValueError, match="six columns"):
        patterns("0D T J 0 Z")


def test_phrases_are_found_longest_first_and_in_either_number() -> None:
    table = Phrases([("stone", 1), ("kidney stone", 2)])
    assert [hit.value for hit in table.found(words("Kidney stones and a stone"))] == [2, 1]


def test_each_operation_has_its_clause() -> None:
    text = "right nephrectomy and left orchiectomy"
    spans = [(6, 17), (27, 38)]
    assert [text[start:end].strip() for start, end in clauses(text, (0, len(text)), spans)] == [
        "right nephrectomy", "and left orchiectomy",
    ]  # fmt: skip


def test_the_way_in_is_not_what_is_operated_on() -> None:
    text = without_access("thrombectomy of the left artery via right femoral access")
    said = sides(text, 0, len(text))
    assert said.left
    assert not said.right


@pytest.mark.parametrize(
    ("text", "character"),
    [
        ("ventilated for 12 hours", "3"),
        ("ventilated for 24 hours", "4"),
        ("ventilated for 96 hours", "4"),
        ("ventilated for 97 hours", "5"),
        ("ventilated for five days", "5"),
        ("intubated 4/2, extubated 4/9", "5"),
        ("intubated on hospital day 1 and extubated on hospital day 3", "4"),
        ("intubated on hospital day 1 and extubated on hospital day 2", ""),
        ("intubated on hospital day 1 and extubated on hospital day 5", ""),
        ("ventilated", ""),
    ],
)
def test_hours_of_ventilation_are_told_only_where_they_are_certain(text: str, character: str) -> None:
    assert ventilation(text, ((0, len(text)),)).characters == character

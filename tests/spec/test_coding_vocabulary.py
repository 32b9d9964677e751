"""The words of assessments and sentences lead to the codes that they say, and the words of everyday notes to none."""

from functools import cache
from pathlib import Path
from typing import Any

import msgspec
import pytest
from tests.codesets import APRIL, embedded_book, embedded_store

from superbill.codesets.icd10cm.lookup import CodeBook
from superbill.codesets.terms.lookup import Terms, open_terms
from superbill.codesets.terms.model import Term
from superbill.coding.reading import scan

HERE = Path(__file__).parent
TITLES = sorted((HERE / "coding_vocabulary").glob("*.yaml"))
NONE = HERE / "coding_vocabulary_words" / "no_condition.yaml"


@cache
def terms() -> Terms:
    return open_terms(embedded_store(), APRIL)


def read(path: Path) -> Any:
    return msgspec.yaml.decode(path.read_bytes())


def found(text: str) -> list[Term]:
    """The conditions that the words name, drugs and phrases left out."""
    words = scan.tokens(text, 0, len(text))
    return [term for _, _, term in scan.terms(text, words, terms()) if term.codes and term.kind != "drug"]


def leads_to(term: Term, wanted: str, book: CodeBook) -> bool:
    """Does the term start at the code, above it, or at the same one of another side?"""
    start, code = book.code(term.codes[0]), book.code(wanted)
    assert code is not None and code.billable, f"{wanted} is no whole code"
    if start is None or start.code == code.code:
        return start is not None
    if not start.billable:
        return wanted.startswith(start.code)
    return start.parent == code.parent and any(side in code.title.lower() for side in ("right", "left", "bilateral"))


@pytest.mark.parametrize("path", TITLES, ids=lambda path: path.stem)
def test_words_lead_to_their_codes(path):
    book, wrong = embedded_book(), []
    for title, codes in read(path).items():
        said, wanted = found(title), codes.split()
        if len(said) != len(wanted) or not all(map(lambda term, code: leads_to(term, code, book), said, wanted)):
            wrong.append((title, codes, [(term.text, term.codes[0]) for term in said]))
    assert wrong == []


def test_there_are_titles_of_every_specialty():
    assert sum(len(read(path)) for path in TITLES) >= 900


def test_everyday_words_of_notes_name_no_condition():
    said = {sentence: [(term.text, term.codes[0]) for term in found(sentence)] for sentence in read(NONE)}
    assert {sentence: terms for sentence, terms in said.items() if terms} == {}


@pytest.mark.parametrize(
    "text, name, codes",
    [
        ("He takes lisinopril daily", "lisinopril", []),
        ("Left bundle branch block", "", ["I44.7"]),
        ("right bundle branch block", "", ["I45.10"]),
        ("PsA", "", ["L40.50"]),
        ("elevated PSA", "", ["R97.20"]),
        ("non-diabetic", "", []),
        ("HIV test", "", []),
        ("HIV", "", ["Z21"]),
        ("anxiety with depression", "", ["F41.8"]),
        ("anxiety and depression", "", ["F41.9", "F32.A"]),
        ("hepatitis A", "", ["B15.9"]),
        ("hepatitis with a rash", "", ["K75.9"]),
        ("Stage 4 chronic kidney disease", "", ["N18.4"]),
        ("Asthma, mild persistent", "", ["J45.3"]),
        ("cough, chest tightness", "", ["R05", "R07.89"]),
        ("pain in the abdomen", "", ["R10.9"]),
        ("s/p hysterectomy", "", ["Z90.710"]),
        ("Sjögren's syndrome", "", ["M35.0"]),
    ],
)
def test_where_a_term_may_stand(text, name, codes):
    starts = [term.codes[0] for term in found(text)]
    assert [start if start in codes else start[: len(code)] for start, code in zip(starts, codes, strict=True)] == codes
    words = scan.tokens(text, 0, len(text))
    drugs = [term.text for _, _, term in scan.terms(text, words, terms()) if term.kind == "drug"]
    assert drugs == ([name] if name else [])

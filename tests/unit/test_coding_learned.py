"""What is learned from coded documents: the same documents teach the same, and a code is found by the words it was
given for, in either language."""

import subprocess
import sys
from datetime import date

import msgspec
import pytest

from superbill.coding.learned.alignment import Aligned, matched, sentences
from superbill.coding.learned.dictionary import COVERED, LOOSE, TIGHT, Dictionary, Phrase, learned, parts_of
from superbill.coding.learned.features import Hint
from superbill.coding.learned.model import Model, NotAModel, Provenance, checksum, decoded, encoded
from superbill.coding.learned.ranker import fitted
from superbill.coding.learned.training import FOLDS, Document, trained
from superbill.coding.learned.words import key, words

SAID = {
    "r50.9": ("fiebre", "Acude por fiebre de varios días."),
    "i10": ("hipertensión arterial", "Tiene hipertensión arterial en tratamiento."),
    "n18.9": ("insuficiencia renal crónica", "Sigue con insuficiencia renal crónica."),
    "j18.9": ("neumonía", "La radiografía confirma una neumonía basal."),
    "r10.9": ("dolor abdominal", "Refiere dolor abdominal difuso."),
}


def corpus(count: int = 40) -> list[Document]:
    """Case reports of one to three conditions each, and one that is named but never coded: cough."""
    codes = sorted(SAID)
    found = []
    for number in range(count):
        mine = {codes[(number + step * (1 + number % 3)) % len(codes)] for step in range(1 + number % 3)}
        text = "Paciente de mediana edad con tos. " + " ".join(SAID[code][1] for code in sorted(mine))
        spans = tuple((key(SAID[code][0]), code) for code in sorted(mine))
        coughs = ((key("tos"), "r05"),) if number == 0 else ()
        found.append(
            Document(
                name=f"case-{number:02}",
                text=text,
                codes=frozenset(mine | {code for _, code in coughs}),
                spans=(*spans, *coughs),
            )
        )
    return found


@pytest.fixture(scope="module")
def model():
    return trained(corpus())


def given(model, text: str) -> set[str]:
    return {code for code, score in model.ranked(text) if score >= model.threshold}


@pytest.mark.parametrize(
    "text, codes",
    [
        ("Mujer con fiebre alta y neumonía.", {"r50.9", "j18.9"}),
        ("Insuficiencia renal crónica e hipertensión arterial.", {"n18.9", "i10"}),
        ("Dolores abdominales desde ayer.", {"r10.9"}),
        ("Nada que señalar.", set()),
        ("", set()),
        ("¡¿…?! 12 \x00", set()),
    ],
)
def test_a_code_is_found_by_the_words_it_was_given_for(model, text, codes):
    assert given(model, text) == codes


def test_what_is_often_said_and_hardly_ever_coded_ranks_low(model):
    scores = dict(model.ranked("Paciente con tos y neumonía."))
    assert scores["r05"] < 0.2 < 0.8 < scores["j18.9"]


def test_the_ranking_begins_with_the_likeliest(model):
    scores = [score for _, score in model.ranked("Tos, fiebre, dolor abdominal e insuficiencia renal crónica.")]
    assert scores == sorted(scores, reverse=True)
    assert all(0.0 <= score <= 1.0 for score in scores)


def test_another_dictionary_helps_where_no_span_was_annotated():
    documents = [
        Document(
            name=f"{number:02}",
            text="Known CKD." if number % 2 else "Healthy.",
            codes=frozenset(("n18.9",)) if number % 2 else frozenset(("z00",)),
            hints=(Hint(6, 9, "CKD", ("n18.9", "n19")),) if number % 2 else (),
        )
        for number in range(40)
    ]
    result = trained(documents)
    assert [code for code, score in result.ranked("His CKD.", [Hint(4, 7, "CKD", ("n18.9", "n19"))])] == [
        "n18.9",
        "n19",
    ]
    assert result.ranked("His CKD.") == []


def test_the_order_of_the_documents_does_not_matter():
    there, back = trained(corpus()), trained(corpus()[::-1])
    assert there.ranker == back.ranker
    assert (there.threshold, there.known) == (back.threshold, back.known)


def test_too_few_documents_are_refused():
    with pytest.raises(ValueError, match="too few to learn from"):
        trained(corpus(FOLDS - 1))


PROVENANCE = Provenance(
    trained_on="own cases", licence="CC0", attribution="us", on=date(2026, 5, 1), inputs={"cases": checksum(b"cases")}
)


def test_a_model_comes_back_from_its_file_as_it_was(model):
    data = encoded(Model("es", model, PROVENANCE))
    back = decoded(data)
    text = "Fiebre, tos y dolor abdominal."
    assert back.learned.ranked(text) == model.ranked(text)
    assert (back.provenance, back.language) == (PROVENANCE, "es")
    assert encoded(back) == data


def test_another_process_learns_the_same_bytes(model):
    script = (
        "import sys; sys.path.insert(0, '.')\n"
        "from tests.unit.test_coding_learned import PROVENANCE, corpus\n"
        "from superbill.coding.learned.model import Model, checksum, encoded\n"
        "from superbill.coding.learned.training import trained\n"
        "print(checksum(encoded(Model('es', trained(corpus()), PROVENANCE))))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, env={"PYTHONHASHSEED": "7"}
    )
    assert done.stdout.strip() == checksum(encoded(Model("es", model, PROVENANCE)))


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"not a model",
        msgspec.msgpack.encode({"kind": "superbill.coding.learned", "format": 999}),
        msgspec.msgpack.encode({"kind": "superbill.coding.learned", "format": 1, "phrases": 3}),
        msgspec.msgpack.encode({"kind": "something else", "format": 1}),
    ],
    ids=["nothing", "text", "a later format", "damaged", "another file"],
)
def test_a_file_that_is_no_model_says_to_train_again(data):
    with pytest.raises(NotAModel, match="train it again"):
        decoded(data)


@pytest.mark.parametrize(
    "one, other",
    [
        ("Insuficiencias renales crónicas", "insuficiencia renal crónica"),
        ("dolor de la rodilla derecha", "rodillas derechas: dolores"),
        ("TUMOR", "tumores"),
        ("kidney stones", "Kidney stone"),
        ("biopsies", "biopsy"),
    ],
)
def test_plural_gender_accents_and_order_do_not_change_a_phrase(one, other):
    assert key(one) == key(other)


@pytest.mark.parametrize("one, other", [("hipo", "hiper"), ("sin fiebre", "fiebre"), ("renal", "adrenal")])
def test_different_phrases_stay_different(one, other):
    assert key(one) != key(other)


def states(text: str, *phrases: str) -> dict[str, str]:
    known = Dictionary([Phrase(key(each), {"x": 1}) for each in phrases])
    return {phrases[place.phrase]: place.state for place in known.places(words(text))}


def test_how_a_phrase_stands_is_told():
    assert states("dolor abdominal", "dolor abdominal", "dolor") == {"dolor abdominal": TIGHT, "dolor": COVERED}
    assert states("dolor leve y persistente abdominal", "dolor abdominal") == {"dolor abdominal": LOOSE}
    assert states("dolor. Masa abdominal", "dolor abdominal") == {}
    assert states("dolor uno dos tres cuatro cinco seis abdominal", "dolor abdominal") == {}


def test_phrases_come_with_what_is_left_without_a_word():
    (found,) = [each for each in learned([("a", key("dolor abdominal"), "r10.9")]) if each.stems == ("dolor",)]
    assert (found.codes, found.parts) == ({}, {"r10.9": 1})
    assert parts_of(("one",)) == []


def test_sentences_are_matched_though_one_became_two():
    here = sentences(words("Ingresa con fiebre 40 y anemia 12. Recibe antibiótico 500."))
    there = sentences(words("Admitted with fever 40. Anemia 12. Antibiotic 500 is given."))
    assert matched(here, there) == [(range(1), range(2)), (range(1, 2), range(2, 3))]


def test_a_span_is_found_in_the_translation():
    pairs = {
        f"{place}": (words(here), words(there))
        for place, (here, there) in enumerate(
            [
                ("La fiebre cede.", "The fever subsides."),
                ("Tiene fiebre.", "Has fever."),
                ("Tiene tos.", "Has cough."),
                ("La tos cede.", "The cough subsides."),
                ("Fiebre y tos.", "Fever and cough."),
            ]
        )
    }
    aligned = Aligned(pairs)
    assert aligned.carried("4", [(0, 6)]) == ("fever",)
    assert aligned.carried("4", [(0, 6), (9, 12)]) == ("cough", "fever")
    assert aligned.carried("4", [(90, 95)]) == ()


def test_a_ranker_learns_which_feature_counts():
    ranker = fitted([(("a", "b"), True), (("b",), False), (("a",), True), (("b", "c"), False)] * 10)
    assert ranker.score(("a",)) > 0.8 > 0.3 > ranker.score(("b",))
    assert ranker.score(("never seen",)) == 0.5
    assert ranker.score(("a",) * 100_000) == pytest.approx(1.0)

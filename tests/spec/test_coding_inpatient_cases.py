"""Inpatient stays: sentences to codes of the official ICD-10-PCS, summaries to principal and present diagnoses."""

import zipfile
from datetime import date
from pathlib import Path

import msgspec
import pytest
from msgspec import Struct
from tests.codesets import APRIL, embedded_book, embedded_store
from tests.codesets_samples import store_of

from superbill.codesets.icd10pcs.lookup import PcsBook, book
from superbill.codesets.terms.lookup import open_terms
from superbill.coding.inpatient.find import Procedures, procedures
from superbill.coding.reading.read import read
from superbill.coding.suggest.engine import suggest
from superbill.coding.suggest.model import Visit

HERE = Path(__file__).parent / "coding_inpatient"
OFFICIAL = Path(__file__).parents[3] / "shared/data/codesets/cms_2026_pr.zip"
STAY = Visit(on=APRIL, setting="inpatient", place_of_service="21")
official = [
    pytest.mark.shared_data,
    pytest.mark.skipif(not OFFICIAL.exists(), reason="needs the official ICD-10-PCS files of FY2026"),
]


class Sentence(Struct, frozen=True):
    text: str
    codes: str


class Summary(Struct, frozen=True):
    name: str
    text: str
    present: dict[str, str]
    principal: str = ""


SENTENCES = msgspec.yaml.decode((HERE / "procedures.yaml").read_bytes(), type=list[Sentence])
SUMMARIES = msgspec.yaml.decode((HERE / "stays.yaml").read_bytes(), type=list[Summary])


@pytest.fixture(scope="module")
def pcs(tmp_path_factory: pytest.TempPathFactory) -> PcsBook:
    """The official codes of FY2026."""
    with zipfile.ZipFile(OFFICIAL) as archive:
        order = archive.read("icd10pcs_order_2026.txt")
    return book(store_of(tmp_path_factory.mktemp("pcs") / "store", ("icd10pcs_order_2026.txt", order)), APRIL)


def of(text: str, pcs: PcsBook, heading: str = "Hospital Course") -> Procedures:
    terms = open_terms(embedded_store(), embedded_book().release.effective)
    return procedures(read(f"{heading}:\n{text}\n", terms), STAY, pcs)


@pytest.mark.parametrize("case", [pytest.param(each, id=each.text[:60], marks=official) for each in SENTENCES])
def test_a_sentence_gives_exactly_its_codes(case: Sentence, pcs: PcsBook) -> None:
    found = of(case.text, pcs)
    assert {each.code for each in found.codes} == set(case.codes.split())
    for code in found.codes:
        assert pcs.valid(code.code)
        assert all(each.text in case.text for each in code.evidence)
        assert code.way
        assert all(step.source for step in code.way)


@pytest.mark.parametrize(
    ("text", "rule", "offers"),
    [
        ("He underwent appendectomy.", "procedure-approach", "Open"),
        ("Laparoscopic nephrectomy was performed.", "procedure-body-part", "Right Kidney"),
        ("He was intubated and placed on mechanical ventilation.", "procedure-duration", "24-96 Consecutive Hours"),
        ("He was transfused 2 units PRBC.", "procedure-body-system-region", "Peripheral Vein"),
        ("PCI of the RCA was performed with a stent.", "procedure-device", "Drug-eluting"),
        ("Right below knee amputation was performed.", "procedure-qualifier", "Mid"),
        ("A central line was placed.", "procedure-body-part", "Superior Vena Cava"),
    ],
)
@pytest.mark.shared_data
@pytest.mark.skipif(not OFFICIAL.exists(), reason="needs the official ICD-10-PCS files of FY2026")
def test_what_a_note_leaves_open_is_asked_and_not_guessed(text: str, rule: str, offers: str, pcs: PcsBook) -> None:
    found = of(text, pcs)
    asked = [each for each in found.queries if each.rule == f"coding.query.{rule}"]
    assert len(asked) == 1
    assert any(offers in each for each in asked[0].choices)
    assert asked[0].choices[-2:] == ("other", "unable to determine")


@pytest.mark.shared_data
@pytest.mark.skipif(not OFFICIAL.exists(), reason="needs the official ICD-10-PCS files of FY2026")
def test_an_operative_report_is_read_over_its_headings(pcs: PcsBook) -> None:
    text = (
        "Procedure Performed: Total knee arthroplasty\nImplants: cemented components\n"
        "Description of Procedure: An incision was made over the right knee.\n"
    )
    terms = open_terms(embedded_store(), embedded_book().release.effective)
    found = procedures(read(text, terms), STAY, pcs)
    assert [each.code for each in found.codes] == ["0SRC0J9"]


@pytest.mark.shared_data
@pytest.mark.skipif(not OFFICIAL.exists(), reason="needs the official ICD-10-PCS files of FY2026")
def test_lists_of_earlier_surgery_give_no_procedure(pcs: PcsBook) -> None:
    assert of("Open appendectomy, laparoscopic cholecystectomy", pcs, "Past Surgical History") == Procedures()


@pytest.mark.parametrize("case", SUMMARIES, ids=lambda each: each.name)
def test_a_summary_gives_its_principal_diagnosis_and_what_was_present(case: Summary) -> None:
    found = suggest(f"DISCHARGE SUMMARY\n\n{case.text}", embedded_store(), STAY)
    present = dict(zip((each.code for each in found.diagnoses), found.present, strict=True))
    assert {code: present.get(code) for code in case.present} == case.present
    if case.principal:
        assert found.diagnoses[0].code == case.principal


def test_without_the_procedure_codes_none_is_given_and_it_is_said() -> None:
    text = "Discharge Diagnosis: Acute appendicitis\n\nHospital Course:\nOpen appendectomy was performed.\n"
    found = suggest(text, embedded_store(), STAY)
    assert not found.procedures
    assert "coding.pcs.not-installed" in {each.rule for each in found.findings}


def test_an_outpatient_visit_has_neither_procedures_nor_indicators() -> None:
    found = suggest("Assessment: Acute sinusitis\n", embedded_store(), Visit(on=date(2026, 5, 1)))
    assert (found.procedures, found.present) == ((), ())

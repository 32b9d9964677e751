"""What a person decides on suggested codes, and what becomes of it."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from superbill.chart.model import (
    CPT,
    ICD10CM,
    Chart,
    Coding,
    Concept,
    ConditionRecord,
    EncounterRecord,
    Note,
    PatientRecord,
    PersonName,
    ProcedureRecord,
)
from superbill.coding import code_encounter
from superbill.coding.deciding import (
    AWAITS,
    Final,
    FinalService,
    Policy,
    as_suggested,
    awaiting,
    by_policy,
    decisions,
    is_told_by_note,
    record_of,
    recorded,
    signed,
)
from superbill.coding.model import CodedEncounter, Disposition, Evidence
from superbill.coding.suggest.forwarded import RULE as COPIED
from superbill.coding.suggest.model import Query, SuggestedCode, SuggestedService, Suggestion, Visit, Visits
from superbill.findings import Finding, Place, Severity

AT = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)
DAY = date(2026, 5, 1)
TOLD = EncounterRecord(
    id="e1", start=datetime(2026, 5, 1, 9, 0, tzinfo=UTC),
    notes=(Note(id="n1", text="Assessment: hypertension."), Note(id="n2", text=" ")),
)  # fmt: skip
CHART = Chart(
    patient=PatientRecord(id="p1", name=PersonName("Family", ("Given",)), birth_date=date(1970, 1, 1)),
    encounters=(TOLD,),
)


def code(number, score=1.0, system="ICD-10-CM"):
    return SuggestedCode(system=system, code=number, evidence=(Evidence("n1", "words", 3, 8),), score=score)


def suggestion(*diagnoses, services=(), em="", queries=()):
    return Suggestion(
        visit=Visit(on=DAY), release="icd10cm-2026", diagnoses=diagnoses,
        services=tuple(SuggestedService(code=code(each, system="CPT")) for each in services),
        em=Visits(code=em, modifiers=("25",)) if em else None, queries=queries,
    )  # fmt: skip


def coded_as(final):
    return code_encounter(CHART, recorded(TOLD, final), established=True)


def test_only_a_visit_with_a_note_and_nothing_coded_is_told_by_its_note():
    assert is_told_by_note(TOLD) and record_of(TOLD) == "n1"
    condition = ConditionRecord(id="c", concept=Concept((Coding(ICD10CM, "I10"),)))
    procedure = ProcedureRecord(id="d", concept=Concept((Coding(CPT, "20610"),)))
    for more in (
        {"conditions": (condition,)}, {"procedures": (procedure,)}, {"reasons": (Concept((Coding("s", "1"),)),)},
        {"kind": Concept((Coding(CPT, "99213"),))}, {"notes": ()}, {"notes": (Note(id="n", text="  "),)},
    ):  # fmt: skip
        assert not is_told_by_note(replace(TOLD, **more)), more
    assert is_told_by_note(replace(TOLD, reasons=(Concept(text="knee pain"),)))


def test_what_waits_is_held_with_no_code_and_says_what_to_do():
    coded = CodedEncounter(encounter_id="e1", patient_id="p1", date_of_service=DAY, disposition=Disposition.CODED)
    held = awaiting(coded, suggestion(code("I10"), services=("93000",)))
    assert held.disposition is Disposition.HELD and not held.diagnoses and not held.services
    (finding,) = held.findings
    assert finding.rule == AWAITS and "2 codes" in finding.message and "superbill coding decide" in finding.fix
    nothing = awaiting(coded, replace(suggestion(), nothing="No assessment."))
    assert nothing.findings[0].message == "No assessment."


def test_each_code_is_accepted_refused_or_added_with_its_reason():
    said = suggestion(code("I10"), code("R51.9"), services=("93000",), em="99213")
    final = Final(
        diagnoses=("I10", "E11.9"), services=(FinalService(code="99214"), FinalService(code="93000")),
        reasons={"R51.9": "integral", "99214": "two chronic problems"},
    )  # fmt: skip
    assert [(each.code, each.verdict, each.reason) for each in decisions(said, final)] == [
        ("I10", "accepted", ""),
        ("R51.9", "refused", "integral"),
        ("99213", "refused", ""),
        ("93000", "accepted", ""),
        ("E11.9", "added", ""),
        ("99214", "added", "two chronic problems"),
    ]


def test_what_is_decided_is_coded_as_if_recorded_and_signed():
    said = suggestion(code("I10"))
    final = Final(diagnoses=("I10", "E11.9"), services=(FinalService(code="99213"),))
    mine = signed(coded_as(final), said, "n1", by="maria", at=AT)
    assert mine.disposition is Disposition.CODED
    first, second = mine.diagnoses
    assert (first.code, first.source, first.by, first.at) == ("I10", "coder", "maria", AT)
    assert first.evidence == (Evidence("n1", "words", 3, 8),) and first.release == "icd10cm-2026"
    assert second.code == "E11.9" and second.evidence == (Evidence("n1"),)
    (service,) = mine.services
    assert (service.procedure.code, service.procedure.by) == ("99213", "maria")


def test_what_a_rule_adds_keeps_its_own_source():
    final = Final(diagnoses=("I10", "I50.9"), services=(FinalService(code="99213"),))
    mine = signed(coded_as(final), suggestion(code("I10")), "n1", by="maria", at=AT)
    assert any(each.source != "coder" for each in mine.diagnoses)  # hypertension with heart failure became I11.0


POLICY = Policy(read_notes=True, final=("I10", "Z23"), services=("99213",), score=0.9)


def test_a_policy_makes_final_what_it_names_and_nothing_else():
    sure = suggestion(code("I10"), em="99213")
    assert by_policy(sure, POLICY) == as_suggested(sure)
    assert by_policy(sure, replace(POLICY, final=())) is None
    assert by_policy(suggestion(code("I10"), code("E11.9"), em="99213"), POLICY) is None
    assert by_policy(suggestion(code("I10", 0.89), em="99213"), POLICY) is None
    assert by_policy(suggestion(code("I10"), em="99214"), POLICY) is None
    assert by_policy(suggestion(code("I10"), services=("93000",), em="99213"), POLICY) is None
    asked = Query(rule="q", text="?", evidence=(Evidence("n1"),))
    assert by_policy(suggestion(code("I10"), em="99213", queries=(asked,)), POLICY) is None
    assert by_policy(suggestion(em="99213"), POLICY) is None
    copied = replace(sure, findings=(_finding("diagnoses"),))
    assert by_policy(copied, POLICY) is None, "a code on copied text alone needs a person"
    assert by_policy(replace(sure, findings=(_finding("note"),)), POLICY) == as_suggested(sure)


def _finding(field):
    return Finding(rule=COPIED, severity=Severity.WARNING, where=Place(field=field), message="copied")


def test_a_policy_that_is_misspelled_is_refused():
    import msgspec

    with pytest.raises(msgspec.ValidationError):
        msgspec.convert({"read_note": True}, Policy)


NUMBERS = st.sampled_from(["I10", "E11.9", "R51.9", "J45.909", "M54.50"])


@given(st.lists(NUMBERS, unique=True), st.lists(NUMBERS, unique=True))
def test_every_code_suggested_or_decided_has_one_verdict(said, decided):
    verdicts = decisions(suggestion(*map(code, said)), Final(diagnoses=tuple(decided)))
    assert sorted(each.code for each in verdicts) == sorted({*said, *decided})
    kept = {each.code for each in verdicts if each.verdict != "refused"}
    assert kept == set(decided)

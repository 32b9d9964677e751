"""What holds of every coded encounter, whatever the chart."""

from datetime import date, timedelta
from functools import cache
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from tests.coding_charts import chart, condition, cpt, drug, icd, procedure, snomed, vaccine, visit

from superbill.chart.model import Chart, Coding, Concept, EncounterRecord
from superbill.codesets.crosswalk import all_billing_codes, lookup
from superbill.coding import code_encounter
from superbill.coding.model import CodedEncounter, Disposition

ICD = (
    "I10",
    "N18.30",
    "I50.9",
    "E11.9",
    "R73.9",
    "J20.9",
    "R05.9",
    "Z59.02",
    "B97.89",
    "O14.90",
    "Z34.90",
    "N18.6",
    "E119",
    "nonsense",
)
CPT = ("99214", "11400", "87880", "90471", "93306", "0001A")


@cache
def _kinds() -> list[tuple[str, str, str]]:
    return [(row.snomed, row.class_code, row.display) for rows in lookup._encounters().values() for row in rows]


@st.composite
def visits(draw: st.DrawFn) -> EncounterRecord:
    kind, class_code, display = draw(st.sampled_from([*_kinds(), ("1", "AMB", ""), ("1", "VR", "")]))
    conditions = draw(st.lists(st.sampled_from([*lookup.conditions(), "1"]), max_size=16))
    native = draw(st.lists(st.sampled_from(ICD), max_size=4))
    done = draw(st.lists(st.sampled_from([*lookup.procedures(), "1"]), max_size=8))
    reasons = draw(st.lists(st.sampled_from([*lookup.conditions()]), max_size=2))
    given_ = draw(st.lists(st.sampled_from([*lookup.vaccines(), "999"]), max_size=4))
    ours = draw(st.lists(st.sampled_from(CPT), max_size=2))
    records = [condition(code, id=f"c{n}") for n, code in enumerate(conditions)]
    records += [icd(code, id=f"i{n}", rank=n + 1 if draw(st.booleans()) else None) for n, code in enumerate(native)]
    procedures = [
        procedure(code, id=f"p{n}", reasons=tuple(snomed(r) for r in reasons[:1])) for n, code in enumerate(done)
    ]
    procedures += [cpt(code, id=f"n{n}") for n, code in enumerate(ours)]
    return visit(
        kind, draw(st.dates(date(2015, 9, 1), date(2027, 1, 1))), display=display, class_code=class_code,
        minutes=draw(st.sampled_from([3, 20, 600, 6000])), conditions=tuple(records), procedures=tuple(procedures),
        immunizations=tuple(vaccine(code, id=f"v{n}") for n, code in enumerate(given_)),
        reasons=tuple(snomed(code) for code in reasons), medications=(drug(),) if draw(st.booleans()) else (),
    )  # fmt: skip


@st.composite
def charts(draw: st.DrawFn) -> Chart:
    encounter = draw(visits())
    born = encounter.date_of_service - timedelta(days=draw(st.integers(0, 36_000)))
    return chart(encounter, born=draw(st.sampled_from([born, None])), problems=(condition("59621000"),))


def codes_of(found: Chart, payer: str = "") -> CodedEncounter:
    return code_encounter(found, found.encounters[0], established=True, payer_kind=payer)


def check(coded: CodedEncounter) -> None:
    if coded.disposition is not Disposition.CODED:
        assert coded.findings and not coded.services and not coded.diagnoses
        return
    count = len(coded.diagnoses)
    assert 1 <= count <= 12 and coded.services
    assert len({d.code for d in coded.diagnoses}) == count
    for service in coded.services:
        assert (
            service.units > 0 and len(service.modifiers) <= 4 and len(set(service.modifiers)) == len(service.modifiers)
        )
        assert 1 <= len(service.diagnosis_pointers) <= 4
        assert all(1 <= pointer <= count for pointer in service.diagnosis_pointers)
        assert len(set(service.diagnosis_pointers)) == len(service.diagnosis_pointers)
        assert service.procedure.evidence and service.procedure.rule
        if service.procedure.source == "suggestion":
            assert (service.procedure.system, service.procedure.code) in all_billing_codes()
            code = service.procedure.code
            assert lookup.in_force(service.procedure.system, code, coded.date_of_service) == code
    lines = sorted((s.procedure.code, s.service_date, s.modifiers) for s in coded.services)
    doubles = [one for one, other in pairwise(lines) if one == other and not {"59", "76"} & set(one[2])]
    assert doubles == []


@settings(max_examples=300, deadline=None)
@given(charts(), st.sampled_from(["", "medicare", "medicaid"]))
def test_every_encounter_ends_coded_in_full_or_with_a_reason(found: Chart, payer: str) -> None:
    coded = codes_of(found, payer)
    check(coded)
    assert codes_of(found, payer) == coded


@settings(max_examples=150, deadline=None)
@given(charts(), st.randoms(use_true_random=False))
def test_the_order_of_records_changes_no_code(found: Chart, random) -> None:
    encounter = found.encounters[0]
    mixed = {}
    for field in ("conditions", "procedures", "immunizations", "reasons"):
        records = list(getattr(encounter, field))
        random.shuffle(records)
        mixed[field] = tuple(records)
    other = replace(found, encounters=(replace(encounter, **mixed),))
    one, two = codes_of(found), codes_of(other)
    assert [d.code for d in one.diagnoses] == [d.code for d in two.diagnoses]
    assert [(s.procedure.code, s.modifiers, s.units) for s in one.services] == [
        (s.procedure.code, s.modifiers, s.units) for s in two.services
    ]
    assert one.disposition == two.disposition


@settings(max_examples=50, deadline=None)
@given(st.text(max_size=12), st.text(max_size=12))
def test_no_text_in_place_of_a_code_stops_the_work(code: str, system: str) -> None:
    odd = Concept((Coding(system, code), Coding("http://hl7.org/fhir/sid/icd-10-cm", code)), code)
    encounter = replace(visit(conditions=(replace(condition("1"), concept=odd),)), kind=odd, reasons=(odd,))
    check(codes_of(chart(encounter)))

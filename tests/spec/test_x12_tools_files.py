"""Tools that show files otherwise: as JSON and back, for people, as tables, counted."""

import csv
import io
import json
import re
from collections import Counter
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from tests.x12_tool_files import BIG, CLAIMS, HEAD, REMITTANCE, claim, faults, file_of, provider, subscriber

from superbill.x12.errors import X12ReadError
from superbill.x12.render import render
from superbill.x12.tools import table
from superbill.x12.tools.jsonform import to_json, to_lines
from superbill.x12.tools.jsonread import from_json
from superbill.x12.tools.show import show
from superbill.x12.tools.splitting import split_by_claim
from superbill.x12.tools.statistics import statistics
from superbill.x12.tools.words import ToolError


def through_json(data):
    return render(from_json(b"".join(to_json(data))))


def test_the_files_of_these_tests_are_valid():
    assert faults(CLAIMS) == faults(REMITTANCE) == faults(BIG) == []


# --- JSON -----------------------------------------------------------------------------------------------------------

ODD = CLAIMS.replace(b"~\n", b"~\r\n").replace(b"*180*", b"*180.00*").replace(b"LX*2~", b"ZZZ*?~ \r\nLX*2*~")


@pytest.mark.parametrize(
    "data",
    [
        CLAIMS,
        REMITTANCE,
        CLAIMS + REMITTANCE,
        ODD,
        b"\xef\xbb\xbf" + CLAIMS.replace(b"~\n", b"~"),
        CLAIMS.replace(b"MARGE", "MÄRGE".encode()).rstrip(b"~\n"),
        CLAIMS.replace(b"*", b"|").replace(b":", b">").replace(b"~", b"'"),
        CLAIMS.replace(b"GE*1*1~\n", b"GE*1*1~\nXYZ*1~\n").replace(b"BHT", b"BHX"),
        CLAIMS.replace(b"20251220", b"2025-12-20"),
        CLAIMS.replace(b"ST*837", b"ST*999").replace(b"005010X222A1", b"005010X999"),
        CLAIMS.replace(b"DTP*472*D8*20251220", b"DTP*472*RD8*20251219-20251220"),
        CLAIMS.replace(b"DTP*472*D8*20251220", b"DTP*472*DT*202512201430", 1),
        CLAIMS.replace(b"GS*HC", b"TA1*000000001*260105*1200*A*000~\nGS*HC"),
    ],
    ids=[
        "claims", "remittance", "both", "odd", "mark", "unterminated", "separators", "loose", "undated", "unguided",
        "range", "moment", "TA1",
    ],
)  # fmt: skip
def test_a_file_comes_through_json_to_the_byte(data):
    assert through_json(data) == data
    assert render(from_json(b"".join(to_json(data)).decode())) == data


def test_json_has_the_names_of_the_guide_and_typed_values():
    document = json.loads(b"".join(to_json(ODD)))["interchanges"][0]
    transaction = document["body"][1]["$group"][1]
    found = transaction["billing_providers"][0]["subscribers"][0]["claims"]
    assert transaction["$transaction"] == "837P" and found[0]["$loop"] == "2300"
    assert [each["claim"]["charge"] for each in found] == [135_00, 180_00]
    assert found[0]["lines"][0]["service_date"]["value"] == "2025-12-20"
    assert found[0]["lines"][0]["service"]["procedure"] == {"qualifier": "HC", "code": "99213", "modifier_1": "25"}
    assert found[1]["claim"]["$raw"].startswith("CLM*ACCT1002*180.00*") and "$raw" not in found[0]["claim"]
    assert found[0]["lines"][0]["$unplaced"] == ["ZZZ*?"] and found[0]["lines"][0]["$order"][-1] == "$unplaced"


def test_what_is_edited_in_json_is_written_from_its_fields():
    text = b"".join(to_json(ODD)).decode()
    changed = render(from_json(text.replace('"charge":18000', '"charge":18150')))
    assert b"CLM*ACCT1002*181.5*" in changed and changed.count(b"\r\n") == ODD.count(b"\r\n")


def test_json_written_by_hand_needs_no_marks_of_the_file():
    text = b"".join(to_json(CLAIMS)).decode()
    bare = re.sub(r'"\$(loop|segment)":"(?!ISA|GS|GE|IEA)[^"]*",?', "", text).replace(",}", "}")
    assert render(from_json(bare)) == CLAIMS


def test_json_lines_have_each_claim_with_what_is_around_it():
    lines = [json.loads(line) for line in to_lines(CLAIMS + REMITTANCE)]
    units = [line for line in lines if "unit" in line]
    assert [line["unit"]["claim"]["patient_control_number"] for line in units] == [
        "ACCT1001", "ACCT1002", "ACCT1003", "ACCT1004", "ACCT1001", "ACCT1002",
    ]  # fmt: skip
    assert [each["$loop"] for each in units[2]["above"]] == ["ST", "2000A", "2000B", "2000C"]
    assert {line["guide"] for line in lines} == {"837P", "835"} and units[0]["interchange"] == "000000001"
    assert lines[-1]["transaction"]["provider_adjustments"][0]["amount_1"] == 1000
    first = next(to_lines(CLAIMS.replace(b":", b">")))
    assert json.loads(first)["unit"]["claim"]["facility"]["code"] == "11"


DOCUMENT = json.loads(b"".join(to_json(CLAIMS)))


def broken(change):
    document = json.loads(json.dumps(DOCUMENT))
    first = document["interchanges"][0]
    change(first, first["body"][1]["$group"][1])
    return json.dumps(document)


@pytest.mark.parametrize(
    "text, said",
    [
        ("[]", "Not X12 as JSON"),
        (broken(lambda i, _t: i["body"].pop(0)), "begin with its ISA"),
        (broken(lambda i, _t: i.update(blanks={"x": ""})), "no number of a segment"),
        (broken(lambda i, _t: i["body"].append({"a": 1})), "needs $group, $transaction, $unplaced or $segment"),
        (broken(lambda i, _t: i["body"].append({"$group": [1]})), "$group has to be a list"),
        (broken(lambda _i, t: t.update({"$transaction": "123X"})), "no guide '123X'"),
        (broken(lambda _i, t: t.pop("header")), "begin with its header"),
        (broken(lambda _i, t: t.update(surprise=1)), "Loop ST has no 'surprise'"),
        (broken(lambda _i, t: t.update(header=1)), "a segment ST has to be an object"),
        (broken(lambda _i, t: t["header"].update({"$raw": 1})), "$raw has to be a text"),
        (broken(lambda _i, t: t["header"].update(colour="red")), "ST has no field 'colour'"),
        (broken(lambda _i, t: t["header"].update(version=5)), "The value of version in ST"),
        (broken(lambda _i, t: t["trailer"].update(segments="5")), "The value of segments in SE"),
        (broken(lambda _i, t: t.update(submitter=3)), "a loop 1000A has to be an object"),
        (broken(lambda _i, t: t.update({"$order": ["header"]})), "$order of a loop ST"),
        (broken(lambda _i, t: t.update({"$unplaced": [7]})), "has to be its text"),
    ],
)
def test_what_is_no_x12_as_json_is_refused_with_the_reason(text, said):
    with pytest.raises(ToolError, match=re.escape(said)):
        from_json(text)


# --- show -----------------------------------------------------------------------------------------------------------


def test_show_indents_loops_names_fields_and_types_values():
    lines = list(map(str, show(ODD)))
    assert "    33              CLM  Claim: patient control number ACCT1002, charge $180.00" in "\n".join(lines)
    assert any(line.endswith("DTP  Service date: qualifier 472, format D8, value 2025-12-20") for line in lines)
    assert "ZZZ  without a place here: 01 ?" in "\n".join(lines)
    assert lines[0].split()[:2] == ["1", "ISA"] and lines[-1].split()[1] == "IEA"


def test_show_gives_all_segments_of_a_file_with_their_positions():
    lines = [line for line in show(CLAIMS + REMITTANCE) if line.kind in ("segment", "envelope")]
    assert [line.position for line in lines] == list(range(1, (CLAIMS + REMITTANCE).count(b"~") + 1))


@pytest.mark.parametrize(
    "options, segments, loops",
    [
        ({"claim": "ACCT1003"}, 8, ["2000A", "2000B", "2000C", "2300", "2400"]),
        ({"loop": "2400", "claim": "ACCT1001"}, 8, ["2000A", "2000B", "2300", "2400", "2400"]),
        ({"loop": "2010BB"}, 3, ["2000A", "2000B", "2010BB", "2000B", "2010BB", "2000A", "2000B", "2010BB"]),
        ({"claim": "NOBODY"}, 0, []),
    ],
)
def test_show_selects_loops_and_claims_and_says_what_is_around_them(options, segments, loops):
    lines = list(show(CLAIMS, **options))
    assert sum(line.kind == "segment" for line in lines) == segments
    assert [line.id for line in lines if line.kind == "loop"] == loops
    assert not any(line.kind == "envelope" for line in lines)


def test_show_shows_what_stands_outside_of_any_transaction_set():
    (line,) = [line for line in show(CLAIMS.replace(b"GE*1*1", b"XYZ*9~\nGE*1*1")) if line.kind == "unknown"]
    assert (line.id, line.depth) == ("XYZ", 1)


# --- tables ---------------------------------------------------------------------------------------------------------


def read_csv(made):
    out = io.StringIO()
    assert table.write_csv(made, out) == out.getvalue().count("\n") - 1
    return list(csv.DictReader(io.StringIO(out.getvalue())))


def test_claims_become_one_row_for_each_line():
    rows = read_csv(table.rows(CLAIMS))
    assert [(row["patient_control_number"], row["procedure"], row["charge"]) for row in rows] == [
        ("ACCT1001", "99213", "120.00"), ("ACCT1001", "36415", "15.00"), ("ACCT1002", "99214", "180.00"),
        ("ACCT1003", "90471", "25.00"), ("ACCT1004", "73030", "90.00"), ("ACCT1004", "20610", "210.00"),
    ]  # fmt: skip
    first, child = rows[0], rows[3]
    assert (first["patient_last_name"], first["patient_birth_date"], first["diagnoses"]) == (
        "SIMPSON", "1970-04-12", "I10;E119",
    )  # fmt: skip
    assert (child["subscriber_first_name"], child["patient_first_name"], child["patient_relationship"]) == (
        "EDWARD", "RODD", "19",
    )  # fmt: skip
    assert rows[4]["billing_provider"] == "HARBOR ORTHOPEDICS" and first["service_to"] == "2025-12-20"
    assert first["modifiers"] == "25" and first["diagnosis_pointers"] == "1:2" and first["units"] == "1"


def test_remittances_become_rows_with_their_adjustments():
    rows = read_csv(table.rows(REMITTANCE))
    assert [(row["procedure"], row["paid"], row["adjusted_co"], row["allowed"]) for row in rows] == [
        ("99213", "90.00", "15.00", "105.00"), ("36415", "10.00", "0.00", "15.00"), ("", "", "", ""),
    ]  # fmt: skip
    assert rows[0]["adjustments"] == "CO-45:15.00;PR-2:15.00" and rows[2]["claim_adjustments"] == "CO-45:100.00"
    assert rows[2]["statement_to"] == "2025-12-21" and rows[0]["payment_amount"] == "170.00"


def test_adjustments_are_a_table_of_their_own_that_explains_the_whole_difference():
    rows = read_csv(table.adjustment_rows(REMITTANCE))
    assert Counter(row["level"] for row in rows) == {"line": 3, "claim": 1, "provider": 1}
    charged_less_paid = 135 + 180 - 170
    assert sum(Decimal(row["amount"]) for row in rows) == charged_less_paid
    assert rows[-1]["reason"] == "L6" and rows[-1]["reference"] == "INTREF"


def test_what_earlier_payers_adjusted_on_a_claim_is_a_table_too():
    other = ["SBR*S*18*******CI", "CAS*CO*45*20", "OI***Y***Y", "NM1*IL*1*DOE*JO****MI*B1", "NM1*PR*2*PLAN B*****PI*B"]
    told = ["SVD*B*80*HC:99213**1", "CAS*PR*1*5", "DTP*573*D8*20251230"]
    made = claim("X1", ("99213", 100))
    body = [*HEAD, *provider(1, "ONE", "1234567893"), *subscriber(2, 1, "DOE", "JO", "M1"),
            *made[:4], *other, *made[4:], *told]  # fmt: skip
    rows = read_csv(table.adjustment_rows(file_of([body])))
    assert [(row["level"], row["payer_id"], row["group_code"], row["amount"]) for row in rows] == [
        ("claim", "B", "CO", "20.00"), ("line", "B", "PR", "5.00"),
    ]  # fmt: skip
    assert read_csv(table.rows(file_of([body])))[0]["other_payers_paid"] == "80.00"


@pytest.mark.parametrize(
    "data, said",
    [
        (CLAIMS + REMITTANCE, "both 837 and 835"),
        (CLAIMS.replace(b"ST*837", b"ST*999").replace(b"005010X222A1", b"X"), "this is unknown"),
        (CLAIMS.split(b"GS*")[0] + b"IEA*0*000000001~", "no transaction set"),
    ],
)
def test_what_has_no_service_lines_makes_no_table(data, said):
    with pytest.raises(ToolError, match=said):
        list(table.rows(data).rows)


def test_a_range_a_moment_and_what_is_no_date_become_days_or_nothing():
    for text, first, last in (
        (b"RD8*20251219-20251220", "2025-12-19", "2025-12-20"),
        (b"DT*202512201430", "2025-12-20", "2025-12-20"),
        (b"D8*LATELY", "", ""),
    ):
        row = read_csv(table.rows(CLAIMS.replace(b"D8*20251220", text)))[0]
        assert (row["service_from"], row["service_to"]) == (first, last)


def test_parquet_keeps_money_exact(tmp_path: Path):
    parquet = pytest.importorskip("pyarrow.parquet", reason="pyarrow is an extra")
    with (tmp_path / "lines.parquet").open("wb") as out:
        assert table.write_parquet(table.rows(CLAIMS), out) == 6
    found = parquet.read_table(tmp_path / "lines.parquet").to_pylist()
    assert [row["charge"] for row in found][:2] == [Decimal("120.00"), Decimal("15.00")]
    assert found[0]["service_from"] == date(2025, 12, 20) and found[0]["claim_charge"] == Decimal("135.00")


# --- statistics -----------------------------------------------------------------------------------------------------


def test_statistics_count_claims_money_and_segments():
    found = statistics(CLAIMS + REMITTANCE.replace(b"LX*1~", b"LX*1~\nZZZ*1~"))
    claims, paid = found.sets
    assert (claims.guide, claims.units, claims.lines, claims.charge) == ("837P", 4, 6, 640_00)
    assert (paid.payments, paid.paid, paid.provider_adjustments) == (170_00, 180_00, 10_00)
    assert paid.adjustments == {"CO-45": 115_00, "PR-2": 15_00, "PR-3": 5_00}
    assert (paid.first_service, paid.last_service) == (date(2025, 12, 20), date(2025, 12, 21))
    assert found.unplaced == 1 and found.segments_by_id["CLM"] == 4 and found.transactions == 2
    assert found.segments == CLAIMS.count(b"~") + REMITTANCE.count(b"~") + 1
    assert found.first_created == found.last_created == date(2026, 1, 5)


def test_statistics_of_a_file_without_dates_have_none():
    bare = CLAIMS.replace(b"20260105", b"x").replace(b"20251220", b"x")
    assert statistics(bare).first_created is None and statistics(bare).sets[0].first_service is None
    ranged = statistics(CLAIMS.replace(b"D8*20251220", b"RD8*20251219-20251220")).sets[0]
    assert (ranged.first_service, ranged.last_service) == (date(2025, 12, 19), date(2025, 12, 20))


@pytest.mark.parametrize("tool", [show, statistics, to_json, to_lines, split_by_claim])
def test_what_is_no_x12_is_refused(tool):
    with pytest.raises(X12ReadError):
        list(tool(b"no x12") or ())

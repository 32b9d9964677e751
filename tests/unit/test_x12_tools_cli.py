"""`superbill x12`: each command on small files, what it says to people and machines, and how it ends."""

import gzip
import io
import json
import sys

import pytest
from tests.cli_runs import main, ok
from tests.x12_tool_files import CLAIMS, HEAD, REMITTANCE, file_of


@pytest.fixture
def claims(tmp_path):
    (tmp_path / "claims.837").write_bytes(CLAIMS)
    return tmp_path / "claims.837"


@pytest.fixture
def remit(tmp_path):
    (tmp_path / "remit.835.gz").write_bytes(gzip.compress(REMITTANCE))
    return tmp_path / "remit.835.gz"


@pytest.fixture
def wrong(tmp_path):
    (tmp_path / "wrong.837").write_bytes(CLAIMS.replace(b"CLM*ACCT1004*300", b"CLM*ACCT1004*301"))
    return tmp_path / "wrong.837"


class Pipe(io.RawIOBase):
    """Standard input that can't go back."""

    def __init__(self, data):
        self.inner = io.BytesIO(data)

    def readable(self):
        return True

    def readinto(self, room):
        return self.inner.readinto(room)


@pytest.fixture
def piped(monkeypatch):
    def pipe(data):
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BufferedReader(Pipe(data))))

    return pipe


def test_show_is_indented_and_selects(claims):
    assert "CLM Claim: patient control number ACCT1001, charge $135.00" in ok("x12", "show", claims).out
    found = ok("x12", "show", claims, "--claim", "ACCT1003", "--loop", "2400").out
    assert "90471" in found and "99213" not in found
    first = json.loads(ok("x12", "show", claims, "--json").out.splitlines()[0])
    assert first["id"] == "ISA" and first["position"] == 1
    ended = ok("x12", "show", claims, "--claim", "NOBODY", code=2)
    assert "claims.837: nothing in it is NOBODY" in ended.err


def test_check_has_findings_and_an_exit_code(claims, wrong):
    assert ok("x12", "check", claims).out == "valid\n"
    ended = ok("x12", "check", wrong, code=1)
    assert "x12.balance.claim-charge" in ended.out and "1 errors" in ended.out and "CLM02" in ended.out
    (finding,) = ok("x12", "check", wrong, "--json", code=1).data["findings"]
    assert finding["where"]["loop"] == "2300"
    assert "no partner 'nobody'" in ok("x12", "check", claims, "--partner", "nobody", code=2).err


def test_check_shows_the_first_findings_and_all_of_them_when_asked(tmp_path):
    path = tmp_path / "many.837"
    path.write_bytes(CLAIMS.replace(b"HL*2*", b"ZZZ*1~\n" * 50 + b"HL*2*"))
    assert "… and 11 more (--all shows them)" in ok("x12", "check", path, code=1).out
    assert "more (--all" not in ok("x12", "check", path, "--all", code=1).out


def test_check_writes_the_answers(wrong, tmp_path):
    paths = [tmp_path / name for name in ("a.999", "a.ta1", "a.277")]
    ok("x12", "check", wrong, "--999", paths[0], "--ta1", paths[1], "--277ca", paths[2], "--date", "2026-01-06", code=1)
    answer, envelope, status = (path.read_text() for path in paths)
    assert "*ZZ*RECEIVER       *ZZ*SENDER         *" in answer and "AK2*837*0001*005010X222A1~" in answer
    assert "*260106*1200*^" in answer
    assert "TA1*000000001*260105*1200*A*000~" in envelope
    assert "TRN*2*ACCT1004~" in status and "STC*A2:20" in status
    for path in paths:
        assert ok("x12", "check", path).out == "valid\n"
    paths[0].unlink()
    ok("x12", "check", tmp_path / "a.ta1", "--999", paths[0])
    assert not paths[0].exists(), "nothing to say, nothing written"


def test_json_and_back(claims, tmp_path):
    made = tmp_path / "claims.json"
    assert ok("x12", "json", claims, "-o", made, "--json").data == {"bytes": made.stat().st_size, "file": str(made)}
    back = tmp_path / "back.837"
    ok("x12", "from-json", made, "-o", back)
    assert back.read_bytes() == CLAIMS and ok("x12", "from-json", made).out.encode() == CLAIMS
    assert len(ok("x12", "json", claims, "--lines").out.splitlines()) == 5
    assert "Not X12 as JSON" in ok("x12", "from-json", claims, code=2).err
    assert "Name one with --out" in ok("x12", "json", claims, "--json", code=2).err


def test_csv_of_lines_and_of_adjustments(remit, tmp_path):
    lines = ok("x12", "csv", remit).out.splitlines()
    assert len(lines) == 4 and lines[0].startswith("guide,interchange,")
    made = tmp_path / "adjustments.csv"
    assert ok("x12", "csv", remit, "--adjustments", "-o", made, "--json").data["rows"] == 5
    assert "CO,45,15.00" in made.read_text()


def test_parquet_without_pyarrow_says_what_to_install(claims, tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    ended = ok("x12", "parquet", claims, "-o", tmp_path / "x.parquet", code=2)
    assert "pip install 'superbill[parquet]'" in ended.err and list(tmp_path.glob("*.parquet*")) == []


def test_stats_for_people_and_machines(claims, piped):
    said = ok("x12", "stats", claims).out
    assert said.startswith("1 interchange, 1 group, 1 transaction set, 84 segments ")
    assert "$640.00" in said and "Findings: none" in said
    piped(gzip.compress(REMITTANCE.replace(b"*20260105*", b"*20260104*", 1) + CLAIMS))
    found = ok("x12", "stats", "-", "--json").data
    assert found["file"] == "standard input" and found["sets"][0]["adjustments"]["CO-45"] == 115_00
    piped(REMITTANCE.replace(b"*20260105*", b"*20260104*", 1) + CLAIMS)
    said = ok("x12", "stats", "-", "--no-check").out
    assert said.startswith("2 interchanges, 2 groups, 2 transaction sets")
    assert "made 2026-01-04 to 2026-01-05" in said and "CO-45" in said and "Findings" not in said
    assert ok("x12", "stats", claims, "--json").data["findings"] == {}


def test_stats_name_the_rules_that_are_broken(wrong):
    assert "x12.balance.claim-charge" in ok("x12", "stats", wrong).out


def test_split_and_merge(claims, remit, tmp_path):
    parts = tmp_path / "parts"
    assert ok("x12", "split", claims, "--claims", 2, "--out", parts).out == f"2 files in {parts}\n"
    names = sorted(path.name for path in parts.iterdir())
    assert names == ["claims-0001.837", "claims-0002.837"]
    whole = tmp_path / "whole.837"
    told = ok("x12", "merge", *sorted(parts.iterdir()), "-o", whole, "--json").data
    assert told["transactions"] == 2 and ok("x12", "diff", claims, whole).out == "no difference in meaning\n"
    made = ok("x12", "split", remit, "--by", "st", "--out", parts, "--json").data["files"]
    assert made == [str(parts / "remit-0001.835")]
    assert "one of --by st" in ok("x12", "split", claims, "--out", parts, code=2).err
    assert "split by claim would no longer be" in ok("x12", "split", remit, "--by", "claim", "--out", parts, code=2).err
    assert "functional id" in ok("x12", "merge", claims, remit, code=2).err


def test_split_of_standard_input_names_its_files_for_it(piped, tmp_path):
    piped(CLAIMS)
    ok("x12", "split", "-", "--bytes", 100_000, "--out", tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["stdin-0001"]


def test_diff_says_both_values(claims, wrong):
    ended = ok("x12", "diff", claims, wrong, code=1)
    assert ended.out == "Claim ACCT1004 › Claim › charge\n  - $300.00\n  + $301.00\n1 differences\n"
    (found,) = ok("x12", "diff", claims, wrong, "--json", code=1).data["differences"]
    assert found["right"] == "$301.00"


def test_redact_names_nobody(claims, tmp_path):
    first, second = tmp_path / "1.837", tmp_path / "2.837"
    for path in (first, second):
        ok("x12", "redact", claims, "--secret", "s", "-o", path)
    assert first.read_bytes() == second.read_bytes() and b"SIMPSON" not in first.read_bytes()
    assert ok("x12", "redact", claims, "--keep-providers").out.count("LAKESIDE FAMILY MEDICINE") == 1
    assert ok("x12", "redact", claims, "-o", second, "--json").data["file"] == str(second)
    assert first.read_bytes() != second.read_bytes(), "without a secret it is drawn anew"


@pytest.mark.parametrize("command", ["show", "check", "json", "csv", "stats", "redact"])
def test_what_is_no_x12_is_one_message_with_the_file(command, tmp_path):
    path = tmp_path / "letter.txt"
    path.write_text("Dear payer")
    ended = ok("x12", command, path, code=2)
    assert "letter.txt: position 1" in ended.err and "Traceback" not in ended.err


def test_a_file_that_cannot_be_written_leaves_nothing(claims, tmp_path):
    ended = main("x12", "json", claims, "-o", tmp_path / "no" / "where.json")
    assert ended.code == 2 and "where.json: no such file or directory" in ended.err


def test_a_file_without_claims_has_its_counts(tmp_path):
    path = tmp_path / "bare.837"
    path.write_bytes(file_of([[*HEAD]]))
    assert ok("x12", "stats", path, "--json").data["sets"][0]["units"] == 0


def test_check_answers_a_group_without_a_header_by_its_envelope(tmp_path):
    path, answer = tmp_path / "bare.837", tmp_path / "a.ta1"
    path.write_bytes(CLAIMS.split(b"GS*")[0].replace(b"000000001", b"ABCDEFGHI") + b"IEA*0*ABCDEFGHI~")
    ok("x12", "check", path, "--ta1", answer, "--999", tmp_path / "a.999", "--277ca", tmp_path / "a.277", code=1)
    assert "*000000001*0*T*:~" in answer.read_text() and "TA1*000000000*260105*1200*R*" in answer.read_text()
    assert not (tmp_path / "a.999").exists() and not (tmp_path / "a.277").exists()

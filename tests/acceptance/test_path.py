"""The whole path, as a newcomer runs it: on the bundled clinic and on Synthea's patients, balanced and judged."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from tests import demo_runs
from tests.demo_runs import demo
from tests.judges import judge_files

SHARED = Path(__file__).parents[2].parent / "shared" / "data" / "synthea"
FATES = {"billed", "coded", "held", "not_billable"}


def the_ledger_balances(told):
    summary = told["summary"]
    assert summary["unbalanced"] == 0
    assert summary["differences"] == 0
    assert summary["proof"] == f"ledger balanced: {summary['entries']:,} entries, 0 unbalanced"
    money = ("insurance_paid", "patient_paid", "adjusted", "insurance_balance", "patient_balance")
    assert summary["charged"] == sum(summary[name] for name in money)


def every_visit_has_a_fate(told, out):
    told_again = subprocess.run(
        [sys.executable, "-m", "superbill", "report", "summary", "--db", str(out / "superbill.db"), "--json"],
        capture_output=True,
        text=True,
        check=True,
    )
    visits = json.loads(told_again.stdout)["summary"]
    assert visits["visits"] == told["summary"]["visits"]
    assert told["summary"]["coded"] + told["summary"]["not_billable"] + told["summary"]["held"] == visits["visits"]


def judged(out, kinds=("837", "999", "277CA", "835")):
    """Every X12 file of a run, through both judges."""
    wrong, count = {}, 0
    for kind in kinds:
        files = {path.name: path.read_bytes() for path in sorted((out / kind).glob("*"))}
        count += len(files)
        wrong |= judge_files(files) if files else {}
    return count, wrong


@pytest.fixture(scope="module")
def clinic(tmp_path_factory):
    return demo_runs.clinic(tmp_path_factory.getbasetemp())


@pytest.mark.xdist_group("clinic")
def test_the_bundled_clinic_goes_from_chart_to_cash(clinic):
    told, out = clinic
    the_ledger_balances(told)
    summary = told["summary"]
    assert summary["visits"] >= 150
    assert summary["claims"] > summary["coded"] * 0.9
    assert summary["rejected"] >= 1
    assert summary["denied"] >= 5
    assert summary["patient_paid"] > 0
    assert 0.9 < summary["clean_claim_rate"] < 1
    for kind in ("837", "999", "277CA", "835", "statements", "cms1500"):
        assert told["files"][kind] > 0
        assert any((out / kind).iterdir())
    report = (out / "report.html").read_text()
    assert summary["proof"] in report
    assert "<script" not in report
    assert not re.search(r"https?://(?!www\.w3\.org/2000/svg)", report)


@pytest.mark.xdist_group("clinic")
def test_the_judges_find_no_error_in_any_file_of_the_clinic(clinic):
    _, out = clinic
    count, wrong = judged(out)
    assert count > 200
    assert not wrong


@pytest.mark.xdist_group("clinic")
def test_the_judges_would_find_an_error_in_one_file_among_many(clinic):
    _, out = clinic
    files = {path.name: path.read_bytes() for path in sorted((out / "837").glob("*"))[:3]}
    name = sorted(files)[1]
    files[name] = files[name].replace(b"\nSE*", b"\nSE*9", 1)
    assert list(judge_files(files)) == [name]


@pytest.mark.xdist_group("clinic")
def test_running_it_again_changes_nothing(clinic):
    told, out = clinic
    again = demo(out)
    assert again["summary"] == told["summary"]
    assert again["files"] == told["files"]


@pytest.mark.xdist_group("clinic")
def test_the_same_input_gives_the_same_files(clinic, tmp_path):
    _, out = clinic
    runs = [out, tmp_path / "two"]
    demo(runs[1])
    names = [sorted(str(path.relative_to(out)) for path in out.rglob("*.*") if _kept(path, out)) for out in runs]
    assert names[0] == names[1]
    for name in names[0]:
        assert (runs[0] / name).read_bytes() == (runs[1] / name).read_bytes(), name


def _kept(path, out):
    """Documents, not the database or the payers' memory."""
    return path.is_file() and path.relative_to(out).parts[0] in {
        "837", "999", "277CA", "835", "statements", "cms1500", "report.html", "bank.csv",
    }  # fmt: skip


@pytest.mark.shared_data
@pytest.mark.skipif(not SHARED.is_dir(), reason=f"{SHARED} is not here")
@pytest.mark.parametrize("folder, shift, visits", [("bundles", 1826, 1749), ("ndjson", 900, 1215), ("csv", 700, 604)])
def test_synthea_finishes_with_a_fate_for_every_visit_and_a_balanced_ledger(folder, shift, visits, tmp_path):
    out = tmp_path / "out"
    told = demo(out, "--from", str(SHARED / folder), "--shift-dates", str(shift), "--no-pdf")
    assert told["summary"]["visits"] == visits
    assert told["summary"]["sent"] > 50
    the_ledger_balances(told)
    every_visit_has_a_fate(told, out)
    count, wrong = judged(out)
    assert count > 50
    assert not wrong

"""Runs of `superbill demo` that tests of several files look at: each made once for all test processes.

A test may read such a run, and may run a command on it that changes nothing.
"""

import json
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

from tests.cli_runs import fold, made_once, shared_folder

SYNTHEA = Path(__file__).parents[2] / "shared" / "data" / "synthea" / "bundles"
# One under Medicare and Medicaid, four under Medicare, Medicaid or a private plan: 112 visits of five patients. Of the
# last nothing is open at the end, so that what was paid too much goes back.
PATIENTS = ("Karan_Gerhold", "Adalberto_Hartmann", "Birgit_Schmeler", "Angelic_Mueller", "Gustavo_Mejía")
# Of these people's 55 statements each kind of answer is some.
PEOPLE = {"pays": 150, "pays_part": 150, "overpays": 350, "returned_check": 100, "asks_plan": 150, "disputes": 60}
DATABASE = "superbill.db"


def demo(out: Path, *options: object) -> Any:
    """What `superbill demo` says, run as a process of its own."""
    command = [sys.executable, "-m", "superbill", "demo", "--out", str(out), "--json", *map(str, options)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{done.stdout[-2000:]}{done.stderr[-2000:]}"
    return json.loads(done.stdout)


def clinic(basetemp: Path) -> tuple[Any, Path]:
    """What the command said of a run on the bundled clinic with PDF, and its folder."""
    return _once(shared_folder(basetemp, "demo-clinic"), [])


def synthea(basetemp: Path) -> tuple[Any, Path]:
    """The same of five of Synthea's patients, who answer their statements as PEOPLE says."""
    folder = shared_folder(basetemp, "demo-synthea")
    charts, payers = folder.with_name("demo-synthea-charts"), folder.with_name("demo-synthea-payers.toml")
    options = ["--from", charts, "--payers", payers, "--shift-dates", 1826, "--no-pdf"]
    with made_once(charts) as fresh:
        if fresh:
            charts.mkdir()
            for name in PATIENTS:
                (bundle,) = SYNTHEA.glob(f"{name}_*.json.gz")
                shutil.copy(bundle, charts)
            payers.write_text(_with_people(), "utf-8")
    return _once(folder, options)


def _with_people() -> str:
    """The bundled payers with these rates for the people."""
    from importlib.resources import files

    bundled = (files("superbill.demo") / "synthea" / "payers.toml").read_text("utf-8")
    for name, rate in tomllib.loads(bundled)["people"].items():
        bundled = bundled.replace(f"\n{name} = {rate}\n", f"\n{name} = {PEOPLE.get(name, 0)}\n")
    return bundled


def _once(folder: Path, options: list[object]) -> tuple[Any, Path]:
    told = folder.with_name(f"{folder.name}.json")
    with made_once(folder) as fresh:
        if fresh:
            told.write_text(json.dumps(demo(folder, *options)), "utf-8")
            fold(folder / DATABASE)
    return json.loads(told.read_text("utf-8")), folder

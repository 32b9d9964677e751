"""A practice whose visits only their notes tell of: some decided on by maria, the rest waiting. Made once for a run."""

import os
import shutil
from pathlib import Path
from typing import Any

from tests.cli_runs import fold, made_once, ok, shared_folder, site
from tests.codesets import embedded_folder

PATIENTS = ("p02", "p12", "p13", "p46")
SERVICES = ("--with", "99213", "--with", "36415")


def books(basetemp: Path) -> Path:
    """A folder with practice.db and its site file; `accounts` names the visits."""
    folder = shared_folder(basetemp, "cli-coding")
    with made_once(folder) as fresh:
        if fresh:
            os.environ["SUPERBILL_CODESETS"] = str(embedded_folder())
            site(folder, *PATIENTS)
            db = folder / "practice.db"
            ok("import", folder / "charts", "--db", db)
            # Exit 1: visits are held until a person has decided.
            ok("code", "--db", db, code=1)
            fold(db)
    return folder


def accounts(db: Path) -> list[str]:
    """The visits that wait for a person."""
    waiting: list[dict[str, Any]] = ok("coding", "waiting", "--json", "--db", db, code=1).data["visits"]
    return [each["account"] for each in waiting]


def copy_of(folder: Path, to: Path) -> Path:
    """The same for a test of its own; the database."""
    for name in ("practice.db", "site.toml", "payers.toml", "charge_master.csv"):
        shutil.copy(folder / name, to)
    return to / "practice.db"


def decide_all(db: Path, *, by: str = "maria", seconds: int = 90) -> list[str]:
    """maria takes what is suggested for every visit that waits; the accounts."""
    done = accounts(db)
    for account in done:
        ok("coding", "decide", account, "--accept", "--by", by, "--seconds", seconds, "--with", "36415", "--db", db)
    return done

"""`superbill demo`: the whole path on the bundled clinic, or on any folder of charts."""

import os
import shutil
import sys
import time
import tomllib
from importlib.resources import as_file, files
from importlib.resources.abc import Traversable
from pathlib import Path
from shutil import which
from typing import Any

import click
from msgspec import Struct

from superbill.app.path.files import write_whole
from superbill.app.session import BadInput, Session, open_session
from superbill.app.stages import Stages
from superbill.cli.output import json_option, put_findings, put_json, put_table, stages
from superbill.findings import Finding, errors
from superbill.site import read_site

DATABASE = "superbill.db"
MARK = ".superbill-demo"  # in the out folder: what the run was made from
FOLDERS = frozenset(
    {"837", "999", "277CA", "835", "other", "mixed", "statements", "cms1500", "ub04", "ada", "exchange"}
)
FILES = frozenset(
    {MARK, "site.toml", "payers.toml", "charge_master.csv", "facility_charges.csv", "report.html", "bank.csv"}
)


class Done(Struct, kw_only=True):
    """A finished run, as `--json` prints it."""

    summary: object
    stages: object
    files: dict[str, int]
    findings: list[Finding]
    out: str
    seconds: float
    proven: bool


@click.command("demo")
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), default=Path("out"), show_default=True)
@click.option("--from", "source", type=click.Path(path_type=Path), help="Your own folder: FHIR or Synthea CSV.")
@click.option("--site", "site_path", type=click.Path(path_type=Path, dir_okay=False), help="The practice's facts.")
@click.option("--payers", "payers_path", type=click.Path(path_type=Path, dir_okay=False), help="The simulated payers.")
@click.option("--db", help="SQLite file or postgresql:// URL  [default: superbill.db in the out folder]")
@click.option("--shift-dates", "shift_days", type=int, default=0, help="Move all dates by this many days.")
@click.option("--fresh", is_flag=True, help="Begin anew: remove what an earlier run left in the out folder.")
@click.option("--no-pdf", is_flag=True, help="Leave out the PDF files.")
@json_option
def command(
    out: Path,
    source: Path | None,
    site_path: Path | None,
    payers_path: Path | None,
    db: str | None,
    shift_days: int,
    fresh: bool,
    no_pdf: bool,
    as_json: bool,
) -> None:
    """Run the whole path: charts, codes, claims, X12 files, the simulated payers' answers, posted money, statements.

    Without --from it runs on the bundled fictional clinic. The payers are simulated. The same command again goes on
    where it was stopped and does nothing twice.
    """
    started = time.perf_counter()
    folder = files("superbill.demo") / ("clinic" if source is None else "synthea")
    if fresh:
        _clear(out)
    _prepare(out, str(source or "the bundled clinic"), folder, site_path, payers_path)
    session = open_session(db or str(out / DATABASE), out / "site.toml", create=True)
    with stages(quiet=as_json) as bars, as_file(files("superbill.demo") / "clinic") as clinic:
        charts = clinic / "charts"
        bundled = clinic / "decisions.json" if source is None else None
        done = _run(session, source or charts, out, bars, shift_days=shift_days, pdf=not no_pdf, bundled=bundled)
    done.seconds = round(time.perf_counter() - started, 1)
    if as_json:
        put_json(done)
    else:
        _tell(done)
    raise SystemExit(0 if done.proven else 1)


def _prepare(out: Path, source: str, folder: Traversable, site: Path | None, payers: Path | None) -> None:
    """Put the site's files into the out folder, where a person can look at them and change a copy."""
    mark = out / MARK
    if out.exists() and not mark.exists() and any(not path.name.endswith(".part") for path in out.iterdir()):
        raise BadInput(f"{out}: the folder holds other things. Name an empty or a new one with --out.")
    if mark.exists() and mark.read_text("utf-8") != source:
        raise BadInput(f"{out}: holds a run on {mark.read_text('utf-8')}. Name another --out, or begin anew: --fresh.")
    out.mkdir(parents=True, exist_ok=True)
    write_whole(mark, source.encode())
    _put(out / "site.toml", site, folder / "site.toml")
    _put(out / "payers.toml", payers, folder / "payers.toml")
    facts = read_site((out / "site.toml").read_text("utf-8"), str(site or out / "site.toml"))
    prices = [(facts.charge_master, "charge_master.csv")]
    if facts.facilities:
        prices.append((facts.facility_charges, "facility_charges.csv"))
    for name, ours in prices:
        beside = site.parent / name if site else None
        _put(out / name, beside if beside and beside.exists() else None, files("superbill.demo") / ours)
    for name in _contracts(out / "site.toml", site.parent if site else folder):
        _put(out / name, site.parent / name if site else None, folder / name)


def _contracts(site: Path, folder: Traversable) -> list[str]:
    """The contract files that a site file names, and the tables that they name; those of them that are there."""
    names = list(_toml(site).get("contracts", []))
    for name in tuple(names):
        contract = _toml(folder / name)
        for tables in (contract.get("schedules"), contract.get("weights"), {"": contract.get("clauses")}):
            names += [file for file in tables.values() if isinstance(file, str)] if isinstance(tables, dict) else []
    return [name for name in names if Path(name).name == name and (folder / name).is_file()]


def _toml(place: Traversable) -> dict[str, Any]:
    """What a file says; nothing where it is none, or no TOML: who uses it says what is wrong with it."""
    try:
        return tomllib.loads(place.read_text("utf-8")) if place.is_file() else {}
    except (tomllib.TOMLDecodeError, UnicodeDecodeError):
        return {}


def _clear(out: Path) -> None:
    """Remove what a run leaves, and nothing else that somebody may have put there."""
    if not (out / MARK).exists():
        return
    contracts = _contracts(out / "site.toml", out)
    for path in list(out.iterdir()):
        if path.name in FOLDERS and path.is_dir():
            shutil.rmtree(path)
        elif path.name in FILES or path.name in contracts or path.name.startswith(DATABASE):
            path.unlink()


def _put(place: Path, given: Path | None, bundled: Traversable) -> None:
    if given is not None:
        write_whole(place, given.read_bytes())
    elif not place.exists():
        write_whole(place, bundled.read_bytes())


def _run(
    session: Session, source: Path, out: Path, bars: Stages, *, shift_days: int, pdf: bool, bundled: Path | None
) -> Done:
    """`bundled`: the decisions of the clinic's simulated coder."""
    from superbill.app.path.bank import bank_statement
    from superbill.app.path.deciding import read_decisions
    from superbill.app.path.office import Office
    from superbill.app.path.papers import write_forms, write_x12
    from superbill.app.path.report import render_report
    from superbill.app.path.run import run_path
    from superbill.app.path.summary import summarize
    from superbill.app.worklists.actions import refresh
    from superbill.connectors.simulated import SimulatedConnector
    from superbill.payer.config import read_payers

    text = (out / "payers.toml").read_text("utf-8")
    payers = read_payers(text, str(out / "payers.toml"))
    run = run_path(
        session,
        [source],
        lambda now: SimulatedConnector(out / "exchange", payers, now=now),
        bars,
        shift_days=shift_days,
        statements=out / "statements" if pdf else None,
        decisions=read_decisions(bundled) if bundled else None,
        office=Office(people=payers.people, seed=payers.seed, letters=out / "statements" if pdf else None),
    )
    with run.timed("bank") as stage:
        stage.items = bank_statement(session, out, payers.seed)
    with run.timed("tasks") as stage:
        stage.items = refresh(session.actor, session.today, at=session.at).opened
    with run.timed("files") as stage:
        counts = write_x12(session, out)
        if pdf:
            counts.update(write_forms(session, out))
        counts["statements"] = sum(1 for _ in (out / "statements").rglob("*.pdf"))
        stage.items = sum(counts.values())
    with run.timed("proof"):
        summary, found, proof = summarize(session)
    write_whole(out / "report.html", render_report(session, out, summary, found).encode(), durable=False)
    findings = [*run.findings, *run.received.findings, *proof.findings]
    return Done(
        summary=summary,
        stages=list(run.times.values()),
        files={kind: count for kind, count in counts.items() if count},
        findings=findings,
        out=str(out),
        seconds=0.0,
        proven=not proof.findings,
    )


_WHAT = {
    "837": "claims as sent",
    "999": "the receiver's answer to each file",
    "277CA": "which claims went into adjudication",
    "835": "payments with their explanation",
    "statements": "statements to those who pay (PDF)",
    "cms1500": "claims on the paper form (PDF)",
    "ub04": "a facility's claims (PDF)",
    "ada": "dental claims (PDF)",
}


def _tell(done: Done) -> None:
    """The summary a person reads at the end, and what to do next."""
    from superbill.app.path.summary import Summary, lines

    assert isinstance(done.summary, Summary)
    summary = done.summary
    click.echo()
    put_table(f"{summary.practice}, as of {summary.as_of:%-d %b %Y}", ("", "", ""), lines(summary), right="")
    click.echo()
    click.secho(summary.proof, bold=True, fg="green" if done.proven else "red")
    click.echo(f"done in {done.seconds:.1f} s; the payers are simulated\n")
    rows = [
        (f"{done.out}/{kind}/", f"{done.files[kind]:,}", what) for kind, what in _WHAT.items() if kind in done.files
    ]
    rows.append((f"{done.out}/bank.csv", "", "the simulated bank's statement, matched with the books"))
    rows.append((f"{done.out}/report.html", "", "the whole picture on one page: open it in a browser"))
    put_table("Files", ("where", "count", "what"), rows, right="count")
    grave = errors(done.findings)
    if grave:
        click.echo()
        put_findings(grave, limit=10)
    click.echo()
    db = f"--db {done.out}/{DATABASE}"
    steps = (
        (f"{program()} ledger show A1001 {db}", "one visit, entry by entry"),
        (f"{program()} work list {db}", "what waits for a person, the most worthwhile first"),
        (f"{program()} receivables aging {db}", "who owes what, and since when, on any day"),
        (f"{program()} bank reconcile {db}", "the bank held against the books"),
        (f"{program()} serve {db}", "the same in a browser"),
        (f"{program()} doctor {db}", "prove the books again"),
        (f"{program()} demo --from FOLDER --out out2", "your own charts (FHIR or Synthea CSV)"),
    )
    put_table("Next", ("command", "what it shows"), steps)


def program() -> str:
    """How this program was called, so that a command can be copied: "superbill" or ".venv/bin/superbill"."""
    called = Path(sys.argv[0])
    if called.name != "superbill" or which("superbill") == str(called.resolve()):
        return "superbill"
    return os.path.relpath(called)

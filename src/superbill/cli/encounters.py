"""`superbill code encounters` (or no verb): what was found and done, in codes; of a database, or of files."""

from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click
from msgspec import Struct

from superbill.app.session import BadInput, load_site, open_books, open_session
from superbill.cli.output import MARKS, json_option, put_findings, put_json, put_table, say, stages
from superbill.cli.session import note_reading, place_options
from superbill.coding.model import AssignedCode, CodedEncounter, CodedService, Disposition, FacilityPart
from superbill.findings import errors
from superbill.site import Site

if TYPE_CHECKING:
    from superbill.chart.reader import ReadReport


class Shown(Struct, frozen=True, kw_only=True):
    """One encounter with its codes, as `--json` prints it. `account` is empty for an encounter of no database."""

    patient: str
    account: str = ""
    coded: CodedEncounter


@click.command("encounters")
@click.argument("more", metavar="[PATHS]...", nargs=-1, type=click.Path(path_type=Path))
@click.option("--from", "paths", multiple=True, type=click.Path(path_type=Path), help="Code these charts, no database.")
@click.option("--held", is_flag=True, help="Code encounters that were held again.")
@click.option("--show", "account", help="The codes of one visit (A1001) in the database, and why.")
@click.option("--shift-dates", "shift_days", type=int, default=0, help="With --from: move all dates by so many days.")
@place_options
@json_option
def encounters(
    more: tuple[Path, ...],
    paths: tuple[Path, ...],
    held: bool,
    account: str | None,
    shift_days: int,
    db: str,
    site_path: Path | None,
    as_json: bool,
) -> None:
    """Turn what was found and done into ICD-10-CM, CPT and HCPCS, every code with its evidence and its rule.

    Without PATHS the imported encounters of --db. With PATHS (FHIR or Synthea CSV) every encounter in them, printed
    and kept nowhere; --site adds the coverage that some codes depend on. Exit 1 when an encounter is held for a
    person; one that is not billable is finished.

    \b
    superbill code encounters --db practice.db
    superbill code --show A1001 --db practice.db
    superbill code --from patient.json
    """
    given = (*paths, *more)
    if given and (held or account):
        raise BadInput("--held and --show go with a database, not with PATHS. Leave one of the two out.")
    if given:
        waiting = _code_files(given, site_path, shift_days, as_json)
    elif account:
        waiting = _show(db, site_path, account, as_json)
    else:
        waiting = _code_database(db, site_path, held, as_json)
    raise SystemExit(1 if waiting else 0)


def _code_database(db: str, site_path: Path | None, held: bool, as_json: bool) -> bool:
    """Code what is imported; whether something waits for a person."""
    session = open_session(db, site_path)
    from superbill.app.encounters.models import EncounterState
    from superbill.app.encounters.queries import count_by_state
    from superbill.app.path.coding import code_encounters

    with stages(quiet=as_json) as bars:
        counts = code_encounters(session, bars, again=(EncounterState.HELD,) if held else ())
    now = count_by_state(session.scope)
    if as_json:
        put_json({"counts": counts, "encounters": now})
    else:
        rows = [("coded", counts.coded), ("not billable", counts.not_billable), ("held for a person", counts.held)]
        put_table("Coded now", ("", "encounters"), rows, right="encounters")
        if counts.held:
            click.echo("Why: superbill code --show ACCOUNT; once mended: superbill import, superbill code --held")
    return bool(counts.held)


def _show(db: str, site_path: Path | None, account: str, as_json: bool) -> bool:
    """The stored codes of one visit; whether it is held."""
    books = open_books(db, site_path)
    note_reading(books)
    from superbill.app.encounters.queries import visit

    found = visit(books.scope, account)
    if found is None:
        raise BadInput(f"{account}: no visit with this account number. See superbill claim list.")
    if found.coded is None:
        raise BadInput(f"{account}: not coded yet. Run superbill code --db {db}")
    shown = Shown(patient=found.chart.patient.id, account=account, coded=found.coded)
    if as_json:
        put_json({"encounters": [shown]})
    else:
        _put(shown)
    return found.coded.disposition is Disposition.HELD


def _code_files(paths: tuple[Path, ...], site_path: Path | None, shift_days: int, as_json: bool) -> bool:
    """Code every encounter of charts in files; whether one is held or a file could not be read."""
    from superbill.app.boot import prepare
    from superbill.chart.reader import ReadReport

    prepare()  # the stages of the path know the app's tables; none is touched here
    site = load_site(site_path)[0] if site_path else None
    report = ReadReport()
    counts = dict.fromkeys(Disposition, 0)
    kept: list[Shown] = []
    for shown in _coded(paths, site, report, shift_days):
        counts[shown.coded.disposition] += 1
        if as_json:
            kept.append(shown)
        else:
            _put(shown)
    if as_json:
        put_json({"counts": counts, "encounters": kept, "read": report, "findings": report.findings})
    else:
        put_findings(report.findings)
        click.echo(", ".join(f"{count:,} {disposition.value}" for disposition, count in counts.items()))
    return bool(counts[Disposition.HELD] or errors(report.findings))


def _coded(paths: Sequence[Path], site: Site | None, report: "ReadReport", shift_days: int) -> Iterator[Shown]:
    from superbill.app.path.coding import code_one
    from superbill.app.path.files import source_files
    from superbill.app.path.importing import beside
    from superbill.chart.reader import read_charts
    from superbill.chart.shift import shift

    for chart in read_charts(source_files(paths), report, resolve_url=beside(paths)):
        moved = shift(chart, shift_days)
        dates: list[date] = sorted(encounter.date_of_service for encounter in moved.encounters)
        for encounter in sorted(moved.encounters, key=lambda one: (one.date_of_service, one.id)):
            yield Shown(patient=moved.patient.id, coded=code_one(site, moved, encounter, dates))


def _put(shown: Shown) -> None:
    coded = shown.coded
    place = f", place of service {coded.place_of_service}" if coded.place_of_service else ""
    name = shown.account or f"encounter {coded.encounter_id}"
    say(f"{coded.date_of_service}  {name}, patient {shown.patient}: {coded.disposition.value}{place}", bold=True)
    for number, diagnosis in enumerate(coded.diagnoses, 1):
        say(f"  {number:>2}  {diagnosis.code:<13}{_why(diagnosis)}")
    for service in coded.services:
        say(f"      {_service(service):<26} {_why(service.procedure)}")
    if coded.facility is not None:
        _put_facility(coded.facility)
    for finding in coded.findings:
        say(f"  {MARKS[finding.severity]} {finding.rule}  {finding}")
    click.echo()


def _put_facility(part: FacilityPart) -> None:
    """The facility's share: its kind of bill, its stay, its services by revenue code, its procedures."""
    stay = f", room {part.room}, admitted for {part.admitting}" if part.inpatient else ""
    facts = f"admission {part.admission_type}, origin {part.point_of_origin}, discharge {part.discharge_status}"
    say(f"      facility's bill 0{part.facility_type}x{stay}; {facts}")
    for one in part.services:
        code = "-".join(each for each in (one.procedure.code if one.procedure else "", *one.modifiers) if each)
        text = f"{one.revenue_code} {code} × {one.units.normalize():f}"
        say(f"      {text:<26} {_why(one.procedure) if one.procedure else ''}".rstrip())
    for each in part.procedures:
        say(f"      {each.procedure.code} on {each.on}      {_why(each.procedure)}")
    for late in part.present:
        say(f"      {late.code} was not there on admission: {late.indicator}")


def _service(service: CodedService) -> str:
    code = "-".join([service.procedure.code, *service.modifiers])
    pointers = ",".join(map(str, service.diagnosis_pointers))
    return f"{code} × {service.units.normalize():f}" + (f" for {pointers}" if pointers else "")


def _why(code: AssignedCode) -> str:
    """Confidence, rule and evidence of one code."""
    evidence = "; ".join(f"{one.record} {one.text!r}" if one.text else one.record for one in code.evidence)
    return f"{code.confidence:<7}{code.rule}" + (f"  ({evidence})" if evidence else "")

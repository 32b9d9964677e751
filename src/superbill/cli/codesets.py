"""`superbill codesets`: the releases of the code systems: what is here, taken in, published, changed and whole."""

import re
from collections.abc import Callable, Iterator
from datetime import date
from importlib import resources
from pathlib import Path
from typing import Any

import click

from superbill.app.session import BadInput, moment, open_books
from superbill.cli.output import json_option, put_json, put_table, say, tell
from superbill.cli.session import day_option, note_reading
from superbill.codesets.comparing import Comparison, Use, compare, impact, named
from superbill.codesets.release import Release
from superbill.codesets.store import Store, default_folder, open_default

_SHOWN = 60
_RULES = ("edits", "coding")
_DATA = {".yaml", ".csv", ".toml"}
_WORD = re.compile(r"\b[A-Z0-9]{3,7}(?:\.[A-Z0-9]{1,4})?\b")


def store_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """`--codesets FOLDER`: where releases are kept; the command gets the `folder`."""

    def as_folder(_context: click.Context, _parameter: click.Parameter, value: Path | None) -> Path:
        return value or default_folder()

    return click.option(
        "--codesets", "folder", type=click.Path(path_type=Path, file_okay=False), callback=as_folder,
        envvar="SUPERBILL_CODESETS", help="Where releases are kept  [default: your data folder]",
    )(command)  # fmt: skip


def open_store(folder: Path) -> Store:
    """The store with what the installation brings; the first opening says that it prepares them."""
    return open_default(folder, tell)


@click.group("codesets")
def command() -> None:
    """Code systems, release by release: list, import, update, diff, verify, impact."""


@command.command("list")
@store_option
@json_option
def list_releases(folder: Path, as_json: bool) -> None:
    """Every release with its dates, its source and its rows.

    \b
    superbill codesets list
    """
    releases = open_store(folder).releases()
    if as_json:
        put_json(releases)
        return
    say(f"In {folder}")
    put_table(
        "Releases",
        ("release", "version", "from", "until", "rows", "source"),
        (_row(release) for release in releases),
        right="rows",
    )


def _row(release: Release) -> tuple[object, ...]:
    rows = max(release.rows.values(), default=0)
    source = release.source.rpartition("/")[2]
    return release.name, release.version, release.effective, release.until or "the next", f"{rows:,}", source


@command.command("import")
@click.argument("paths", metavar="FILE...", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--force", is_flag=True, help="Also with other bytes or far other row counts than expected.")
@day_option("--effective", "The first day of the release, where the file doesn't tell it.")
@store_option
@json_option
def import_(paths: tuple[Path, ...], force: bool, day: date | None, folder: Path, as_json: bool) -> None:
    """Take in official files: plain, gzipped or zipped, each recognized by its content.

    A file comes in whole or not at all; whoever works meanwhile keeps the releases that they opened.

    \b
    superbill codesets import 2027-code-descriptions-tabular-order.zip
    """
    from superbill.codesets.importing import import_file

    open_store(folder).close()
    outcomes = {str(path): import_file(path, folder, effective=day, force=force) for path in paths}
    if as_json:
        put_json(outcomes)
        return
    for path, outcome in outcomes.items():
        for release in outcome.taken:
            rows = ", ".join(f"{count:,} {table}" for table, count in release.rows.items())
            say(f"{release.name}: from {release.effective} on, {rows} ({release.source})")
        if not outcome.taken:
            say(f"{path}: was here already.")
        for name, reason in outcome.passed:
            say(f"passed over: {name}, {reason}")


@command.command("update")
@click.option("--from", "base", default="", help="An address that keeps the files  [default: their publishers']")
@click.option("--all", "everything", is_flag=True, help="Every edition that is known, not only what is missing.")
@day_option("--on", "What to be up to date for  [default: today]")
@store_option
@json_option
def update(base: str, everything: bool, day: date | None, folder: Path, as_json: bool) -> None:
    """Download and import the editions that are published and not here. Exit 1 when one can't be had.

    \b
    superbill codesets update
    superbill codesets update --from http://mirror.example/codesets
    """
    from superbill.codesets.downloading import update as download
    from superbill.codesets.downloading import wanted
    from superbill.codesets.official import editions

    store = open_store(folder)
    chosen = list(editions()) if everything else wanted(store, moment(day).date())
    store.close()
    done = list(download(folder, chosen, base, tell))
    if as_json:
        put_json(done)
    elif not chosen:
        say("Every known edition is here.")
    else:
        for each in done:
            taken = ", ".join(release.name for release in each.outcome.taken) if each.outcome else ""
            say(f"{each.edition.title}: {each.problem or taken or 'was here already'}")
    raise SystemExit(1 if any(each.problem for each in done) else 0)


@command.command("diff")
@click.argument("older")
@click.argument("newer")
@click.option("--kind", type=click.Choice(["added", "deleted", "revised", "header", "billable"]), help="Only these.")
@store_option
@json_option
def diff(older: str, newer: str, kind: str | None, folder: Path, as_json: bool) -> None:
    """Codes added, deleted and revised from one release to another, and what replaces what.

    \b
    superbill codesets diff icd10cm-2025-10-01-r1 icd10cm-2026-10-01-r1
    """
    compared = _compared(open_store(folder), older, newer)
    changes = [change for change in compared.changes if kind in (None, change.kind)]
    if as_json:
        put_json({"older": compared.older, "newer": compared.newer, "changes": changes})
        return
    put_table(
        f"From {compared.older} to {compared.newer}",
        ("change", "code", "title", "stands for", "now"),
        (
            (each.kind, each.code, each.title, " ".join(each.replaces), " ".join(each.replaced_by))
            for each in changes[:_SHOWN]
        ),
    )
    counts = {name: sum(each.kind == name for each in changes) for name in sorted({each.kind for each in changes})}
    say(", ".join(f"{number:,} {name}" for name, number in counts.items()) or "no change")
    if len(changes) > _SHOWN:
        say(f"The first {_SHOWN} are shown; --json lists all.")


def _compared(store: Store, older: str, newer: str) -> Comparison:
    return compare(named(store, older), named(store, newer), store)


@command.command("verify")
@store_option
@json_option
def verify(folder: Path, as_json: bool) -> None:
    """Read every release through: SQLite's own check, and the rows counted again. Exit 1 when one is damaged.

    \b
    superbill codesets verify
    """
    from superbill.codesets.importing import verify as check

    checked = dict(check(folder))
    if as_json:
        put_json(checked)
    else:
        for name, wrong in checked.items():
            say(f"{name}: {wrong or 'whole'}")
        if not checked:
            say(f"{folder}: holds no release.")
    raise SystemExit(1 if any(checked.values()) else 0)


@command.command("impact")
@click.argument("older")
@click.argument("newer")
@click.option("--db", default="", help="The practice's database: its open encounters.")
@click.option("--practice", default="", help="Which practice, where the database holds several.")
@click.option("--site", "site_path", type=click.Path(path_type=Path, dir_okay=False), help="Its site: charge master.")
@click.option(
    "--rules", multiple=True, type=click.Path(path_type=Path, dir_okay=False, exists=True),
    help="Files of payers' rules (payers.toml, contracts …): any text that has codes.",
)  # fmt: skip
@store_option
@json_option
def impact_(
    older: str, newer: str, db: str, practice: str, site_path: Path | None, rules: tuple[Path, ...], folder: Path,
    as_json: bool,
) -> None:  # fmt: skip
    """What the newer release touches: open encounters, favourites, payer rules, charge-master rows, our crosswalk.

    The rules that come with Superbill (edits, coding) are always looked through, your own where --rules names them.

    \b
    superbill codesets impact icd10cm-2026-04-01-r1 icd10cm-2026-10-01-r1 --db practice.db --rules payers.toml
    """
    if practice and not db:
        raise BadInput("--practice goes with --db.")
    compared = _compared(open_store(folder), older, newer)
    changed = {change.code for change in compared.changes}
    touched = impact(compared, (*_uses(db, practice, site_path), *in_rules(rules, changed)))
    if as_json:
        put_json(touched)
        return
    put_table(
        f"Touched by {compared.newer}",
        ("what", "where", "code", "change", "now"),
        (
            (each.use.kind, each.use.where, each.use.code, each.change.kind, " ".join(each.change.replaced_by))
            for each in touched
        ),
    )


def in_rules(files: tuple[Path, ...], codes: set[str]) -> Iterator[Use]:
    """Where rules name one of the codes: the data files of edits and coding that come with Superbill, and `files`."""
    ours = [
        (f"{room}/{entry.parent.name}/{entry.name}", entry)
        for room in _RULES
        for entry in sorted(Path(str(resources.files(f"superbill.{room}"))).rglob("*"))
        if entry.suffix in _DATA
    ]
    plain = {code.replace(".", ""): code for code in codes}
    for name, path in (*ours, *((str(path), path) for path in files)):
        for number, line in enumerate(path.read_text("utf-8", errors="replace").splitlines(), 1):
            for word in dict.fromkeys(_WORD.findall(line)):
                if word.replace(".", "") in plain:
                    yield Use("payer rule", f"{name}:{number}", plain[word.replace(".", "")])


def _uses(db: str, practice: str, site_path: Path | None) -> Iterator[Use]:
    """Every place in which a code is in use here."""
    from superbill.codesets.crosswalk import lookup as crosswalk

    for snomed, found in crosswalk.conditions().items():
        codes = (found.code, *found.also, *found.sides.values(), *found.trimesters.values())
        yield from (Use("crosswalk", f"SNOMED {snomed}", code) for code in codes)
    if site_path is not None:
        from superbill.app.session import load_site

        _, charges = load_site(site_path)
        yield from (Use("charge master", str(site_path), code) for code in sorted(charges.codes))
    if db:
        yield from _in_database(db, practice)


def _in_database(db: str, practice: str) -> Iterator[Use]:
    books = open_books(db, None, practice)
    note_reading(books)
    from superbill.app.encounters.models import EncounterState
    from superbill.app.encounters.queries import visits
    from superbill.app.favourites.queries import kept_codes

    for code, owner in kept_codes(books.scope, "icd10cm"):
        yield Use("favourite", owner or "the practice", code)
    open_states = (EncounterState.IMPORTED, EncounterState.CODED, EncounterState.HELD)
    for some in visits(books.scope, *open_states):
        for visit in some:
            for assigned in visit.coded.diagnoses if visit.coded else ():
                yield Use("open encounter", visit.account_number, assigned.code)

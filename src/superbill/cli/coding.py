"""`superbill coding`: reads notes and suggests codes with their evidence; explains them; audits coders."""

import sys
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import click
from msgspec import Struct

from superbill.app.session import BadInput, moment, open_session
from superbill.cli.codesets import open_store, store_option
from superbill.cli.coding_audit import audit
from superbill.cli.coding_decide import decide, history, waiting
from superbill.cli.coding_effects import effects
from superbill.cli.coding_show import put_em, put_explanation, put_queries, put_suggestion
from superbill.cli.coding_train import train
from superbill.cli.output import json_option, put_findings, put_json
from superbill.cli.session import day_option
from superbill.findings import Finding, errors

if TYPE_CHECKING:
    from superbill.coding.learned.acceptance import Acceptance
    from superbill.coding.suggest.engine import Study
    from superbill.coding.suggest.model import Query, Suggestion, Visit, Visits


class Named(Struct, frozen=True):
    """What was found in one note, as `--json` prints it."""

    note: str
    suggestion: "Suggestion | None" = None
    em: "Visits | None" = None
    queries: "tuple[Query, ...]" = ()
    findings: tuple[Finding, ...] = ()


@click.group("coding")
def command() -> None:
    """Read clinical notes: suggest codes with their evidence, explain them, level the visit, ask the provider;
    decide on them, audit the coders, learn from what they decide."""


for each in (waiting, decide, history, audit, train, effects):
    command.add_command(each)


def visit_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """What is known of the visit besides its note."""
    options = (
        day_option("--on", "The date of service (of discharge, for an inpatient)  [default: today]"),
        click.option("--age", type=click.FloatRange(0, 130), help="The patient's age in years."),
        click.option("--sex", type=click.Choice(("female", "male")), help="The patient's sex."),
        click.option("--inpatient", is_flag=True, help="A hospital stay: uncertain diagnoses are coded."),
        click.option("--new/--established", "new_patient", default=None, help="Else as the note says."),
        click.option("--place", default="11", show_default=True, help="Place of service."),
        click.option("--payer", default="", help="The kind of payer (medicare changes codes)."),
        click.option(
            "--db",
            default="",
            metavar="PATH",
            help="The practice's database: what its coders mostly refuse is left out.",
        ),
        click.option(
            "--site", "site_path", type=click.Path(path_type=Path), help="Its site file [default: beside --db]."
        ),
        store_option,
        json_option,
    )
    for option in reversed(options):
        command = option(command)
    return command


def notes_argument(command: Callable[..., Any]) -> Callable[..., Any]:
    """One or more notes; `-` is standard input, a folder all files in it."""
    path = click.Path(path_type=Path, allow_dash=True)
    return click.argument("notes", metavar="NOTE...", nargs=-1, required=True, type=path)(command)


@command.command("suggest")
@notes_argument
@click.option(
    "--earlier", multiple=True, type=click.Path(path_type=Path), help="The patient's earlier note: what is copied."
)
@click.option("--reviewer", default="", metavar="URL", help="Ask a language model of your own (OpenAI-compatible).")
@click.option("--reviewer-model", default="", metavar="NAME", help="Its model.")
@click.option("--send-note", is_flag=True, help="It gets the whole note as it is; else redacted sentences alone.")
@visit_options
def suggest(
    notes: tuple[Path, ...], earlier: tuple[Path, ...], reviewer: str, reviewer_model: str, send_note: bool,
    folder: Path, as_json: bool, **known: Any,
) -> None:  # fmt: skip
    """The codes that notes support, in sequence, each with its evidence and rule. Never final: a person decides.

    NOTE is plain text, RTF, HTML or a C-CDA document; - reads standard input, a folder all that is in it. Exit 1 when
    a note has nothing to code or can't be read; it says why.

    A reviewer may agree or doubt, and never adds a code. Without --reviewer nothing leaves this machine; its key, if it
    needs one, is read from SUPERBILL_LANGUAGE_MODEL_KEY.

    \b
    superbill coding suggest visit.txt --age 50 --sex female
    superbill coding suggest notes/ --json
    superbill coding suggest visit.txt --earlier last-visit.txt
    superbill coding suggest visit.txt --db practice.db
    """
    found = []
    before = [_read(path) for path in earlier]
    for name, study, findings in _studied(notes, folder, known):
        if study and before:
            study = _with_copies(study, before)
        if study and reviewer:
            study = _reviewed(study, reviewer, reviewer_model, send_note)
        found.append(Named(name, study.suggestion if study else None, findings=findings))
        if not as_json:
            put_suggestion(name, study)
            put_findings(findings)
    if as_json:
        put_json({"notes": found})
    raise SystemExit(int(any(each.suggestion is None or each.suggestion.nothing for each in found)))


def _read(path: Path) -> str:
    """The text of an earlier note."""
    from superbill.chart.text.document import read_document

    return read_document(_bytes(path), path.name).text


def _with_copies(study: "Study", earlier: list[str]) -> "Study":
    """The study with what was copied forward from earlier notes."""
    from msgspec.structs import replace

    from superbill.coding.suggest.forwarded import told

    return replace(study, suggestion=told(study.suggestion, study.reading.text, earlier))


def _reviewed(study: "Study", url: str, model: str, send_note: bool) -> "Study":
    """The study with a language model's word on each code."""
    from msgspec.structs import replace

    from superbill.connectors.language_model.review import review
    from superbill.connectors.language_model.settings import Settings

    settings = Settings(url=url, model=model, send="note" if send_note else "evidence")
    return replace(study, suggestion=review(study.suggestion, study.reading.text, settings))


@command.command("em")
@notes_argument
@visit_options
def em(notes: tuple[Path, ...], folder: Path, as_json: bool, **known: Any) -> None:
    """The visit's level by the 2021/2023 rules: the grid of decision making with every counted element, or the time.

    \b
    superbill coding em visit.txt --established
    """
    found = []
    for name, study, findings in _studied(notes, folder, known):
        level = study.suggestion.em if study else None
        found.append(Named(name, em=level, findings=findings))
        if not as_json:
            put_em(name, level)
            put_findings(findings)
    if as_json:
        put_json({"notes": found})
    raise SystemExit(int(any(each.em is None for each in found)))


@command.command("query")
@notes_argument
@visit_options
def query(notes: tuple[Path, ...], folder: Path, as_json: bool, **known: Any) -> None:
    """What to ask the provider where a note falls short, in words that lead to no answer. Exit 1 when there is some.

    \b
    superbill coding query visit.txt
    """
    found = []
    for name, study, findings in _studied(notes, folder, known):
        asked = study.suggestion.queries if study else ()
        found.append(Named(name, queries=asked, findings=findings))
        if not as_json:
            put_queries(name, asked)
            put_findings(findings)
    if as_json:
        put_json({"notes": found})
    raise SystemExit(int(any(each.queries or errors(each.findings) for each in found)))


@command.command("explain")
@click.argument("code")
@click.argument("note", type=click.Path(path_type=Path, allow_dash=True))
@visit_options
def explain(code: str, note: Path, folder: Path, as_json: bool, **known: Any) -> None:
    """Why a code is suggested for a note, or why not: every place that speaks of it, and the notes that bind it.

    Exit 1 when the code is not suggested.

    \b
    superbill coding explain I11.0 visit.txt
    """
    from superbill.coding.suggest.explaining import explain as explained

    if note.is_dir():
        raise BadInput(f"{note}: is a folder. Name one note; superbill coding suggest reads whole folders.")
    for _, study, findings in _studied((note,), folder, known):
        if study is None:
            if as_json:
                put_json({"code": None, "suggested": None, "findings": findings})
            else:
                put_findings(findings)
            raise SystemExit(1)
        found = study.book.code(code)
        if found is None:
            raise BadInput(f"{code}: no such ICD-10-CM code on {study.book.on}. superbill code search finds by words.")
        told = explained(found, study.reading, study.suggestion, study.suggestion.visit, study.book)
        if as_json:
            put_json(told)
        else:
            put_explanation(told)
        raise SystemExit(0 if told.suggested else 1)


def _studied(
    notes: tuple[Path, ...], folder: Path, known: dict[str, Any]
) -> "Iterator[tuple[str, Study | None, tuple[Finding, ...]]]":
    """Each note read and coded, with what was found wrong with its file; None for one that can't be read."""
    from superbill.chart.text.document import read_document
    from superbill.coding.suggest.engine import study

    acceptance = _learned(known.pop("db"), known.pop("site_path"))
    store = open_store(folder)
    for path in _files(notes):
        document = read_document(_bytes(path), path.name)
        name = "standard input" if str(path) == "-" else str(path)
        readable = not errors(document.findings)
        visit = _visit(record=path.name, **known)
        yield name, study(document.text, store, visit, acceptance) if readable else None, tuple(document.findings)


def _learned(db: str, site_path: Path | None) -> "Acceptance | None":
    """What the practice's decisions taught (superbill coding train); None without a database or before a training."""
    if not db:
        if site_path is not None:
            raise BadInput("--site goes with --db: what a practice learned is kept beside its database. Add --db PATH.")
        return None
    from superbill.app.path.training import learned

    return learned(open_session(db, site_path))


def _visit(
    *, record: str, day: date | None, age: float | None, sex: Literal["female", "male"] | None, inpatient: bool,
    new_patient: bool | None, place: str, payer: str,
) -> "Visit":  # fmt: skip
    from superbill.coding.suggest.model import Visit

    return Visit(
        on=moment(day).date(), setting="inpatient" if inpatient else "outpatient", age=age, sex=sex or "",
        new_patient=new_patient, place_of_service="21" if inpatient and place == "11" else place, payer_kind=payer,
        record=record,
    )  # fmt: skip


def _files(notes: tuple[Path, ...]) -> Iterator[Path]:
    for path in notes:
        if path.is_dir():
            inside = sorted(each for each in path.iterdir() if each.is_file() and not each.name.startswith("."))
            if not inside:
                raise BadInput(f"{path}: the folder holds no file.")
            yield from inside
        else:
            yield path


def _bytes(path: Path) -> bytes:
    if str(path) == "-":
        return sys.stdin.buffer.read()
    try:
        return path.read_bytes()
    except OSError as problem:
        raise BadInput(f"{path}: {problem.strerror or problem}. Name a file that can be read.") from None

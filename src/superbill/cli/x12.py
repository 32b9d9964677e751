"""`superbill x12`: any X12 file of health care, without a database."""

import io
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

import click
import msgspec

from superbill.app.session import BadInput, moment
from superbill.cli.output import MARKS, json_option, plain, put_json, put_table, say
from superbill.cli.session import day_option
from superbill.cli.x12_files import diff, merge, redact, split
from superbill.cli.x12_io import (
    FILE,
    NUMBER,
    OUT,
    about_file,
    asked,
    name_of,
    reading,
    rewindable,
    tell,
    write,
    written,
)
from superbill.findings import Finding, Severity, errors
from superbill.money import dollars
from superbill.x12.inspection import inspect
from superbill.x12.render import rendered
from superbill.x12.tools import table
from superbill.x12.tools.show import Line

if TYPE_CHECKING:
    from superbill.x12.code_sets import CodeSets
    from superbill.x12.tools.statistics import Statistics

_MOST_SHOWN = 40
_COLOURS: dict[str, dict[str, Any]] = {
    "envelope": {"fg": "bright_black"},
    "transaction": {"bold": True},
    "loop": {"fg": "cyan", "bold": True},
    "segment": {},
    "unknown": {"fg": "red", "bold": True},
}


@click.group("x12")
def command() -> None:
    """Show, check, convert, split, compare and redact X12 files: claims, remittances, enrollments, answers.

    FILE is a path or - for standard input, plain or gzip. No database is needed.
    """


for _one in (split, merge, diff, redact):
    command.add_command(_one)


@command.command("show")
@FILE
@click.option("--loop", default="", help="Only loops of this id (2300) and what is in them.")
@click.option("--claim", default="", help="Only the claim (or member, answer …) of this control number.")
@click.option("--json", "as_json", is_flag=True, help="JSON Lines: one object for each line shown.")
def show(file: IO[bytes], loop: str, claim: str, as_json: bool) -> None:
    """A file as people read it: loops indented, every segment and field by name, money and dates as such.

    The number in front counts segments. Red: a segment that has no place where it stands. Exit 1: nothing to show.

    \b
    superbill x12 show claims.837 --claim A1007
    superbill x12 show claims.837 --loop 2400 | less
    """
    from superbill.x12.tools.show import show as lines

    empty = True
    with reading(file) as source:
        for line in lines(source, loop=loop, claim=claim):
            empty = False
            click.echo(msgspec.json.encode(line) if as_json else _styled(line))
    if empty:
        raise BadInput(f"{name_of(file)}: nothing in it is {' of '.join(filter(None, (loop, claim)))}.")


def _styled(line: Line) -> str:
    colours = _COLOURS[line.kind]
    head = click.style(f"{plain(line.id):<3} {plain(line.title)}", **colours)
    said = ", ".join(
        f"{click.style(plain(name), fg='bright_black')} {plain(value)}".strip() for name, value in line.fields
    )
    number = click.style(f"{line.position:>6}", fg="bright_black")
    return f"{number}  {'  ' * line.depth}{head}" + (f": {said}" if said else "")


@command.command("check")
@FILE
@click.option("--partner", help="A trading partner whose companion guide holds as well (medicare).")
@click.option("--999", "path_999", type=click.Path(path_type=Path), help="Write the 999 that answers the file.")
@click.option("--ta1", "path_ta1", type=click.Path(path_type=Path), help="Write the TA1 that answers the file.")
@click.option("--277ca", "path_277ca", type=click.Path(path_type=Path), help="Write the 277CA that answers its claims.")
@click.option("--all", "everything", is_flag=True, help=f"All findings, not the first {_MOST_SHOWN}.")
@click.option(
    "--codesets", "folder", type=click.Path(path_type=Path, file_okay=False),
    help="Look diagnoses and procedures up in the releases of this folder.",
)  # fmt: skip
@day_option("--date", "The day of the answers  [default: today]")
@NUMBER
@json_option
def check(
    file: IO[bytes],
    partner: str | None,
    path_999: Path | None,
    path_ta1: Path | None,
    path_277ca: Path | None,
    everything: bool,
    folder: Path | None,
    day: date | None,
    control_number: int | None,
    as_json: bool,
) -> None:
    """Whether a file is valid: syntax, its guide, balance, situations, code sets (SNIP 1 to 5), companion guide (7).

    Exit 1: it has errors. The answers go back to its sender; --control-number is that of the answer.

    \b
    superbill x12 check claims.837
    superbill x12 check claims.837 --999 answer.999 --277ca answer.277
    """
    answers = {"999": path_999, "TA1": path_ta1, "277CA": path_277ca}
    file = rewindable(file)
    with reading(file) as source:
        try:
            inspection = inspect(source, sets=_kept_in(folder), partner=partner)
        except KeyError as error:
            raise BadInput(f"--partner: {error.args[0]}.") from None
        done: list[Path] = []
        if any(answers.values()):
            from superbill.cli.x12_answers import write_answers

            done = write_answers(source, inspection, moment(day), answers, control_number)
    found = inspection.findings
    if as_json:
        put_json({"file": name_of(file), "findings": found, "written": list(map(str, done))})
    else:
        _put_findings(found, everything)
        for path in done:
            say(f"{path} written")
        wrong = len(errors(found))
        say(f"{name_of(file)}: {wrong:,} errors, {len(found) - wrong:,} other findings" if found else "valid")
    raise SystemExit(1 if errors(found) else 0)


def _kept_in(folder: Path | None) -> "CodeSets | None":
    if folder is None:
        return None
    from superbill.codesets.store import open_default
    from superbill.x12.kept_codes import kept

    return kept(open_default(folder))


def _put_findings(found: list[Finding], everything: bool) -> None:
    if not found:
        return
    shown = found if everything else found[:_MOST_SHOWN]
    rows = [
        (
            MARKS[each.severity],
            each.where.position or "",
            each.where.loop,
            each.where.element,
            each.rule,
            f"{each.message} {each.fix}".strip(),
        )
        for each in shown
    ]
    put_table("Findings", ("", "segment", "loop", "element", "rule", "what, and what to do"), rows, right="segment")
    if len(shown) < len(found):
        click.echo(f"… and {len(found) - len(shown):,} more (--all shows them)")


@command.command("json")
@FILE
@click.option("--lines", is_flag=True, help="JSON Lines: one line for each claim, in constant memory.")
@OUT
@about_file
def to_json(file: IO[bytes], lines: bool, out: Path | None, as_json: bool) -> None:
    """A file as JSON, by the names of its guide; `from-json` makes the same bytes again.

    Money is whole cents, days are 2026-01-31. With --lines each claim (or member, answer …) is a line with the loops
    around it, for jq and the like; from-json does not read those.

    \b
    superbill x12 json claims.837 > claims.json
    superbill x12 json remit.835 --lines | jq .unit.claim.paid
    """
    from superbill.x12.tools import jsonform

    asked(as_json, out)
    with reading(file) as source:
        size = write(out, (jsonform.to_lines if lines else jsonform.to_json)(source))
    tell(as_json, out, bytes=size)


@command.command("from-json")
@FILE
@OUT
@about_file
def from_json(file: IO[bytes], out: Path | None, as_json: bool) -> None:
    """JSON, as `superbill x12 json` writes it, as X12 again; edited or not.

    What was edited is written from its fields. Nothing is recounted: check what you made.

    \b
    superbill x12 from-json claims.json -o claims.837
    """
    from superbill.x12.tools import jsonread

    asked(as_json, out)
    with reading(file) as source:
        size = write(out, rendered(jsonread.from_json(source.read())))
    tell(as_json, out, bytes=size)


_ADJUSTMENTS = click.option("--adjustments", is_flag=True, help="One row for each adjustment instead of each line.")


def _rows(source: Any, adjustments: bool) -> table.Rows:
    return table.adjustment_rows(source) if adjustments else table.rows(source)


@command.command("csv")
@FILE
@_ADJUSTMENTS
@OUT
@about_file
def to_csv(file: IO[bytes], adjustments: bool, out: Path | None, as_json: bool) -> None:
    """Service lines of claims (837) or remittances (835), one row each, as CSV.

    What is the claim's or the file's is repeated on each row. Money is decimal dollars, dates are 2026-01-31.

    \b
    superbill x12 csv remit.835 -o lines.csv
    superbill x12 csv remit.835 --adjustments -o adjustments.csv
    """
    asked(as_json, out)
    with reading(file) as source, written(out) as raw:
        text = io.TextIOWrapper(raw, "utf-8", newline="", write_through=True)
        try:
            count = table.write_csv(_rows(source, adjustments), text)
        finally:
            text.detach()
    tell(as_json, out, rows=count)


@command.command("parquet")
@FILE
@_ADJUSTMENTS
@click.option("-o", "--out", type=click.Path(path_type=Path, dir_okay=False), required=True, help="Where to write.")
@about_file
def to_parquet(file: IO[bytes], adjustments: bool, out: Path, as_json: bool) -> None:
    """The same as Parquet: money as decimal(18, 2), dates as dates. Needs pyarrow (pip install 'superbill[parquet]').

    \b
    superbill x12 parquet remit.835 -o lines.parquet
    """
    with reading(file) as source, written(out) as raw:
        count = table.write_parquet(_rows(source, adjustments), raw)
    tell(as_json, out, rows=count)


@command.command("stats")
@FILE
@click.option("--no-check", "unchecked", is_flag=True, help="Count only; leave out what is wrong.")
@json_option
def stats(file: IO[bytes], unchecked: bool, as_json: bool) -> None:
    """What is in a file, counted: transaction sets, claims, lines, money, adjustments, segments, findings by rule.

    \b
    superbill x12 stats remit.835
    """
    from superbill.x12.tools.statistics import statistics

    file = rewindable(file)
    with reading(file) as source:
        counted = statistics(source)
        source.seek(0)
        found = [] if unchecked else inspect(source).findings
    rules = _by_rule(found)
    if as_json:
        put_json({"file": name_of(file), **_as_json(counted), "findings": dict(rules)})
        return
    _put_counts(counted)
    if not unchecked:
        put_table("Findings", ("rule", "count"), rules[:10], right="count")


def _put_counts(counted: "Statistics") -> None:
    made = "" if counted.first_created is None else f", made {counted.first_created}"
    if counted.last_created != counted.first_created:
        made += f" to {counted.last_created}"
    envelopes = (("interchange", counted.interchanges), ("group", counted.groups),
                 ("transaction set", counted.transactions), ("segment", counted.segments))  # fmt: skip
    told = ", ".join(f"{number:,} {name}{'' if number == 1 else 's'}" for name, number in envelopes)
    say(f"{told} ({counted.unplaced:,} without a place){made}")
    rows = [
        (
            each.guide,
            each.transactions,
            each.units,
            each.lines,
            *map(dollars, (each.charge, each.paid, each.payments, each.provider_adjustments)),
            each.first_service or "",
            each.last_service or "",
        )
        for each in counted.sets
    ]
    columns = ("guide", "sets", "units", "lines", "charge", "paid", "payments", "other", "first service", "last")
    put_table("Transaction sets", columns, rows, right="sets units lines charge paid payments other")
    reasons = [(each.guide, *reason) for each in counted.sets for reason in each.adjustments.items()]
    if reasons:
        shown = [(guide, reason, dollars(amount)) for guide, reason, amount in reasons]
        put_table("Adjustments", ("guide", "group and reason", "amount"), shown, right="amount")
    put_table("Segments", ("id", "count"), counted.segments_by_id.items(), right="count")


def _as_json(counted: "Statistics") -> dict[str, Any]:
    return {name: getattr(counted, name) for name in counted.__struct_fields__}


def _by_rule(found: Iterable[Finding]) -> list[tuple[str, int]]:
    counts: dict[str, int] = {}
    for each in found:
        if each.severity is not Severity.INFORMATION:
            counts[each.rule] = counts.get(each.rule, 0) + 1
    return sorted(counts.items(), key=lambda each: (-each[1], each[0]))

"""`superbill contract import`: a payer's CSV into a fee schedule or a file of clauses, shown before it is written."""

from collections import Counter
from datetime import date
from pathlib import Path

import click

from superbill.app.path.files import write_whole
from superbill.app.session import BadInput
from superbill.cli.contracts import every_mistake
from superbill.cli.output import json_option, put_json, put_table, say
from superbill.cli.session import day_option
from superbill.money import dollars
from superbill.pricing import clause_import, fee_import
from superbill.pricing.contract_file import read_fees
from superbill.pricing.contract_model import ContractError, Term
from superbill.pricing.contract_words import pays_words, scope_words
from superbill.pricing.fee_import import Change
from superbill.pricing.table_import import read_mapping, read_table

_SHOWN = 30


@click.command("import")
@click.argument("source", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option(
    "--into",
    "target",
    required=True,
    type=click.Path(path_type=Path, dir_okay=False),
    help="The CSV beside the contract file; it is made where there is none.",
)
@click.option("--map", "mapping", default="", help="Which column is which: code=CPT,modifier=Mod,amount=Rate.")
@day_option("--start", "First day of fees whose row names none.")
@click.option(
    "--replace", is_flag=True, help="The file is the whole schedule: codes that are not in it end on --start."
)
@click.option("--clauses", is_flag=True, help="Rows are clauses (id, method, codes, percent …), not fees.")
@click.option("--write", is_flag=True, help="Write it. Without, only what would change is shown.")
@json_option
def import_table(
    source: Path, target: Path, mapping: str, day: date | None, replace: bool, clauses: bool, write: bool, as_json: bool
) -> None:
    """What a payer's CSV adds, raises, lowers and ends; with --write, into the file.

    Every cell that can't be meant is told with file, row and column, and then nothing is written. Old fees keep their
    days: a new one begins on its first day, and the old holds until then.

    \b
    superbill contract import rates.csv --into bluepeak-fees.csv --map code=CPT,amount=Rate --start 2027-01-01
    superbill contract import sheet.csv --into bluepeak-clauses.csv --clauses --map id=Section,percent=Pct --write
    """
    with every_mistake():
        if clauses:
            _clauses(source, target, mapping, write, as_json)
        else:
            _fees(source, target, mapping, day, replace, write, as_json)


def _fees(
    source: Path, target: Path, mapping: str, start: date | None, replace: bool, write: bool, as_json: bool
) -> None:
    if replace and start is None:
        raise BadInput("--replace: say from which day with --start.")
    wanted = read_mapping(mapping, fee_import.FIELDS)
    table = read_table(_text(source).splitlines(), str(source), wanted, fee_import.FIELDS, fee_import.REQUIRED)
    new = fee_import.read_rows(table, start)
    old = read_fees(_text(target).splitlines(), str(target)) if target.is_file() else None
    found = fee_import.changes(old, new, ends=start if replace else None)
    counts = Counter(change.kind for change in found)
    if write:
        write_whole(target, fee_import.merged(old, found).encode())
    if as_json:
        changed = [change for change in found if change.kind != "unchanged"]
        put_json({"counts": {kind: counts[kind] for kind in fee_import.KINDS}, "changes": changed, "written": write})
        return
    shown = [change for change in found if change.kind != "unchanged"]
    put_table(
        "What changes",
        ("", "code", "from", "before", "after", "difference"),
        [_row(change) for change in shown[:_SHOWN]],
        right="before after difference",
    )
    if len(shown) > _SHOWN:
        click.echo(f"… and {len(shown) - _SHOWN:,} more (--json lists all)")
    say(", ".join(f"{counts[kind]:,} {kind}" for kind in fee_import.KINDS))
    say(f"{target}: written" if write else "Nothing is written. Add --write when this is what you want.")


def _row(change: Change) -> tuple[str, ...]:
    before = "" if change.before is None else dollars(change.before)
    after = "" if change.after is None else dollars(change.after)
    both = change.before is not None and change.after is not None
    difference = dollars((change.after or 0) - (change.before or 0)) if both else ""
    return (change.kind, change.key, change.start.isoformat(), before, after, difference)


def _clauses(source: Path, target: Path, mapping: str, write: bool, as_json: bool) -> None:
    wanted = read_mapping(mapping, clause_import.FIELDS)
    read = clause_import.read_clauses(_text(source).splitlines(), str(source), wanted)
    new = {term.id: term for term in _once(read, source)}
    old: dict[str, Term] = {}
    if target.is_file():
        old = {term.id: term for term in clause_import.read_clauses(_text(target).splitlines(), str(target))}
    kinds = {id: _kind(old.get(id), term) for id, term in new.items()}
    if write:
        write_whole(target, clause_import.clause_text((old | new).values()).encode())
    if as_json:
        put_json(
            {"clauses": [{"id": id, "kind": kind, "term": new[id]} for id, kind in kinds.items()], "written": write}
        )
        return
    rows = [
        (kind, id, scope_words(new[id].scope), pays_words(new[id])) for id, kind in kinds.items() if kind != "unchanged"
    ]
    put_table("What changes", ("", "id", "of what", "pays"), rows)
    counts = Counter(kinds.values())
    say(", ".join(f"{counts[kind]:,} {kind}" for kind in ("added", "changed", "unchanged")))
    say(f"{target}: written" if write else "Nothing is written. Add --write when this is what you want.")


def _kind(old: Term | None, new: Term) -> str:
    return "added" if old is None else "unchanged" if old == new else "changed"


def _once(terms: tuple[Term, ...], source: Path) -> tuple[Term, ...]:
    ids = Counter(term.id for term in terms)
    wrong = [
        f"{source}: {id!r} stands {count} times. Give each clause its own id." for id, count in ids.items() if count > 1
    ]
    if wrong:
        raise ContractError(wrong)
    return terms


def _text(path: Path) -> str:
    try:
        return path.read_text("utf-8-sig")
    except UnicodeDecodeError:
        raise BadInput(f"{path}: is not UTF-8 text. Save it as UTF-8.") from None

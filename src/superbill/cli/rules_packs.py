"""`superbill rules`, packs: rules of a payer as a file, tried on the past before they count; drafts from denials."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from superbill.app.session import BadInput, Books, Session
from superbill.cli.output import json_option, put_json, put_table, say
from superbill.cli.session import books_options, session_options
from superbill.money import dollars
from superbill.packs import Pack, PackError, Proposal, Replay, compiled, propose, read_pack, replay
from superbill.packs.fields import FIELDS, OPERATORS

if TYPE_CHECKING:
    pass

_SHOWN = 20


def load_pack(path: Path) -> Pack:
    """The pack of a file. Raises BadInput with every problem, each with file, line and key."""
    try:
        return read_pack(path.read_text("utf-8"), path.name)
    except UnicodeDecodeError:
        raise BadInput(f"{path}: is not UTF-8 text. Save it as UTF-8.") from None
    except PackError as told:
        for problem in told.problems[:-1]:
            say(problem, err=True)
        raise BadInput(told.problems[-1]) from None


pack_argument = click.argument("path", metavar="FILE", type=click.Path(path_type=Path, exists=True, dir_okay=False))


@click.command("fields")
@json_option
def fields(as_json: bool) -> None:
    """What a pack's conditions may name: every field, its kind and the operators that fit.

    \b
    superbill rules fields
    """
    rows = [(name, field.kind, field.about, ", ".join(OPERATORS[field.kind])) for name, field in FIELDS.items()]
    if as_json:
        keys = ("field", "kind", "about", "operators")
        put_json([dict(zip(keys, row, strict=True)) for row in rows])
    else:
        put_table("Fields of a pack", ("field", "kind", "what it is", "operators"), rows)


@click.command("check")
@pack_argument
@json_option
def check(path: Path, as_json: bool) -> None:
    """Whether a pack can be used; if not, every problem with file, line and key (exit 2).

    \b
    superbill rules check buckeye.yaml
    """
    pack = load_pack(path)
    if as_json:
        put_json({"pack": pack.name, "version": pack.version, "rules": [one.id for one in pack.rules]})
    else:
        click.echo(f"{path.name}: pack {pack.name}, version {pack.version}, {len(pack.rules):,} rules, nothing wrong")


@click.command("replay")
@pack_argument
@session_options
@json_option
def show_replay(path: Path, session: Session, as_json: bool) -> None:
    """Try a pack on all claims that were sent: what it would have stopped, rightly (denied) and wrongly (paid).

    \b
    superbill rules replay buckeye.yaml --db practice.db
    """
    from superbill.app.path.past import past

    said = replay(compiled(load_pack(path)), past(session))
    if as_json:
        put_json(said)
    else:
        put_replay(said)


def put_replay(said: Replay) -> None:
    """A replay as tables."""
    rows = [
        (
            tally.rule,
            tally.rightly,
            tally.wrongly,
            tally.unanswered,
            "" if tally.precision is None else f"{tally.precision:.0%}",
            dollars(tally.denied),
            dollars(tally.held_up),
        )
        for tally in said.tallies
    ]
    heads = ("rule", "denied", "paid", "no answer", "right", "denied for", "paid, held up")
    title = f"On {said.claims:,} claims, {said.denied_lines:,} denied lines, {said.caught:,} of them caught"
    put_table(title, heads, rows, right="denied paid right")
    wrong = [each for each in said.stopped if each.verdict == "wrongly"]
    if wrong:
        rows_wrong = [(each.control_number, str(each.finding.where), dollars(each.paid)) for each in wrong[:_SHOWN]]
        put_table("Paid claims that it would have stopped", ("claim", "where", "paid"), rows_wrong, right="paid")


@click.command("activate")
@pack_argument
@session_options
@json_option
def activate(path: Path, session: Session, as_json: bool) -> None:
    """Let a pack count for every claim from now on. It is replayed first, and what that said is kept with it.

    \b
    superbill rules activate buckeye.yaml --db practice.db
    """
    from superbill.app.path.past import past
    from superbill.app.rules.actions import activate_pack

    pack = load_pack(path)
    said = replay(compiled(pack), past(session))
    activate_pack(session.actor, pack, said, at=session.at)
    if as_json:
        put_json({"pack": pack.name, "version": pack.version, "tallies": said.tallies})
    else:
        put_replay(said)
        click.echo(f"Pack {pack.name}, version {pack.version}, counts from now on; superbill claim check looks again")


@click.command("retire")
@click.argument("name", metavar="PACK")
@session_options
@json_option
def retire(name: str, session: Session, as_json: bool) -> None:
    """Let a pack no longer count. Its versions stay on record.

    \b
    superbill rules retire buckeye --db practice.db
    """
    from superbill.app.rules.actions import retire_pack

    retire_pack(session.actor, name, at=session.at)
    if as_json:
        put_json({"pack": name, "at_work": False})
    else:
        click.echo(f"Pack {name} no longer counts")


@click.command("packs")
@books_options
@json_option
def packs(books: Books, as_json: bool) -> None:
    """The packs of a practice: which version is at work, since when, by whom.

    \b
    superbill rules packs --db practice.db
    """
    from superbill.app.rules.queries import packs as rows_of

    rows = [
        (row.name, row.version, "at work" if row.text else "retired", f"{row.at:%Y-%m-%d}", row.by, row.sha256[:12])
        for row in rows_of(books.scope)
    ]
    if as_json:
        keys = ("pack", "version", "state", "since", "by", "sha256")
        put_json([dict(zip(keys, row, strict=True)) for row in rows])
    else:
        put_table("Packs", ("pack", "version", "state", "since", "by", "file"), rows, right="version")


@click.command("propose")
@click.option("--payer", default="", help="Only this payer (its key).")
@click.option("--denied", "least", type=click.IntRange(2), default=3, show_default=True, help="At least so often.")
@click.option("-o", "--output", type=click.Path(path_type=Path, dir_okay=False), help="Write the drafts as a pack.")
@session_options
@json_option
def show_proposals(payer: str, least: int, output: Path | None, session: Session, as_json: bool) -> None:
    """Rules that denials suggest: payer by code, with modifier, diagnosis or missing number, and the evidence.

    Drafts are warnings, for a person to read, edit, replay and activate. Nothing counts by itself.

    \b
    superbill rules propose --db practice.db -o drafts.yaml
    """
    from superbill.app.path.past import past

    found = propose(past(session, payer), least_denied=least)
    if output is not None and found:
        _write(output, found)
    if as_json:
        put_json(found)
        return
    rows = [_row(each) for each in found]
    heads = ("payer", "reason", "draft", "denied", "usually", "charge denied")
    put_table("What denials suggest", heads, rows, right="denied usually charge")
    for each in found[:_SHOWN]:
        say(f"{each.rule.id}: claims {', '.join(each.claims[:5])}")
    if output is not None and found:
        click.echo(f"{output}: a pack of {len(found):,} drafts; try it with superbill rules replay")


def _row(one: Proposal) -> tuple[str, ...]:
    share = f"{one.denied} of {one.lines}"
    return one.payer, one.reason, one.rule.id, share, f"{one.usual:.0%}", dollars(one.charge)


def _write(output: Path, found: tuple[Proposal, ...]) -> None:
    from superbill.app.path.files import write_whole
    from superbill.packs.writing import write_pack

    rules = {each.rule.id: each.rule for each in found}
    about = "Drafts from denials; read, edit and replay them before they count."
    draft = Pack(name="from-denials", version=1, about=about, rules=tuple(rules.values()))
    write_whole(output, write_pack(draft).encode())


COMMANDS: tuple[Any, ...] = (fields, check, show_replay, activate, retire, packs, show_proposals)

"""`superbill code favourite`: codes at hand, with a note, for oneself or the practice."""

from pathlib import Path

import click

from superbill.app.session import BadInput, Books, moment
from superbill.cli.codesets import open_store, store_option
from superbill.cli.output import json_option, put_json, put_table, say
from superbill.cli.session import books_options

_ICD10CM = "icd10cm"


@click.group("favourite")
def command() -> None:
    """Codes at hand, with a note: keep one, let it go, list them."""


@command.command("keep")
@click.argument("code")
@click.option("--note", default="", help="What to think of when using it (at most 500 characters).")
@click.option("--shared", is_flag=True, help="For everybody in the practice.")
@store_option
@books_options
@json_option
def keep_(books: Books, code: str, note: str, shared: bool, folder: Path, as_json: bool) -> None:
    """Keep a diagnosis code; again with another note changes the note.

    \b
    superbill code favourite keep E11.22 --note "with N18, stage from the note" --db practice.db
    """
    from superbill.app.favourites.actions import keep
    from superbill.codesets.icd10cm.lookup import book

    found = book(open_store(folder), books.today).code(code)
    if found is None:
        raise BadInput(f"{code}: no such ICD-10-CM code on {books.today}.")
    keep(books.actor, _ICD10CM, found.code, note, shared=shared, at=moment(None))
    if as_json:
        put_json({"code": found.code, "title": found.title, "note": note, "shared": shared})
    else:
        say(f"{found.code}  {found.title}: kept{' for the practice' if shared else ''}.")


@command.command("drop")
@click.argument("code")
@click.option("--shared", is_flag=True, help="The practice's, not one's own.")
@books_options
@json_option
def drop_(books: Books, code: str, shared: bool, as_json: bool) -> None:
    """Let a code go. Exit 1 when it was not kept.

    \b
    superbill code favourite drop E11.22 --db practice.db
    """
    from superbill.app.favourites.actions import drop
    from superbill.codesets.icd10cm.schema import dotted, undotted

    gone = drop(books.actor, _ICD10CM, dotted(undotted(code)), shared=shared, at=moment(None))
    if as_json:
        put_json({"code": code, "dropped": gone})
    else:
        say(f"{code}: {'let go' if gone else 'was not kept'}.")
    raise SystemExit(0 if gone else 1)


@command.command("list")
@store_option
@books_options
@json_option
def list_(books: Books, folder: Path, as_json: bool) -> None:
    """The codes kept, with their notes, and those that ended since.

    \b
    superbill code favourite list --db practice.db
    """
    from superbill.app.favourites.queries import favourites
    from superbill.codesets.icd10cm.lookup import book

    kept = favourites(books.actor)
    if as_json:
        put_json(kept)
        return
    codes = book(open_store(folder), books.today)
    rows = []
    for each in kept:
        found = codes.code(each.code)
        title = found.title if found else f"ended: not in {codes.release.name}"
        rows.append((each.code, title, each.note, "practice" if each.shared else ""))
    put_table("Favourites", ("code", "title", "note", "kept for"), rows)

"""Codes of other systems at the shell: any code by its system, and ICD-10-PCS built axis by axis."""

from datetime import date
from pathlib import Path

import click

from superbill.app.session import BadInput, moment
from superbill.cli.codesets import open_store, store_option
from superbill.cli.output import json_option, put_json, put_table, say
from superbill.cli.session import day_option


def put_other(system: str, code: str, on: date, folder: Path, as_json: bool) -> None:
    """One code of any system. Raises BadInput for a system or a code that is none."""
    from superbill.codesets.systems import UnknownSystem, look_up

    try:
        found = look_up(open_store(folder), system, code, on)
    except UnknownSystem as problem:
        raise BadInput(str(problem)) from None
    if found is None:
        raise BadInput(f"{code}: no such code of {system} on {on}.")
    if as_json:
        put_json(found)
        return
    say(f"{found.code}  {found.title}".rstrip(), bold=True)
    if found.release or found.title:  # else a bare number: nothing is on file
        say(f"{'release':<11}{found.release.name if found.release else 'ships with Superbill'}")
    if found.billable is not None:
        say(f"{'billable':<11}{'yes' if found.billable else 'no'}")
    if found.note:
        say(f"{'note':<11}{found.note}")


def known_system(system: str) -> None:
    """Raises BadInput for what is no code system, naming those that there are."""
    from superbill.codesets.systems import UnknownSystem, named

    try:
        named(system)
    except UnknownSystem as problem:
        raise BadInput(str(problem)) from None


@click.command("pcs")
@click.argument("prefix", default="")
@day_option("--on", "The day of discharge  [default: today]")
@store_option
@json_option
def pcs(prefix: str, day: date | None, folder: Path, as_json: bool) -> None:
    """Build an ICD-10-PCS code: the values that may follow what is there, and only these.

    \b
    superbill code pcs
    superbill code pcs 0DT
    """
    from superbill.codesets.icd10pcs.lookup import book

    built = book(open_store(folder), moment(day).date()).build(prefix.upper())
    if not built.values and built.code is None:
        raise BadInput(f"{prefix}: no ICD-10-PCS code begins so.")
    if as_json:
        put_json(built)
        return
    if built.code is not None:
        say(f"{built.code.code}  {built.code.title}", bold=True)
        return
    put_table(
        f"{prefix.upper() or 'ICD-10-PCS'}: {built.axis}",
        ("next", "value", "meaning"),
        ((value.character, value.label, value.meaning) for value in built.values),
    )

"""`superbill code pairs`: what Medicare's tables of edits say of codes side by side, before there is a claim."""

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click
from msgspec import Struct

from superbill.app.session import BadInput, moment
from superbill.cli.codesets import open_store, store_option
from superbill.cli.output import json_option, put_json, put_table, say
from superbill.cli.session import day_option

if TYPE_CHECKING:
    from superbill.codesets.add_on.lookup import AddOn
    from superbill.codesets.mue.lookup import Most
    from superbill.codesets.ncci.lookup import PairEdit
    from superbill.codesets.store import Store

_MEANS = {0: "none bypasses it", 1: "may bypass it", 9: "no edit"}
_PER = {1: "a line", 2: "a day, by policy", 3: "a day, by likelihood"}


class Together(Struct, frozen=True):
    """What the tables say of some codes on a day; the versions are "" where there is no table for the day."""

    pairs_version: str
    pairs: "tuple[PairEdit, ...]"
    units_version: str
    units: "tuple[Most, ...]"
    add_ons_version: str
    add_ons: "tuple[AddOn, ...]"


@click.command("pairs")
@click.argument("codes", nargs=-1, required=True)
@click.option("--hospital", is_flag=True, help="By the tables of outpatient hospitals.")
@day_option("--on", "The date of service  [default: today]")
@store_option
@json_option
def pairs(codes: tuple[str, ...], hospital: bool, day: date | None, folder: Path, as_json: bool) -> None:
    """What codes may not stand side by side (NCCI), how many units are believed (MUE), and which are add-on codes.

    \b
    superbill code pairs 20611 20610 99213
    superbill code pairs 71260 71250 --hospital --on 2026-03-02
    """
    on = moment(day).date()
    setting = "hospital" if hospital else "practitioner"
    told = _together(open_store(folder), [code.strip().upper() for code in codes], setting, on)
    if not (told.pairs_version or told.units_version or told.add_ons_version):
        raise BadInput(
            f"There is no table of pairs, units or add-on codes for {on}. "
            "Import the files of CMS: superbill codesets import FILE."
        )
    if as_json:
        put_json(told)
        return
    _put(told, setting)


def _together(store: "Store", codes: list[str], setting: str, on: date) -> Together:
    from superbill.codesets.add_on.lookup import AddOnTable
    from superbill.codesets.mue.lookup import UnitTable
    from superbill.codesets.ncci.lookup import PairTables

    table, quarter, add_ons = PairTables(store, setting).on(on), UnitTable(store, setting).on(on), AddOnTable(store)
    among = table.among(frozenset(codes)) if table is not None else ()
    edits = [table.pair(one, two, on) for one, two in among] if table is not None else []
    each, add_on_release = sorted(set(codes)), add_ons.release(on)
    return Together(
        pairs_version=table.version if table is not None else "",
        pairs=tuple(edit for edit in edits if edit is not None),
        units_version=quarter.release.version if quarter.release is not None else "",
        units=tuple(most for code in each if (most := quarter[code]) is not None),
        add_ons_version=add_on_release.version if add_on_release is not None else "",
        add_ons=tuple(found for code in each if (found := add_ons.add_on(code, on)) is not None),
    )


def _put(told: Together, setting: str) -> None:
    if told.pairs_version:
        put_table(
            f"Pairs of {setting}s, {told.pairs_version}",
            ("column 1", "column 2", "since", "until", "modifier", "CMS says"),
            ((e.column1, e.column2, e.first, e.last or "", _MEANS[e.indicator], e.rationale) for e in told.pairs),
        )
    else:
        say(f"There is no table of pairs of {setting}s for the day.")
    if told.units_version:
        put_table(
            f"Most units, {told.units_version}", ("code", "units", "on", "MAI", "CMS says"),
            ((m.code, m.units, _PER[m.indicator], m.indicator, m.rationale) for m in told.units), right="units",
        )  # fmt: skip
    else:
        say(f"There is no table of units of {setting}s for the day.")
    if told.add_ons_version:
        put_table(
            f"Add-on codes, {told.add_ons_version}", ("code", "type", "primaries"),
            ((a.code, a.kind, ", ".join(sorted(a.primaries)) or "the contractor's list") for a in told.add_ons),
        )  # fmt: skip
    else:
        say("There is no table of add-on codes for the day.")

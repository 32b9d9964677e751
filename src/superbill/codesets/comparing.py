"""What separates two releases of a list of codes: added, deleted and revised codes, and what replaces what."""

from collections.abc import Iterable, Iterator

from msgspec import Struct

from superbill.codesets.icd10cm import conversion, schema
from superbill.codesets.icd10cm.order import PCS
from superbill.codesets.release import Refused
from superbill.codesets.store import Opened, Store

_LISTS = {
    "hcpcs": "SELECT code, title, terminated IS NULL FROM code ORDER BY code",
    "hcpcs-numbers": "SELECT code, '', 1 FROM code ORDER BY code",
    "cdt": "SELECT code, text, 1 FROM code ORDER BY code",
    "msdrg": "SELECT drg, title, 1 FROM msdrg ORDER BY drg",
    "opps": "SELECT code, short || ', status ' || status, 1 FROM item ORDER BY code",
    "taxonomy": "SELECT code, name, 1 FROM taxonomy ORDER BY code",
    **{
        f"mue-{setting}": "SELECT code, units || ' units, MAI ' || indicator, 1 FROM most ORDER BY code"
        for setting in ("practitioner", "hospital", "dme")
    },
    "add-on-codes": """SELECT code || ' with ' || "primary", 'type ' || kind || coalesce(', until ' || max(last), ''), 1
        FROM addon GROUP BY code, "primary" ORDER BY code, "primary" """,
    "poa-exempt": "SELECT code, '', 1 FROM exempt ORDER BY code",
    schema.CODES: "SELECT code, title, billable FROM code ORDER BY ord",
    PCS: "SELECT code, title, billable FROM code ORDER BY ord",
}
"""How a release's list is read as (code, what it says, whether it may be reported), for each system that is one."""


class Change(Struct, frozen=True):
    """One code that differs. `kind`: added, deleted, revised (its title), header (no longer billable) or billable.

    `replaces` are codes of the older release that it stands for, `replaced_by` those of the newer that stand for it.
    """

    kind: str
    code: str
    title: str
    before: str = ""
    replaces: tuple[str, ...] = ()
    replaced_by: tuple[str, ...] = ()


class Comparison(Struct, frozen=True):
    """From one release to another: their names and the changes, in the order of the book."""

    older: str
    newer: str
    changes: tuple[Change, ...]

    def ended(self) -> tuple[Change, ...]:
        """What may no longer be billed."""
        return tuple(change for change in self.changes if change.kind in ("deleted", "header"))


def named(store: Store, name: str) -> Opened:
    """The release of that name. Raises Refused with the names that there are."""
    names = [release.name for release in store.releases()]
    for release in store.releases():
        if release.name == name:
            return store.opened(release)
    raise Refused(f"There is no release {name}.", fix=f"There are: {', '.join(names)}.")


def compare(older: Opened, newer: Opened, store: Store) -> Comparison:
    """Raises Refused for releases of different systems, or of a system that is no list of codes."""
    if older.release.system != newer.release.system:
        raise Refused(f"{older.release.name} and {newer.release.name} are of different systems.")
    old, new = _rows(older), _rows(newer)
    stands_for = _replacements(set(new) - set(old), older, newer, store)
    stood_by: dict[str, list[str]] = {}
    for code, previous in stands_for.items():
        for each in previous:
            stood_by.setdefault(each, []).append(code)
    changes: list[Change] = []
    for code, (title, billable) in new.items():
        before = old.get(code)
        if before is None:
            changes.append(Change("added", code, title, replaces=tuple(stands_for.get(code, ()))))
        elif before[1] != billable:
            kind = "billable" if billable else "header"
            replaced = tuple(sorted(stood_by.get(code, ())))
            changes.append(Change(kind, code, title, before[0], replaced_by=replaced))
        elif before[0] != title:
            changes.append(Change("revised", code, title, before[0]))
    for code, (title, _) in old.items():
        if code not in new:
            changes.append(Change("deleted", code, title, replaced_by=tuple(sorted(stood_by.get(code, ())))))
    dotted = newer.release.system in (schema.CODES, "poa-exempt")
    changes.sort(key=lambda change: change.code)
    return Comparison(older.release.name, newer.release.name, tuple(_dotted(change, dotted) for change in changes))


def _rows(opened: Opened) -> dict[str, tuple[str, bool]]:
    statement = _LISTS.get(opened.release.system)
    if statement is None:
        raise Refused(f"{opened.release.name} is no list of codes.", fix=f"Lists are: {', '.join(_LISTS)}.")
    return {code: (title, bool(billable)) for code, title, billable in opened.connection.execute(statement)}


def _replacements(added: set[str], older: Opened, newer: Opened, store: Store) -> dict[str, list[str]]:
    """For each added code the codes before it: as the conversion table tells, else the nearest that
    said less and could be billed."""
    found: dict[str, list[str]] = {}
    table = store.nearest(conversion.SYSTEM, newer.release.effective)
    if table is not None and newer.release.system == schema.CODES:
        rows: Iterable[tuple[str, str]] = table.opened.connection.execute(
            "SELECT code, previous FROM conversion WHERE effective > ? AND effective <= ?",
            (older.release.effective.isoformat(), newer.release.effective.isoformat()),
        )
        for code, previous in rows:
            if code in added:
                found.setdefault(code, []).append(previous)
    before = {code for code, (_, billable) in _rows(older).items() if billable}
    for code in added - found.keys():
        found[code] = [each for each in _coarser(code) if each in before][:1]
    return found


def _coarser(code: str) -> Iterator[str]:
    """Codes that say less than this one, the nearest first: shorter, or X for what they don't say (S30.1XXA)."""
    for length in range(len(code) - 1, 2, -1):
        yield code[:length]
        if len(code) == 7 and length < 6:
            yield code[:length].ljust(6, "X") + code[6]


def _dotted(change: Change, icd10cm: bool) -> Change:
    if not icd10cm:
        return change
    return Change(
        change.kind, schema.dotted(change.code), change.title, change.before,
        tuple(map(schema.dotted, change.replaces)), tuple(map(schema.dotted, change.replaced_by)),
    )  # fmt: skip


class Use(Struct, frozen=True):
    """A place where a code is in use: `kind` ("open encounter", "fee schedule" …), `where` it is found, the code."""

    kind: str
    where: str
    code: str


class Touched(Struct, frozen=True):
    """A use that a change concerns."""

    use: Use
    change: Change


def impact(comparison: Comparison, uses: Iterable[Use]) -> list[Touched]:
    """The uses whose code the newer release ends, makes a header of, or says otherwise; endings first."""
    weight = {"deleted": 0, "header": 1, "revised": 2, "billable": 3}
    changed = {schema.undotted(change.code): change for change in comparison.changes if change.kind != "added"}
    found = [Touched(use, changed[plain]) for use in uses if (plain := schema.undotted(use.code)) in changed]
    return sorted(found, key=lambda each: (weight[each.change.kind], each.use.kind, each.use.code, each.use.where))

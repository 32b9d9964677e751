"""An export is read back and held against itself, without the database: hashes, counts, and the books once more."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from msgspec import Struct

from superbill.app.reports.export.files import ExportUnusable, read_table
from superbill.app.reports.export.manifest import SCHEMA, Manifest, read_manifest, read_schema, sha256_of
from superbill.ledger.accounts import Account
from superbill.ledger.entry import Balance, Entry, Posting, Reason, balance_of
from superbill.money import Cents


class Verified(Struct, frozen=True, kw_only=True):
    """What was read, and every difference in words. The same files give the same books when there is none."""

    manifest: Manifest
    rows: int
    entries: int
    lines: int
    differences: tuple[str, ...]


def verify(folder: Path) -> Verified:
    """Read everything back: each file has its hash and its rows, every entry balances and has its number, and the
    postings alone give the balances that were exported. Raises ExportUnusable for what can't be read at all.
    """
    manifest, wrong = read_manifest(folder), list[str]()
    if sha256_of(folder / SCHEMA) != manifest.schema_sha256:
        wrong.append(f"{SCHEMA}: is not the file that was exported (SHA-256 differs)")
    rows = 0
    for file in manifest.files:
        path = folder / file.file
        if not path.is_file():
            raise ExportUnusable(f"{path}: is missing. Export anew.")
        if sha256_of(path) != file.sha256:
            wrong.append(f"{file.file}: is not the file that was exported (SHA-256 differs)")
        count = sum(1 for _ in _records(folder, manifest, file.table))
        rows += count
        if count != file.rows:
            wrong.append(f"{file.file}: has {count:,} rows, the manifest says {file.rows:,}")
    sums = _posted(folder, manifest, wrong)
    lines = _balances(folder, manifest, sums, wrong)
    return Verified(manifest=manifest, rows=rows, entries=manifest.entries, lines=lines, differences=tuple(wrong))


def entries(folder: Path) -> Iterator[Entry]:
    """The journal of an export as documents, in the order of posting; postings are held in memory."""
    manifest = read_manifest(folder)
    keys = {row["id"]: row["key"] for row in _records(folder, manifest, "billing_chargeline")}
    moves: dict[int, list[Posting]] = {}
    for row in _records(folder, manifest, "billing_posting"):
        moves.setdefault(row["entry_id"], []).append(
            Posting(
                account=Account(row["account"]),
                amount=row["amount"],
                line=keys[row["line_id"]] if row["line_id"] is not None else "",
                payer=row["payer"],
                reason=Reason(
                    group=row["reason_group"],
                    code=row["reason_code"],
                    remarks=tuple(row["remarks"].split("\n")) if row["remarks"] else (),
                ),
            )
        )
    names: dict[int, str] = {}
    for row in _records(folder, manifest, "billing_journalentry"):
        names[row["id"]] = row["key"]
        yield Entry(
            key=row["key"], kind=row["kind"], on=row["on"], source=row["source"], memo=row["memo"],
            reverses=names.get(row["reverses_id"], ""), postings=tuple(moves.pop(row["id"], ())),
        )  # fmt: skip


def _records(folder: Path, manifest: Manifest, name: str) -> Iterator[dict[str, Any]]:
    table = read_schema(folder)[name]
    file = next(file.file for file in manifest.files if file.table == name)
    names = [column.name for column in table.columns]
    for row in read_table(folder / file, table, manifest.form):
        yield dict(zip(names, row, strict=True))


def _posted(folder: Path, manifest: Manifest, wrong: list[str]) -> dict[int, dict[Account, Cents]]:
    """Sums by line and account; what does not balance, or breaks the numbers, is told."""
    off: dict[int, Cents] = {}
    sums: dict[int, dict[Account, Cents]] = {}
    for row in _records(folder, manifest, "billing_posting"):
        off[row["entry_id"]] = off.get(row["entry_id"], 0) + row["amount"]
        if row["line_id"] is not None:
            account, of_line = Account(row["account"]), sums.setdefault(row["line_id"], {})
            of_line[account] = of_line.get(account, 0) + row["amount"]
    last = 0
    for row in _records(folder, manifest, "billing_journalentry"):
        last += 1
        if row["number"] != last:
            wrong.append(f"entry {row['number']} follows {last - 1}: an entry is missing")
            last = row["number"]
        if off.pop(row["id"], 1):
            wrong.append(f"entry {row['number']} does not balance")
    if last != manifest.entries:
        wrong.append(f"the journal ends at entry {last:,}, the manifest says {manifest.entries:,}")
    wrong.extend(f"postings of an entry {entry} that is not there" for entry in sorted(off))
    return sums


def _balances(folder: Path, manifest: Manifest, sums: dict[int, dict[Account, Cents]], wrong: list[str]) -> int:
    """The balances that were exported, against those that the postings give; how many."""
    count = 0
    for row in _records(folder, manifest, "billing_linebalance"):
        count += 1
        balance = balance_of(sums.pop(row["line_id"], {}))
        if any(row[name] != getattr(balance, name) for name in Balance.__struct_fields__):
            wrong.append(f"line id {row['line_id']}: the exported balance is not what its postings give")
    wrong.extend(f"line id {line}: has postings and no balance" for line in sorted(sums))
    return count

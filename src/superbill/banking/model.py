"""What a bank says of an account: booked lines, each once, and what could not be read of a statement file."""

import hashlib
from collections import Counter
from collections.abc import Iterable
from datetime import date

from msgspec import Struct
from msgspec.structs import replace

from superbill.money import Cents

MAX_BYTES = 64 * 1024 * 1024
MAX_LINES = 500_000


class StatementError(ValueError):
    """A statement file that can't be read as a whole; the message names the place and the fix. Nothing was taken in."""


class BankLine(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One booked line of a bank account. `amount` cents: money in is positive, money out negative.

    `reference` is the bank's own id of the line, or the slip or check number. `trace` and `originator` are TRN02 and
    TRN03 where the bank hands on a payer's CCD+ addendum. `code` is the kind as the bank's format tells it. `id` is
    made by `numbered`: the same line in another file of the same format has the same.
    """

    account: str
    booked_on: date
    amount: Cents
    text: str = ""
    reference: str = ""
    code: str = ""
    trace: str = ""
    originator: str = ""
    id: str = ""


class StatementRead(Struct, frozen=True, kw_only=True):
    """The lines of one file in its order, and what was passed over, each note with its place."""

    format: str
    lines: tuple[BankLine, ...]
    notes: tuple[str, ...] = ()


def numbered(lines: Iterable[BankLine]) -> tuple[BankLine, ...]:
    """The lines with their ids: what the line says, and which one it is among those that say the same.

    Two equal lines of a day are two lines; the same two in an overlapping statement are the same two. A statement that
    leaves out earlier lines of a day can't be told from one that repeats them, so banks' whole days are expected.
    """
    seen: Counter[str] = Counter()
    return tuple(replace(line, id=_id(line, seen)) for line in lines)


def _id(line: BankLine, seen: Counter[str]) -> str:
    words = " ".join(line.text.split()).casefold()
    said = "\x1f".join((line.account, line.booked_on.isoformat(), str(line.amount), line.reference, words))
    seen[said] += 1
    return hashlib.sha256(f"{said}\x1f{seen[said]}".encode()).hexdigest()[:32]


def shown_account(account: str) -> str:
    """An account number as people may see it: its last four characters."""
    return f"…{account[-4:]}" if len(account) > 4 else account


def checked_size(data: bytes, name: str) -> bytes:
    """`data`, if it is not larger than any statement is. Raises StatementError."""
    if len(data) > MAX_BYTES:
        raise StatementError(
            f"{name}: {len(data):,} bytes are more than any statement has ({MAX_BYTES:,}). Ask the bank for shorter "
            "periods, a file for each."
        )
    if not data.strip():
        raise StatementError(f"{name}: is empty. Export the statement again.")
    return data


def decoded_text(data: bytes, name: str) -> str:
    """The text of a statement: UTF-16 or UTF-8 by its mark, else UTF-8, else Windows-1252, as banks write.

    Raises StatementError for what is no text at all.
    """
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings: tuple[str, ...] = ("utf-16",)
    else:
        encodings = ("utf-8-sig", "cp1252")
    for encoding in encodings:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text:
            return text
        break
    raise StatementError(f"{name}: is not a text file. Export it as CSV, OFX/QFX, BAI2 or CAMT.053.")

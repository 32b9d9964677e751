"""One door for statement files of every format: what it is, and its lines."""

from superbill.banking.bai2 import is_bai2, read_bai2
from superbill.banking.camt import is_camt, read_camt
from superbill.banking.csv_lines import read_csv
from superbill.banking.csv_mapping import CsvMapping, read_mapping
from superbill.banking.csv_mapping import guess_mapping as guess_from_text
from superbill.banking.model import StatementError, StatementRead, checked_size, decoded_text
from superbill.banking.ofx import is_ofx, read_ofx

__all__ = ["CsvMapping", "format_of", "guess_mapping", "read_mapping", "read_statement"]


def format_of(text: str) -> str:
    """camt.053, ofx, bai2, or else csv."""
    if is_camt(text):
        return "camt.053"
    if is_ofx(text):
        return "ofx"
    return "bai2" if is_bai2(text) else "csv"


def read_statement(data: bytes, name: str, *, account: str = "", mapping: CsvMapping | None = None) -> StatementRead:
    """The lines of a statement file of any format, by its content; `name` is what messages call it.

    `account` says whose lines they are where the file does not; `mapping` which column of a CSV is what, else it is
    guessed. Raises StatementError; then nothing of the file counts.
    """
    text = decoded_text(checked_size(data, name), name)
    kind = format_of(text)
    if kind == "camt.053":
        return read_camt(data, name)
    if kind == "ofx":
        return read_ofx(text, name, account)
    if kind == "bai2":
        return read_bai2(text, name)
    if text.lstrip().startswith(("%PDF", "{", "<", "PK")):
        raise StatementError(f"{name}: no bank statement as CSV, OFX/QFX, BAI2 or CAMT.053. Export one of these.")
    return read_csv(text, name, mapping or guess_from_text(text, name), account)


def guess_mapping(data: bytes, name: str) -> CsvMapping:
    """How the columns of a CSV would be read. Raises StatementError."""
    return guess_from_text(decoded_text(checked_size(data, name), name), name)

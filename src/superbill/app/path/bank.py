"""The simulated bank's statement at the end of a run: taken in, its fees booked, and held against the books."""

from datetime import timedelta
from pathlib import Path

from superbill.app.deposits.actions import book_fee, match_certain, take_in_statement
from superbill.app.deposits.models import LineState
from superbill.app.deposits.payments import expected
from superbill.app.deposits.queries import bank_lines
from superbill.app.path.files import write_whole
from superbill.app.session import Session
from superbill.banking import read_statement
from superbill.payer.bank import FEE_TEXT, statement

FILE = "bank.csv"
ACCOUNT = "SIMULATED-1"
_BEFORE = timedelta(days=1)  # a bank's statement ends with yesterday


def bank_statement(session: Session, folder: Path, seed: int) -> int:
    """Write the bank's statement into `folder`, take it in, book its fees, match what is certain; its lines."""
    actor, scope, at = session.actor, session.scope, session.at
    data = statement(expected(scope, matched=True), session.today - _BEFORE, seed)
    write_whole(folder / FILE, data)
    read = read_statement(data, FILE, account=ACCOUNT)
    take_in_statement(actor, data, FILE, read, at=at)
    for row in list(bank_lines(scope, state=LineState.OPEN.value)):
        if row.text == FEE_TEXT:
            book_fee(actor, row.pk, why="monthly fee of the account", at=at)
    match_certain(actor, session.today, at=at)
    return len(read.lines)

"""The bank beside the books: one line with all that it may be, and the days between."""

from datetime import date, timedelta

from msgspec import Struct

from superbill.app.accounts.actors import Scope
from superbill.app.deposits.models import BankLineRow, Match, MatchPart, Statement
from superbill.app.deposits.payments import DEPOSIT, ENTRY
from superbill.app.deposits.queries import Books
from superbill.app.remits.models import RemittanceRow
from superbill.app.rows import found
from superbill.app.web.paging import ROWS, Page, asked
from superbill.banking import Candidate, Payment
from superbill.banking.model import shown_account
from superbill.money import Cents

NEAR = timedelta(days=21)
SHOWN = 40


class BankLineShown(Struct, frozen=True, kw_only=True):
    """One line of the bank as people may see it: of the account the last four digits."""

    id: int
    account: str
    on: date
    amount: Cents
    text: str
    reference: str
    trace: str
    state: str
    why: str = ""


class Choice(Struct, frozen=True, kw_only=True):
    """A payment that a line may be: why it ranks, and what the bank has more or less than it."""

    payment: Payment
    difference: Cents
    score: int = 0
    why: str = ""
    row: int | None = None


def bank_line_list(scope: Scope, state: str, page: str = "") -> Page[BankLineShown]:
    """Lines of one state ("" all), the latest first."""
    rows = scope.rows(BankLineRow)
    rows = rows.filter(state=state) if state else rows
    total = rows.count()
    number, offset = asked(page, total)
    some = rows.order_by("-booked_on", "-id")[offset : offset + ROWS]
    return Page(rows=tuple(_shown(row) for row in some), number=number, total=total)


def bank_line(scope: Scope, row_id: int) -> BankLineShown | None:
    """One line; None when the practice has none of this id."""
    row = scope.rows(BankLineRow).filter(pk=row_id).first()
    return _shown(row) if row else None


def match_of(scope: Scope, line: int) -> Match | None:
    """The live match that has a bank line."""
    part = scope.rows(MatchPart).filter(line=line, live=True).select_related("match").first()
    return part.match if part else None


def match_list(scope: Scope, page: str = "") -> Page[tuple[Match, list[MatchPart]]]:
    """Matches, the latest first, with their parts; three statements."""
    rows = scope.rows(Match)
    total = rows.count()
    number, offset = asked(page, total)
    some = list(rows.order_by("-number")[offset : offset + ROWS])
    parts: dict[int, list[MatchPart]] = {}
    for part in scope.rows(MatchPart).filter(match__in=some).select_related("line").order_by("id"):
        parts.setdefault(part.match_id, []).append(part)
    return Page(rows=tuple((row, parts.get(row.pk, [])) for row in some), number=number, total=total)


def statements(scope: Scope) -> list[Statement]:
    """Files of the bank, the latest first."""
    return list(scope.rows(Statement).order_by("-id")[:ROWS])


def choices(scope: Scope, books: Books, line: BankLineShown) -> list[Choice]:
    """Payments that the line may be: the ranked first, then those near in days, the nearest amount first."""
    key = next((key for key, row in books.rows.items() if row == line.id), "")
    ranked: dict[str, Candidate] = {}
    for candidate in (*books.found.matched, *books.found.candidates):
        if key in candidate.lines:
            for payment in candidate.payments:
                if payment not in ranked or candidate.score > ranked[payment].score:
                    ranked[payment] = candidate
    near = [one for one in books.payments.values() if one.key in ranked or abs(one.on - line.on) <= NEAR]
    rows = payment_rows(scope, [one.key for one in near])
    found_all = [
        Choice(
            payment=one,
            difference=line.amount - one.amount,
            score=ranked[one.key].score if one.key in ranked else 0,
            why=ranked[one.key].why if one.key in ranked else "",
            row=rows.get(one.key),
        )
        for one in near
    ]
    return sorted(found_all, key=lambda one: (one.payment.key not in ranked, -one.score, abs(one.difference)))[:SHOWN]


def payment_rows(scope: Scope, keys: list[str]) -> dict[str, int]:
    """Row ids of the remittances among payments, by key."""
    sources = [key for key in keys if not key.startswith((DEPOSIT, ENTRY))]
    return dict(found(scope, RemittanceRow, "source", sources, "source", "id"))


def other_lines(books: Books, line: BankLineShown) -> list[tuple[int, date, Cents, str]]:
    """Open lines of the days around: several lines may be one payment."""
    near = [
        (books.rows[key], one.booked_on, one.amount, one.text)
        for key, one in books.lines.items()
        if books.rows[key] != line.id and abs(one.booked_on - line.on) <= timedelta(days=7)
    ]
    return sorted(near, key=lambda one: (one[1], one[0]))[:SHOWN]


def _shown(row: BankLineRow) -> BankLineShown:
    return BankLineShown(
        id=row.pk, account=shown_account(row.account), on=row.booked_on, amount=row.amount, text=row.text,
        reference=row.reference, trace=row.trace, state=row.state, why=row.why,
    )  # fmt: skip

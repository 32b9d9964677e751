"""The bank: statement files taken in, lines held against what was posted, matched by hand side by side."""

from collections.abc import Callable

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from superbill.app.accounts.permissions import Permission
from superbill.app.deposits.actions import (
    book_fee,
    confirm_match,
    match_certain,
    set_aside,
    take_in_statement,
    take_up,
    undo_match,
)
from superbill.app.deposits.errors import NotReconcilable
from superbill.app.deposits.payments import DEPOSIT, ENTRY
from superbill.app.deposits.queries import Books, reconciliation
from superbill.app.web.desk import LEDGER, Desk, desk, now, show
from superbill.app.web.filters import chosen, query
from superbill.app.web.forms import Form, attempt
from superbill.app.web.notices import Undo, tell
from superbill.app.web.payments.queries_bank import (
    bank_line,
    bank_line_list,
    choices,
    match_list,
    match_of,
    other_lines,
    payment_rows,
    statements,
)
from superbill.banking import (
    BankLine,
    Candidate,
    StatementError,
    StatementRead,
    guess_mapping,
    read_mapping,
    read_statement,
)
from superbill.banking.csv_mapping import mapping_text
from superbill.money import dollars

RECONCILE = Permission.RECONCILE
CHOICES, LISTED = 50, 200  # shown at once; what comes first is the most pressing
LARGEST = 20 * 1024 * 1024
STATES = ("open", "matched", "set aside", "suspect")
KINDS = {
    DEPOSIT: gettext_lazy("deposit"),
    ENTRY: gettext_lazy("money that went out"),
    "835:": gettext_lazy("835"),
    "paper:": gettext_lazy("paper EOB"),
}


class StatementForm(Form):
    """A file of the bank. The account where the file does not tell it; columns of a CSV where they are not plain."""

    file = forms.FileField(
        label=gettext_lazy("CSV, OFX or QFX, BAI2, CAMT.053"),
        allow_empty_file=False,
        widget=forms.FileInput(attrs={"data-key": "o"}),
    )
    account = forms.CharField(
        label=gettext_lazy("Account number"), required=False, max_length=64,
        help_text=gettext_lazy("Where the file does not tell it."),
    )  # fmt: skip
    mapping = forms.CharField(
        label=gettext_lazy("Columns of a CSV"), required=False, max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3, "spellcheck": "false", "class": "code"}),
        help_text=gettext_lazy("Left empty they are read off its header; “Look first” shows how."),
    )  # fmt: skip


def kind_of_payment(key: str) -> str:
    """What a payment is, in a word or two."""
    return next((str(word) for start, word in KINDS.items() if key.startswith(start)), _("payment"))


def name_of_payment(key: str) -> str:
    """What people call it: the trace number, the deposit's number."""
    return key.rpartition(":")[2].partition("#")[0] if not key.startswith(ENTRY) else key.removeprefix(ENTRY)[-40:]


@desk(LEDGER, methods=("GET", "HEAD", "POST"))
def bank(request: HttpRequest, at: Desk) -> HttpResponse:
    """What of the bank and the books does not meet, with days outstanding; statements are taken in here."""
    deed = request.POST.get("deed", "")
    if request.method == "POST":
        at.actor.must(RECONCILE)
    if deed == "match":
        made, left = match_certain(at.actor, at.today, at=now())
        said = _("%(made)d matches made, %(left)d lines are left.")
        tell(request, said % {"made": len(made), "left": len(left.found.unexplained)})
        return redirect("bank", at.practice.key)
    form = StatementForm(request.POST or None, request.FILES or None)
    looked: StatementRead | None = None
    columns = ""
    if request.method == "POST" and form.is_valid():
        with attempt(form):
            data, name, told, looked = _read(form)
            if deed != "look":
                return _take_in(request, at, data, name, looked)
            columns = told
    books = reconciliation(at.scope, at.today)
    late = books.found.outstanding[:LISTED]
    rows = payment_rows(at.scope, [one.payment for one in late])
    return show(
        request,
        at,
        "payments/bank",
        "payments",
        status=422 if form.errors else 200,
        books=books,
        candidates=[_candidate(books, one) for one in books.found.candidates[:CHOICES]],
        unexplained=[(one, *_line(books, one.line)) for one in books.found.unexplained[:LISTED]],
        outstanding=[(one, books.payments[one.payment], *_named(one.payment), rows.get(one.payment)) for one in late],
        form=form,
        looked=looked,
        columns=columns,
        files=statements(at.scope)[:10],
        may=at.may(RECONCILE),
    )


def _line(books: Books, key: str) -> tuple[int, BankLine]:
    return books.rows[key], books.lines[key]


def _candidate(books: Books, one: Candidate) -> tuple[Candidate, list[tuple[int, BankLine]], list[tuple[str, str]]]:
    return one, [_line(books, line) for line in one.lines], [_named(key) for key in one.payments]


def _named(key: str) -> tuple[str, str]:
    return kind_of_payment(key), name_of_payment(key)


def _read(form: StatementForm) -> tuple[bytes, str, str, StatementRead]:
    given = form.cleaned_data
    file = given["file"]
    if file.size > LARGEST:
        raise StatementError(_("The file is larger than 20 MB. Ask the bank for shorter periods, a file for each."))
    name = str(file.name)[-100:]
    data = file.read(LARGEST + 1)
    mapping = read_mapping(given["mapping"], _("columns")) if given["mapping"].strip() else None
    read = read_statement(data, name, account=given["account"], mapping=mapping)
    told = given["mapping"] or (mapping_text(guess_mapping(data, name)) if read.format == "csv" else "")
    return data, name, told, read


def _take_in(request: HttpRequest, at: Desk, data: bytes, name: str, read: StatementRead) -> HttpResponse:
    took = take_in_statement(at.actor, data, name, read, at=now())
    if took.already:
        tell(request, _("This very file was taken in before. Nothing is new."))
    else:
        said = _("%(lines)d lines read (%(format)s): %(new)d new, %(known)d known.") % {
            "lines": took.lines,
            "format": read.format,
            "new": took.new,
            "known": took.known,
        }
        suspect = _(" %d may be lines of another file: look at them.") % took.suspect if took.suspect else ""
        tell(request, said + suspect)
    return redirect("bank", at.practice.key)


@desk(LEDGER)
def lines(request: HttpRequest, at: Desk) -> HttpResponse:
    """Lines of the bank by state."""
    state = chosen(request, "state", STATES)
    page = bank_line_list(at.scope, state, request.GET.get("page", ""))
    return show(
        request, at, "payments/bank_lines", "payments", page=page, states=STATES, state=state, query=query(state=state)
    )


@desk(LEDGER, methods=("GET", "HEAD", "POST"))
def line(request: HttpRequest, at: Desk, row_id: int) -> HttpResponse:
    """One line of the bank at the left, the payments that it may be at the right."""
    found = bank_line(at.scope, row_id)
    if found is None:
        raise Http404
    if request.method == "POST":
        deed = _DEEDS.get(request.POST.get("deed", ""))
        if deed is None:
            raise Http404
        deed(request, at, row_id)
        return redirect("bank", at.practice.key)
    books = reconciliation(at.scope, at.today) if found.state == "open" else None
    return show(
        request,
        at,
        "payments/bank_line",
        "payments",
        line=found,
        days=(at.today - found.on).days,
        choices=[(one, *_named(one.payment.key)) for one in choices(at.scope, books, found)] if books else [],
        others=other_lines(books, found) if books else [],
        match=match_of(at.scope, row_id),
        may=at.may(RECONCILE),
    )


def _match(request: HttpRequest, at: Desk, row_id: int) -> None:
    chosen_lines = [row_id, *(int(one) for one in request.POST.getlist("line") if one.isascii() and one.isdigit())]
    payments = request.POST.getlist("payment")
    if not payments:
        raise NotReconcilable(_("Choose the payment that this line is."))
    fee = request.POST.get("fee") == "1"
    why = request.POST.get("why", "")[:300]
    made = confirm_match(at.actor, chosen_lines, payments, why=why, fee=fee, at=now())
    off = _(", %s apart") % dollars(made.difference) if made.difference else ""
    undo = Undo(reverse("bank-matches", args=(at.practice.key,)), {"match": str(made.number), "why": _("by mistake")})
    tell(request, _("Match %(number)d made%(off)s.") % {"number": made.number, "off": off}, undo=undo)


def _fee(request: HttpRequest, at: Desk, row_id: int) -> None:
    entry = book_fee(at.actor, row_id, why=request.POST.get("why", "")[:300], at=now())
    tell(request, _("%s booked as a fee of the bank.") % dollars(entry.postings[0].amount))


def _aside(request: HttpRequest, at: Desk, row_id: int) -> None:
    set_aside(at.actor, [row_id], request.POST.get("why", ""), at=now())
    undo = Undo(reverse("bank-line", args=(at.practice.key, row_id)), {"deed": "take-up"})
    tell(request, _("Set aside: the line asks for nothing any more."), undo=undo)


def _take_up(request: HttpRequest, at: Desk, row_id: int) -> None:
    take_up(at.actor, [row_id], at=now())
    tell(request, _("The line is open again."))


_DEEDS: dict[str, Callable[[HttpRequest, Desk, int], None]] = {
    "match": _match,
    "fee": _fee,
    "aside": _aside,
    "take-up": _take_up,
}


@desk(LEDGER, methods=("GET", "HEAD", "POST"))
def matches(request: HttpRequest, at: Desk) -> HttpResponse:
    """Matches, the latest first, with who made them; one is undone here."""
    if request.method == "POST":
        number = request.POST.get("match", "")
        if not (number.isascii() and number.isdigit() and len(number) < 12):
            raise Http404
        undo_match(at.actor, int(number), why=request.POST.get("why", ""), at=now())
        tell(request, _("Match %s is undone: its line and payments are open again.") % number)
        return redirect("bank-matches", at.practice.key)
    page = match_list(at.scope, request.GET.get("page", ""))
    rows = [
        (row, [part.line for part in parts if part.line], [_named(part.payment) for part in parts if part.payment])
        for row, parts in page.rows
    ]
    return show(request, at, "payments/bank_matches", "payments", page=page, rows=rows, may=at.may(RECONCILE))

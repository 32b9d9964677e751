"""What patients paid: receipts as a list, and whom one may take a payment from."""

from datetime import date

from django.db.models import Count, Q, Sum
from msgspec import Struct

from superbill.app.accounts.actors import Scope
from superbill.app.billing.models import ChargeLine, LineBalance, Posting, Receipt
from superbill.app.billing.parties import patient_party
from superbill.app.billing.queries import patients_with_money_to_apply
from superbill.app.billing.standing import PaymentFacts
from superbill.app.documents import decoded
from superbill.app.encounters.models import EncounterRow
from superbill.app.patients.models import PatientRow
from superbill.app.rows import found
from superbill.app.web.paging import ROWS, Page, asked
from superbill.ledger.accounts import Account
from superbill.money import Cents

FOUND = 20


class ReceiptLine(Struct, frozen=True, kw_only=True):
    """A receipt in a list."""

    number: int
    patient: int | None
    family: str
    given: str
    on: date
    state: str
    amount: Cents
    facts: PaymentFacts
    by: str


class Receipts(Struct, frozen=True, kw_only=True):
    """A page of receipts, and what those that stand add up to."""

    page: Page[ReceiptLine]
    standing: Cents


class Payer(Struct, frozen=True, kw_only=True):
    """A patient who may pay: what they owe, and their money on account."""

    id: int
    family: str
    given: str
    born: date | None
    owed: Cents = 0
    unapplied: Cents = 0


def receipt_list(
    scope: Scope, *, state: str = "", since: date | None = None, until: date | None = None, page: str = ""
) -> Receipts:
    """Receipts, the latest first; four statements."""
    rows = scope.rows(Receipt)
    for condition, value in (("state", state), ("on__gte", since), ("on__lte", until)):
        rows = rows.filter(**{condition: value}) if value else rows
    sums = rows.aggregate(total=Count("id"), standing=Sum("amount", filter=Q(state="taken"), default=0))
    number, offset = asked(page, sums["total"])
    columns = ("number", "patient_id", "on", "state", "amount", "doc", "actor")
    some = list(rows.order_by("-number").values_list(*columns)[offset : offset + ROWS])
    names = names_of(scope, {row[1] for row in some if row[1]})
    lines = tuple(
        ReceiptLine(
            number=row[0], patient=row[1], family=names.get(row[1], ("", ""))[0], given=names.get(row[1], ("", ""))[1],
            on=row[2], state=row[3], amount=row[4], facts=decoded(row[5], PaymentFacts, f"receipt {row[0]}"), by=row[6],
        )
        for row in some
    )  # fmt: skip
    return Receipts(page=Page(rows=lines, number=number, total=sums["total"]), standing=sums["standing"])


def names_of(scope: Scope, patients: set[int]) -> dict[int, tuple[str, str]]:
    """(family, given) of patients by row id."""
    rows = found(scope, PatientRow, "id", patients, "id", "family", "given")
    return {row_id: (family, given) for row_id, family, given in rows}


def payers_found(scope: Scope, text: str) -> list[Payer]:
    """Patients by the beginning of their family name ("Smith, J"), or by a visit's account number."""
    text = text.strip()
    if len(text) < 2:
        return []
    family, _comma, given = (part.strip() for part in text.partition(","))
    named = Q(family__istartswith=family) & Q(given__istartswith=given)
    visits = scope.rows(EncounterRow).filter(account_number__iexact=text).values("patient_id")
    rows = scope.rows(PatientRow).filter(named | Q(pk__in=visits)).order_by("family", "given", "id")
    return _payers(scope, list(rows.values_list("id", flat=True)[:FOUND]))


def payers_with_money(scope: Scope) -> list[Payer]:
    """Patients who have money on account and owe something: it can be applied."""
    return _payers(scope, patients_with_money_to_apply(scope)[:ROWS])


def payer_of(scope: Scope, patient: int) -> Payer | None:
    """One patient; None when the practice has none of this id."""
    return next(iter(_payers(scope, [patient])), None)


def _payers(scope: Scope, ids: list[int]) -> list[Payer]:
    columns = ("id", "family", "given", "birth_date")
    rows = {row[0]: row for row in found(scope, PatientRow, "id", ids, *columns)}
    owed: dict[int, Cents] = {}
    for one, amount in found(scope, LineBalance, "line__patient_id", ids, "line__patient_id", "patient"):
        owed[one] = owed.get(one, 0) + amount
    parties = {patient_party(one): one for one in ids}
    moved = scope.rows(Posting).filter(account=Account.UNAPPLIED.value, payer__in=list(parties)).order_by()
    loose = {parties[party]: -total for party, total in moved.values_list("payer").annotate(sum=Sum("amount"))}
    return [
        Payer(
            id=one, family=rows[one][1], given=rows[one][2], born=rows[one][3], owed=owed.get(one, 0),
            unapplied=loose.get(one, 0),
        )
        for one in ids
        if one in rows
    ]  # fmt: skip


def labels_of(scope: Scope, lines: list[str]) -> dict[str, tuple[str, date]]:
    """(code, day) of charge lines by key."""
    rows = found(scope, ChargeLine, "key", lines, "key", "code", "service_start")
    return {key: (code, day) for key, code, day in rows}

"""Rows and money of one record go to another and come back: what moved is kept row by row, so that it can be undone."""

from collections.abc import Iterable, Mapping
from datetime import date

from msgspec import Struct
from msgspec.structs import replace

from superbill.app.accounts.actors import Scope
from superbill.app.billing.actions import PaymentFacts, patient_party
from superbill.app.billing.journal import write_entries
from superbill.app.billing.models import Posting, Receipt
from superbill.app.billing.parties import patient_of
from superbill.app.billing.payments import where_now
from superbill.app.documents import decoded, encoded
from superbill.app.guarantors.models import Guarantee, Guarantor
from superbill.app.patients.merge_keys import MOVING, Key
from superbill.app.reports.models import Spell
from superbill.app.rows import found
from superbill.app.work import Work
from superbill.ledger.accounts import Account
from superbill.ledger.entry import Entry, Reason
from superbill.ledger.entry import Posting as Move
from superbill.money import Cents

LINES = MOVING["billing.ChargeLine.patient_id"]


class Shift(Struct, frozen=True, kw_only=True):
    """Rows (ids) whose column `key` said `old` and says `new`."""

    key: str
    old: int | str | None
    new: int | str
    rows: tuple[int, ...]


def move_rows(work: Work, keys: Iterable[Key], gone: int, kept: int) -> list[Shift]:
    """What names `gone` in these columns names `kept` from now on."""
    shifts = []
    for key in keys:
        mine = key.moving(work.scope, gone, kept)
        ids = tuple(mine.order_by("pk").values_list("pk", flat=True))
        if ids:
            shift = Shift(key=key.name, old=key.value(gone), new=key.value(kept), rows=ids)
            _set(work, shift, shift.old, shift.new)
            shifts.append(shift)
    return shifts


def move_back(work: Work, shifts: Iterable[Shift]) -> None:
    """The rows name again whom they named before; those that were moved on since stay where they are."""
    for shift in reversed(list(shifts)):
        _set(work, shift, shift.new, shift.old)


def _set(work: Work, shift: Shift, old: int | str | None, new: int | str | None) -> None:
    key = MOVING[shift.key]
    work.scope.rows(key.model).filter(pk__in=shift.rows, **{key.column: old}).update(**{key.column: new})
    if key is LINES:
        work.scope.rows(Spell).filter(line_id__in=shift.rows).update(patient_id=new)


def name_in_receipts(work: Work, gone: int, kept: int) -> dict[int, tuple[int, ...]]:
    """Receipts whose money may go to lines of `gone` may go to those of `kept`: whose they were before, by row id.

    Who the patients are now comes first, who they were stays for the trace.
    """
    tags = {
        remarks.partition("\n")[0]
        for (remarks,) in found(work.scope, Posting, "payer", [patient_party(gone)], "remarks")
    }
    numbers = {int(tag[1:]) for tag in tags if tag[:1] == "R" and tag[1:].isdecimal()}
    rows = work.scope.rows(Receipt)
    before: dict[int, tuple[int, ...]] = {}
    for row in (rows.filter(number__in=numbers) | rows.filter(patient_id=gone)).order_by("pk"):
        facts = decoded(row.doc, PaymentFacts, f"receipt {row.number}")
        if gone not in facts.patients:
            continue
        before[row.pk] = facts.patients
        now = (kept if one == gone else one for one in facts.patients)
        row.doc = encoded(replace(facts, patients=tuple(dict.fromkeys((*now, *facts.patients)))))
        row.save(update_fields=["doc"])
    return before


def name_back(work: Work, before: Mapping[int, tuple[int, ...]]) -> None:
    """Receipts name whom they named; where their money went to others since, these stay among them."""
    for row in work.scope.rows(Receipt).filter(pk__in=list(before)).order_by("pk"):
        facts = decoded(row.doc, PaymentFacts, f"receipt {row.number}")
        holders = {payer for account, line, payer in where_now(work.scope, row) if payer}
        since = [one for one in sorted(filter(None, map(patient_of, holders))) if one in facts.patients]
        row.doc = encoded(replace(facts, patients=tuple(dict.fromkeys((*before[row.pk], *since)))))
        row.save(update_fields=["doc"])


def on_account(scope: Scope, patient: int) -> dict[str, Cents]:
    """Cents on account by the label of their receipt; what comes to nothing is left out."""
    rows = found(
        scope, Posting, "payer", [patient_party(patient)], "amount", "remarks", account=Account.UNAPPLIED.value
    )
    sums: dict[str, Cents] = {}
    for amount, remarks in rows:
        tag = remarks.partition("\n")[0]
        sums[tag] = sums.get(tag, 0) - amount
    return {tag: left for tag, left in sums.items() if left}


def transfer(work: Work, from_: int, to: int, amounts: dict[str, Cents], key: str, on: date, memo: str) -> None:
    """Money on account goes from one to the other, receipt by receipt."""
    moves = [
        Move(
            account=Account.UNAPPLIED,
            amount=cents if patient == from_ else -cents,
            payer=patient_party(patient),
            reason=Reason(remarks=(tag,) if tag else ()),
        )
        for tag, cents in amounts.items()
        for patient in (from_, to)
    ]
    if moves:
        write_entries(work, [Entry(key=key, kind="transfer", on=on, memo=memo, postings=tuple(moves))])


def take_contact(work: Work, former: int, now: int) -> bool:
    """Where a person said that a guarantor is reached counts for who they turned out to be, where nobody said so of
    them."""
    rows = work.scope.rows(Guarantor)
    told = rows.filter(pk=former).values_list("corrected", flat=True)[0]
    return bool(told and rows.filter(pk=now, corrected="").update(corrected=told))


def drop_contact(work: Work, former: Iterable[int], now: int) -> None:
    """Take it back, unless somebody corrected it since."""
    rows = work.scope.rows(Guarantor)
    told = rows.filter(pk__in=list(former)).values_list("corrected", flat=True)
    rows.filter(pk=now, corrected__in=list(told)).update(corrected="")


Days = dict[int, tuple[str, str]]  # a term's row id: the day on which it ends and when it was replaced, "" for neither


def terms_of(scope: Scope, patient: int) -> Days:
    """How the terms of who pays for a patient stand."""
    rows = scope.rows(Guarantee).filter(patient_id=patient).values_list("pk", "until", "replaced")
    return {pk: (str(until or ""), replaced.isoformat() if replaced else "") for pk, until, replaced in rows}


def terms_back(work: Work, before: Days, after: Days) -> None:
    """Terms that a merge ended stand as before, those that it made count no longer; what came since stays."""
    for row in work.scope.rows(Guarantee).filter(pk__in=list(after)).order_by("pk"):
        now = (str(row.until or ""), row.replaced.isoformat() if row.replaced else "")
        if now != after[row.pk]:
            continue
        if row.pk not in before:
            row.replaced = work.at
        else:
            until, _ = before[row.pk]
            row.until, row.replaced = (date.fromisoformat(until) if until else None), None
        row.save(update_fields=["until", "replaced"])

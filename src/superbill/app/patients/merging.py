"""Two records that are of one person become one: what moves is told before, moved at once, and can be moved back.

`merge_keys` lists every column that says whose a row is. The journal is never changed: a charge line keeps its entries
and gets another patient, money on account goes over by a transfer, receipt by receipt. Statements, answers of payers
and authorizations stay as they are and are read under both. The record that is gone stays, and points to the other.
"""

from collections.abc import Iterable, Iterator
from datetime import date, datetime

from msgspec import Struct, to_builtins

from superbill.app.accounts.actors import Actor, Scope
from superbill.app.accounts.permissions import Permission
from superbill.app.authorizations.models import AuthorizationRow
from superbill.app.billing.actions import PaymentFacts
from superbill.app.billing.journal import hold_journal
from superbill.app.billing.models import PaymentPlan, PlanState, Receipt, Refund, RefundState
from superbill.app.documents import decoded, encoded
from superbill.app.eligibility.models import EligibilityRow
from superbill.app.encounters.models import EncounterRow
from superbill.app.guarantors.deriving import in_force
from superbill.app.guarantors.models import Guarantor
from superbill.app.guarantors.queries import guarantor_of, stored_terms
from superbill.app.patients.merge_charts import (
    Added,
    Joined,
    Pointed,
    Revised,
    joined,
    point_back,
    point_to,
    store_joined,
    store_parted,
)
from superbill.app.patients.merge_keys import MOVING, OF_GUARANTOR, OF_PATIENT, TABLES
from superbill.app.patients.merge_rows import (
    Days,
    Shift,
    drop_contact,
    move_back,
    move_rows,
    name_back,
    name_in_receipts,
    on_account,
    take_contact,
    terms_back,
    terms_of,
    transfer,
)
from superbill.app.patients.models import PatientMerge, PatientRow
from superbill.app.portal.models import PortalAccount
from superbill.app.rows import found
from superbill.app.statements.models import Statement
from superbill.app.work import Work, action
from superbill.chart.model import Chart
from superbill.money import Cents, dollars

REASON_LIMIT = 200
DECISIONS = MOVING["guarantors.Guarantee.patient_id"]
PAYERS = MOVING["guarantors.Guarantee.guarantor_id"]
THREADS = MOVING["threads.Thread.guarantor_id"]
MERGED = MOVING["guarantors.Guarantor.merged_into_id"]


class NotMerged(ValueError):
    """Two records that can't be merged, or taken apart; the message says why. Nothing was changed."""


class Moved(Struct, frozen=True, kw_only=True):
    """What a merge moved, by which it is undone: rows by column, cents on account by receipt (its label), what the
    record that stayed got, where pictures and checks pointed before, whom receipts named (row ids), how the terms of
    who pays stood and stand, guarantors who got a corrected address. `rows`, `guarantees`, `threads` and `guarantor`
    are of merges before `shifts` were kept."""

    rows: dict[str, tuple[int, ...]] = {}
    on_account: dict[str, Cents] = {}
    guarantees: tuple[int, ...] = ()
    threads: tuple[int, ...] = ()
    guarantor: int = 0
    coverages: tuple[str, ...] = ()
    filled: tuple[str, ...] = ()
    pointed: Pointed = {}
    shifts: tuple[Shift, ...] = ()
    receipts: dict[int, tuple[int, ...]] = {}
    revised: Revised = Revised()
    terms: tuple[Days, Days] = ({}, {})
    contacts: tuple[int, ...] = ()


class Preview(Struct, frozen=True, kw_only=True):
    """What would move, in numbers; `read` stays as it was sent or answered and is read under both; `against` are the
    reasons why it can't."""

    counts: tuple[tuple[str, int], ...]
    on_account: Cents
    coverages: tuple[str, ...]
    filled: tuple[str, ...]
    against: tuple[str, ...]
    read: tuple[tuple[str, int], ...] = ()

    @property
    def possible(self) -> bool:
        """Whether nothing stands against it."""
        return not self.against


def preview_merge(scope: Scope, kept: int, gone: int, on: date) -> Preview:
    """What a merge of `gone` into `kept` (row ids) on a day would move. Nothing is changed."""
    one, other = _charts(scope, kept, gone)
    told = joined(one, other, gone)
    payers = _payers(scope, kept, gone, on)
    counts = [(key.word, key.moving(scope, gone, kept).count()) for key in OF_PATIENT if key.word]
    for key in OF_GUARANTOR:
        if key.word:
            counts.append((key.word, sum(key.moving(scope, former, now).count() for former, now in payers)))
    stays = (
        ("statements", scope.rows(Statement).filter(guarantor_id__in=[former for former, _ in payers]).count()),
        ("answers of payers", scope.rows(EligibilityRow).filter(patient_id=gone).count()),
        ("authorizations", scope.rows(AuthorizationRow).filter(patient_id=gone).count()),
    )
    names = {f"merged-{gone}-{each.id}": f"{each.payer} {each.member_id}".strip() for each in other.coverages}
    return Preview(
        counts=tuple((word, count) for word, count in counts if count),
        on_account=sum(on_account(scope, gone).values()),
        coverages=tuple(names[one] for one in told.added.coverages),
        filled=told.added.filled,
        against=tuple(_against(scope, kept, gone, on)),
        read=tuple((word, count) for word, count in stays if count),
    )


def merge_patients(actor: Actor, kept: int, gone: int, reason: str, *, at: datetime) -> int:
    """All that belongs to `gone` goes to `kept`, in one transaction; the row id of the merge, by which it is undone.

    Raises NotMerged for a patient of another practice or merged before, without a reason, and for what stands against
    it (an open refund, a plan or a log-in on either side, two decisions about who pays, the same visit in both).
    """
    with action(actor, Permission.MERGE_PATIENTS, "merge patients", at) as work:
        hold_journal(work.scope)
        if not reason.strip() or len(reason) > REASON_LIMIT:
            raise NotMerged(f"Say why they are one person, in at most {REASON_LIMIT} characters.")
        one, other = _charts(work.scope, kept, gone)
        if against := list(_against(work.scope, kept, gone, at.date())):
            raise NotMerged(" ".join(against))
        row = PatientMerge(
            practice_id=work.practice_id, kept_id=kept, gone_id=gone, doc="{}", reason=reason.strip(), by=actor.name,
            at=at,
        )  # fmt: skip
        work.scope.rows(PatientMerge).bulk_create([row])
        moved = _merged(work, row, joined(one, other, gone))
        row.doc = encoded(to_builtins(moved, str_keys=True))
        row.save(update_fields=["doc"])
        work.note("patient", ids=[kept, gone], merge=row.pk)
        return row.pk


def _merged(work: Work, row: PatientMerge, told: Joined) -> Moved:
    kept, gone = row.kept_id, row.gone_id
    loose = on_account(work.scope, gone)
    # Before the record points to the other: from then on the journal puts its money on account to the other.
    transfer(work, gone, kept, loose, f"merge:{row.pk}", work.at.date(), f"records {kept} and {gone} merged")
    receipts = name_in_receipts(work, gone, kept)
    before = terms_of(work.scope, kept)
    shifts = move_rows(work, OF_PATIENT, gone, kept)
    by_word = {key.word: shift.rows for key in OF_PATIENT for shift in shifts if shift.key == key.name}
    pointed = point_to(work, by_word, told.ids)
    decided = {pk for shift in shifts if shift.key == DECISIONS.name for pk in shift.rows}
    revised = store_joined(work, kept, gone, told)
    payers = _payers(work.scope, kept, gone, work.at.date())
    for former, now in payers:
        shifts += move_rows(work, OF_GUARANTOR, former, now)
        work.scope.rows(Guarantor).filter(pk=former).update(merged_into_id=now)
        shifts.append(Shift(key=MERGED.name, old=None, new=now, rows=(former,)))
    contacts = [now for former, now in payers if take_contact(work, former, now)]
    after = {pk: stands for pk, stands in terms_of(work.scope, kept).items() if pk not in decided}
    new = {pk: stands for pk, stands in after.items() if before.get(pk) != stands}
    return Moved(
        on_account=loose, coverages=told.added.coverages, filled=told.added.filled, pointed=pointed,
        shifts=tuple(shifts), receipts=receipts, revised=revised, contacts=tuple(contacts),
        terms=({pk: before[pk] for pk in new if pk in before}, new),
    )  # fmt: skip


def undo_merge(actor: Actor, merge: int, *, at: datetime) -> None:
    """What the merge moved goes back; what came to the record since stays there. Raises NotMerged where money that
    came with it was used since, where the record that stayed was merged again, or where it is undone already."""
    with action(actor, Permission.MERGE_PATIENTS, "undo merge", at) as work:
        hold_journal(work.scope)
        row = work.scope.rows(PatientMerge).filter(pk=merge, undone_at=None).first()
        if row is None:
            raise NotMerged("There is no such merge, or it was taken apart before.")
        moved, kept, gone = decoded(row.doc, Moved, f"merge {merge}"), row.kept_id, row.gone_id
        _must_come_apart(work.scope, moved, kept)
        move_back(work, moved.shifts or _earlier(work.scope, moved, kept, gone))
        point_back(work, moved.pointed)
        terms_back(work, *moved.terms)
        got = Added(coverages=moved.coverages, filled=moved.filled)
        store_parted(work, kept, gone, got, moved.revised)
        for now in moved.contacts:
            former = [
                row for shift in moved.shifts if (shift.key, shift.new) == (MERGED.name, now) for row in shift.rows
            ]
            drop_contact(work, former, now)
        back = f"unmerge:{merge}"
        transfer(work, kept, gone, moved.on_account, back, at.date(), f"records {kept} and {gone} taken apart")
        name_back(work, moved.receipts or _receipts_then(work.scope, moved, kept, gone))
        row.undone_by, row.undone_at = actor.name, at
        row.save(update_fields=["undone_by", "undone_at"])
        work.note("patient", ids=[kept, gone], unmerge=merge)


def _must_come_apart(scope: Scope, moved: Moved, kept: int) -> None:
    if scope.rows(PatientRow).filter(pk=kept, merged_into__isnull=False).exists():
        raise NotMerged("The record that stayed was merged into another one since: take that apart first.")
    there = on_account(scope, kept)
    for tag, amount in moved.on_account.items():
        if abs(there.get(tag, 0)) < abs(amount) or (there.get(tag, 0) > 0) != (amount > 0):
            raise NotMerged(
                f"{dollars(abs(amount))} on account ({tag or 'no receipt'}) was used since. Put it back on account "
                "first."
            )


def _earlier(scope: Scope, moved: Moved, kept: int, gone: int) -> Iterator[Shift]:
    """What a merge moved that was made before it kept that column by column."""
    for word, ids in moved.rows.items():
        if word in TABLES:
            yield Shift(key=f"{TABLES[word]._meta.label}.patient_id", old=gone, new=kept, rows=ids)
    own = dict(found(scope, Guarantor, "patient_id", [kept], "patient_id", "id"))
    for key, ids in ((PAYERS, moved.guarantees), (THREADS, moved.threads)):
        if ids and kept in own:
            yield Shift(key=key.name, old=moved.guarantor, new=own[kept], rows=ids)


def _receipts_then(scope: Scope, moved: Moved, kept: int, gone: int) -> dict[int, tuple[int, ...]]:
    ids = moved.rows.get("receipts", ())
    docs = found(scope, Receipt, "id", ids, "id", "doc")
    named = {pk: decoded(doc, PaymentFacts, "a receipt").patients for pk, doc in docs}
    return {pk: (gone, *(one for one in some if one not in (kept, gone))) for pk, some in named.items()}


def _charts(scope: Scope, kept: int, gone: int) -> tuple[Chart, Chart]:
    docs = dict(found(scope, PatientRow, "id", {kept, gone}, "id", "doc", merged_into=None))
    if kept == gone or len(docs) != 2:
        raise NotMerged("Name two patients of this practice, neither of them merged before.")
    return tuple(decoded(docs[one], Chart, f"patient {one}") for one in (kept, gone))  # type: ignore[return-value]  # two


def _payers(scope: Scope, kept: int, gone: int, on: date) -> list[tuple[int, int]]:
    """Guarantors who are nobody without the record that goes, and who they are from now on: the patient as their own
    guarantor, and the parent or guardian whom no paper names."""
    own = dict(found(scope, Guarantor, "patient_id", {gone, kept}, "patient_id", "id"))
    pairs = [(own.get(gone), own.get(kept))]
    names = {one: f"guardian:{one}" for one in (kept, gone)}
    guardians = dict(found(scope, Guarantor, "identity", names.values(), "identity", "id"))
    now = guardians.get(names[kept]) or guarantor_of(scope, [kept], on).get(kept)
    pairs.append((guardians.get(names[gone]), now))
    return [(former, now) for former, now in pairs if former and now and former != now]


def _against(scope: Scope, kept: int, gone: int, on: date) -> Iterable[str]:
    open_refunds = (RefundState.REQUESTED.value, RefundState.APPROVED.value)
    if scope.rows(Refund).filter(patient_id=gone, state__in=open_refunds).exists():
        yield "A refund is under way for the record that goes: pay or refuse it first."
    plans = [
        scope.rows(PaymentPlan).filter(patient_id=one, state=PlanState.ACTIVE.value).exists() for one in (kept, gone)
    ]
    if all(plans):
        yield "Both have a payment plan: end one of them first."
    visits = [
        set(scope.rows(EncounterRow).filter(patient_id=one).values_list("source_id", flat=True)) for one in (kept, gone)
    ]
    if same := visits[0] & visits[1]:
        yield f"{len(same)} visits are in both records under one number: they can't stand beside each other."
    payers = _payers(scope, kept, gone, on)
    open_now = scope.rows(PortalAccount).filter(closed=None)
    for former, now in payers:
        if open_now.filter(guarantor_id__in=(former, now)).count() > 1:
            yield "Both have a log-in to the patient pages: close one of them first."
    terms = stored_terms(scope, [kept, gone])
    known = dict(payers)
    decided = [in_force([one for one in terms.get(record, ()) if one.decided], on) for record in (kept, gone)]
    named = {known.get(one.guarantor, one.guarantor) for one in decided if one}
    if len(named) > 1:
        yield "For each record a person decided who pays, and not the same: end one of the decisions first."

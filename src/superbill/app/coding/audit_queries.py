"""Audits of coding, read."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime

from django.db.models import Count, Q
from msgspec import Struct

from superbill.app.accounts.actors import Scope
from superbill.app.coding.models import AuditItemRow, AuditRow, AuditStep, AuditStepRow, Purpose
from superbill.app.coding.queries import Kept, codings, same_person
from superbill.app.documents import decoded
from superbill.app.rows import chunks
from superbill.chart.model import Chart, EncounterRecord
from superbill.codesets.icd10cm.lookup import CodeBook
from superbill.coding.audit.comparing import unspecified_codes
from superbill.coding.audit.model import Candidate, Drawn, Pair, Plan, Price, final_of
from superbill.coding.deciding import Final, note_of, suggested_codes
from superbill.coding.history import Record
from superbill.coding.model import Disposition

_PEOPLE = (Purpose.DECIDED,)
_PROGRAMS = (Purpose.DECIDED, Purpose.CODED, Purpose.SUGGESTED)


class Known(Struct, frozen=True, kw_only=True):
    """A coding that may be drawn, and its visit (row id)."""

    candidate: Candidate
    encounter: int


class Audit(Struct, frozen=True, kw_only=True):
    """One audit with how far it is: visits drawn, coded a second time, closed."""

    number: int
    auditor: str
    at: datetime
    plan: Plan
    known: int
    drawn: int
    coded: int
    closed: int


class Item(Struct, frozen=True, kw_only=True):
    """One sampled visit with all that is known of it. Not for the second coder before they have coded: see `blind`.

    `reference` is None until the visit is closed.
    """

    id: int
    audit: int
    number: int
    account: str
    encounter_id: int
    encounter: EncounterRecord
    chart: Chart
    patient: str
    coder: str
    first: Final
    drawn: Drawn
    seconds: int | None = None
    second: Final | None = None
    second_coder: str = ""
    reference: Final | None = None


class Blind(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What the second coder gets of a visit: its note and the facts, no code and no coder.

    `recorded` are the words of what the chart itself records, where it does. `age` is in years.
    """

    account: str
    date_of_service: date
    age: int | None = None
    sex: str = ""
    setting: str = ""
    kind: str = ""
    reasons: tuple[str, ...] = ()
    recorded: tuple[str, ...] = ()
    note: str = ""


def candidates(
    scope: Scope, plan: Plan, *, price: Price | None = None, books: Callable[[date], CodeBook] | None = None
) -> Iterator[Known]:
    """The last coding of each visit that bills, with its signs, as the plan's span and coders ask for.

    How new a coder is counts from their first coding in the practice, whenever that was.
    """
    held = set(scope.rows(AuditItemRow).values_list("first_id", flat=True))
    last: dict[int, Known | None] = {}
    nth: dict[str, int] = defaultdict(int)
    began: dict[str, datetime] = {}
    for kept in codings(scope, *(_PROGRAMS if plan.programs else _PEOPLE)):
        nth[kept.coder] += 1
        days = (kept.at - began.setdefault(kept.coder, kept.at)).days
        bills = _bills(kept) and kept.row not in held and _asked(kept, plan)
        last[kept.id] = _known(kept, nth[kept.coder], days, price, books) if bills else None
    yield from filter(None, last.values())


def _bills(kept: Kept) -> bool:
    coded = kept.record.coded
    return coded is not None and bool(coded.diagnoses) and coded.disposition is Disposition.CODED


def _asked(kept: Kept, plan: Plan) -> bool:
    day = kept.date_of_service
    inside = (plan.since is None or plan.since <= day) and (plan.until is None or day <= plan.until)
    return inside and (not plan.coders or kept.coder in plan.coders)


def _known(kept: Kept, nth: int, days: int, price: Price | None, books: Callable[[date], CodeBook] | None) -> Known:
    book = books(kept.date_of_service) if books else None
    return Known(candidate=_candidate(kept, nth, days, price, book), encounter=kept.id)


def _candidate(kept: Kept, nth: int, days: int, price: Price | None, book: CodeBook | None) -> Candidate:
    assert kept.record.coded is not None, "only what is coded is asked about"
    codes, suggestion = final_of(kept.record.coded), kept.record.suggestion
    taken = {each.code for each in kept.record.decisions if each.verdict == "accepted"}
    scores = [each.score for each in suggested_codes(suggestion) if each.code in taken] if suggestion else []
    prices = [price(each.code, each.modifiers, kept.date_of_service) if price else None for each in codes.services]
    priced = [each * service.units for each, service in zip(prices, codes.services, strict=True) if each is not None]
    return Candidate(
        key=kept.row, coder=kept.coder, on=kept.date_of_service, codes=codes,
        unspecified=unspecified_codes(codes.diagnoses, book), score=min(scores, default=None),
        overrides=sum(each.verdict != "accepted" for each in kept.record.decisions),
        queries=len(suggestion.queries) if suggestion else 0, charge=sum(priced) if priced else None,
        nth=nth, days=days,
    )  # fmt: skip


def audits(scope: Scope) -> list[Audit]:
    """Every audit, the first one first."""
    steps = (
        scope.rows(AuditStepRow)
        .values_list("item__audit_id")
        .annotate(
            coded=Count("id", Q(step=AuditStep.SECOND.value)), closed=Count("id", ~Q(step=AuditStep.SECOND.value))
        )
        .order_by()
    )
    done = {audit: (coded, closed) for audit, coded, closed in steps}
    found = []
    for row in scope.rows(AuditRow).order_by("number"):
        coded, closed = done.get(row.pk, (0, 0))
        plan = decoded(row.doc, Plan, f"audit {row.number}")
        found.append(Audit(
            number=row.number, auditor=row.auditor, at=row.at, plan=plan, known=row.known, drawn=row.drawn,
            coded=coded, closed=closed,
        ))  # fmt: skip
    return found


def items(scope: Scope, *numbers: int) -> Iterator[Item]:
    """The sampled visits of these audits (of all without any), in the order drawn."""
    rows = scope.rows(AuditItemRow).order_by("audit__number", "id")
    yield from _items(scope, list(rows.filter(audit__number__in=numbers) if numbers else rows))


def item(scope: Scope, number: int, account: str, *, lock: bool = False) -> Item | None:
    """One sampled visit; None when the audit has it not. `lock` holds it until the transaction ends."""
    rows = scope.rows(AuditItemRow).filter(audit__number=number, encounter__account_number=account)
    if lock:
        rows = rows.select_for_update(of=("self",))
    return next(_items(scope, list(rows)), None)


def _items(scope: Scope, rows: Iterable[AuditItemRow]) -> Iterator[Item]:
    for some in chunks(list(rows), 200):
        ids = [row.pk for row in some]
        taken = {
            (step.item_id, step.step): step for step in scope.rows(AuditStepRow).filter(item_id__in=ids)
        }  # fmt: skip
        full = scope.rows(AuditItemRow).select_related("audit", "encounter__patient", "first").in_bulk(ids)
        yield from (_item(full[row], taken) for row in ids)


def _item(row: AuditItemRow, taken: dict[tuple[int, str], AuditStepRow]) -> Item:
    where = f"audit {row.audit.number}, {row.encounter.account_number}"
    record = decoded(row.first.doc, Record, where)
    assert record.coded is not None, "drawn because it is coded"
    second, end = taken.get((row.pk, AuditStep.SECOND.value)), taken.get((row.pk, AuditStep.RECONCILED.value))
    first = final_of(record.coded)
    reasons = {each.code: each.reason for each in record.decisions if each.reason}
    return Item(
        id=row.pk, audit=row.audit_id, number=row.audit.number, account=row.encounter.account_number,
        encounter_id=row.encounter_id, encounter=decoded(row.encounter.doc, EncounterRecord, where),
        chart=decoded(row.encounter.patient.doc, Chart, where), patient=record.coded.patient_id,
        coder=row.first.coder,
        first=Final(diagnoses=first.diagnoses, services=first.services, reasons=reasons),
        drawn=decoded(row.doc, Drawn, where), seconds=record.seconds,
        second=decoded(second.doc, Final, where) if second else None,
        second_coder=second.auditor if second else "",
        reference=decoded(end.doc, Final, where) if end else None,
    )  # fmt: skip


def waiting_items(scope: Scope, encounter: int, reader: str) -> list[int]:
    """The audits (numbers) in which a visit (row id) waits for its blind second coding, but for those of the
    reader's own coding: what they coded first they know."""
    coded = scope.rows(AuditStepRow).filter(step=AuditStep.SECOND.value).values("item_id")
    rows = scope.rows(AuditItemRow).filter(encounter_id=encounter).exclude(id__in=coded).order_by("audit__number")
    return [
        number for number, coder in rows.values_list("audit__number", "first__coder") if not same_person(coder, reader)
    ]


def blind(item: Item) -> Blind:
    """What of a sampled visit its second coder may see."""
    encounter, patient = item.encounter, item.chart.patient
    day, born = encounter.date_of_service, patient.birth_date
    said = (*(each.concept for each in encounter.conditions), *(each.concept for each in encounter.procedures))
    age = day.year - born.year - ((day.month, day.day) < (born.month, born.day)) if born else None
    return Blind(
        account=item.account, date_of_service=day, age=age, sex=patient.sex, setting=encounter.class_code,
        kind=encounter.kind.label, reasons=tuple(label for each in encounter.reasons if (label := each.label)),
        recorded=tuple(label for each in said if (label := each.label)), note=note_of(encounter),
    )  # fmt: skip


def pair(item: Item) -> Pair | None:
    """The two codings of a closed visit; None while it is open."""
    if item.second is None or item.reference is None:
        return None
    performer = item.encounter.performer
    name = " ".join((*performer.name.given, performer.name.family)) if performer else ""
    return Pair(
        key=item.id, coder=item.coder, on=item.encounter.date_of_service, first=item.first, second=item.second,
        reference=item.reference, provider=name, seconds=item.seconds,
    )  # fmt: skip


def times(scope: Scope) -> dict[str, list[int | None]]:
    """The seconds of every coding that a person decided on, by coder; None where nobody took them."""
    found: dict[str, list[int | None]] = defaultdict(list)
    for kept in codings(scope, Purpose.DECIDED):
        found[kept.coder].append(kept.record.seconds)
    return found

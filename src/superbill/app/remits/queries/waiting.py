"""What waits for a person, or for the rest of its payment; and which claims an answer may be meant for."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta

from django.db.models import Q, QuerySet
from msgspec import Struct

from superbill.app.accounts.actors import Scope
from superbill.app.billing.models import LineBalance
from superbill.app.claims.models import ClaimRow
from superbill.app.documents import decoded
from superbill.app.remits.lookup import ANSWERABLE
from superbill.app.remits.models import IN_SUSPENSE, RemittanceClaimRow, RemittanceRow, RemittanceState
from superbill.app.rows import found
from superbill.claims.model import Claim
from superbill.findings import Finding
from superbill.money import Cents
from superbill.remits.candidates import Possible, Ranked, first_day, ranked
from superbill.x12.model import Remittance, RemittanceClaim

_NEAR = timedelta(days=7)
_FAR = timedelta(days=60)
_LOOKED_AT = 300  # claims of a kind that are ranked; more of them than that tell no one apart
_CORE = 4  # letters and digits of a control number that are worth looking for inside another


class OpenAnswer(Struct, frozen=True, kw_only=True):
    """An answer whose money is in SUSPENSE, or that moves none and waits all the same. `state` is that of its row."""

    id: int
    remittance: int
    trace_number: str
    payer_key: str
    paid_on: date
    control_number: str
    payer_control_number: str
    status: str
    charge: Cents
    paid: Cents
    state: str
    why: str
    findings: tuple[Finding, ...]


class OpenRemittance(Struct, frozen=True, kw_only=True):
    """A remittance of which nothing is posted: held for a person, or waiting for the rest of its payment."""

    id: int
    trace_number: str
    payer_key: str
    state: str
    since: datetime | None
    payment_amount: Cents
    payment_date: date
    findings: tuple[Finding, ...]


def open_answers(scope: Scope, *, states: Sequence[str] = IN_SUSPENSE) -> list[OpenAnswer]:
    """Answers of posted payments that wait for a person, oldest first."""
    columns = (
        "id", "remittance_id", "remittance__trace_number", "remittance__payer_key", "remittance__payment_date",
        "control_number", "payer_control_number", "status", "charge", "paid", "state", "why", "findings",
    )  # fmt: skip
    rows = scope.rows(RemittanceClaimRow).filter(state__in=states, remittance__state=RemittanceState.POSTED)
    names = OpenAnswer.__struct_fields__
    return [
        OpenAnswer(
            **dict(zip(names[:-1], row[:-1], strict=True)),
            findings=decoded(row[-1], tuple[Finding, ...], f"answer {row[0]}"),
        )
        for row in rows.order_by("id").values_list(*columns)
    ]


def open_remittances(scope: Scope) -> list[OpenRemittance]:
    """Remittances that are held or wait, oldest first."""
    names = OpenRemittance.__struct_fields__
    rows = scope.rows(RemittanceRow).filter(state__in=(RemittanceState.HELD, RemittanceState.WAITING))
    return [
        OpenRemittance(
            **dict(zip(names[:-1], row[:-1], strict=True)),
            findings=decoded(row[-1], tuple[Finding, ...], f"remittance {row[0]}"),
        )
        for row in rows.order_by("id").values_list(*names)
    ]


def remittances_named(scope: Scope, name: str) -> list[RemittanceRow]:
    """The remittances that a person means by a trace number, a journal source, or, where none is called so, a row's
    id; parts come last."""
    rows = scope.rows(RemittanceRow)
    found = list(rows.filter(Q(trace_number=name) | Q(source=name)))
    if not found and name.isascii() and name.isdigit() and len(name) < 19:
        found = list(rows.filter(pk=int(name)))
    return sorted(found, key=lambda row: (row.state == "part", row.pk))


def can_post_again(scope: Scope, file: int) -> bool:
    """Whether a file received before (row id) brings a payment that was voided, or put away, since."""
    again = Q(state=RemittanceState.VOIDED) | Q(part_of__state=RemittanceState.VOIDED)
    return scope.rows(RemittanceRow).filter(again, received_file=file).exists()


def candidates(scope: Scope, answer: int, *, limit: int = 5) -> list[Ranked]:
    """The claims that an answer (row id) may be meant for, the likeliest first, each with its reasons.

    Six statements, whatever the number of claims.
    """
    columns = ("remittance__doc", "position", "remittance__payer_key")
    row = scope.rows(RemittanceClaimRow).filter(pk=answer).values_list(*columns).first()
    if row is None:
        return []
    doc, position, payer = row
    told = decoded(doc, Remittance, f"answer {answer}").claims[position]
    return ranked(told, payer, _possible(scope, told, payer), limit=limit)


def _possible(scope: Scope, answer: RemittanceClaim, payer: str) -> list[Possible]:
    columns = ("id", "doc", "payer_key", "payer_control_number")
    rows: dict[int, tuple[str, str, str]] = {}
    for some in _near(scope, answer, payer):
        rows |= {row[0]: row[1:] for row in some.values_list(*columns)[:_LOOKED_AT]}
    claims = {row_id: decoded(doc, Claim, f"claim {row_id}") for row_id, (doc, _, _) in rows.items()}
    keys = {line.control_number for claim in claims.values() for line in claim.lines}
    still_open = dict(found(scope, LineBalance, "line__key", keys, "line__key", "insurance"))
    return [
        Possible(
            claim=claims[row_id],
            payer_key=payer_key,
            payer_control_number=number,
            open=sum(still_open.get(line.control_number, 0) for line in claims[row_id].lines),
        )
        for row_id, (_, payer_key, number) in rows.items()
    ]


def _near(scope: Scope, answer: RemittanceClaim, payer: str) -> Iterator[QuerySet[ClaimRow]]:
    """Claims that have something in common with the answer, by one thing after the other."""
    sent = scope.rows(ClaimRow).filter(state__in=ANSWERABLE).order_by("-service_start", "id")
    number = "".join(letter for letter in answer.control_number.upper() if letter.isalnum())
    if len(number.lstrip("0")) >= _CORE:
        yield sent.filter(control_number__contains=number.lstrip("0"))
    if answer.payer_control_number:
        yield sent.filter(payer_control_number=answer.payer_control_number)
    keys = [line.control_number for line in answer.lines if line.control_number]
    if keys:
        from superbill.app.billing.models import ChargeLine

        yield sent.filter(encounter_id__in=scope.rows(ChargeLine).filter(key__in=keys).values("encounter_id"))
    day = first_day(answer)
    if day is not None:
        yield sent.filter(payer_key=payer, service_start__range=(day - _NEAR, day + _NEAR))
    if answer.patient and answer.patient.last:
        named = sent.filter(encounter__patient__family__iexact=answer.patient.last)
        yield named.filter(service_start__range=(day - _FAR, day + _FAR)) if day else named

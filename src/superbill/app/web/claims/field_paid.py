"""What other payers did with a claim and with each of its lines: amounts paid, days, what they took off and why."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as later
from msgspec import Struct
from msgspec.structs import replace

from superbill.app.web.claims.field_lists import listed
from superbill.app.web.claims.fields import Column, Field, Providers, Unreadable, Word, day_text, money_text
from superbill.claims.model import Adjustment, LineAdjudication, Procedure

_MOST = 450  # adjustments of a line: fifteen payers, five groups, six reasons of each
_GROUPS: Mapping[str, Word] = {
    "": "–", "CO": later("CO contract"), "PR": later("PR patient"), "OA": later("OA other"), "PI": later("PI payer"),
}  # fmt: skip
_PAYER = Column(name="payer_id", label=later("Payer id"), most=80)
_GROUP = Column(name="group", label=later("Group"), look="", options=_GROUPS, shape="two")
_REASON = Column(name="reason", label=later("Reason"), most=5, shape="reason")
_AMOUNT = Column(name="amount", label=later("Amount"), look="n money", most=14)

ADJUSTED = listed(
    "adjustments", later("It took off the whole claim"), "adjustments", (_GROUP, _REASON, _AMOUNT),
    lambda one: (one.group, one.reason, money_text(one.amount)), Adjustment, _MOST, look="list long",
)  # fmt: skip


def _answer(payer: str, paid: int, on: Any, remaining: int | None) -> LineAdjudication:
    """What a row says; of what it was paid for is the line's to say."""
    return LineAdjudication(
        payer_id=payer, paid=paid, procedure=Procedure(code=""), units=Decimal(0), paid_on=on,
        remaining_patient_liability=remaining,
    )  # fmt: skip


_ANSWERS = listed(
    "adjudications", later("Paid by other payers"), "adjudications",
    (_PAYER, Column(name="paid", label=later("Paid"), look="n money", most=14),
     Column(name="on", label=later("On"), look="day", needed=False),
     Column(name="left", label=later("Patient owes"), look="n money", most=14, needed=False)),
    lambda one: (
        one.payer_id, money_text(one.paid), day_text(one.paid_on), money_text(one.remaining_patient_liability),
    ),
    _answer, 15, look="list long",
)  # fmt: skip


def _put_answers(line: Any, text: str, known: Providers) -> Any:
    """The line with these payments. One of a payer that is there already keeps what the row does not show."""
    before = line.adjudications
    now = []
    for one in _ANSWERS.write(line, text, known).adjudications:
        if one not in before:
            was = next((each for each in before if each.payer_id == one.payer_id and each not in now), None)
            base = was or replace(one, procedure=line.procedure, units=line.units, revenue_code=line.revenue_code)
            now.append(replace(base, paid=one.paid, paid_on=one.paid_on,
                               remaining_patient_liability=one.remaining_patient_liability))  # fmt: skip
        else:
            now.append(one)
    return replace(line, adjudications=tuple(now))


PAID: Field = replace(_ANSWERS, write=_put_answers)


class _Taken(Struct, frozen=True):
    """What a payer took off a line."""

    payer_id: str
    one: Adjustment


class _Line(Struct, frozen=True):
    """A line as a list of these."""

    taken: tuple[_Taken, ...]


_TAKEN = listed(
    "taken", later("Taken off by other payers"), "taken", (_PAYER, _GROUP, _REASON, _AMOUNT),
    lambda row: (row.payer_id, row.one.group, row.one.reason, money_text(row.one.amount)),
    lambda payer, group, reason, amount: _Taken(payer, Adjustment(group, reason, amount)), _MOST, look="list long",
)  # fmt: skip


def _taken(line: Any) -> _Line:
    return _Line(tuple(_Taken(each.payer_id, one) for each in line.adjudications for one in each.adjustments))


def _put_taken(line: Any, text: str, known: Providers) -> Any:
    """The line with these adjustments, each with the payer that made it. Raises Unreadable."""
    payers = [one.payer_id for one in line.adjudications]
    found = _TAKEN.write(_taken(line), text, known).taken
    for row in found:
        if payers.count(row.payer_id) != 1:
            raise Unreadable(_("Payer %s has to stand once among those that paid this line.") % row.payer_id)
    now = (
        replace(each, adjustments=tuple(row.one for row in found if row.payer_id == each.payer_id))
        for each in line.adjudications
    )
    return replace(line, adjudications=tuple(now))


TAKEN: Field = replace(
    _TAKEN, read=lambda line: _TAKEN.read(_taken(line)), write=_put_taken, place="adjudications.adjustments"
)

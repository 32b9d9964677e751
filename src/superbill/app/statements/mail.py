"""What people do about holds, consent and mail: actions that `actions` gathers."""

from datetime import date, datetime
from typing import Any

from superbill.app.accounts.actors import Actor
from superbill.app.accounts.permissions import Permission
from superbill.app.guarantors.actions import correct_contact
from superbill.app.guarantors.queries import Contact, cards
from superbill.app.rows import insert
from superbill.app.statements.consents import routes
from superbill.app.statements.models import Channel, Consent, Delivery, Happened, HoldKind, Statement
from superbill.app.statements.placing import BadHold, must_be_reason, place_hold, release_holds
from superbill.app.work import Work, action

_MAIL = (HoldKind.RETURNED_MAIL, HoldKind.BAD_ADDRESS)
_BY_HAND = frozenset(HoldKind) - {HoldKind.PAYMENT_PLAN, HoldKind.AGENCY}


class BadMail(ValueError):
    """Consent or mail that can't be recorded; the message says why. Nothing was changed."""


def hold(
    actor: Actor,
    kind: HoldKind,
    *,
    since: date,
    reason: str,
    guarantor: int | None = None,
    lines: tuple[str, ...] = (),
    until: date | None = None,
    at: datetime,
) -> list[int]:
    """Ask nothing of a guarantor, or for lines, from a day on; the holds' row ids.

    Raises BadHold; plans and agencies place theirs by themselves.
    """
    with action(actor, Permission.MAKE_STATEMENTS, "hold statements", at) as work:
        if kind not in _BY_HAND:
            raise BadHold(f"{kind.value} holds follow from the facts: open a plan, or place with an agency")
        if guarantor is not None and guarantor not in cards(work.scope, [guarantor]):
            raise BadHold(f"no guarantor {guarantor} in this practice")
        return place_hold(work, kind, since=since, until=until, reason=reason, guarantor=guarantor, lines=lines)


def release(actor: Actor, hold_id: int, *, on: date, why: str, at: datetime) -> None:
    """Let one hold go; reminders go on where they stopped. Raises BadHold for one that does not stand."""
    with action(actor, Permission.MAKE_STATEMENTS, "release hold", at) as work:
        if not release_holds(work, on=on, why=why, ids=[hold_id]):
            raise BadHold(f"no hold {hold_id} stands in this practice")


def give_consent(
    actor: Actor, guarantor: int, channel: Channel, how: str, *, on: date, address: str = "", at: datetime
) -> None:
    """A guarantor agrees on a day to get statements another way; a new address takes the place of the one before.

    Raises BadMail for a letter (nobody need agree to it), e-mail without an address, or nothing about how they agreed.
    """
    with action(actor, Permission.CORRESPOND, "give consent", at) as work:
        if channel is Channel.LETTER:
            raise BadMail("letters need no consent; withdraw the other one")
        if channel is Channel.EMAIL and not _address(address):
            raise BadMail(f"{address!r} is no e-mail address")
        if not how.strip():
            raise BadMail("say how they agreed: a signed form, by phone, on the portal")
        if guarantor not in cards(work.scope, [guarantor]):
            raise BadMail(f"no guarantor {guarantor} in this practice")
        _withdraw(work, guarantor, channel, on)
        row = (work.practice_id, guarantor, channel.value, address, how.strip()[:200], on, actor.name, at)
        insert(Consent, ("practice_id", "guarantor_id", "channel", "address", "how", "given", "actor", "at"), [row])
        work.note("guarantor", guarantor, consent=channel.value)


def withdraw_consent(actor: Actor, guarantor: int, channel: Channel, *, on: date, at: datetime) -> bool:
    """A guarantor takes their agreement back; whether there was one."""
    with action(actor, Permission.CORRESPOND, "withdraw consent", at) as work:
        withdrawn = _withdraw(work, guarantor, channel, on)
        if withdrawn:
            work.note("guarantor", guarantor, withdrawn=channel.value)
        return withdrawn


def _withdraw(work: Work, guarantor: int, channel: Channel, on: date) -> bool:
    standing = work.scope.rows(Consent).filter(guarantor_id=guarantor, channel=channel.value, withdrawn__isnull=True)
    return bool(standing.update(withdrawn=on, withdrawn_by=work.actor.name))


def _address(text: str) -> bool:
    name, _, host = text.partition("@")
    return bool(name) and "." in host and len(text) <= 254 and not any(c.isspace() or c in ",;<>" for c in text)


def returned(actor: Actor, number: int, *, on: date, reason: str, at: datetime) -> None:
    """A statement came back: its guarantor gets nothing more until somebody finds where they live.

    Raises BadMail for a number that is not there or was never sent.
    """
    with action(actor, Permission.CORRESPOND, "returned mail", at) as work:
        must_be_reason(reason)
        row = _statement(work, number)
        last = _last(work, row)
        if last is None or last.happened == Happened.QUEUED:
            raise BadMail(f"statement {number} was not sent yet")
        if last.happened == Happened.RETURNED:
            return
        _tell(work, row, last.channel, Happened.RETURNED, on, reason=reason)
        place_hold(
            work, HoldKind.RETURNED_MAIL, since=on, reason=reason, guarantor=_whose(row),
            source=f"returned:{number}",
        )  # fmt: skip


def resend(actor: Actor, number: int, *, on: date, at: datetime) -> None:
    """Put a statement in line again, by the guarantor's way and address of today; holds for returned mail end.

    Raises BadMail for a letter to somebody without an address, or one that is in line already.
    """
    with action(actor, Permission.CORRESPOND, "resend statement", at) as work:
        row = _statement(work, number)
        last = _last(work, row)
        if last is not None and last.happened == Happened.QUEUED:
            raise BadMail(f"statement {number} is in line already")
        guarantor = _whose(row)
        people = cards(work.scope, [guarantor])
        route = routes(work.scope, people.values(), on)[guarantor]
        if route.channel == Channel.LETTER and not people[guarantor].mailable:
            raise BadMail(f"guarantor {guarantor} has no address: superbill guarantor address")
        _tell(work, row, route.channel, Happened.QUEUED, on, reason="sent again")
        release_holds(work, on=on, why="sent again", guarantor=guarantor, kinds=_MAIL)


def new_address(actor: Actor, guarantor: int, contact: Contact, *, on: date, at: datetime) -> None:
    """Where to reach a guarantor from now on; holds for returned mail and bad addresses end. Raises BadGuarantor."""
    with action(actor, Permission.CORRESPOND, "new address", at) as work:
        correct_contact(actor, guarantor, contact, at=at)
        if contact.address is not None:
            release_holds(work, on=on, why="new address", guarantor=guarantor, kinds=_MAIL)


def mark_sent(actor: Actor, statement: int, channel: str, file: str, *, on: date, at: datetime) -> None:
    """A statement (row id) that was in line is on its way as `file`."""
    with action(actor, Permission.MAKE_STATEMENTS, "send statement", at) as work:
        row = work.scope.rows(Statement).get(pk=statement)
        last = _last(work, row)
        if last is not None and last.happened == Happened.QUEUED:
            _tell(work, row, channel, Happened.SENT, on, file=file)


def _statement(work: Work, number: int) -> Statement:
    row = work.scope.rows(Statement).filter(number=number).select_related("guarantor").first()
    if row is None:
        raise BadMail(f"no statement {number} in this practice")
    return row


def _whose(row: Statement) -> int:
    """The guarantor of a statement; after a merge, who they turned out to be."""
    return row.guarantor.merged_into_id or row.guarantor_id


def _last(work: Work, row: Statement) -> Delivery | None:
    return work.scope.rows(Delivery).filter(statement_id=row.pk).order_by("-id").first()


def _tell(
    work: Work, row: Statement, channel: str, what: Happened, on: date, *, file: str = "", reason: str = ""
) -> None:
    values: tuple[Any, ...] = (
        work.practice_id, row.pk, channel, what.value, on, file, reason[:500], work.actor.name, work.at,
    )  # fmt: skip
    columns = ("practice_id", "statement_id", "channel", "happened", "on", "file", "reason", "actor", "at")
    insert(Delivery, columns, [values])
    work.note("statement", row.pk, happened=what.value)

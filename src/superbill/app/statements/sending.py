"""Statements leave by their channel: letters as PDF with a list for the mail room, e-mail as notices that say nothing.

A connector takes the files. Each is the same whenever it is made again, so that a run which was stopped between a file
and its record sends nothing twice under two names.
"""

import csv
import io
from collections.abc import Sequence
from datetime import date, datetime
from email.message import EmailMessage
from email.utils import format_datetime
from hashlib import sha256

from msgspec import Struct
from msgspec.structs import replace

from superbill.app.accounts.actors import Actor, Scope
from superbill.app.accounts.permissions import Permission
from superbill.app.documents import decoded
from superbill.app.guarantors.queries import cards
from superbill.app.practices.queries import policy as policy_of
from superbill.app.rows import found
from superbill.app.statements.composing import envelope
from superbill.app.statements.consents import routes
from superbill.app.statements.mail import BadMail, mark_sent
from superbill.app.statements.making import numbered
from superbill.app.statements.models import Channel, Delivery, Happened, Statement
from superbill.connectors.base import Connector
from superbill.forms.statement import StatementData, render
from superbill.site.policy import MoneyPolicy

MANIFEST = ("file", "statement", "date", "name", "address", "sha256", "times_sent")


class Waiting(Struct, frozen=True, kw_only=True):
    """A statement in line: by which channel, to which e-mail address, and how often it was sent before."""

    id: int
    number: int
    guarantor: int
    channel: str
    queued: datetime
    address: str = ""
    sent_before: int = 0


class Sent(Struct, frozen=True, kw_only=True):
    """What a sending did: files by channel, and statements that had to stay with the reason of each."""

    letters: int = 0
    emails: int = 0
    portal: int = 0
    manifest: str = ""
    stayed: tuple[tuple[int, str], ...] = ()


def in_line(scope: Scope, on: date) -> list[Waiting]:
    """Statements that wait for their channel, by number; each goes the way that its guarantor agrees to on `on`."""
    events: dict[int, list[tuple[str, datetime]]] = {}
    rows = scope.rows(Delivery).order_by("id").values_list("statement_id", "happened", "at")
    for statement, happened, at in rows.iterator(chunk_size=2000):
        events.setdefault(statement, []).append((happened, at))
    queued = {row for row, told in events.items() if told[-1][0] == Happened.QUEUED}
    columns = ("number", "id", "guarantor_id", "guarantor__merged_into_id")
    known = sorted(
        (number, row, now or then) for number, row, then, now in found(scope, Statement, "id", queued, *columns)
    )
    ways = routes(scope, cards(scope, {row[2] for row in known}).values(), on)
    return [
        Waiting(
            id=row_id, number=number, guarantor=guarantor, channel=ways[guarantor].channel,
            address=ways[guarantor].address, queued=events[row_id][-1][1],
            sent_before=sum(what == Happened.SENT for what, _ in events[row_id]),
        )
        for number, row_id, guarantor in known
    ]  # fmt: skip


def send_statements(actor: Actor, connector: Connector, on: date, *, at: datetime) -> Sent:
    """Hand every statement in line to the connector and record that it went.

    Letters first, then their list (the mail room starts when it is there), then notices; only then what went is marked,
    so a run that was stopped is run again and sends the same files. What can't go stays in line, with the reason.
    Raises NotPermitted, ConnectorError.
    """
    actor.must(Permission.MAKE_STATEMENTS)
    scope, rules = actor.scope, policy_of(actor.scope)
    listed: list[tuple[object, ...]] = []
    stayed: list[tuple[int, str]] = []
    gone: list[tuple[Waiting, str]] = []
    for one in sorted(in_line(scope, on), key=lambda waiting: (waiting.channel != Channel.LETTER, waiting.number)):
        try:
            name, data = _file(scope, rules, one)
        except BadMail as error:
            stayed.append((one.number, str(error)))
            continue
        if name:
            connector.send(name, data)
        if one.channel == Channel.LETTER:
            listed.append(_listed(scope, one, name, data))
        gone.append((one, name))
    manifest = _send_list(connector, listed) if listed else ""
    for one, name in gone:
        mark_sent(actor, one.id, one.channel, name, on=on, at=at)
    went = [one.channel for one, _ in gone]
    return Sent(
        letters=went.count(Channel.LETTER.value),
        emails=went.count(Channel.EMAIL.value),
        portal=went.count(Channel.PORTAL.value),
        manifest=manifest,
        stayed=tuple(stayed),
    )


def document(scope: Scope, number: int) -> StatementData | None:
    """A statement as it was made, with its number."""
    row = scope.rows(Statement).filter(number=number).values_list("doc", flat=True).first()
    return replace(decoded(row, StatementData, f"statement {number}"), number=numbered(number)) if row else None


def _file(scope: Scope, rules: MoneyPolicy, one: Waiting) -> tuple[str, bytes]:
    """Name and content of what leaves; no name for what only the portal shows. Raises BadMail."""
    again = f"-{one.sent_before + 1}" if one.sent_before else ""
    if one.channel == Channel.LETTER:
        card = cards(scope, [one.guarantor])[one.guarantor]
        if not card.mailable:
            raise BadMail(f"guarantor {one.guarantor} has no address: superbill guarantor address")
        made = document(scope, one.number)
        assert made is not None  # it is in line
        return f"letter-{numbered(one.number)}{again}.pdf", render(replace(made, guarantor=envelope(card)))
    if one.address:
        return f"notice-{numbered(one.number)}{again}.eml", notice_mail(rules, one, scope.practice_id)
    return "", b""


def notice_mail(rules: MoneyPolicy, one: Waiting, practice: int) -> bytes:
    """An e-mail that a statement is ready: where to look and whom to call. No name, amount, date or reason of care.

    Raises BadMail when the office has not said who sends it and where the portal is.
    """
    policy = rules.statement
    if not policy.notices_from or not policy.portal:
        raise BadMail("e-mail needs notices_from and portal under [money.statement] of the site file")
    mail = EmailMessage()
    mail["From"] = policy.notices_from
    mail["To"] = one.address
    mail["Subject"] = "You have a new message"
    mail["Date"] = format_datetime(one.queued)
    key = sha256(f"{practice}:{one.number}:{one.sent_before}".encode()).hexdigest()[:32]
    mail["Message-ID"] = f"<{key}@{policy.notices_from.rpartition('@')[2].rstrip('>')}>"
    mail.set_content(
        "A new message is ready for you. To read it, sign in here:\n\n"
        f"{policy.portal}\n\n"
        "You get this e-mail because you asked us to write to you this way. "
        "To get letters instead, tell us on that page or call our office.\n"
    )
    return bytes(mail)


def _listed(scope: Scope, one: Waiting, name: str, data: bytes) -> tuple[object, ...]:
    card = cards(scope, [one.guarantor])[one.guarantor]
    place = " | ".join(envelope(card).address)
    return (
        name,
        numbered(one.number),
        one.queued.date(),
        card.addressee,
        place,
        sha256(data).hexdigest(),
        one.sent_before,
    )


def _send_list(connector: Connector, listed: Sequence[tuple[object, ...]]) -> str:
    """The letters of this sending as CSV, named by its content."""
    out = io.StringIO()
    table = csv.writer(out, lineterminator="\n")
    table.writerows([MANIFEST, *listed])
    data = out.getvalue().encode()
    name = f"letters-{sha256(data).hexdigest()[:16]}.csv"
    connector.send(name, data)
    return name

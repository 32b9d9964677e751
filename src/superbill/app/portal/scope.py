"""What one guarantor may see: their own bills, payments, plans, papers and questions, and nothing of anybody else.

Nobody reads anything of a practice by a PortalScope but through its methods, and none of them takes the id of a
person: a number of a statement, receipt, thread or line that is not the guarantor's own leads nowhere.
"""

from collections.abc import Mapping
from datetime import date

from django.db.models import Q
from msgspec import Struct

from superbill.app.accounts.actors import Actor, Scope
from superbill.app.accounts.permissions import Permission
from superbill.app.billing.cases import label
from superbill.app.billing.models import ChargeLine, PlanState, Receipt
from superbill.app.billing.parties import guarantor_party, patient_party
from superbill.app.billing.queries import plans
from superbill.app.billing.queries.cases import PlanView
from superbill.app.documents import decoded
from superbill.app.guarantors.queries import GuarantorCard, cards, guarantors_by_day, patients_of
from superbill.app.patients.models import PatientRow
from superbill.app.practices.models import Practice
from superbill.app.practices.queries import policy
from superbill.app.rows import found
from superbill.app.statements.consents import Route, routes
from superbill.app.statements.explaining import explained
from superbill.app.statements.holds import all_holds, stored_holds
from superbill.app.statements.models import HoldKind, Statement
from superbill.app.statements.owing import GuarantorDue, due_of
from superbill.app.statements.papers import itemized_bill, receipt
from superbill.app.statements.queries import sent_to
from superbill.app.threads.models import Side, Thread
from superbill.app.threads.queries import ThreadCard, WholeThread, thread, threads
from superbill.forms.itemized import ItemizedBill
from superbill.forms.receipt import ReceiptData
from superbill.forms.statement import Explanation, LineStory, StatementData
from superbill.forms.statement.words import hold_words
from superbill.money import Cents
from superbill.site import Site
from superbill.site.policy import MoneyPolicy

_READS = frozenset({Permission.READ_LEDGER, Permission.READ_CHARTS})
_MAIL = (HoldKind.RETURNED_MAIL.value, HoldKind.BAD_ADDRESS.value)  # they stop letters, not what one sees here


class Owing(Struct, frozen=True, kw_only=True):
    """What the guarantor owes (cents): `now` is asked for, `paused` is on hold. `since` the first of it became theirs;
    `due` the day on the last bill, None before the first."""

    now: Cents
    paused: Cents
    since: date | None
    due: date | None
    stories: tuple[LineStory, ...]
    unapplied: Cents
    held: Mapping[str, str]

    @property
    def whole(self) -> Cents:
        """What could be paid: both."""
        return max(self.now + self.paused, 0)

    @property
    def credit(self) -> Cents:
        """What they paid too much."""
        return max(-self.now, 0)


class Paid(Struct, frozen=True, kw_only=True):
    """A payment, by its receipt's number."""

    number: int
    label: str
    on: date
    amount: Cents
    state: str


class Bill(Struct, frozen=True, kw_only=True):
    """A statement that was sent."""

    number: int
    on: date
    due: date
    amount: Cents


class PortalScope:
    """One guarantor's own. `account` is the row id of the account by which they came in."""

    __slots__ = ("_books", "_guarantor", "account", "practice_id")

    def __init__(self, *, account: int, practice_id: int, guarantor: int) -> None:
        self.account, self.practice_id, self._guarantor = account, practice_id, guarantor
        self._books = Scope(practice_id, reader=self.name, may_read=_READS)

    @property
    def name(self) -> str:
        """Who acts, as the audit trail tells it."""
        return f"patient page {self.account}"

    def acting(self, permission: Permission) -> Actor:
        """The guarantor as an actor who may do this one thing. For `portal.actions` alone, which has made sure that
        what it is done to is their own."""
        return Actor(name=self.name, practice_id=self.practice_id, permissions=frozenset({permission}))

    @property
    def guarantor(self) -> int:
        """The row of the guarantor, for actions on their own account."""
        return self._guarantor

    def practice(self) -> Practice:
        """The practice whose bills these are."""
        return Practice.objects.get(pk=self.practice_id)

    def rules(self) -> MoneyPolicy:
        """The practice's rules about money."""
        return policy(self._books)

    def card(self) -> GuarantorCard:
        """Who they are, and where mail goes."""
        return cards(self._books, [self._guarantor])[self._guarantor]

    def patients(self, on: date) -> dict[int, str]:
        """The people whose bills they pay now, by row id, in the order of their names."""
        rows = found(
            self._books, PatientRow, "id", patients_of(self._books, self._guarantor, on), "id", "given", "family"
        )
        named = {row: f"{given.split(' ')[0]} {family}".strip() for row, given, family in rows}
        return dict(sorted(named.items(), key=lambda one: (one[1], one[0])))

    def due(self, on: date) -> GuarantorDue:
        """What is owed, line by line, and the money on account."""
        return due_of(self._books, self._guarantor, on)

    def owing(self, on: date, payer_names: Mapping[str, str]) -> Owing:
        """What is owed now, and why."""
        due = self.due(on)
        held = self.held(due, on)
        told = explained(self._books, payer_names, [one.line for one in due.lines], sum(due.unapplied.values()))
        paused = sum(one.amount for one in due.lines if one.key in held)
        since = min((story.line.owed_since for story in told.lines if story.line.owed_since), default=None)
        last = self._books.rows(Statement).filter(sent_to(self._guarantor), on__lte=on).order_by("-on").first()
        return Owing(
            now=due.owed - paused,
            paused=paused,
            since=since,
            due=last.due if last else None,
            stories=tuple(story for story in told.lines if story.line.owed),
            unapplied=told.unapplied,
            held={key: hold_words()[kind].words for key, kind in held.items()},
        )

    def held(self, due: GuarantorDue, on: date) -> dict[str, str]:
        """The lines (keys) that are not asked for now, and why: the kind of hold."""
        holds = all_holds(self._books, [self._guarantor])
        standing = (one for one in holds.of_guarantors.get(self._guarantor, ()) if one.stands_on(on))
        whole = next((one for one in standing if one.kind not in _MAIL), None)
        stopped = {one.key: whole or holds.line(one.line, on) for one in due.lines if one.amount > 0}
        return {key: hold.kind for key, hold in stopped.items() if hold}

    def mail_came_back(self, on: date) -> bool:
        """Whether no letter gets to them until somebody says where they live."""
        holds = stored_holds(self._books, standing_on=on)
        return any(one.guarantor == self._guarantor and one.kind in _MAIL for one in holds)

    def story(self, line: str, on: date, payer_names: Mapping[str, str]) -> LineStory | None:
        """Why a line (its key) of theirs is owed; None for anybody else's."""
        row = self._own_line(line)
        told: Explanation | None = explained(self._books, payer_names, [row]) if row else None
        return told.lines[0] if told and told.lines else None

    def line(self, line: str) -> bool:
        """Whether a line (its key) is theirs."""
        return self._own_line(line) is not None

    def bills(self) -> list[Bill]:
        """Statements sent to them, the latest first."""
        rows = self._books.rows(Statement).filter(sent_to(self._guarantor)).order_by("-number")
        return [Bill(number=row.number, on=row.on, due=row.due, amount=row.amount) for row in rows]

    def bill(self, number: int) -> StatementData | None:
        """One of their statements as it was sent."""
        row = self._books.rows(Statement).filter(sent_to(self._guarantor), number=number).first()
        return decoded(row.doc, StatementData, f"statement {number}") if row else None

    def payments(self, on: date) -> list[Paid]:
        """What they paid, the latest first."""
        rows = self._books.rows(Receipt).filter(self._paid_by(on)).order_by("-on", "-number")[:200]
        return [
            Paid(number=row.number, label=label(Receipt, row.number), on=row.on, amount=row.amount, state=row.state)
            for row in rows
        ]

    def receipt(self, number: int, site: Site, on: date) -> ReceiptData | None:
        """The receipt of one of their payments."""
        if not self._books.rows(Receipt).filter(self._paid_by(on), number=number).exists():
            return None
        return receipt(self._books, site, number)

    def itemized(self, patient: int, site: Site, on: date) -> ItemizedBill | None:
        """Every service of one of their people; None for anybody else."""
        if patient not in patients_of(self._books, self._guarantor, on):
            return None
        return itemized_bill(self._books, site, patient, on)

    def plans(self, on: date, *, state: PlanState = PlanState.ACTIVE) -> list[PlanView]:
        """Their payment plans that stand so: those that run, unless told otherwise."""
        mine = patients_of(self._books, self._guarantor, on)
        return [plan for patient in mine for plan in plans(self._books, on, patient=patient, state=state)]

    def threads(self) -> list[ThreadCard]:
        """Their questions, the latest first."""
        return sorted(threads(self._books, guarantor=self._guarantor), key=lambda one: -one.number)

    def thread(self, number: int) -> WholeThread | None:
        """One of their questions with what was said; notes of the office are left out."""
        if not self._books.rows(Thread).filter(guarantor_id=self._guarantor, number=number).exists():
            return None
        whole = thread(self._books, number)
        if whole is None:
            return None
        said = tuple(one for one in whole.messages if one.side != Side.OFFICE)
        return WholeThread(card=whole.card, messages=said, holds=whole.holds)

    def route(self, on: date) -> Route:
        """How they hear of their bills."""
        return routes(self._books, [self.card()], on)[self._guarantor]

    def _own_line(self, key: str) -> int | None:
        rows = list(found(self._books, ChargeLine, "key", [key], "id", "patient_id", "service_start"))
        whose = guarantors_by_day(self._books, [(patient, day) for _, patient, day in rows])
        return next((row for row, patient, day in rows if whose.get((patient, day)) == self._guarantor), None)

    def _paid_by(self, on: date) -> Q:
        people = [patient_party(patient) for patient in patients_of(self._books, self._guarantor, on)]
        return Q(party__in=[guarantor_party(self._guarantor), *people])

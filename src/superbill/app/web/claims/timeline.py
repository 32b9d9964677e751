"""A claim's whole life in order, each moment with the page that shows it."""

from collections.abc import Iterator, Mapping
from datetime import date

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as later
from msgspec import Struct

from superbill.app.documents import BadDocument, decoded
from superbill.app.web.claims.queries import ClaimStory
from superbill.app.web.claims.queries_life import Life, Sent
from superbill.app.web.today import words as task_words
from superbill.app.web.words import CLAIM_FREQUENCY, ORDINALS, state
from superbill.findings import Finding
from superbill.ledger.entry import Entry
from superbill.money import Cents

EVENTS: Mapping[str, object] = {
    "sent": later("Sent"), "mailed": later("Mailed"), "accepted": later("Taken into adjudication"),
    "rejected": later("Rejected on the way"), "resent": later("To be sent again"),
}  # fmt: skip
STEPS: Mapping[str, object] = {
    "appeal": later("Appeal filed"), "decision": later("Appeal decided"), "reopening": later("Reopening asked for"),
    "documents": later("Documents sent"), "peer_to_peer": later("Physician called the payer’s"),
    "corrected": later("Corrected claim opened"), "written_off": later("Given up"),
    "patient_billed": later("Made the patient’s"), "note": later("Note at the denials’ desk"),
}  # fmt: skip
TASK_STATES: Mapping[str, object] = {
    "open": later("open"), "snoozed": later("put off"), "done": later("done"), "closed": later("closed by itself"),
}  # fmt: skip
_MONEY = ("patient payment", "write-off", "adjustment", "refund", "returned payment", "transfer")


class Moment(Struct, frozen=True, kw_only=True):
    """One event. `address` opens it, where there is a page of it; `amount` in cents; `order` within one day."""

    on: date
    order: int
    what: str
    detail: str = ""
    trouble: bool = False
    amount: Cents | None = None
    address: str = ""


def timeline(story: ClaimStory, life: Life, names: dict[str, str], practice: str) -> list[Moment]:
    """Visit, charge, versions, checks set aside, files, acknowledgements, questions, remittances, denial and appeal,
    payments, statements, threads, tasks, notes: the oldest first."""
    make = _Moments(story, life, names, practice)
    found = [*make.beginning(), *make.versions(), *make.sent(), *make.answers(), *make.people(), *make.money()]
    return sorted(found, key=lambda moment: (moment.on, moment.order))


class _Moments:
    """Makes the moments, a kind at a time."""

    def __init__(self, story: ClaimStory, life: Life, names: dict[str, str], practice: str) -> None:
        self.story, self.life, self.names, self.practice = story, life, names, practice

    def _to(self, route: str, *args: object) -> str:
        """The address of a page; "" for a room that has none of it."""
        try:
            return reverse(route, args=(self.practice, *args))
        except NoReverseMatch:
            return ""

    def beginning(self) -> Iterator[Moment]:
        visit = self.story.encounter
        what = _("Visit %s") % visit.account_number
        yield Moment(on=visit.date_of_service, order=0, what=what, address=self._to("visit", visit.account_number))
        charged = next((entry for entry in self.story.ledger.entries if entry.kind == "charge"), None)
        if charged is not None:
            yield Moment(
                on=charged.on, order=1, what=_("Charged"), amount=self.story.ledger.balance.charge,
                address=self._to("journal", visit.patient_id),
            )  # fmt: skip

    def versions(self) -> Iterator[Moment]:
        """What the claim is now, and every other claim of the visit."""
        row = self.story.row
        if row.state in ("held", "ready"):
            trouble = row.state == "held"
            what = _("Checked: %s") % state("claim", row.state).text
            said = ", ".join(row.rules.split())
            yield Moment(on=row.state_since.date(), order=3, what=what, detail=said, trouble=trouble)
        mine = {one.pk for one in self.life.versions}
        for other in self.story.others:
            order = str(ORDINALS.get(other.responsibility, _("later")))
            kind = CLAIM_FREQUENCY.get(other.frequency, "")
            said = str(state("claim", other.state).text)
            if other.pk in mine:
                what = _("Version %(number)s: %(state)s") % {"number": other.control_number, "state": said}
            else:
                what = _("%(order)s claim %(number)s: %(state)s") % {
                    "order": order.capitalize(), "number": other.control_number, "state": said,
                }  # fmt: skip
            detail = f"{self.names.get(other.payer_key, other.payer_key)}, {kind}"
            address = self._to("claim", other.control_number)
            yield Moment(on=other.state_since.date(), order=2, what=what, detail=detail, address=address)

    def sent(self) -> Iterator[Moment]:
        """The way to the payer: files out, acknowledgements in."""
        for event in self.life.events:
            yield self._event(event)
        batch = self.story.batch
        if batch is not None and batch.answered is not None:
            refused = batch.state == "rejected"
            address = self._to("file", batch.answer_file_id) if batch.answer_file_id else self._to("batch", batch.pk)
            what = _("999: file refused") if refused else _("999: file taken in")
            yield Moment(on=batch.answered.date(), order=5, what=what, trouble=refused, address=address)

    def _event(self, event: Sent) -> Moment:
        address = self._to("file", event.file) if event.file else self._to("batch", event.batch) if event.batch else ""
        detail = event.text
        if event.what == "rejected":
            detail = " ".join(finding.message for finding in _findings(event.text))
        if event.number != self.story.row.control_number:
            detail = f"{event.number} {detail}".strip()
        order = {"resent": 3, "sent": 4, "mailed": 4, "accepted": 6, "rejected": 6}[event.what]
        what = str(EVENTS[event.what])
        if event.what == "sent" and event.batch:
            payer = self.names.get(self.story.row.payer_key, self.story.row.payer_key)
            what = _("Sent to %(payer)s in batch %(batch)s") % {"payer": payer, "batch": event.batch}
        elif event.file_kind:
            what = f"{event.file_kind}: {what[0].lower()}{what[1:]}"
        detail = f"{detail} · {event.by}" if event.what == "resent" else detail
        trouble = event.what == "rejected"
        return Moment(on=event.at.date(), order=order, what=what, detail=detail, trouble=trouble, address=address)

    def answers(self) -> Iterator[Moment]:
        """What payers said: of questions, and in remittances."""
        for one in self.life.inquiries:
            asked = one.what == "asked"
            what = _("276: asked the payer") if asked else _("277: the payer answered")
            detail = one.trace if asked else " ".join(part for part in (one.words, one.step) if part)
            address = self._to("claim-inquiries", self.story.row.control_number)
            yield Moment(on=one.on, order=7, what=what, detail=detail, address=address)
        for answer in self.story.answers:
            word = state("claim", answer.outcome)
            said = word.text if answer.state == "posted" else answer.state
            yield Moment(
                on=answer.on, order=8, what=f"835 {answer.trace}: {said}", amount=answer.paid,
                trouble=word.tone == "trouble", address=self._to("payment", answer.remittance),
            )  # fmt: skip
        for step in self.life.steps:
            address = self._to("denial", self.story.row.control_number)
            if step.kind == "appeal":
                address = self._to("appeal-letter", step.row) or address
            what, detail = str(STEPS.get(step.kind, step.kind)), " ".join(filter(None, (step.level_name, step.text)))
            yield Moment(on=step.on, order=9, what=what, detail=f"{detail} · {step.by}".strip(" ·"), address=address)

    def people(self) -> Iterator[Moment]:
        """What was set aside, written, asked and handed around."""
        for one in self.life.overrides:
            what = _("Set aside: %s") if one.reason else _("No longer set aside: %s")
            yield Moment(on=one.at.date(), order=3, what=what % one.rule, detail=f"{one.reason} · {one.by}".strip(" ·"))
        for note in self.life.notes:
            yield Moment(on=note.at.date(), order=10, what=_("Note by %s") % note.by, detail=note.text)
        for task in self.life.tasks:
            said = " · ".join(filter(None, (str(TASK_STATES.get(task.state, task.state)), task.assignee)))
            what = _("Task: %(kind)s, %(state)s") % {"kind": task_words.what(task.kind).lower(), "state": said}
            trouble = task.state == "open"
            address = self._to("task", task.id)
            yield Moment(
                on=task.since.date(),
                order=11,
                what=what,
                detail=task_words.why(task.why),
                trouble=trouble,
                address=address,
            )
        for thread in self.life.threads:
            what = _("%(topic)s %(number)s: %(state)s") % {
                "topic": thread.topic.capitalize(), "number": thread.number, "state": thread.state,
            }  # fmt: skip
            yield Moment(on=thread.on, order=11, what=what, address=self._to("thread", thread.number))

    def money(self) -> Iterator[Moment]:
        """What the journal says beside payers' answers, and statements."""
        patient = self.story.encounter.patient_id
        for entry in self.story.ledger.entries:
            if entry.kind in _MONEY:
                what, amount = entry.kind.capitalize(), _amount(entry)
                address = self._to("journal", patient)
                yield Moment(on=entry.on, order=9, what=what, detail=entry.memo, amount=amount, address=address)
        for one in self.life.statements:
            address = self._to("statement", one.number)
            yield Moment(on=one.on, order=12, what=_("Statement %s") % one.number, amount=one.amount, address=address)


def _amount(entry: Entry) -> Cents:
    return sum(posting.amount for posting in entry.postings if posting.amount > 0)


def _findings(text: str) -> tuple[Finding, ...]:
    try:
        return decoded(text, tuple[Finding, ...], "an event")
    except BadDocument:
        return ()

"""What is agreed with people and what stops asking them: holds, consent, addresses, questions and disputes."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from superbill.app.accounts.permissions import Permission
from superbill.app.guarantors.queries import Contact
from superbill.app.statements.actions import give_consent, hold, new_address, withdraw_consent
from superbill.app.statements.models import Channel, HoldKind
from superbill.app.threads.actions import open_thread
from superbill.app.threads.models import Side, Topic
from superbill.app.web.accounts.deeds import Deed, Done
from superbill.app.web.accounts.forms import LinesForm, choice, day, made, text
from superbill.app.web.accounts.queries_subjects import Subject
from superbill.app.web.desk import Desk, now
from superbill.chart.model import PostalAddress

HOLDS = {
    HoldKind.DISPUTE: _l("in dispute"),
    HoldKind.WORKERS_COMPENSATION: _l("workers’ compensation"),
    HoldKind.BANKRUPTCY: _l("bankruptcy"),
    HoldKind.DECEASED: _l("deceased"),
    HoldKind.IN_APPEAL: _l("in appeal"),
    HoldKind.RETURNED_MAIL: _l("returned mail"),
    HoldKind.BAD_ADDRESS: _l("bad address"),
    HoldKind.INSURANCE_PENDING: _l("insurance pending"),
    HoldKind.OTHER: _l("other"),
}
_OF_LINES = (
    HoldKind.DISPUTE, HoldKind.WORKERS_COMPENSATION, HoldKind.IN_APPEAL, HoldKind.INSURANCE_PENDING, HoldKind.OTHER,
)  # fmt: skip
_OF_ALL = (
    HoldKind.BANKRUPTCY, HoldKind.DECEASED, HoldKind.RETURNED_MAIL, HoldKind.BAD_ADDRESS, HoldKind.DISPUTE,
    HoldKind.OTHER,
)  # fmt: skip


def _named(kinds: Iterable[HoldKind]) -> list[tuple[str, Any]]:
    return [(kind.value, HOLDS[kind]) for kind in kinds]


def _picks(subject: Subject, label: Any, *, needed: bool) -> forms.MultipleChoiceField:
    named = [
        (line.key, f"{line.key} · {line.on:%m/%d/%Y} {line.code} {line.label}")
        for line in subject.lines
        if line.owed or line.insurance
    ]
    return forms.MultipleChoiceField(label=label, choices=named, required=needed, widget=forms.CheckboxSelectMultiple)


def _ask_hold(at: Desk, subject: Subject, data: Any) -> LinesForm:
    kinds = _OF_ALL if subject.guarantor else _OF_LINES
    fields: dict[str, Any] = {"kind": choice(_l("Because of"), _named(kinds), first=True)}
    if not subject.guarantor:
        fields["lines"] = _picks(subject, _l("Lines that are not asked for"), needed=True)
    fields |= {"since": day(_l("From")), "until": day(_l("Until (empty: until it is released)"), needed=False),
               "reason": text(_l("What is known about it"), most=500)}  # fmt: skip
    return made(fields, data, since=at.today)


def _hold(at: Desk, subject: Subject, form: LinesForm, _key: str) -> Done:
    data = form.cleaned_data
    placed = hold(
        at.actor, HoldKind(data["kind"]), since=data["since"], until=data["until"], reason=data["reason"],
        guarantor=subject.guarantor or None, lines=tuple(data.get("lines", ())), at=now(),
    )  # fmt: skip
    back = ("hold-release", str(placed[0]), {"why": _("placed by mistake")}) if len(placed) == 1 else None
    return Done(text=_("Nothing is asked for until the hold ends."), undo=back)


def _ask_consent(at: Desk, subject: Subject, data: Any) -> LinesForm:
    ways = ((Channel.EMAIL.value, _l("notice by e-mail")), (Channel.PORTAL.value, _l("portal only")))
    fields = {
        "channel": choice(_l("Statements come by"), ways, first=True),
        "address": forms.EmailField(label=_l("E-mail address"), required=False, max_length=254),
        "how": text(_l("How they agreed: a signed form, by phone, on the portal"), most=200),
    }
    return made(fields, data, address=subject.card.email if subject.card else "", on=at.today)


def _consent(at: Desk, subject: Subject, form: LinesForm, _key: str) -> Done:
    data = form.cleaned_data
    give_consent(
        at.actor, subject.guarantor, Channel(data["channel"]), data["how"], on=at.today, address=data["address"],
        at=now(),
    )  # fmt: skip
    back = ("guarantor-deed", f"{subject.guarantor}/letters", {"channel": data["channel"]})
    return Done(text=_("From now on statements come that way."), undo=back)


def _ask_letters(_at: Desk, _subject: Subject, data: Any) -> LinesForm:
    ways = ((Channel.EMAIL.value, _l("notice by e-mail")), (Channel.PORTAL.value, _l("portal only")))
    return made({"channel": choice(_l("They no longer want"), ways, first=True)}, data)


def _letters(at: Desk, subject: Subject, form: LinesForm, _key: str) -> Done:
    channel = Channel(form.cleaned_data["channel"])
    gone = withdraw_consent(at.actor, subject.guarantor, channel, on=at.today, at=now())
    return Done(text=_("Letters again from now on.") if gone else _("They had not agreed to that."))


def _ask_address(_at: Desk, subject: Subject, data: Any) -> LinesForm:
    card = subject.card
    place = card.address if card else None
    fields = {
        "street": text(_l("Street"), most=120, first=True),
        "more": text(_l("Apartment, box"), most=120, needed=False),
        "city": text(_l("City"), most=60),
        "state": text(_l("State"), most=2),
        "zip": text(_l("ZIP code"), most=10),
        "phone": text(_l("Phone"), most=20, needed=False),
        "email": forms.EmailField(label=_l("E-mail"), required=False, max_length=254),
    }
    lines = [*(place.lines if place else ()), "", ""]
    return made(
        fields, data, street=lines[0], more=lines[1], city=place.city if place else "",
        state=place.state if place else "", zip=place.postal_code if place else "",
        phone=card.phone if card else "", email=card.email if card else "",
    )  # fmt: skip


def _address(at: Desk, subject: Subject, form: LinesForm, _key: str) -> Done:
    data = form.cleaned_data
    lines = tuple(part.strip() for part in (data["street"], data["more"]) if part.strip())
    place = PostalAddress(lines=lines, city=data["city"], state=data["state"].upper(), postal_code=data["zip"])
    digits = "".join(each for each in data["phone"] if each.isdigit())
    contact = Contact(address=place, phone=digits, email=data["email"])
    new_address(at.actor, subject.guarantor, contact, on=at.today, at=now())
    return Done(text=_("The address is kept; holds for returned mail end."))


def _ask_thread(_at: Desk, subject: Subject, data: Any) -> LinesForm:
    topics = (
        (Topic.QUESTION.value, _l("question")),
        (Topic.DISPUTE.value, _l("dispute: stops reminders for the lines")),
    )
    fields = {
        "topic": choice(_l("It is a"), topics, first=True),
        "text": text(_l("What they say"), most=10_000, long=True),
        "lines": _picks(subject, _l("About (none: the whole account)"), needed=False),
    }
    return made(fields, data)


def _thread(at: Desk, subject: Subject, form: LinesForm, key: str) -> Done:
    data = form.cleaned_data
    guarantor = subject.guarantor or subject.payer(at.today)
    number = open_thread(
        at.actor, Topic(data["topic"]), data["text"], on=at.today, guarantor=None if data["lines"] else guarantor,
        lines=data["lines"], side=Side.PATIENT, key=key, at=now(),
    )  # fmt: skip
    return Done(text=_("Written down as matter %(number)s.") % {"number": number}, opens=("thread", number))


DEEDS = (
    Deed(
        name="hold", of=("patient", "guarantor"), title=_l("Hold: ask for nothing"), verb=_l("Hold"), key="h",
        needs=Permission.MAKE_STATEMENTS, ask=_ask_hold, do=_hold, previews=False, group="people",
        about=_l("Statements and reminders stop; the reason goes on the statement in plain words."),
    ),
    Deed(
        name="thread", of=("patient", "guarantor"), title=_l("Question or dispute"), verb=_l("Write down"),
        key="q", needs=Permission.CORRESPOND, ask=_ask_thread, do=_thread, previews=False, group="people",
    ),
    Deed(
        name="address", of=("guarantor",), title=_l("Correct the address"), verb=_l("Keep"), key="e",
        needs=Permission.CORRESPOND, ask=_ask_address, do=_address, previews=False, group="people",
    ),
    Deed(
        name="consent", of=("guarantor",), title=_l("E-mail or portal instead of letters"), verb=_l("They agreed"),
        needs=Permission.CORRESPOND, ask=_ask_consent, do=_consent, previews=False, group="people",
    ),
    Deed(
        name="letters", of=("guarantor",), title=_l("Letters again"), verb=_l("Letters again"),
        needs=Permission.CORRESPOND, ask=_ask_letters, do=_letters, previews=False, group="people",
    ),
)  # fmt: skip

"""A person decides who pays, names somebody no chart names, and corrects where their mail goes."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from superbill.app.accounts.actors import Actor
from superbill.app.accounts.permissions import Permission
from superbill.app.documents import encoded
from superbill.app.guarantors.deriving import Party, identity
from superbill.app.guarantors.models import Guarantee, Guarantor
from superbill.app.guarantors.queries import Contact, cards
from superbill.app.patients.models import PatientRow
from superbill.app.work import Work, action

DECIDED = ("self", "parent", "guardian", "court order", "agreement", "estate")
REASON_LIMIT = 500


class BadGuarantor(ValueError):
    """A guarantor, patient or reason that can't be used. Nothing was changed."""


def assign_guarantor(
    actor: Actor,
    patient: int,
    guarantor: int,
    basis: str,
    reason: str,
    *,
    since: date | None,
    until: date | None = None,
    at: datetime,
) -> int:
    """`guarantor` pays for what is done to `patient` from `since` (None: always) to the day before `until`: a court
    order, an agreement, an estate. It goes before what charts tell; a later decision goes before it. Its row id.

    Raises BadGuarantor for somebody who is not of this practice, an unknown basis, no reason, or an end before the
    start.
    """
    with action(actor, Permission.CORRESPOND, "assign guarantor", at) as work:
        _must_be_reason(reason)
        if basis not in DECIDED:
            raise BadGuarantor(f"basis {basis!r}: name one of {', '.join(DECIDED)}")
        if since and until and until <= since:
            raise BadGuarantor(f"it ends on {until}, not after its start on {since}; correct one of the two")
        if not work.scope.rows(PatientRow).filter(pk=patient).exists():
            raise BadGuarantor(f"no patient {patient} in this practice")
        _guarantor(work, guarantor)
        row = Guarantee(
            practice_id=work.practice_id, patient_id=patient, guarantor_id=guarantor, basis=basis, since=since,
            until=until, decided=True, reason=reason.strip(), actor=actor.name, at=at,
        )  # fmt: skip
        work.scope.rows(Guarantee).bulk_create([row])
        work.note("patient", patient, guarantor=guarantor, basis=basis)
        return row.pk


def end_assignments(actor: Actor, patient: int, *, on: date, reason: str, at: datetime) -> int:
    """What a person decided for `patient` ends on `on`: from then on the charts tell who pays. How many ended.

    Raises BadGuarantor without a reason.
    """
    with action(actor, Permission.CORRESPOND, "end guarantor", at) as work:
        _must_be_reason(reason)
        rows = work.scope.rows(Guarantee).filter(patient_id=patient, decided=True, replaced__isnull=True)
        ended = 0
        for row in rows.order_by("id"):
            if row.until is not None and row.until <= on:
                continue
            begun = row.since is None or row.since < on
            row.until, row.replaced = (on, None) if begun else (row.until, at)
            row.save(update_fields=["until", "replaced"])
            ended += 1
        if ended:
            work.note("patient", patient, ended=ended)
        return ended


def name_guarantor(actor: Actor, party: Party, *, at: datetime) -> int:
    """Somebody who pays and whom no chart names; the row id of who is there already by name and birth date or address.

    Raises BadGuarantor for one without a family name, or a patient: patients are there by themselves.
    """
    with action(actor, Permission.CORRESPOND, "name guarantor", at) as work:
        if not party.name.family.strip() or party.kind not in ("person", "organization"):
            raise BadGuarantor("a guarantor has a name and is a person or an organization")
        if party.birth_date is None and party.address is None:
            raise BadGuarantor("give a birth date or an address: the name alone is not enough to tell who it is")
        rows: Any = work.scope.rows(Guarantor)
        key = identity(party)
        there: int | None = rows.filter(identity=key).values_list("id", flat=True).first()
        if there is not None:
            return there
        row = Guarantor(
            practice_id=work.practice_id, identity=key, family=party.name.family[:120],
            given=" ".join(party.name.given)[:120], doc=encoded(party),
        )  # fmt: skip
        rows.bulk_create([row])
        work.note("guarantor", row.pk)
        return row.pk


def correct_contact(actor: Actor, guarantor: int, contact: Contact, *, at: datetime) -> None:
    """Where to reach a guarantor from now on; what is left out stays as the papers say. Raises BadGuarantor."""
    with action(actor, Permission.CORRESPOND, "correct contact", at) as work:
        place = contact.address
        if place is not None and not (place.lines and place.city and place.state and place.postal_code):
            raise BadGuarantor("an address has a street, a city, a state and a ZIP code")
        if contact.email and not _is_email(contact.email):
            raise BadGuarantor(f"{contact.email!r} is no e-mail address")
        row = _guarantor(work, guarantor)
        row.corrected = encoded(contact)
        row.save(update_fields=["corrected"])
        work.note("guarantor", guarantor, changed=" ".join(_told(contact)))


def _told(contact: Contact) -> Sequence[str]:
    return [name for name in contact.__struct_fields__ if getattr(contact, name)]


def _is_email(text: str) -> bool:
    name, at_sign, host = text.partition("@")
    return bool(name and at_sign and "." in host) and "@" not in host and not any(c.isspace() or c == "," for c in text)


def _guarantor(work: Work, guarantor: int) -> Guarantor:
    if guarantor not in cards(work.scope, [guarantor]):
        raise BadGuarantor(f"no guarantor {guarantor} in this practice")
    return work.scope.rows(Guarantor).get(pk=guarantor)


def _must_be_reason(reason: str) -> None:
    if not reason.strip() or len(reason) > REASON_LIMIT:
        raise BadGuarantor(f"say why, in at most {REASON_LIMIT} characters")

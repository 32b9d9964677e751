"""Coming in: the practice invites, the guarantor proves who they are and chooses a password, then signs in."""

import secrets
from datetime import date, datetime, timedelta

from django.contrib.auth.hashers import check_password, make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from msgspec import Struct

from superbill.app.accounts.actors import Actor, Scope
from superbill.app.accounts.permissions import Permission
from superbill.app.documents import content_key
from superbill.app.guarantors.queries import GuarantorCard, cards
from superbill.app.portal.actions import NotDone
from superbill.app.portal.models import PortalAccount, PortalInvitation
from superbill.app.portal.scope import PortalScope
from superbill.app.work import action, noted

LETTERS = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"  # none that looks like another
LENGTH, PARTS = 12, 4
DAYS = 30
TRIES = 5
LEAST = 10
_NOBODY = make_password(None)
WRONG_CODE = "We don’t know this code. Check each letter. If it still fails, call us for a new one."


class Invited(Struct, frozen=True, kw_only=True):
    """An invitation as the office hands it over, once: the code is kept nowhere."""

    code: str
    expires: date
    card: GuarantorCard


class Access(Struct, frozen=True, kw_only=True):
    """What the office sees of a guarantor's access: since when they have one, or until when they are invited."""

    since: datetime | None = None
    invited: datetime | None = None
    expires: datetime | None = None
    why_not: str = ""


def invite(actor: Actor, guarantor: int, *, at: datetime) -> Invited:
    """Invite a guarantor to their own pages; a code before it is no longer good.

    Raises NotDone for one without a birth date on file, who could not prove who they are.
    """
    with action(actor, Permission.CORRESPOND, "invite patient", at) as work:
        card = cards(work.scope, [guarantor]).get(guarantor)
        if card is None:
            raise NotDone(f"no guarantor {guarantor} in this practice")
        if why := why_not(card):
            raise NotDone(why)
        rows = work.scope.rows(PortalInvitation).filter(guarantor_id=guarantor, used=None, withdrawn=None)
        rows.update(withdrawn=at)
        letters = "".join(secrets.choice(LETTERS) for _ in range(LENGTH))
        expires = at + timedelta(days=DAYS)
        row = PortalInvitation(
            practice_id=work.practice_id, guarantor_id=guarantor, code_hash=_hash(letters), invited_by=actor.name,
            at=at, expires=expires,
        )  # fmt: skip
        work.scope.rows(PortalInvitation).bulk_create([row])
        work.note("guarantor", guarantor)
        code = "-".join(letters[place : place + PARTS] for place in range(0, LENGTH, PARTS))
        return Invited(code=code, expires=expires.date(), card=card)


def close_access(actor: Actor, guarantor: int, *, at: datetime) -> bool:
    """The guarantor's account and open invitations end, and every session with them; whether there was any."""
    with action(actor, Permission.CORRESPOND, "close patient access", at) as work:
        invited = work.scope.rows(PortalInvitation).filter(guarantor_id=guarantor, used=None, withdrawn=None)
        ended = invited.update(withdrawn=at)
        ended += work.scope.rows(PortalAccount).filter(guarantor_id=guarantor, closed=None).update(closed=at)
        if ended:
            work.note("guarantor", guarantor)
        return bool(ended)


def access_of(scope: Scope, guarantor: int, at: datetime) -> Access | None:
    """How it stands with a guarantor's access; None for a guarantor whom this practice does not have."""
    card = cards(scope, [guarantor]).get(guarantor)
    if card is None:
        return None
    account = scope.rows(PortalAccount).filter(guarantor_id=guarantor, closed=None).first()
    open_now = scope.rows(PortalInvitation).filter(guarantor_id=guarantor, used=None, withdrawn=None, expires__gt=at)
    invited = open_now.order_by("-id").first()
    return Access(
        since=account.since if account else None,
        invited=invited.at if invited else None,
        expires=invited.expires if invited else None,
        why_not=why_not(card),
    )


def is_open(code: str, *, at: datetime) -> bool:
    """Whether this is the code of an invitation that can still be used."""
    return _invitation(code, at) is not None


def prove(code: str, born: date, *, at: datetime) -> str:
    """The code and the birth date belong together: the name of the practice. Raises NotDone; after five wrong dates
    the code is no longer good."""
    row = _invitation(code, at)
    if row is None:
        raise NotDone(WRONG_CODE)
    with transaction.atomic():
        held = PortalInvitation._base_manager.select_for_update().select_related("practice").get(pk=row.pk)
        card = cards(Scope(held.practice_id), [held.guarantor_id])[held.guarantor_id]
        right = held.tries < TRIES and card.birth_date == born
        if not right:
            held.tries += 1
            held.save(update_fields=["tries"])
    if not right:
        raise NotDone(
            "That is not the birth date that we have. After five tries the code stops. Call us if you need help."
        )
    return str(held.practice.name)


def register(code: str, born: date, login: str, password: str, *, at: datetime) -> PortalAccount:
    """Make the account of an invitation, once; one that the guarantor had before is closed. Raises NotDone."""
    prove(code, born, at=at)
    row = _invitation(code, at)
    named = login.strip().casefold()
    if row is None:
        raise NotDone(WRONG_CODE)
    if not 3 <= len(named) <= 254:
        raise NotDone("Give your e-mail, or a name with three letters or more.")
    _must_be_strong(password, named)
    guarantor = row.guarantor_id
    actor = Actor(name="patient page", practice_id=row.practice_id, permissions=frozenset({Permission.CORRESPOND}))
    with action(actor, Permission.CORRESPOND, "open patient access", at) as work:
        taken = PortalAccount._base_manager.filter(login=named, closed=None).exclude(
            practice_id=row.practice_id, guarantor_id=guarantor
        )
        if taken.exists():
            raise NotDone("Somebody has this name already. Please choose another one.")
        if not work.scope.rows(PortalInvitation).filter(pk=row.pk, used=None).update(used=at):
            raise NotDone(WRONG_CODE)
        accounts = work.scope.rows(PortalAccount)
        accounts.filter(guarantor_id=guarantor, closed=None).update(closed=at)
        made = PortalAccount(
            practice_id=row.practice_id, guarantor_id=guarantor, login=named, password=make_password(password),
            session=secrets.token_hex(16), since=at,
        )  # fmt: skip
        accounts.bulk_create([made])
        work.note("guarantor", guarantor)
        return accounts.get(guarantor_id=guarantor, closed=None)


def known(login: str, password: str) -> PortalAccount | None:
    """The account of this name, where the password is its own. It takes as long when there is none."""
    row = PortalAccount._base_manager.filter(login=login.strip().casefold(), closed=None).first()
    right = check_password(password, row.password if row else _NOBODY)
    return row if right else None


def account_in(number: int, session: str) -> PortalScope | None:
    """The guarantor's own, for a session that is still good."""
    row = PortalAccount._base_manager.filter(pk=number, session=session, closed=None).first()
    if row is None:
        return None
    return PortalScope(account=row.pk, practice_id=row.practice_id, guarantor=row.guarantor_id)


def note_visit(mine: PortalScope, what: str, *, at: datetime) -> None:
    """The audit trail tells that they looked, came in, or left."""
    with noted(mine.acting(Permission.READ_LEDGER), what, at) as work:
        work.note("guarantor", mine.guarantor)


def _invitation(code: str, at: datetime) -> PortalInvitation | None:
    """The one question that no practice's scope can answer: whose code is this?"""
    hashed = _hash("".join(one for one in code.upper() if one.isalnum()))
    rows = PortalInvitation._base_manager.filter(code_hash=hashed, used=None, withdrawn=None, expires__gt=at)
    return rows.filter(tries__lt=TRIES).first()


def _hash(letters: str) -> str:
    return content_key(f"portal invitation {letters}")


def why_not(card: GuarantorCard) -> str:
    """Why this guarantor can't be let in; "" for who can."""
    if card.kind in ("organization", "guardian"):
        return "Patient pages are for people who pay and are named. Name the guarantor first."
    return "" if card.birth_date else "No birth date is on file, so they could not prove who they are. Add it first."


def _must_be_strong(password: str, login: str) -> None:
    if len(password) < LEAST or password.casefold() == login:
        raise NotDone(f"Choose a password with {LEAST} letters or more. Three short words are good.")
    try:
        validate_password(password)
    except ValidationError:
        raise NotDone("That password is easy to guess. Choose a longer one. Three short words are good.") from None

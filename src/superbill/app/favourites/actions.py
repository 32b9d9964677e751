"""Keeping a code at hand, and letting it go."""

from datetime import datetime

from superbill.app.accounts.actors import Actor
from superbill.app.accounts.permissions import Permission
from superbill.app.favourites.models import FavouriteRow
from superbill.app.work import action

NOTE_LIMIT = 500


class BadFavourite(ValueError):
    """A code or note that can't be kept; the message says why."""


def keep(actor: Actor, system: str, code: str, note: str = "", *, shared: bool = False, at: datetime) -> None:
    """Keep a code with a note: for the actor alone, or `shared` with the practice. Again: the note is the new one.

    Raises BadFavourite for an empty code or a note that is too long, NotPermitted.
    """
    if not system or not code or len(code) > 20 or len(note) > NOTE_LIMIT:
        raise BadFavourite(f"A favourite has a code system, a code, and a note of at most {NOTE_LIMIT} characters.")
    with action(actor, Permission.CODE, "keep favourite", at) as work:
        row, made = work.scope.rows(FavouriteRow).get_or_create(
            practice_id=work.practice_id, owner="" if shared else actor.name, system=system, code=code,
            defaults={"note": note},
        )  # fmt: skip
        if not made and row.note != note:
            row.note = note
            row.save(update_fields=["note"])
        work.note("favourite", row.pk, code=code)


def drop(actor: Actor, system: str, code: str, *, shared: bool = False, at: datetime) -> bool:
    """Let a code go; False when it was not kept. Raises NotPermitted."""
    with action(actor, Permission.CODE, "drop favourite", at) as work:
        rows = work.scope.rows(FavouriteRow).filter(owner="" if shared else actor.name, system=system, code=code)
        row = rows.first()
        if row is None:
            return False
        work.note("favourite", row.pk, code=code)
        row.delete()
        return True

"""Who keeps what at hand."""

from django.db.models import Q
from msgspec import Struct

from superbill.app.accounts.actors import Actor, Scope
from superbill.app.favourites.models import FavouriteRow


class Favourite(Struct, frozen=True):
    """One code at hand: `shared` when it is the practice's."""

    system: str
    code: str
    note: str
    shared: bool


def favourites(actor: Actor) -> list[Favourite]:
    """The actor's own codes and the practice's, by system and code; both where both keep one."""
    rows = actor.scope.rows(FavouriteRow).filter(Q(owner="") | Q(owner=actor.name)).order_by("system", "code", "owner")
    return [Favourite(row.system, row.code, row.note, not row.owner) for row in rows]


def kept_codes(scope: Scope, system: str) -> list[tuple[str, str]]:
    """Every code of a system that anybody in the practice keeps, with who: ("E11.9", "maria"), "" the practice."""
    rows = scope.rows(FavouriteRow).filter(system=system).order_by("code", "owner")
    return [(row.code, row.owner) for row in rows]

"""Which practices there are."""

from superbill.app.practices.models import Practice


def practice(key: str) -> Practice | None:
    """The practice of this key."""
    return Practice.objects.filter(key=key).first()


def practices() -> list[Practice]:
    """Every practice of this database, by key. For commands; a person sees theirs through memberships."""
    return list(Practice.objects.order_by("key"))

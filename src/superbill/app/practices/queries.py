"""Which practices there are."""

from superbill.app.accounts.actors import Scope
from superbill.app.documents import decoded
from superbill.app.practices.models import Practice
from superbill.site.policy import MoneyPolicy


def practice(key: str) -> Practice | None:
    """The practice of this key."""
    return Practice.objects.filter(key=key).first()


def practices() -> list[Practice]:
    """Every practice of this database, by key. For commands; a person sees theirs through memberships."""
    return list(Practice.objects.order_by("key"))


def policy(scope: Scope) -> MoneyPolicy:
    """The practice's rules about money, as its site file said when it was last used."""
    text = Practice.objects.values_list("policy", flat=True).get(pk=scope.practice_id)
    return decoded(text, MoneyPolicy, f"policy of practice {scope.practice_id}")

"""Where a person belongs, and what payers are called."""

from superbill.app.accounts.actors import Scope
from superbill.app.accounts.models import Membership, User
from superbill.app.claims.models import ClaimRow
from superbill.app.documents import decoded
from superbill.app.practices.models import Practice
from superbill.app.rows import found, values_of
from superbill.claims.model import Claim


def practices_of(user: User) -> list[Practice]:
    """The practices in which `user` has a role, by name.

    The one question that no practice's scope can answer; it reads nothing but the person's own memberships.
    """
    own = Membership._base_manager.filter(user=user).values("practice_id")
    return list(Practice.objects.filter(pk__in=own).order_by("name", "key"))


def payer_names(scope: Scope) -> dict[str, str]:
    """The name of every payer billed, by key, as its first claim spells it."""
    keys = {first: key for key, first, _last in values_of(scope, ClaimRow, "payer_key")}
    docs = found(scope, ClaimRow, "id", keys, "id", "doc")
    return {keys[row_id]: decoded(doc, Claim, f"claim {row_id}").payer.name for row_id, doc in docs}

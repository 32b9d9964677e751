"""The payers as the site file described them when it was last used."""

from superbill.app.accounts.actors import Scope
from superbill.app.claims.models import PayerBook
from superbill.app.documents import decoded
from superbill.claims.inputs import PayerLookup
from superbill.site import PayerEntry
from superbill.site.parties import lookup_among


def payer_book(scope: Scope) -> dict[str, PayerEntry]:
    """The practice's payers by key; none before a site file was used."""
    doc = scope.rows(PayerBook).values_list("doc", flat=True).first()
    payers = decoded(doc, tuple[PayerEntry, ...], "payers of the practice") if doc else ()
    return {entry.key: entry for entry in payers}


def payers_known(scope: Scope) -> PayerLookup:
    """Finds a payer by key, id, name or word, as the site does."""
    return lookup_among(tuple(payer_book(scope).values()))

"""The site's payers, kept with the practice so that tasks and deadlines follow them without the site file."""

from collections.abc import Sequence

from superbill.app.accounts.actors import Scope
from superbill.app.claims.models import PayerBook
from superbill.app.documents import encoded
from superbill.app.rows import insert, update
from superbill.site import PayerEntry


def keep_payers(scope: Scope, payers: Sequence[PayerEntry]) -> None:
    """The practice's payers are now these."""
    said = encoded(tuple(payers))
    known = scope.rows(PayerBook).values_list("id", "doc").first()
    if known is None:
        insert(PayerBook, ("practice_id", "doc"), [(scope.practice_id, said)], upsert="ON CONFLICT DO NOTHING")
    elif known[1] != said:  # read first: who only looks takes no lock
        update(PayerBook, ("doc",), [(said, known[0])])

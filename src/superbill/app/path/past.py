"""Claims of the past, to try something on: rules, contracts."""

from collections.abc import Iterator
from datetime import date

from superbill.app.accounts.actors import Scope
from superbill.app.claims.queries import claims_in
from superbill.app.path.checking import context_of
from superbill.app.rules.queries import answered
from superbill.app.session import Session
from superbill.claims.model import Claim
from superbill.edits import Context, History
from superbill.packs import AnsweredClaim
from superbill.pricing.bill import Bill, bill_of


def past(session: Session, payer: str = "") -> Iterator[AnsweredClaim]:
    """Every claim that was sent, with its first answers and the context of its day."""

    def context(payer_key: str, claim: Claim, history: History) -> Context:
        return context_of(session, payer_key, claim.service.end or session.today, history)

    return answered(session.scope, context, payer=payer)


def past_bills(scope: Scope, payer: str = "", since: date | None = None, until: date | None = None) -> Iterator[Bill]:
    """Primary claims as bills, each visit once as it was last sent, to one payer or to all ("")."""
    latest: dict[tuple[int, str], Bill] = {}
    for some in claims_in(scope):
        for stored in some:
            start = stored.claim.service.start
            if (payer and stored.payer_key != payer) or start is None:
                continue
            if (since and start < since) or (until and start > until):
                continue
            if stored.claim.frequency != "8" and stored.claim.subscriber.responsibility == "P":
                latest[stored.encounter_id, stored.payer_key] = bill_of(stored.claim)
    yield from latest.values()

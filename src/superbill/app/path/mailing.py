"""Claims on paper: the form, and what the payers before explained, in one PDF."""

from collections.abc import Sequence
from datetime import datetime

from superbill.app.claims.actions import keep_paper
from superbill.app.claims.queries import StoredClaim, explanations
from superbill.app.session import Session
from superbill.findings import Finding
from superbill.forms import eob, papers


def print_claim(session: Session, one: StoredClaim, *, at: datetime) -> tuple[bytes, Sequence[Finding]]:
    """The claim as it goes into the envelope, kept with the practice; findings where something does not fit its box."""
    form = papers.form_of(one.claim)
    sheet = papers.render(form, [one.claim], day=at.date())
    told = explanations(session.scope, one)
    whole = eob.behind(sheet, eob.render(told)) if told else sheet
    keep_paper(session.actor, one.id, form, whole, at=at)
    return whole, papers.findings(form, [one.claim])

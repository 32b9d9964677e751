"""Posting of a payer's file as a job: for more claims than a page should keep somebody waiting for."""

from superbill.app.claims.actions import finish_file
from superbill.app.jobs.kinds import Outcome, Running
from superbill.app.path.receiving import payer_of
from superbill.app.remits.actions import post_remittance
from superbill.app.session import BadInput
from superbill.app.web.payments.files import is_posted, remittances_of
from superbill.app.web.payments.queries_files import file_of
from superbill.findings import Finding
from superbill.money import dollars


def post(work: Running) -> Outcome:
    """Post these payments (by their place) of this file (row id), each once. What can't be posted waits in the file."""
    session = work.session()
    found = file_of(session.scope, work.arguments["file"])
    if found is None:
        raise BadInput("This file is not kept any more.")
    every, _trouble = remittances_of(found)
    some = [one for place, one in enumerate(every) if place in set(work.arguments["payments"])]
    work.stages.start("Post", sum(len(one.claims) for one in some))
    posted, amount, waits = 0, 0, 0
    for one in some:
        payer = payer_of(session, one)
        if isinstance(payer, Finding):
            waits += 1
        else:
            done = post_remittance(work.actor, one, payer_key=payer, received_file=found.line.id, at=work.at)
            waits += done.held
            if not done.held and not done.already:
                posted, amount = posted + 1, amount + one.payment_amount
        work.stages.step("Post", len(one.claims))
    if all(is_posted(session, one) for one in every):
        finish_file(work.actor, found.line.id, (), at=work.at)
    left = f" {waits:,} can't be posted yet; the file says why." if waits else ""
    return Outcome(f"{posted:,} payments posted, {dollars(amount)}.{left}", result=f"payments/files/{found.line.id}")

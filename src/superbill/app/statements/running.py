"""The statement run as a job: made for whoever's turn it is, letters packed for the mail room, notices beside them."""

import shutil

from superbill.app.jobs.kinds import Outcome, Running
from superbill.app.statements.making import make_statements
from superbill.app.statements.planning import plans
from superbill.app.statements.sending import send_statements
from superbill.connectors.folder import FolderConnector
from superbill.money import dollars


def make(work: Running) -> Outcome:
    """Make the statements of the day. Run again it makes what is missing."""
    session = work.session()
    minimum = session.site.statement_minimum
    due = sum(plan.verdict == "send" for plan in plans(session.scope, work.today, minimum))
    work.stages.start("statements", due)
    count, amount = 0, 0
    for made in make_statements(work.actor, session.site, work.today, at=work.at, minimum=minimum):
        if made.new:
            count, amount = count + 1, amount + made.data.amount_due
            work.stages.step("statements")
    work.stages.finish("statements")
    return Outcome(f"{count:,} statements over {dollars(amount)} made; they wait to be sent.", result="statements")


def send(work: Running) -> Outcome:
    """Hand over what is in line: letters and their list as one ZIP for the mail room, with the notices by e-mail."""
    work.stages.start("letters", None)
    name = f"mail-{work.practice.key}-{work.today}"
    folder = work.folder / name
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    sent = send_statements(work.actor, FolderConnector(folder), work.today, at=work.at)
    packed = shutil.make_archive(str(folder), "zip", root_dir=work.folder, base_dir=name)
    shutil.rmtree(folder)
    stayed = f" {len(sent.stayed):,} stay in line: no address, or no sender for e-mail." if sent.stayed else ""
    text = f"{sent.letters:,} letters, {sent.emails:,} e-mail notices, {sent.portal:,} on the portal alone.{stayed}"
    return Outcome(text, result="statements", file=packed.rpartition("/")[2])

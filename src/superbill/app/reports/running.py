"""Ages of receivables that are kept: brought up to date by a worker where that takes longer than a page."""

from superbill.app.jobs.kinds import Outcome, Running
from superbill.app.reports.actions import refresh


def keep_ages(work: Running) -> Outcome:
    """What the journal says of who owed what when, since the last time."""
    work.stages.start("lines", None)
    done = refresh(work.actor, at=work.at)
    return Outcome(f"{done.lines:,} lines, through entry {done.entry:,}.", result="manage/receivables")

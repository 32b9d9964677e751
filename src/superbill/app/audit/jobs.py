"""Long work on the trail: proving all of it, and writing it out."""

from datetime import date

from superbill.app.audit.chain import verify
from superbill.app.audit.exporting import FORMS, export
from superbill.app.audit.queries import Asked, how_many
from superbill.app.jobs.kinds import Outcome, Running

_AT_ONCE = 500


def check(work: Running) -> Outcome:
    """The whole chain, from its first event."""
    work.stages.start("events", None)
    found = verify(work.actor.scope)
    if found.broken:
        return Outcome(
            f"The trail breaks at event {found.broken.number:,}: {found.broken.why}. Somebody wrote to the database "
            "past the program; find out who, and compare with a backup or an earlier export.",
            "audit",
        )
    return Outcome(f"All {found.count:,} events follow one another, none is missing. Last hash: {found.head}", "audit")


def write(work: Running) -> Outcome:
    """The events that were asked for, as a file."""
    given = work.arguments
    form = given["form"] if given.get("form") in FORMS else FORMS[0]
    asked = Asked(
        actor=given.get("actor", ""),
        action=given.get("action", ""),
        subject=given.get("subject", ""),
        first=_day(given.get("first")),
        last=_day(given.get("last")),
    )
    lines = export(work.actor, asked, form, at=work.at)
    work.stages.start("events", how_many(work.actor.scope, asked))
    work.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    name = f"audit-{work.practice.key}-{work.today}.{form}"
    count = 0
    with (work.folder / name).open("w", encoding="utf-8", newline="") as out:
        for line in lines:
            out.write(line)
            count += 1
            if count % _AT_ONCE == 0:
                work.stages.step("events", _AT_ONCE)
    return Outcome(f"{count - (form == 'csv'):,} events.", file=name)


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None

"""Billing, checking, sending and receiving as jobs: for what a page should not keep somebody waiting for."""

from superbill.app.claims.opening import OpenCounts
from superbill.app.claims.queries import count_by_state
from superbill.app.jobs.kinds import Outcome, Running
from superbill.app.path.claims import added, build_claims, check_claims, check_open_claims
from superbill.app.path.next_payers import bill_next_payers
from superbill.app.path.receiving import ReceiveCounts, receive_files
from superbill.app.path.sending import send_claims
from superbill.money import dollars

MANY = 50  # above this it is a job
_STEP = 50


def build(work: Running) -> Outcome:
    """Open the claims of every coded visit, and those of the next payers that are due."""
    first = build_claims(work.session(), work.stages)
    later, _findings = bill_next_payers(work.session(), work.stages, at=work.at)
    text = f"{first.ready:,} claims ready, {first.held + later.held:,} held; {later.ready:,} to next payers."
    return Outcome(text, result="claims/ready")


def check(work: Running) -> Outcome:
    """Check claims on today's day: those of `claims` (row ids), or without it every held and ready one."""
    given, left = work.arguments.get("claims"), 0
    if given is None:
        states = count_by_state(work.actor.scope)
        work.stages.start("Check", states["held"][0] + states["ready"][0])
        done, _checked = check_open_claims(work.session(), work.stages)
    else:
        work.stages.start("Check", len(given))
        done = OpenCounts()
        for start in range(0, len(given), _STEP):
            some = given[start : start + _STEP]
            counts, sent = check_claims(work.session(), some)
            done, left = added(done, counts), left + sent
            work.stages.step("Check", len(some))
    stayed = f" {left:,} were sent already and stay as they are." if left else ""
    text = f"{done.ready + done.held:,} claims checked: {done.ready:,} ready, {done.held:,} held.{stayed}"
    return Outcome(text, result="claims?state=held" if done.held else "claims/ready")


def send(work: Running) -> Outcome:
    """Send the claims of these row ids that are still ready. Taken up again it sends what is left."""
    wanted = set(work.arguments["claims"])
    work.stages.start("Send", len(wanted))
    with work.trading_partner() as connector:
        done = send_claims(work.session(), connector, work.stages, at=work.at, only=wanted)
    held = f" {done.held:,} could not be written as a valid 837 and are held with the reason." if done.held else ""
    text = f"{done.claims:,} claims, {dollars(done.charge)}, sent in {done.batches:,} files.{held}"
    return Outcome(text, result="batches")


def receive(work: Running) -> Outcome:
    """Fetch the files that wait at the trading partner, and do what they say. One that came before does nothing."""
    work.stages.start("Receive", None)
    with work.trading_partner() as connector:
        counts = receive_files(work.session(), connector, work.stages, at=work.at)
    return Outcome(_received(counts), result="files?state=held" if counts.held else "files")


_SAID = (
    ("accepted", "{:,} claims accepted."),
    ("rejected", "{:,} claims rejected."),
    ("posted_claims", "{:,} claims posted."),
    ("replies", "{:,} questions answered."),
    ("held", "{:,} files are held for a person."),
    ("left", "{:,} payments wait for who may post them."),
)


def _received(counts: ReceiveCounts) -> str:
    files = ", ".join(f"{number:,} × {kind}" for kind, number in sorted(counts.files.items()))
    told = [words.format(number) for name, words in _SAID if (number := getattr(counts, name))]
    if not files and not told:
        return "Nothing waited at the receiver."
    return " ".join([f"Received {files}.", *told] if files else told)

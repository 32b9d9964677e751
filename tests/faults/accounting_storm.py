"""Four processes post the same payments and their own, and are killed (kill -9) at random points, again and again.

A worker says on a pipe what was acknowledged to it. Whatever it said is on the books, once and whole; what it did not
say may be there, once and whole, or not.
"""

import os
import random
import signal
import time

from msgspec import Struct
from msgspec.structs import replace
from tests.app_samples import AT, TODAY, answer, billed, chart, claim, paid_line, remittance

from superbill.app.accounts.actors import system_actor
from superbill.app.billing.models import JournalEntry, Posting, Receipt
from superbill.app.billing.payments import PaymentFacts, take_payment
from superbill.app.boot import disconnect
from superbill.app.claims.actions import SelfPayDraft, bill_self_pay
from superbill.app.doctor import examine
from superbill.app.encounters.models import EncounterRow
from superbill.app.patients.actions import import_charts
from superbill.app.practices.actions import open_practice
from superbill.app.remits.actions import post_remittance
from superbill.app.remits.models import RemittanceRow
from superbill.x12.model import Remittance

WORKERS = 4
CHARTS, REMITS, PAYMENTS = 12, 12, 24


class Job(Struct, frozen=True):
    """A payer's payment, or (`patient`) a patient's of so many cents."""

    name: str
    remittance: Remittance | None = None
    patient: int = 0
    amount: int = 0

    def do(self, actor):
        if self.remittance is not None:
            assert not post_remittance(actor, self.remittance, payer_key="one", at=AT).held
        else:
            take_payment(
                actor, self.amount, PaymentFacts(method="cash", patients=(self.patient,)), self.name, TODAY, at=AT
            )


class Storm:
    """Rounds of work and kills. Each practice is worked at until all of its jobs are done, then comes the next."""

    def __init__(self, seed):
        self.chance = random.Random(seed)
        self.seed = seed
        self.kills = self.practices = self.acknowledged = 0
        self.longest = 0.0  # seconds that all the work takes when nobody is killed: a worker lives no longer

    def run(self, kills):
        """Kill so many workers; raises AssertionError on the first loss."""
        start = time.monotonic()
        self.work_at(f"storm{self.seed}-0", 0)
        self.longest = time.monotonic() - start
        while self.kills < kills:
            self.practices += 1
            self.work_at(f"storm{self.seed}-{self.practices}", kills)

    def work_at(self, name, kills):
        actor = system_actor(open_practice(name, name).pk)
        jobs = {job.name: job for job in jobs_of(actor)}
        said = set()
        while said != jobs.keys():
            said |= self.volley(actor, jobs, deadly=self.kills < kills)
            check(actor, jobs, said, f"seed {self.seed}, kill {self.kills}")
        self.acknowledged += len(said)
        posted = set(actor.scope.rows(JournalEntry).values_list("key", flat=True))
        assert len(posted) == actor.scope.rows(JournalEntry).count()

    def volley(self, actor, jobs, *, deadly):
        """All workers at once, each with the jobs in an order of its own; what they acknowledged before their ends."""
        disconnect()
        workers = []
        for _ in range(WORKERS):
            order = self.chance.sample(list(jobs), len(jobs))
            workers.append(forked(actor, [jobs[name] for name in order]))
        ends = sorted(self.chance.uniform(0, self.longest) for _ in workers)
        start = time.monotonic()
        said = set()
        for end, (child, _) in zip(ends, workers, strict=True):
            if deadly:
                time.sleep(max(0.0, start + end - time.monotonic()))
                os.kill(child, signal.SIGKILL)
        for child, pipe in workers:
            lines = pipe.read().splitlines()  # to its end: nothing that was said gets lost
            pipe.close()
            _, status = os.waitpid(child, 0)
            troubles = [line for line in lines if line.startswith("trouble")]
            assert not troubles, f"seed {self.seed}: {troubles}"
            self.kills += os.WIFSIGNALED(status)
            said |= {line for line in lines if line in jobs}
        return said


def forked(actor, jobs):
    """A worker of its own process and connection; (process id, pipe)."""
    reading, writing = os.pipe()
    child = os.fork()
    if child:
        os.close(writing)
        return child, os.fdopen(reading, encoding="utf-8")
    try:
        for job in jobs:
            job.do(actor)
            os.write(writing, f"{job.name}\n".encode())
    except BaseException as error:  # a child says it and ends; it never runs the parent's tests
        os.write(writing, f"trouble {error!r}\n".encode())
    os._exit(0)


def jobs_of(actor):
    """Payments of payers, some answering the same claims, and of patients."""
    claims = billed(actor, charts=CHARTS, visits=2)
    for number in range(REMITS):
        some = claims[number * 2 : number * 2 + 2]
        yield Job(name=f"T{number}", remittance=remittance(f"T{number}", *(usual(one) for one in some)))
    # Corrections of what others of these pay, so that workers meet on claims; in whatever order, the books explain it.
    for number in range(0, REMITS, 3):
        back = [taken_back(one) for one in claims[number * 2 : number * 2 + 1]]
        yield Job(name=f"C{number}", remittance=remittance(f"C{number}", *back, usual(claims[number * 2], paid=90_00)))
    import_charts(actor, [chart(number) for number in range(100, 104)], at=AT)
    rows = actor.scope.rows(EncounterRow).filter(state="imported").order_by("id")
    visits = list(rows.values_list("id", "patient_id", "account_number"))
    bill_self_pay(
        actor, [SelfPayDraft(encounter=row, lines=claim(account).lines) for row, _, account in visits], TODAY, at=AT
    )
    for number in range(PAYMENTS):
        yield Job(name=f"P{number}", patient=visits[number % len(visits)][1], amount=5_00 + number)


def usual(sent, paid=80_00):
    first, *others = sent.lines
    share = paid_line(first, paid, ("CO", "45", first.charge - paid - 20_00), ("PR", "2", 20_00))
    return answer(sent, share, *(paid_line(line, 0, ("CO", "50", line.charge)) for line in others))


def taken_back(sent):
    first, *others = sent.lines
    lines = [paid_line(first, -80_00, ("CO", "45", -(first.charge - 100_00)), ("PR", "2", -20_00))]
    lines += [paid_line(line, 0, ("CO", "50", -line.charge)) for line in others]
    return answer(sent, *(replace(line, charge=-line.charge) for line in lines), status="22")


def check(actor, jobs, said, where):
    """The doctor is content; all that was acknowledged is there; everything that is there is there once and whole."""
    report = examine(actor.scope)
    assert report.healthy, f"{where}: {report.findings}"
    rows = actor.scope.rows(RemittanceRow).filter(state="posted").values_list("trace_number", "payment_amount")
    posted, receipts = dict(rows), dict(actor.scope.rows(Receipt).values_list("key", "amount"))
    assert len(rows) == len(posted), f"{where}: a payment twice"
    there = {*posted, *receipts}
    assert said <= there, f"{where}: acknowledged and lost: {sorted(said - there)}"
    cash = sum(actor.scope.rows(Posting).filter(account="cash").values_list("amount", flat=True))
    told = sum(jobs[name].remittance.payment_amount if name in posted else jobs[name].amount for name in there)
    assert cash == told, f"{where}: {cash} cents in cash, {told} were paid"

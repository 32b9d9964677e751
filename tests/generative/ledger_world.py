"""One practice at work, step by step, beside a naive model of its books. Every step ends with a comparison.

A step is an event and a number; the number seeds what the event is about. So a walk is a list of (event, number),
short to print, and hypothesis can shorten it.
"""

from datetime import timedelta
from random import Random

from msgspec.structs import replace
from tests.app_samples import AT, TODAY, chart, claim
from tests.generative.ledger_model import Books
from tests.generative.ledger_patients import Patients
from tests.generative.ledger_payers import Payers
from tests.generative.ledger_view import View

from superbill.app.accounts.actors import system_actor
from superbill.app.billing.payments import PaymentFacts, take_payment
from superbill.app.billing.rebuild import rebuild
from superbill.app.claims.actions import ClaimDraft, SelfPayDraft, bill_self_pay, open_claims, open_next_claim
from superbill.app.claims.models import ClaimRow
from superbill.app.deposits.actions import close_day
from superbill.app.deposits.closing import DRAWER
from superbill.app.deposits.periods import PeriodClosed
from superbill.app.doctor import examine
from superbill.app.encounters.models import EncounterRow
from superbill.app.patients.actions import import_charts
from superbill.app.practices.actions import keep_policy, open_practice
from superbill.site.policy import MoneyPolicy

PATIENTS, VISITS = 2, 4
POLICY = MoneyPolicy(write_off_limits={"system": 10**12}, refund_limit=10**12)
CHAINS = (("one", "two"), ("one", "two"), ("one",), ("two",), ())
# How often each event happens beside the others.
EVENTS = {
    "charge": 2, "remit": 5, "replay": 3, "other_content": 1, "part": 2, "split": 1, "rest": 2, "void_payment_of": 1,
    "post_again": 2, "pay": 3, "apply": 2, "reallocate": 1, "bounce": 1, "bank_was_wrong": 1, "void": 1, "refund": 1,
    "refund_payer": 1, "void_refund": 1, "write_off": 2, "transfer": 3, "undo": 3, "close": 1,
}  # fmt: skip


class World(Payers, Patients):
    """The program's practice `name`, and the model of it."""

    def __init__(self, name):
        Payers.__init__(self)
        Patients.__init__(self)
        practice = open_practice(name, name)
        keep_policy(practice.pk, POLICY)
        self.actor = system_actor(practice.pk)
        import_charts(self.actor, [chart(number, VISITS) for number in range(1, PATIENTS + 1)], at=AT)
        rows = self.actor.scope.rows(EncounterRow).order_by("id")
        self.visits = list(rows.values_list("id", "patient_id", "account_number", "date_of_service"))
        self.patients = sorted({visit[1] for visit in self.visits})
        self.visits = self.visits[::VISITS] + [visit for n, visit in enumerate(self.visits) if n % VISITS]
        self.books = Books()
        self.view = View(self.actor.practice_id)
        self.today = TODAY
        self.steps = 0

    def step(self, event, number):
        """One event. Raises AssertionError where the books are not what the model says."""
        self.steps += 1
        getattr(self, event)(Random(f"{event} {number}"))
        self.view.compare(self.books)

    def examine(self):
        """The program's own proof of its books, and its derived tables made anew from the journal."""
        report = examine(self.actor.scope)
        assert report.healthy, report.findings
        different = [one for one in rebuild(self.actor, at=AT) if one.differences]
        assert not different, different
        self.view.compare(self.books)

    def key(self):
        return f"k{self.steps}"

    # --- charges -----------------------------------------------------------------------------------------------------

    def charge(self, chance):
        if not self.visits:
            return
        encounter, patient, account, day = self.visits.pop(0)
        charges = tuple(chance.choice((1, 7, 30_00, 45_50, 120_00, chance.randint(1, 300_00))) for _ in range(3))
        charges = charges[: chance.randint(1, 3)]
        payers = chance.choice(CHAINS)
        first = claim(account, charges, day=day)
        if payers:
            draft = ClaimDraft(encounter=encounter, claim=first, payer_key=payers[0], next_payer="".join(payers[1:]))
            open_claims(self.actor, [draft], TODAY, at=AT)
            if payers[1:]:
                then = replace(first, control_number=f"{account}S1")
                draft = ClaimDraft(encounter=encounter, claim=then, payer_key=payers[1])
                open_next_claim(self.actor, [draft], at=AT)
            ClaimRow._base_manager.filter(encounter_id=encounter).update(state="sent")
        else:
            bill_self_pay(self.actor, [SelfPayDraft(encounter=encounter, lines=first.lines)], TODAY, at=AT)
        lines = [(line.control_number, line.charge) for line in first.lines]
        for key, cents in lines:
            self.books.lines[key] = {"patient": patient, "visit": account, "day": day, "charge": cents}
            owed = ("insurance", key, payers[0]) if payers else ("patient", key)
            self.books.apply({("charge", key): cents, owed: cents})
        for place, payer in enumerate(payers):
            number = first.control_number if not place else f"{account}S1"
            following = payers[place + 1] if payers[place + 1 :] else ""
            self.books.claims[number] = {"payer": payer, "next": following, "lines": lines, "sent": first}

    def close(self, chance):
        """The day is closed: nobody dates a payment into it, and what payers date goes to the next."""
        closed = self.today
        if closed > TODAY + timedelta(days=9):
            return
        counted = dict.fromkeys(DRAWER, 0)
        close_day(self.actor, closed, counted, why="counted elsewhere", with_earlier=True, at=AT + (closed - TODAY))
        self.today += timedelta(days=1)
        facts = PaymentFacts(method="cash", patients=(chance.choice(self.patients),))
        try:
            take_payment(self.actor, 5_00, facts, f"late{self.steps}", closed, at=AT)
        except PeriodClosed:
            return
        raise AssertionError(f"a payment was dated into {closed}, which is closed")

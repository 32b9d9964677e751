"""What people and the office do at the practice at work: payments and where they go, write-offs, transfers, undoing."""

from msgspec.structs import replace
from tests.app_samples import AT
from tests.generative.ledger_model import added, negative

from superbill.app.billing.errors import BadAmount, NotPossible
from superbill.app.billing.parties import patient_party
from superbill.app.billing.payments import PaymentFacts, apply_unapplied, reallocate, take_payment
from superbill.app.billing.refunds import issue_refund, request_refund, void_refund
from superbill.app.billing.returns import return_payment, void_payment
from superbill.app.billing.transfers import transfer_to_insurance, transfer_to_patient, transfer_to_payer
from superbill.app.billing.undo import undo
from superbill.app.billing.write_offs import WriteOff, forgive

RULES = ("oldest-first", "oldest-first", "visit", "proportional", "lines", "unapplied")
REASONS = (
    ("hardship", "write_off", "either"),
    ("administrative", "write_off", "either"),
    ("small-balance", "write_off", "patient"),
    ("charity", "charity", "patient"),
    ("bad-debt", "bad_debt", "patient"),
    ("bad-debt", "bad_debt", "patient"),
    ("timely-filing", "write_off", "insurance"),
)


class Patients:
    """Events of a world whose actors are patients and the office. `actor`, `books`, `patients` are the world's."""

    def __init__(self):
        self.bounced = {}  # receipt number -> entry key, where its money was, what the bank kept
        self.refunds = []  # refund number, what it changed, what it took of receipts
        self.done = []  # (entry key, what it changed) that may be undone

    # --- what people pay ----------------------------------------------------------------------------------------------

    def pay(self, chance):
        patient, rule = chance.choice(self.patients), chance.choice(RULES)
        amount = chance.choice((1, 20_00, 150_00, chance.randint(1, 300_00)))
        own = self.books.open_lines(patient)
        visit, asked = "", ()
        if rule == "visit" and own:
            visit = self.books.lines[chance.choice(own)]["visit"]
        if rule == "lines":
            room = [(key, self.books.at["patient", key], self.books.at["bad_debt", key]) for key in own]
            room = [(key, max(owed, 0) + max(lost, 0)) for key, owed, lost in room]
            some = [each for each in room if each[1]][: chance.randint(1, 3)]
            asked = [(key, chance.randint(1, cents)) for key, cents in some]
            amount = max(amount, sum(cents for _, cents in asked))
        facts = PaymentFacts(
            method=chance.choice(("cash", "check", "card")), patients=(patient,), rule=rule, visit=visit
        )
        if (rule, visit) == ("visit", "") or (rule == "lines" and not asked):
            facts, rule = replace(facts, rule="unapplied"), "unapplied"
        taken = take_payment(self.actor, amount, facts, self.key(), self.today, asked=dict(asked), at=AT)
        if chance.random() < 0.2:
            again = take_payment(self.actor, amount, facts, self.key(), self.today, asked=dict(asked), at=AT)
            assert again.already and again.entry == taken.entry
        self.books.pay(int(taken.receipt[1:]), patient, amount, rule, visit, asked)

    def apply(self, chance):
        patient = chance.choice(self.patients)
        entry = apply_unapplied(self.actor, patient, self.key(), self.today, at=AT)
        moves = self.books.apply_free(patient)
        assert (entry is None) == (not moves)

    def bounce(self, chance):
        """The bank takes a payment back, with a fee and without."""
        taken = [number for number, receipt in self.books.receipts.items() if receipt["state"] == "taken"]
        if taken:
            number, bank_fee = chance.choice(taken), chance.choice((0, 0, 12_00))
            entry = return_payment(self.actor, number, self.today, reason="NSF", bank_fee=bank_fee, at=AT)
            gone = self.books.take_back_receipt(number)
            self.books.receipts[number]["state"] = "returned"
            self.books.apply({("fees",): bank_fee, ("cash",): -bank_fee})
            self.bounced[number] = (entry.key, gone, bank_fee)

    def bank_was_wrong(self, chance):
        """The payment did not come back after all: it is where it was, unless bad debt there was paid otherwise."""
        if self.bounced:
            number = chance.choice(list(self.bounced))
            key, gone, bank_fee = self.bounced[number]
            back = self.books.put(gone).items()
            lost = [place for place, cents in back if place[0] == "bad_debt" and self.books.at[place] + cents < 0]
            try:
                undo(self.actor, key, "paid on the second try", self.today, at=AT)
            except NotPossible as refused:
                assert lost, refused
                return
            assert not lost, "bad debt that was paid since is owed again"
            del self.bounced[number]
            receipt = self.books.receipts[number]
            receipt["where"], receipt["state"] = gone, "taken"
            self.books.apply(added(self.books.put(gone), {("cash",): receipt["amount"] - bank_fee + bank_fee * 2}))
            self.books.apply({("fees",): -bank_fee})

    def void(self, chance):
        taken = [number for number, receipt in self.books.receipts.items() if receipt["state"] == "taken"]
        if taken:
            number = chance.choice(taken)
            if self.books.receipts[number]["refunded"]:
                return
            void_payment(self.actor, number, self.today, reason="keyed wrongly", at=AT)
            self.books.take_back_receipt(number)
            self.books.receipts[number]["state"] = "voided"

    def reallocate(self, chance):
        """A payment is put by another rule."""
        taken = [number for number, receipt in self.books.receipts.items() if receipt["state"] == "taken"]
        if not taken:
            return
        number, rule = chance.choice(taken), chance.choice(("oldest-first", "proportional", "unapplied"))
        visit = self.books.receipts[number]["visit"]
        try:
            reallocate(self.actor, number, rule, self.key(), self.today, reason="as the patient says", at=AT)
        except NotPossible:
            assert not self.books.put_elsewhere(number, rule, visit, ()), "it is put so already, they say"
        else:
            self.books.put_elsewhere(number, rule, visit, ())

    def refund(self, chance):
        """A patient's credit is paid back; no cent more than there is."""
        patient = chance.choice(self.patients)
        credits = self.books.credits(patient)
        room = sum(cents for _, cents in credits)
        amount = chance.choice((room, room + 1, chance.randint(1, room or 1)))
        number = self.asked(patient_party(patient), amount, room, [])
        if number is None:
            return
        changes, took = [], {}
        for of, cents in credits:
            part = min(cents, amount)
            amount -= part
            if isinstance(of, int):
                changes.append({("free", patient): -part, ("cash",): -part})
                self.books.receipts[of]["refunded"] += part
                took[of] = part
            else:
                changes.append({("patient", of): part, ("patient paid", of): -part, ("cash",): -part})
        self.books.apply(added(*changes))
        self.refunds.append((number, added(*changes), took))

    def refund_payer(self, chance):
        """What a payer paid too much on a claim goes back to it."""
        if not self.books.claims:
            return
        claim = self.books.claims[chance.choice(list(self.books.claims))]
        payer, lines = claim["payer"], [key for key, _ in claim["lines"]]
        credits = self.books.payer_credits(payer, lines)
        room = sum(cents for _, cents in credits)
        amount = chance.choice((room, room + 1, chance.randint(1, room or 1)))
        number = self.asked(payer, amount, room, lines)
        if number is None:
            return
        changes = []
        for key, cents in credits:
            part = min(cents, amount)
            amount -= part
            changes.append({("insurer paid", key, payer): -part, ("insurance", key, payer): part, ("cash",): -part})
        self.books.apply(added(*changes))
        self.refunds.append((number, added(*changes), {}))

    def asked(self, party, amount, room, lines):
        """Ask for a refund and send it; its number. None where it is refused, as it must be above the credit."""
        try:
            name = request_refund(
                self.actor, party, amount, self.key(), self.today, reason="paid twice", lines=lines,
                despite_balance=True, at=AT,
            )  # fmt: skip
        except BadAmount:
            assert not 0 < amount <= room, f"{amount} of {room} was refused"
            return None
        assert 0 < amount <= room, f"{amount} of {room} was paid back"
        issue_refund(self.actor, int(name.strip("RF")), self.today, check_number=f"C{self.steps}", at=AT)
        return int(name.strip("RF"))

    def void_refund(self, chance):
        """The check was never cashed: the credit stands again."""
        if self.refunds:
            number, change, took = self.refunds.pop(chance.randrange(len(self.refunds)))
            void_refund(self.actor, number, self.today, reason="lost in the mail", at=AT)
            self.books.apply(negative(change))
            for receipt, part in took.items():
                self.books.receipts[receipt]["refunded"] -= part

    # --- what the office decides --------------------------------------------------------------------------------------

    def write_off(self, chance):
        if not self.books.lines:
            return
        line, (reason, kind, side) = chance.choice(sorted(self.books.lines)), chance.choice(REASONS)
        holders = self.books.holders(line)
        at = self.books.at
        places = [("patient", line)] if side != "insurance" else []
        if side != "patient" and len(holders) == 1:
            places += [("denied", line, holders[0]), ("insurance", line, holders[0])]
        elif side != "patient" and holders:
            return  # whose balance goes first is not said
        room = sum(max(at[place], 0) for place in places)
        amount = chance.choice((1, room, room + 1, chance.randint(1, 200_00)))
        what = WriteOff(lines=((line, amount),), reason=reason)
        try:
            forgive(self.actor, what, self.key(), self.today, at=AT)
        except BadAmount:
            assert not 0 < amount <= room, f"{amount} of {room} was refused"
            return
        assert 0 < amount <= room, f"{amount} of {room} was forgiven"
        change, left = {(kind, line): amount}, amount
        for place in places:
            part = min(max(at[place], 0), left)
            change[place] = change.get(place, 0) - part
            left -= part
        self.books.apply(change)
        self.done.append((f"write-off:{self.key()}", change))

    def transfer(self, chance):
        """A balance becomes somebody else's."""
        if not self.books.lines:
            return
        line = chance.choice(sorted(self.books.lines))
        at, payer = self.books.at, chance.choice(("one", "two"))
        held = [("denied", line, payer), ("insurance", line, payer)]
        way = chance.choice(("payer", "patient", "insurance"))
        room = max(at["patient", line], 0)
        if way != "insurance":
            room = min(sum(max(at[place], 0) for place in held), max(sum(at[place] for place in held), 0))
        amount = chance.choice((1, room, room + 1, chance.randint(1, 200_00)))
        key, parts = self.key(), [(line, amount)]
        try:
            if way == "payer":
                other = "two" if payer == "one" else "one"
                transfer_to_payer(self.actor, parts, payer, other, key, self.today, reason="wrong payer", at=AT)
                to = ("insurance", line, other)
            elif way == "patient":
                transfer_to_patient(self.actor, parts, payer, "signed-notice", key, self.today, at=AT)
                to = ("patient", line)
            else:
                transfer_to_insurance(self.actor, parts, payer, key, self.today, reason="coverage found", at=AT)
                to = ("insurance", line, payer)
        except BadAmount:
            assert not 0 < amount <= room, f"{amount} of {room} was refused"
            return
        assert 0 < amount <= room, f"{amount} of {room} was moved"
        change, left = {to: amount}, amount
        for place in held if way != "insurance" else [("patient", line)]:
            part = min(max(at[place], 0), left)
            change[place] = change.get(place, 0) - part
            left -= part
        self.books.apply(change)
        self.done.append((f"transfer:{key}", change))

    def undo(self, chance):
        """What was decided is taken back; a second time nothing happens."""
        if self.done:
            key, change = self.done.pop(chance.randrange(len(self.done)))
            lost = [place for place, cents in change.items() if place[0] == "bad_debt" and self.books.at[place] < cents]
            try:
                undo(self.actor, key, "a mistake", self.today, at=AT)
            except NotPossible as refused:
                assert lost, refused
                return
            assert not lost, "bad debt that was paid since is owed again"
            undo(self.actor, key, "a mistake", self.today, at=AT)
            self.books.apply({place: -amount for place, amount in change.items()})

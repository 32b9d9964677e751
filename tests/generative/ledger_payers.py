"""What payers send to the practice at work: answers of every kind, and money for no claim."""

from msgspec.structs import replace
from tests.app_samples import AT, DAY, answer, claim, paid_line, remittance

from superbill.app.billing.errors import NotPossible
from superbill.app.remits.actions import post_remittance, void_remittance
from superbill.x12.model import ProviderAdjustment

PLBS = ("WO", "FB", "72", "AP", "CS", "L6", "CT", "B2", "LE", "AH")


class Payers:
    """Events of a world whose actors are two payers. `actor`, `books`, `steps` are the world's."""

    def __init__(self):
        self.told = {}  # control number -> what payers said of it, in order
        self.posted = {}  # trace number -> payer, Remittance, what it says, row id: on the books
        self.voided = {}  # the same, taken back
        self.waiting = []  # the payer, the whole, and the part that is still to come

    # --- what payers send ---------------------------------------------------------------------------------------------

    def remit(self, chance):
        """A payment of one payer: some answers, some money for no claim."""
        payer = chance.choice(("one", "two"))
        numbers = [number for number, one in self.books.claims.items() if one["payer"] == payer]
        told = []
        for _ in range(chance.choice((0, 1, 1, 1, 2, 3))):
            number = chance.choice(numbers) if numbers and chance.random() < 0.95 else f"STRANGE{chance.randint(1, 9)}"
            told += self.answers(chance, payer, number)
        plb = [
            (chance.choice(PLBS), f"REF{chance.randint(1, 3)}", chance.choice((1, -1)) * chance.randint(1, 90_00))
            for _ in range(chance.choice((0, 0, 0, 1, 2)))
        ]
        short = sum(one["paid"] for one in told) - sum(amount for _, _, amount in plb)
        if short < 0:  # a payer that takes back more than it pays carries the rest forward
            plb.append(("FB", "FORWARD", short))
        whole = {"claims": told, "plb": plb, "amount": max(short, 0)}
        self.send(payer, whole, self.document(f"T{self.steps}", whole))

    def send(self, payer, whole, paper, last=None):
        """Post the payment, or `last`, the part of it that was missing."""
        result = post_remittance(self.actor, last or paper, payer_key=payer, at=AT)
        strangers = [one for one in whole["claims"] if one["number"] not in self.books.claims and one["status"] != "25"]
        if whole["claims"] and len(strangers) == len(whole["claims"]):
            assert result.held, "none of its claims is ours"
            return
        assert not result.held, result.findings
        for one in whole["claims"]:
            if one["status"] in "124":
                self.told.setdefault(one["number"], []).append(one)
        did = self.books.payment(payer, whole)
        row = result.id if last is None else post_remittance(self.actor, paper, payer_key=payer, at=AT).id
        self.posted[paper.trace_number] = (payer, paper, whole, row, did)

    def answers(self, chance, payer, number):
        """One answer to a claim, or its reversal, or both."""
        if number not in self.books.claims:
            return [{"number": number, "status": "1", "paid": chance.choice((0, 55_00)), "interest": 0, "lines": {}}]
        before = self.told.get(number)
        kind = chance.random()
        if before and kind < 0.2:
            return [self.taken_back(before[-1])]
        if before and kind < 0.45:
            return [self.taken_back(before[-1]), self.adjudicated(chance, payer, number)]
        if kind < 0.48:
            return [{"number": number, "status": "23", "paid": 0, "interest": 0, "lines": {}}]
        if kind < 0.51:
            return [{"number": number, "status": "25", "paid": 0, "interest": 0, "lines": {}}]
        return [self.adjudicated(chance, payer, number)]

    def adjudicated(self, chance, payer, number):
        lines = {}
        of_claim = self.books.claims[number]["lines"]
        some = of_claim if chance.random() < 0.85 else chance.sample(of_claim, chance.randint(1, len(of_claim)))
        for key, cents in some:
            lines[key] = self.line_answer(chance, payer, key, cents)
        interest = chance.randint(1, 5_00) if chance.random() < 0.07 else 0
        paid = sum(line for line, _ in lines.values()) + interest
        status = "4" if not paid else "2" if number.endswith("S1") else "1"
        return {"number": number, "status": status, "paid": paid, "interest": interest, "lines": lines}

    def line_answer(self, chance, payer, key, cents):
        """(paid, adjustments) that explain the charge: by a template, as payers have them."""
        held = max(0, min(self.books.holds(key, payer), cents))
        before = [("OA", "23", cents - held)] if held < cents and chance.random() < 0.7 else []
        left = cents - sum(amount for _, _, amount in before)
        way = chance.choice(("share", "share", "share", "denied", "deductible", "contract", "partly", "over", "again"))
        if way == "denied":
            rest = [("CO", chance.choice(("50", "97")), left)]
        elif way == "deductible":
            rest = [("PR", "1", left)]
        elif way == "contract":
            rest = [("CO", "45", left)]
        elif way == "over":
            more = chance.randint(1, 10_00)
            return left + more, [*before, ("CO", "94", -more)]
        elif way == "again":
            rest = [("CO", "18", left)]
        else:
            share, cut = sorted((chance.randint(0, left), chance.randint(0, left)))
            rest = [("PR", chance.choice("23"), share), ("CO", "50" if way == "partly" else "45", cut - share)]
            if chance.random() < 0.2:
                cut_too = min(left - cut, 1)
                rest.append(("CO", "253", cut_too))
        rest = [piece for piece in rest if piece[2]]
        return left - sum(amount for _, _, amount in rest), before + rest

    @staticmethod
    def taken_back(told):
        lines = {
            key: (-paid, [(group, reason, -amount) for group, reason, amount in pieces])
            for key, (paid, pieces) in told["lines"].items()
        }
        return {**told, "status": "22", "paid": -told["paid"], "interest": -told["interest"], "lines": lines}

    def document(self, trace, whole):
        """The 835 that says so."""
        claims = []
        for one in whole["claims"]:
            if not one["lines"]:
                said = answer(claim("X", (1,)), status=one["status"], number=f"PCN{one['number']}")
                claims.append(replace(said, control_number=one["number"], charge=one["paid"], paid=one["paid"]))
                continue
            sent = {line.control_number: line for line in self.books.claims[one["number"]]["sent"].lines}
            lines, sign, extra = [], -1 if one["status"] == "22" else 1, one["interest"]
            for key, (paid, pieces) in one["lines"].items():
                interest = [("CO", "225", -extra)] if extra else []
                line = paid_line(sent[key], paid + extra, *pieces, *interest)
                lines.append(replace(line, charge=sign * line.charge))
                extra = 0
            said = answer(claim("X", (1,)), *lines, status=one["status"], number=f"PCN{one['number']}")
            claims.append(replace(said, control_number=one["number"]))
        plb = tuple(
            ProviderAdjustment(npi="1234567893", fiscal_year_end=DAY, reason=code, reference=reference, amount=amount)
            for code, reference, amount in whole["plb"]
        )
        return remittance(trace, *claims, plb=plb)

    def replay(self, chance):
        """The same payment again, in another order: nothing happens."""
        if not self.posted:
            return
        payer, paper, *_ = chance.choice(list(self.posted.values()))
        claims = tuple(
            replace(one, lines=tuple(chance.sample(one.lines, len(one.lines))))
            for one in chance.sample(paper.claims, len(paper.claims))
        )
        shuffled = tuple(chance.sample(paper.provider_adjustments, len(paper.provider_adjustments)))
        again = replace(paper, claims=claims, provider_adjustments=shuffled)
        assert post_remittance(self.actor, again, payer_key=payer, at=AT).already

    def other_content(self, chance):
        """The trace number of a posted payment with one more cent: held, nothing happens."""
        if not self.posted:
            return
        payer, paper, *_ = chance.choice(list(self.posted.values()))
        cent = ProviderAdjustment(npi="1234567893", fiscal_year_end=DAY, reason="L6", reference="", amount=-1)
        other = replace(
            paper,
            payment_amount=paper.payment_amount + 1,
            payment_method="ACH",
            provider_adjustments=(*paper.provider_adjustments, cent),
        )
        assert post_remittance(self.actor, other, payer_key=payer, at=AT).held

    def part(self, chance):
        """A part of a payment that is on the books already: nothing happens."""
        if not self.posted:
            return
        payer, paper, *_ = chance.choice(list(self.posted.values()))
        if len(paper.claims) > 1:
            some = tuple(chance.sample(paper.claims, chance.randint(1, len(paper.claims) - 1)))
            assert post_remittance(self.actor, replace(paper, claims=some), payer_key=payer, at=AT).already

    def split(self, chance):
        """A payment of which one part is missing: it waits, and nothing is on the books."""
        payer = chance.choice(("one", "two"))
        numbers = [number for number, one in self.books.claims.items() if one["payer"] == payer]
        if len(numbers) < 2:
            return
        told = [self.adjudicated(chance, payer, number) for number in chance.sample(numbers, 2)]
        whole = {"claims": told, "plb": [], "amount": sum(one["paid"] for one in told)}
        if all(one["paid"] > 0 for one in told):
            paper = self.document(f"T{self.steps}", whole)
            first, last = (replace(paper, claims=(one,)) for one in paper.claims)
            assert post_remittance(self.actor, first, payer_key=payer, at=AT).waiting
            self.waiting.append((payer, whole, paper, last))

    def rest(self, chance):
        """The missing part arrives: the whole is posted as it would have been at once."""
        if self.waiting:
            payer, whole, paper, last = self.waiting.pop(chance.randrange(len(self.waiting)))
            self.send(payer, whole, paper, last)

    def void_payment_of(self, chance):
        """A payer's payment is taken back, deposit and all, unless another was built on it."""
        if not self.posted:
            return
        trace = chance.choice(list(self.posted))
        _, _, whole, row, did = self.posted[trace]
        gone_on = any(self.books.claims.get(one["number"], {}).get("next") for one in whole["claims"])
        try:
            void_remittance(self.actor, row, on=self.today, why="deposited twice", at=AT)
        except NotPossible as refused:
            assert gone_on or not self.books.can_void(did), refused
            return
        assert self.books.can_void(did), "another payment has taken back what this one said"
        self.books.void(did)
        self.voided[trace] = self.posted.pop(trace)

    def post_again(self, chance):
        """What was taken back arrives again, or is posted again: as of now."""
        if self.voided:
            payer, paper, whole, *_ = self.voided.pop(chance.choice(list(self.voided)))
            self.send(payer, whole, paper)

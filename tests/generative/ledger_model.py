"""The books as a child would keep them: dictionaries of cents, and nothing of the program's own rules imported.

A place is a tuple: ("insurance", line, payer) expected of a payer and ("denied", line, payer) refused by it;
("patient", line) owed by the patient; ("contractual" | "write_off" | "charity" | "bad_debt", line) given up; ("insurer
paid", line, payer) and ("patient paid", line) received; ("charge", line). Without a line: ("cash",), ("free", patient)
money on account, ("suspense", payer), ("provider", payer, reference), ("interest",), ("settlement",), ("capitation",),
("fees",). What stands there is what an accountant calls it: positive for charges, balances, payments, cash and money on
account; for the rest debit positive.
"""

from collections import defaultdict

ADJUSTED = ("contractual", "write_off", "charity", "bad_debt")
# What becomes of money that a payer does not pay, by claim adjustment reason; under group PR always the patient's.
HANDLING = {"45": "contractual", "253": "contractual", "94": "contractual", "50": "denied", "97": "denied",
            "18": "denied", "23": "denied later"}  # fmt: skip
# Where provider-level money goes, by PLB reason.
PROVIDER = {"WO": "provider", "FB": "provider", "72": "provider", "AP": "provider", "CS": "provider",
            "L6": "interest", "CT": "capitation", "B2": "settlement", "LE": "settlement", "AH": "fees"}  # fmt: skip


def added(*changes):
    """Several changes as one."""
    sums = defaultdict(int)
    for change in changes:
        for place, amount in change.items():
            sums[place] += amount
    return dict(sums)


def negative(change):
    return {place: -amount for place, amount in change.items()}


class Books:
    """What stands where, and what is known of lines, claims, payments and receipts."""

    def __init__(self):
        self.at = defaultdict(int)
        self.lines = {}  # key -> {"patient", "visit", "day", "charge"}
        self.claims = {}  # control number -> {"payer", "next", "lines"}
        self.answers = []  # what payers said and that stands, oldest first
        self.journal = []  # what the payment at hand did: ("change", …), ("said", answer), ("took", answer, lines)
        self.receipts = {}  # number -> {"patient", "amount", "where": {place: cents}, "state", "refunded"}

    def apply(self, change):
        self.journal.append(("change", change))
        for place, amount in change.items():
            self.at[place] += amount

    def balance(self, line):
        """What the program's own balance of the line should say."""
        of = defaultdict(int)
        for place, amount in self.at.items():
            if len(place) > 1 and place[1] == line:
                of[place[0]] += amount
        return {
            "charge": of["charge"],
            "paid": of["insurer paid"] + of["patient paid"],
            "patient_paid": of["patient paid"],
            "adjusted": sum(of[name] for name in ADJUSTED),
            "insurance": of["insurance"] + of["denied"],
            "denied": of["denied"],
            "patient": of["patient"],
        }

    def holds(self, line, payer):
        return self.at["insurance", line, payer] + self.at["denied", line, payer]

    def holders(self, line):
        """Payers with anything on the line."""
        places = [place for place in self.at if place[0] in ("insurance", "denied") and place[1] == line]
        return sorted({place[2] for place in places if self.at[place]})

    # --- what payers answer ------------------------------------------------------------------------------------------

    def post_line(self, line, payer, next_payer, paid, pieces):
        """One line of an answer: the payment in full, then as much of each adjustment as the payer still held."""
        change = defaultdict(int)
        change["insurer paid", line, payer] += paid
        left = self.holds(line, payer) - paid
        refused_before = self.at["denied", line, payer]
        ways = [(piece, "patient" if piece[0] == "PR" else HANDLING[piece[1]]) for piece in pieces]
        for kind in ("patient", "contractual", "denied", "denied later"):
            for (_, _, amount), way in ways:
                if way != kind:
                    continue
                part = min(amount, max(left, 0)) if amount > 0 else amount
                left -= part
                if kind == "patient":
                    change[("insurance", line, next_payer) if next_payer else ("patient", line)] += part
                elif kind == "contractual":
                    change["contractual", line] += part
                else:
                    change["denied", line, payer] += part
        moved = sum(change.values())
        reopened = min(max(refused_before, 0), max(moved, 0))
        change["denied", line, payer] -= reopened
        change["insurance", line, payer] -= moved - reopened
        return dict(change)

    def standing(self, number):
        """Answers of the claim's payer that stand on its lines."""
        claim = self.claims[number]
        keys = [key for key, _ in claim["lines"]]
        return [
            answer
            for answer in self.answers
            if answer["payer"] == claim["payer"] and any(key in answer["lines"] for key in keys)
        ]

    def take_back(self, answer, keys):
        """What an answer did to these lines is undone."""
        gone = {key: answer["lines"].pop(key) for key in keys if key in answer["lines"]}
        for line in gone.values():
            self.apply(negative(line["change"]))
        self.journal.append(("took", answer, gone))
        if not answer["lines"]:
            self.answers.remove(answer)

    def answer(self, payer, told):
        """One CLP. `told`: number, status, paid, interest, lines {key: (paid, [(group, reason, amount)])}."""
        claim = self.claims.get(told["number"])
        if told["status"] == "25" and not told["paid"]:
            return
        if claim is None or claim["payer"] != payer or told["status"] == "25":
            self.suspend(payer, told["paid"])
        elif told["status"] == "23":
            self.forward(payer, claim, told)
        elif told["status"] == "22":
            self.reverse(payer, told)
        else:
            self.adjudicate(payer, claim, told)

    def suspend(self, payer, paid):
        self.apply({("suspense", payer): -paid})

    def forward(self, payer, claim, told):
        """Not this payer's claim: the next one answers for all that this one held."""
        if told["paid"] or not claim["next"]:
            self.suspend(payer, told["paid"])
            return
        for key, _ in claim["lines"]:
            held = self.holds(key, payer)
            self.apply({("insurance", key, payer): -self.at["insurance", key, payer]})
            self.apply({("denied", key, payer): -self.at["denied", key, payer]})
            self.apply({("insurance", key, claim["next"]): held})

    def reverse(self, payer, told):
        """Takes back exactly what stands: all of it on the lines told, or one answer; else a person decides."""
        before = [one for one in self.standing(told["number"]) if told["lines"].keys() & one["lines"].keys()]
        wanted = {key: -paid for key, (paid, _) in told["lines"].items() if paid}
        for some in (before, *([one] for one in reversed(before))):
            paid = defaultdict(int)
            for one in some:
                for key in told["lines"].keys() & one["lines"].keys():
                    paid[key] += one["lines"][key]["paid"]
            if {key: amount for key, amount in paid.items() if amount} == wanted and (some or not told["paid"]):
                for one in list(some):
                    self.take_back(one, told["lines"])
                self.apply({("interest",): -told["interest"]})
                return
        everything = {key for one in self.standing(told["number"]) for key in one["lines"]}
        paid = sum(line["paid"] for one in before for line in one["lines"].values())
        if before and everything <= told["lines"].keys() and paid == -told["paid"]:
            for one in list(before):
                self.take_back(one, told["lines"])
        else:
            self.suspend(payer, told["paid"])

    def adjudicate(self, payer, claim, told):
        """A first answer; or instead of one that paid nothing; or more, within what the payer still held."""
        before = [one for one in self.standing(told["number"]) if told["lines"].keys() & one["lines"].keys()]
        paid = defaultdict(int)
        for one in before:
            for key in told["lines"].keys() & one["lines"].keys():
                paid[key] += one["lines"][key]["paid"]
        again = [key for key in told["lines"] if paid[key]]
        if before and not again:
            for one in before:
                self.take_back(one, told["lines"])
        elif again:
            reasons = {piece[1] for _, pieces in told["lines"].values() for piece in pieces if piece[2]}
            if not any(line_paid for line_paid, _ in told["lines"].values()):
                if reasons and reasons <= {"18"}:
                    self.apply({("interest",): -told["interest"]})
                else:
                    self.suspend(payer, told["paid"])
                return
            asks = {
                key: line_paid + sum(piece[2] for piece in pieces if piece[0] == "PR" or piece[1] != "23")
                for key, (line_paid, pieces) in told["lines"].items()
            }
            if not all(0 < asks[key] <= self.holds(key, payer) for key in again):
                self.suspend(payer, told["paid"])
                return
        said = {"payer": payer, "lines": {}}
        for key, (line_paid, pieces) in told["lines"].items():
            change = self.post_line(key, payer, claim["next"], line_paid, pieces)
            self.apply(change)
            if any(change.values()):
                said["lines"][key] = {"paid": line_paid, "change": change}
        self.apply({("interest",): -told["interest"]})
        took = [change for line in said["lines"].values() for change in line["change"].items()]
        if any(cents and place[0] == "insurer paid" for place, cents in took) or any(
            cents < 0 and place[0] in ("insurance", "denied") and place[2] == payer for place, cents in took
        ):
            self.answers.append(said)
            self.journal.append(("said", said, dict(said["lines"])))

    def payment(self, payer, told):
        """A whole remittance: reversals first, then the answers, then what is about no claim, and the deposit.

        What it did, for `void`.
        """
        self.journal = []
        for one in sorted(told["claims"], key=lambda one: one["status"] != "22"):
            self.answer(payer, one)
        for reason, reference, amount in told["plb"]:
            kind = PROVIDER[reason]
            self.apply({(kind, payer, reference) if kind == "provider" else (kind,): amount})
        self.apply({("cash",): told["amount"]})
        did, self.journal = self.journal, []
        touched = {id(step[1]): step[1] for step in did if step[0] == "took"}
        return [*did, *(("kept", answer, dict(answer["lines"])) for answer in touched.values())]

    def can_void(self, did):
        """Whether nobody has taken back what the payment said, or left standing of an answer that it changed, and still
        has: what is left of a changed answer stands by this payment's doing."""
        kept = [(step[1]["lines"], step[2]) for step in did if step[0] == "kept"]
        if any(now.get(key) is not line for now, left in kept for key, line in left.items()):
            return False
        took = [step[1] for step in did if step[0] == "took"]
        said = [step for step in did if step[0] == "said"]
        return all(lines == answer["lines"] or any(answer is one for one in took) for _, answer, lines in said)

    def void(self, did):
        """A payment is taken back: what it said is gone, what it had taken back stands again, as the latest."""
        for step in [step for step in did if step[0] == "change"]:
            self.apply(negative(step[1]))
        self.answers = [one for one in self.answers if not any(one is step[1] for step in did if step[0] == "said")]
        for kind, answer, *lines in did:
            if kind == "took" and not any(answer is step[1] for step in did if step[0] == "said"):
                self.answers = [one for one in self.answers if one is not answer]
                answer["lines"] |= lines[0]
                self.answers.append(answer)

    # --- what patients pay -------------------------------------------------------------------------------------------

    def open_lines(self, patient, visit=""):
        """Lines of the patient in the order in which money goes to them."""
        own = [key for key, line in self.lines.items() if line["patient"] == patient]
        return sorted(own, key=lambda key: (self.lines[key]["visit"] != visit, self.lines[key]["day"], key))

    def spread(self, amount, patient, rule="oldest-first", visit="", asked=()):
        """{("paid", line, "patient" | "bad_debt"): cents}, and what is left over."""
        keys = self.open_lines(patient, visit)
        if rule == "visit":
            keys = [key for key in keys if self.lines[key]["visit"] == visit]
        where = {}
        if rule == "unapplied":
            return where, amount
        for kind in ("patient", "bad_debt"):
            owed = [(key, self.at[kind, key]) for key in keys if self.at[kind, key] > 0]
            if rule == "lines":
                owed = [(key, self.at[kind, key]) for key, _ in asked if self.at[kind, key] > 0]
            for key, part in self.shares(amount, owed, rule, dict(asked), where):
                where["paid", key, kind] = part
                amount -= part
        return where, amount

    @staticmethod
    def shares(amount, owed, rule, asked, where):
        if rule == "proportional":
            whole = sum(cents for _, cents in owed)
            amount = min(amount, whole)
            parts = [amount * cents // whole for _, cents in owed]
            order = sorted(range(len(owed)), key=lambda n: (-(amount * owed[n][1] % whole), n)) if whole else []
            for n in order[: amount - sum(parts)]:
                parts[n] += 1
        else:
            parts = []
            for key, cents in owed:
                room = asked[key] - sum(where.get(("paid", key, kind), 0) for kind in ("patient", "bad_debt")) \
                    if rule == "lines" else amount  # fmt: skip
                parts.append(min(cents, room, amount))
                amount -= parts[-1]
        return [(key, part) for (key, _), part in zip(owed, parts, strict=True) if part]

    @staticmethod
    def put(where):
        """What it does to the books that money of a receipt stands there."""
        change = defaultdict(int)
        for place, cents in where.items():
            if place[0] == "free":
                change[place] += cents
            else:
                change["patient paid", place[1]] += cents
                change[place[2], place[1]] -= cents
        return dict(change)

    def pay(self, number, patient, amount, rule="oldest-first", visit="", asked=()):
        where, left = self.spread(amount, patient, rule, visit, asked)
        if left:
            where["free", patient] = left
        self.receipts[number] = {
            "patient": patient, "amount": amount, "where": where, "state": "taken", "refunded": 0,
            "visit": visit,
        }  # fmt: skip
        self.apply(added(self.put(where), {("cash",): amount}))

    def apply_free(self, patient):
        """Money on account goes to what the patient owes now, receipt by receipt; what moved, by receipt.

        What is kept for a visit comes first, and goes elsewhere once no payer holds anything of that visit.
        """
        moves = {}
        free = max(self.at["free", patient], 0)
        for number in sorted(self.receipts, key=lambda number: (not self.receipts[number]["visit"], number)):
            visit = self.receipts[number]["visit"]
            for rule in ("visit", "oldest-first") if visit else ("oldest-first",):
                lot = min(self.lot(number, patient), free)
                if lot <= 0 or (rule == "oldest-first" and visit and self.insured(visit)):
                    continue
                parts, _ = self.spread(lot, patient, rule, visit if rule == "visit" else "")
                took = sum(parts.values())
                free -= took
                change = added(parts, {("free", patient): -took})
                self.receipts[number]["where"] = added(self.receipts[number]["where"], change)
                self.apply(self.put(change))
                if parts:
                    moves[number] = added(moves.get(number, {}), change)
        return moves

    def insured(self, visit):
        """Whether a payer still holds something of a visit."""
        keys = [key for key, line in self.lines.items() if line["visit"] == visit]
        return any(sum(self.holds(key, payer) for payer in self.holders(key)) > 0 for key in keys)

    def put_elsewhere(self, number, rule, visit, asked):
        """A payment is put by another rule, but for what was given back of it; whether that changes anything."""
        receipt = self.receipts[number]
        before, gone = receipt["where"], receipt["refunded"]
        self.apply(negative(self.put(before)))
        where, left = self.spread(receipt["amount"] - gone, receipt["patient"], rule, visit, asked)
        where = added(where, {("free", receipt["patient"]): left + gone})
        receipt["where"] = {place: cents for place, cents in where.items() if cents}
        self.apply(self.put(receipt["where"]))
        return receipt["where"] != {place: cents for place, cents in before.items() if cents}

    def credits(self, patient):
        """What a patient has too much: (line or receipt number, cents), lines by day, then money on account."""
        own = sorted(self.open_lines(patient), key=lambda key: (self.lines[key]["day"], key))
        found = [(key, min(-self.at["patient", key], self.at["patient paid", key])) for key in own]
        free = max(self.at["free", patient], 0)
        for number in sorted(self.receipts):
            lot = self.lot(number, patient)
            found.append((number, min(lot, free)))
            free -= max(found[-1][1], 0)
        return [(of, cents) for of, cents in found if cents > 0]

    def payer_credits(self, payer, lines):
        """What a payer paid too much on these lines, as far as it is its own money."""
        found = [(key, min(-self.holds(key, payer), self.at["insurer paid", key, payer])) for key in sorted(lines)]
        return [(key, cents) for key, cents in found if cents > 0]

    def lot(self, number, patient):
        """What of a receipt is on the patient's account and was not given back."""
        receipt = self.receipts[number]
        return receipt["where"].get(("free", patient), 0) - receipt["refunded"]

    def take_back_receipt(self, number):
        """The payment leaves every place it has come to."""
        receipt = self.receipts[number]
        self.apply(negative(added(self.put(receipt["where"]), {("cash",): receipt["amount"]})))
        gone, receipt["where"] = receipt["where"], {}
        return gone

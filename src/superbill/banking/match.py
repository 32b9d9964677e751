"""Which bank line is which payment. What is certain is matched; everything else is ranked for a person, never guessed.

From the surest evidence down: the payer's trace number (re-association, CAQH CORE 370), the amount with the payer's
name within the days that such money takes, one line for several payments and several lines for one.
"""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Literal

from superbill.banking.days import banking_days_after
from superbill.banking.evidence import (
    WINDOWS,
    Facts,
    Payment,
    by_trace,
    contradicts,
    facts,
    mentions,
    named,
    names,
    within,
)
from superbill.banking.model import BankLine
from superbill.banking.reconciliation import Candidate, How, Outstanding, Reconciliation, Unexplained
from superbill.banking.subset import MAX_ITEMS, sums_to
from superbill.banking.trace import same_trace
from superbill.money import Cents, dollars

REASSOCIATION_DAYS = 3  # CAQH CORE 370: EFT and ERA within three business days of each other
STALE_DAYS = 183  # a bank need not pay a check after six months
HEALTH_CARE_PAYMENT = "HCCLAIMPMT"  # the company entry description of a payer's CCD+ (NACHA)
_NEAR_CENTS, _NEAR_PERCENT = 25_00, 5
_EARLIEST = max(late for _, late in WINDOWS.values())
_LATEST = -min(early for early, _ in WINDOWS.values())


def reconcile(
    lines: Iterable[BankLine],
    payments: Iterable[Payment],
    *,
    on: date,
    through: date | None = None,
    settled: Mapping[str, str] | None = None,
    payers: Sequence[str] = (),
) -> Reconciliation:
    """Hold open `lines` against open `payments`, both without what is matched already.

    `on` is the day to count to, `through` the last day that the statements cover (else the last line's). `settled`:
    trace numbers of lines matched before, with their line ids; `payers`: names by which a line is a payer's money.
    """
    matching = _Matching(lines, payments, settled or {})
    matching.by_trace()
    matching.by_amount()
    matching.by_group()
    matching.near()
    last = through or max((known.line.booked_on for known in matching.all_lines), default=on)
    return matching.result(on, last, payers)


class _Matching:
    """Lines and payments still open; every step takes what it is sure of and leaves candidates for the rest."""

    def __init__(self, lines: Iterable[BankLine], payments: Iterable[Payment], settled: Mapping[str, str]) -> None:
        ordered = sorted(lines, key=lambda line: (line.booked_on, line.id))
        self.all_lines = [facts(line) for line in ordered]
        self.lines = {known.line.id: known for known in self.all_lines if known.line.amount}
        self.payments = {
            each.key: each for each in sorted(payments, key=lambda each: (each.on, each.key)) if each.amount
        }
        self._days = [each.on for each in self.payments.values()]
        self._in_time = list(self.payments)
        self._booked = [known.line.booked_on for known in self.lines.values()]
        self._in_order = list(self.lines)
        self.settled = {same_trace(trace): line for trace, line in settled.items()}
        self.matched: list[Candidate] = []
        self.candidates: list[Candidate] = []
        self.duplicates: dict[str, str] = {}

    def _about(self, day: date) -> Iterator[Payment]:
        """Open payments whose days come near a bank's `day`."""
        first = bisect_left(self._days, day - timedelta(days=_EARLIEST))
        last = bisect_right(self._days, day + timedelta(days=_LATEST))
        return (self.payments[key] for key in self._in_time[first:last] if key in self.payments)

    def _around(self, payment: Payment) -> Iterator[Facts]:
        """Open lines of the days on which the money of `payment` may have been booked."""
        early, late = WINDOWS[payment.kind]
        first = bisect_left(self._booked, payment.on + timedelta(days=early))
        last = bisect_right(self._booked, payment.on + timedelta(days=late))
        return (self.lines[line] for line in self._in_order[first:last] if line in self.lines)

    # --- by trace number ---------------------------------------------------------------------------------------------

    def by_trace(self) -> None:
        by_number: dict[str, list[Payment]] = defaultdict(list)
        for payment in self.payments.values():
            if payment.trace:
                by_number[same_trace(payment.trace)].append(payment)
        carrying: dict[str, list[Facts]] = defaultdict(list)
        for known in self.lines.values():
            if known.line.trace:
                carrying[same_trace(known.line.trace)].append(known)
        for number, group in carrying.items():
            if number in self.settled:
                for known in group:
                    self.duplicates[known.line.id] = f"trace number {number} was matched with another line before"
            elif number in by_number:
                self._one_trace(number, group, by_number[number])
        self._by_mention(by_number)

    def _one_trace(self, number: str, group: list[Facts], payments: list[Payment]) -> None:
        fitting = [each for each in payments if all(by_trace(known, each) for known in group)]
        if not fitting:
            return
        why = f"trace number {number}"
        if len({each.originator for each in fitting}) > 1:
            self._offer(group, fitting, "trace", f"{why}, of more than one payer", 60)
            return
        total = sum(each.amount for each in fitting)
        if sum(known.line.amount for known in group) == total:
            self._take(group, fitting, "trace", why)
            return
        exact = [known for known in group if known.line.amount == total]
        if exact:
            self._take(exact[:1], fitting, "trace", why)
            for known in group:
                if known is not exact[0]:
                    self.duplicates[known.line.id] = f"{why} came in another line already"
            return
        self._offer(group, fitting, "trace", f"{why}, but another amount", 90)

    def _by_mention(self, by_number: Mapping[str, list[Payment]]) -> None:
        """A trace number that is just a word of the text counts when the amount is the same to the cent."""
        for known in list(self.lines.values()):
            for number in sorted(known.words & by_number.keys()):
                fitting = [each for each in by_number[number] if each.key in self.payments and mentions(known, each)]
                if known.line.trace or not fitting:
                    continue
                if sum(each.amount for each in fitting) == known.line.amount:
                    self._take([known], fitting, "trace", f"trace number {number} in the text")
                    break
                self._offer([known], fitting, "trace", f"trace number {number} in the text, but another amount", 80)

    # --- by amount ---------------------------------------------------------------------------------------------------

    def by_amount(self) -> None:
        by_cents: dict[Cents, list[Payment]] = defaultdict(list)
        for payment in self.payments.values():
            by_cents[payment.amount].append(payment)
        fits = {
            line: [each for each in by_cents[known.line.amount] if within(known.line, each)]
            for line, known in self.lines.items()
        }
        sure = {
            line: [each.key for each in each_fits if self._agrees(self.lines[line], each)]
            for line, each_fits in fits.items()
        }
        wanted: dict[str, list[str]] = defaultdict(list)
        for line, keys in sure.items():
            for key in keys:
                wanted[key].append(line)
        for line, keys in sure.items():
            if len(keys) == 1 and len(wanted[keys[0]]) == 1 and line not in self.duplicates:
                self._take([self.lines[line]], [self.payments[keys[0]]], "amount", "amount, payer and days agree")
        for line, each_fits in fits.items():
            for payment in each_fits:
                if line in self.lines and payment.key in self.payments:
                    self._offer_amount(self.lines[line], payment, len(each_fits))

    def _agrees(self, known: Facts, payment: Payment) -> bool:
        return named(known, payment) and not contradicts(known, payment)

    def _offer_amount(self, known: Facts, payment: Payment, fits: int) -> None:
        days = abs((known.line.booked_on - payment.on).days)
        if contradicts(known, payment):
            self._offer([known], [payment], "amount", "same amount, but another trace number", 20 - days)
        elif named(known, payment):
            self._offer([known], [payment], "amount", "amount and payer agree, and so they do for another", 70 - days)
        else:
            why = "same amount, the text does not name the payer" if fits == 1 else "same amount as others"
            self._offer([known], [payment], "amount", why, (50 if fits == 1 else 40) - days)

    # --- one for many ------------------------------------------------------------------------------------------------

    def by_group(self) -> None:
        """One line for several payments, and several lines for one; taken when it is the only way to add up."""
        found = [*self._lines_of_many(), *self._payments_of_many()]
        uses: dict[str, int] = defaultdict(int)
        for candidate in found:
            for member in (*candidate.lines, *candidate.payments):
                uses[member] += 1
        for candidate in found:
            members = (*candidate.lines, *candidate.payments)
            if candidate.certain and all(uses[member] == 1 for member in members):
                self._take(
                    [self.lines[line] for line in candidate.lines],
                    [self.payments[key] for key in candidate.payments],
                    "group",
                    candidate.why,
                )
            else:
                self.candidates.append(_doubtful(candidate))

    def _lines_of_many(self) -> Iterator[Candidate]:
        for known in self.lines.values():
            if known.line.id in self.duplicates:
                continue
            fitting = [
                each
                for each in self._about(known.line.booked_on)
                if self._smaller(each.amount, known.line.amount)
                and within(known.line, each)
                and self._agrees(known, each)
            ]
            days: dict[date, list[Payment]] = defaultdict(list)
            for each in fitting:
                days[each.on].append(each)
            same_day = [group for group in days.values() if sum(each.amount for each in group) == known.line.amount]
            if len(fitting) > MAX_ITEMS:
                for group in same_day:
                    yield self._group([known], group, False, "all payments of this payer of one day")
                continue
            sums = sums_to(known.line.amount, [each.amount for each in fitting])
            for places in sums.found:
                group = [fitting[place] for place in places]
                certain = sums.whole and len(sums.found) == 1 and group in same_day
                why = "all payments of this payer of one day" if group in same_day else "payments that add up to it"
                yield self._group([known], group, certain, why)

    def _payments_of_many(self) -> Iterator[Candidate]:
        for payment in self.payments.values():
            fitting = [
                known
                for known in self._around(payment)
                if self._smaller(known.line.amount, payment.amount)
                and known.line.id not in self.duplicates
                and within(known.line, payment)
                and self._agrees(known, payment)
            ]
            sums = sums_to(payment.amount, [known.line.amount for known in fitting])
            for places in sums.found:
                group = [fitting[place] for place in places]
                one_day = len({known.line.booked_on for known in group}) == 1
                certain = sums.whole and len(sums.found) == 1 and one_day
                yield self._group(group, [payment], certain, "bank lines that add up to it")

    @staticmethod
    def _smaller(part: Cents, whole: Cents) -> bool:
        return (part > 0) == (whole > 0) and abs(part) < abs(whole)

    def _group(self, lines: Sequence[Facts], payments: Sequence[Payment], certain: bool, why: str) -> Candidate:
        return Candidate(
            lines=tuple(known.line.id for known in lines),
            payments=tuple(each.key for each in payments),
            certain=certain,
            how="group",
            why=why,
            score=65 - len(lines) - len(payments),
        )

    # --- nearly ------------------------------------------------------------------------------------------------------

    def near(self) -> None:
        """What names the payer within the days, and is a little more or less."""
        offered = {member for each in self.candidates for member in (*each.lines, *each.payments)}
        for known in self.lines.values():
            for payment in self._about(known.line.booked_on):
                off = abs(known.line.amount - payment.amount)
                allowed = max(_NEAR_CENTS, abs(payment.amount) * _NEAR_PERCENT // 100)
                alike = 0 < off <= min(allowed, abs(payment.amount)) and not {known.line.id, payment.key} & offered
                if alike and within(known.line, payment) and self._agrees(known, payment):
                    self._offer([known], [payment], "near", "payer and days agree, the amount does not", 30)

    # --- what comes out ----------------------------------------------------------------------------------------------

    def _take(self, lines: Sequence[Facts], payments: Sequence[Payment], how: How, why: str) -> None:
        candidate = Candidate(
            lines=tuple(known.line.id for known in lines),
            payments=tuple(each.key for each in payments),
            certain=True,
            how=how,
            why=why,
            score=100,
        )
        assert sum(known.line.amount for known in lines) == sum(each.amount for each in payments)
        self.matched.append(candidate)
        for known in lines:
            del self.lines[known.line.id]
        for each in payments:
            del self.payments[each.key]

    def _offer(self, lines: Sequence[Facts], payments: Sequence[Payment], how: How, why: str, score: int) -> None:
        off = sum(known.line.amount for known in lines) - sum(each.amount for each in payments)
        self.candidates.append(
            Candidate(
                lines=tuple(known.line.id for known in lines),
                payments=tuple(each.key for each in payments),
                difference=off,
                how=how,
                why=f"{why} ({dollars(off)})" if off else why,
                score=score,
            )
        )

    def result(self, on: date, through: date, payers: Sequence[str]) -> Reconciliation:
        """Everything told, each open line and payment once."""
        open_now = self.lines.keys() | self.payments.keys()
        standing = [each for each in self.candidates if {*each.lines, *each.payments} <= open_now]
        offered: dict[str, int] = defaultdict(int)
        for each in standing:
            for member in (*each.lines, *each.payments):
                offered[member] += 1
        return Reconciliation(
            matched=tuple(self.matched),
            candidates=tuple(sorted(standing, key=lambda each: (-each.score, each.lines, each.payments))),
            unexplained=tuple(self._unexplained(known, on, payers, offered) for known in self.lines.values()),
            outstanding=tuple(_outstanding(each, on, through, offered) for each in self.payments.values()),
        )

    def _unexplained(self, known: Facts, on: date, payers: Sequence[str], offered: Mapping[str, int]) -> Unexplained:
        line = known.line
        of_a_payer = line.trace or HEALTH_CARE_PAYMENT in known.squeezed or any(names(known, name) for name in payers)
        state: Literal["missing ERA", "duplicate", "unknown", "money out"] = "unknown"
        if line.id in self.duplicates:
            state = "duplicate"
        elif line.amount < 0:
            state = "money out"
        elif of_a_payer:
            state = "missing ERA"
        return Unexplained(
            line=line.id,
            state=state,
            amount=line.amount,
            days=max((on - line.booked_on).days, 0),
            overdue=on > banking_days_after(line.booked_on, REASSOCIATION_DAYS),
            candidates=offered.get(line.id, 0),
            why=self.duplicates.get(line.id, ""),
        )


def _outstanding(payment: Payment, on: date, through: date, offered: Mapping[str, int]) -> Outstanding:
    state: Literal["missing EFT", "in transit", "not deposited", "not cleared", "not yet"] = "in transit"
    late = on > banking_days_after(payment.on, REASSOCIATION_DAYS)
    if payment.kind == "out":
        state, late = "not cleared", (on - payment.on).days > STALE_DAYS
    elif payment.kind == "check":
        state = "not deposited"
    elif payment.on > through:
        state = "not yet"
    elif payment.kind == "eft":
        state = "missing EFT"
    return Outstanding(
        payment=payment.key,
        state=state,
        amount=payment.amount,
        days=max((on - payment.on).days, 0),
        overdue=state != "not yet" and late,
        candidates=offered.get(payment.key, 0),
    )


def _doubtful(candidate: Candidate) -> Candidate:
    return Candidate(
        lines=candidate.lines, payments=candidate.payments, how=candidate.how, why=candidate.why, score=candidate.score
    )

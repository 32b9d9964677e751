"""Which of our lines a remittance line answers. Never a guess: one line fits, or none does."""

from collections.abc import Callable, Sequence

from superbill.claims.model import Claim
from superbill.remits.model import ChargeLine
from superbill.x12.model import RemittanceLine

_REVENUE_CODE = "NU"  # SVC01-1: the line is named by its revenue code

Test = Callable[[RemittanceLine, ChargeLine], bool]


def _by_control_number(theirs: RemittanceLine, ours: ChargeLine) -> bool:
    return bool(theirs.control_number) and theirs.control_number == ours.key


def _code(theirs: RemittanceLine, ours: ChargeLine) -> bool:
    submitted = theirs.submitted_procedure or theirs.procedure
    if submitted.qualifier == _REVENUE_CODE or not submitted.code:
        named = submitted.code or theirs.revenue_code
        return not ours.procedure.code and named.zfill(4) == ours.revenue_code.zfill(4)
    return submitted.code == ours.procedure.code


def _modifiers(theirs: RemittanceLine, ours: ChargeLine) -> bool:
    submitted = theirs.submitted_procedure or theirs.procedure
    return sorted(submitted.modifiers) == sorted(ours.procedure.modifiers)


def _compatible_modifiers(theirs: RemittanceLine, ours: ChargeLine) -> bool:
    submitted, own = set((theirs.submitted_procedure or theirs.procedure).modifiers), set(ours.procedure.modifiers)
    return bool(submitted & own) and (submitted <= own or own <= submitted)


def _date(theirs: RemittanceLine, ours: ChargeLine) -> bool:
    start = theirs.service.start
    return start is None or start == ours.service.start or start in ours.service


def _charge(theirs: RemittanceLine, ours: ChargeLine) -> bool:
    return abs(theirs.charge) == ours.charge


# From the surest evidence to the weakest that still names one line. Payers drop, add or reorder modifiers, so the last
# test does without them; it never does without the charge.
_TESTS: tuple[tuple[Test, ...], ...] = (
    (_by_control_number,),
    (_code, _modifiers, _date, _charge),
    (_code, _compatible_modifiers, _date, _charge),
    (_code, _date, _charge),
)


def charge_lines(claim: Claim) -> tuple[ChargeLine, ...]:
    """The lines of a claim of ours, of any kind, as a remittance is held against them."""
    return tuple(
        ChargeLine(
            key=line.control_number,
            procedure=line.procedure,
            revenue_code=line.revenue_code,
            charge=line.charge,
            units=str(line.units),
            service=claim.days_of(line),
        )
        for line in claim.lines
    )


def match_lines(theirs: Sequence[RemittanceLine], ours: Sequence[ChargeLine]) -> list[ChargeLine | None]:
    """For each remittance line the one charge line that it answers, or None where it answers none, or several."""
    return [own[0] if len(own) == 1 else None for own in answered_lines(theirs, ours)]


def answered_lines(theirs: Sequence[RemittanceLine], ours: Sequence[ChargeLine]) -> list[tuple[ChargeLine, ...]]:
    """For each remittance line the charge lines that it answers: one as a rule, several where the payer put them
    together, none where that can't be told.

    By line control number, else by service data with modifiers, else without. A charge line answers once, unless the
    payer split it. Lines that are alike, or are answered alike, are taken in order: the money is the same whichever is
    which. What is left is matched by its sums (835 TR3, 1.10.2.6: bundling and unbundling), if only one way adds up.
    """
    answers: list[tuple[ChargeLine, ...]] = [()] * len(theirs)
    taken: set[str] = set()
    for tests in _TESTS:
        for place, line in enumerate(theirs):
            if answers[place]:
                continue
            fitting = [own for own in ours if all(test(line, own) for test in tests)]
            if tests[0] is not _by_control_number:
                fitting = [own for own in fitting if own.key not in taken]
            if fitting and (len(fitting) == 1 or _alike(fitting)):
                answers[place] = (fitting[0],)
                taken.add(fitting[0].key)
    if not all(answers):
        _Rest(theirs, ours, answers, taken).match()
    return answers


class _Rest:
    """Lines that no single fact names: matched in groups, or by being all that is left."""

    def __init__(
        self,
        theirs: Sequence[RemittanceLine],
        ours: Sequence[ChargeLine],
        answers: list[tuple[ChargeLine, ...]],
        taken: set[str],
    ) -> None:
        self.theirs, self.ours, self.answers, self.taken = theirs, ours, answers, taken

    def match(self) -> None:
        """Fill in what can be told."""
        self._answered_alike()
        self._put_together_or_split()
        self._all_that_is_left()
        self._without_a_charge()

    def _answered_alike(self) -> None:
        """Two knees, modifiers dropped, paid alike: it does not matter which is which."""
        for place in self._open():
            line = self.theirs[place]
            twins = [other for other in self._open() if _same_answer(self.theirs[other], line)]
            fitting = [
                own for own in self._unanswered() if _code(line, own) and _date(line, own) and _charge(line, own)
            ]
            if len(twins) == len(fitting) > 1 and not self.answers[place]:
                for other, own in zip(twins, fitting, strict=True):
                    self._give([other], [own])

    def _put_together_or_split(self) -> None:
        """Several lines of ours with one code as one line, or one line of ours as several."""
        for place in self._open():
            if self.answers[place]:
                continue
            line = self.theirs[place]
            group = [other for other in self._open() if self._same_service(other, line)]
            fitting = [own for own in self._unanswered() if _code(line, own) and _date(line, own)]
            adds_up = abs(sum(self.theirs[other].charge for other in group)) == sum(own.charge for own in fitting)
            if adds_up and fitting and (len(group) == 1 or len(fitting) == 1):
                self._give(group, fitting)

    def _all_that_is_left(self) -> None:
        """One line of theirs is left, and what is left of ours adds up to it: the payer put another code in place."""
        left, unanswered = self._open(), self._unanswered()
        if len(left) == 1 and unanswered:
            line = self.theirs[left[0]]
            if abs(line.charge) == sum(own.charge for own in unanswered) and all(
                _date(line, own) for own in unanswered
            ):
                self._give(left, unanswered)

    def _without_a_charge(self) -> None:
        """A line that the payer added to one of ours has no charge of its own (unbundling)."""
        for place, line in enumerate(self.theirs):
            if not line.charge and not self.answers[place]:
                fitting = [own for own in self.ours if _code(line, own) and _date(line, own)]
                if len(fitting) == 1:
                    self._give([place], fitting)

    def _open(self) -> list[int]:
        return [place for place, line in enumerate(self.theirs) if line.charge and not self.answers[place]]

    def _unanswered(self) -> list[ChargeLine]:
        return [own for own in self.ours if own.key not in self.taken]

    def _same_service(self, place: int, line: RemittanceLine) -> bool:
        other = self.theirs[place]
        same_code = (other.submitted_procedure or other.procedure).code == (
            line.submitted_procedure or line.procedure
        ).code
        return same_code and other.service.start == line.service.start and other.revenue_code == line.revenue_code

    def _give(self, places: Sequence[int], own: Sequence[ChargeLine]) -> None:
        for place in places:
            self.answers[place] = tuple(own)
        self.taken.update(each.key for each in own)


def _same_answer(one: RemittanceLine, other: RemittanceLine) -> bool:
    """Whether two lines say the same of the same service."""
    facts = [
        ((each.submitted_procedure or each.procedure).code, each.charge, each.paid, each.service, each.adjustments)
        for each in (one, other)
    ]
    return facts[0] == facts[1]


def _alike(lines: Sequence[ChargeLine]) -> bool:
    return len({(line.procedure, line.charge, line.units, line.service) for line in lines}) == 1

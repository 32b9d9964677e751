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


def _date(theirs: RemittanceLine, ours: ChargeLine) -> bool:
    return theirs.service.start is None or theirs.service.start == ours.service.start


def _charge(theirs: RemittanceLine, ours: ChargeLine) -> bool:
    return abs(theirs.charge) == ours.charge


# From the surest evidence to the weakest that still names one line. Payers drop or reorder modifiers, so the last
# test does without them; it never does without the charge.
_TESTS: tuple[tuple[Test, ...], ...] = (
    (_by_control_number,),
    (_code, _modifiers, _date, _charge),
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
    """For each remittance line the charge line it answers, or None.

    By line control number, else by service data with modifiers, else without modifiers. A charge line answers once,
    unless the payer names its control number again (a line split in two). Lines that are alike in all service data
    are taken in order: the money is the same whichever is which.
    """
    answers: list[ChargeLine | None] = [None] * len(theirs)
    taken: set[str] = set()
    for tests in _TESTS:
        for place, line in enumerate(theirs):
            if answers[place] is not None:
                continue
            fitting = [own for own in ours if all(test(line, own) for test in tests)]
            if tests[0] is not _by_control_number:
                fitting = [own for own in fitting if own.key not in taken]
            if fitting and (len(fitting) == 1 or _alike(fitting)):
                answers[place] = fitting[0]
                taken.add(fitting[0].key)
    return answers


def _alike(lines: Sequence[ChargeLine]) -> bool:
    return len({(line.procedure, line.charge, line.units, line.service) for line in lines}) == 1

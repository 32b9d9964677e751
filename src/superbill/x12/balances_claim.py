"""The sums of a claim (837): its charge against its lines, and what every earlier payer decided against the charge."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from superbill.money import Cents
from superbill.x12 import balancing as sums
from superbill.x12.balancing import Balance, Unbalanced, named, usd
from superbill.x12.standard.claim import CLM
from superbill.x12.standard.parties import AMT, NM1
from superbill.x12.standard.service import SV1, SV2, SV3, SVD
from superbill.x12.tree import Loop

_SERVICES = (SV1, SV2, SV3)
_TOTAL_LINE = "0001"  # the revenue code of a paper claim's total


def _line_charge(line: Loop) -> Cents | None:
    """SV102, SV203 or SV302. The service is all but always the second segment of its line."""
    body = line.body
    if len(body) > 1:
        second = body[1]
        if isinstance(second, _SERVICES):
            return second.charge
    return next((part.charge for part in body if isinstance(part, _SERVICES)), None)


class _Adjudicated(NamedTuple):
    """What one payer decided on one line, at last in `told_in`; `paid` and `adjusted` are None when unknown."""

    line: int
    charge: Cents | None
    paid: Cents | None
    adjusted: Cents | None
    told_in: Loop


class ClaimBalance(Balance):
    """The claims: charge against lines, and what every earlier payer paid and adjusted against what was charged.

    Source: 005010X222 (and X223, X224), section 1.4.4, balancing of claim and service line; the same in 004010. With
    `all_noncovered`, a non-covered amount (AMT*A8) is the whole charge, as the note on it has it since 005010.
    """

    loops = frozenset(("2300",))

    def __init__(self, all_noncovered: bool = True) -> None:
        self.all_noncovered = all_noncovered

    def closed(self, loop: Loop, above: Sequence[Loop]) -> Iterator[Unbalanced]:
        """CLM02 is the sum of the lines' charges; per earlier payer, charge − adjustments = paid, of claim and line."""
        claim = loop.body[0]
        assert isinstance(claim, CLM)
        lines = named(loop, "lines")
        charge = claim.charge
        if lines and charge is not None:
            total = sums.total(map(_line_charge, lines))
            if total is not None and total != charge:
                words = f"CLM02 charges {usd(charge)} but its lines add up to {usd(total)}.{_with_total(lines)}"
                yield Unbalanced("x12.balance.claim-charge", "CLM", 2, words)
        others = named(loop, "other_subscribers")
        if others:
            yield from _earlier_payers(others, lines, charge)
            if self.all_noncovered and charge is not None:
                yield from _noncovered(others, charge)


def _noncovered(others: Sequence[Loop], charge: Cents) -> Iterator[Unbalanced]:
    """AMT*A8: an earlier payer was not asked, since he covers nothing of this claim.

    Beside what he paid (AMT*D) it is a habit of 004010, seen in published examples too, and says nothing.
    """
    for other in others:
        told = {part.qualifier: part.amount for part in other.body if isinstance(part, AMT)}
        amount = told.get("A8")
        if amount is not None and amount != charge and "D" not in told:
            words = f"AMT*A8 of payer {_payer_id(other)} is {usd(amount)}, not the whole charge {usd(charge)}."
            yield Unbalanced("x12.balance.cob-noncovered", "AMT", 2, words, 0, other, _place(other, "A8"))


def _with_total(lines: Sequence[Loop]) -> str:
    """What to say where a line is the total of the others, as on paper."""
    services = (part for line in lines for part in line.body if isinstance(part, SV2))
    if any(service.revenue_code == _TOTAL_LINE for service in services):
        return f" Revenue code {_TOTAL_LINE}, the total, is a line of the paper claim only."
    return ""


def _payer_id(other: Loop) -> str:
    """NM109 of loop 2330B, "" when there is none."""
    for part in other.body:
        if isinstance(part, Loop) and part.id == "2330B":
            name = part.body[0]
            assert isinstance(name, NM1)
            return name.id
    return ""


def _place(other: Loop, qualifier: str) -> int:
    """Where in its loop the AMT of that qualifier stands, which is known to be there."""
    return next(at for at, part in enumerate(other.body) if isinstance(part, AMT) and part.qualifier == qualifier)


def _decisions(lines: Sequence[Loop]) -> dict[str, list[_Adjudicated]]:
    """By payer: what he decided on each line that he decided on. A line that he split has the sum of its parts."""
    by_payer: dict[str, list[_Adjudicated]] = {}
    for number, line in enumerate(lines, 1):
        own: dict[str, tuple[Cents | None, Cents | None]] = {}
        told_in: dict[str, Loop] = {}
        for each in named(line, "adjudications"):
            service = each.body[0]
            assert isinstance(service, SVD)
            told_in[service.payer_id] = each
            paid, adjusted = own.get(service.payer_id, (0, 0))
            own[service.payer_id] = (sums.plus(paid, service.paid), sums.plus(adjusted, sums.adjusted(each.body)))
        for payer, (paid, adjusted) in own.items():
            by_payer.setdefault(payer, []).append(
                _Adjudicated(number, _line_charge(line), paid, adjusted, told_in[payer])
            )
    return by_payer


def _earlier_payers(others: Sequence[Loop], lines: Sequence[Loop], charge: Cents | None) -> Iterator[Unbalanced]:
    """Each payer once. One who covers the patient twice can't be told apart in the lines: both are judged as one."""
    by_payer: dict[str, list[Loop]] = {}
    for other in others:
        by_payer.setdefault(_payer_id(other), []).append(other)
    decisions = _decisions(lines)
    for payer, loops in by_payer.items():
        if payer:
            decided = decisions.get(payer, [])
            yield from _payer_lines(payer, decided, len(loops))
            yield from _payer_claim(payer, loops, decided, charge)


def _payer_lines(payer: str, decided: Sequence[_Adjudicated], times: int) -> Iterator[Unbalanced]:
    for line, charge, paid, adjusted, told_in in decided:
        if charge is None or paid is None or adjusted is None:
            continue
        if not any(paid + adjusted == charge * time for time in range(1, times + 1)):
            words = (
                f"payer {payer} paid {usd(paid)} and adjusted {usd(adjusted)} of line {line}, "
                f"which is not its charge {usd(charge)}."
            )
            yield Unbalanced("x12.balance.cob-line", "SVD", 2, words, line, told_in)


def _payer_claim(
    payer: str, loops: Sequence[Loop], decided: Sequence[_Adjudicated], charge: Cents | None
) -> Iterator[Unbalanced]:
    """AMT*D against the lines where he decided line by line, against the charge where only the claim says what he did.

    A claim without adjustments and lines says too little to judge: the remaining liability may stand for both.
    """
    amounts = [part.amount for each in loops for part in each.body if isinstance(part, AMT) and part.qualifier == "D"]
    paid = sums.total(amounts)
    adjusted = sums.total(sums.adjusted(each.body) for each in loops)
    if paid is None or adjusted is None or len(amounts) != len(loops):
        return
    if decided:
        in_lines = sums.total(each.paid for each in decided)
        if in_lines is not None and paid != in_lines - adjusted:
            lines_say = f"its lines paid {usd(in_lines)} less {usd(adjusted)}"
            words = f"AMT*D of payer {payer} is {usd(paid)} but {lines_say}."
            yield Unbalanced("x12.balance.cob-paid", "AMT", 2, words, 0, loops[0], _place(loops[0], "D"))
    elif adjusted and charge is not None and paid + adjusted != charge * len(loops):
        did = f"payer {payer} paid {usd(paid)} and adjusted {usd(adjusted)}"
        words = f"{did}, which is not the charge {usd(charge)}."
        yield Unbalanced("x12.balance.cob-claim", "AMT", 2, words, 0, loops[0], _place(loops[0], "D"))

"""Edits on discarded drug: JW for what was thrown away, JZ where nothing was (Claims Processing Manual ch. 17 §40)."""

from collections.abc import Iterator
from datetime import date

from superbill.claims.codes import is_drug
from superbill.claims.model import Claim
from superbill.edits.professional import MEDICARE, place_of, services
from superbill.edits.rule import ERROR, WARNING, Problem, rule
from superbill.findings import line

_SOURCE = "Social Security Act §1847A(h); Claims Processing Manual ch. 17 §40; CMS JW and JZ modifier policy"
_SAID = frozenset({"JW", "JZ"})
# Sold in containers of one dose only: every claim has JW or JZ. Our own list of frequent ones; labels decide.
_SINGLE_DOSE = services(
    "J0129 J0178 J0202 J0222 J0223 J0224 J0490 J0517 J0585-J0586 J0638 J0717 J0741 J0791 J0881 J0887-J0888 J0897 J1300"
    " J1303 J1437 J1439 J1442 J1447 J1453 J1459 J1555-J1559 J1561 J1566 J1568-J1569 J1602 J1628 J1745 J1786 J1930 J1932"
    " J2182 J2323 J2327 J2329 J2350 J2356-J2357 J2469 J2502 J2506 J2507 J2777-J2778 J2786 J2796 J2802 J2998 J3032 J3111"
    " J3241 J3245 J3262 J3357-J3358 J3380 J3385 J3489 J7170 J7312-J7313 J7318 J7320-J7327 J9022-J9024 J9035 J9039"
    " J9041 J9042 J9043 J9047 J9055 J9061 J9063 J9119 J9144-J9145 J9173 J9176-J9177 J9179 J9204 J9205 J9210 J9223"
    " J9227-J9229 J9264 J9271 J9272 J9299 J9301 J9303 J9305-J9306 J9308-J9309 J9312 J9316-J9317 J9325 J9332 J9354 J9356"
    " J9358 Q5103-Q5104 Q5107-Q5108 Q5110-Q5112 Q5115 Q5117-Q5123 Q5126-Q5127"
)
# Sold in vials of several doses, or not given by the biller: neither is asked.
_SEVERAL_DOSES = services(
    "J0171 J0702 J1020 J1030 J1040 J1071 J1094 J1100 J1200 J1380 J1410 J1644 J1815-J1817 J1820 J2001 J2060 J2175 J2270"
    " J2300 J2310 J2400 J2410 J2550 J2650 J2675 J2765 J3121 J3301-J3303 J3360 J3410 J3411 J3415 J3420 J3430 J3480 J3490"
    " J3590 J7030-J7131 J7500-J7699 J8498-J8999 J9250 J9260 J9999 J7999"
)
_NOT_ASKED = frozenset({"21", "51", "61"})


def _perhaps(code: str) -> bool:
    return is_drug(code) and code not in _SINGLE_DOSE and code not in _SEVERAL_DOSES


@rule(
    "drug.discarded-not-told",
    ERROR,
    source=_SOURCE,
    why="Since October 2023 Medicare returns drugs of single-dose containers that don't tell what was discarded.",
    since=date(2023, 7, 1),
    forms=("professional",),
    payers=MEDICARE,
    codes=_SINGLE_DOSE.__contains__,
)
def discarded_not_told(claim: Claim) -> Iterator[Problem]:
    """A drug from a single-dose container says whether some of it was discarded: JW on a line of its own, else JZ."""
    told = {
        (one.procedure.code, one.service.start) for one in claim.lines if not _SAID.isdisjoint(one.procedure.modifiers)
    }
    for service in claim.lines:
        code = service.procedure.code
        asked = code in _SINGLE_DOSE and place_of(claim, service) not in _NOT_ASKED
        if asked and (code, service.service.start) not in told:
            message = f"{code} does not tell whether some of it was discarded."
            fix = "Add JZ where nothing was discarded; else bill the discarded units on a line of their own with JW."
            yield Problem(line(service.number, "modifiers"), message, fix)


@rule(
    "drug.discarded-perhaps",
    WARNING,
    source=_SOURCE,
    since=date(2023, 7, 1),
    forms=("professional",),
    payers=MEDICARE,
    codes=_perhaps,
)
def discarded_perhaps(claim: Claim) -> Iterator[Problem]:
    """A drug that may come in single-dose containers tells by JW or JZ whether some of it was discarded."""
    discarded = {one.procedure.code for one in claim.lines if "JW" in one.procedure.modifiers}
    for service in claim.lines:
        code = service.procedure.code
        if _perhaps(code) and code not in discarded and _SAID.isdisjoint(service.procedure.modifiers):
            message = f"{code} has neither JW nor JZ."
            fix = "Add JZ (nothing discarded) or a line with JW if it came in a single-dose container."
            yield Problem(line(service.number, "modifiers"), message, fix)


@rule(
    "drug.discarded-and-not",
    ERROR,
    source=_SOURCE,
    since=date(2023, 1, 1),
    forms=("professional", "institutional"),
    when="several_lines",
    modifiers=("JZ",),
)
def discarded_and_not(claim: Claim) -> Iterator[Problem]:
    """JZ, nothing discarded, does not stand beside a line of the same drug and day with JW."""
    if not claim.modifiers >= _SAID:
        return
    discarded = {(one.procedure.code, one.service.start) for one in claim.lines if "JW" in one.procedure.modifiers}
    for service in claim.lines:
        key = (service.procedure.code, service.service.start)
        if "JZ" in service.procedure.modifiers and key in discarded and "JW" not in service.procedure.modifiers:
            message = f"JZ says that no {key[0]} was discarded; another line has JW."
            yield Problem(line(service.number, "modifiers"), message, "Remove JZ, or the line with JW.")

"""Which modifiers bypass an NCCI pair, by the day of service: bypass.yaml, read once."""

from datetime import date
from functools import cache
from importlib.resources import files
from typing import Literal

import msgspec
from msgspec import Struct

from superbill.codesets.modifier import lookup as modifiers
from superbill.effective import Dated
from superbill.findings import Severity

Where = Literal["column 2", "either"]


class _Document(Struct, forbid_unknown_fields=True):
    anatomic: frozenset[str]
    global_surgery: frozenset[str]
    other: frozenset[str]
    distinct: frozenset[str]
    distinct_on: dict[date, Where]
    hospital_bills: dict[str, Severity]


class Bypass(Struct, frozen=True):
    """The NCCI-associated modifiers: those of a place on the body, those that say "distinct", and the others.

    `distinct_on`: on which line of a pair the distinct ones count. `hospital_bills`: types of bill, by their first two
    digits, to which the pairs of hospitals apply, with what a finding there does.
    """

    anatomic: frozenset[str]
    distinct: frozenset[str]
    others: frozenset[str]
    distinct_on: Dated[Where]
    hospital_bills: dict[str, Severity]

    def by(self, column1: tuple[str, ...], column2: tuple[str, ...], on: date) -> frozenset[str]:
        """The modifiers of both lines that bypass a pair on the day; empty where none does."""
        there = frozenset(column2).union(column1)
        counts = there & (self.anatomic | self.others)
        wherever = self.distinct_on.on(on) == "either"
        counts |= self.distinct & (there if wherever else frozenset(column2))
        return frozenset(code for code in counts if modifiers.modifier(code, on) is not None)

    def same_site(self, column1: tuple[str, ...], column2: tuple[str, ...]) -> frozenset[str]:
        """The places on the body that both lines name alike; empty where one names none, or another."""
        one, two = self.anatomic.intersection(column1), self.anatomic.intersection(column2)
        return one if one == two else frozenset()


@cache
def bypass() -> Bypass:
    """What bypass.yaml says."""
    text = files(__package__).joinpath("bypass.yaml").read_text("utf-8")
    read = msgspec.yaml.decode(text, type=_Document)
    return Bypass(
        anatomic=read.anatomic,
        distinct=read.distinct,
        others=read.global_surgery | read.other,
        distinct_on=Dated(read.distinct_on.items()),
        hospital_bills=read.hospital_bills,
    )

"""Modifiers that some payers or days take and others don't (dated.yaml): notices, teaching, shared visits."""

from collections.abc import Iterator
from datetime import date
from importlib.resources import files
from typing import Literal

import msgspec
from msgspec import Struct, field

from superbill.claims.model import Claim
from superbill.edits.context import Context
from superbill.edits.professional import MEDICARE, PROFESSIONAL, place_of, services
from superbill.edits.rule import ERROR, WARNING, Problem, rule
from superbill.findings import Severity, line

_NOTICES = frozenset({"GA", "GX", "GY", "GZ"})
_MEDICARE_FILES = frozenset({"MA", "MB", "16"})
# 42 CFR 415.174: codes that a resident may give alone in a primary care center.
_EXCEPTION = services("99202-99203 99211-99213 G0402 G0438-G0439")
_NOT_FACILITY = frozenset({"11", "12", "13", "14", "15", "17", "20", "49", "50", "71", "72"})


class _Dated(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    modifier: str
    severity: Literal["error", "warning"]
    message: str
    fix: str
    source: str
    payers: tuple[str, ...] = ()
    not_payers: tuple[str, ...] = ()
    from_: date = field(default=date.min, name="from")
    until: date = date.max

    def wrong(self, payer: str, day: date) -> bool:
        mine = payer in self.payers if self.payers else payer not in self.not_payers
        return mine and self.from_ <= day <= self.until


def _dated() -> dict[str, tuple[_Dated, ...]]:
    text = files("superbill.edits.modifiers").joinpath("dated.yaml").read_bytes()
    found: dict[str, tuple[_Dated, ...]] = {}
    for one in msgspec.yaml.decode(text, type=tuple[_Dated, ...]):
        found[one.modifier] = (*found.get(one.modifier, ()), one)
    return found


_DATED = _dated()
_NAMED = frozenset(_DATED)


@rule(
    "modifiers.payer-and-day",
    WARNING,
    source="the rule that the finding names",
    forms=PROFESSIONAL,
    modifiers=_NAMED,
)
def payer_and_day(claim: Claim, ctx: Context) -> Iterator[Problem]:
    """A modifier is one that this payer takes on the date of service."""
    if _NAMED.isdisjoint(claim.modifiers):
        return
    for service in claim.lines:
        for one in service.procedure.modifiers:
            for told in _DATED.get(one, ()):
                if told.wrong(ctx.payer.kind, service.service.start or date.min):
                    where = line(service.number, "modifiers")
                    yield Problem(
                        where, f"{told.message}.", f"{told.fix[:-1]} ({told.source}).", Severity(told.severity)
                    )


@rule(
    "modifiers.notice-elsewhere",
    WARNING,
    source="Claims Processing Manual ch. 30 §50: notices of noncoverage are Medicare's",
    forms=PROFESSIONAL,
    payers=("commercial", "medicaid", "auto", "workers_compensation"),
    modifiers=_NOTICES,
)
def notice_elsewhere(claim: Claim) -> Iterator[Problem]:
    """GA, GX, GY and GZ tell of Medicare's notice of noncoverage; other payers have no such notice."""
    if _NOTICES.isdisjoint(claim.modifiers):
        return
    if any(other.payer.claim_filing_indicator in _MEDICARE_FILES for other in claim.other_insurance):
        return
    for service in claim.lines:
        named = _NOTICES.intersection(service.procedure.modifiers)
        if named:
            message = f"{min(named)} is of Medicare's notice of noncoverage, and {claim.payer.name} is not Medicare."
            yield Problem(line(service.number, "modifiers"), message, "Remove it, unless the payer asks for it.")


@rule(
    "modifiers.primary-care-exception",
    WARNING,
    source="42 CFR 415.174; Claims Processing Manual ch. 12 §100.1.1.C",
    since=date(2023, 5, 12),
    forms=PROFESSIONAL,
    payers=MEDICARE,
    modifiers=("GE",),
)
def primary_care_exception(claim: Claim) -> Iterator[Problem]:
    """GE, a resident alone in a primary care center, stands on visits up to level 3 and Medicare's wellness visits."""
    if "GE" not in claim.modifiers:
        return
    for service in claim.lines:
        if "GE" in service.procedure.modifiers and service.procedure.code not in _EXCEPTION:
            message = f"GE stands on {service.procedure.code}, which a resident does not give alone."
            yield Problem(line(service.number, "modifiers"), message, "Use GC where the teaching physician was there.")


@rule(
    "modifiers.shared-in-office",
    ERROR,
    source="42 CFR 415.140(a): a split or shared visit is in a facility; Claims Processing Manual ch. 12 §30.6.18",
    since=date(2022, 1, 1),
    forms=PROFESSIONAL,
    payers=MEDICARE,
    modifiers=("FS",),
)
def shared_in_office(claim: Claim) -> Iterator[Problem]:
    """A visit is split or shared (FS) in a facility, never in an office or home."""
    if "FS" not in claim.modifiers:
        return
    for service in claim.lines:
        place = place_of(claim, service)
        if "FS" in service.procedure.modifiers and place in _NOT_FACILITY:
            message = f"FS stands on a visit at place of service {place}, which is no facility."
            fix = "Remove FS; in an office it is billed incident to the physician, or under who gave it."
            yield Problem(line(service.number, "modifiers"), message, fix)

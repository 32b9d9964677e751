"""Which modifier goes on which service, and which two exclude each other (kinds.yaml, exclusive.yaml)."""

from collections.abc import Iterator
from datetime import date
from importlib.resources import files
from typing import Literal

import msgspec
from msgspec import Struct

from superbill.claims.model import Claim
from superbill.edits.context import Context
from superbill.edits.professional import PROFESSIONAL, listing, services
from superbill.edits.rule import ERROR, Problem, rule
from superbill.findings import Severity, line
from superbill.pricing.code_ranges import CodeRanges


class _Kind(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    modifiers: tuple[str, ...]
    what: str
    severity: Literal["error", "warning"]
    source: str
    only: str | None = None
    never: str = ""
    payers: tuple[str, ...] = ()
    since: date = date.min


class _Exclusion(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    modifiers: tuple[str, ...]
    why: str
    source: str
    against: tuple[str, ...] = ()


class _Fit(Struct, frozen=True):
    kind: _Kind
    only: CodeRanges | None
    never: CodeRanges

    def holds(self, code: str) -> bool:
        return code not in self.never if self.only is None else code in self.only


def _read(name: str) -> bytes:
    return files("superbill.edits.modifiers").joinpath(name).read_bytes()


def _fits() -> dict[str, tuple[_Fit, ...]]:
    found: dict[str, tuple[_Fit, ...]] = {}
    for kind in msgspec.yaml.decode(_read("kinds.yaml"), type=tuple[_Kind, ...]):
        fit = _Fit(kind, None if kind.only is None else services(kind.only), services(kind.never))
        for one in kind.modifiers:
            found[one] = (*found.get(one, ()), fit)
    return found


def _exclusions() -> dict[frozenset[str], _Exclusion]:
    found = {}
    for one in msgspec.yaml.decode(_read("exclusive.yaml"), type=tuple[_Exclusion, ...]):
        for left in one.modifiers:
            for right in one.against or one.modifiers:
                if left != right:
                    found[frozenset((left, right))] = one
    return found


_FITS = _fits()
_EXCLUSIVE = _exclusions()
_FITTED = frozenset(_FITS)
_EXCLUDING = frozenset(one for pair in _EXCLUSIVE for one in pair)


@rule(
    "modifiers.kind",
    ERROR,
    source="CPT Appendix A; HCPCS Level II modifiers; the CMS manual section that the finding names",
    why="A modifier says something of one kind of service; payers deny it on another (CARC 4).",
    forms=PROFESSIONAL,
    modifiers=_FITTED,
)
def kind(claim: Claim, ctx: Context) -> Iterator[Problem]:
    """A modifier stands on the kind of service that it is for."""
    if _FITTED.isdisjoint(claim.modifiers):
        return
    for service in claim.lines:
        code, day = service.procedure.code, service.service.start or date.min
        for one in service.procedure.modifiers:
            for fit in _FITS.get(one, ()):
                told = fit.kind
                if fit.holds(code) or day < told.since or (told.payers and ctx.payer.kind not in told.payers):
                    continue
                message = f"{one} stands on {code}; it is for {told.what}."
                fix = f"Remove {one}, or correct the code ({told.source})."
                yield Problem(line(service.number, "modifiers"), message, fix, Severity(told.severity))


@rule(
    "modifiers.exclusive",
    ERROR,
    source="HCPCS Level II and CPT modifiers; the CMS manual section that the finding names",
    why="Two modifiers that contradict each other leave open what was done; payers return the line (CARC 4).",
    forms=PROFESSIONAL,
    modifiers=_EXCLUDING,
)
def exclusive(claim: Claim) -> Iterator[Problem]:
    """A line has no two modifiers of which one denies the other."""
    if len(_EXCLUDING & claim.modifiers) < 2:
        return
    for service in claim.lines:
        mine = [one for one in service.procedure.modifiers if one in _EXCLUDING]
        for place, left in enumerate(mine):
            for right in mine[place + 1 :]:
                found = _EXCLUSIVE.get(frozenset((left, right)))
                if found is not None:
                    message = f"{listing((left, right))} stand on one line: {found.why}."
                    yield Problem(line(service.number, "modifiers"), message, f"Keep one of them ({found.source}).")

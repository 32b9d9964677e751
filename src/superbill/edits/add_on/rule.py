"""Add-on codes: beside which primaries they stand, same patient, performer and day, on the claim or on an earlier one.

CMS knows three types: with all primaries listed (1), with none, each contractor having its own list (2), and with some
(3). Primaries are looked for on the claim and among the lines of earlier claims that stand.
"""

from collections.abc import Iterator
from datetime import date, timedelta

from superbill.claims.model import Claim, ClaimKind, ServiceLine
from superbill.codesets.add_on.importer import SYSTEM
from superbill.codesets.add_on.lookup import AddOn, AddOnTable
from superbill.edits.add_on.policy import policy
from superbill.edits.context import Context
from superbill.edits.rule import ERROR, WARNING, Problem, rule
from superbill.edits.services import earlier, first_day, performer
from superbill.findings import line

_SOURCE = "NCCI add-on code edits of Medicare; Claims Processing Manual ch. 12 §30 (D)"
_WHY = "An add-on code describes work done beside a primary service, and is paid only where that is."
_FORMS: tuple[ClaimKind, ...] = ("professional", "institutional")
_BEGAN = date(2013, 4, 1)
"""The first day of CMS's table."""
_NAMED = 6  # primaries that a fix tells


@rule("add_on.primary-missing", ERROR, source=_SOURCE, why=_WHY, since=_BEGAN, forms=_FORMS, needs=SYSTEM)
def primary_missing(claim: Claim, context: Context) -> Iterator[Problem]:
    """An add-on code of type 1 stands beside one of its primaries, on the same day by the same performer."""
    for each, day, found in _add_ons(claim, context):
        if found.kind == 1 and not found.by_contractor and not _beside(claim, context, each, day) & found.primaries:
            yield Problem(
                line(each.number, "procedure"),
                f"{found.code} is an add-on code without its primary on {day}.",
                f"Bill it with its primary ({_names(found)}), or take it off; other primaries are not paid with it."
                + _instructions(found),
            )


@rule("add_on.primary-unlisted", WARNING, source=_SOURCE, why=_WHY, since=_BEGAN, forms=_FORMS, needs=SYSTEM)
def primary_unlisted(claim: Claim, context: Context) -> Iterator[Problem]:
    """An add-on code of type 3 stands beside a listed primary, or one that the contractor is known to take."""
    for each, day, found in _add_ons(claim, context):
        if found.kind != 3 or not found.primaries:
            continue
        beside = _beside(claim, context, each, day)
        if not beside & found.primaries and _primaries(beside, context, day):
            yield Problem(
                line(each.number, "procedure"),
                f"{found.code} is an add-on code without a primary that CMS lists on {day}.",
                f"CMS lists {_names(found)}; see whether the contractor takes what it stands beside, else take it off."
                + _instructions(found),
            )


@rule("add_on.alone", ERROR, source=_SOURCE, why=_WHY, since=_BEGAN, forms=_FORMS, needs=SYSTEM)
def alone(claim: Claim, context: Context) -> Iterator[Problem]:
    """An add-on code whose primaries the contractor defines stands beside some service that is no add-on itself."""
    for each, day, found in _add_ons(claim, context):
        if found.kind == 1 and not found.by_contractor:
            continue
        beside = _beside(claim, context, each, day)
        if not beside & found.primaries and not _primaries(beside, context, day):
            yield Problem(
                line(each.number, "procedure"),
                f"{found.code} is an add-on code, and nothing else was done on {day}.",
                f"Bill it with its primary ({_names(found)}), or take it off." + _instructions(found),
            )


def _add_ons(claim: Claim, context: Context) -> Iterator[tuple[ServiceLine, date, AddOn]]:
    """The lines of add-on codes, each with its day and what the table says of it then."""
    table = context.reference.add_ons
    if table is None or table.codes.isdisjoint(claim.codes) or not _is_asked(claim):
        return
    for each in claim.lines:
        day = first_day(claim, each)
        found = None if day is None else table.add_on(each.procedure.code, day)
        if day is not None and found is not None:
            yield each, day, found


def _is_asked(claim: Claim) -> bool:
    return claim.institutional is None or claim.institutional.facility_type in policy().hospital_bills


def _beside(claim: Claim, context: Context, mine: ServiceLine, day: date) -> frozenset[str]:
    """The codes of the same performer on the day, or on the days before it on which the primary may be.

    Of some codes the primary may be of another performer of the group: all claims here are of one.
    """
    by = "" if mine.procedure.code in policy().of_group else performer(claim, mine)
    days = {day - timedelta(before) for before in range(policy().other_day.get(mine.procedure.code, 0) + 1)}
    here = [
        each.procedure.code for each in claim.lines
        if each is not mine and first_day(claim, each) in days and by in (performer(claim, each), "")
    ]  # fmt: skip
    if context.history.claims:
        here += [
            past.line.procedure.code for each in days for past in earlier(claim, context, each)
            if by in (performer(past.past.claim, past.line), "")
        ]  # fmt: skip
    return frozenset(here) - {mine.procedure.code, ""}


def _primaries(codes: frozenset[str], context: Context, day: date) -> frozenset[str]:
    """Those of the codes that are no add-on codes themselves."""
    table: AddOnTable | None = context.reference.add_ons
    return frozenset(code for code in codes if table is None or table.add_on(code, day) is None)


def _names(found: AddOn) -> str:
    if not found.primaries:
        return "the contractor's list"
    named = sorted(found.primaries)
    more = f" and {len(named) - _NAMED} more" if len(named) > _NAMED else ""
    return ", ".join(named[:_NAMED]) + more


def _instructions(found: AddOn) -> str:
    return f" CMS says: {'; '.join(found.instructions)}." if found.instructions else ""

"""Taxonomy edits: a provider's code is one of the NUCC's list, and of a kind that the provider can be."""

from collections.abc import Callable, Iterator
from datetime import date
from functools import lru_cache

from superbill.claims.model import Claim, Provider
from superbill.codesets.taxonomy.importer import SYSTEM, TaxonomyCode
from superbill.edits.context import Context
from superbill.edits.rule import ERROR, WARNING, Problem, rule
from superbill.findings import Place, header, line
from superbill.identifiers import is_taxonomy

_SOURCE = "NUCC provider taxonomy; 837P TR3, loops 2000A, 2310B and 2420A PRV03"
_PERSONS = "individual"
_STUDENT = "390200000X"  # student in an organized training program: bills nothing in its own name


def _codes(claim: Claim) -> tuple[str, ...]:
    """The taxonomy codes of the claim, "" for a provider without one."""
    rendering = claim.rendering.taxonomy if claim.rendering is not None else ""
    lines = [each.rendering.taxonomy for each in claim.lines if each.rendering is not None]
    return (claim.billing.taxonomy, rendering, *lines)


Kinds = Callable[[str, date], TaxonomyCode | None]


@lru_cache(65_536)
def _doubts(kinds: Kinds, codes: tuple[str, ...], day: date) -> tuple[bool, bool]:
    """Whether one of the codes is unknown, and whether one is that of no person who bills."""
    found = [kinds(code, day) for code in codes if code]
    return None in found, any(each is not None and _unusual(each) for each in found)


def _parties(claim: Claim) -> Iterator[tuple[Provider, str, Place]]:
    """Who has a taxonomy code on the claim, with its role and its place."""
    yield claim.billing, "billing provider", header("billing.taxonomy")
    if claim.rendering is not None:
        yield claim.rendering, "rendering provider", header("rendering.taxonomy")
    for service in claim.lines:
        if service.rendering is not None:
            yield service.rendering, "rendering provider", line(service.number, "rendering.taxonomy")


def _unusual(found: TaxonomyCode) -> bool:
    """Whether the code is one that a person who bills does not have."""
    return found.section.strip().lower() not in ("", _PERSONS) or found.code == _STUDENT


@rule("identity.taxonomy-unknown", ERROR, source=_SOURCE, needs=SYSTEM)
def taxonomy_unknown(claim: Claim, ctx: Context) -> Iterator[Problem]:
    """A taxonomy code stands in the list in force on the day of service."""
    kinds, day = ctx.reference.provider_kinds, claim.service.start
    if kinds is None or day is None or not _doubts(kinds, _codes(claim), day)[0]:
        return
    for party, who, where in _parties(claim):
        code = party.taxonomy
        if code and kinds(code, day) is None and is_taxonomy(code):
            message = f"The {who}'s taxonomy code {code} is not in the list of {day.isoformat()}."
            yield Problem(where, message, "Take the code under which the provider is enrolled (NPPES).")


@rule("identity.taxonomy-kind", WARNING, source=_SOURCE, needs=SYSTEM)
def taxonomy_kind(claim: Claim, ctx: Context) -> Iterator[Problem]:
    """A person's taxonomy code is one of individuals, not of organizations; a student bills under a supervisor."""
    kinds, day = ctx.reference.provider_kinds, claim.service.start
    if kinds is None or day is None or not _doubts(kinds, _codes(claim), day)[1]:
        return
    for party, who, where in _parties(claim):
        found = kinds(party.taxonomy, day) if party.taxonomy and party.person is not None else None
        if found is None:
            continue
        if found.section and found.section.strip().lower() != _PERSONS:
            message = f"The {who} is a person; the taxonomy code {found.code} is one of organizations."
            yield Problem(where, message, "Use the code of the person's specialty.")
        elif found.code == _STUDENT:
            message = f"The {who}'s taxonomy code is that of a student in training."
            yield Problem(where, message, "Name the teaching physician as the one who rendered.")

"""The spells of charge lines, read from the journal and the claims: what is kept is what this says."""

import json
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from django.db import connection
from msgspec import Struct

from superbill.app.accounts.actors import Scope
from superbill.app.billing.models import ENTRY_ID_STEP, ChargeLine, Posting
from superbill.app.claims.models import ClaimRow
from superbill.app.documents import decoded
from superbill.app.encounters.models import EncounterRow
from superbill.app.reports.spells import HELD_BY, Move, spells
from superbill.app.rows import found
from superbill.claims.parties import Provider
from superbill.money import Cents

COLUMNS = (
    "line_id", "patient_id", "bill", "account", "payer", "provider", "location", "service", "since", "begins", "ends",
    "amount",
)  # fmt: skip
_HELD = tuple(sorted(account.value for account in HELD_BY))


class SpellRow(NamedTuple):
    """A spell as it is kept."""

    line_id: int
    patient_id: int
    bill: str
    account: str
    payer: str
    provider: str
    location: str
    service: int
    since: int
    begins: int
    ends: int
    amount: Cents


class Who(NamedTuple):
    """Who performed a line, and where: NPI where there is one, else the name; "POS 11" where no place is named."""

    provider: str = ""
    location: str = ""


class _Attending(Struct):
    attending: Provider | None = None


class _Line(Struct):
    control_number: str = ""
    place_of_service: str = ""
    rendering: Provider | None = None
    service_facility: Provider | None = None


class _Claim(Struct):
    """As much of a claim as says who did what where."""

    lines: tuple[_Line, ...]
    billing: Provider
    rendering: Provider | None = None
    service_facility: Provider | None = None
    institutional: _Attending | None = None
    place_of_service: str = ""


class _Named(Struct):
    family: str = ""
    given: tuple[str, ...] = ()


class _Performer(Struct):
    name: _Named
    npi: str = ""


class _Place(Struct):
    name: str = ""
    npi: str = ""
    place_of_service: str = ""


class _Visit(Struct):
    performer: _Performer | None = None
    location: _Place | None = None


def among(values: Iterable[Any]) -> Any:
    """The right side of a `__among` condition, for the database at hand."""
    return json.dumps(list(values)) if connection.vendor == "sqlite" else list(values)


def derived(scope: Scope, line_ids: Iterable[int]) -> Iterator[SpellRow]:
    """The spells of these lines, by line. Without the permission to read claims nobody is named as the provider."""
    wanted = sorted(set(line_ids))
    moves: dict[int, list[Move]] = {}
    columns = ("line_id", "entry__on", "account", "payer", "amount")
    for line, on, account, payer, amount in found(scope, Posting, "line_id", wanted, *columns, account__in=_HELD):
        moves.setdefault(line, []).append(Move(on.toordinal(), account, payer, amount))
    columns = ("id", "key", "patient_id", "encounter_id", "service_start")
    lines = sorted(found(scope, ChargeLine, "id", moves, *columns))
    known = performed(scope, {row[3] for row in lines})
    for line, key, patient, encounter, start in lines:
        who = known.get(key) or known.get(encounter) or Who()
        for stood in spells(moves[line]):
            yield SpellRow(
                line, patient, key.rpartition("-")[0], stood.account, stood.payer, who.provider, who.location,
                start.toordinal(), stood.since, stood.begins, stood.ends, stood.amount,
            )  # fmt: skip


def performed(scope: Scope, encounters: Iterable[int]) -> dict[str | int, Who]:
    """By line key, as the latest claim says; by encounter (row id), as the visit says where no claim does."""
    wanted = set(encounters)
    known: dict[str | int, Who] = {}
    billed: set[int] = set()
    if scope.may(ClaimRow.reads):
        for _, encounter, number, doc in sorted(
            found(scope, ClaimRow, "encounter_id", wanted, "id", "encounter_id", "control_number", "doc")
        ):
            claim = decoded(doc, _Claim, f"claim {number}")
            known.update((line.control_number, _who(claim, line)) for line in claim.lines)
            billed.add(encounter)
    if scope.may(EncounterRow.reads):
        columns = ("id", "account_number", "doc")
        for encounter, account, doc in found(scope, EncounterRow, "id", wanted - billed, *columns):
            known[encounter] = _of_visit(decoded(doc, _Visit, f"visit {account}"))
    return known


def claim_performers(docs: Iterable[tuple[int, str, str]]) -> Iterator[tuple[int, str]]:
    """(claim row id, provider) of claims (row id, control number, document): who performed the first line."""
    for row_id, number, doc in docs:
        claim = decoded(doc, _Claim, f"claim {number}")
        yield row_id, _who(claim, claim.lines[0] if claim.lines else _Line()).provider


def tail(scope: Scope, through: int) -> set[int]:
    """Lines that entries after number `through` have touched: of them the spells kept say nothing."""
    first = scope.practice_id * ENTRY_ID_STEP + through
    last = (scope.practice_id + 1) * ENTRY_ID_STEP
    touched = scope.rows(Posting).filter(entry_id__gt=first, entry_id__lt=last, line__isnull=False)
    return set(touched.order_by().values_list("line_id", flat=True).distinct())


def _who(claim: _Claim, line: _Line) -> Who:
    facility = line.service_facility or claim.service_facility
    attending = claim.institutional.attending if claim.institutional else None
    provider = line.rendering or claim.rendering or attending or claim.billing
    place = line.place_of_service or claim.place_of_service
    return Who(_called(provider), _called(facility) if facility else f"POS {place}" if place else "")


def _called(provider: Provider) -> str:
    name = f"{provider.person.last}, {provider.person.first}" if provider.person else provider.organization
    return (provider.npi or name)[:80]


def _of_visit(visit: _Visit) -> Who:
    by, at = visit.performer, visit.location
    provider = (by.npi or ", ".join(filter(None, (by.name.family, " ".join(by.name.given))))) if by else ""
    location = (at.npi or at.name or (f"POS {at.place_of_service}" if at.place_of_service else "")) if at else ""
    return Who(provider[:80], location[:80])

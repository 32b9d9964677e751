"""What stands refused now, with the claim, its versions and its steps; a handful of statements for however many."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from functools import lru_cache

from superbill.app.accounts.actors import Scope
from superbill.app.billing.models import ChargeLine
from superbill.app.claims.models import ClaimRow
from superbill.app.denials.queries.steps import steps_of
from superbill.app.documents import decoded
from superbill.app.rows import found
from superbill.claims.control import read_control_number
from superbill.claims.model import Claim
from superbill.denials.handbook import Cause, cause_of
from superbill.denials.model import Refusal, RefusedLine, Step, Version
from superbill.denials.standing import Refused
from superbill.ledger.entry import Reason

Line = tuple[str, int, str, str, int, date]  # key, encounter, code, modifiers, charge, last day
Place = tuple[str, str]  # payer, account with its part
Standing = dict[tuple[int, str], tuple[Refused, ...]]
_ANSWERED = frozenset({"paid", "partly_denied", "denied", "reversed"})


def refusals(scope: Scope, left: Standing) -> Iterator[Refusal]:
    """The refusals that stand, each with its lines, versions and steps."""
    columns = ("id", "key", "encounter_id", "code", "modifiers", "charge", "service_end")
    lines: dict[int, Line] = {
        row[0]: (row[1], row[2], row[3], row[4], row[5], row[6])
        for row in found(scope, ChargeLine, "id", {line for line, _ in left}, *columns)
    }
    versions, about = _versions(scope, {line[1] for line in lines.values()})
    parts = _parts(scope, versions)
    grouped: dict[Place, list[tuple[int, Refused]]] = {}
    for (row, payer), some in sorted(left.items()):
        key = lines[row][0]
        account = parts.get((payer, key)) or key.rpartition("-")[0]
        grouped.setdefault((payer, account), []).extend((row, one) for one in some)
    steps = steps_of(scope, [version.row for some in versions.values() for version in some])
    for place, kept in grouped.items():
        yield _refusal(place, kept, lines, versions.get(place, []), about, steps)


def _refusal(
    place: Place,
    some: Sequence[tuple[int, Refused]],
    lines: dict[int, Line],
    versions: Sequence[Version],
    about: dict[int, tuple[str, str]],
    steps: dict[int, tuple[Step, ...]],
) -> Refusal:
    answered = [version for version in versions if version.state in _ANSWERED] or list(versions[:1])
    last = answered[-1] if answered else None
    theirs, kind = about.get(last.row if last else 0, ("", "professional"))
    return Refusal(
        payer=place[0],
        claim=last.row if last else 0,
        control_number=last.control_number if last else "",
        payer_control_number=theirs,
        kind=kind,
        account=place[1],
        encounter=lines[some[0][0]][1],
        lines=tuple(_line(lines[row], one) for row, one in some),
        versions=tuple(versions),
        steps=tuple(step for version in versions for step in steps.get(version.row, ())),
    )


@lru_cache(4096)
def _cause(reason: Reason) -> Cause:
    return cause_of(reason.group, reason.code, reason.remarks)


def _line(line: Line, one: Refused) -> RefusedLine:
    key, _, code, modifiers, charge, service = line
    return RefusedLine(
        key=key,
        code=code,
        modifiers=tuple(modifiers.split()),
        charge=charge,
        service=service,
        amount=one.amount,
        reason=one.reason,
        cause=_cause(one.reason),
        since=one.since,
    )


def _versions(scope: Scope, encounters: Iterable[int]) -> tuple[dict[Place, list[Version]], dict[int, tuple[str, str]]]:
    """The claims of these encounters by payer and account with part, oldest version first; the payer's number and the
    kind of each by row."""
    found_versions: dict[Place, list[Version]] = {}
    about = {}
    columns = ("id", "control_number", "payer_key", "version", "frequency", "state", "payer_control_number", "kind")
    rows = found(scope, ClaimRow, "encounter_id", encounters, *columns)
    for row, control, payer, number, frequency, state, theirs, kind in sorted(rows):
        known = read_control_number(control)
        place = (payer, f"{known.account}/{known.part}" if known and known.part > 1 else known.account if known else "")
        version = Version(row=row, control_number=control, number=number, frequency=frequency, state=state)
        found_versions.setdefault(place, []).append(version)
        about[row] = (theirs, kind)
    for some in found_versions.values():
        some.sort(key=lambda version: (version.number, version.row))
    return found_versions, about


def _parts(scope: Scope, versions: dict[Place, list[Version]]) -> dict[tuple[str, str], str]:
    """Where a visit was too long for one claim: the account with part of each line, which only the claims tell."""
    split = {payer_account[0] for payer_account in versions if "/" in payer_account[1]}
    wanted = {version.row: place for place, some in versions.items() if place[0] in split for version in some[-1:]}
    return {
        (wanted[row][0], line.control_number): wanted[row][1]
        for row, doc in found(scope, ClaimRow, "id", wanted, "id", "doc")
        for line in decoded(doc, Claim, f"claim {row}").lines
    }

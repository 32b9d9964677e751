"""What stands refused now: from the journal's postings on DENIED, with the claim, its versions and its steps.

A handful of statements for a practice, however many claims it has: postings on DENIED come from one index, the rest is
asked for in chunks.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Any

from django.db.models import QuerySet
from msgspec import Struct

from superbill.app.accounts.actors import Scope
from superbill.app.billing.models import ChargeLine, Posting
from superbill.app.claims.models import ClaimRow
from superbill.app.denials.queries.steps import steps_of
from superbill.app.documents import decoded
from superbill.app.practices.queries import policy
from superbill.app.rows import asked, found
from superbill.claims.control import read_control_number
from superbill.claims.model import Claim
from superbill.denials.assess import assess
from superbill.denials.handbook import cause_of
from superbill.denials.model import Denial, Refusal, RefusedLine, Step, Version
from superbill.denials.ranking import History
from superbill.denials.standing import Move, Refused, endings, standing
from superbill.ledger.accounts import Account
from superbill.ledger.entry import Reason
from superbill.money import Cents
from superbill.site.appeals import PayerRules

Line = tuple[str, int, str, str, int, date]  # key, encounter, code, modifiers, charge, last day
Place = tuple[str, str]  # payer, account with its part
Standing = dict[tuple[int, str], tuple[Refused, ...]]
_ANSWERED = frozenset({"paid", "partly_denied", "denied", "reversed"})


class Moves(Struct, frozen=True, kw_only=True):
    """Every posting on DENIED, and what payers paid on the lines that these are on, as (entry, cents)."""

    moves: tuple[Move, ...]
    paid: dict[tuple[int, str], list[tuple[int, Cents]]]

    @property
    def history(self) -> dict[tuple[str, str], History]:
        """How refusals ended, by payer and CARC."""
        return endings(self.moves, self.paid)


_MOVE = (
    "line_id", "payer", "amount", "reason_group", "reason_code", "remarks", "entry_id", "entry__on", "entry__kind",
)  # fmt: skip


def moves_on_denied(scope: Scope) -> Moves:
    """What the ranking learns from: one statement for DENIED, and one for each five thousand lines."""
    moves = tuple(_move(*row) for row in asked(scope, Posting, _on_denied))
    paid: dict[tuple[int, str], list[tuple[int, Cents]]] = {}
    columns = ("line_id", "payer", "entry_id", "amount")
    lines = {move.line for move in moves}
    for line, payer, entry, cents in found(scope, Posting, "line_id", lines, *columns, account=Account.CLEARING.value):
        paid.setdefault((line, payer), []).append((entry, cents))
    return Moves(moves=moves, paid=paid)


def _on_denied(scope: Scope) -> QuerySet[Posting, Any]:
    return scope.rows(Posting).filter(account=Account.DENIED.value).order_by().values_list(*_MOVE)


def _move(
    line: int, payer: str, amount: int, group: str, code: str, remarks: str, entry: int, on: date, kind: str
) -> Move:
    reason = Reason(group, code, tuple(remarks.splitlines()))
    taken_back = kind == "reversal"
    return Move(line=line, payer=payer, amount=amount, reason=reason, entry=entry, on=on, taken_back=taken_back)


def denials(scope: Scope, today: date, *, payer: str = "") -> list[Denial]:
    """Every refusal that stands, the most worthwhile first; of one payer, or of all.

    Raises NotPermitted for a reader without the ledger and the claims.
    """
    moves = moves_on_denied(scope)
    left = {where: parts for where, parts in standing(moves.moves).items() if payer in ("", where[1])}
    rules, history = policy(scope).payers, moves.history
    made = [
        assess(
            refusal,
            rules.get(refusal.payer, PayerRules()),
            history.get((refusal.payer, refusal.cause.code), History()),
            today,
        )
        for refusal in _refusals(scope, left)
    ]
    return sorted(made, key=lambda one: (-one.rank.score, one.refusal.key))


def denial(scope: Scope, control_number: str, today: date, *, ranked: bool = True) -> Denial | None:
    """The refusal that a claim control number means: of that version, or another version of the same claim.

    None when nothing of it stands refused. Not `ranked`: without the payer's history, which reads every refusal; the
    chance is then the handbook's alone.
    """
    named = next(found(scope, ClaimRow, "control_number", [control_number], "encounter_id", "payer_key"), None)
    if named is None:
        return None
    encounter, payer = named
    lines = [row for (row,) in found(scope, ChargeLine, "encounter_id", [encounter], "id")]
    moves = (_move(*row) for row in found(scope, Posting, "line_id", lines, *_MOVE, account=Account.DENIED.value))
    left = {where: parts for where, parts in standing(moves).items() if where[1] == payer}
    for refusal in _refusals(scope, left):
        if control_number in {version.control_number for version in refusal.versions}:
            history = moves_on_denied(scope).history if ranked else {}
            seen = history.get((payer, refusal.cause.code), History())
            return assess(refusal, policy(scope).payers.get(payer, PayerRules()), seen, today)
    return None


def _refusals(scope: Scope, left: Standing) -> Iterator[Refusal]:
    columns = ("id", "key", "encounter_id", "code", "modifiers", "charge", "service_end")
    lines: dict[int, Line] = {
        row[0]: (row[1], row[2], row[3], row[4], row[5], row[6])
        for row in found(scope, ChargeLine, "id", {line for line, _ in left}, *columns)
    }
    versions, numbers = _versions(scope, {line[1] for line in lines.values()})
    parts = _parts(scope, versions)
    grouped: dict[Place, list[tuple[int, Refused]]] = {}
    for (row, payer), some in sorted(left.items()):
        key = lines[row][0]
        account = parts.get((payer, key)) or key.rpartition("-")[0]
        grouped.setdefault((payer, account), []).extend((row, one) for one in some)
    steps = steps_of(scope, [version.row for some in versions.values() for version in some])
    for place, kept in grouped.items():
        yield _refusal(place, kept, lines, versions.get(place, []), numbers, steps)


def _refusal(
    place: Place,
    some: Sequence[tuple[int, Refused]],
    lines: dict[int, Line],
    versions: Sequence[Version],
    numbers: dict[int, str],
    steps: dict[int, tuple[Step, ...]],
) -> Refusal:
    answered = [version for version in versions if version.state in _ANSWERED] or list(versions[:1])
    last = answered[-1] if answered else None
    return Refusal(
        payer=place[0],
        claim=last.row if last else 0,
        control_number=last.control_number if last else "",
        payer_control_number=numbers.get(last.row, "") if last else "",
        account=place[1],
        encounter=lines[some[0][0]][1],
        lines=tuple(_line(lines[row], one) for row, one in some),
        versions=tuple(versions),
        steps=tuple(step for version in versions for step in steps.get(version.row, ())),
    )


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
        cause=cause_of(one.reason.group, one.reason.code, one.reason.remarks),
        since=one.since,
    )


def _versions(scope: Scope, encounters: Iterable[int]) -> tuple[dict[Place, list[Version]], dict[int, str]]:
    """The claims of these encounters by payer and account with part, oldest version first; payers' numbers by row."""
    found_versions: dict[Place, list[Version]] = {}
    numbers = {}
    columns = ("id", "control_number", "payer_key", "version", "frequency", "state", "payer_control_number")
    rows = found(scope, ClaimRow, "encounter_id", encounters, *columns)
    for row, control, payer, number, frequency, state, theirs in sorted(rows):
        known = read_control_number(control)
        place = (payer, f"{known.account}/{known.part}" if known and known.part > 1 else known.account if known else "")
        version = Version(row=row, control_number=control, number=number, frequency=frequency, state=state)
        found_versions.setdefault(place, []).append(version)
        numbers[row] = theirs
    for some in found_versions.values():
        some.sort(key=lambda version: (version.number, version.row))
    return found_versions, numbers


def _parts(scope: Scope, versions: dict[Place, list[Version]]) -> dict[tuple[str, str], str]:
    """Where a visit was too long for one claim: the account with part of each line, which only the claims tell."""
    split = {payer_account[0] for payer_account in versions if "/" in payer_account[1]}
    wanted = {version.row: place for place, some in versions.items() if place[0] in split for version in some[-1:]}
    return {
        (wanted[row][0], line.control_number): wanted[row][1]
        for row, doc in found(scope, ClaimRow, "id", wanted, "id", "doc")
        for line in decoded(doc, Claim, f"claim {row}").lines
    }

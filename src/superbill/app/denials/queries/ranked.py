"""The refusals that stand on a day, ranked; and one of them."""

from datetime import date

from msgspec import Struct

from superbill.app.accounts.actors import Scope
from superbill.app.billing.models import ChargeLine
from superbill.app.claims.models import ClaimRow
from superbill.app.denials.queries.kept import Facts, facts
from superbill.app.denials.queries.moves import moves_of
from superbill.app.denials.queries.open import refusals
from superbill.app.practices.queries import policy
from superbill.app.rows import found
from superbill.denials.assess import assess
from superbill.denials.model import Denial, Refusal
from superbill.denials.ranking import History
from superbill.denials.standing import learned, regained, standing
from superbill.money import Cents
from superbill.site.appeals import PayerRules

_KEPT = 16  # practices


class Board(Struct, frozen=True, kw_only=True):
    """Every refusal that stands, the most worthwhile first, and what was won of earlier ones, by group and CARC."""

    denials: tuple[Denial, ...]
    recovered: dict[tuple[str, str], Cents]


class _Assessed(Struct, frozen=True, eq=False):
    """A board, what it was made from, and each refusal's denial by its row of reasons."""

    of: Facts
    about: tuple[date, dict[str, PayerRules]]
    by_refusal: dict[int, tuple[Refusal, History, Denial]]
    board: Board


_boards: dict[int, _Assessed] = {}
_histories: dict[int, tuple[Facts, dict[tuple[str, str], History]]] = {}


def denials(scope: Scope, today: date, *, payer: str = "") -> list[Denial]:
    """Every refusal that stands, the most worthwhile first; of one payer, or of all.

    Raises NotPermitted for a reader without the ledger and the claims.
    """
    return [one for one in board(scope, today).denials if payer in ("", one.refusal.payer)]


def board(scope: Scope, today: date) -> Board:
    """`denials` with the money that came in after a refusal. What did not change is not assessed again."""
    known, about = facts(scope), (today, policy(scope).payers)
    before = _boards.get(scope.practice_id)
    if before is None or before.of is not known or before.about != about:
        before = _assessed(known, about, before.by_refusal if before and before.about == about else {})
        while len(_boards) >= _KEPT and scope.practice_id not in _boards:
            _boards.pop(next(iter(_boards)), None)
        _boards[scope.practice_id] = before
    return before.board


def history_of(scope: Scope) -> dict[tuple[str, str], History]:
    """How refusals ended, by payer and CARC: what the ranking learns from. The same refusals teach the same."""
    known = facts(scope)
    before = _histories.get(scope.practice_id)
    if before is None or before[0] is not known:
        before = (known, learned(known.lessons))
        while len(_histories) >= _KEPT and scope.practice_id not in _histories:
            _histories.pop(next(iter(_histories)), None)
        _histories[scope.practice_id] = before
    return before[1]


def denial(scope: Scope, control_number: str, today: date, *, ranked: bool = True) -> Denial | None:
    """The refusal that a claim control number means: of that version, or another version of the same claim.

    None when nothing of it stands refused. Not `ranked`: without the payer's history, which every refusal tells; the
    chance is then the handbook's alone.
    """
    named = next(found(scope, ClaimRow, "control_number", [control_number], "encounter_id", "payer_key"), None)
    if named is None:
        return None
    encounter, payer = named
    lines = [row for (row,) in found(scope, ChargeLine, "encounter_id", [encounter], "id")]
    left = {where: parts for where, parts in standing(moves_of(scope, lines)).items() if where[1] == payer}
    for refusal in refusals(scope, left):
        if control_number in {version.control_number for version in refusal.versions}:
            history = history_of(scope) if ranked else {}
            seen = history.get((payer, refusal.cause.code), History())
            return assess(refusal, policy(scope).payers.get(payer, PayerRules()), seen, today)
    return None


def _assessed(
    known: Facts,
    about: tuple[date, dict[str, PayerRules]],
    before: dict[int, tuple[Refusal, History, Denial]],
) -> _Assessed:
    today, rules = about
    history, none = learned(known.lessons), History()
    made: dict[int, tuple[Refusal, History, Denial]] = {}
    for some in known.refusals.values():
        for refusal in some:
            seen = history.get((refusal.payer, refusal.cause.code), none)
            old = before.get(id(refusal))
            if old is None or old[0] is not refusal or old[1] != seen:
                old = (refusal, seen, assess(refusal, rules.get(refusal.payer, PayerRules()), seen, today))
            made[id(refusal)] = old
    ranked = sorted((denial for _, _, denial in made.values()), key=lambda one: (-one.rank.score, one.refusal.key))
    regained_now = regained(one for _, one in known.lessons)
    return _Assessed(known, about, made, Board(denials=tuple(ranked), recovered=regained_now))

"""The sums of a draft (SNIP type 3), and what else its parts must agree on: set so that they hold."""

from collections.abc import Callable, Sequence
from random import Random
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.x12_generated import Draft
    from tests.x12_pieces import Piece

_CHARGE = (10_000, 500_000)  # cents of a line; larger than anything that is taken from it
_TAKEN = 200


def settle_sums(root: "Draft", key: str, rng: Random) -> None:
    """Make the amounts of a transaction agree."""
    settle = _BY_TRANSACTION.get(key[:3])
    if settle is not None:
        settle(root, rng)


def _adjusted(loop: "Draft", rng: Random) -> int:
    """What the CAS of a loop take, made small."""
    taken = 0
    for piece in loop.named("adjustments"):
        for place in range(3, 20, 3):
            if place in piece.values:
                if not 0 < piece.values[place] < _TAKEN:
                    piece.put(place, rng.randrange(1, _TAKEN))
                taken += piece.values[place]
    return taken


def _first(loop: "Draft", name: str) -> "Piece | None":
    return next(iter(loop.named(name)), None)


def _amount(piece: "Piece", place: int, rng: Random) -> int:
    if not _CHARGE[0] <= (piece.get(place) or 0) < _CHARGE[1]:
        piece.put(place, rng.randrange(*_CHARGE))
    found: int = piece.get(place)
    return found


# --- claims ---------------------------------------------------------------------------------------------------------

_CHARGE_AT = {"SV1": 2, "SV2": 3, "SV3": 2}


def _claims(root: "Draft", rng: Random) -> None:
    for claim in root.drafts("2300"):
        if claim.named("claim"):  # loop 2300 of an 834 is another
            _claim(claim, rng)


def _claim(claim: "Draft", rng: Random) -> None:
    lines = claim.named("lines")
    charges = [_line(line, rng) for line in lines]
    total = sum(charges)
    (own,) = claim.named("claim")
    own.put(2, total)
    others = {f"PAYER{place}": other for place, other in enumerate(claim.named("other_subscribers"), 1)}
    for payer, other in others.items():
        for name in other.named("other_payer_name"):
            name.parts[0][1].put(9, payer)
    paid = _decisions(lines, charges, tuple(others), rng)
    for payer, other in others.items():
        adjusted = _adjusted(other, rng)
        for name, amount in (
            ("payer_paid_amount", paid[payer] - adjusted if payer in paid else total - adjusted),
            ("non_covered_amount", total),
        ):
            if found := _first(other, name):
                found.put(2, amount)


def _line(line: "Draft", rng: Random) -> int:
    """The charge of a line, and the procedure of its equipment, which is what it bills."""
    (service,) = line.named("service")
    equipment = _first(line, "durable_medical_equipment")
    if equipment is not None and 2 in equipment.values[1]:
        service.put(1, "HC", 1)
        service.put(1, equipment.get(1, 2), 2)
    return _amount(service, _CHARGE_AT[service.slot.rule.id], rng)


def _decisions(lines: Sequence["Draft"], charges: Sequence[int], payers: Sequence[str], rng: Random) -> dict[str, int]:
    """Each payer decides at most once on a line: what he pays is the charge less his adjustments. By payer, all."""
    paid: dict[str, int] = {}
    for line, charge in zip(lines, charges, strict=True):
        place = line.node.names["adjudications"][0]
        decided = line.all(place)
        line.remove(place)
        for payer, each in zip(rng.sample(payers, min(len(payers), len(decided))), decided, strict=False):
            line.add(place, each)
            own = each.parts[0][1]
            payer = own.get(1) if own.get(1) in payers and own.get(1) not in _told(line, each) else payer
            amount = charge - _adjusted(each, rng)
            own.put(1, payer)
            own.put(2, amount)
            paid[payer] = paid.get(payer, 0) + amount
    return paid


def _told(line: "Draft", but: "Draft") -> set[str]:
    return {each.parts[0][1].get(1) for each in line.named("adjudications") if each is not but}


# --- remittances ----------------------------------------------------------------------------------------------------


def _remittance(root: "Draft", rng: Random) -> None:
    paid = 0
    for header in root.drafts("2000"):
        claims = header.named("claims")
        sums = [_remitted(claim, rng) for claim in claims]
        paid += sum(amount for _, amount in sums)
        if summary := _first(header, "provider_summary"):
            summary.put(4, len(claims))
            summary.put(5, sum(charge for charge, _ in sums))
    taken = 0
    for piece in root.named("provider_adjustments"):
        for place in range(4, 15, 2):
            if place in piece.values:
                piece.put(place, -abs(piece.values[place]))
                taken += piece.values[place]
    (payment,) = root.named("payment")
    payment.put(2, paid - taken)


def _remitted(claim: "Draft", rng: Random) -> tuple[int, int]:
    """The charge of a claim, and what is paid of it."""
    charge = paid = 0
    lines = claim.named("lines")
    for line in lines:
        service = line.parts[0][1]
        line_charge = _amount(service, 2, rng)
        line_paid = line_charge - _adjusted(line, rng)
        service.put(3, line_paid)
        charge += line_charge
        paid += line_paid
    own = claim.parts[0][1]
    if not lines:
        charge = paid = _amount(own, 3, rng)
    paid -= _adjusted(claim, rng)
    own.put(3, charge)
    own.put(4, paid)
    return charge, paid


# --- premiums and members -------------------------------------------------------------------------------------------


def _premiums(root: "Draft", rng: Random) -> None:
    paid = 0
    for id_ in ("2300", "2300A", "2300B"):
        for item in root.drafts(id_):
            own = item.parts[0][1]
            changes = [each.parts[0][1].get(1) for each in item.named("adjustments")]
            if changes:
                if 5 not in own.values:
                    own.put(5, rng.randrange(*_CHARGE))
                own.put(4, own.get(5) + sum(changes))
            paid += own.get(4) or 0
    (payment,) = root.named("payment")
    payment.put(2, paid)


def _members(root: "Draft", _rng: Random) -> None:
    told = [member.parts[0][1].get(1) for member in root.drafts("2000")]
    counts = {"TO": len(told), "ET": told.count("Y"), "DT": told.count("N")}
    for piece in root.named("control_totals"):
        piece.put(2, counts[piece.get(1)])


def _reviews(root: "Draft", _rng: Random) -> None:
    """The events of a subscriber with a dependent are the dependent's: a reader could not tell them apart."""
    for subscriber in root.drafts("2000C"):
        if subscriber.named("dependent") and "patient_events" in subscriber.node.names:
            subscriber.remove(subscriber.node.names["patient_events"][0])


_BY_TRANSACTION: dict[str, "Callable[[Draft, Random], None]"] = {
    "837": _claims,
    "835": _remittance,
    "278": _reviews,
    "820": _premiums,
    "834": _members,
}

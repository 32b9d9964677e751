"""How a payer tells what it decided: lines split, bundled, recoded, without their modifiers; claims in two parts.

The money is that of the decision, to the cent; only its telling differs, as the 835 TR3 allows (section 1.10.2,
bundling and unbundling; SVC06 names what was submitted).
"""

from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal

from msgspec.structs import replace

from superbill.claims.model import Adjustment, Procedure
from superbill.money import split
from superbill.payer.adjudicate import patient_responsibility
from superbill.payer.chance import digest, happens
from superbill.payer.config import PayerConfig
from superbill.x12 import write
from superbill.x12.documents.remittance_write import payments
from superbill.x12.model import Envelope, Remittance, RemittanceClaim, RemittanceLine

_NOT_RETOLD = frozenset({"22", "25"})
# A code that means nearly the same, for a payer that recodes; others stay as they are.
_RECODED = {"99213": "99212", "99214": "99213", "99215": "99214", "99204": "99203", "80053": "80048", "85025": "85027"}


def told_otherwise(claim: RemittanceClaim, payer: PayerConfig, seed: int) -> RemittanceClaim:
    """The claim as this payer happens to tell it; most are told as they were decided."""
    if claim.status in _NOT_RETOLD or not claim.lines or claim.inpatient is not None:
        return claim
    for name, tell in _WAYS.items():
        if happens(getattr(payer.rates, name), seed, payer.id, name, claim.payer_control_number):
            lines = tuple(tell(claim, digest(seed, name, claim.payer_control_number)))
            return replace(claim, lines=lines)
    return claim


def _named(line: RemittanceLine, procedure: Procedure) -> RemittanceLine:
    """The line under another code; what was submitted is named beside it."""
    return replace(line, procedure=procedure, submitted_procedure=line.submitted_procedure or line.procedure)


def _in_two(claim: RemittanceClaim, chance: int) -> Iterable[RemittanceLine]:
    """One line as two of half the units, under the same control number."""
    fit = [place for place, line in enumerate(claim.lines) if line.units >= 2 and not line.units % 1]
    at = fit[chance % len(fit)] if fit else -1
    for place, line in enumerate(claim.lines):
        if place != at:
            yield line
            continue
        first = line.units // 2
        yield from _parts(line, [first, line.units - first])


def _parts(line: RemittanceLine, units: Sequence[Decimal]) -> Iterable[RemittanceLine]:
    weights = [int(each) for each in units]
    charges, adjusted = split(line.charge, weights), [split(one.amount, weights) for one in line.adjustments]
    for place, count in enumerate(units):
        pieces = tuple(
            Adjustment(one.group, one.reason, parts[place])
            for one, parts in zip(line.adjustments, adjusted, strict=True)
            if parts[place]
        )
        paid = charges[place] - sum(piece.amount for piece in pieces)
        allowed = None if line.allowed is None else split(line.allowed, weights)[place]
        yield replace(line, charge=charges[place], paid=paid, units=count, adjustments=pieces, allowed=allowed)


def _bundled(claim: RemittanceClaim, _chance: int) -> Iterable[RemittanceLine]:
    """A refused line told under the code of the first paid one, as part of it (CARC 97 stays with it)."""
    whole = next((line for line in claim.lines if line.paid > 0), None)
    refused = [line for line in claim.lines if line.allowed is None and ("CO", "97") in _reasons(line)]
    for line in claim.lines:
        yield _named(line, whole.procedure) if whole is not None and line in refused else line


def _reasons(line: RemittanceLine) -> set[tuple[str, str]]:
    return {(one.group, one.reason) for one in line.adjustments}


def _recoded(claim: RemittanceClaim, _chance: int) -> Iterable[RemittanceLine]:
    """Codes that the payer replaces by lower ones; the money is what it decided."""
    for line in claim.lines:
        code = _RECODED.get(line.procedure.code)
        yield _named(line, replace(line.procedure, code=code)) if code else line


def _without_modifiers(claim: RemittanceClaim, _chance: int) -> Iterable[RemittanceLine]:
    """Lines without modifiers and without our control numbers: they are known by code, day and charge alone."""
    for line in claim.lines:
        bare = replace(line.procedure, modifiers=())
        yield replace(line, procedure=bare, control_number="") if line.procedure.modifiers else line


_WAYS: dict[str, Callable[[RemittanceClaim, int], Iterable[RemittanceLine]]] = {
    "line_split": _in_two,
    "bundled": _bundled,
    "replaced": _recoded,
    "modifier_dropped": _without_modifiers,
}


def in_parts(claim: RemittanceClaim, payer: PayerConfig, seed: int) -> tuple[RemittanceClaim, ...]:
    """The claim, or two that each tell some of its lines, where the payer happens to split it."""
    splits = happens(payer.rates.claim_split, seed, payer.id, "claim split", claim.payer_control_number)
    if not splits or claim.status in _NOT_RETOLD or len(claim.lines) < 2 or claim.adjustments:
        return (claim,)
    middle = len(claim.lines) // 2
    return tuple(
        replace(
            claim,
            payer_control_number=f"{claim.payer_control_number}{suffix}",
            charge=sum(line.charge for line in lines),
            paid=sum(line.paid for line in lines),
            patient_responsibility=patient_responsibility(lines),
            lines=lines,
        )
        for suffix, lines in (("", claim.lines[:middle]), ("B", claim.lines[middle:]))
    )


def remittance_part(part: Remittance, envelope: Envelope) -> bytes:
    """A part of a payment as a file. It names the whole amount, which its own claims do not add up to."""
    return write([payments([part], envelope)], proven=False)


def halves(remittance: Remittance) -> tuple[Remittance, Remittance] | None:
    """One payment told in two parts, each with some of its claims and the whole amount; None for a single claim.

    Claims of one number stay together, so that no reversal is told apart from its correction.
    """
    numbers = list(dict.fromkeys(claim.control_number for claim in remittance.claims))
    if len(numbers) < 2:
        return None
    early = set(numbers[: len(numbers) // 2])
    first = tuple(claim for claim in remittance.claims if claim.control_number in early)
    second = tuple(claim for claim in remittance.claims if claim.control_number not in early)
    return replace(remittance, claims=first, provider_adjustments=()), replace(remittance, claims=second)

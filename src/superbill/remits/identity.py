"""Which payment a remittance is of, and which events it tells: the same whatever file, order or part brings it.

A payment is named by who originates it and its trace number (TRN03 and TRN02, 835 TR3). Its events are its claims'
answers and its provider-level adjustments; two that say the same are told apart by counting them.
"""

import hashlib
from collections import Counter
from collections.abc import Iterable, Sequence

import msgspec
from msgspec.structs import replace

from superbill.claims.model import Adjustment
from superbill.x12.model import ProviderAdjustment, Remittance, RemittanceClaim

_DIGITS = 16  # of a digest in a key: 64 bits tell the few events of one payment apart
_encode = msgspec.json.Encoder(order="deterministic").encode


def content_key(remittance: Remittance) -> str:
    """SHA-256 of what the remittance says, whatever the order of its claims, lines and adjustments."""
    one = remittance
    # Not the payer's address and contact, nor the day of the file: they may change when a payment is told again.
    head = [
        one.payer_id, one.payer_name, one.payee_npi, one.payee_tin, one.payee_name, one.originator_id, one.trace_number,
        one.payment_amount, one.payment_method, one.payment_date, one.payer_account, one.payee_account,
    ]  # fmt: skip
    told = [
        _encode(head),
        *sorted(map(_said, remittance.claims)),
        *sorted(map(_encode, remittance.provider_adjustments)),
    ]
    return hashlib.sha256(b"\n".join(told)).hexdigest()


def claim_events(claims: Sequence[RemittanceClaim]) -> list[str]:
    """A key for each CLP: of what it says, and which of several that say the same it is."""
    return _numbered(map(_said, claims))


def adjustment_events(adjustments: Sequence[ProviderAdjustment]) -> list[str]:
    """The same for the adjustments of PLB segments."""
    return _numbered(map(_encode, adjustments))


def payment_facts(remittance: Remittance) -> tuple[object, ...]:
    """What all parts of one payment agree on; where they don't, they contradict each other."""
    one = remittance
    return one.originator_id, one.trace_number, one.payer_id, one.payment_amount, one.payment_method, one.payment_date


def contains(whole: Remittance, part: Remittance) -> bool:
    """Is `part` of the same payment, and is all that it tells in `whole`?"""
    return payment_facts(whole) == payment_facts(part) and not (_events(part) - _events(whole))


def joined(parts: Sequence[Remittance], *, overlapping: bool = True) -> Remittance:
    """The parts of one payment as one remittance. What several parts tell is told once, unless they do not overlap."""
    claims: dict[str, RemittanceClaim] = {}
    adjustments: dict[str, ProviderAdjustment] = {}
    for number, part in enumerate(parts):
        apart = "" if overlapping else f"{number}:"
        for event, claim in zip(claim_events(part.claims), part.claims, strict=True):
            claims.setdefault(apart + event, claim)
        told = part.provider_adjustments
        for event, adjustment in zip(adjustment_events(told), told, strict=True):
            adjustments.setdefault(apart + event, adjustment)
    return replace(parts[0], claims=tuple(claims.values()), provider_adjustments=tuple(adjustments.values()))


def digest(text: str | bytes) -> str:
    """A short digest, for keys."""
    return hashlib.sha256(text if isinstance(text, bytes) else text.encode()).hexdigest()[:_DIGITS]


def _said(claim: RemittanceClaim) -> bytes:
    lines = sorted(_encode(replace(line, adjustments=_sorted(line.adjustments))) for line in claim.lines)
    return b"\n".join([_encode(replace(claim, lines=(), adjustments=_sorted(claim.adjustments))), *lines])


def _sorted(adjustments: tuple[Adjustment, ...]) -> tuple[Adjustment, ...]:
    return tuple(sorted(adjustments, key=_order)) if len(adjustments) > 1 else adjustments


def _order(adjustment: Adjustment) -> tuple[str, str, int]:
    return adjustment.group, adjustment.reason, adjustment.amount


def _numbered(said: Iterable[bytes]) -> list[str]:
    seen: Counter[str] = Counter()
    keys = []
    for text in said:
        key = digest(text)
        seen[key] += 1
        keys.append(key if seen[key] == 1 else f"{key}.{seen[key]}")
    return keys


def _events(remittance: Remittance) -> Counter[str]:
    told = [f"claim {event}" for event in claim_events(remittance.claims)]
    told += [f"plb {event}" for event in adjustment_events(remittance.provider_adjustments)]
    return Counter(told)

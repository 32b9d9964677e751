"""X12 in and out: claims (837P), remittances (835), acknowledgements (999, 277CA).

Readers are tolerant: what is wrong becomes findings of the transaction set, and only what can't be read as X12 at all
raises X12ReadError. Writers are strict: each proves its file with `validate` and raises X12WriteError rather than
hand over what a payer would reject. A source is bytes, text or a binary stream.
"""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from superbill.claims.model import Claim
from superbill.findings import Finding
from superbill.x12 import acks as answers_
from superbill.x12.documents import claim_from, claim_status, functional
from superbill.x12.documents import remittance as remittances_
from superbill.x12.engine import only
from superbill.x12.errors import X12ReadError, X12WriteError
from superbill.x12.grammar import Values
from superbill.x12.model import (
    ClaimAcknowledgement,
    Envelope,
    FunctionalAcknowledgement,
    Remittance,
    RemittanceClaim,
    Submitter,
    TransactionSet,
)
from superbill.x12.proof import proven
from superbill.x12.reader import walk
from superbill.x12.tokens import Source
from superbill.x12.validate import identities, inspect
from superbill.x12.writer import (
    write_acknowledgements,
    write_claim_acknowledgements,
    write_claims,
    write_remittances,
)


def write_837p(claims: Iterable[Claim], *, envelope: Envelope, submitter: Submitter, reference: str) -> bytes:
    """A batch of professional claims; `reference` is BHT03, which the payer's 277CA gives back.

    At most 5,000 claims per transaction set, as many sets as it takes. Consecutive claims of one billing provider and
    one subscriber share their loops. Names, addresses and notes are transliterated to X12's extended character set
    (`values.plain` says how); identifiers never are. Raises X12WriteError with every reason why it can't be valid.
    """
    return proven(write_claims(claims, envelope, submitter, reference))


def read_claims(source: Source) -> Iterator[Claim]:
    """Every professional claim of a file, one at a time, in constant memory. Raises X12ReadError."""
    for ended, claim in walk(source, only("837"), claim_from.claim):
        if ended is None:
            yield claim


def read_837p(source: Source) -> Iterator[tuple[TransactionSet, list[Claim]]]:
    """Every 837P of a file with its claims; what was found while reading is in the TransactionSet."""
    claims: list[Claim] = []
    for ended, made in walk(source, only("837"), claim_from.claim):
        if ended is None:
            claims.append(made)
        else:
            yield ended, claims
            claims = []


def write_835(remittances: Iterable[Remittance], *, envelope: Envelope) -> bytes:
    """One transaction set per remittance. Raises X12WriteError when one is not valid or does not balance."""
    return proven(write_remittances(remittances, envelope))


def read_835(source: Source) -> Iterator[tuple[TransactionSet, Remittance]]:
    """Every 835 of a file. A payment date that can't be read is date.min, with a finding."""
    claims: list[RemittanceClaim] = []
    for ended, made in walk(source, only("835"), remittances_.claim):
        if ended is None:
            claims.append(made)
        else:
            yield ended, remittances_.remittance(made, claims, date.min)
            claims = []


def _whole(_stack: list[Values]) -> Any:
    """Nothing is handed over before its transaction set ends."""
    return None


def write_999(acks: Iterable[FunctionalAcknowledgement], *, envelope: Envelope) -> bytes:
    """One transaction set per acknowledged group. Raises X12WriteError."""
    return proven(write_acknowledgements(acks, envelope))


def read_999(source: Source) -> Iterator[tuple[TransactionSet, FunctionalAcknowledgement]]:
    """Every 999 of a file."""
    for ended, made in walk(source, only("999"), _whole):
        if ended is not None:
            yield ended, functional.acknowledgement(made)


def write_277ca(acks: Iterable[ClaimAcknowledgement], *, envelope: Envelope) -> bytes:
    """One transaction set per acknowledgement. Raises X12WriteError."""
    return proven(write_claim_acknowledgements(acks, envelope))


def read_277ca(source: Source) -> Iterator[tuple[TransactionSet, ClaimAcknowledgement]]:
    """Every 277CA of a file, once for each billing provider in it."""
    for ended, made in walk(source, only("277"), _whole):
        if ended is not None:
            for each in claim_status.acknowledgements(made):
                yield ended, each


def identify(source: Source) -> list[tuple[str, str]]:
    """(identifier, version) of every transaction set, in file order: [("835", "005010X221A1")]. Raises X12ReadError."""
    return list(identities(source))


def validate(source: Source, *, file: str = "") -> list[Finding]:
    """What is wrong with a file: envelopes, order, usage, elements, codes, numbering, balance. Raises X12ReadError."""
    return inspect(source, file).findings


def acknowledge(source: Source) -> list[FunctionalAcknowledgement]:
    """The 999 for each functional group of a file. Raises X12ReadError."""
    return answers_.answers(inspect(source))


__all__ = [
    "X12ReadError",
    "X12WriteError",
    "acknowledge",
    "identify",
    "read_277ca",
    "read_835",
    "read_837p",
    "read_999",
    "read_claims",
    "validate",
    "write_277ca",
    "write_835",
    "write_837p",
    "write_999",
]

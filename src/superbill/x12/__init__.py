"""X12 in and out: claims (837P), remittances (835), acknowledgements (999, 277CA).

Readers are tolerant: what is wrong becomes findings of the transaction set, and only what can't be read as X12 at all
raises X12ReadError. Writers are strict: they raise X12WriteError rather than write what a payer would reject.
"""

from collections.abc import Iterable, Iterator
from datetime import date

from superbill.claims.model import Claim
from superbill.x12.documents import claim_from
from superbill.x12.documents import remittance as remittances_
from superbill.x12.engine import only
from superbill.x12.errors import X12ReadError, X12WriteError
from superbill.x12.model import Envelope, Remittance, RemittanceClaim, Submitter, TransactionSet
from superbill.x12.reader import walk
from superbill.x12.tokens import Source
from superbill.x12.writer import write_claims, write_remittances


def write_837p(claims: Iterable[Claim], *, envelope: Envelope, submitter: Submitter, reference: str) -> bytes:
    """A batch of professional claims; `reference` is BHT03, which the payer's 277CA gives back.

    At most 5,000 claims per transaction set, as many sets as it takes. Consecutive claims of one billing provider and
    one subscriber share their loops. Text is transliterated to X12's extended character set (`values.plain`).
    Raises X12WriteError with every reason why a claim can't be written validly.
    """
    return write_claims(claims, envelope, submitter, reference)


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
    return write_remittances(remittances, envelope)


def read_835(source: Source) -> Iterator[tuple[TransactionSet, Remittance]]:
    """Every 835 of a file. A payment date that can't be read is date.min, with a finding."""
    claims: list[RemittanceClaim] = []
    for ended, made in walk(source, only("835"), remittances_.claim):
        if ended is None:
            claims.append(made)
        else:
            yield ended, remittances_.remittance(made, claims, date.min)
            claims = []


__all__ = [
    "X12ReadError",
    "X12WriteError",
    "read_835",
    "read_837p",
    "read_claims",
    "write_835",
    "write_837p",
]

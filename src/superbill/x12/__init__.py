"""X12 in and out: every HIPAA transaction, lossless and typed.

`read` gives whole interchanges, `stream` one claim (member, inquiry …) at a time in constant memory; `write` gives
back the bytes that were read wherever nothing changed. Loops have the names of the implementation guides, segments the
fields of the standard: `claim.lines[0].service.charge` is cents. Beside the trees there are the house's own documents:
`Claim`, `Remittance`, `FunctionalAcknowledgement`, `ClaimAcknowledgement`.

Readers are tolerant: what is wrong becomes findings of the transaction set, and only what can't be read as X12 at all
raises X12ReadError. Writers are strict: each proves its file with `validate` and raises X12WriteError rather than
hand over what a payer would reject. A source is bytes, text, a Path or a binary stream, gzip or plain.
"""

from collections.abc import Iterable, Iterator

from superbill.claims.model import Claim, ClaimKind
from superbill.findings import Finding, Severity
from superbill.x12 import answers
from superbill.x12.codes import CodeSets
from superbill.x12.documents import (
    claim_inquiry,
    claim_read,
    claim_write,
    functional_999,
    interchange_ta1,
    remittance_read,
    remittance_write,
    status_277ca,
)
from superbill.x12.documents.claim_write import guide_of
from superbill.x12.documents.envelopes import interchange
from superbill.x12.errors import X12ReadError, X12WriteError
from superbill.x12.inquiry_model import ClaimQuestion, ClaimReply
from superbill.x12.inspection import Inspection, inspect
from superbill.x12.lexer import Source
from superbill.x12.library import compiled, guides_of
from superbill.x12.model import (
    ClaimAcknowledgement,
    Envelope,
    FunctionalAcknowledgement,
    InterchangeAcknowledgement,
    Remittance,
    Submitter,
    TransactionSet,
)
from superbill.x12.partners import Partner
from superbill.x12.render import render
from superbill.x12.tree import Group, Interchange, Loop, Record, Transaction, Unplaced, assemble
from superbill.x12.walk import walk

# --- any file -------------------------------------------------------------------------------------------------------


def read(source: Source) -> Iterator[Interchange]:
    """Every interchange of a file, whole, with nothing lost. Raises X12ReadError."""
    for each in walk(source, guides_of, units=False, keep=True):
        assert isinstance(each, Interchange)
        yield each


def stream(source: Source) -> Iterator[Record | Transaction]:
    """Each unit (claim, member, inquiry …) as a Record as soon as it is complete, then its Transaction without units.

    In constant memory, whatever the size of the file. Raises X12ReadError.
    """
    for each in walk(source, guides_of, units=True):
        assert not isinstance(each, Interchange)
        yield each


def write(interchanges: Iterable[Interchange], *, proven: bool = True) -> bytes:
    """The file: what was read goes out as it came in, to the byte; what was changed or made here, from its fields.

    Raises X12WriteError with every error that `validate` finds in it, unless told not to prove it.
    """
    data = render(interchanges)
    if proven:
        errors = [finding for finding in validate(data) if finding.severity is Severity.ERROR]
        if errors:
            raise X12WriteError(errors)
    return data


def validate(
    source: Source, *, file: str = "", sets: CodeSets | None = None, partner: str | Partner | None = None
) -> list[Finding]:
    """What is wrong with a file, SNIP types 1 to 5, and 7 for a trading partner. Raises X12ReadError.

    `sets` are the code sets to look codes up in; by default those that come with us.
    """
    return inspect(source, file, sets, partner).findings


def acknowledge(source: Source, *, rejects: Iterable[int] = answers.EVERYTHING) -> list[FunctionalAcknowledgement]:
    """The 999 for each functional group of a file. Raises X12ReadError.

    A transaction set with flaws of the SNIP types `rejects` is rejected; with others it is accepted with errors noted.
    """
    return answers.functional(inspect(source), rejects)


def identify(source: Source) -> list[tuple[str, str]]:
    """(identifier, version) of every transaction set, in file order: [("835", "005010X221A1")]. Raises X12ReadError."""
    found = (each for each in stream(source) if isinstance(each, Transaction))
    return [(each.header.identifier, each.version) for each in found]


# --- documents ------------------------------------------------------------------------------------------------------


def write_claims(claims: Iterable[Claim], *, envelope: Envelope, submitter: Submitter, reference: str) -> bytes:
    """A batch of claims of one kind; `reference` is BHT03, which the payer's 277CA gives back.

    The first claim's kind decides the guide: 837P, 837I, 837D, or that of a predetermination (`guide_of` tells); one
    of another is refused, for each guide has a batch of its own. At most 5,000 claims per transaction set, as many
    sets as it takes. Consecutive claims of one billing provider and one subscriber share their loops. Names, addresses
    and notes are transliterated to X12's extended character set (`text.plain` says how); identifiers never are.
    Raises X12WriteError with every reason why it can't be valid, each with its claim.
    """
    return _batch(claims, envelope, submitter, reference)


def write_837p(claims: Iterable[Claim], *, envelope: Envelope, submitter: Submitter, reference: str) -> bytes:
    """A batch of professional claims, as `write_claims` makes it. Raises X12WriteError, also for another kind."""
    return _batch(claims, envelope, submitter, reference, "professional")


def write_837i(claims: Iterable[Claim], *, envelope: Envelope, submitter: Submitter, reference: str) -> bytes:
    """A batch of institutional claims, as `write_claims` makes it. Raises X12WriteError, also for another kind."""
    return _batch(claims, envelope, submitter, reference, "institutional")


def write_837d(claims: Iterable[Claim], *, envelope: Envelope, submitter: Submitter, reference: str) -> bytes:
    """A batch of dental claims, as `write_claims` makes it. Raises X12WriteError, also for another kind."""
    return _batch(claims, envelope, submitter, reference, "dental")


def _batch(
    claims: Iterable[Claim], envelope: Envelope, submitter: Submitter, reference: str, *kinds: ClaimKind
) -> bytes:
    made = claim_write.batch(claims, envelope, submitter, reference, *kinds)
    try:
        return write([made])
    except X12WriteError as refused:
        raise X12WriteError(claim_write.by_claim(refused.findings, made)) from None


def read_claims(source: Source) -> Iterator[Claim]:
    """Every claim of a file, of any kind, one at a time, in constant memory. Raises X12ReadError."""
    return claim_read.claims(source)


def read_837p(source: Source) -> Iterator[tuple[TransactionSet, list[Claim]]]:
    """Every 837P of a file with its claims; what was found while reading is in the TransactionSet."""
    return claim_read.batches(source, "professional")


def read_837i(source: Source) -> Iterator[tuple[TransactionSet, list[Claim]]]:
    """Every 837I of a file with its claims."""
    return claim_read.batches(source, "institutional")


def read_837d(source: Source) -> Iterator[tuple[TransactionSet, list[Claim]]]:
    """Every 837D of a file with its claims."""
    return claim_read.batches(source, "dental")


def read_837(source: Source) -> Iterator[tuple[TransactionSet, list[Claim]]]:
    """Every 837 of a file, of any kind, with its claims; what was found while reading is in the TransactionSet."""
    return claim_read.batches(source, "professional", "institutional", "dental")


def write_835(remittances: Iterable[Remittance], *, envelope: Envelope) -> bytes:
    """One transaction set per remittance. Raises X12WriteError when one is not valid or does not balance."""
    return write([remittance_write.payments(remittances, envelope)])


def read_835(source: Source) -> Iterator[tuple[TransactionSet, Remittance]]:
    """Every 835 of a file. A payment date that can't be read is date.min, with a finding."""
    return remittance_read.remittances(source)


def write_999(acks: Iterable[FunctionalAcknowledgement], *, envelope: Envelope) -> bytes:
    """One transaction set per acknowledged group. Raises X12WriteError."""
    return write([functional_999.answers(acks, envelope)])


def read_999(source: Source) -> Iterator[tuple[TransactionSet, FunctionalAcknowledgement]]:
    """Every 999 of a file."""
    return functional_999.acknowledgements(source)


def write_277ca(acks: Iterable[ClaimAcknowledgement], *, envelope: Envelope) -> bytes:
    """One transaction set per acknowledgement. Raises X12WriteError."""
    return write([status_277ca.answers(acks, envelope)])


def read_277ca(source: Source) -> Iterator[tuple[TransactionSet, ClaimAcknowledgement]]:
    """Every 277CA of a file, once for each billing provider in it."""
    return status_277ca.acknowledgements(source)


def write_276(questions: Iterable[ClaimQuestion], *, envelope: Envelope, asker: tuple[str, str], number: str) -> bytes:
    """What has become of these claims: a transaction set per payer. `asker` is our name and id, `number` BHT03.

    Raises X12WriteError.
    """
    return write([claim_inquiry.questions(questions, envelope, asker=asker, number=number)])


def read_276(source: Source) -> Iterator[tuple[TransactionSet, tuple[str, str], list[ClaimQuestion]]]:
    """Every 276 of a file: who asks (name and id), and its questions."""
    return claim_inquiry.read_questions(source)


def write_277(replies: Iterable[ClaimReply], *, envelope: Envelope, asker: tuple[str, str], number: str) -> bytes:
    """What has become of claims asked about: a transaction set per payer, to whoever asked. Raises X12WriteError."""
    return write([claim_inquiry.replies(replies, envelope, asker=asker, number=number)])


def read_277(source: Source) -> Iterator[tuple[TransactionSet, list[ClaimReply]]]:
    """Every 277 (claim status response) of a file with its answers."""
    return claim_inquiry.read_replies(source)


def read_ta1(source: Source) -> Iterator[InterchangeAcknowledgement]:
    """Every TA1 of a file."""
    return interchange_ta1.acknowledgements(source)


__all__ = [
    "CodeSets",
    "Group",
    "Inspection",
    "Interchange",
    "Loop",
    "Partner",
    "Record",
    "Transaction",
    "Unplaced",
    "X12ReadError",
    "X12WriteError",
    "acknowledge",
    "assemble",
    "compiled",
    "guide_of",
    "identify",
    "inspect",
    "interchange",
    "read",
    "read_276",
    "read_277",
    "read_277ca",
    "read_835",
    "read_837",
    "read_837d",
    "read_837i",
    "read_837p",
    "read_999",
    "read_claims",
    "read_ta1",
    "stream",
    "validate",
    "write",
    "write_276",
    "write_277",
    "write_277ca",
    "write_835",
    "write_837d",
    "write_837i",
    "write_837p",
    "write_999",
    "write_claims",
]

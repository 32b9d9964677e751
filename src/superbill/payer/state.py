"""Everything that the simulated payers remember, as one document."""

from datetime import date, datetime
from typing import Literal

import msgspec
from msgspec import Struct

from superbill.claims.model import Claim
from superbill.money import Cents
from superbill.pricing.benefits import Accumulators, PatientShare
from superbill.x12.model import RemittanceClaim

FileKind = Literal["999", "277CA", "277", "835"]


class StateError(ValueError):
    """Bytes that are not a state of this version."""


class OutgoingFile(Struct, frozen=True):
    """A file for the provider. `name` is unique for one receiver."""

    name: str
    data: bytes
    kind: FileKind


class Mailbox(Struct, frozen=True, kw_only=True):
    """Where a provider's files go: the ISA id under which its claims came, and its usage indicator."""

    id: str
    qualifier: str
    usage: str


class Pending(Struct, frozen=True, kw_only=True):
    """A claim that passed the front end and waits for its payment cycle, due on `due`."""

    icn: str
    payer: str
    claim: Claim
    received: date
    due: date


class Settled(Struct, kw_only=True):
    """A claim as adjudicated and reported, by its ICN; what is needed to take it back.

    `shares` is what it added to the member's accumulators in `year`. `trace` is the number of the payment that told
    it. `reversed`: a later 835 took it back.
    """

    payer: str
    member: str
    year: int
    payee: tuple[str, str, str]
    received: date
    paid_on: date
    result: RemittanceClaim
    share: PatientShare
    trace: str = ""
    reversed: bool = False


class Debt(Struct, kw_only=True):
    """Money that a payee owes the payer. `kind` WO: overpayment of claim `reference`; FB: a forwarded balance.

    It may be withheld from `due` on; `amount` is what is still open.
    """

    kind: Literal["WO", "FB"]
    payer: str
    payee: tuple[str, str, str]
    reference: str
    amount: Cents
    due: date


class Reopening(Struct, frozen=True, kw_only=True):
    """A paid claim that the payer will look at again on `due`."""

    icn: str
    payer: str
    due: date


class State(Struct, kw_only=True):
    """The payers' memory. Sequences count up and never go back.

    `answered`: what was answered to a file, by the digest of its bytes; `interchanges`: control numbers in use, by
    sender.
    """

    version: Literal[1] = 1
    interchange: int = 0
    trace: int = 0
    pending: dict[str, Pending] = {}
    settled: dict[str, Settled] = {}
    accumulators: dict[str, Accumulators] = {}
    debts: list[Debt] = []
    reopenings: list[Reopening] = []
    mailboxes: dict[str, Mailbox] = {}
    answered: dict[str, tuple[OutgoingFile, ...]] = {}
    interchanges: set[str] = set()
    last_cycle: datetime | None = None


_encoder = msgspec.msgpack.Encoder(order="deterministic")
_decoder = msgspec.msgpack.Decoder(State)


def encode(state: State) -> bytes:
    """The state as bytes (MessagePack); equal states give equal bytes."""
    return _encoder.encode(state)


def decode(data: bytes) -> State:
    """The state of these bytes. Raises StateError when they are something else."""
    try:
        return _decoder.decode(data)
    except msgspec.DecodeError as error:
        raise StateError(f"not a state of the simulated payers: {error}") from None

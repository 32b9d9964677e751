"""Claims from the 837s: the loops around a claim are read here, once for all three guides.

What a claim shares with others, its parties, is read when a loop around them is met, and made once for all of them.
What a file leaves out becomes the field's empty value; the finding about it is the validator's.
"""

from collections.abc import Callable, Iterator

from msgspec.structs import replace

from superbill.claims.model import Claim, ClaimKind, Patient, Provider
from superbill.x12.documents import dental_read, institutional_read, professional_read
from superbill.x12.documents.claim_parties_read import (
    EMPTY,
    NOBODY,
    PAYER,
    PROVIDER,
    member,
    payer_of,
    provider,
    subscriber_of,
)
from superbill.x12.documents.claim_parts_read import sbr
from superbill.x12.documents.fold import Notes, Silent, Table, Values, inside, nothing, text
from superbill.x12.documents.parts_read import address
from superbill.x12.documents.sets import Sets, documents
from superbill.x12.lexer import Source
from superbill.x12.library import only
from superbill.x12.model import TransactionSet
from superbill.x12.standard.parties import NM1, SBR
from superbill.x12.tree import Loop, Record, Transaction
from superbill.x12.walk import walk

# The guides of each kind: of its claims, and of its predeterminations where they have one of their own.
GUIDES: dict[ClaimKind, tuple[str, ...]] = {
    "professional": ("837P", "837P-predetermination"),
    "institutional": ("837I", "837I-predetermination"),
    "dental": ("837D",),
}
_READERS: dict[ClaimKind, Callable[[Loop, Notes], Values]] = {
    "professional": professional_read.claim,
    "institutional": institutional_read.claim,
    "dental": dental_read.claim,
}
_ASKING = frozenset(key for keys in GUIDES.values() for key in keys[1:])  # by the guide itself, whatever CLM19 says
_CLAIM_OF = {key: _READERS[kind] for kind, keys in GUIDES.items() for key in keys}

_BILLING = Table(
    level=nothing,
    specialty=text("taxonomy", "id"),
    billing_provider_name=inside("billing", PROVIDER),
    pay_to_address=inside("pay_to", PROVIDER),
)
_SUBSCRIBER = Table(
    level=nothing,
    subscriber_information=sbr,
    subscriber_name=member,
    payer_name=inside("payer", PAYER),
)
_PATIENT = Table(
    level=nothing,
    patient_information=text("relationship", "relationship"),
    patient_name=member,
)
_SILENT = Silent()


def _patient(v: Values) -> Patient:
    return Patient(
        person=v.get("person", NOBODY),
        birth_date=v.get("birth_date"),
        sex=v.get("sex", "U"),
        address=v.get("address"),
    )


class Claims:
    """Makes a claim of each record of an 837, in their order; with `sets`, what it can't carry is told there."""

    def __init__(self, sets: Sets | None = None) -> None:
        self.sets = sets
        self.provider_loop: Loop | None = None
        self.subscriber_loop: Loop | None = None
        self.holder: Loop | None = None
        self.billing = Provider()
        self.pay_to: Provider | None = None
        self.covered: Values = {}
        self.context: Values = {}

    def _fold(self, table: Table, loop: Loop) -> Values:
        return table.fold(loop, _SILENT if self.sets is None else self.sets.above(loop), {})

    def _bill(self, loop: Loop) -> None:
        v = self._fold(_BILLING, loop)
        billing = v.get("billing", {"name": NM1()})
        self.billing = provider({**billing, "taxonomy": v.get("taxonomy", "")})
        self.pay_to = None
        if "pay_to" in v:  # only another address of the billing provider: nothing else of it is sent
            self.pay_to = Provider(
                person=self.billing.person, organization=self.billing.organization, address=address(v["pay_to"])
            )

    def _around(self, above: tuple[Loop, ...]) -> Values:
        """The fields that all claims of a subscriber or patient share."""
        _, provider_loop, subscriber_loop, *dependent = above
        if provider_loop is not self.provider_loop:
            self.provider_loop = provider_loop
            self._bill(provider_loop)
        if subscriber_loop is not self.subscriber_loop:
            self.subscriber_loop = subscriber_loop
            self.covered = self._fold(_SUBSCRIBER, subscriber_loop)
        coverage: SBR = self.covered.get("sbr", SBR())
        payer = self.covered.get("payer", EMPTY)
        who = insured = self.covered.get("member", EMPTY)
        relationship, number = coverage.relationship or "18", insured.get("claim_number", "")
        if dependent:
            patient = self._fold(_PATIENT, dependent[0])
            who = patient.get("member", EMPTY)
            relationship, number = patient.get("relationship", "21"), who.get("claim_number", number)
        billing = self.billing
        if ids := payer.get("ids"):
            billing = replace(billing, secondary_ids=(*billing.secondary_ids, *ids))
        return {
            "billing": billing,
            "pay_to": self.pay_to,
            "subscriber": subscriber_of(coverage, insured, relationship, number),
            "patient": _patient(who),
            "payer": payer_of(payer, coverage.filing_indicator),
        }

    def unit(self, record: Record) -> Claim:
        """The claim of a loop 2300."""
        holder = record.above[-1]
        if holder is not self.holder:
            self.holder = holder
            self.context = self._around(record.above)
        notes = _SILENT if self.sets is None else self.sets.notes.at(record.unit, record.position)
        guide = record.unit.node.guide
        told = _CLAIM_OF[guide](record.unit, notes)
        if guide in _ASKING:
            told["predetermination"] = True
        return Claim(**self.context, **told)

    def whole(self, _transaction: Transaction, units: list[Claim]) -> list[Claim]:
        """The claims of a transaction set."""
        return units


def claims(source: Source) -> Iterator[Claim]:
    """Every claim of the 837s in a file, one at a time, in constant memory. Raises X12ReadError."""
    made = Claims().unit
    for step in walk(source, only(*_CLAIM_OF), units=True):
        if isinstance(step, Record):
            yield made(step)


def batches(source: Source, *kinds: ClaimKind) -> Iterator[tuple[TransactionSet, list[Claim]]]:
    """Every 837 for these kinds with its claims; what was found while reading is in the TransactionSet."""
    return documents(source, [key for kind in kinds for key in GUIDES[kind]], Claims)

"""A batch of claims to an 837P: consecutive claims share their billing provider's and subscriber's loops."""

from collections.abc import Iterable, Iterator
from itertools import chain, islice

from superbill.claims.model import Claim
from superbill.findings import Place
from superbill.x12.documents import professional_loops as loops
from superbill.x12.documents.envelopes import Parts, interchange, refusal
from superbill.x12.documents.parts_write import contact, inner, level, organized
from superbill.x12.library import compiled
from superbill.x12.model import Envelope, Submitter
from superbill.x12.nodes import Node
from superbill.x12.standard.control import BHT
from superbill.x12.text import exact
from superbill.x12.tree import Interchange, Loop, assemble

CLAIMS_PER_SET = 5000  # the 837P guide's recommended limit, which most payers enforce
CLAIMS_PER_PATIENT = 100  # of one loop 2000B or 2000C; more open the loop again


class _Level:
    """A loop with an HL while it grows."""

    def __init__(self, node: Node, parts: Parts) -> None:
        self.node = node
        self.parts = parts
        self.levels: dict[str, list[_Level]] = {}
        self.claims: list[Loop] = []

    def below(self, name: str, parts: Parts) -> "_Level":
        """A level in this one."""
        made = _Level(inner(self.node, name), parts)
        self.levels.setdefault(name, []).append(made)
        return made

    def add(self, claim: Claim) -> None:
        """A claim of this level."""
        self.claims.append(loops.claim(inner(self.node, "claims"), claim))

    def loop(self) -> Loop:
        """The loop, now that everything is in it."""
        levels = {name: [each.loop() for each in inside] for name, inside in self.levels.items()}
        claims = {"claims": self.claims} if self.claims else {}
        return assemble(self.node, {**self.parts, **levels, **claims})


def _grouped(node: Node, claims: Iterable[Claim]) -> list[Loop]:
    """Loops 2000A with all that is in them. A level is opened anew only where it differs from the one before."""
    hl = billing_hl = subscriber_hl = here = 0
    billing = covered = patient = None
    made: list[_Level] = []
    level_2000b = holder = _Level(node, {})
    for claim in claims:
        if (whose := (claim.billing, claim.pay_to)) != billing:
            billing, covered = whose, None
            hl = billing_hl = hl + 1
            made.append(_Level(node, loops.billing(node, claim, level(hl, 0, "20", "1"))))
        own = claim.patient_is_subscriber
        who = (claim.subscriber, claim.payer, claim.patient if own else None)
        if who != covered or (own and here == CLAIMS_PER_PATIENT):
            covered, patient, here = who, None, 0
            hl = subscriber_hl = hl + 1
            parts = loops.subscriber(
                inner(node, "subscribers"), claim, level(hl, billing_hl, "22", "0" if own else "1")
            )
            level_2000b = holder = made[-1].below("subscribers", parts)
        if not own and (claim.patient != patient or here == CLAIMS_PER_PATIENT):
            patient, here = claim.patient, 0
            hl += 1
            parts = loops.patient(inner(level_2000b.node, "patients"), claim, level(hl, subscriber_hl, "23", "0"))
            holder = level_2000b.below("patients", parts)
        here += 1
        holder.add(claim)
    return [each.loop() for each in made]


def _ends(root: Node, submitter: Submitter) -> Parts:
    """Loops 1000A and 1000B."""
    return {
        "submitter": assemble(
            inner(root, "submitter"),
            {
                "name": organized("41", submitter.name, "46", submitter.id),
                "contacts": contact("IC", submitter.contact),
            },
        ),
        "receiver": assemble(
            inner(root, "receiver"), {"name": organized("40", submitter.receiver_name, "46", submitter.receiver_id)}
        ),
    }


def batch(claims: Iterable[Claim], envelope: Envelope, submitter: Submitter, reference: str) -> Interchange:
    """An 837P of these claims, at most 5,000 in a transaction set; `reference` is BHT03.

    Raises X12WriteError for a claim that can't be carried and for an envelope that is not valid; whether a payer
    would take it is for `validate` to say.
    """
    root = compiled("837P").root
    current: list[Claim] = []

    def noted(some: Iterable[Claim]) -> Iterator[Claim]:
        for claim in some:
            current[:] = [claim]
            yield claim

    def sets() -> Iterator[Parts]:
        beginning = BHT(
            structure="0019",
            purpose="00",
            reference=exact(reference),
            date=envelope.created.date(),
            time=f"{envelope.created:%H%M}",
            transaction_type="CH",
        )
        head = {"beginning": beginning, **_ends(root, submitter)}
        waiting = iter(claims)
        for first in waiting:
            rest = islice(waiting, CLAIMS_PER_SET - 1)
            yield {**head, "billing_providers": _grouped(inner(root, "billing_providers"), noted(chain([first], rest)))}

    try:
        return interchange("837P", envelope, sets())
    except ValueError as problem:
        where = Place(field=f"claim {current[0].control_number}" if current else "", loop=getattr(problem, "loop", ""))
        raise refusal("x12.not-writable", f"{problem}.", where) from None

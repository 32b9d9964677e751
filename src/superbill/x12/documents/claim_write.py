"""A batch of claims to an 837: consecutive claims share their billing provider's and subscriber's loops."""

from collections.abc import Callable, Iterable, Iterator
from itertools import chain, islice

from msgspec.structs import replace

from superbill.claims.model import Claim, ClaimKind
from superbill.findings import Finding, Place
from superbill.x12.documents import claim_parties_write as party
from superbill.x12.documents import dental_write, institutional_write, professional_write
from superbill.x12.documents.envelopes import Parts, interchange, refusal
from superbill.x12.documents.parts_write import Unwritable, contact, in_its_loop, inner, level, organized, references
from superbill.x12.library import compiled
from superbill.x12.model import Envelope, Submitter
from superbill.x12.nodes import Node
from superbill.x12.standard.control import BHT, HL
from superbill.x12.text import exact
from superbill.x12.tree import Interchange, Loop, assemble

CLAIMS_PER_SET = 5000  # the guides' recommended limit, which most payers enforce
CLAIMS_PER_PATIENT = 100  # of one loop 2000B or 2000C; more open the loop again


_CLAIM: dict[ClaimKind, Callable[[Node, Claim], Loop]] = {
    "professional": professional_write.claim,
    "institutional": institutional_write.claim,
    "dental": dental_write.claim,
}
_FORMS: dict[ClaimKind, str] = {"professional": "837P", "institutional": "837I", "dental": "837D"}


def guide_of(claim: Claim) -> str:
    """The guide by which a claim goes out: claims of one guide make one batch.

    A predetermination of other than dental services has a guide of its own.
    """
    form = _FORMS[claim.kind]
    return f"{form}-predetermination" if claim.predetermination and claim.kind != "dental" else form


# --- levels ---------------------------------------------------------------------------------------------------------


@in_its_loop
def _billing(node: Node, claim: Claim, level: HL) -> Parts:
    """The parts of loop 2000A, without its subscribers."""
    parts: Parts = {
        "level": level,
        "specialty": party.specialty("BI", claim.billing.taxonomy),
        "billing_provider_name": party.billing_name(inner(node, "billing_provider_name"), claim.billing),
    }
    if claim.pay_to is not None:
        parts["pay_to_address"] = party.pay_to(inner(node, "pay_to_address"), claim.billing, claim.pay_to)
    return parts


@in_its_loop
def _subscriber(node: Node, claim: Claim, level: HL) -> Parts:
    """The parts of loop 2000B, without its claims and patients."""
    own, who = claim.patient_is_subscriber, claim.subscriber
    number = who.property_casualty_claim_number if own else ""
    ids = references(each for each in claim.billing.secondary_ids if each.qualifier not in party.BILLING_IDS)
    payer = inner(node, "payer_name")
    name = next(each for each in payer.names if each.startswith("billing_provider_secondary_id"))
    return {
        "level": level,
        "subscriber_information": party.coverage(node, who, claim.payer, "18" if own else ""),
        "subscriber_name": party.member(inner(node, "subscriber_name"), who, claim.patient if own else None, number),
        "payer_name": party.payer(payer, claim.payer, {name: ids}),
    }


@in_its_loop
def _patient(node: Node, claim: Claim, level: HL) -> Parts:
    """The parts of loop 2000C, without its claims."""
    who = claim.subscriber
    name = party.patient_name(inner(node, "patient_name"), claim.patient, who.property_casualty_claim_number)
    return {"level": level, "patient_information": party.related(who.relationship), "patient_name": name}


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
        self.claims.append(_CLAIM[claim.kind](inner(self.node, "claims"), claim))

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
            made.append(_Level(node, _billing(node, claim, level(hl, 0, "20", "1"))))
        own = claim.patient_is_subscriber
        who = (claim.subscriber, claim.payer, claim.patient if own else None)
        if who != covered or (own and here == CLAIMS_PER_PATIENT):
            covered, patient, here = who, None, 0
            hl = subscriber_hl = hl + 1
            parts = _subscriber(inner(node, "subscribers"), claim, level(hl, billing_hl, "22", "0" if own else "1"))
            level_2000b = holder = made[-1].below("subscribers", parts)
        if not own and (claim.patient != patient or here == CLAIMS_PER_PATIENT):
            patient, here = claim.patient, 0
            hl += 1
            parts = _patient(inner(level_2000b.node, "patients"), claim, level(hl, subscriber_hl, "23", "0"))
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


def _of_one_guide(claims: Iterable[Claim], guide: str, current: list[Claim]) -> Iterator[Claim]:
    """The claims as they come; `current` holds the one that is at work. Raises Unwritable for one of another guide."""
    for claim in claims:
        current[:] = [claim]
        if guide_of(claim) != guide:
            raise Unwritable(f"the claim goes out by the guide {guide_of(claim)}, this batch by {guide}: split them")
        yield claim


def batch(
    claims: Iterable[Claim], envelope: Envelope, submitter: Submitter, reference: str, *kinds: ClaimKind
) -> Interchange:
    """An 837 of these claims, all of one guide and of one of `kinds`, at most 5,000 in a transaction set.

    `reference` is BHT03. Raises X12WriteError for a claim that can't be carried and for an envelope that is not valid;
    whether a payer would take it is for `validate` to say.
    """
    current: list[Claim] = []
    waiting = iter(claims)
    leader = next(waiting, None)
    if leader is None:
        raise refusal("x12.empty", "There is nothing to write.", fix="Give at least one document.")
    if kinds and leader.kind not in kinds:
        message = f"The claim is {leader.kind}, not {' or '.join(kinds)}."
        raise refusal("x12.not-writable", message, Place(field=f"claim {leader.control_number}"))
    guide = guide_of(leader)
    root = compiled(guide).root
    every = _of_one_guide(chain([leader], waiting), guide, current)

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
        for first in every:
            rest = islice(every, CLAIMS_PER_SET - 1)
            yield {**head, "billing_providers": _grouped(inner(root, "billing_providers"), chain([first], rest))}

    try:
        return interchange(guide, envelope, sets())
    except ValueError as problem:
        where = Place(field=f"claim {current[0].control_number}" if current else "", loop=getattr(problem, "loop", ""))
        raise refusal("x12.not-writable", f"{problem}.", where) from None


# --- which claim ----------------------------------------------------------------------------------------------------


def by_claim(findings: Iterable[Finding], made: Interchange) -> list[Finding]:
    """Findings of `validate` about the file of a batch, each with the claim, and the line, that its place is in."""
    findings = list(findings)
    wanted = {each.where.position for each in findings if each.where.position is not None}
    told: dict[int, tuple[str, int | None]] = {}
    for transaction in (one for group in made.groups for one in group.transactions):
        _tell(transaction.root, transaction.position, wanted, told, "", None)
    return [_of_claim(each, *told.get(each.where.position or 0, ("", None))) for each in findings]


def _of_claim(finding: Finding, claim: str, line: int | None) -> Finding:
    if not claim or finding.where.field:
        return finding
    return replace(finding, where=replace(finding.where, field=f"claim {claim}", service_line=line))


def _tell(
    loop: Loop, position: int, wanted: set[int], told: dict[int, tuple[str, int | None]], claim: str, line: int | None
) -> int:
    """Whose each of the wanted segments is; the position after the loop."""
    if loop.node.rule.unit:
        claim = loop.claim.patient_control_number
    elif loop.id == "2400":
        line = loop.line_number.number
    for part in loop.body:
        if isinstance(part, Loop):
            position = _tell(part, position, wanted, told, claim, line)
        else:
            if position in wanted:
                told[position] = claim, line
            position += 1
    return position

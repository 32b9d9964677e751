"""The levels of a claim file, which the three forms of the claim share: who bills (2000A), for whom (2000B, 2000C)."""

from collections.abc import Sequence

from superbill.x12.guides import claim_parts as part
from superbill.x12.rules import MANY, Guide, LoopRule, Part, R, S, SegmentRule, loop, seg


def _claims(usage: str, parts: Sequence[Part], when: str = "") -> LoopRule:
    """Loop 2300, under the subscriber who is the patient or under the patient."""
    return loop("2300", "claims", usage, 100, *parts, unit=True, when=when)


def _patients(claim: Sequence[Part], life: str, more: Sequence[SegmentRule]) -> LoopRule:
    return loop(
        "2000C", "patients", S, MANY,
        part.level("23", "0"),
        seg("PAT", "patient_information", R, f"1R:{part.RELATIONSHIPS}{life}"),
        part.patient(part.reference("secondary_id", "1W,SY"), *more),
        _claims(R, claim),
        when="patient_is_dependent",
    )  # fmt: skip


def subscribers(
    claim: Sequence[Part],
    *,
    payer_ids: int = 1,
    insurance: str = "",
    life: str = "",
    more: Sequence[SegmentRule] = (),
) -> LoopRule:
    """Loop 2000B, with the claims of the form as the parts of 2300.

    `payer_ids`: how many numbers of the biller the payer is told. `insurance`: the elements of SBR that say why
    Medicare pays second, `life` those of PAT on the patient's life and body, the subscriber's too. `more`: what ends
    the loops of a person's name.
    """
    own = (seg("PAT", "patient_information", S, life.strip()),) if life else ()
    return loop(
        "2000B", "subscribers", R, MANY,
        part.level("22", "0,1"),
        part.subscriber_information("2:18?subscriber_has_own_claims", insurance),
        *own,
        part.subscriber(*more),
        part.destination_payer(payer_ids),
        _claims(S, claim, "patient_is_subscriber"),
        _patients(claim, life, more),
    )  # fmt: skip


def billing_providers(below: LoopRule, *, kinds: str = "1,2") -> LoopRule:
    """Loop 2000A. `kinds` of biller: a person (1), who has a tax number of his own and older numbers, organizations."""
    people = "1" in kinds
    name = part.person_or_organization("85") if people else part.organization("85")
    return loop(
        "2000A", "billing_providers", R, MANY,
        part.level("20", "1", ""),
        part.specialty("BI"),
        part.currency(),
        loop(
            "2010AA", "billing_provider_name", R, 1,
            name,
            *part.site(),
            part.reference("tax_id", "EI,SY" if people else "EI", R),
            *((part.secondary_ids("0B,1G", 2),) if people else ()),
            part.contact("contacts", repeat=2),
        ),
        part.pay_to_address(kinds),
        part.pay_to_plan(),
        below,
    )  # fmt: skip


def claim_guide(key: str, title: str, versions: tuple[str, ...], levels: LoopRule) -> Guide:
    """The guide of a form of the claim; `versions` that it reads, the first of which it writes."""
    return Guide(
        key=key,
        title=title,
        identifier="837",
        functional_id="HC",
        version=versions[0],
        versions=versions,
        root=loop(
            "ST", "transaction", R, 1,
            *part.opening(",".join(versions)),
            part.submitter(),
            part.receiver(),
            levels,
            part.closing(),
        ),
    )  # fmt: skip

"""The levels of a claim file of version 4010, for its three forms: who bills (2000A), for whom (2000B, 2000C)."""

from collections.abc import Sequence

from superbill.x12.guides.v4010.parts import (
    address,
    contact,
    level,
    patient_name,
    provider_name,
    receiver,
    reference,
    secondary_ids,
    specialty,
    submitter,
    subscriber_name,
    trailer,
    transaction_start,
)
from superbill.x12.rules import MANY, Guide, LoopRule, R, S, SegmentRule, loop, seg


def subscribers(
    claim: LoopRule, information: str, parties: Sequence[LoopRule], patient: str, own: Sequence[SegmentRule] = ()
) -> LoopRule:
    """Loop 2000B: `information` are the elements of SBR, `patient` those of PAT in 2000C.

    `own` comes before the subscriber's name, `parties` after it.
    """
    patients = loop(
        "2000C", "patients", S, MANY,
        level("1R 2R 3R:23 4R:0"),
        seg("PAT", "patient_information", R, patient),
        patient_name(),
        claim,
    )  # fmt: skip
    return loop(
        "2000B", "subscribers", R, MANY,
        level("1R 2R 3R:22 4R:0,1"),
        seg("SBR", "subscriber_information", R, information),
        *own, subscriber_name(), *parties, claim, patients,
    )  # fmt: skip


def billing_providers(
    below: LoopRule, ids: str, repeat: int = 5, kinds: str = "1,2", contacts: Sequence[SegmentRule] = ()
) -> LoopRule:
    """Loop 2000A: the `kinds` of biller, person (1) or organization (2); up to `repeat` further numbers of it."""
    names = "3R 4 5 7" if "1" in kinds else "3R"
    return loop(
        "2000A", "billing_providers", R, MANY,
        level("1R 3R:20 4R:1"),
        specialty("BI,PT"),
        seg("CUR", "currency", S, "1R:85 2R"),
        loop("2010AA", "billing_provider_name", R, 1,
             provider_name("85", kinds, names=names), *address(), secondary_ids(ids, repeat),
             reference("card_billing_references", "06,8U,EM,IJ,LU,RB,ST,TT", 8), *contacts),
        loop("2010AB", "pay_to_provider", S, 1,
             provider_name("87", kinds, names=names), *address(), secondary_ids(ids)),
        below,
    )  # fmt: skip


def contacts() -> SegmentRule:
    """PER of who bills."""
    return contact("contacts", S, 2, "EM,FX,TE")


def claim_guide(key: str, title: str, number: str, levels: LoopRule, types: str = "") -> Guide:
    """The guide of a form of the claim, by its `number` ("X098"); `types` of transmission that its REF may tell."""
    versions = (f"004010{number}A1", f"004010{number}")
    return Guide(
        key=key, title=title,
        identifier="837", functional_id="HC", version=versions[0], versions=versions,
        version_in_st=False, writes=False,
        root=loop(
            "ST", "transaction", R, 1,
            *transaction_start(types), submitter(), receiver(), levels, trailer(),
        ),
    )  # fmt: skip

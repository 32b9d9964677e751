"""What became of claims: post-adjudicated claims data (PACDR), as payers report it to a state or a plan sponsor.

005010X298 professional, 005010X299 institutional, 005010X300 dental, each with its addenda A1. The claim's own levels
tell who was billed for whom; every payer, the reporting one too, is an "other" payer with what it decided (2320,
2430). In the place of the payer stands who receives the data.
"""

from superbill.x12.guides import claim_837d, claim_837i, claim_837p
from superbill.x12.guides import claim_parts as part
from superbill.x12.guides.variation import Change, altered, followed, removed, replaced, retold, varied
from superbill.x12.rules import Guide, LoopRule, R, S, loop, seg

_RECEIVER = loop("2010BB", "data_receiver", R, 1, seg("NM1", "name", R, "1R:ZD 2R:2 3R 8:46,PI,XV 9"))

_OTHER_PATIENT = loop(
    "2330C", "other_payer_patient", S, 1,
    seg("NM1", "name", R, "1R:QC 2R:1 3R 4 5 7 8:II,MI 9"),
    *part.address(S),
)  # fmt: skip

_OTHER_PAYER_REFERENCES = (
    part.reference("adjustment_control_number", "BP"),
    part.reference("diagnosis_related_group", "1N", number="2R 4 4.1R:V0 4.2R"),
)


def _unconditional(loop: str, *parts: str) -> tuple[Change, ...]:
    """What a payer reports as far as it knows it."""
    return tuple(change for each in parts for change in altered(loop, each, usage=S, when="", only_when=False))


def _sites(*loops: str) -> tuple[Change, ...]:
    """A payer reports the ZIP codes that it was told, of nine digits or of five."""
    told = "3?address_is_in_us_or_canada"
    return tuple(change for each in ("2010AA", *loops) for change in retold(each, "city_state_zip", told))


def _after_patient(*providers: str) -> tuple[Change, ...]:
    """The other payer's patient is loop 2330C; its providers follow from D on."""
    return tuple(
        change
        for name, letter in zip(providers, "DEFGHIJ", strict=False)
        for change in altered("2320", name, id=f"2330{letter}")
    )


def _reported(versions: tuple[str, ...], root: LoopRule, *changes: tuple[Change, ...]) -> LoopRule:
    """The table of a claim as the table of what became of it."""
    return varied(
        root,
        retold("ST", "header", f"3R:{','.join(versions)}"),
        retold("ST", "beginning", "6R:RP"),
        removed("2000A", "pay_to_address", "pay_to_plan"),
        # N: who pays first, second … and of what kind they are is told with the payers.
        retold("2000B", "subscriber_information", f"1R:{part.RESPONSIBILITIES},N 9:{part.FILING}"),
        replaced("2000B", "payer_name", _RECEIVER),
        retold("2010CA", "name", "8:II,MI 9"),
        retold("2300", "claim", "7:A,B,C,P 8:N,W,Y 9:I,Y"),
        _unconditional("2300", "payer_claim_control_number"),
        altered("2300", "other_subscribers", usage=R),
        retold("2320", "subscriber_information", "6:1,6"),
        _unconditional("2320", "coverage", "payer_paid_amount"),
        followed("2320", "other_payer_name", _OTHER_PATIENT),
        # The day is told for the claim as a whole, for its lines, or for both.
        _unconditional("2330B", "check_date"),
        followed("2330B", "payer_claim_control_number", *_OTHER_PAYER_REFERENCES),
        *changes,
    )


def _guide(kind: str, title: str, versions: tuple[str, ...], root: LoopRule) -> Guide:
    return Guide(
        key=f"837{kind}-post-adjudicated",
        title=title,
        identifier="837",
        functional_id="HC",
        version=versions[0],
        versions=versions,
        root=root,
    )


_P, _I, _D = (("005010X298A1", "005010X298"), ("005010X299A1", "005010X299"), ("005010X300A1", "005010X300"))

PROFESSIONAL = _guide(
    "P", "Professional claim, post-adjudicated", _P,
    _reported(
        _P, claim_837p.GUIDE.root,
        _sites("2310C", "2420C"),
        retold("2300", "claim", "6:N,Y"),
        _after_patient(
            "referring_providers", "rendering_provider", "service_facility", "supervising_provider", "billing_provider"
        ),
    ),
)  # fmt: skip

INSTITUTIONAL = _guide(
    "I", "Institutional claim, post-adjudicated", _I,
    _reported(
        _I, claim_837i.GUIDE.root,
        _sites("2310E"),
        _after_patient(
            "attending_provider", "operating_physician", "other_operating_physician", "service_facility",
            "rendering_provider", "referring_provider", "billing_provider",
        ),
    ),
)  # fmt: skip

DENTAL = _guide(
    "D", "Dental claim, post-adjudicated", _D,
    _reported(
        _D, claim_837d.GUIDE.root,
        _sites("2310C", "2420D"),
        retold("2300", "claim", "6:N,Y"),
        _after_patient(
            "referring_providers", "rendering_provider", "supervising_provider", "billing_provider",
            "service_facility", "assistant_surgeon",
        ),
    ),
)  # fmt: skip

GUIDES = (PROFESSIONAL, INSTITUTIONAL, DENTAL)

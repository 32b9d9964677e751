"""What the claim status request (276) and its answer (277) share: the parties, and how a claim and a line are named."""

from superbill.x12.guides.claim_parts import reference
from superbill.x12.rules import MANY, LoopRule, Part, R, S, SegmentRule, loop, seg

VERSION = "005010X212"
PROCEDURES = "AD,ER,HC,HP,IV,N4,NU,WK"


def opening(identifier: str, purpose: str, kind: str = "") -> tuple[SegmentRule, SegmentRule]:
    """ST and BHT. `kind`: what the guide says of BHT06."""
    return (
        seg("ST", "header", R, f"1R:{identifier} 2R 3R:{VERSION}"),
        seg("BHT", "beginning", R, f"1R:0010 2R:{purpose} 3R<30 4R 5R{kind}"),
    )


def payer_name(*more: Part) -> LoopRule:
    """Loop 2100A."""
    return loop("2100A", "payer_name", R, 1, seg("NM1", "name", R, "1R:PR 2R:2 3R 8R:PI,XV 9R"), *more)


def receiver_name() -> LoopRule:
    """Loop 2100B: who asks, known by an electronic transmitter number."""
    return loop(
        "2100B", "information_receiver_name", R, 1, seg("NM1", "name", R, "1R:41 2R:1,2 3 4 5 8R:46 9R")
    )  # fmt: skip


def provider_names() -> LoopRule:
    """Loop 2100C: the billing provider of the claims; twice where its two numbers differ."""
    return loop(
        "2100C", "provider_names", R, 2, seg("NM1", "name", R, "1R:1P 2R:1,2 3 4 5 7 8R:FI,SV,XX 9R")
    )  # fmt: skip


def subscriber_name() -> LoopRule:
    """Loop 2100D."""
    return loop(
        "2100D", "subscriber_name", R, 1, seg("NM1", "name", R, "1R:IL 2R:1,2 3R 4 5 7 8R:24,II,MI 9R")
    )  # fmt: skip


def dependent_name() -> LoopRule:
    """Loop 2100E."""
    return loop("2100E", "dependent_name", R, 1, seg("NM1", "name", R, "1R:QC 2R:1 3R 4 5 7"))


def dependent_level() -> SegmentRule:
    """HL of a dependent, the lowest level: nothing is said about children."""
    return seg("HL", "level", R, "1R 2R 3R:23")


def trace(name: str, kind: str) -> SegmentRule:
    """TRN: the number by which the asker finds the answer."""
    return seg("TRN", name, R, f"1R:{kind} 2R")


def claim_date() -> SegmentRule:
    """DTP: when the claim's services were rendered; where no line tells it, the claim must."""
    return seg("DTP", "service_date", S, "1R:472 2R:D8,RD8 3R", when="no_line_tells_date")


def service(amounts: str, units: str) -> SegmentRule:
    """SVC: procedure, charge, and what else the guide tells of a line."""
    return seg("SVC", "service", R, f"1.1R:{PROCEDURES} 1.2R 1.3 1.4 1.5 1.6 {amounts} 4 {units}")


def line(id: str, opener: SegmentRule, *more: SegmentRule) -> LoopRule:
    """Loop 2210 or 2220: one service line of the claim."""
    return loop(
        id, "lines", S, MANY,
        opener,
        *more,
        reference("line_item_control_number", "FJ"),
        seg("DTP", "service_date", R, "1R:472 2R:D8,RD8 3R"),
    )  # fmt: skip

"""276, the question what has become of a claim (005010X212)."""

from superbill.x12.guides.claim_parts import amount, closing, level, reference
from superbill.x12.guides.status_parts import (
    VERSION,
    claim_date,
    dependent_level,
    dependent_name,
    line,
    opening,
    payer_name,
    provider_names,
    receiver_name,
    service,
    subscriber_name,
    trace,
)
from superbill.x12.rules import MANY, Guide, LoopRule, R, S, SegmentRule, loop, seg


def _demographics(usage: str, when: str = "") -> SegmentRule:
    """DMG of the patient."""
    return seg("DMG", "demographics", usage, "1R:D8 2R 3:F,M", when=when)


def _claim(letter: str, usage: str, when: str = "") -> LoopRule:
    """Loop 2200: a claim that is asked about."""
    return loop(
        f"2200{letter}", "claims", usage, MANY,
        trace("trace_number", "1"),
        reference("payer_claim_control_number", "1K"),
        reference("institutional_bill_type", "BLT"),
        reference("application_system", "LU"),
        reference("group_number", "6P"),
        reference("patient_control_number", "EJ"),
        reference("prescription_number", "XZ"),
        reference("clearinghouse_trace_number", "D9"),
        amount("charge", "T3"),
        claim_date(),
        line(f"2210{letter}", service("2R", "7")),
        when=when,
    )  # fmt: skip


DEPENDENT = loop(
    "2000E", "dependents", S, MANY,
    dependent_level(),
    _demographics(R),
    dependent_name(),
    _claim("E", R),
)  # fmt: skip

SUBSCRIBER = loop(
    "2000D", "subscribers", R, MANY,
    level("22", "0,1"),
    _demographics(S, "!request_is_about_subscriber"),
    subscriber_name(),
    _claim("D", S, "!request_is_about_subscriber"),
    DEPENDENT,
    unit=True,
)  # fmt: skip

PROVIDER = loop("2000C", "providers", R, MANY, level("19", "1"), provider_names(), SUBSCRIBER)

RECEIVER = loop("2000B", "information_receivers", R, MANY, level("21", "1"), receiver_name(), PROVIDER)

GUIDE = Guide(
    key="276", title="Claim status request",
    identifier="276", functional_id="HR", version=VERSION, versions=(VERSION,),
    root=loop(
        "ST", "transaction", R, 1,
        *opening("276", "13"),
        loop("2000A", "information_sources", R, MANY, level("20", "1", parent=""), payer_name(), RECEIVER),
        closing(),
    ),
)  # fmt: skip

"""834 of a health insurance exchange (005010X307): individuals and small employers enroll in qualified health plans.

Read only: the structure is that of the published examples and of the successor's (008020X346) list of loops; where
these leave the usage of an element open, it is situational here.
"""

from superbill.x12.guides import enrollment_834 as plain
from superbill.x12.guides.claim_parts import address, closing, reference
from superbill.x12.rules import MANY, Guide, LoopRule, Part, R, S, SegmentRule, loop, seg

MEMBER_IDS = f"0F,18,1L,60,AZ,POL,TV,WH,38,{plain.MEMBER_IDS}"
GROUP_CONTACTS = "AJ,AL,BI,1I,IC"


def _trading_partner(id: str, name: str, qualifier: str) -> LoopRule:
    return plain.party(id, name, qualifier, "46,94,FI,XV")


def _contacts() -> SegmentRule:
    return seg("PER", "contacts", S, f"1R:{GROUP_CONTACTS} 2 3R 4R 5 6 7 8", MANY)


def _employer_groups() -> LoopRule:
    """Loop 1000E: an employer that joins the exchange, how it is billed, its other locations."""
    return loop(
        "1000E", "employer_groups", S, MANY,
        seg("N1", "name", R, "1R:62 2 3 4"),
        *address(S),
        _contacts(),
        _accounts(),
    )  # fmt: skip


def _accounts() -> LoopRule:
    """Loops 1100EA (ACT01 is 1, the employer as a whole) and 1100EB (2, a further location) as one."""
    return loop(
        "1100E", "accounts", R, 10,
        seg("ACT", "account", R, "1R:1,2"),
        seg("REF", "ids", S, "1R 2R", MANY),
        *address(S),
        _contacts(),
        seg("DTP", "dates", S, "1R 2R 3R", MANY),
        seg("AMT", "contributions", S, "1R 2R", MANY),
    )  # fmt: skip


def _heading() -> tuple[Part, ...]:
    return (
        *plain.opening("005010X307"),
        _trading_partner("1000A", "submitter", "41"),
        _trading_partner("1000B", "receiver", "40"),
        _trading_partner("1000C", "issuer", "IN"),
        plain.party("1000D", "sponsor", "P5", "24,94,FI", usage=S),
        _employer_groups(),
    )


def _enrollment_amounts() -> SegmentRule:
    """HI: premium, tax credit and cost sharing, each with the day from which it holds."""
    each = "{at}.1R:ZZ {at}.2R {at}.3 {at}.4 {at}.5 {at}.7"
    places = " ".join(f"{at} {each.format(at=at)}" for at in range(2, 13))
    return seg("HI", "enrollment_amounts", S, f"1R {each.format(at=1)} {places}", MANY)


def _payer_of_premium(id: str, name: str, qualifier: str, kinds: str) -> LoopRule:
    return loop(
        id, name, S, 1,
        seg("NM1", "name", R, f"1R:{qualifier} 2R:{kinds} 3 4 5 6 7 8:24,34,FI,ZZ 9"),
        plain.numbers("IC"),
        *address(S),
    )  # fmt: skip


def _reporting_party() -> LoopRule:
    """Loops 2700A to C as one, since they open alike: agents, navigators, reporting categories."""
    return loop(
        "2710", "categories", S, MANY,
        seg("LX", "number", R, "1R"),
        loop(
            "2750", "category", R, 1,
            seg("N1", "name", R, "1R:75,AG,BO,NV 2 3 4"),
            seg("REF", "ids", S, "1R 2R 3", MANY),
            plain.many_days("date", "007", 1, formats="D8,RD8"),
        ),
    )  # fmt: skip


MEMBER = loop(
    "2000", "members", R, MANY,
    plain.member_detail(),
    reference("ids", MEMBER_IDS, R, MANY),
    plain.many_days("dates", plain.MEMBER_DATES, 24),
    plain.member_person(_enrollment_amounts()),
    plain.incorrect_person(),
    plain.mailing_address(),
    plain.employers(),
    plain.custodial_parent("2100E"),
    plain.responsible_persons("2100F"),
    plain.drop_off_location("2100G"),
    _payer_of_premium("2100H", "sponsor", "P5", "1,2"),
    _payer_of_premium("2100I", "tax_credit_contributor", "2J", "1"),
    plain.disabilities(4),
    plain.coverages(providers=10, entities=1),
    plain.reporting(_reporting_party()),
    unit=True,
)  # fmt: skip

GUIDE = Guide(
    key="834-exchange",
    title="Health insurance exchange: enrollment",
    identifier="834",
    functional_id="BE",
    version="005010X307",
    versions=("005010X307",),
    root=loop("ST", "transaction", R, 1, *_heading(), MEMBER, closing()),
    writes=False,
)

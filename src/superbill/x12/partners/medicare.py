"""Medicare fee-for-service: Part B for the professional claim, Part A for the institutional one.

Source of the facts: the Standard Companion Guides for the 837P and the 837I (Centers for Medicare & Medicaid
Services, published by every contractor in the same words), and the 837 Professional and Institutional Edits, whose
edits for version 5010 were activated on July 1, 2011. The companion guides are those of January 2018 (transaction
instructions) and June 2020 (version 6.0). Rules of a different source name it themselves.
"""

from datetime import date
from decimal import Decimal
from typing import Any

from superbill.effective import Period
from superbill.x12.partners.rules import Kind, Partner, PartnerRule

_PROFESSIONAL, _INSTITUTIONAL = ("837P",), ("837I",)
_BOTH = _PROFESSIONAL + _INSTITUTIONAL
_EDITS_OF_5010 = Period(start=date(2011, 7, 1))
_MBI_ONLY = Period(start=date(2020, 1, 1))
_GUIDES = "CMS Standard Companion Guide, Health Care Claim: Professional (837P) and Institutional (837I)"
_GUIDE_P = "CMS Standard Companion Guide, Health Care Claim: Professional (837P)"
_GUIDE_I = "CMS Standard Companion Guide, Health Care Claim: Institutional (837I)"

# Positions 2, 5, 8 and 9 are letters, 3 and 6 letters or digits; S, L, O, I, B and Z are never used.
_LETTER = "[AC-HJKMNP-RT-Y]"
_EITHER = "[0-9AC-HJKMNP-RT-Y]"
MBI = f"[1-9]{_LETTER}{_EITHER}[0-9]{_LETTER}{_EITHER}[0-9]{_LETTER}{{2}}[0-9]{{2}}"

_MOST_DOLLARS = Decimal("99999.99")  # seven digits
_DOLLARS = (("CLM", ("2300",)), ("SV1", ("2400",)), ("AMT", ("2300", "2320", "2400")), ("SVD", ("2430",)))


def _rule(
    id: str, kind: Kind, keys: tuple[str, ...], loops: tuple[str, ...], words: str, fix: str, source: str, **more: Any
) -> PartnerRule:
    """A rule of the first edits of version 5010, unless `force` says otherwise."""
    more.setdefault("force", _EDITS_OF_5010)
    return PartnerRule(id=id, kind=kind, keys=keys, loops=loops, words=words, fix=fix, source=source, **more)


_HEAD = (
    _rule(
        "purpose", "one_of", _BOTH, ("ST",),
        "Medicare takes original transactions only: BHT02 must be 00.",
        "Send BHT02 00, with a BHT03 that was not used before.",
        f"{_GUIDES}, BHT02",
        part="BHT", element=2, codes=("00",),
    ),
    _rule(
        "most-claims", "most_loops", _BOTH, ("2300",),
        "Medicare takes at most 5,000 claims in a transaction set.",
        "Split the claims over several ST/SE.",
        f"{_GUIDES}, ST/SE",
        limit=Decimal(5000),
    ),
    _rule(
        "currency", "absent", _BOTH, ("2000A",),
        "Medicare takes dollars only: a claim with CUR is rejected.",
        "Bill in US dollars and leave CUR out.",
        f"{_GUIDES}, general notes, and loop 2000A CUR",
        part="CUR",
    ),
    _rule(
        "pay-to-plan", "absent", _BOTH, ("2010AC",),
        "Medicare takes no subrogation claims: loop 2010AC is not used.",
        "Leave the pay-to plan (loop 2010AC) out.",
        f"{_GUIDES}, loop 2010AC",
    ),
)  # fmt: skip

_SUBSCRIBER = (
    _rule(
        "subscriber-is-patient", "one_of", _BOTH, ("2000B",),
        "A Medicare beneficiary is always the subscriber: SBR02 must be 18.",
        "Send SBR02 18 and the claims right below the subscriber.",
        f"{_GUIDES}, loop 2000B SBR02",
        part="SBR", element=2, codes=("18",),
    ),
    _rule(
        "patient-level", "absent", _BOTH, ("2000C",),
        "A Medicare beneficiary is always the subscriber: loop 2000C is not used.",
        "Move the claim below the subscriber (loop 2000B) and leave the patient level out.",
        f"{_GUIDES}, loop 2000C",
    ),
    _rule(
        "part-b", "one_of", _PROFESSIONAL, ("2000B",),
        "A professional claim to Medicare is one to Part B: SBR09 must be MB.",
        "Send SBR09 MB.",
        f"{_GUIDE_P}, loop 2000B SBR09",
        part="SBR", element=9, codes=("MB",),
    ),
    _rule(
        "part-a", "one_of", _INSTITUTIONAL, ("2000B",),
        "An institutional claim to Medicare is one to Part A: SBR09 must be MA.",
        "Send SBR09 MA.",
        f"{_GUIDE_I}, loop 2000B SBR09",
        part="SBR", element=9, codes=("MA",),
    ),
    _rule(
        "beneficiary-is-person", "one_of", _BOTH, ("2010BA",),
        "A Medicare beneficiary is a person: NM102 must be 1.",
        "Send the beneficiary with NM102 1, last and first name.",
        f"{_GUIDES}, loop 2010BA NM102",
        part="NM1", element=2, codes=("1",),
    ),
    _rule(
        "member-id", "one_of", _BOTH, ("2010BA",),
        "A Medicare beneficiary is told by his member number: NM108 must be MI.",
        "Send NM108 MI and the Medicare Beneficiary Identifier.",
        f"{_GUIDES}, loop 2010BA NM108",
        part="NM1", element=8, codes=("MI",),
    ),
    _rule(
        "mbi", "matches", _BOTH, ("2010BA",),
        "NM109 is not a Medicare Beneficiary Identifier; claims with any other number are rejected.",
        "Send the 11 characters of the card, without dashes; look it up if the patient can't show it.",
        "CMS, Understanding the Medicare Beneficiary Identifier (MBI) Format; the transition ended December 31, 2019",
        part="NM1", element=9, pattern=MBI, force=_MBI_ONLY,
    ),
)  # fmt: skip

_CLAIM = (
    _rule(
        "original-claim", "one_of", _PROFESSIONAL, ("2300",),
        "Medicare Part B takes original claims only: CLM05-3 must be 1.",
        "Correct a claim by reopening or appeal, or bill one that was rejected again as new.",
        f"{_GUIDE_P}, loop 2300 CLM05-3",
        part="CLM", element=5, component=3, codes=("1",),
    ),
    _rule(
        "paperwork", "most_parts", _BOTH, ("2300", "2400"),
        "Medicare considers the first PWK of a claim and of a line only.",
        "Send all papers under one attachment control number.",
        f"{_GUIDES}, loops 2300 and 2400 PWK",
        part="PWK", limit=Decimal(1), warning=True,
    ),
    _rule(
        "procedure-list", "one_of", _PROFESSIONAL, ("2400",),
        "Medicare takes HCPCS procedure codes only: SV101-1 must be HC.",
        "Bill the service by its HCPCS or CPT code.",
        f"{_GUIDE_P}, loop 2400 SV101-1",
        part="SV1", element=1, component=1, codes=("HC",),
    ),
    _rule(
        "most-lines", "at_most", _INSTITUTIONAL, ("2400",),
        "Medicare Part A takes at most 449 lines in a claim.",
        "Bill further lines on another claim, or combine lines of one revenue code and day.",
        "Medicare Part A shared system (FISS): 450 revenue lines, of which the last is the total",
        part="LX", element=1, limit=Decimal(449),
    ),
)  # fmt: skip

_LIMITS: tuple[tuple[str, Kind, Decimal, str, str], ...] = (
    (
        "amount", "at_most", _MOST_DOLLARS,
        "Medicare Part B takes no amount over 99,999.99.",
        "Split the services over several claims and say so in a note (NTE): claim 1 of 2, the total of all.",
    ),
    (
        "negative", "at_least", Decimal(0),
        "Medicare takes negative amounts in adjustments (CAS) only.",
        "Send an amount of zero or more.",
    ),
)  # fmt: skip

_AMOUNTS = tuple(
    _rule(
        f"{name}-{part.lower()}", kind, _PROFESSIONAL, loops, words, fix, f"{_GUIDE_P}, general notes on amounts",
        part=part, element=2, limit=limit,
    )
    for part, loops in _DOLLARS
    for name, kind, limit, words, fix in _LIMITS
)  # fmt: skip

PARTNER = Partner(
    id="medicare",
    title="Medicare fee-for-service",
    rules=_HEAD + _SUBSCRIBER + _CLAIM + _AMOUNTS,
)

"""What would the payer pay? The predeterminations: the claims before the service, so without its dates.

005010X291 for the professional and 005010X292 for the institutional claim, both told by CLM19 08. The dental claim
has no guide of its own for it: it is the 837D with CLM19 PB.
"""

from superbill.x12.guides import claim_837i, claim_837p
from superbill.x12.guides.variation import Change, altered, retold, varied
from superbill.x12.rules import Guide, LoopRule, S


def _undated(loop: str, *dates: str) -> tuple[Change, ...]:
    """Dates of what may not have happened yet are told where they are known."""
    return tuple(change for date in dates for change in altered(loop, date, usage=S, when="", only_when=False))


def _predetermination(version: str, root: LoopRule, *changes: tuple[Change, ...]) -> LoopRule:
    return varied(
        root,
        retold("ST", "header", f"3R:{version}"),
        retold("ST", "beginning", "6R:CH"),
        retold("2300", "claim", "19R:08"),
        *changes,
    )


PROFESSIONAL = Guide(
    key="837P-predetermination",
    title="Professional predetermination",
    identifier="837",
    functional_id="HC",
    version="005010X291",
    versions=("005010X291",),
    root=_predetermination(
        "005010X291",
        claim_837p.GUIDE.root,
        _undated("2300", "admission_date"),
        _undated("2400", "service_date"),
    ),
)

INSTITUTIONAL = Guide(
    key="837I-predetermination",
    title="Institutional predetermination",
    identifier="837",
    functional_id="HC",
    version="005010X292",
    versions=("005010X292",),
    root=_predetermination(
        "005010X292",
        claim_837i.GUIDE.root,
        _undated("2300", "discharge_hour", "statement_dates", "admission_date"),
        # Nobody is admitted yet: the type of the admission may not be known.
        retold("2300", "institutional_claim", "1"),
        _undated("2400", "service_date"),
    ),
)

GUIDES = (PROFESSIONAL, INSTITUTIONAL)

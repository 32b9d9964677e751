"""The enrolments that a site file lists, as the edits take them."""

from superbill.edits.context import Enrolment
from superbill.effective import Period
from superbill.site import Site


def enrolments(site: Site, payer_key: str) -> tuple[Enrolment, ...] | None:
    """The enrolments that count for a claim to this payer; None where the site names none with it."""
    if not any(one.payer in ("", payer_key) for one in site.enrolments):
        return None
    ids = {entry.key: entry.id for entry in site.payers}
    return tuple(
        Enrolment(
            npi=site.enrolled_npi(one.provider),
            payer_id=ids.get(one.payer, ""),
            period=Period(one.start, one.end),
        )
        for one in site.enrolments
    )

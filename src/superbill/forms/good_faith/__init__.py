"""A Good Faith Estimate (45 CFR 149.610) on paper, as a tagged PDF."""

from typing import Any

from superbill.forms.statement.labels import service_label
from superbill.forms.statement.view import day
from superbill.forms.typeset import typeset
from superbill.money import dollars
from superbill.pricing.good_faith import SEPARATE_NOTICE, ExpectedProvider, GoodFaithEstimate

__all__ = ["render", "view"]


def render(estimate: GoodFaithEstimate, *, number: int) -> bytes:
    """The PDF of one estimate."""
    return typeset(__package__ or __name__, "good_faith.typ", view(estimate, number=number), estimate.issued)


def view(estimate: GoodFaithEstimate, *, number: int) -> dict[str, Any]:
    """JSON for `good_faith.typ`: every amount and date is text already."""
    return {
        "number": f"GFE {number}",
        "patient": estimate.patient_name,
        "born": day(estimate.birth_date),
        "primary": estimate.primary,
        "issued": day(estimate.issued),
        "scheduled": day(estimate.scheduled) if estimate.scheduled else "not scheduled yet",
        "providers": [_provider(one) for one in estimate.providers],
        "total": dollars(estimate.total),
        "separate": [one.description for one in estimate.separate],
        "separate_notice": SEPARATE_NOTICE,
        "notices": list(estimate.notices),
    }


def _provider(one: ExpectedProvider) -> dict[str, Any]:
    place = one.address
    return {
        "name": one.name,
        "numbers": f"NPI {one.npi} · Tax ID {one.tin}",
        "address": f"{place.line1}, {place.city}, {place.state} {place.postal_code[:5]}",
        "rows": [
            [
                "-".join((each.code, *each.modifiers)),
                each.description or service_label(each.code),
                ", ".join(each.diagnoses),
                f"{each.units:f}",
                dollars(each.charge),
            ]
            for each in one.services
        ],
        "total": dollars(one.total),
    }

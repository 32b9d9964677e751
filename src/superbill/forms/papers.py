"""The paper form of each kind of claim: CMS-1500, UB-04, ADA."""

from collections.abc import Sequence
from datetime import date

from superbill.claims.model import Claim, ClaimKind
from superbill.findings import Finding
from superbill.forms import ada, cms1500, ub04

NAMES: dict[ClaimKind, str] = {"professional": "cms1500", "institutional": "ub04", "dental": "ada"}
TITLES = {"cms1500": "CMS-1500", "ub04": "UB-04", "ada": "dental claim form"}


def form_of(claim: Claim) -> str:
    """The form that a claim prints on: cms1500, ub04 or ada."""
    return NAMES[claim.kind]


def render(form: str, claims: Sequence[Claim], *, background: bool = True, day: date | None = None) -> bytes:
    """A PDF of claims that are all of one form. `day` is that of creation or signature; `background` is the grid, which
    only the CMS-1500 can do without.

    Raises ValueError for a claim of another form, for none, and for a form that has no print without its grid.
    """
    if any(form_of(claim) != form for claim in claims):
        raise ValueError(f"not all claims are for the {TITLES[form]}")
    if form == "cms1500":
        return cms1500.render(claims, background=background)
    if not background:
        raise ValueError(f"the {TITLES[form]} prints on a page of our own only, not onto printed forms")
    return ub04.render(claims, created=day) if form == "ub04" else ada.render(claims, signed_on=day)


def findings(form: str, claims: Sequence[Claim]) -> list[Finding]:
    """What of the claims does not print in full on their form."""
    return {"cms1500": cms1500.findings, "ub04": ub04.findings, "ada": ada.findings}[form](claims)
